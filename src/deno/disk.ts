/** Files on the real disk. */

import { DiskError, type DiskReason } from "../errors.ts";
import type { AppendFile, Disk } from "../ports/storage.ts";
import { heldFiles, retryWhileHeld } from "./held_file.ts";

/** Larger writes use another thread. */
const SYNC_WRITE_BYTES_MAX = 64 * 1024;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** How long a runtime without `tryLock` waits before a lock counts as held. A free lock is granted within a millisecond. */
const LOCK_WAIT_MS = 1_000;

/** Reasons by system error code, and by the names of Deno's errors without a code. */
const REASONS: Readonly<Record<string, DiskReason>> = {
  ENOENT: "missing",
  NotFound: "missing",
  EEXIST: "exists",
  AlreadyExists: "exists",
  EACCES: "denied",
  EPERM: "denied",
  PermissionDenied: "denied",
  NotCapable: "denied",
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
  // Elsewhere it is said of what is mounted.
  ...Deno.build.os === "windows" && { EBUSY: "held", Busy: "held" },
};

/** Reasons by message, for errors without their own code or name. Windows reports ERROR_DISK_FULL and ERROR_WRITE_PROTECT by number only. */
const MESSAGES: readonly (readonly [RegExp, DiskReason])[] = [
  [/No space left|quota exceeded|os error 112\b/i, "full"],
  [/Read-only file system|os error 19\b/i, "read-only"],
  [/os error 3[23]\b/i, "held"],
];

/** The disk of this machine. */
export function denoDisk(): Disk {
  const held = new Set<string>();
  return {
    read,
    readSync,
    size: (path) => wrapMissing(`look at "${path}"`, async () => (await Deno.stat(path)).size),
    openAppend,
    writeNew,
    rename,
    syncFolder,
    remove,
    makeFolder: (path) =>
      wrapDiskError(
        `make the folder "${path}"`,
        () => Deno.mkdir(path, { recursive: true, mode: FOLDER_MODE }),
      ),
    list,
    lock: (path) => lock(path, held),
  };
}

/** Converts a system error to a DiskError. Rethrows bugs of ours (a wrong argument). */
export function toDiskError(error: unknown, doing: string): DiskError {
  if (error instanceof DiskError) return error;
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) throw error;
  const code = "code" in error ? String(error.code) : "";
  const said = MESSAGES.find(([pattern]) => pattern.test(error.message))?.[1];
  const reason = REASONS[code] ?? REASONS[error.name] ?? said ?? "failed";
  return new DiskError(reason, `Cannot ${doing}`, { cause: error });
}

/** Runs a synchronous call. @throws {DiskError} in place of system errors. */
function wrapDiskErrorSync<T>(doing: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw toDiskError(error, doing);
  }
}

/** Runs a call. @throws {DiskError} in place of system errors. */
export async function wrapDiskError<T>(doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toDiskError(error, doing);
  }
}

/** As `wrapDiskError`, but null if the file or folder is missing. */
export async function wrapMissing<T>(doing: string, run: () => Promise<T>): Promise<T | null> {
  try {
    return await wrapDiskError(doing, run);
  } catch (error) {
    if (error instanceof DiskError && error.reason === "missing") return null;
    throw error;
  }
}

function read(path: string, fromByte = 0): Promise<Uint8Array | null> {
  return wrapMissing(
    `read "${path}"`,
    () => fromByte === 0 ? Deno.readFile(path) : readFrom(path, fromByte),
  );
}

async function readFrom(path: string, fromByte: number): Promise<Uint8Array> {
  using file = await Deno.open(path, { read: true });
  const bytes = new Uint8Array(Math.max(0, (await file.stat()).size - fromByte));
  await file.seek(fromByte, Deno.SeekMode.Start);
  let length = 0;
  while (length < bytes.length) {
    const count = await file.read(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

function readSync(path: string, into: Uint8Array, atByte: number): number {
  return wrapDiskErrorSync(`read "${path}"`, () => {
    using file = Deno.openSync(path, { read: true });
    file.seekSync(atByte, Deno.SeekMode.Start);
    let length = 0;
    while (length < into.length) {
      const count = file.readSync(into.subarray(length));
      if (count === null) break;
      length += count;
    }
    return length;
  });
}

async function rename(from: string, to: string): Promise<void> {
  const run = () => retryWhileHeld(() => Deno.rename(from, to), heldFiles(to, from));
  await wrapDiskError(`rename "${from}" to "${to}"`, run);
}

async function remove(path: string): Promise<void> {
  await wrapMissing(`remove "${path}"`, () => retryWhileHeld(() => Deno.remove(path), heldFiles(path)));
}

async function list(path: string): Promise<readonly string[]> {
  const names = await wrapMissing(`list "${path}"`, async () => {
    const found: string[] = [];
    for await (const entry of Deno.readDir(path)) found.push(entry.name);
    if (found.length === 0) await requireFolder(path);
    return found;
  });
  return (names ?? []).sort();
}

/** Some versions of Windows list nothing in a file, where others refuse. */
async function requireFolder(path: string): Promise<void> {
  if (Deno.build.os !== "windows" || (await Deno.stat(path)).isDirectory) return;
  throw new Deno.errors.NotADirectory(`"${path}" is a file`);
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  await wrapDiskError(`write "${path}"`, async () => {
    using file = await Deno.open(path, { write: true, createNew: true, mode: FILE_MODE });
    try {
      await writeAll(file, { bytes, count: () => {} });
      await file.sync();
    } catch (error) {
      // A half-written file would look complete. If removing it fails too, the first error says more.
      await Deno.remove(path).catch(() => {});
      throw error;
    }
  });
}

async function openAppend(path: string): Promise<AppendFile> {
  const { file, size } = await wrapDiskError(`open "${path}"`, async () => {
    const file = await Deno.open(path, { append: true, create: true, mode: FILE_MODE });
    return { file, size: (await file.stat()).size };
  });
  let sizeBytes = size;
  let isOpen = true;
  return {
    get sizeBytes() {
      return sizeBytes;
    },
    append: (bytes) =>
      wrapDiskError(`write to "${path}"`, async () => {
        const written = bytes.length > SYNC_WRITE_BYTES_MAX ? 0 : writeSync(file, bytes);
        sizeBytes += written;
        const rest = bytes.subarray(written);
        await writeAll(file, { bytes: rest, count: (more) => sizeBytes += more });
      }),
    // The data and the size without the times: on most systems one disk write less than sync().
    sync: () => wrapDiskError(`sync "${path}"`, () => file.syncData()),
    truncate: (to) =>
      wrapDiskError(`cut "${path}"`, async () => {
        // By path: on Windows a handle opened for appending cannot truncate.
        await Deno.truncate(path, to);
        sizeBytes = to;
      }),
    close() {
      if (isOpen) file.close();
      isOpen = false;
    },
  };
}

/** Writes synchronously into the system's memory: another thread would take ten times as long. Only `sync` waits for the disk, on another thread. */
function writeSync(file: Deno.FsFile, bytes: Uint8Array): number {
  return file.writeSync(bytes);
}

/** A write may accept only a part (a nearly full disk, a signal). The rest is retried until the system reports why it fails. */
async function writeAll(
  file: Deno.FsFile,
  { bytes, count }: { readonly bytes: Uint8Array; readonly count: (written: number) => void },
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const written = await file.write(bytes.subarray(at));
    at += written;
    count(written);
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot sync a folder. NTFS journals its names.
  if (Deno.build.os === "windows") return;
  await wrapDiskError(`sync the folder "${path}"`, async () => {
    using folder = await Deno.open(path, { read: true });
    try {
      await folder.sync();
    } catch (error) {
      // Some network and FUSE file systems do not support this call, and nothing else would help.
      if (!(error instanceof Error && "code" in error && error.code === "EINVAL")) throw error;
    }
  });
}

/** The parts of FsFile that are used here. Deno 2.4 has no `tryLock`. */
interface Lockable {
  lock(exclusive: boolean): Promise<void>;
  tryLock?(exclusive: boolean): Promise<boolean>;
}

/**
 * An OS lock (flock, LockFileEx), because it ends with its process however that ends. A file with a pid in it does not:
 * after a power cut that pid may be any program's, and two that find it stale at the same time would both go on.
 * Another process may not be able to read a locked file (Windows), so nothing is kept in it. It is never removed:
 * one process could then hold the removed file and another the new one.
 */
async function lock(path: string, held: Set<string>): Promise<Disposable | null> {
  if (held.has(path)) return null;
  held.add(path);
  let file: Deno.FsFile | null = null;
  try {
    file = await wrapDiskError(`lock "${path}"`, () => openLocked(path));
  } finally {
    if (file === null) held.delete(path);
  }
  return file === null ? null : createRelease(file, () => held.delete(path));
}

async function openLocked(path: string): Promise<Deno.FsFile | null> {
  const file = await Deno.open(path, { read: true, write: true, create: true, mode: FILE_MODE });
  let isOurs = false;
  try {
    isOurs = await takeLock(file);
  } finally {
    if (!isOurs) file.close();
  }
  return isOurs ? file : null;
}

/**
 * Deno 2.4 only has a call that waits, and it cannot be taken back. So it gets a second: too long for a free lock, short
 * enough for a person. A call that is given up keeps waiting in the system, but its handle is closed here, so that a lock
 * granted to it later is let go in the same moment; it ends with the process at the latest (main.ts ends by Deno.exit).
 * A mistake (a machine that stood still for a second) can only refuse a free lock, never give one out twice.
 */
async function takeLock(file: Lockable): Promise<boolean> {
  if (file.tryLock !== undefined) return await file.tryLock(true);
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), LOCK_WAIT_MS);
  try {
    return await Promise.race([file.lock(true).then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function createRelease(file: Deno.FsFile, onRelease: () => void): Disposable {
  let isHeld = true;
  return {
    [Symbol.dispose]() {
      if (!isHeld) return;
      isHeld = false;
      onRelease();
      file.close();
    },
  };
}
