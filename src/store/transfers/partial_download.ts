/**
 * A content that is coming: a folder beside the place where it will be, with the files under their final names, and a
 * journal of the pieces that are in them. A power cut may keep the journal and lose the data, so what it claims is checked
 * again before it counts.
 */

import { basename, join } from "@std/path";
import { Bitfield } from "../../transfer/bitfield.ts";
import { computePieceBytes, type Manifest } from "../../transfer/manifest.ts";
import type { Chance, Crypto } from "../../ports/crypto.ts";
import type { Disk, Files, WriteFile } from "../../ports/storage.ts";
import { DiskError } from "../../errors.ts";
import { addNumber, toSafeFileName, toSafePaths } from "../../text/file_name.ts";
import { encodeBase64Url } from "../../encoding/base64url.ts";
import { bytesEqual } from "../../encoding/bytes_equal.ts";
import { type ContentFile, ContentReader, ContentWriter } from "./content_files.ts";
import { SerialQueue } from "../files/serial_queue.ts";
import type { FileStamp } from "./transfer_store.ts";
import { replaceFile } from "../files/atomic_write.ts";

/** Bytes written by one call. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Numbers tried for a taken name. */
const NAMES_MAX = 10_000;
/** Random bytes of a tag: others cannot create a folder with a name that they cannot guess. */
const PART_TAG_BYTES = 12;
const PART_TAG_CHARS = 16;
/** The name of a folder until it is complete. */
const FOLDER = "folder";
/** The intended destination, saved because a crash may come between the move and the record of it. */
const DESTINATION = "landing";

/** The inputs of a download. */
export interface PartialDownloadOptions {
  readonly disk: Disk;
  readonly files: Files;
  readonly crypto: Crypto;
  readonly manifest: Manifest;
  /**
   * Distinguishes it from everything else that may arrive in the same folder, in base64url. Others must not be able
   * to guess it.
   */
  readonly partTag: string;
  /** The destination folder. */
  readonly target: string;
  /** The author's name for the content. */
  readonly name: string;
  readonly isFolder: boolean;
  /** Reports how many of the pieces in the journal were verified. */
  onChecked(count: number): void;
  readonly signal: AbortSignal;
}

/** The location of a complete content. */
export interface CompletedDownload {
  readonly path: string;
  readonly names: readonly (readonly string[])[];
  readonly stamps: readonly FileStamp[];
}

/** A piece that waits for the disk. */
interface Waiting {
  readonly piece: number;
  readonly bytes: Uint8Array;
  readonly done: PromiseWithResolvers<void>;
}

/** The numbers of the received pieces, one per line. */
class Journal {
  readonly #file: WriteFile;
  #atByte: number;

  private constructor(file: WriteFile, atByte: number) {
    this.#file = file;
    this.#atByte = atByte;
  }

  static async open(files: Files, folder: string): Promise<Journal> {
    const path = join(folder, "have");
    const file = await files.openWrite(path, { within: folder });
    return new Journal(file, (await files.stat(path, { follow: false }))?.sizeBytes ?? 0);
  }

  /** @throws {DiskError}. */
  async add(pieces: readonly number[]): Promise<void> {
    const bytes = new TextEncoder().encode(pieces.map((piece) => `${piece}\n`).join(""));
    await this.#file.write(bytes, this.#atByte);
    this.#atByte += bytes.length;
  }

  close(): void {
    this.#file.close();
  }
}

/** A content that is being downloaded. */
export class PartialDownload {
  /** Pieces on disk that were verified. */
  readonly have: Bitfield;
  readonly #options: PartialDownloadOptions;
  readonly #journal: Journal;
  readonly #writer: ContentWriter;
  readonly #reader: ContentReader;
  /** Where it was moved before the last stop. */
  readonly #movedTo: string | null;
  readonly #turn = new SerialQueue();
  readonly #waiting: Waiting[] = [];
  #buffer: Uint8Array | undefined;

  private constructor(options: PartialDownloadOptions, parts: {
    readonly have: Bitfield;
    readonly journal: Journal;
    readonly writer: ContentWriter;
    readonly reader: ContentReader;
    readonly landedAt: string | null;
  }) {
    this.#options = options;
    this.have = parts.have;
    this.#journal = parts.journal;
    this.#writer = parts.writer;
    this.#reader = parts.reader;
    this.#movedTo = parts.landedAt;
  }

  /** Continues an earlier download, or starts one. @throws {DiskError}; rejects with the signal's reason when aborted. */
  static async open(options: PartialDownloadOptions): Promise<PartialDownload> {
    const { disk, files } = options;
    const folder = formatPartFolder(options);
    await disk.makeFolder(options.target);
    await files.makePrivateFolder(folder);
    const landedAt = await findEarlierMove(options);
    const content = listContent(options, landedAt);
    const reader = new ContentReader(files, content);
    try {
      const have = await verifyClaims(options, reader, landedAt !== null);
      if (landedAt !== null && !have.isFull) {
        // A different or incomplete file: it is not ours.
        await reader.close();
        await disk.remove(join(folder, DESTINATION));
        return await PartialDownload.open(options);
      }
      const journal = await Journal.open(files, folder);
      const writer = new ContentWriter(options, content, landedAt === null ? folder : null);
      return new PartialDownload(options, { have, journal, reader, writer, landedAt });
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /**
   * Writes a verified piece; its bytes must not change meanwhile. Waiting pieces share few calls. @throws
   * {DiskError}.
   */
  write(piece: number, bytes: Uint8Array): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ piece, bytes, done });
    // Each waiting caller has its own promise.
    void this.#turn.run(() => this.#writeBatch());
    return done.promise;
  }

  /** Adjacent pieces first, as many as fit into the buffer, because each system call costs a wait. */
  async #writeBatch(): Promise<void> {
    const { pieceBytes } = this.#options.manifest;
    this.#waiting.sort((left, right) => left.piece - right.piece);
    const batch = this.#waiting.splice(0, Math.floor(BATCH_BYTES / pieceBytes));
    try {
      await this.#writeAll(batch);
      for (const { done } of batch) done.resolve();
    } catch (error) {
      for (const { done } of batch) done.reject(error);
    }
  }

  async #writeAll(batch: readonly Waiting[]): Promise<void> {
    const { pieceBytes } = this.#options.manifest;
    for (let from = 0; from < batch.length;) {
      let to = from + 1;
      while (to < batch.length && batch[to]?.piece === (batch[to - 1]?.piece ?? 0) + 1) to++;
      const run = batch.slice(from, to);
      const bytes = run.length === 1 ? run[0]?.bytes : this.#joinInBuffer(run.map((one) => one.bytes));
      if (bytes !== undefined) await this.#writer.write(bytes, (run[0]?.piece ?? 0) * pieceBytes);
      from = to;
    }
    await this.#journal.add(batch.map(({ piece }) => piece));
    for (const { piece } of batch) this.have.add(piece);
  }

  #joinInBuffer(parts: readonly Uint8Array[]): Uint8Array {
    this.#buffer ??= new Uint8Array(BATCH_BYTES);
    let size = 0;
    for (const part of parts) {
      this.#buffer.set(part, size);
      size += part.length;
    }
    return this.#buffer.subarray(0, size);
  }

  /** Reads a range of the received bytes. @throws {DiskError}. */
  read(into: Uint8Array, atByte: number): Promise<boolean> {
    return this.#reader.read(into, atByte);
  }

  /**
   * Moves the complete content to its destination; never overwrites anything. Call `removePartialDownload` once that
   * is recorded. @throws {DiskError}.
   */
  async moveIntoPlace(): Promise<CompletedDownload> {
    const { disk, files, target, isFolder } = this.#options;
    if (this.#movedTo === null) await this.#writer.finish();
    await this.close();
    const names = listLocalNames(this.#options);
    const path = this.#movedTo ?? await moveToTarget(this.#options);
    await disk.syncFolder(target);
    const paths = listContentPaths(path, names, isFolder);
    for (const one of paths) await files.markForeign(one);
    return { path, names, stamps: await readStamps(files, paths) };
  }

  /** Closes the files. */
  close(): Promise<void> {
    return this.#turn.run(async () => {
      await this.#writer.close();
      await this.#reader.close();
      this.#journal.close();
    });
  }
}

/** A new tag for the folder of a download. */
export function newPartTag(chance: Pick<Chance, "bytes">): string {
  return encodeBase64Url(chance.bytes(PART_TAG_BYTES));
}

/** Removes everything received of a content. @throws {DiskError}. */
export async function removePartialDownload(
  files: Files,
  place: { readonly target: string; readonly partTag: string },
): Promise<void> {
  await files.removeAll(formatPartFolder(place));
}

/** The paths of a content's files: below the path for a folder, the path itself for a file. */
export function listContentPaths(
  path: string,
  names: readonly (readonly string[])[],
  isFolder: boolean,
): readonly string[] {
  return isFolder ? names.map((parts) => join(path, ...parts)) : [path];
}

/** Size and time of each file, -1 for a missing one. @throws {DiskError}. */
export async function readStamps(files: Files, paths: readonly string[]): Promise<readonly FileStamp[]> {
  const stamps: FileStamp[] = [];
  for (const path of paths) {
    const fact = await files.stat(path, { follow: true });
    const isFile = fact?.kind === "file";
    stamps.push({ sizeBytes: isFile ? fact.sizeBytes : -1, modifiedMs: isFile ? fact.modifiedMs : -1 });
  }
  return stamps;
}

function formatPartFolder(
  { target, partTag }: { readonly target: string; readonly partTag: string },
): string {
  return join(target, `.earshot-${partTag.slice(0, PART_TAG_CHARS)}.part`);
}

function listLocalNames(
  { manifest, isFolder, name }: PartialDownloadOptions,
): readonly (readonly string[])[] {
  return isFolder ? toSafePaths(manifest.files.map(({ path }) => path)) : [[toSafeFileName(name)]];
}

/** The file or folder to move when it is complete. */
function findRoot(options: PartialDownloadOptions): string {
  const { isFolder } = options;
  return join(
    formatPartFolder(options),
    "tree",
    isFolder ? FOLDER : listLocalNames(options)[0]?.[0] ?? FOLDER,
  );
}

function listContent(options: PartialDownloadOptions, landedAt: string | null): readonly ContentFile[] {
  const { manifest, isFolder } = options;
  return listContentPaths(landedAt ?? findRoot(options), listLocalNames(options), isFolder).map((
    path,
    index,
  ) => ({
    path,
    sizeBytes: manifest.files[index]?.sizeBytes ?? 0,
  }));
}

/** Where it was moved already, judged by names and sizes. */
async function findEarlierMove(options: PartialDownloadOptions): Promise<string | null> {
  const { disk, files, target } = options;
  const note = await disk.read(join(formatPartFolder(options), DESTINATION));
  if (note === null || await files.stat(findRoot(options), { follow: false }) !== null) return null;
  const path = join(target, basename(new TextDecoder().decode(note)));
  const content = listContent(options, path);
  const stamps = await readStamps(files, content.map((file) => file.path));
  return content.every(({ sizeBytes }, index) => stamps[index]?.sizeBytes === sizeBytes) ? path : null;
}

async function verifyClaims(
  options: PartialDownloadOptions,
  reader: ContentReader,
  areAll: boolean,
): Promise<Bitfield> {
  const { disk, manifest, crypto, onChecked, signal } = options;
  const have = new Bitfield(manifest.hashes.length);
  const journal = await disk.read(join(formatPartFolder(options), "have"));
  const claims = new TextDecoder().decode(journal ?? new Uint8Array(0)).split("\n").filter((line) =>
    /^\d+$/.test(line)
  );
  const buffer = new Uint8Array(Math.min(manifest.pieceBytes, manifest.sizeBytes));
  let checkedCount = 0;
  const claimed = areAll ? Array.from({ length: have.count }, (_, piece) => piece) : claims.map(Number);
  for (const piece of [...new Set(claimed)].sort((left, right) => left - right)) {
    signal.throwIfAborted();
    const hash = manifest.hashes[piece];
    if (hash === undefined) continue;
    const atByte = piece * manifest.pieceBytes;
    const bytes = buffer.subarray(0, computePieceBytes(manifest, piece));
    if (await isReadable(reader, bytes, atByte) && bytesEqual(crypto.sha256(bytes), hash)) have.add(piece);
    onChecked(++checkedCount);
  }
  return have;
}

async function isReadable(reader: ContentReader, into: Uint8Array, atByte: number): Promise<boolean> {
  try {
    return await reader.read(into, atByte);
  } catch (error) {
    // A power cut may lose the name of a file and keep its journal.
    if (error instanceof DiskError && error.reason === "missing") return false;
    throw error;
  }
}

async function moveToTarget(options: PartialDownloadOptions): Promise<string> {
  const { disk, files, target } = options;
  const name = toSafeFileName(options.name);
  for (let number = 1; number <= NAMES_MAX; number++) {
    const path = join(target, number === 1 ? name : addNumber(name, number));
    if (await files.stat(path, { follow: false }) !== null) continue;
    const note = {
      path: join(formatPartFolder(options), DESTINATION),
      bytes: new TextEncoder().encode(basename(path)),
    };
    await replaceFile(disk, note);
    try {
      await files.moveNew(findRoot(options), path, { within: formatPartFolder(options) });
      return path;
    } catch (error) {
      if (!(error instanceof DiskError && error.reason === "exists")) throw error;
    }
  }
  throw new DiskError("exists", `Cannot keep "${name}" in "${target}": too many of that name are there`);
}
