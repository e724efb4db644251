/** Uploads of pages that are to be offered: each is a folder with one file or folder in it. */

import { message } from "../../messages/message.ts";
import { join } from "@std/path";
import { UsageError } from "../../errors.ts";
import type { Files } from "../../ports/storage.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";

/** The path of an upload's file or folder. @throws {UsageError}, {WorldError}. */
export async function findUploaded(files: Files, uploads: string, upload: string): Promise<string> {
  const gone = new UsageError(message("upload.unknown"));
  if (!/^[\w-]{8,64}$/.test(upload)) throw gone;
  const folder = join(uploads, upload);
  const fact = await formatDiskError(message("doing.offer"), () => files.stat(folder, { follow: false }));
  if (fact?.kind !== "folder") throw gone;
  const [name, ...more] = await formatDiskError(message("doing.offer"), () => files.list(folder));
  if (name === undefined || more.length > 0) throw new UsageError(message("upload.one-only"));
  return join(folder, name);
}
