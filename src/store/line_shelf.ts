/**
 * What entries that are on disk keep in memory: the last that came all that they say, the others their heads only. A line is
 * read back whenever somebody asks, in blocks, because who asks for one asks for its neighbours next.
 */

import { DiskError } from "../errors.ts";
import type { Crypto, Disk } from "../ports.ts";
import { type Entry, entryHash, type LineFile, release } from "../room/entry.ts";

/** UTF-8 bytes of the lines whose bodies are in memory, of all rooms together: the last 20,000 messages. */
export const WARM_BYTES_MAX = 8 * 1024 * 1024;
/** What is read at a time: more than the longest line has. */
const BLOCK_BYTES = 192 * 1024;
/** Where blocks begin: so a line never ends behind the block that it begins in. */
const BLOCK_STEP_BYTES = 64 * 1024;

/** What the shelf reads with. */
export interface LineShelfParts {
  readonly disk: Pick<Disk, "readNow">;
  readonly crypto: Pick<Crypto, "sha256">;
  readonly warmBytesMax?: number;
}

/** All lines of one node's logs. */
export class LineShelf {
  readonly #parts: LineShelfParts;
  /** Those whose bodies are in memory, from the one at `#oldest` on, which is the next to go. */
  #warm: Entry[] = [];
  #oldest = 0;
  #warmBytes = 0;
  /** Made when it is first needed: most nodes have no long rooms. */
  #buffer: Uint8Array | undefined;
  #block: { readonly path: string; readonly fromByte: number; readonly length: number } | undefined;

  /** Reads nothing. */
  constructor(parts: LineShelfParts) {
    this.#parts = parts;
  }

  /** The log at that path, to read entries from. */
  file(path: string): LineFile {
    return { lineAt: (atByte, entry) => this.#lineAt(path, atByte, entry) };
  }

  /** The entry is in a file, and since now its body is in memory: it may leave that when many others have come. */
  warm(entry: Entry): void {
    this.#warm.push(entry);
    this.#warmBytes += entry.sizeBytes;
    const { warmBytesMax = WARM_BYTES_MAX } = this.#parts;
    while (this.#warmBytes > warmBytesMax) {
      const oldest = this.#warm[this.#oldest++];
      if (oldest === undefined) break;
      this.#warmBytes -= oldest.sizeBytes;
      release(oldest);
    }
    if (this.#oldest <= this.#warm.length / 2) return;
    this.#warm = this.#warm.slice(this.#oldest);
    this.#oldest = 0;
  }

  #lineAt(path: string, atByte: number, entry: Pick<Entry, "sizeBytes" | "hash">): string {
    const isInBlock = this.#has(path, atByte, entry.sizeBytes);
    if (!isInBlock) this.#load(path, atByte);
    let bytes = this.#bytesAt(path, atByte, entry.sizeBytes);
    // What was read before may have been cut off since, after a write that failed.
    if (isInBlock && !this.#isLineOf(entry, bytes)) {
      this.#load(path, atByte);
      bytes = this.#bytesAt(path, atByte, entry.sizeBytes);
    }
    if (!this.#isLineOf(entry, bytes)) {
      throw new DiskError("failed", `"${path}" was changed while earshot ran`);
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }

  #isLineOf({ hash }: Pick<Entry, "hash">, bytes: Uint8Array): boolean {
    return entryHash(bytes, this.#parts.crypto) === hash;
  }

  #has(path: string, atByte: number, sizeBytes: number): boolean {
    const block = this.#block;
    return block?.path === path && atByte >= block.fromByte &&
      atByte + sizeBytes <= block.fromByte + block.length;
  }

  #bytesAt(path: string, atByte: number, sizeBytes: number): Uint8Array {
    const block = this.#block;
    if (this.#buffer === undefined || block === undefined || !this.#has(path, atByte, sizeBytes)) {
      return new Uint8Array(0);
    }
    const start = atByte - block.fromByte;
    return this.#buffer.subarray(start, start + sizeBytes);
  }

  #load(path: string, atByte: number): void {
    this.#block = undefined;
    const buffer = this.#buffer ??= new Uint8Array(BLOCK_BYTES);
    const fromByte = Math.floor(atByte / BLOCK_STEP_BYTES) * BLOCK_STEP_BYTES;
    this.#block = { path, fromByte, length: this.#parts.disk.readNow(path, buffer, fromByte) };
  }
}
