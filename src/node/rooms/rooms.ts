/** All rooms of a node: loaded from their logs, made, joined, found by id. */

import { join } from "@std/path";
import { DiskError, WorldError } from "../../errors.ts";
import type { Connection } from "../../net/connection.ts";
import type { Chance, Crypto, Signer } from "../../ports/crypto.ts";
import type { Disk } from "../../ports/storage.ts";
import type { Clock } from "../../ports/time.ts";
import { deriveDirectRoom, foundRoom, type RoomInfo } from "../../room/access.ts";
import { encodeBase64Url } from "../../encoding/base64url.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import { deriveInvitationSigner, INVITATION_SECRET_BYTES, proveInvitation } from "../../room/invitation.ts";
import { Replica } from "../../room/replica.ts";
import type { Vector } from "../../room/version_vector.ts";
import type { Home } from "../../store/home/home.ts";
import { loadSecret, saveSecret } from "../../store/home/room_secret.ts";
import {
  type EntryLog,
  type EntryLogParts,
  type LogLimits,
  openEntryLog,
} from "../../store/log/entry_log.ts";
import { LineCache } from "../../store/log/line_cache.ts";
import type { RoomFolder } from "../../store/home/paths.ts";
import { loadVectors, VectorFile } from "../../store/home/vector_file.ts";
import type { LineLog } from "../room/log_writer.ts";
import { fillRoom, loadRoomLog, reportDamage, type ScannedLog } from "./load_room_log.ts";
import { LocalRoom, type LocalRoomParts, type RoomChange } from "../room/local_room.ts";
import { RoomLoader } from "./room_loader.ts";

/** Bytes of logs that are read before the node is ready, 20 ms of its start; what is beyond that is read while it runs. */
export const LOADED_AT_START_BYTES = 512 * 1024;
const SALT_BYTES = 16;

export interface RoomsParts {
  readonly me: PeerId;
  readonly signer: Signer;
  readonly crypto: Crypto;
  readonly chance: Chance;
  readonly clock: Clock;
  readonly disk: Disk;
  readonly home: Home;
  readonly logLimits: LogLimits;
  /** Peers that a conversation may be with when its log has only our own entries. */
  contactIds(): readonly PeerId[];
  /** What to call a direct conversation's folder. */
  nameOf(peer: PeerId): string;
  /** Entries of one feed that are taken in for now (see LocalRoomParts). */
  feedMax(localRoom: LocalRoom): number;
  onChange(localRoom: LocalRoom, change: RoomChange): void;
  /** A log was read while the node runs: its room, if the log tells which, is there from now on. */
  onRead(localRoom: LocalRoom | undefined): void;
  /** The peer on that connection has caused so much work on top of its records (see Quotas). */
  charge(connection: Connection, points: number): void;
  /** A bug in something that nobody waits for. */
  onBug(error: unknown): void;
  /** A sentence for the user. */
  onNotice(text: string): void;
}

/** What is on disk for a room. The caches (who holds our feed, what the user has read) come back by themselves if they are lost. */
interface OpenRoomFiles {
  readonly log: EntryLog;
  readonly vectorFile: VectorFile;
  readonly read: VectorFile;
  readonly secretPath: string;
  readonly folder: RoomFolder;
}

/** A log that does not tell what room it is of. */
interface UnidentifiedLog {
  readonly folder: RoomFolder;
  readonly log: EntryLog;
  readonly read: ScannedLog;
}

/** What is known of a room beside its replica. */
type KnownReceipts = Pick<LocalRoomParts, "holders" | "orphans">;
const NOTHING: KnownReceipts = { holders: new Map(), orphans: [] };

/** The rooms of one node. */
export class Rooms {
  readonly #parts: RoomsParts;
  readonly #localRooms = new Map<RoomId, LocalRoom>();
  readonly #openFiles = new Map<RoomId, OpenRoomFiles>();
  readonly #secrets = new Map<RoomId, Uint8Array>();
  readonly #readVectors = new Map<RoomId, Vector>();
  readonly #unidentified = new Map<RoomId, UnidentifiedLog>();
  readonly #lineCache: LineCache;
  readonly #roomLoader: RoomLoader;
  /** As their folders stand in the home. */
  #folderOrder: readonly RoomId[] = [];
  #streamCount = 0;

  /** Empty until `load`. */
  constructor(parts: RoomsParts) {
    this.#parts = parts;
    this.#lineCache = new LineCache({ ...parts, ...parts.logLimits });
    this.#roomLoader = new RoomLoader({
      clock: parts.clock,
      read: (folder, turn) => this.#loadRoom(folder, turn),
      onLoaded: (id) => {
        this.#sortRooms();
        parts.onRead(this.get(id));
      },
    });
  }

  /** Those whose logs are not read yet: `get` and `list` do not know them, and nobody can make them anew. */
  get loading(): Pick<RoomLoader, "has" | "folders" | "loadNext" | "waitForAll"> {
    return this.#roomLoader;
  }

  /** All rooms that are read, those that we left included. */
  list(): readonly LocalRoom[] {
    return [...this.#localRooms.values()];
  }

  /** The room of that id. */
  get(id: RoomId): LocalRoom | undefined {
    return this.#localRooms.get(id);
  }

  /** Reads the rooms' logs, as many as take no time; the others are left to `readOthers`. What cannot be read is told and stays as it is. @throws {DiskError}. */
  async load(): Promise<void> {
    const { disk, home } = this.#parts;
    const folders = await home.listRooms();
    this.#folderOrder = folders.map(({ id }) => id);
    const sizes = await Promise.all(folders.map(async ({ log }) => await disk.size(log) ?? 0));
    let sizeBytes = 0;
    for (const [index, folder] of folders.entries()) {
      const more = sizes[index] ?? 0;
      if (sizeBytes + more > LOADED_AT_START_BYTES) {
        this.#roomLoader.add(folder);
        continue;
      }
      sizeBytes += more;
      await this.#loadRoom(folder);
    }
  }

  /** Reads the logs that `load` left, while everything goes on; resolves when that is done, or when the rooms are closed. @throws {DiskError}. */
  loadOthers(): Promise<void> {
    return this.#roomLoader.run();
  }

  /** Makes a room. @throws {DiskError}; then there is no room. */
  async create(
    { title, name, isInvited }: {
      readonly title: string;
      readonly name: string;
      readonly isInvited: boolean;
    },
  ): Promise<LocalRoom> {
    const { chance, signer, crypto, clock } = this.#parts;
    const made = { title, name, salt: chance.bytes(SALT_BYTES), wallMs: clock.wallMs() };
    const secret = isInvited ? chance.bytes(INVITATION_SECRET_BYTES) : null;
    const entry = foundRoom(secret === null ? made : { ...made, secret }, signer, crypto);
    if (secret !== null) this.#secrets.set(entry.room, secret);
    const localRoom = this.#addRoom(new Replica(entry.room, crypto));
    try {
      await localRoom.addFirstEntry(entry);
    } catch (error) {
      this.#localRooms.delete(entry.room);
      this.#secrets.delete(entry.room);
      throw error;
    }
    return localRoom;
  }

  /** The id of the conversation with that peer, whether or not there is one. */
  directId(peer: PeerId): RoomId {
    return deriveDirectRoom(this.#parts.me, peer, this.#parts.crypto).id;
  }

  /** The conversation with that peer, made if there is none. Nothing is on disk before the first entry. */
  openDirect(peer: PeerId): LocalRoom {
    const { me, crypto } = this.#parts;
    const info = deriveDirectRoom(me, peer, crypto);
    const known = this.#localRooms.get(info.id);
    if (known !== undefined) return known;
    this.#requireLoaded(info.id);
    const replica = new Replica(info, crypto);
    const riddle = this.#unidentified.get(info.id);
    if (riddle === undefined) return this.#addRoom(replica);
    // A log that had only our own lines, of a peer that was no contact any more: now we know whom they were for.
    this.#unidentified.delete(info.id);
    const { folder, log, read } = riddle;
    const report = fillRoom(replica, read, { log, crypto });
    reportDamage(folder, report, this.#parts.onNotice);
    this.#addOpenFiles(folder, log);
    return this.#addRoom(replica, { holders: new Map(), orphans: report.orphans });
  }

  /** These are around: a log that had only our own lines may be the conversation with one of them. Mostly there is no such log, and nobody is looked for. */
  identifyLogs(here: () => readonly PeerId[]): void {
    if (this.#unidentified.size === 0) return;
    const { me, crypto } = this.#parts;
    for (const peer of here()) {
      if (this.#unidentified.has(deriveDirectRoom(me, peer, crypto).id)) this.openDirect(peer);
    }
  }

  /** The room of that id, empty if it is not ours yet: its entries come from a peer. @throws {WorldError} if its log is damaged beyond use. */
  openForJoin(id: RoomId): LocalRoom {
    const riddle = this.#unidentified.get(id);
    if (riddle !== undefined) {
      throw new WorldError(
        `Cannot join that room: its log in "${riddle.folder.folder}" is damaged at the beginning. ` +
          "It is kept as it is. Move the folder away and join again; what was said comes back from the others",
      );
    }
    this.#requireLoaded(id);
    return this.#localRooms.get(id) ?? this.#addRoom(new Replica(id, this.#parts.crypto));
  }

  /** The same for a room by invitation, of which we have the secret. @throws {WorldError}. */
  openByInvitation(id: RoomId, secret: Uint8Array): LocalRoom {
    const { me, crypto } = this.#parts;
    const localRoom = this.openForJoin(id);
    const { info } = localRoom.replica;
    if (info !== undefined && !isKeyOf(info, secret, crypto)) {
      throw new WorldError(
        "Cannot join that room: the link has another secret than the room. Ask for a new link",
      );
    }
    this.#secrets.set(id, secret);
    localRoom.setProof(proveInvitation(secret, { room: id, author: me }, crypto));
    return localRoom;
  }

  /** Keeps the secret for the next start, if the room's folder was there before it. @throws {DiskError}. */
  async saveSecret(id: RoomId): Promise<void> {
    const path = this.#openFiles.get(id)?.secretPath;
    const secret = this.#secrets.get(id);
    if (path !== undefined && secret !== undefined) await saveSecret(this.#parts.disk, { path, secret });
  }

  /** Where the room's things are; undefined before its first entry. */
  folderOf(id: RoomId): RoomFolder | undefined {
    return this.#openFiles.get(id)?.folder;
  }

  /** The secret of a room by invitation; undefined for any other, and if it was lost. */
  secretOf(id: RoomId): Uint8Array | undefined {
    return this.#secrets.get(id);
  }

  /** Forgets a room of which nothing has come. */
  async drop(id: RoomId): Promise<void> {
    const localRoom = this.#localRooms.get(id);
    if (localRoom === undefined || localRoom.replica.entries.length > 0) return;
    this.#localRooms.delete(id);
    this.#secrets.delete(id);
    await localRoom.close();
  }

  /** How far the user has read each author's feed. */
  readUpTo(localRoom: LocalRoom): Vector {
    return this.#readVectors.get(localRoom.replica.id) ?? new Map();
  }

  /** The user has read all that is here now. */
  async markRead(localRoom: LocalRoom): Promise<void> {
    this.#readVectors.set(localRoom.replica.id, new Map(localRoom.held));
    await this.#saveCache(this.#openFiles.get(localRoom.replica.id)?.read, localRoom.held);
  }

  /** Keeps who holds how much of our feed, for the receipts after the next start. */
  async saveHolders(localRoom: LocalRoom): Promise<void> {
    await this.#saveCache(this.#openFiles.get(localRoom.replica.id)?.vectorFile, localRoom.holders);
  }

  /** Brings everything to disk and closes the files. */
  async close(): Promise<void> {
    await this.#roomLoader.close();
    for (const localRoom of this.#localRooms.values()) await localRoom.close();
    for (const { log } of this.#openFiles.values()) await log.close();
    for (const { log } of this.#unidentified.values()) await log.close();
  }

  async #saveCache(file: VectorFile | undefined, vector: Vector): Promise<void> {
    try {
      await file?.save(vector);
    } catch (error) {
      // A full disk is told where it costs something; this comes back by itself.
      if (!(error instanceof DiskError)) throw error;
    }
  }

  /** Lists show rooms in one order, whichever was read first. */
  #sortRooms(): void {
    const localRooms = new Map(this.#localRooms);
    this.#localRooms.clear();
    for (const id of [...this.#folderOrder, ...localRooms.keys()]) {
      const localRoom = localRooms.get(id);
      if (localRoom !== undefined) this.#localRooms.set(id, localRoom);
    }
  }

  /** In a room that has a log, a number that was given before must not be given anew. */
  #requireLoaded(id: RoomId): void {
    if (!this.#roomLoader.has(id)) return;
    throw new WorldError("What was said there is still being read from the disk. Try again in a moment");
  }

  /** With `turn` it is called between pieces, and false from it ends the reading. */
  async #loadRoom(folder: RoomFolder, turn?: () => Promise<boolean>): Promise<void> {
    const { disk } = this.#parts;
    const loaded = await loadRoomLog(folder, {
      ...this.#logParts(),
      ...this.#parts,
      ...(turn !== undefined && { turn }),
    });
    if (loaded === null) return;
    const { log, read, filled } = loaded;
    if (filled === null) {
      this.#unidentified.set(folder.id, { folder, log, read });
      return;
    }
    this.#addOpenFiles(folder, log);
    this.#readVectors.set(folder.id, await loadVectors(disk, readPath(folder)));
    const secret = await loadSecret(disk, folder.secret);
    if (secret !== null) this.#secrets.set(folder.id, secret);
    const { replica, report: { orphans } } = filled;
    this.#addRoom(replica, { holders: await loadVectors(disk, folder.vectors), orphans });
  }

  #logParts(): EntryLogParts {
    const { disk, crypto, logLimits } = this.#parts;
    return { disk, crypto, lineCache: this.#lineCache, ...logLimits };
  }

  #addOpenFiles(folder: RoomFolder, log: EntryLog): void {
    const { disk } = this.#parts;
    const vectorFile = new VectorFile(disk, folder.vectors);
    const read = new VectorFile(disk, readPath(folder));
    this.#openFiles.set(folder.id, { log, vectorFile, read, secretPath: folder.secret, folder });
  }

  #addRoom(replica: Replica, { holders, orphans }: KnownReceipts = NOTHING): LocalRoom {
    const { me, signer, crypto, chance, clock, onChange, charge } = this.#parts;
    const streamNumber = ++this.#streamCount;
    const localRoom: LocalRoom = new LocalRoom({
      me,
      signer,
      crypto,
      chance,
      clock,
      replica,
      holders,
      orphans,
      streamNumber,
      feedMax: () => this.#parts.feedMax(localRoom),
      openLog: () => this.#openLog(replica),
      onChange: (change) => onChange(localRoom, change),
      charge,
      onBug: (error) => this.#parts.onBug(error),
    });
    this.#localRooms.set(replica.id, localRoom);
    return localRoom;
  }

  async #openLog(replica: Replica): Promise<LineLog> {
    const known = this.#openFiles.get(replica.id);
    if (known !== undefined) return known.log;
    const folder = await this.#parts.home.makeRoom(replica.id, this.#folderTitle(replica));
    const secret = this.#secrets.get(replica.id);
    // Before the first entry: a room that nobody can be invited to would be of no use.
    if (secret !== undefined) await saveSecret(this.#parts.disk, { path: folder.secret, secret });
    const { log } = await openEntryLog(this.#logParts(), folder);
    this.#addOpenFiles(folder, log);
    return log;
  }

  #folderTitle({ info }: Replica): string {
    if (info?.access !== "direct") return info?.title ?? "room";
    const other = info.founders.find((founder) => founder !== this.#parts.me);
    return other === undefined ? "direct" : this.#parts.nameOf(other);
  }
}

function readPath(folder: RoomFolder): string {
  return join(folder.folder, "read.json");
}

/** Whether it is the secret of that room; an open room has none, and any will do. */
function isKeyOf({ invitationKey }: RoomInfo, secret: Uint8Array, crypto: Crypto): boolean {
  if (invitationKey === undefined) return true;
  return encodeBase64Url(deriveInvitationSigner(secret, crypto).publicKey) === encodeBase64Url(invitationKey);
}
