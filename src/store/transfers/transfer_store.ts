/** Stores a room's offers on this node: their manifests and the state of each transfer. */

import { join } from "@std/path";
import * as v from "valibot";
import { parseJsonAs } from "../../encoding/parse_json_as.ts";
import type { Disk } from "../../ports/storage.ts";
import { replaceFile } from "../files/atomic_write.ts";

/** The state of a transfer on this node. */
export interface TransferRecord {
  /** It is being downloaded; it was paused by the user; it is complete. */
  readonly state: "wanted" | "paused" | "here";
  /** The complete file or folder, or the destination folder of an incomplete one. Absolute. */
  readonly place: string;
  /** Stamps of each complete file, which reveal later changes. */
  readonly stamps: readonly FileStamp[];
  /** Local paths if they differ from those in the manifest; otherwise null. */
  readonly names: readonly (readonly string[])[] | null;
  /** Distinguishes our download folder from folders that others may have created. Null in records of earlier versions. */
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
const STAMP = v.pipe(
  v.strictTuple([v.number(), v.number()]),
  v.transform(([sizeBytes, modifiedMs]): FileStamp => ({ sizeBytes, modifiedMs })),
);
const RECORD = v.object({
  version: v.literal(VERSION),
  state: v.picklist(["wanted", "paused", "here"]),
  place: v.string(),
  stamps: v.array(STAMP),
  names: v.nullable(v.array(v.pipe(v.array(v.string()), v.nonEmpty()))),
  partTag: v.optional(v.nullable(v.pipe(v.string(), v.regex(PART_TAG))), null),
});

/** The transfers of one room. */
export class TransferStore {
  readonly #disk: Disk;
  readonly #folder: string;

  /** `folder` is created on the first save. */
  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /** The keys of all records. @throws {DiskError}. */
  async listKeys(): Promise<ReadonlySet<string>> {
    const names = await this.#disk.list(this.#folder);
    return new Set(
      names.filter((name) => name.endsWith(RECORD_ENDING)).map((name) =>
        name.slice(0, -RECORD_ENDING.length)
      ),
    );
  }

  /**
   * The record of that key; null if there is none or it is unreadable, so that the content can be downloaded again.
   * @throws {DiskError}.
   */
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

  /** The bytes of the manifest. The caller verifies its hash. @throws {DiskError}. */
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
  const parsed = parseJsonAs(RECORD, text);
  if (parsed === null) return null;
  const { version: _, ...record } = parsed;
  return record;
}
