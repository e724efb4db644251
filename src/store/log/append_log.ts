/**
 * A room's log file: lines of JSON, only ever added to. Invariants:
 *
 * - An append that resolved survives a power cut.
 * - The file is whole lines in the order of the appends; only its very end can be torn, and only by a crash.
 * - A failed append leaves nothing: the file is cut back to what was synced last before anything else is written.
 */

import { dirname, join } from "@std/path";
import { DiskError } from "../../errors.ts";
import type { AppendFile, Disk } from "../../ports/storage.ts";
import { splitLines } from "./split_lines.ts";

/** Bytes that wait for the disk. Beyond it appends are refused, so that a disk that hangs does not eat the memory. */
export const LOG_PENDING_BYTES_MAX = 16 * 1024 * 1024;

/** A log that was opened, and what stood in it. */
export interface OpenedAppendLog {
  readonly log: AppendLog;
  /** All whole lines; index + 1 is the line's number. Lines that the caller cannot read stay in the file as they are. */
  readonly lines: readonly string[];
  /** At which byte of the file each of them begins. */
  readonly atBytes: readonly number[];
  /** Where the torn end of the file went, or null if there was none. The user should hear of it. */
  readonly setAside: { readonly path: string; readonly sizeBytes: number } | null;
}

/**
 * Opens the log of that path, or makes it; its folder must be there. A torn end is moved to a file beside it. Who knows
 * the beginning names the byte where a line begins, and gets the lines from there on. @throws {DiskError}; nothing is lost then.
 */
export async function openAppendLog(disk: Disk, path: string, fromByte = 0): Promise<OpenedAppendLog> {
  const bytes = await disk.read(path, fromByte);
  const { lines, atBytes: starts, wholeBytes, torn } = splitLines(bytes ?? new Uint8Array(0));
  const atBytes = starts.map((start) => fromByte + start);
  const isUnended = isWholeObject(torn);
  const aside = torn.length === 0 || isUnended ? null : await setAside(disk, { path, torn });
  const file = await disk.openAppend(path);
  try {
    if (aside !== null) await file.truncate(fromByte + wholeBytes);
    if (isUnended) await file.append(encode("\n"));
    // Also where nothing is new to us: what a killed process left, bytes and the file's name, may not be on the disk yet.
    await file.sync();
    await disk.syncFolder(dirname(path));
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    log: new AppendLog(file),
    lines: isUnended ? [...lines, decode(torn)] : lines,
    atBytes: isUnended ? [...atBytes, fromByte + wholeBytes] : atBytes,
    setAside: aside === null ? null : { path: aside, sizeBytes: torn.length },
  };
}

/** The whole lines of a log that may be in use; nothing is changed. Null if there is no such file. @throws {DiskError}. */
export async function readLogLines(disk: Disk, path: string): Promise<readonly string[] | null> {
  const bytes = await disk.read(path);
  if (bytes === null) return null;
  const { lines, torn } = splitLines(bytes);
  return isWholeObject(torn) ? [...lines, decode(torn)] : lines;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly resolve: (atByte: number) => void;
  readonly reject: (error: unknown) => void;
}

/** The file of one room, open for more. */
export class AppendLog implements AsyncDisposable {
  readonly #file: AppendFile;
  #goodBytes: number;
  /** Whether there may be bytes behind the good ones, from a write that failed. */
  #hasBadTail = false;
  #waiting: Waiting[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | null = null;
  #isClosed = false;

  /** For `openAppendLog`: the file ends with a line end and is synced. */
  constructor(file: AppendFile) {
    this.#file = file;
    this.#goodBytes = file.sizeBytes;
  }

  /** Bytes on disk, synced. */
  get sizeBytes(): number {
    return this.#goodBytes;
  }

  /** Bytes that were appended and are not on disk yet. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * Adds lines (without line ends) and resolves, with the byte at which they begin, once they survive a power cut. While one write and sync is under way, all
   * further appends gather for the next. @throws {DiskError} if the disk fails or too much waits: then none of these lines
   * and of all that waited behind them is in the file; the log stays usable, and the caller appends them again in order.
   */
  append(lines: readonly string[]): Promise<number> {
    if (this.#isClosed) throw new Error("Cannot append to a log that is closed");
    if (lines.some((line) => /[\r\n]/.test(line))) {
      throw new Error("Cannot append a line that holds a line end");
    }
    const bytes = encode(lines.map((line) => `${line}\n`).join(""));
    if (this.#pendingBytes + bytes.length > LOG_PENDING_BYTES_MAX) {
      return Promise.reject(new DiskError("failed", "The disk is too slow: too much waits to be written"));
    }
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#waiting.push({ bytes, resolve, reject });
    this.#pendingBytes += bytes.length;
    this.#writing ??= this.#writeAll();
    return promise;
  }

  /** Writes what waits and closes the file. What fails is told to those who appended it. Again is harmless. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    this.#file.close();
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Never rejects: every failure goes to those who wait. */
  async #writeAll(): Promise<void> {
    // One turn later, so that all that is appended in this turn shares the first write too.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        let atByte = this.#goodBytes;
        await this.#write(concatenated(group));
        for (const { bytes, resolve } of group) {
          this.#pendingBytes -= bytes.length;
          resolve(atByte);
          atByte += bytes.length;
        }
      } catch (error) {
        this.#hasBadTail = true;
        await this.#repair().catch(() => {
          // Then the next write tries it again, and tells its own callers.
        });
        this.#fail([...group, ...this.#waiting], error);
      }
    }
    this.#writing = null;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#repair();
    await this.#file.append(bytes);
    await this.#file.sync();
    this.#goodBytes += bytes.length;
  }

  /** Also after a failed sync: nobody knows what of those bytes is on disk, and a second sync may claim success (fsyncgate). */
  async #repair(): Promise<void> {
    if (!this.#hasBadTail) return;
    await this.#file.truncate(this.#goodBytes);
    this.#hasBadTail = false;
  }

  /** Those that wait behind fail too: written after a gap, they would stand in the log without what they build on. */
  #fail(all: readonly Waiting[], error: unknown): void {
    this.#waiting = [];
    for (const { bytes, reject } of all) {
      this.#pendingBytes -= bytes.length;
      reject(error);
    }
  }
}

/**
 * Whether the bytes behind the last line end are a whole line all the same: an editor that ends files without a line end
 * has been here. To set that line aside could make us give its number to another entry.
 */
function isWholeObject(torn: Uint8Array): boolean {
  const text = decode(torn);
  if (!text.startsWith("{")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Kept in a file of its own, because the start of a line may be all that is left of what somebody said. */
async function setAside(
  disk: Disk,
  { path, torn }: { readonly path: string; readonly torn: Uint8Array },
): Promise<string> {
  const folder = dirname(path);
  const taken = new Set(await disk.list(folder));
  let number = 1;
  while (taken.has(formatTornName(number))) number++;
  const aside = join(folder, formatTornName(number));
  await disk.writeNew(aside, torn);
  await disk.syncFolder(folder);
  return aside;
}

function formatTornName(number: number): string {
  return `log.torn-${number}.jsonl`;
}

function concatenated(group: readonly Waiting[]): Uint8Array {
  const bytes = new Uint8Array(group.reduce((sum, waiting) => sum + waiting.bytes.length, 0));
  let at = 0;
  for (const waiting of group) {
    bytes.set(waiting.bytes, at);
    at += waiting.bytes.length;
  }
  return bytes;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
