/** The file of --log-file: lines with their time and level. */

import { message } from "../../messages/message.ts";
import { dirname } from "@std/path";
import { DiskError, WorldError } from "../../errors.ts";
import type { AppendFile, Disk } from "../../ports/storage.ts";
import type { Clock } from "../../ports/time.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import { type DebugLogLine, isLogged } from "./log_line.ts";
import { LOG_LEVELS, type LogLevel } from "../command_line/log_levels.ts";
import { formatCount } from "../format/entries.ts";

/** Bytes of the file before it becomes FILE.1, in place of the one before, and a new one begins: months at "info". */
export const DEBUG_LOG_BYTES_MAX = 4 * 1024 * 1024;
/** Lines that wait for the disk; further ones are only counted. */
const WAITING_MAX = 1_000;
/** The beginning of a log of earshot. */
const FIRST_LINE = new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z (?:${LOG_LEVELS.join("|")}) `);
/** Bytes of an existing file that are compared with the start of a debug log. */
const FIRST_LINE_BYTES_MAX = 64;

/** The options of a log. */
export interface DebugLogFileOptions {
  /** Absolute. */
  readonly path: string;
  /** Lines of a lesser level are left out. */
  readonly level: LogLevel;
  readonly ports: { readonly disk: Disk; readonly clock: Clock };
}

/** Opens the file, behind the lines that it has. @throws {WorldError} if it cannot be written, or is no log of ours. */
export async function openDebugLog({ path, level, ports }: DebugLogFileOptions): Promise<DebugLogFile> {
  const { disk } = ports;
  await formatDiskError(message("doing.open-debug-log", { path }), async () => {
    const bytes = await disk.read(path) ?? new Uint8Array();
    const start = new TextDecoder().decode(bytes.subarray(0, FIRST_LINE_BYTES_MAX));
    if (start !== "" && !FIRST_LINE.test(start)) {
      throw new WorldError(message("log-file.foreign", { path }));
    }
    await disk.makeFolder(dirname(path));
  });
  const file = await formatDiskError(message("doing.open-debug-log", { path }), () => disk.openAppend(path));
  return new DebugLogFile({ path, level, ports }, file);
}

/** A log. Lines that cannot be written are lost and counted: a full disk must not end a node. */
export class DebugLogFile implements AsyncDisposable {
  readonly #options: DebugLogFileOptions;
  #file: AppendFile | null;
  #sizeBytes: number;
  #waiting: string[] = [];
  #lostCount = 0;
  #writing: Promise<void> | null = null;

  /** Writes nothing yet; owns the file. */
  constructor(options: DebugLogFileOptions, file: AppendFile) {
    this.#options = options;
    this.#file = file;
    this.#sizeBytes = file.sizeBytes;
  }

  /** Adds a line, some time. Never waits and never fails. */
  note({ level, text }: DebugLogLine): void {
    if (this.#file === null || !isLogged(level, this.#options.level)) return;
    if (this.#waiting.length >= WAITING_MAX) return void this.#lostCount++;
    this.#waiting.push(this.#stamped(level, text));
    this.#writing ??= this.#write();
  }

  /** Writes the waiting lines, and closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    this.#file?.close();
    this.#file = null;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      const lostCount = this.#lostCount;
      const loss = lostCount === 0
        ? ""
        : this.#stamped("warn", `${formatCount(lostCount, "line")} before this one lost`);
      try {
        await this.#append(new TextEncoder().encode(loss + lines.join("")));
        // More may have been lost meanwhile.
        this.#lostCount -= lostCount;
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        this.#lostCount += lines.length;
      }
    }
    this.#writing = null;
  }

  async #append(bytes: Uint8Array): Promise<void> {
    const { path, ports: { disk } } = this.#options;
    if (this.#sizeBytes + bytes.length > DEBUG_LOG_BYTES_MAX && this.#sizeBytes > 0) {
      this.#file?.close();
      await disk.rename(path, `${path}.1`);
      this.#file = await disk.openAppend(path);
      this.#sizeBytes = 0;
    }
    await this.#file?.append(bytes);
    this.#sizeBytes += bytes.length;
  }

  #stamped(level: LogLevel, text: string): string {
    return `${new Date(this.#options.ports.clock.wallMs()).toISOString()} ${level} ${sanitizeLine(text)}\n`;
  }
}
