/**
 * What entries that are on disk keep in memory: the last that came all that they say, the others their heads only. A line is
 * read back whenever somebody asks, in blocks, because who asks for one asks for its neighbours next.
 */

import { DiskError } from "../../errors.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Disk } from "../../ports/storage.ts";
import { type Entry, hashLine, type LineFile, releaseText } from "../../room/entry.ts";
import { bytesEqual } from "../../encoding/bytes_equal.ts";
import { computeSum, type IndexBlock } from "./log_index.ts";

/** UTF-8 bytes of the lines whose bodies are in memory, of all rooms together: the last 20,000 messages. */
export const WARM_BYTES_MAX = 8 * 1024 * 1024;
/** What is read at a time where nothing is known of the file: more than the longest line has. */
const BLOCK_BYTES = 192 * 1024;
/** Where blocks begin: so a line never ends behind the block that it begins in. */
const BLOCK_STEP_BYTES = 64 * 1024;

/** What the shelf reads with. */
export interface LineCacheParts {
  readonly disk: Pick<Disk, "readSync">;
  readonly crypto: Pick<Crypto, "sha256">;
  readonly warmBytesMax?: number;
}

/** A part of a log, and what its bytes were summed up to when they were good. */
export type SummedPart = Pick<IndexBlock, "fromByte" | "endByte" | "logSum">;

/** What was read last. */
interface Block {
  readonly file: CachedLogFile;
  readonly fromByte: number;
  readonly length: number;
  /** It is what it was when it was good. */
  readonly isKnown: boolean;
}

/** All lines of one node's logs. */
export class LineCache {
  readonly #parts: LineCacheParts;
  /** Those whose bodies are in memory, from the one at `#oldest` on, which is the next to go. */
  #warm: Entry[] = [];
  #oldest = 0;
  #warmBytes = 0;
  /** Made when it is first needed: most nodes have no long rooms. */
  #buffer = new Uint8Array(0);
  #block: Block | undefined;

  /** Reads nothing. */
  constructor(parts: LineCacheParts) {
    this.#parts = parts;
  }

  /** The log at that path, to read entries from. */
  openFile(path: string): CachedLogFile {
    return new CachedLogFile(this, path);
  }

  /** The entry is in a file, and since now its body is in memory: it may leave that when many others have come. */
  keepWarm(entry: Entry): void {
    this.#warm.push(entry);
    this.#warmBytes += entry.sizeBytes;
    const { warmBytesMax = WARM_BYTES_MAX } = this.#parts;
    while (this.#warmBytes > warmBytesMax) {
      const oldest = this.#warm[this.#oldest++];
      if (oldest === undefined) break;
      this.#warmBytes -= oldest.sizeBytes;
      releaseText(oldest);
    }
    if (this.#oldest <= this.#warm.length / 2) return;
    this.#warm = this.#warm.slice(this.#oldest);
    this.#oldest = 0;
  }

  /** For `CachedLogFile.lineAt`. @throws {DiskError}. */
  lineAt(file: CachedLogFile, atByte: number, entry: Pick<Entry, "sizeBytes" | "hash">): string {
    const wasInBlock = this.#has(file, atByte, entry.sizeBytes);
    if (!wasInBlock) this.#load(file, atByte);
    let bytes = this.#bytesAt(file, atByte, entry.sizeBytes);
    // What was read before may have been cut off since, after a write that failed.
    if (wasInBlock && !this.#isLineOf(entry, bytes)) {
      this.#load(file, atByte);
      bytes = this.#bytesAt(file, atByte, entry.sizeBytes);
    }
    if (!this.#isLineOf(entry, bytes)) {
      throw new DiskError("failed", `"${file.path}" was changed while earshot ran`);
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }

  /** Where the sum of a part was right, its lines are: each hash would take as long again as to read them. */
  #isLineOf({ hash, sizeBytes }: Pick<Entry, "hash" | "sizeBytes">, bytes: Uint8Array): boolean {
    if (this.#block?.isKnown) return bytes.length === sizeBytes;
    return hashLine(bytes, this.#parts.crypto) === hash;
  }

  #has(file: CachedLogFile, atByte: number, sizeBytes: number): boolean {
    const block = this.#block;
    return block?.file === file && atByte >= block.fromByte &&
      atByte + sizeBytes <= block.fromByte + block.length;
  }

  #bytesAt(file: CachedLogFile, atByte: number, sizeBytes: number): Uint8Array {
    const block = this.#block;
    if (block === undefined || !this.#has(file, atByte, sizeBytes)) return new Uint8Array(0);
    const start = atByte - block.fromByte;
    return this.#buffer.subarray(start, start + sizeBytes);
  }

  #load(file: CachedLogFile, atByte: number): void {
    const { disk, crypto } = this.#parts;
    this.#block = undefined;
    const part = file.findPart(atByte);
    const fromByte = part?.fromByte ?? Math.floor(atByte / BLOCK_STEP_BYTES) * BLOCK_STEP_BYTES;
    const wantedBytes = part === undefined ? BLOCK_BYTES : part.endByte - fromByte;
    if (this.#buffer.length < wantedBytes) this.#buffer = new Uint8Array(wantedBytes);
    const bytes = this.#buffer.subarray(0, wantedBytes);
    const length = disk.readSync(file.path, bytes, fromByte);
    const isKnown = part !== undefined && length === wantedBytes &&
      bytesEqual(computeSum(bytes, crypto), part.logSum);
    this.#block = { file, fromByte, length, isKnown };
  }
}

/** The file of one log, to read entries from. */
export class CachedLogFile implements LineFile {
  readonly path: string;
  readonly #lineCache: LineCache;
  /** One behind the other, from the beginning on. */
  readonly #parts: SummedPart[] = [];

  constructor(lineCache: LineCache, path: string) {
    this.#lineCache = lineCache;
    this.path = path;
  }

  /** The part behind all that were named before has that sum. */
  addPart({ fromByte, endByte, logSum }: SummedPart): void {
    // A copy: the sum may be a view of all that an index says.
    this.#parts.push({ fromByte, endByte, logSum: logSum.slice() });
  }

  /** The part with that byte in it, if its sum is known. */
  findPart(atByte: number): SummedPart | undefined {
    let low = 0;
    let high = this.#parts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const part = this.#parts[middle];
      if (part !== undefined && part.endByte <= atByte) low = middle + 1;
      else high = middle;
    }
    return this.#parts[low];
  }

  /** See LineFile. */
  lineAt(atByte: number, entry: Pick<Entry, "sizeBytes" | "hash">): string {
    return this.#lineCache.lineAt(this, atByte, entry);
  }
}
