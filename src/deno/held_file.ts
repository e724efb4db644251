/**
 * Windows: a file that another program has open can be neither renamed nor removed. Mostly a virus scanner or an indexer has it,
 * and lets it go within a moment; so such a call is tried again for about a second.
 */

import { DiskError } from "../errors.ts";

/** Pauses between two tries, in ms: at first short, because most holders are gone at once. Together about a second. */
const PAUSES_MS = [10, 20, 40, 80, 150, 300, 400] as const;
/** Codes, and the names of errors without one: ERROR_SHARING_VIOLATION is the first, ERROR_ACCESS_DENIED the others. */
const BUSY: readonly string[] = ["EBUSY", "Busy"];
const DENIED: readonly string[] = ["EACCES", "EPERM", "PermissionDenied"];

/** What stands between a call and its next try. */
export interface HeldFileOptions {
  readonly path: string;
  /** Whether a held file makes calls fail here. */
  readonly isWindows: boolean;
  wait(ms: number): Promise<void>;
  /** Whether this user may write to the file, as far as that can be told; false where another reason than a holder is known. */
  mayWrite(): Promise<boolean>;
}

/** Runs the call, again while the file is held. @throws {DiskError} "held" if it still is after a second; other errors as they are. */
export async function retryWhileHeld<T>(
  run: () => Promise<T>,
  { path, isWindows, wait, mayWrite }: HeldFileOptions,
): Promise<T> {
  for (const pauseMs of [...PAUSES_MS, null]) {
    try {
      return await run();
    } catch (error) {
      if (!isWindows || !isAny(error, [...BUSY, ...DENIED])) throw error;
      if (pauseMs === null) {
        if (!isAny(error, BUSY) && !await mayWrite()) throw error;
        throw new DiskError("held", `Cannot change "${path}": another program has it open`, { cause: error });
      }
    }
    await wait(pauseMs);
  }
  throw new Error("The last try returns or throws");
}

/** The options of this machine, for the files or folders that the call changes. */
export function heldFiles(...paths: readonly [string, ...string[]]): HeldFileOptions {
  return {
    path: paths[0],
    isWindows: Deno.build.os === "windows",
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    mayWrite: async () => (await Promise.all(paths.map(mayWrite))).every(Boolean),
  };
}

/** Of a folder only a holder is known to keep it in place: its files may be open. */
async function mayWrite(path: string): Promise<boolean> {
  try {
    if ((await Deno.lstat(path)).isDirectory) return true;
    (await Deno.open(path, { write: true })).close();
    return true;
  } catch (error) {
    // A file that is shared with nobody has a holder. One that is missing keeps nothing in place.
    return isAny(error, BUSY) || error instanceof Deno.errors.NotFound;
  }
}

function isAny(error: unknown, codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  return codes.includes("code" in error ? String(error.code) : error.name);
}
