/** All rooms of a node: loaded from logs, created, joined, found by id. */

import { message } from "../../messages/message.ts";
import { WorldError } from "../../errors.ts";
import type { Crypto, Signer } from "../../ports/crypto.ts";
import type { Ports } from "../../ports/node_ports.ts";
import { deriveDirectRoom, foundRoom, type RoomInfo } from "../../room/access.ts";
import { encodeBase64Url } from "../../encoding/base64url.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import { deriveInvitationSigner, INVITATION_SECRET_BYTES, proveInvitation } from "../../room/invitation.ts";
import { Replica } from "../../room/replica.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import type { Home } from "../../store/home/home.ts";
import {
  type EntryLog,
  type EntryLogParts,
  type LogLimits,
  openEntryLog,
} from "../../store/log/entry_log.ts";
import { LineCache } from "../../store/log/line_cache.ts";
import type { RoomFolder } from "../../store/home/paths.ts";
import type { LineLog } from "../room/log_writer.ts";
import { fillRoom, loadRoomLog, reportDamage, type ScannedLog } from "./load_room_log.ts";
import { LocalRoom, type LocalRoomParts } from "../room/local_room.ts";
import type { RoomListener } from "../room/room_listener.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { Notices } from "../support/notices.ts";
import { RoomFiles } from "./room_files.ts";
import { RoomLoader } from "./room_loader.ts";
import type { AuthorShares } from "./author_shares.ts";
import { requireRoomInMemory } from "./home_size.ts";

/** Bytes of logs that are loaded before the node is ready, 20 ms of its start. The other logs are loaded while it runs. */
export const LOADED_AT_START_BYTES = 512 * 1024;
const SALT_BYTES = 16;

export interface RoomsParts {
  readonly me: PeerId;
  readonly signer: Signer;
  readonly ports: Pick<Ports, "crypto" | "chance" | "clock" | "disk">;
  readonly home: Home;
  readonly logLimits: LogLimits;
  /** A log with our entries alone may be the conversation with one of the contacts. */
  readonly contacts: ContactsFile;
  readonly requestPolicy: FeedLimits;
  readonly authorShares: AuthorShares;
  readonly notices: Notices;
  readonly tasks: BackgroundTasks;
}

/** How many entries of one feed a room accepts for now. */
export interface FeedLimits {
  feedMax(localRoom: LocalRoom): number;
}

/** A log that does not tell which room it is of. */
interface UnidentifiedLog {
  readonly folder: RoomFolder;
  readonly log: EntryLog;
  readonly read: ScannedLog;
}

/** Facts about a room beside its replica. */
type KnownReceipts = Pick<LocalRoomParts, "holders" | "orphans">;
const NOTHING: KnownReceipts = { holders: new Map(), orphans: [] };

/** The rooms of one node. */
export class Rooms {
  readonly #parts: RoomsParts;
  /** The files of the rooms. */
  readonly files: RoomFiles;
  readonly #localRooms = new Map<RoomId, LocalRoom>();
  readonly #unidentified = new Map<RoomId, UnidentifiedLog>();
  readonly #lineCache: LineCache;
  readonly #roomLoader: RoomLoader;
  /** In the order of the folders in the home. */
  #folderOrder: readonly RoomId[] = [];
  #streamCount = 0;
  #listener: RoomListener | undefined;

  /** Empty until `load`. */
  constructor(parts: RoomsParts) {
    this.#parts = parts;
    this.files = new RoomFiles(parts.ports.disk);
    this.#lineCache = new LineCache({ ...parts.ports, ...parts.logLimits });
    this.#roomLoader = new RoomLoader({
      clock: parts.ports.clock,
      read: (folder, turn) => this.#loadRoom(folder, turn),
      onLoaded: (id) => {
        this.#sortRooms();
        this.listener.onLoaded(this.get(id));
      },
    });
  }

  /** The listener above. It is bound once, before any room is loaded. */
  set listener(listener: RoomListener) {
    this.#listener = listener;
  }

  get listener(): RoomListener {
    if (this.#listener === undefined) throw new Error("No listener is bound to the rooms");
    return this.#listener;
  }

  /** Rooms that are not loaded yet: `get` and `list` do not return them, and they cannot be created again. */
  get loading(): Pick<RoomLoader, "has" | "folders" | "loadNext" | "waitForAll"> {
    return this.#roomLoader;
  }

  /** All loaded rooms, with those that we left. */
  list(): readonly LocalRoom[] {
    return [...this.#localRooms.values()];
  }

  /** The room of that id. */
  get(id: RoomId): LocalRoom | undefined {
    return this.#localRooms.get(id);
  }

  /** Loads the rooms up to LOADED_AT_START_BYTES; `loadOthers` loads the rest. Damage is reported, and the logs are kept as they are. @throws {DiskError}. */
  async load(): Promise<void> {
    const { ports: { disk }, home } = this.#parts;
    const folders = await home.listRooms();
    this.#folderOrder = folders.map(({ id }) => id);
    const sizes = await Promise.all(folders.map(async ({ log }) => await disk.size(log) ?? 0));
    const logs = folders.map((folder, index) => ({ folder, sizeBytes: sizes[index] ?? 0 }));
    await requireRoomInMemory(disk, logs);
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

  /** Loads the rooms that `load` left, in the background; resolves when that is done or the rooms are closed. @throws {DiskError}. */
  loadOthers(): Promise<void> {
    return this.#roomLoader.run();
  }

  /** Creates a room. @throws {DiskError}; then there is no room. */
  async create(
    { title, name, isInvited }: {
      readonly title: string;
      readonly name: string;
      readonly isInvited: boolean;
    },
  ): Promise<LocalRoom> {
    const { signer, ports: { chance, crypto, clock } } = this.#parts;
    const made = { title, name, salt: chance.bytes(SALT_BYTES), wallMs: clock.wallMs() };
    const secret = isInvited ? chance.bytes(INVITATION_SECRET_BYTES) : null;
    const entry = foundRoom(secret === null ? made : { ...made, secret }, signer, crypto);
    if (secret !== null) this.files.setSecret(entry.room, secret);
    const localRoom = this.#addRoom(new Replica(entry.room, crypto));
    try {
      await localRoom.addFirstEntry(entry);
    } catch (error) {
      this.#localRooms.delete(entry.room);
      this.files.setSecret(entry.room, undefined);
      throw error;
    }
    return localRoom;
  }

  /** The id of the direct conversation with that peer, whether it exists or not. */
  directId(peer: PeerId): RoomId {
    return deriveDirectRoom(this.#parts.me, peer, this.#parts.ports.crypto).id;
  }

  /** The direct conversation with that peer, created if there is none. Nothing is on disk before the first entry. */
  openDirect(peer: PeerId): LocalRoom {
    const { me, ports: { crypto } } = this.#parts;
    const info = deriveDirectRoom(me, peer, crypto);
    const known = this.#localRooms.get(info.id);
    if (known !== undefined) return known;
    this.#requireLoaded(info.id);
    const replica = new Replica(info, crypto);
    const unidentified = this.#unidentified.get(info.id);
    if (unidentified === undefined) return this.#addRoom(replica);
    // A log with our entries alone, for a peer that was no contact any more: now we know the peer.
    this.#unidentified.delete(info.id);
    const { folder, log, read } = unidentified;
    const report = fillRoom(replica, read, { log, crypto });
    reportDamage(folder, report, this.#parts.notices);
    this.files.add(folder, log);
    return this.#addRoom(replica, { holders: new Map(), orphans: report.orphans });
  }

  /** A log with our entries alone may be the direct conversation with a present peer. Mostly there is no such log, and `here` is not called. */
  identifyLogs(here: () => readonly PeerId[]): void {
    if (this.#unidentified.size === 0) return;
    const { me, ports: { crypto } } = this.#parts;
    for (const peer of here()) {
      if (this.#unidentified.has(deriveDirectRoom(me, peer, crypto).id)) this.openDirect(peer);
    }
  }

  /** The room of that id, created empty if we do not have it: its entries come from a peer. @throws {WorldError} if its log is damaged beyond use. */
  openForJoin(id: RoomId): LocalRoom {
    const unidentified = this.#unidentified.get(id);
    if (unidentified !== undefined) {
      throw new WorldError(message("room.damaged", { folder: unidentified.folder.folder }));
    }
    this.#requireLoaded(id);
    return this.#localRooms.get(id) ?? this.#addRoom(new Replica(id, this.#parts.ports.crypto));
  }

  /** The same for an invite-only room, with its secret. @throws {WorldError}. */
  openByInvitation(id: RoomId, secret: Uint8Array): LocalRoom {
    const { me, ports: { crypto } } = this.#parts;
    const localRoom = this.openForJoin(id);
    const { info } = localRoom.replica;
    if (info !== undefined && !isKeyOf(info, secret, crypto)) {
      throw new WorldError(message("room.wrong-secret"));
    }
    this.files.setSecret(id, secret);
    localRoom.proof.set(proveInvitation(secret, { room: id, author: me }, crypto));
    return localRoom;
  }

  /** Drops a room without entries. */
  async drop(id: RoomId): Promise<void> {
    const localRoom = this.#localRooms.get(id);
    if (localRoom === undefined || localRoom.replica.entries.length > 0) return;
    this.#localRooms.delete(id);
    this.files.setSecret(id, undefined);
    await localRoom.close();
  }

  /** Writes all entries to disk and closes the files. */
  async close(): Promise<void> {
    await this.#roomLoader.close();
    for (const localRoom of this.#localRooms.values()) await localRoom.close();
    await this.files.close();
    for (const { log } of this.#unidentified.values()) await log.close();
  }

  /** Lists show rooms in one order, independent of which was loaded first. */
  #sortRooms(): void {
    const localRooms = new Map(this.#localRooms);
    this.#localRooms.clear();
    for (const id of [...this.#folderOrder, ...localRooms.keys()]) {
      const localRoom = localRooms.get(id);
      if (localRoom !== undefined) this.#localRooms.set(id, localRoom);
    }
  }

  /** In a room with a log that is not loaded, we could use a number a second time. */
  #requireLoaded(id: RoomId): void {
    if (!this.#roomLoader.has(id)) return;
    throw new WorldError(message("room.loading"));
  }

  /** `turn` is called between pieces; false from it ends the loading. */
  async #loadRoom(folder: RoomFolder, turn?: () => Promise<boolean>): Promise<void> {
    const { me, ports: { crypto }, contacts, notices } = this.#parts;
    const loaded = await loadRoomLog(folder, {
      ...this.#logParts(),
      me,
      crypto,
      contacts,
      notices,
      ...(turn !== undefined && { turn }),
    });
    if (loaded === null) return;
    const { log, read, filled } = loaded;
    if (filled === null) {
      this.#unidentified.set(folder.id, { folder, log, read });
      return;
    }
    this.files.add(folder, log);
    const { holders } = await this.files.loadCaches(folder);
    const { replica, report: { orphans } } = filled;
    this.#addRoom(replica, { holders, orphans });
  }

  #logParts(): EntryLogParts {
    const { ports: { disk, crypto }, logLimits } = this.#parts;
    return { disk, crypto, lineCache: this.#lineCache, ...logLimits };
  }

  #addRoom(replica: Replica, { holders, orphans }: KnownReceipts = NOTHING): LocalRoom {
    const { me, signer, ports, requestPolicy, authorShares, notices, tasks } = this.#parts;
    const localRoom = new LocalRoom({
      me,
      signer,
      ports,
      replica,
      holders,
      orphans,
      streamNumber: ++this.#streamCount,
      mayKeep: (room, entry) =>
        entry.number <= requestPolicy.feedMax(room) && authorShares.mayKeep(room, entry, this.list()),
      openLog: () => this.#openLog(replica),
      listener: this.listener,
      notices,
      tasks,
    });
    this.#localRooms.set(replica.id, localRoom);
    return localRoom;
  }

  async #openLog(replica: Replica): Promise<LineLog> {
    const known = this.files.logOf(replica.id);
    if (known !== undefined) return known;
    const folder = await this.#parts.home.makeRoom(replica.id, this.#folderTitle(replica));
    // Before the first entry: without the secret no peer could be invited.
    await this.files.saveSecret(replica.id, folder);
    const { log } = await openEntryLog(this.#logParts(), folder);
    this.files.add(folder, log);
    return log;
  }

  #folderTitle({ info }: Replica): string {
    if (info?.access !== "direct") return info?.title ?? "room";
    const other = info.founders.find((founder) => founder !== this.#parts.me);
    return other === undefined ? "direct" : this.listener.nameOf(other);
  }
}

/** Whether it is the room's secret; an open room has none, and any secret will do. */
function isKeyOf({ invitationKey }: RoomInfo, secret: Uint8Array, crypto: Crypto): boolean {
  if (invitationKey === undefined) return true;
  return encodeBase64Url(deriveInvitationSigner(secret, crypto).publicKey) === encodeBase64Url(invitationKey);
}
