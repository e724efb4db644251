/** A room's log of entries: its lines, the index beside them once they are many, and what of them stays in memory. */

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

/** Bytes of a log for which the index gets a block. So a shorter log has none, and no more than this, and what a crash took, is read beside the index at a start. */
export const INDEX_BLOCK_BYTES = 256 * 1024;
/** The same at the end, where the log has an index. */
const LAST_BLOCK_BYTES = INDEX_BLOCK_BYTES / 16;

/** How much of logs is in memory, and in their indexes. Tests have less of both. */
export interface LogLimits {
  /** See WARM_BYTES_MAX. */
  readonly warmBytesMax?: number;
  /** See INDEX_BLOCK_BYTES. */
  readonly blockBytes?: number;
}

/** What logs are opened with. */
export interface EntryLogParts {
  readonly disk: Disk;
  readonly crypto: Pick<Crypto, "sha256">;
  readonly lineCache: LineCache;
  readonly blockBytes?: number;
}

/** A log that was opened, and what stood in it. */
export interface OpenedEntryLog {
  readonly log: EntryLog;
  /** The lines that the index knows: the first ones. */
  readonly indexed: readonly IndexedLine[];
  /** All lines behind those. */
  readonly lines: readonly string[];
  /** At which byte each of those begins. */
  readonly atBytes: readonly number[];
  /** How many of their bytes were torn, and where they are kept. */
  readonly setAside: { readonly path: string; readonly sizeBytes: number } | null;
}

/** Lets everything else have its turn; whether to go on. */
export type LogTurn = () => Promise<boolean>;

/** The log of a room, and the index beside it. */
type LogPaths = Pick<RoomFolder, "log" | "index">;

/** What the index says, as far as the log is still so. With `turn` it is called between pieces; null if that says that it is over. */
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
      // An editor may have been there, or a failing disk.
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

/** Opens the log in that folder, or makes it; its lines are read from where these blocks end. Without any its index begins anew. @throws {DiskError}. */
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

/** What a log consists of. */
interface EntryLogFiles {
  readonly log: AppendLog;
  readonly file: CachedLogFile;
  readonly lineCache: LineCache;
  readonly index: IndexWriter;
}

/** The log of one room, open for more. */
export class EntryLog {
  readonly #parts: EntryLogFiles;

  /** For `openEntryLog`. */
  constructor(parts: EntryLogFiles) {
    this.#parts = parts;
  }

  /** The file, to read entries from. */
  get file(): LineFile {
    return this.#parts.file;
  }

  /** Adds these, and resolves once they survive a power cut. @throws {DiskError}; then none of them is there (see AppendLog). */
  async append(lines: readonly IndexInputLine[]): Promise<void> {
    let atByte = await this.#parts.log.append(lines.map(({ entry }) => entry.line));
    for (const { entry, isBeside } of lines) {
      this.attach(entry, atByte);
      this.#parts.index.note({ entry, isBeside, atByte });
      atByte += entry.sizeBytes + 1;
    }
    void this.#parts.index.write();
  }

  /** The entry was read from there. */
  attach(entry: Entry, atByte: number): void {
    attachFile(entry, this.#parts.file, atByte);
    this.#parts.lineCache.keepWarm(entry);
  }

  /** All lines behind those of the index are these, and good: the index shall have them. */
  noteLoaded(lines: readonly PlacedLine[]): void {
    for (const line of lines) this.#parts.index.note(line);
  }

  /** Brings the index up to date, as far as whole blocks go. With `turn` it is called between blocks, and false from it ends the writing. */
  writeIndex(turn?: LogTurn): Promise<void> {
    return this.#parts.index.write(turn);
  }

  /** Something is wrong in the log: who opens it next shall read it from the beginning. */
  discardIndex(): void {
    this.#parts.index.end();
  }

  /** Writes what waits and closes the file. Again is harmless. */
  async close(): Promise<void> {
    await this.#parts.log.close();
    await this.#parts.index.close();
  }
}

/** What an index is written with. */
interface WriterParts extends EntryLogParts {
  /** The log. */
  readonly file: CachedLogFile;
  /** The index. */
  readonly path: string;
}

/** Adds blocks to an index. Whatever fails, there is no index for what follows, which costs the next start time and nobody anything else. */
class IndexWriter {
  readonly #parts: WriterParts;
  readonly #blockBytes: number;
  #goodBytes: number;
  /** Up to where the log's lines are in the index or wait to be. */
  #notedBytes: number;
  /** Those of the next blocks. */
  #full: (readonly PlacedLine[])[] = [];
  /** Those of the block behind them, and how many bytes of the log they are. */
  #last: PlacedLine[] = [];
  #lastBytes = 0;
  #writing: Promise<void> | undefined;
  #isEnded = false;

  /** Goes on behind that block, or begins anew. */
  constructor(parts: WriterParts, before: IndexBlock | undefined) {
    this.#parts = parts;
    this.#blockBytes = parts.blockBytes ?? INDEX_BLOCK_BYTES;
    this.#notedBytes = before?.endByte ?? 0;
    this.#goodBytes = before?.endInIndex ?? 0;
  }

  note(line: PlacedLine): void {
    // An editor has been here: empty lines, other line ends, a mark at the beginning.
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
