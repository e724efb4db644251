/** Writes an export to where the user wants it, and nothing else over what is there. */

import { dirname } from "@std/path";
import { DiskError, WorldError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import { replaceFile } from "../files/atomic_write.ts";
import { formatDiskError } from "../files/disk_error_text.ts";

/** What goes where. */
export interface Export {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Replace what is there. */
  readonly force: boolean;
}

/** Writes the file: wholly or not at all. @throws {WorldError} if there is one and it is not to be replaced, or if the disk fails. */
export async function writeExport(disk: Disk, { path, text, force }: Export): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  await formatDiskError(`write "${path}"`, async () => {
    if (force) return await replaceFile(disk, { path, bytes });
    await writeNewOnly(disk, { path, bytes });
    await disk.syncFolder(dirname(path));
  });
}

async function writeNewOnly(
  disk: Disk,
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
): Promise<void> {
  try {
    await disk.writeNew(path, bytes);
  } catch (error) {
    if (!(error instanceof DiskError && error.reason === "exists")) throw error;
    throw new WorldError(
      `"${path}" exists already. Nothing was written. Use --force to replace it, or another name`,
      { cause: error },
    );
  }
}
