/** Writes an export where the user wants it, and overwrites nothing unasked. */

import { message } from "../../messages/message.ts";
import { dirname } from "@std/path";
import { DiskError, WorldError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import { replaceFile } from "../files/atomic_write.ts";
import { formatDiskError } from "../files/disk_error_text.ts";

/** An export and its destination. */
export interface Export {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Whether to replace an existing file. */
  readonly force: boolean;
}

/**
 * Writes the file completely or not at all. @throws {WorldError} if it exists and may not be replaced, or if the disk
 * fails.
 */
export async function writeExport(disk: Disk, { path, text, force }: Export): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  await formatDiskError(message("doing.write", { path }), async () => {
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
    throw new WorldError(message("export.exists", { path }), { cause: error });
  }
}
