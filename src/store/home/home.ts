/** The folder that holds all that a node keeps, and whose it is while a node runs. */

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

/** The format of identity.json, config.json and the folders. A later earshot that changes it raises the number. */
export const HOME_VERSION = 1;
/** A home that is only read: no lock, so a node may be writing in it. */
export type ReadableHome = Pick<Home, "paths" | "listRooms" | "findRoom">;

/** Opens a home for a node, making what is missing, and keeps it locked until it is disposed. @throws {WorldError} if another node has it, if it is of a later version (then nothing is touched), or if the disk does not let us. */
export async function openHome(
  disk: Disk,
  { folder, pid }: { readonly folder: string; readonly pid: number },
): Promise<Home> {
  return await formatDiskError(`open the home "${folder}"`, async () => {
    const paths = toHomePaths(folder);
    await refuseLaterVersion(disk, paths);
    await disk.makeFolder(paths.rooms);
    const lock = await disk.lock(paths.lock);
    if (lock === null) throw await createInUseError(disk, paths);
    try {
      const home = new Home(disk, { paths, lock });
      await removeLeftovers(disk, folder);
      const rooms = await home.listRooms();
      // Each waits for the disk, and none for another.
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

/** Opens a home to read in it, whether or not a node runs. Changes nothing. @throws {WorldError} if there is none, or one of a later version. */
export async function readHome(disk: Disk, folder: string): Promise<ReadableHome> {
  return await formatDiskError(`read the home "${folder}"`, async () => {
    const paths = toHomePaths(folder);
    if ((await disk.list(folder)).length === 0) {
      throw new WorldError(`There is no home at "${folder}". Name another one with --home`);
    }
    await refuseLaterVersion(disk, paths);
    return new Home(disk, { paths, lock: null });
  });
}

/** A home that is open. */
export class Home implements AsyncDisposable {
  /** Where things are. */
  readonly paths: HomePaths;
  readonly #disk: Disk;
  #lock: Disposable | null;
  /** Folders that are being made or were, so that two calls for one room never make two. */
  readonly #rooms = new Map<RoomId, Promise<RoomFolder>>();

  /** For `openHome` and `readHome`. */
  constructor(disk: Disk, { paths, lock }: { readonly paths: HomePaths; readonly lock: Disposable | null }) {
    this.paths = paths;
    this.#disk = disk;
    this.#lock = lock;
  }

  /** The folders of all rooms, in the order of their names. Of two for one room (a copy that somebody made) the first counts. @throws {DiskError}. */
  async listRooms(): Promise<readonly RoomFolder[]> {
    const rooms = new Map<RoomId, RoomFolder>();
    for (const name of await this.#disk.list(this.paths.rooms)) {
      const id = parseRoomFolderName(name);
      if (id !== null && !rooms.has(id)) rooms.set(id, toRoomFolder(join(this.paths.rooms, name), id));
    }
    return [...rooms.values()];
  }

  /** The folder of a room, or null; it may have any name that ends with the id. @throws {DiskError}. */
  async findRoom(id: RoomId): Promise<RoomFolder | null> {
    return (await this.listRooms()).find((room) => room.id === id) ?? null;
  }

  /** The folder of a room, made if there is none. @throws {DiskError}. */
  makeRoom(id: RoomId, title: string): Promise<RoomFolder> {
    const made = this.#rooms.get(id) ?? this.#findOrMake(id, title);
    this.#rooms.set(id, made);
    made.catch(() => this.#rooms.delete(id));
    return made;
  }

  /** Lets the home go for the next node. */
  async [Symbol.asyncDispose](): Promise<void> {
    const lock = this.#lock;
    if (lock === null) return;
    this.#lock = null;
    try {
      await this.#disk.remove(this.paths.pid);
    } catch (error) {
      // It is only read while the lock is held, so an old one misleads nobody.
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

/** Resolves when all have. @throws what the first of them threw, but only when none is under way any more: the lock goes then. */
async function settleAll(runs: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(runs)).find((run) => run.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** Also where they are not new: a killed process may have made them, and what is in them, a moment ago. */
async function syncFolders(disk: Disk, paths: HomePaths): Promise<void> {
  await Promise.all([disk.syncFolder(paths.rooms), disk.syncFolder(paths.folder)]);
  // Only before the first identity: once that is on disk, the way to it is too.
  if (await disk.read(paths.identity) === null) await syncAbove(disk, paths.folder);
}

/** The whole way up, because any of these folders may have just been made. Not every system lets a user open, and so sync, them all. */
async function syncAbove(disk: Disk, folder: string): Promise<void> {
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    try {
      await disk.syncFolder(dirname(at));
    } catch (error) {
      if (!(error instanceof DiskError && error.reason === "denied")) throw error;
    }
  }
}

/** Reads only the version: what else is wrong with these files, their own readers say. */
async function refuseLaterVersion(disk: Disk, paths: HomePaths): Promise<void> {
  for (const path of [paths.identity, paths.config]) {
    const version = parseVersion(await disk.read(path));
    if (version === null || version <= HOME_VERSION) continue;
    throw new WorldError(
      `The home "${paths.folder}" is of a later earshot (format ${version}, this one knows ${HOME_VERSION}). ` +
        "Nothing was touched. Use the later earshot, or another home with --home",
    );
  }
}

function parseVersion(bytes: Uint8Array | null): number | null {
  if (bytes === null) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value !== "object" || value === null || !("version" in value)) return null;
    return typeof value.version === "number" ? value.version : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function createInUseError(disk: Disk, paths: HomePaths): Promise<WorldError> {
  const pid = new TextDecoder().decode(await disk.read(paths.pid) ?? new Uint8Array(0)).trim();
  const who = /^\d+$/.test(pid) ? `another earshot (process ${pid})` : "another earshot";
  return new WorldError(
    `The home "${paths.folder}" is in use by ${who}. Stop it with "earshot stop", or use another home with --home`,
  );
}
