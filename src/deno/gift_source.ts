/** The folder of this executable, for those who are given a copy. */

import { createHash } from "node:crypto";
import { DiskError } from "../errors.ts";
import type { FileVersion, ProgramFileReader, ProgramFiles } from "../ports/program_files.ts";
import { toDiskError } from "./disk.ts";

/** Read at once for a sum: so much, and everything else has its turn. */
const PIECE_BYTES = 1024 * 1024;

/** That of the executable; null for an earshot that runs from its source, which has none. */
export function denoProgramFiles(): ProgramFiles | null {
  return Deno.build.standalone ? openProgramFiles(Deno.execPath(), Deno.build.target) : null;
}

/** That of the file at the path, which was made for that target. */
export function openProgramFiles(path: string, triple: string): ProgramFiles {
  // Windows takes both.
  const nameAt = Math.max(path.lastIndexOf("/"), Deno.build.os === "windows" ? path.lastIndexOf("\\") : -1) +
    1;
  const folder = path.slice(0, nameAt);
  return {
    ownName: path.slice(nameAt),
    triple,
    list: () => attempt(`list "${folder}"`, () => listNames(folder)),
    open: (name) => attempt(`read "${name}"`, () => open(folder + name)),
    hash: (name) => attempt(`read "${name}"`, () => hashFile(folder + name)),
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
        attempt(`read "${path}"`, async () => {
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

async function attempt<T>(doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toDiskError(error, doing);
  }
}
