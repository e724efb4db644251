/** Where faults of our own go: into a file for those who can mend them, never in the user's face. */

import { join } from "@std/path";
import { DiskError } from "../../errors.ts";
import { sanitizeText } from "../../text/sanitize.ts";
import type { Environment } from "../environment/environment.ts";

/** Errors behind an error that are told. */
const STACKS_MAX = 8;

/** Bytes of the file before it is begun anew: dozens of faults, and the last ones say most. */
export const CRASH_LOG_BYTES_MAX = 256 * 1024;

/** The file crash.log of a home. */
export class CrashLog {
  readonly #environment: Environment;
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  /** Opens nothing yet. */
  constructor(environment: Environment, home: string) {
    this.#environment = environment;
    this.#path = join(home, "crash.log");
  }

  /** Adds the error with its stack; the path of the file, or null if it cannot be written. Never rejects for want of a disk. */
  note(error: unknown): Promise<string | null> {
    const turn = this.#last.then(() => this.#write(error));
    this.#last = turn;
    return turn;
  }

  async #write(error: unknown): Promise<string | null> {
    const { ports: { disk, clock }, version, console, isDebug } = this.#environment;
    const head = `${new Date(clock.wallMs()).toISOString()} earshot ${version}`;
    const text = `${head}\n${formatStacks(error)}\n`;
    if (isDebug) await console.err(sanitizeText(text)); // A sentence in it may quote what somebody else wrote.
    try {
      const file = await disk.openAppend(this.#path);
      try {
        if (file.sizeBytes > CRASH_LOG_BYTES_MAX) await file.truncate(0);
        await file.append(new TextEncoder().encode(text));
      } finally {
        file.close();
      }
      return this.#path;
    } catch (failure) {
      // No home yet, or a full disk: there is nowhere to keep it.
      if (failure instanceof DiskError) return null;
      throw failure;
    }
  }
}

/** The stacks of an error and of all behind it; of one that was met while cleaning up, first the one that began it. */
function formatStacks(error: unknown, depth = 0): string {
  if (depth === STACKS_MAX) return "…";
  if (error instanceof SuppressedError) {
    return `${formatStacks(error.suppressed, depth + 1)}\nand while cleaning up ${
      formatStacks(error.error, depth + 1)
    }`;
  }
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? String(error);
  return error.cause === undefined ? stack : `${stack}\ncaused by ${formatStacks(error.cause, depth + 1)}`;
}
