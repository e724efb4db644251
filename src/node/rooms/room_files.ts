/** The open files of rooms: each log, and beside it what can be lost without harm: who holds our feed, what the user has read. */

import { join } from "@std/path";
import { DiskError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import type { RoomId } from "../../room/id.ts";
import type { Vector } from "../../room/version_vector.ts";
import type { RoomFolder } from "../../store/home/paths.ts";
import { loadSecret, saveSecret } from "../../store/home/room_secret.ts";
import { loadVectors, VectorFile } from "../../store/home/vector_file.ts";
import type { EntryLog } from "../../store/log/entry_log.ts";
import type { LocalRoom } from "../room/local_room.ts";

interface OpenFiles {
  readonly log: EntryLog;
  readonly folder: RoomFolder;
  readonly holders: VectorFile;
  readonly readUpTo: VectorFile;
}

/** The files of one node's rooms. A room has none before its first entry. */
export class RoomFiles {
  readonly #disk: Disk;
  readonly #open = new Map<RoomId, OpenFiles>();
  readonly #secrets = new Map<RoomId, Uint8Array>();
  readonly #readUpTo = new Map<RoomId, Vector>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Takes over the open log of that folder. */
  add(folder: RoomFolder, log: EntryLog): void {
    this.#open.set(folder.id, {
      log,
      folder,
      holders: new VectorFile(this.#disk, folder.vectors),
      readUpTo: new VectorFile(this.#disk, readUpToPath(folder)),
    });
  }

  /** Loads what is beside the log. @throws {DiskError}. */
  async loadCaches(folder: RoomFolder): Promise<{ readonly holders: Vector }> {
    this.#readUpTo.set(folder.id, await loadVectors(this.#disk, readUpToPath(folder)));
    const secret = await loadSecret(this.#disk, folder.secret);
    if (secret !== null) this.#secrets.set(folder.id, secret);
    return { holders: await loadVectors(this.#disk, folder.vectors) };
  }

  /** The open log of the room. */
  logOf(id: RoomId): EntryLog | undefined {
    return this.#open.get(id)?.log;
  }

  /** The room's folder. */
  folderOf(id: RoomId): RoomFolder | undefined {
    return this.#open.get(id)?.folder;
  }

  /** The secret of an invite-only room; undefined for any other room, and if the secret was lost. */
  secretOf(id: RoomId): Uint8Array | undefined {
    return this.#secrets.get(id);
  }

  /** Sets the secret until the next stop, or removes it. */
  setSecret(id: RoomId, secret: Uint8Array | undefined): void {
    if (secret === undefined) this.#secrets.delete(id);
    else this.#secrets.set(id, secret);
  }

  /** Saves the secret in the room's folder, if there is one by now. @throws {DiskError}. */
  async saveSecret(id: RoomId, folder: RoomFolder | undefined = this.folderOf(id)): Promise<void> {
    const secret = this.#secrets.get(id);
    if (folder !== undefined && secret !== undefined) {
      await saveSecret(this.#disk, { path: folder.secret, secret });
    }
  }

  /** How far the user has read each author's feed. */
  readUpTo(localRoom: LocalRoom): Vector {
    return this.#readUpTo.get(localRoom.replica.id) ?? new Map();
  }

  /** The user has read all entries that are here now. */
  async markRead({ log: { held }, replica: { id } }: LocalRoom): Promise<void> {
    this.#readUpTo.set(id, new Map(held));
    await saveCache(this.#open.get(id)?.readUpTo, held);
  }

  /** Saves how much of our feed each member holds, for the receipts after the next start. */
  async saveHolders(id: RoomId, holders: Vector): Promise<void> {
    await saveCache(this.#open.get(id)?.holders, holders);
  }

  /** Closes the logs. */
  async close(): Promise<void> {
    for (const { log } of this.#open.values()) await log.close();
  }
}

/** A full disk is reported where it costs something; a cache comes back by itself. */
async function saveCache(file: VectorFile | undefined, vector: Vector): Promise<void> {
  try {
    await file?.save(vector);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

function readUpToPath(folder: RoomFolder): string {
  return join(folder.folder, "read.json");
}
