/** The folder with all of a node's files, locked while a node runs. */

import * as v from "valibot";
import { parseJsonAs } from "../../encoding/parse_json_as.ts";
import { message } from "../../messages/message.ts";
import { dirname, join } from "@std/path";
import { DiskError, WorldError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import type { RoomId } from "../../room/id.ts";
import {
  formatRoomFolderName,
  type HomePaths,
  parseRoomFolderName,
  type RoomFolder,
  toHomePaths,
  toRoomFolder,
} from "./paths.ts";
import { removeLeftovers, replaceFile } from "../files/atomic_write.ts";
import { formatDiskError } from "../files/disk_error_text.ts";

/** The format of identity.json, config.json and the folders. A later version that changes it increases the number. */
export const HOME_VERSION = 1;
/** Every version of identity.json and config.json begins so. */
const HEAD = v.object({ version: v.number() });
/** A home opened only for reading: without a lock, so a node may be writing to it. */
export type ReadableHome = Pick<Home, "paths" | "listRooms" | "findRoom">;

/**
 * Opens a home for a node, creates missing parts, and locks it until it is disposed. @throws {WorldError} if another
 * node holds it, if it is of a later version (then nothing is touched), or if the disk fails.
 */
export async function openHome(
  disk: Disk,
  { folder, pid }: { readonly folder: string; readonly pid: number },
): Promise<Home> {
  return await formatDiskError(message("doing.open-home", { path: folder }), async () => {
    const paths = toHomePaths(folder);
    await refuseLaterVersion(disk, paths);
    await disk.makeFolder(paths.rooms);
    const lock = await disk.lock(paths.lock);
    if (lock === null) throw await createInUseError(disk, paths);
    try {
      const home = new Home(disk, { paths, lock });
      await removeLeftovers(disk, folder);
      const rooms = await home.listRooms();
      // All wait for the disk, but not for each other.
      await settleAll([
        syncFolders(disk, paths),
        replaceFile(disk, { path: paths.pid, bytes: new TextEncoder().encode(`${pid}\n`) }),
        ...rooms.map((room) => removeLeftovers(disk, room.folder)),
      ]);
      return home;
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  });
}

/**
 * Opens a home for reading, whether or not a node runs. Changes nothing. @throws {WorldError} if there is none, or
 * one of a later version.
 */
export async function readHome(disk: Disk, folder: string): Promise<ReadableHome> {
  return await formatDiskError(message("doing.read-home", { path: folder }), async () => {
    const paths = toHomePaths(folder);
    if ((await disk.list(folder)).length === 0) {
      throw new WorldError(message("home.missing", { folder }));
    }
    await refuseLaterVersion(disk, paths);
    return new Home(disk, { paths, lock: null });
  });
}

/** An open home. */
export class Home implements AsyncDisposable {
  /** The paths of its files. */
  readonly paths: HomePaths;
  readonly #disk: Disk;
  #lock: Disposable | null;
  /** Folders that exist or are being created, so that two calls for one room never create two. */
  readonly #rooms = new Map<RoomId, Promise<RoomFolder>>();

  /** For `openHome` and `readHome`. */
  constructor(disk: Disk, { paths, lock }: { readonly paths: HomePaths; readonly lock: Disposable | null }) {
    this.paths = paths;
    this.#disk = disk;
    this.#lock = lock;
  }

  /**
   * The folders of all rooms, sorted by name. If a room has two (because of a copy), the first counts. @throws
   * {DiskError}.
   */
  async listRooms(): Promise<readonly RoomFolder[]> {
    const rooms = new Map<RoomId, RoomFolder>();
    for (const name of await this.#disk.list(this.paths.rooms)) {
      const id = parseRoomFolderName(name);
      if (id !== null && !rooms.has(id)) rooms.set(id, toRoomFolder(join(this.paths.rooms, name), id));
    }
    return [...rooms.values()];
  }

  /** The folder of a room, or null. It may have any name that ends with the id. @throws {DiskError}. */
  async findRoom(id: RoomId): Promise<RoomFolder | null> {
    return (await this.listRooms()).find((room) => room.id === id) ?? null;
  }

  /** The folder of a room, created if needed. @throws {DiskError}. */
  makeRoom(id: RoomId, title: string): Promise<RoomFolder> {
    const made = this.#rooms.get(id) ?? this.#findOrMake(id, title);
    this.#rooms.set(id, made);
    made.catch(() => this.#rooms.delete(id));
    return made;
  }

  /** Releases the home for the next node. */
  async [Symbol.asyncDispose](): Promise<void> {
    const lock = this.#lock;
    if (lock === null) return;
    this.#lock = null;
    try {
      await this.#disk.remove(this.paths.pid);
    } catch (error) {
      // The pid is only read while the lock is held, so an old file misleads nobody.
      if (!(error instanceof DiskError)) throw error;
    } finally {
      lock[Symbol.dispose]();
    }
  }

  async #findOrMake(id: RoomId, title: string): Promise<RoomFolder> {
    if (this.#lock === null) throw new Error("Cannot make a room in a home that is only read");
    const found = await this.findRoom(id);
    if (found !== null) return found;
    const folder = join(this.paths.rooms, formatRoomFolderName(id, title));
    await this.#disk.makeFolder(folder);
    await this.#disk.syncFolder(this.paths.rooms);
    return toRoomFolder(folder, id);
  }
}

/** Waits for all. @throws the first failure, but only once none is pending, because the lock is released then. */
async function settleAll(runs: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(runs)).find((run) => run.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** Also existing folders: a killed process may have created them, and their contents, a moment ago. */
async function syncFolders(disk: Disk, paths: HomePaths): Promise<void> {
  await Promise.all([disk.syncFolder(paths.rooms), disk.syncFolder(paths.folder)]);
  // Only before the first identity. Once that is on disk, the folders above it are too.
  if (await disk.read(paths.identity) === null) await syncAbove(disk, paths.folder);
}

/** All parents, because any of them may be new. Some systems do not let a user open, and so sync, all of them. */
async function syncAbove(disk: Disk, folder: string): Promise<void> {
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    try {
      await disk.syncFolder(dirname(at));
    } catch (error) {
      if (!(error instanceof DiskError && error.reason === "denied")) throw error;
    }
  }
}

/** Checks only the version. The readers of these files report other problems. */
async function refuseLaterVersion(disk: Disk, paths: HomePaths): Promise<void> {
  for (const path of [paths.identity, paths.config]) {
    const version = parseVersion(await disk.read(path));
    if (version === null || version <= HOME_VERSION) continue;
    throw new WorldError(
      message("home.later-version", { folder: paths.folder, version, known: HOME_VERSION }),
    );
  }
}

function parseVersion(bytes: Uint8Array | null): number | null {
  if (bytes === null) return null;
  return parseJsonAs(HEAD, new TextDecoder().decode(bytes))?.version ?? null;
}

async function createInUseError(disk: Disk, paths: HomePaths): Promise<WorldError> {
  const pid = new TextDecoder().decode(await disk.read(paths.pid) ?? new Uint8Array(0)).trim();
  return new WorldError(
    /^\d+$/.test(pid)
      ? message("home.in-use-by", { folder: paths.folder, pid })
      : message("home.in-use", { folder: paths.folder }),
  );
}
