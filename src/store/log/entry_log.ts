/** A room's log of entries: its lines, an index beside a long log, and which entries stay in memory. */

import { DiskError } from "../../errors.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { AppendFile, Disk } from "../../ports/storage.ts";
import { attachFile, type Entry, type LineFile } from "../../room/entry.ts";
import { bytesEqual } from "../../encoding/bytes_equal.ts";
import type { CachedLogFile, LineCache } from "./line_cache.ts";
import { type AppendLog, openAppendLog } from "./append_log.ts";
import {
  computeSum,
  decodeBlocks,
  encodeBlock,
  findEnd,
  type IndexBlock,
  type IndexedLine,
  type IndexInputLine,
  type PlacedLine,
} from "./log_index.ts";
import type { RoomFolder } from "../home/paths.ts";

/**
 * Bytes of a log per index block. A shorter log has no index. At most this much, and what a crash lost, is read
 * besides the index at a start.
 */
export const INDEX_BLOCK_BYTES = 256 * 1024;
/** The minimum for the last block, if the log has an index. */
const LAST_BLOCK_BYTES = INDEX_BLOCK_BYTES / 16;

/** Limits of memory and index. Tests use lower ones. */
export interface LogLimits {
  /** See WARM_BYTES_MAX. */
  readonly warmBytesMax?: number;
  /** See INDEX_BLOCK_BYTES. */
  readonly blockBytes?: number;
}

/** The inputs for opening logs. */
export interface EntryLogParts {
  readonly disk: Disk;
  readonly crypto: Pick<Crypto, "sha256">;
  readonly lineCache: LineCache;
  readonly blockBytes?: number;
}

/** An opened log and its contents. */
export interface OpenedEntryLog {
  readonly log: EntryLog;
  /** The lines in the index, which are the first ones. */
  readonly indexed: readonly IndexedLine[];
  /** All lines after those. */
  readonly lines: readonly string[];
  /** The byte offset of each of those. */
  readonly atBytes: readonly number[];
  /** The file with the torn end and its size, if there was one. */
  readonly setAside: { readonly path: string; readonly sizeBytes: number } | null;
}

/** Lets other tasks run; returns whether to continue. */
export type LogTurn = () => Promise<boolean>;

/** The paths of the log and of its index. */
type LogPaths = Pick<RoomFolder, "log" | "index">;

/** The index blocks that still match the log. `turn` is called between blocks; null if it returns false. */
export async function readIndex(
  { disk, crypto }: EntryLogParts,
  { log, index }: LogPaths,
  turn?: LogTurn,
): Promise<readonly IndexBlock[] | null> {
  const blocks: IndexBlock[] = [];
  let buffer = new Uint8Array(INDEX_BLOCK_BYTES);
  try {
    for (const block of decodeBlocks(await disk.read(index) ?? new Uint8Array(0), crypto)) {
      if (turn !== undefined && !await turn()) return null;
      // An editor may have changed the log, or the disk may be failing.
      const sizeBytes = block.endByte - block.fromByte;
      if (buffer.length < sizeBytes) buffer = new Uint8Array(sizeBytes);
      const bytes = buffer.subarray(0, sizeBytes);
      const length = disk.readSync(log, bytes, block.fromByte);
      if (length < bytes.length || !bytesEqual(computeSum(bytes, crypto), block.logSum)) break;
      blocks.push(block);
    }
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
  return blocks;
}

/**
 * Opens or creates the log; reads its lines from the end of these blocks. Without blocks the index starts anew.
 * @throws {DiskError}.
 */
export async function openEntryLog(
  parts: EntryLogParts,
  paths: LogPaths,
  blocks: readonly IndexBlock[] = [],
): Promise<OpenedEntryLog> {
  const file = parts.lineCache.openFile(paths.log);
  for (const block of blocks) file.addPart(block);
  const last = blocks.at(-1);
  const opened = await openAppendLog(parts.disk, paths.log, last?.endByte ?? 0);
  const index = new IndexWriter({ ...parts, file, path: paths.index }, last);
  const log = new EntryLog({ log: opened.log, file, lineCache: parts.lineCache, index });
  return { ...opened, log, indexed: blocks.flatMap(({ lines }) => lines) };
}

/** The parts of a log. */
interface EntryLogFiles {
  readonly log: AppendLog;
  readonly file: CachedLogFile;
  readonly lineCache: LineCache;
  readonly index: IndexWriter;
}

/** A room's log, open for appending. */
export class EntryLog {
  readonly #parts: EntryLogFiles;

  /** For `openEntryLog`. */
  constructor(parts: EntryLogFiles) {
    this.#parts = parts;
  }

  /** The file to read entries from. */
  get file(): LineFile {
    return this.#parts.file;
  }

  /**
   * Appends these lines, and resolves once they survive a power cut. @throws {DiskError}; then none of them is in the
   * file (see AppendLog).
   */
  async append(lines: readonly IndexInputLine[]): Promise<void> {
    let atByte = await this.#parts.log.append(lines.map(({ entry }) => entry.line));
    for (const { entry, isBeside } of lines) {
      this.attach(entry, atByte);
      this.#parts.index.note({ entry, isBeside, atByte });
      atByte += entry.sizeBytes + 1;
    }
    void this.#parts.index.write();
  }

  /** Records that the entry was read from that offset. */
  attach(entry: Entry, atByte: number): void {
    attachFile(entry, this.#parts.file, atByte);
    this.#parts.lineCache.keepWarm(entry);
  }

  /** Records that these valid lines follow those of the index, so that the index includes them. */
  noteLoaded(lines: readonly PlacedLine[]): void {
    for (const line of lines) this.#parts.index.note(line);
  }

  /** Writes all complete index blocks. `turn` is called between blocks; false from it stops the writing. */
  writeIndex(turn?: LogTurn): Promise<void> {
    return this.#parts.index.write(turn);
  }

  /** The log contains a problem: the next opening must read it from the beginning. */
  discardIndex(): void {
    this.#parts.index.end();
  }

  /** Writes everything pending and closes the file. May be called repeatedly. */
  async close(): Promise<void> {
    await this.#parts.log.close();
    await this.#parts.index.close();
  }
}

/** The inputs of the index writer. */
interface WriterParts extends EntryLogParts {
  /** The log. */
  readonly file: CachedLogFile;
  /** The index. */
  readonly path: string;
}

/** Appends blocks to an index. After a failure the rest has no index, which only slows down the next start. */
class IndexWriter {
  readonly #parts: WriterParts;
  readonly #blockBytes: number;
  #goodBytes: number;
  /** How far the log's lines are in the index or wait for it. */
  #notedBytes: number;
  /** The lines of complete blocks that wait to be written. */
  #full: (readonly PlacedLine[])[] = [];
  /** The lines of the incomplete block, and their bytes in the log. */
  #last: PlacedLine[] = [];
  #lastBytes = 0;
  #writing: Promise<void> | undefined;
  #isEnded = false;

  /** Continues after that block, or starts anew. */
  constructor(parts: WriterParts, before: IndexBlock | undefined) {
    this.#parts = parts;
    this.#blockBytes = parts.blockBytes ?? INDEX_BLOCK_BYTES;
    this.#notedBytes = before?.endByte ?? 0;
    this.#goodBytes = before?.endInIndex ?? 0;
  }

  note(line: PlacedLine): void {
    // An editor added empty lines, other line ends, or a byte order mark.
    if (line.atByte !== this.#notedBytes) this.end();
    if (this.#isEnded) return;
    this.#last.push(line);
    this.#lastBytes += line.entry.sizeBytes + 1;
    this.#notedBytes += line.entry.sizeBytes + 1;
    if (this.#lastBytes >= this.#blockBytes) this.#closeBlock();
  }

  write(turn?: LogTurn): Promise<void> {
    if (this.#full.length === 0) return this.#writing ?? Promise.resolve();
    return this.#writing ??= this.#write(turn).finally(() => this.#writing = undefined);
  }

  end(): void {
    this.#isEnded = true;
    this.#full = [];
    this.#last = [];
    this.#lastBytes = 0;
  }

  async close(): Promise<void> {
    const hasIndex = this.#goodBytes > 0 || this.#full.length > 0;
    if (hasIndex && this.#lastBytes >= Math.min(LAST_BLOCK_BYTES, this.#blockBytes)) this.#closeBlock();
    await this.write();
    this.end();
  }

  #closeBlock(): void {
    this.#full.push(this.#last);
    this.#last = [];
    this.#lastBytes = 0;
  }

  async #write(turn: LogTurn | undefined): Promise<void> {
    const { disk, path } = this.#parts;
    try {
      const file = await disk.openAppend(path);
      try {
        if (file.sizeBytes > this.#goodBytes) await file.truncate(this.#goodBytes);
        for (let lines = this.#full.shift(); lines !== undefined; lines = this.#full.shift()) {
          await this.#append(file, lines);
          if (turn !== undefined && !await turn()) break;
        }
      } finally {
        file.close();
      }
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.end();
    }
  }

  async #append(index: AppendFile, lines: readonly PlacedLine[]): Promise<void> {
    const { disk, crypto, file } = this.#parts;
    const part = { fromByte: lines[0]?.atByte ?? 0, endByte: findEnd(lines) };
    const bytes = new Uint8Array(part.endByte - part.fromByte);
    const length = disk.readSync(file.path, bytes, part.fromByte);
    const logSum = computeSum(bytes.subarray(0, length), crypto);
    const block = encodeBlock(lines, { logSum, crypto });
    await index.append(block);
    this.#goodBytes += block.length;
    file.addPart({ ...part, logSum });
  }
}
