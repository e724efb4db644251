/** Replaces a whole file. After a crash at any moment it has either the old bytes or the new ones, never a mixture. */

import { basename, dirname, join } from "@std/path";
import { DiskError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";

/** Unfinished copies of one file side by side. More means that something else is wrong with the folder. */
const COPIES_MAX = 100;
const COPY_NAME = /\.\d+\.tmp$/;

/** Writes a copy, syncs it, and renames it over the file. @throws {DiskError}; the file is then unchanged. */
export async function replaceFile(
  disk: Disk,
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
): Promise<void> {
  const copy = await writeCopy(disk, { path, bytes });
  try {
    await disk.rename(copy, path);
  } catch (error) {
    // The copy is useless now. If removing it fails too, the next start does it; the first error says more.
    await disk.remove(copy).catch(() => {});
    throw error;
  }
  await disk.syncFolder(dirname(path));
}

/**
 * Removes the remains of interrupted replacements in a folder. The caller must hold the home's lock, because a
 * running replacement would fail. @throws {DiskError}.
 */
export async function removeLeftovers(disk: Disk, folder: string): Promise<void> {
  for (const name of await disk.list(folder)) {
    if (COPY_NAME.test(name)) await disk.remove(join(folder, name));
  }
}

/** The number is taken by a leftover, or by a concurrent replacement of the same file; try the next. */
async function writeCopy(
  disk: Disk,
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
): Promise<string> {
  for (let number = 1; number <= COPIES_MAX; number++) {
    const copy = `${path}.${number}.tmp`;
    try {
      await disk.writeNew(copy, bytes);
      return copy;
    } catch (error) {
      if (!(error instanceof DiskError && error.reason === "exists")) throw error;
    }
  }
  throw new DiskError(
    "exists",
    `Cannot write "${path}": "${basename(path)}.1.tmp" and others are in the way`,
  );
}
