/** What a node keeps of the offers of a room: their manifests, and what became of them here. */

import { join } from "@std/path";
import type { Disk } from "../../ports/storage.ts";
import { replaceFile } from "../files/atomic_write.ts";

/** What became of an offer on this node. */
export interface TransferRecord {
  /** It is being fetched; it will be when the user says so; it is complete. */
  readonly state: "wanted" | "paused" | "here";
  /** The file or folder itself once it is here; before, the folder that it is to come into. Absolute. */
  readonly place: string;
  /** Of each file, when it was complete: by these it is noticed that somebody changed it. */
  readonly stamps: readonly FileStamp[];
  /** Where files lie that are called otherwise here than in the manifest; null where they are called as there. */
  readonly names: readonly (readonly string[])[] | null;
  /** What tells the folder of what has come from those that others may have made. Null in memos of earlier versions. */
  readonly partTag: string | null;
}

/** Size and time of a file. */
export interface FileStamp {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

const VERSION = 1;
const RECORD_ENDING = ".json";
/** It becomes part of a path. */
const PART_TAG = /^[A-Za-z0-9_-]{16}$/;

/** The shelf of one room. */
export class TransferStore {
  readonly #disk: Disk;
  readonly #folder: string;

  /** `folder`: made when there is something to keep. */
  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /** Keys of all that has a memo. @throws {DiskError}. */
  async listKeys(): Promise<ReadonlySet<string>> {
    const names = await this.#disk.list(this.#folder);
    return new Set(
      names.filter((name) => name.endsWith(RECORD_ENDING)).map((name) =>
        name.slice(0, -RECORD_ENDING.length)
      ),
    );
  }

  /** What became of the content with that key; null if nothing, or if the memo cannot be read: then it can be fetched anew. @throws {DiskError}. */
  async loadRecord(key: string): Promise<TransferRecord | null> {
    const bytes = await this.#disk.read(this.#path(key, "json"));
    return bytes === null ? null : parseRecord(new TextDecoder().decode(bytes));
  }

  /** @throws {DiskError}. */
  async saveRecord(key: string, { state, place, stamps, names, partTag }: TransferRecord): Promise<void> {
    const flat = stamps.map(({ sizeBytes, modifiedMs }) => [sizeBytes, modifiedMs]);
    const text = JSON.stringify({ version: VERSION, state, place, stamps: flat, names, partTag });
    await this.#save(key, "json", new TextEncoder().encode(`${text}\n`));
  }

  /** The manifest's bytes; its hash is for the reader to check. @throws {DiskError}. */
  loadManifest(manifest: string): Promise<Uint8Array | null> {
    return this.#disk.read(this.#path(manifest, "manifest"));
  }

  /** @throws {DiskError}. */
  async saveManifest(manifest: string, bytes: Uint8Array): Promise<void> {
    await this.#save(manifest, "manifest", bytes);
  }

  /** @throws {DiskError}. */
  async removeRecord(key: string): Promise<void> {
    await this.#disk.remove(this.#path(key, "json"));
  }

  /** @throws {DiskError}. */
  async removeManifest(manifest: string): Promise<void> {
    await this.#disk.remove(this.#path(manifest, "manifest"));
  }

  async #save(name: string, ending: string, bytes: Uint8Array): Promise<void> {
    await this.#disk.makeFolder(this.#folder);
    await replaceFile(this.#disk, { path: this.#path(name, ending), bytes });
  }

  #path(name: string, ending: string): string {
    return join(this.#folder, `${name}.${ending}`);
  }
}

function parseRecord(text: string): TransferRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof value !== "object" || value === null) return null;
  const { version, state, place, stamps, names, partTag = null }: Record<string, unknown> = { ...value };
  if (version !== VERSION || typeof place !== "string" || !isState(state)) return null;
  if (!Array.isArray(stamps) || !stamps.every(isStamp) || !isNames(names)) return null;
  if (partTag !== null && !(typeof partTag === "string" && PART_TAG.test(partTag))) return null;
  const read = stamps.map(([sizeBytes, modifiedMs]) => ({ sizeBytes, modifiedMs }));
  return { state, place, stamps: read, names, partTag };
}

function isState(value: unknown): value is TransferRecord["state"] {
  return value === "wanted" || value === "paused" || value === "here";
}

function isStamp(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "number");
}

function isNames(value: unknown): value is TransferRecord["names"] {
  const isPath = (path: unknown) =>
    Array.isArray(path) && path.length > 0 && path.every((part) => typeof part === "string");
  return value === null || Array.isArray(value) && value.every(isPath);
}
