/** Large files, and folders with foreign names, on the real disk. */

import { constants, promises as fs } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { DiskError } from "../errors.ts";
import type { FileInfo, Files, ReadFile, WriteFile } from "../ports/storage.ts";
import { wrapDiskError, wrapMissing } from "./disk.ts";
import { heldFiles, retryWhileHeld } from "./held_file.ts";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** Write permission for the group and for all others. */
const OTHERS_WRITE = 0o022;
/** Windows: the mark "from the internet", as browsers set it. */
const ZONE = "[ZoneTransfer]\r\nZoneId=3\r\n";

/** The files of this machine. */
export function denoFiles(): Files {
  return { stat, list, openRead, makePrivateFolder, openWrite, moveNew, removeAll, markForeign };
}

async function stat(path: string, { follow }: { readonly follow: boolean }): Promise<FileInfo | null> {
  const info = await wrapMissing(`look at "${path}"`, () => follow ? Deno.stat(path) : Deno.lstat(path));
  if (info === null) return null;
  const kind = info.isSymlink ? "link" : info.isFile ? "file" : info.isDirectory ? "folder" : "other";
  return { kind, sizeBytes: info.size, modifiedMs: info.mtime?.getTime() ?? 0 };
}

function list(path: string): Promise<readonly string[]> {
  return wrapDiskError(`list "${path}"`, async () => {
    const names: string[] = [];
    for await (const entry of Deno.readDir(path)) names.push(entry.name);
    return names.sort();
  });
}

async function openRead(path: string): Promise<ReadFile> {
  const file = await wrapDiskError(`open "${path}"`, () => Deno.open(path, { read: true }));
  const place = new FilePosition(file);
  return {
    read: (into, atByte) =>
      wrapDiskError(`read "${path}"`, async () => {
        await place.goTo(atByte);
        let count = 0;
        while (count < into.length) {
          const read = await file.read(into.subarray(count));
          if (read === null) break;
          count += read;
          place.advance(read);
        }
        return count;
      }),
    close: () => place.close(),
  };
}

async function makePrivateFolder(path: string): Promise<void> {
  try {
    return await wrapDiskError(`make the folder "${path}"`, () => Deno.mkdir(path, { mode: FOLDER_MODE }));
  } catch (error) {
    if (!(error instanceof DiskError && error.reason === "exists")) throw error;
  }
  const info = await wrapDiskError(`look at "${path}"`, () => Deno.lstat(path));
  if (info.isSymlink || !info.isDirectory) throw notOurs(path, "it is not a folder");
  if (info.uid !== null && info.uid !== Deno.uid()) throw notOurs(path, "it belongs to another user");
  if (((info.mode ?? 0) & OTHERS_WRITE) === 0) return;
  // A file system without modes (FAT) gives each folder the same one, and refuses or ignores this.
  await Deno.chmod(path, FOLDER_MODE).catch(() => {});
}

async function openWrite(path: string, options?: { readonly within: string }): Promise<WriteFile> {
  const file = await openNew(path) ?? await openOld(path);
  if (options !== undefined) await requireHere(file, path, options.within);
  const place = new FilePosition(file);
  return {
    write: (bytes, atByte) =>
      wrapDiskError(`write to "${path}"`, async () => {
        await place.goTo(atByte);
        for (let at = 0; at < bytes.length;) {
          const written = await file.write(bytes.subarray(at));
          at += written;
          place.advance(written);
        }
      }),
    sync: () => wrapDiskError(`sync "${path}"`, () => file.syncData()),
    close: () => place.close(),
  };
}

/** Null if the file exists. A new file cannot be a link. */
async function openNew(path: string): Promise<Deno.FsFile | null> {
  try {
    return await wrapDiskError(
      `open "${path}"`,
      () => Deno.open(path, { write: true, createNew: true, mode: FILE_MODE }),
    );
  } catch (error) {
    if (error instanceof DiskError && error.reason === "exists") return null;
    throw error;
  }
}

async function openOld(path: string): Promise<Deno.FsFile> {
  await refuseLink(path);
  return await wrapDiskError(`open "${path}"`, () => Deno.open(path, { write: true }));
}

/** Refused by the system where possible: a link could appear between a check and the opening. Deno's own `open` has no such flag. */
async function refuseLink(path: string): Promise<void> {
  if (Deno.build.os === "windows") {
    if ((await stat(path, { follow: false }))?.kind === "link") throw createLinkError(path);
    return;
  }
  try {
    const flags = constants.O_WRONLY | constants.O_NOFOLLOW;
    await (await fs.open(path, flags)).close();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOOP") throw createLinkError(path);
    await wrapDiskError(`open "${path}"`, () => Promise.reject(error));
  }
}

/**
 * The system opens a path through links in its folders. So after the opening each folder is looked at without following
 * links, and the file at the end must be the opened one. With one name only, it has no other name elsewhere.
 */
async function requireHere(file: Deno.FsFile, path: string, within: string): Promise<void> {
  try {
    await requireNoLinks(path, within);
    const [opened, here] = await wrapDiskError(
      `look at "${path}"`,
      () => Promise.all([file.stat(), Deno.lstat(path)]),
    );
    if (opened.ino !== here.ino || opened.dev !== here.dev) throw notOurs(path, "it was exchanged");
    if ((opened.nlink ?? 1) > 1) throw notOurs(path, "it has another name elsewhere");
    if (opened.uid !== null && opened.uid !== Deno.uid()) throw notOurs(path, "it belongs to another user");
  } catch (error) {
    file.close();
    throw error;
  }
}

/** From the folder on, which is looked at too. */
async function requireNoLinks(path: string, within: string): Promise<void> {
  let folder = within;
  for (const part of ["", ...relative(within, dirname(path)).split(sep)]) {
    folder = join(folder, part);
    const info = await wrapDiskError(`look at "${folder}"`, () => Deno.lstat(folder));
    if (info.isSymlink || !info.isDirectory) throw notOurs(folder, "it is not a folder");
  }
}

function notOurs(path: string, why: string): DiskError {
  return new DiskError("denied", `Cannot use "${path}": ${why}`);
}

function createLinkError(path: string): DiskError {
  return new DiskError("denied", `Cannot write "${path}": it is a link`);
}

/**
 * A rename replaces what is there on most systems. So the name is taken first, by something empty of the same kind that the
 * system makes only where nothing is, and that is what the rename replaces.
 */
async function moveNew(from: string, to: string, options?: { readonly within: string }): Promise<void> {
  if (options !== undefined) await requireNoLinks(from, options.within);
  const fact = await stat(from, { follow: false });
  await wrapDiskError(`move "${from}" to "${to}"`, async () => {
    const isFolder = fact?.kind === "folder";
    if (isFolder) await Deno.mkdir(to, { mode: FOLDER_MODE });
    else (await Deno.open(to, { write: true, createNew: true, mode: FILE_MODE })).close();
    try {
      // Windows replaces no folder. The moment in between is short; at worst the call fails.
      if (isFolder && Deno.build.os === "windows") await Deno.remove(to);
      await retryWhileHeld(() => Deno.rename(from, to), heldFiles(to, from));
    } catch (error) {
      // Only an empty one is ours. The first error says more than an error here.
      const left = await Deno.lstat(to).catch(() => null);
      if (left !== null && (isFolder || left.size === 0)) await Deno.remove(to).catch(() => {});
      throw error;
    }
  });
}

async function removeAll(path: string): Promise<void> {
  const run = () => retryWhileHeld(() => Deno.remove(path, { recursive: true }), heldFiles(path));
  await wrapMissing(`remove "${path}"`, run);
}

async function markForeign(path: string): Promise<void> {
  if (Deno.build.os !== "windows") return;
  try {
    await Deno.writeTextFile(`${path}:Zone.Identifier`, ZONE);
  } catch {
    // A file system without streams (FAT) cannot store the mark; the file is complete.
  }
}

/** The position of a file handle: sequential reads and writes need no seek. */
class FilePosition {
  readonly #file: Deno.FsFile;
  #at = 0;
  #isOpen = true;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  async goTo(atByte: number): Promise<void> {
    if (atByte === this.#at) return;
    await this.#file.seek(atByte, Deno.SeekMode.Start);
    this.#at = atByte;
  }

  advance(bytes: number): void {
    this.#at += bytes;
  }

  close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }
}
