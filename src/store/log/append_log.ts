/**
 * A room's log file: lines of JSON that are only ever appended. Invariants:
 * - A resolved append survives a power cut.
 * - The file contains whole lines in the order of the appends. Only its end can be torn, and only by a crash.
 * - A failed append leaves nothing: the file is cut back to its last synced size before the next write.
 */

import { concatBytes } from "../../encoding/byte_codec.ts";
import { dirname, join } from "@std/path";
import { DiskError } from "../../errors.ts";
import type { AppendFile, Disk } from "../../ports/storage.ts";
import { splitLines } from "./split_lines.ts";

/** Bytes that wait for the disk. Further appends are refused, so that a hanging disk does not fill the memory. */
export const LOG_PENDING_BYTES_MAX = 16 * 1024 * 1024;

/** An opened log and its lines. */
export interface OpenedAppendLog {
  readonly log: AppendLog;
  /** All whole lines; index + 1 is the line number. Unreadable lines stay in the file. */
  readonly lines: readonly string[];
  /** The byte offset of each line. */
  readonly atBytes: readonly number[];
  /** The file with the torn end, or null if there was none. The user should be told. */
  readonly setAside: { readonly path: string; readonly sizeBytes: number } | null;
}

/**
 * Opens or creates the log of that path; its folder must exist. A torn end is moved to a file beside it. `fromByte`,
 * the start of a line, skips the lines before it. @throws {DiskError}; nothing is lost then.
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
    // Also for an existing file: bytes and the file name that a killed process left may not be on the disk yet.
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

/** The whole lines of a log that may be in use. Changes nothing. Null if there is no such file. @throws {DiskError}. */
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

/** A room's log file, open for appending. */
export class AppendLog implements AsyncDisposable {
  readonly #file: AppendFile;
  #goodBytes: number;
  /** Whether a failed write may have left bytes after the valid ones. */
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

  /** Synced bytes on disk. */
  get sizeBytes(): number {
    return this.#goodBytes;
  }

  /** Appended bytes that are not on disk yet. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * Appends lines (without line ends). Resolves with their byte offset once they survive a power cut. During a write
   * and sync, all further appends gather for the next. @throws {DiskError} if the disk fails or too much waits. Then
   * neither these lines nor any that waited after them are in the file; the log stays usable, and the caller appends
   * them again in order.
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

  /** Writes everything pending and closes the file. Failures go to the callers of `append`. May be called repeatedly. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    this.#file.close();
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Never rejects: failures go to the waiting callers. */
  async #writeAll(): Promise<void> {
    // One turn later, so that all appends of this turn share the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        let atByte = this.#goodBytes;
        await this.#write(concatBytes(group.map(({ bytes }) => bytes)));
        for (const { bytes, resolve } of group) {
          this.#pendingBytes -= bytes.length;
          resolve(atByte);
          atByte += bytes.length;
        }
      } catch (error) {
        this.#hasBadTail = true;
        await this.#repair().catch(() => {
          // The next write repeats this, and reports a failure to its own callers.
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

  /** Also after a failed sync: the state of those bytes is unknown, and a second sync may falsely succeed (fsyncgate). */
  async #repair(): Promise<void> {
    if (!this.#hasBadTail) return;
    await this.#file.truncate(this.#goodBytes);
    this.#hasBadTail = false;
  }

  /** Appends that wait after a failed one fail too: after a gap, they would be in the log without their predecessors. */
  #fail(all: readonly Waiting[], error: unknown): void {
    this.#waiting = [];
    for (const { bytes, reject } of all) {
      this.#pendingBytes -= bytes.length;
      reject(error);
    }
  }
}

/**
 * Whether the bytes after the last line end are a complete line: some editors write no final line end.
 * Setting that line aside could lead us to reuse its number for another entry.
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

/** Kept in its own file, because it may be all that is left of a message. */
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

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
