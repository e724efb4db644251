/** The files beside this executable, from which others can get a copy of earshot. */

import { createHash } from "node:crypto";
import { DiskError } from "../errors.ts";
import type { FileVersion, ProgramFileReader, ProgramFiles } from "../ports/program_files.ts";
import { wrapDiskError } from "./disk.ts";

/** Bytes hashed at a time; other tasks run in between. */
const PIECE_BYTES = 1024 * 1024;

/** The files beside the executable; null when earshot runs from its source. */
export function denoProgramFiles(): ProgramFiles | null {
  return Deno.build.standalone ? openProgramFiles(Deno.execPath(), Deno.build.target) : null;
}

/** The files beside the executable at that path, built for that target. */
export function openProgramFiles(path: string, triple: string): ProgramFiles {
  // Windows accepts both separators.
  const nameAt = Math.max(path.lastIndexOf("/"), Deno.build.os === "windows" ? path.lastIndexOf("\\") : -1) +
    1;
  const folder = path.slice(0, nameAt);
  return {
    ownName: path.slice(nameAt),
    triple,
    list: () => wrapDiskError(`list "${folder}"`, () => listNames(folder)),
    open: (name) => wrapDiskError(`read "${name}"`, () => open(folder + name)),
    hash: (name) => wrapDiskError(`read "${name}"`, () => hashFile(folder + name)),
  };
}

async function listNames(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) if (entry.isFile) names.push(entry.name);
  return names.sort();
}

async function open(path: string): Promise<ProgramFileReader> {
  const file = await Deno.open(path, { read: true });
  let isOpen = true;
  try {
    const mark = toFileVersion(await file.stat());
    return {
      version: mark,
      read: (into, atByte) =>
        wrapDiskError(`read "${path}"`, async () => {
          await file.seek(atByte, Deno.SeekMode.Start);
          return await file.read(into) ?? 0;
        }),
      close() {
        if (isOpen) file.close();
        isOpen = false;
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

async function hashFile(path: string): Promise<{ readonly sha256: string; readonly mark: FileVersion }> {
  using file = await Deno.open(path, { read: true });
  const mark = toFileVersion(await file.stat());
  const hash = createHash("sha256");
  const piece = new Uint8Array(PIECE_BYTES);
  for (let count = await file.read(piece); count !== null; count = await file.read(piece)) {
    hash.update(piece.subarray(0, count));
  }
  return { sha256: hash.digest("hex"), mark };
}

function toFileVersion({ size, mtime, isFile }: Deno.FileInfo): FileVersion {
  if (!isFile) throw new DiskError("failed", "Cannot read what is no file");
  return { sizeBytes: size, changedMs: mtime?.getTime() ?? null };
}
