/** What pages bring to be offered: each upload a folder of its own, with one file or folder in it. */

import { join } from "@std/path";
import { DiskError, UsageError } from "../errors.ts";
import type { Files } from "../ports.ts";
import { explained } from "../store/trouble.ts";

/** The one thing in an upload. @throws {UsageError}, {WorldError}. */
export async function uploadedPlace(files: Files, uploads: string, upload: string): Promise<string> {
  const gone = new UsageError("There is no such upload");
  if (!/^[\w-]{8,64}$/.test(upload)) throw gone;
  const folder = join(uploads, upload);
  const fact = await explained("offer that", () => files.look(folder, { follow: false }));
  if (fact?.kind !== "folder") throw gone;
  const [name, ...more] = await explained("offer that", () => files.list(folder));
  if (name === undefined || more.length > 0) throw new UsageError("An upload is one file, or one folder");
  return join(folder, name);
}

/** Removes uploads that nobody offered in the end, or offers no more. Before any page is open. */
export async function tidyUploads(
  files: Files,
  uploads: string,
  isOffered: (folder: string) => boolean,
): Promise<void> {
  try {
    if (await files.look(uploads, { follow: false }) === null) return;
    for (const name of await files.list(uploads)) {
      const folder = join(uploads, name);
      if (!isOffered(folder)) await files.removeAll(folder);
    }
  } catch (error) {
    // It takes space and harms nothing; the next start tries again.
    if (!(error instanceof DiskError)) throw error;
  }
}
