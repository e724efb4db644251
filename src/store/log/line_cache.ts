/**
 * Controls how much of the entries on disk stays in memory: the most recent ones completely, the others as heads
 * only. Lines are read back on demand in blocks, because neighbouring lines are usually needed next.
 */

import { DiskError } from "../../errors.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Disk } from "../../ports/storage.ts";
import { type Entry, hashLine, type LineFile, releaseText } from "../../room/entry.ts";
import { bytesEqual } from "../../encoding/bytes_equal.ts";
import { computeSum, type IndexBlock } from "./log_index.ts";

/** UTF-8 bytes of lines with bodies in memory, over all rooms: about the last 20,000 messages. */
export const WARM_BYTES_MAX = 8 * 1024 * 1024;
/** Bytes read at once where the file has no index: more than the longest line. */
const BLOCK_BYTES = 192 * 1024;
/** Blocks that are kept: who reads a conversation in its own order jumps between the places where its authors' lines are. */
const BLOCKS_MAX = 8;
/** Where blocks begin: so a line never ends behind the block that it begins in. */
const BLOCK_STEP_BYTES = 64 * 1024;

/** The inputs of the cache. */
export interface LineCacheParts {
  readonly disk: Pick<Disk, "readSync">;
  readonly crypto: Pick<Crypto, "sha256">;
  readonly warmBytesMax?: number;
}

/** A part of a log, and the hash of its bytes when they were valid. */
export type SummedPart = Pick<IndexBlock, "fromByte" | "endByte" | "logSum">;

/** A part of a log that was read. */
interface Block {
  readonly file: CachedLogFile;
  readonly fromByte: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** It is what it was when it was good. */
  readonly isKnown: boolean;
}

/** The lines of all logs of one node. */
export class LineCache {
  readonly #parts: LineCacheParts;
  /** Entries with bodies in memory, starting at `#oldest`, which is released next. */
  #warm: Entry[] = [];
  #oldest = 0;
  #warmBytes = 0;
  /** The one that was used last stands first. */
  #blocks: Block[] = [];

  constructor(parts: LineCacheParts) {
    this.#parts = parts;
  }

  /** The log at that path, to read entries from. */
  openFile(path: string): CachedLogFile {
    return new CachedLogFile(this, path);
  }

  /** Records an entry on disk whose body is now in memory. It is released after enough later ones. */
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
    const kept = this.#kept(file, atByte, entry.sizeBytes);
    let block = kept ?? this.#load(file, atByte);
    // What was read before may have been cut off since, after a write that failed.
    if (kept !== undefined && !this.#isLineOf(entry, kept, atByte)) block = this.#load(file, atByte);
    if (!this.#isLineOf(entry, block, atByte)) {
      throw new DiskError("failed", `"${file.path}" was changed while earshot ran`);
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesAt(block, atByte, entry.sizeBytes));
  }

  /** Where the sum of a part was right, its lines are: each hash would take as long again as to read them. */
  #isLineOf({ hash, sizeBytes }: Pick<Entry, "hash" | "sizeBytes">, block: Block, atByte: number): boolean {
    const bytes = bytesAt(block, atByte, sizeBytes);
    if (block.isKnown) return bytes.length === sizeBytes;
    return hashLine(bytes, this.#parts.crypto) === hash;
  }

  #kept(file: CachedLogFile, atByte: number, sizeBytes: number): Block | undefined {
    const index = this.#blocks.findIndex((block) =>
      block.file === file && atByte >= block.fromByte &&
      atByte + sizeBytes <= block.fromByte + block.bytes.length
    );
    const block = this.#blocks[index];
    if (block === undefined || index === 0) return block;
    this.#blocks.splice(index, 1);
    this.#blocks.unshift(block);
    return block;
  }

  #load(file: CachedLogFile, atByte: number): Block {
    const { disk, crypto } = this.#parts;
    const part = file.findPart(atByte);
    const fromByte = part?.fromByte ?? Math.floor(atByte / BLOCK_STEP_BYTES) * BLOCK_STEP_BYTES;
    const wantedBytes = part === undefined ? BLOCK_BYTES : part.endByte - fromByte;
    this.#blocks = this.#blocks.filter((block) => block.file !== file || block.fromByte !== fromByte);
    const last = this.#blocks.length >= BLOCKS_MAX ? this.#blocks.pop() : undefined;
    const buffer = new Uint8Array(
      last !== undefined && last.bytes.buffer.byteLength >= wantedBytes
        ? last.bytes.buffer
        : new ArrayBuffer(wantedBytes),
      0,
      wantedBytes,
    );
    const length = disk.readSync(file.path, buffer, fromByte);
    const bytes = buffer.subarray(0, length);
    const isKnown = part !== undefined && length === wantedBytes &&
      bytesEqual(computeSum(bytes, crypto), part.logSum);
    const block = { file, fromByte, bytes, isKnown };
    this.#blocks.unshift(block);
    return block;
  }
}

/** Empty if the block does not hold them all. */
function bytesAt({ fromByte, bytes }: Block, atByte: number, sizeBytes: number): Uint8Array {
  const start = atByte - fromByte;
  return start < 0 || start + sizeBytes > bytes.length
    ? new Uint8Array(0)
    : bytes.subarray(start, start + sizeBytes);
}

/** The file of one log, to read entries from. */
export class CachedLogFile implements LineFile {
  readonly path: string;
  readonly #lineCache: LineCache;
  /** In order, without gaps, from the start of the file. */
  readonly #parts: SummedPart[] = [];

  constructor(lineCache: LineCache, path: string) {
    this.#lineCache = lineCache;
    this.path = path;
  }

  /** Adds the part that follows all earlier ones. */
  addPart({ fromByte, endByte, logSum }: SummedPart): void {
    // A copy, because the hash may be a view of the whole index.
    this.#parts.push({ fromByte, endByte, logSum: logSum.slice() });
  }

  /** The part that contains that byte, if its hash is known. */
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
