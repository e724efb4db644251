/** Copies files and folders without overwriting anything. */

import { basename, join } from "@std/path";
import { DiskError } from "../../errors.ts";
import type { Disk, Files } from "../../ports/storage.ts";
import { addNumber, toSafeFileName } from "../../text/file_name.ts";

const CHUNK_BYTES = 1024 * 1024;
/** Numbers tried for a taken name. */
const NAMES_MAX = 10_000;

/** Copies the path into the folder under a free name, and returns the new path. Leaves links out. @throws {DiskError}. */
export async function copyIntoFolder(
  { disk, files }: { readonly disk: Disk; readonly files: Files },
  { from, folder }: { readonly from: string; readonly folder: string },
): Promise<string> {
  await disk.makeFolder(folder);
  const name = toSafeFileName(basename(from));
  for (let number = 1; number <= NAMES_MAX; number++) {
    const to = join(folder, number === 1 ? name : addNumber(name, number));
    if (await files.stat(to, { follow: false }) !== null) continue;
    await copy({ disk, files }, from, to);
    return to;
  }
  throw new DiskError("exists", `Cannot copy "${name}" to "${folder}": too many of that name are there`);
}

async function copy(
  ports: { readonly disk: Disk; readonly files: Files },
  from: string,
  to: string,
): Promise<void> {
  const { disk, files } = ports;
  const fact = await files.stat(from, { follow: false });
  if (fact?.kind === "file") return await copyFile(files, from, to);
  if (fact?.kind !== "folder") return;
  await disk.makeFolder(to);
  for (const name of await files.list(from)) await copy(ports, join(from, name), join(to, name));
}

async function copyFile(files: Files, from: string, to: string): Promise<void> {
  const source = await files.openRead(from);
  try {
    const target = await files.openWrite(to);
    try {
      const buffer = new Uint8Array(CHUNK_BYTES);
      for (let at = 0;;) {
        const count = await source.read(buffer, at);
        if (count === 0) break;
        await target.write(buffer.subarray(0, count), at);
        at += count;
      }
      await target.sync();
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}
