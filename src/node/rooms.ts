/** All rooms of a node: loaded from their logs, made, joined, found by id. */

import { join } from "@std/path";
import { DiskError, WorldError } from "../errors.ts";
import type { Link } from "../net/pump.ts";
import type { Chance, Clock, Crypto, Disk, Signer } from "../ports.ts";
import { directRoom, foundRoom, type RoomInfo } from "../room/access.ts";
import { encodeBase64Url } from "../room/base64.ts";
import { readEntry } from "../room/entry.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import { INVITATION_SECRET_BYTES, invitationSigner, proveInvitation } from "../room/invitation.ts";
import { reload, type ReloadReport } from "../room/reload.ts";
import { Replica } from "../room/replica.ts";
import type { Vector } from "../room/vector.ts";
import type { Home } from "../store/home.ts";
import { loadSecret, saveSecret } from "../store/secret.ts";
import { type OpenedLog, openLog, type RoomLog } from "../store/log.ts";
import type { RoomFolder } from "../store/paths.ts";
import { loadSeen, SeenFile } from "../store/seen.ts";
import type { LineLog } from "./keeping.ts";
import { type KeeperParts, type RoomChange, RoomKeeper } from "./room_keeper.ts";

const SALT_BYTES = 16;
/** Line numbers named in a notice. */
const LINES_TOLD_MAX = 5;

/** What rooms need. */
export interface RoomsParts {
  readonly me: PeerId;
  readonly signer: Signer;
  readonly crypto: Crypto;
  readonly chance: Chance;
  readonly clock: Clock;
  readonly disk: Disk;
  readonly home: Home;
  /** Peers that a conversation may be with when its log has only our own entries. */
  contactIds(): readonly PeerId[];
  /** What to call a direct conversation's folder. */
  nameOf(peer: PeerId): string;
  /** Entries of one feed that are taken in for now (see KeeperParts). */
  feedMax(keeper: RoomKeeper): number;
  onChange(keeper: RoomKeeper, change: RoomChange): void;
  /** The peer on that link has caused so much work on top of its records (see Quotas). */
  charge(link: Link, points: number): void;
  /** A bug in something that nobody waits for. */
  onBug(error: unknown): void;
  /** A sentence for the user. */
  onNotice(text: string): void;
}

/** What is on disk for a room. The caches (who holds our feed, what the user has read) come back by themselves if they are lost. */
interface Shelf {
  readonly log: RoomLog;
  readonly seen: SeenFile;
  readonly read: SeenFile;
  readonly secretPath: string;
  readonly folder: RoomFolder;
}

/** What is known of a room beside its replica. */
type Remembered = Pick<KeeperParts, "holders" | "orphans">;
const NOTHING: Remembered = { holders: new Map(), orphans: [] };

/** The rooms of one node. */
export class Rooms {
  readonly #parts: RoomsParts;
  readonly #keepers = new Map<RoomId, RoomKeeper>();
  readonly #shelves = new Map<RoomId, Shelf>();
  readonly #secrets = new Map<RoomId, Uint8Array>();
  readonly #readers = new Map<RoomId, Vector>();
  /** Logs that do not tell what room they are of. */
  readonly #riddles = new Map<RoomId, { readonly folder: RoomFolder; readonly opened: OpenedLog }>();
  #streamCount = 0;

  /** Empty until `load`. */
  constructor(parts: RoomsParts) {
    this.#parts = parts;
  }

  /** All rooms, those that we left included. */
  list(): readonly RoomKeeper[] {
    return [...this.#keepers.values()];
  }

  /** The room of that id. */
  get(id: RoomId): RoomKeeper | undefined {
    return this.#keepers.get(id);
  }

  /** Reads every room's log. What cannot be read is told and stays as it is. @throws {DiskError}. */
  async load(): Promise<void> {
    for (const folder of await this.#parts.home.listRooms()) await this.#loadRoom(folder);
  }

  /** Makes a room. @throws {DiskError}; then there is no room. */
  async create(
    { title, name, isInvited }: {
      readonly title: string;
      readonly name: string;
      readonly isInvited: boolean;
    },
  ): Promise<RoomKeeper> {
    const { chance, signer, crypto, clock } = this.#parts;
    const made = { title, name, salt: chance.bytes(SALT_BYTES), wallMs: clock.wallMs() };
    const secret = isInvited ? chance.bytes(INVITATION_SECRET_BYTES) : null;
    const entry = foundRoom(secret === null ? made : { ...made, secret }, signer, crypto);
    if (secret !== null) this.#secrets.set(entry.room, secret);
    const keeper = this.#keep(new Replica(entry.room, crypto));
    try {
      await keeper.found(entry);
    } catch (error) {
      this.#keepers.delete(entry.room);
      this.#secrets.delete(entry.room);
      throw error;
    }
    return keeper;
  }

  /** The conversation with that peer, made if there is none. Nothing is on disk before the first entry. */
  direct(peer: PeerId): RoomKeeper {
    const { me, crypto } = this.#parts;
    const info = directRoom(me, peer, crypto);
    const known = this.#keepers.get(info.id);
    if (known !== undefined) return known;
    const replica = new Replica(info, crypto);
    const riddle = this.#riddles.get(info.id);
    if (riddle === undefined) return this.#keep(replica);
    // A log that had only our own lines, of a peer that was no contact any more: now we know whom they were for.
    this.#riddles.delete(info.id);
    const report = reload(replica, riddle.opened.lines, crypto);
    this.#tellDamage(riddle.folder, report);
    this.#putOnShelf(riddle.folder, riddle.opened.log);
    return this.#keep(replica, { holders: new Map(), orphans: report.orphans });
  }

  /** Somebody is around: a log that had only our own lines may be the conversation with them. */
  recall(peer: PeerId): void {
    if (this.#riddles.size === 0) return;
    const { me, crypto } = this.#parts;
    if (this.#riddles.has(directRoom(me, peer, crypto).id)) this.direct(peer);
  }

  /** The room of that id, empty if it is not ours yet: its entries come from a peer. @throws {WorldError} if its log is damaged beyond use. */
  joining(id: RoomId): RoomKeeper {
    const riddle = this.#riddles.get(id);
    if (riddle !== undefined) {
      throw new WorldError(
        `Cannot join that room: its log in "${riddle.folder.folder}" is damaged at the beginning. ` +
          "It is kept as it is. Move the folder away and join again; what was said comes back from the others",
      );
    }
    return this.#keepers.get(id) ?? this.#keep(new Replica(id, this.#parts.crypto));
  }

  /** The same for a room by invitation, of which we have the secret. @throws {WorldError}. */
  joiningBy(id: RoomId, secret: Uint8Array): RoomKeeper {
    const { me, crypto } = this.#parts;
    const keeper = this.joining(id);
    const { info } = keeper.replica;
    if (info !== undefined && !isKeyOf(info, secret, crypto)) {
      throw new WorldError(
        "Cannot join that room: the link has another secret than the room. Ask for a new link",
      );
    }
    this.#secrets.set(id, secret);
    keeper.comeWith(proveInvitation(secret, { room: id, author: me }, crypto));
    return keeper;
  }

  /** Keeps the secret for the next start, if the room's folder was there before it. @throws {DiskError}. */
  async saveSecret(id: RoomId): Promise<void> {
    const path = this.#shelves.get(id)?.secretPath;
    const secret = this.#secrets.get(id);
    if (path !== undefined && secret !== undefined) await saveSecret(this.#parts.disk, { path, secret });
  }

  /** Where the room's things are; undefined before its first entry. */
  folderOf(id: RoomId): RoomFolder | undefined {
    return this.#shelves.get(id)?.folder;
  }

  /** The secret of a room by invitation; undefined for any other, and if it was lost. */
  secretOf(id: RoomId): Uint8Array | undefined {
    return this.#secrets.get(id);
  }

  /** Forgets a room of which nothing has come. */
  async drop(id: RoomId): Promise<void> {
    const keeper = this.#keepers.get(id);
    if (keeper === undefined || keeper.replica.entries.length > 0) return;
    this.#keepers.delete(id);
    this.#secrets.delete(id);
    await keeper.close();
  }

  /** How far the user has read each author's feed. */
  readUpTo(keeper: RoomKeeper): Vector {
    return this.#readers.get(keeper.replica.id) ?? new Map();
  }

  /** The user has read all that is here now. */
  async markRead(keeper: RoomKeeper): Promise<void> {
    this.#readers.set(keeper.replica.id, new Map(keeper.held));
    await this.#saveCache(this.#shelves.get(keeper.replica.id)?.read, keeper.held);
  }

  /** Keeps who holds how much of our feed, for the receipts after the next start. */
  async saveHolders(keeper: RoomKeeper): Promise<void> {
    await this.#saveCache(this.#shelves.get(keeper.replica.id)?.seen, keeper.holders);
  }

  /** Brings everything to disk and closes the files. */
  async close(): Promise<void> {
    for (const keeper of this.#keepers.values()) await keeper.close();
    for (const { log } of this.#shelves.values()) await log.close();
    for (const { opened } of this.#riddles.values()) await opened.log.close();
  }

  async #saveCache(file: SeenFile | undefined, vector: Vector): Promise<void> {
    try {
      await file?.save(vector);
    } catch (error) {
      // A full disk is told where it costs something; this comes back by itself.
      if (!(error instanceof DiskError)) throw error;
    }
  }

  async #loadRoom(folder: RoomFolder): Promise<void> {
    const { disk, crypto, onNotice } = this.#parts;
    const opened = await openLog(disk, folder.log);
    const { log, lines, setAside } = opened;
    if (setAside !== null) {
      onNotice(
        `The last line of "${folder.log}" was cut short. What is left of it (${setAside.sizeBytes} bytes) is kept in "${setAside.path}"`,
      );
    }
    // A folder that was made just before a crash: the next line finds it again.
    if (lines.length === 0) return await log.close();
    const room = this.#infoOf(folder.id, lines);
    if (room === undefined) {
      this.#riddles.set(folder.id, { folder, opened });
      return onNotice(
        `The log "${folder.log}" cannot be shown: nothing in it tells whose it is. It is kept as it is`,
      );
    }
    const replica = new Replica(room, crypto);
    const report = reload(replica, lines, crypto);
    this.#tellDamage(folder, report);
    this.#putOnShelf(folder, log);
    this.#readers.set(folder.id, await loadSeen(disk, readPath(folder)));
    const secret = await loadSecret(disk, folder.secret);
    if (secret !== null) this.#secrets.set(folder.id, secret);
    this.#keep(replica, { holders: await loadSeen(disk, folder.seen), orphans: report.orphans });
  }

  #putOnShelf(folder: RoomFolder, log: RoomLog): void {
    const { disk } = this.#parts;
    const seen = new SeenFile(disk, folder.seen);
    const read = new SeenFile(disk, readPath(folder));
    this.#shelves.set(folder.id, { log, seen, read, secretPath: folder.secret, folder });
  }

  #tellDamage(folder: RoomFolder, { unreadable, distrustedCount }: ReloadReport): void {
    const { onNotice } = this.#parts;
    const comeBack = "They are kept as they are; what they said comes back from other members";
    if (unreadable.length > 0) {
      const which = unreadable.slice(0, LINES_TOLD_MAX).join(", ") +
        (unreadable.length > LINES_TOLD_MAX ? ", …" : "");
      onNotice(`Lines of "${folder.log}" cannot be read: ${which}. ${comeBack}`);
    }
    if (distrustedCount > 0) {
      onNotice(
        `Lines of "${folder.log}" were changed after they were written: ${distrustedCount} are not shown. ${comeBack}`,
      );
    }
  }

  /** The founding of a direct conversation, else the id: then the log's first entry tells the rest. */
  #infoOf(id: RoomId, lines: readonly string[]): RoomInfo | RoomId | undefined {
    const { me, crypto, contactIds } = this.#parts;
    const authors = new Set<PeerId>(contactIds());
    for (const line of lines) {
      const entry = readEntry(line, crypto);
      if ("problem" in entry) continue;
      if (entry.kind === "room") return id;
      authors.add(entry.author);
    }
    authors.delete(me);
    for (const peer of authors) {
      const info = directRoom(me, peer, crypto);
      if (info.id === id) return info;
    }
    return undefined;
  }

  #keep(replica: Replica, { holders, orphans }: Remembered = NOTHING): RoomKeeper {
    const { me, signer, crypto, chance, clock, onChange, charge } = this.#parts;
    const streamNumber = ++this.#streamCount;
    const keeper: RoomKeeper = new RoomKeeper({
      me,
      signer,
      crypto,
      chance,
      clock,
      replica,
      holders,
      orphans,
      streamNumber,
      feedMax: () => this.#parts.feedMax(keeper),
      openLog: () => this.#openLog(replica),
      onChange: (change) => onChange(keeper, change),
      charge,
      onBug: (error) => this.#parts.onBug(error),
    });
    this.#keepers.set(replica.id, keeper);
    return keeper;
  }

  async #openLog(replica: Replica): Promise<LineLog> {
    const known = this.#shelves.get(replica.id);
    if (known !== undefined) return known.log;
    const folder = await this.#parts.home.makeRoom(replica.id, this.#folderTitle(replica));
    const secret = this.#secrets.get(replica.id);
    // Before the first entry: a room that nobody can be invited to would be of no use.
    if (secret !== undefined) await saveSecret(this.#parts.disk, { path: folder.secret, secret });
    const { log } = await openLog(this.#parts.disk, folder.log);
    this.#putOnShelf(folder, log);
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
  return encodeBase64Url(invitationSigner(secret, crypto).publicKey) === encodeBase64Url(invitationKey);
}
