/**
 * Where what sessions and rooms report goes: profiles and introductions to the people, records to their rooms, news to
 * the screens, and everything that changes who can be reached to the steering.
 */

import type { AddressBook } from "../client/address_book.ts";
import { PROTOCOL_CODES, type ProtocolCode, type ProtocolError, WorldError } from "../errors.ts";
import type { Connection } from "../net/connection.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Clock, Timer } from "../ports/time.ts";
import { deriveDirectRoom } from "../room/access.ts";
import type { Entry } from "../room/entry.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import { OFFER_KIND } from "../room/file_offer.ts";
import { sanitizeLine } from "../text/sanitize.ts";
import type { WireRecord } from "../wire/record.ts";
import type { EntryAuthor } from "./rooms/entry_author.ts";
import type { AutoContacts } from "./peers/auto_contacts.ts";
import type { ConversationDirectory } from "./views/conversation_directory.ts";
import type { PeerExchange } from "./peers/peer_exchange.ts";
import type { ReachabilityCheck } from "./peers/reachability.ts";
import type { RoomMoveFollower } from "./commands/follow_room_moves.ts";
import type { EventPublisher } from "./views/event_publisher.ts";
import type { LocalProfile } from "./peers/local_profile.ts";
import type { PeerDirectory, PeerProfile } from "./peers/peer_directory.ts";
import type { Presence } from "./peers/presence.ts";
import {
  countPoints,
  HOST_DISCOUNT,
  LOOK_POINTS,
  OFFENCE_POINTS,
  POINTS_PER_SECOND,
  type Quotas,
} from "./support/quotas.ts";
import type { RequestPolicy } from "./peers/request_policy.ts";
import type { LocalRoom, RoomChange } from "./room/local_room.ts";
import type { Rooms } from "./rooms/rooms.ts";
import type { Sessions } from "./peers/sessions.ts";
import type { FileService } from "./transfers/file_service.ts";
import { type ConnectionManager, isActive } from "./peers/connection_manager.ts";
import type { ConditionWaiters } from "./support/condition_waiters.ts";
import { BackgroundTasks } from "./support/background_tasks.ts";

/** Receipts are cached at most this often. */
const HOLDERS_SAVED_MS = 2_000;
/** Characters of an id that can be typed to mean it. */
const ID_SHOWN_CHARS = 8;
/** Ends of sessions that no honest node brings about. */
const OFFENCES: ReadonlySet<ProtocolCode> = new Set(["bad-frame", "bad-record", "too-much"]);

export interface EventRouterParts {
  readonly me: PeerId;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly book: AddressBook;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly autoContacts: AutoContacts;
  readonly connectionManager: ConnectionManager;
  readonly conversations: ConversationDirectory;
  readonly peerExchange: PeerExchange;
  readonly reachability: ReachabilityCheck;
  readonly requestPolicy: RequestPolicy;
  readonly localProfile: LocalProfile;
  readonly presence: Presence;
  readonly entryAuthor: EntryAuthor;
  readonly moveFollower: Pick<RoomMoveFollower, "followNext" | "noteMoves">;
  readonly publisher: EventPublisher;
  readonly fileService: FileService;
  readonly quotas: Quotas;
  readonly waiters: ConditionWaiters;
  /** Discovery must not forget the peer, or may again. */
  onPin(peer: PeerId, isPinned: boolean): void;
  /** A bug in something that nobody waits for. */
  onBug(error: unknown): void;
}

/** The switchboard of one node. */
export class EventRouter {
  readonly #parts: EventRouterParts;
  readonly #holdersTimer: Timer;
  readonly #unsaved = new Set<LocalRoom>();
  readonly #tasks: BackgroundTasks;

  constructor(parts: EventRouterParts) {
    this.#parts = parts;
    this.#tasks = new BackgroundTasks(parts.onBug);
    this.#holdersTimer = parts.clock.timer(() => this.#saveHolders());
  }

  /** A peer has proved who it is. */
  onOpen(connection: Connection, peer: PeerId): void {
    // Also so that a device that has spent its share does not get a new one with a new session.
    this.#parts.quotas.charge(connection, LOOK_POINTS);
    connection.send(this.#parts.localProfile.current());
    this.#parts.onPin(peer, true);
    this.#parts.fileService.onOpen(connection);
    this.onPeers();
  }

  /** A session is over. */
  onClosed(connection: Connection, peer: PeerId, error: ProtocolError): void {
    const { rooms, peerDirectory, connectionManager, autoContacts, publisher, clock, onPin } = this.#parts;
    for (const localRoom of rooms.list()) {
      localRoom.forget(connection);
      // A conversation in which nothing was said: strangers must not leave one behind each.
      if (localRoom.directPeer === peer) this.#tasks.track(rooms.drop(localRoom.replica.id));
    }
    this.#parts.fileService.onClosed(connection);
    if (OFFENCES.has(error.code)) this.#parts.quotas.charge(connection, OFFENCE_POINTS);
    peerDirectory.setProfile(peer, undefined);
    autoContacts.noteSeen(peer);
    if (error.code === "leaving") peerDirectory.noteDeparture(peer);
    onPin(peer, autoContacts.has(peer));
    if (error.code === "wrong-key") {
      publisher.notice(`A device was refused: ${PROTOCOL_CODES["wrong-key"].says}`);
    }
    connectionManager.noteClosed(peer, clock.nowMs() - connection.openedAtMs);
    this.onPeers();
  }

  /** There is room on the connection for more of files. */
  onBulkDrained(connection: Connection): void {
    this.#parts.fileService.onBulkDrained(connection);
  }

  /** There is room on the connection for more. */
  onDrained(connection: Connection): void {
    for (const localRoom of this.#parts.rooms.list()) localRoom.onDrained(connection);
  }

  /** A device has said more than its share. */
  onFlood({ peer }: Pick<Connection, "peer">): void {
    if (peer === undefined) return;
    const { peerDirectory, publisher } = this.#parts;
    // By the id: a name may be anything, and this line is there to be typed.
    publisher.notice(
      `${
        peerDirectory.labelOf(peer)
      } sends more than anybody can read. Only ${POINTS_PER_SECOND} lines a second are taken ` +
        `from that device now; all others go on as before. To hear nothing of it: earshot contacts block ${
          peer.slice(0, ID_SHOWN_CHARS)
        }`,
    );
  }

  /** A record came. */
  onRecord(connection: Connection, record: WireRecord): Promise<void> | undefined {
    const isRelayed = "room" in record && this.#parts.rooms.get(record.room)?.follows(connection) === true;
    this.#parts.quotas.charge(
      connection,
      isRelayed ? countPoints(record) / HOST_DISCOUNT : countPoints(record),
    );
    switch (record.type) {
      case "profile":
        this.#onProfile(connection, record);
        return undefined;
      case "introduce":
        this.#parts.peerExchange.noteIntroductions(connection, record.peers);
        this.#parts.connectionManager.schedule();
        return undefined;
      case "typing":
        this.#onTyping(connection, record.room);
        return undefined;
      case "try":
        this.#parts.reachability.onTry(connection);
        return undefined;
      case "tried":
        this.#parts.reachability.onTried(connection, record);
        return undefined;
      case "meet":
      case "refuse":
      case "entries":
      case "have":
      case "seen":
        return this.#onRoomRecord(connection, record);
      case "seek":
      case "holding":
      case "want":
      case "piece":
      case "drop":
        this.#parts.fileService.onRecord(connection, record);
        return undefined;
      case "ping":
      case "close":
      case "stream":
        return undefined; // The session's own.
    }
  }

  /** Nothing listens any more where the peer was. */
  onAbsent(peer: PeerId): void {
    this.#parts.peerDirectory.noteDeparture(peer);
    this.#parts.publisher.onPeers();
  }

  /** A room reports. */
  onRoom(localRoom: LocalRoom, change: RoomChange): void {
    const { publisher, connectionManager, waiters } = this.#parts;
    switch (change.kind) {
      case "held":
        this.#onHeld(localRoom, change.entries);
        break;
      case "receipts":
        publisher.onReceipts(localRoom);
        this.#saveHoldersSoon(localRoom);
        connectionManager.schedule();
        break;
      case "met":
        connectionManager.noteMet(change.peer, localRoom.replica.id);
        break;
      case "led":
        connectionManager.schedule();
        break;
      case "refused":
        connectionManager.noteRefused(change.peer, localRoom.replica.id);
        break;
      case "attached":
        this.#parts.peerExchange.introduce(localRoom, change.connection);
        break;
      case "level":
        this.#tasks.track(this.#announceName(localRoom));
        break;
      case "trouble":
        publisher.notice(change.text);
        break;
    }
    waiters.recheck();
  }

  /** A log was read behind the start: its room is to be met, told and shown like one that came. */
  onRead(localRoom: LocalRoom | undefined): void {
    if (localRoom !== undefined) {
      this.#parts.publisher.onRoom(localRoom);
      this.#parts.fileService.onRoomLoaded(localRoom);
    }
    this.#parts.localProfile.tell();
    // Also for a log that tells its room only to who knows the other: they may be here.
    this.onPeers();
  }

  /** Who can be reached changed. */
  onPeers(): void {
    const { rooms, peerDirectory, connectionManager, waiters, publisher, moveFollower } = this.#parts;
    rooms.identifyLogs(() => peerDirectory.listPresent());
    moveFollower.followNext();
    connectionManager.schedule();
    waiters.recheck();
    publisher.onPeers();
  }

  /** These rooms are relayed by somebody else than before, or by nobody. */
  onHosts(changed: readonly RoomId[]): void {
    const { rooms, publisher } = this.#parts;
    for (const id of changed) {
      const localRoom = rooms.get(id);
      if (localRoom !== undefined) publisher.onRoom(localRoom);
    }
    this.#parts.localProfile.tell();
  }

  /** Keeps the peer as a contact: the user talks to it. What it said as a stranger and was left out is asked for. */
  befriend(peer: PeerId): void {
    const { autoContacts, me, crypto, rooms, onPin } = this.#parts;
    const isNew = !autoContacts.has(peer);
    autoContacts.keep(peer);
    onPin(peer, true);
    if (isNew) rooms.get(deriveDirectRoom(me, peer, crypto).id)?.askAgain();
  }

  /** Saves what is cached, and stops the timer. */
  async close(): Promise<void> {
    this.#holdersTimer[Symbol.dispose]();
    this.#saveHolders();
    await this.#tasks.settled();
  }

  #onProfile(connection: Connection, profile: PeerProfile): void {
    const { peerDirectory, book, autoContacts, publisher } = this.#parts;
    const { peer, remote: { address } } = connection;
    if (peer === undefined) return;
    if (autoContacts.findImpersonated(peer, profile, address) !== undefined) {
      publisher.notice(
        `A device at ${address} calls itself "${
          sanitizeLine(profile.name)
        }" as your contact there does, but it has another key. ` +
          "It was refused: it may be somebody else. If your contact has started anew, remove the old one: earshot contacts remove NAME",
      );
      return connection.close("wrong-key");
    }
    peerDirectory.setProfile(peer, profile);
    book.note(peer, { address, port: profile.rendezvousPort });
    if (autoContacts.has(peer)) this.befriend(peer);
    this.onPeers();
  }

  #onRoomRecord(
    connection: Connection,
    record: Extract<WireRecord, { readonly room: RoomId }>,
  ): Promise<void> | undefined {
    const { peer } = connection;
    if (peer === undefined) return undefined;
    const { loading } = this.#parts.rooms;
    if (loading.has(record.room)) return this.#onceRead(connection, record);
    const localRoom = this.#keeperFor(connection, peer, record.room);
    if (localRoom !== undefined) return localRoom.onRecord(connection, record);
    if (record.type === "meet") connection.send({ type: "refuse", room: record.room });
    return undefined;
  }

  /** The connection waits: what it brings builds on this. */
  async #onceRead(
    connection: Connection,
    record: Extract<WireRecord, { readonly room: RoomId }>,
  ): Promise<void> {
    const { rooms, sessions } = this.#parts;
    await rooms.loading.loadNext(record.room);
    const isHere = connection.peer !== undefined && sessions.connections.get(connection.peer) === connection;
    // When the node stops, rooms remain unread.
    if (isHere && !rooms.loading.has(record.room)) await this.#onRoomRecord(connection, record);
  }

  #onTyping(connection: Connection, room: RoomId): void {
    const { rooms, presence } = this.#parts;
    const localRoom = rooms.get(room);
    if (localRoom?.hasMet(connection)) presence.onTyping(connection, localRoom);
  }

  /** Our room of that id, if we are in it, are joining it there or share a conversation of two with the peer. */
  #keeperFor(connection: Connection, peer: PeerId, room: RoomId): LocalRoom | undefined {
    const { me, crypto, rooms, autoContacts, requestPolicy, connectionManager } = this.#parts;
    const known = rooms.get(room);
    if (known !== undefined) return known.hasMet(connection) || isActive(known) ? known : undefined;
    if (
      deriveDirectRoom(me, peer, crypto).id !== room ||
      !autoContacts.has(peer) && requestPolicy.isFull(rooms.list())
    ) {
      return undefined;
    }
    // Who relays a new conversation is to be decided, too.
    connectionManager.schedule();
    return rooms.openDirect(peer);
  }

  #onHeld(localRoom: LocalRoom, entries: readonly Entry[]): void {
    const { publisher, me, connectionManager, moveFollower, fileService } = this.#parts;
    // First, so that the news can tell what is offered.
    fileService.onEntries(localRoom, entries);
    publisher.onEntries(localRoom, entries);
    if (entries.some(({ kind }) => kind === "invite" || kind === "move")) moveFollower.noteMoves();
    const other = localRoom.directPeer;
    const own = entries.filter(({ author }) => author === me);
    if (other !== undefined && own.some(({ kind }) => kind === "text" || kind === OFFER_KIND)) {
      this.befriend(other);
    } // Our first word, though it makes nobody a contact: the other is no stranger any more, and what was left out is wanted.
    else if (other !== undefined && own.some(({ number }) => number === 1)) localRoom.askAgain();
    const isMembership = entries.some(({ kind }) => kind !== "text" && kind !== OFFER_KIND);
    if (isMembership) {
      publisher.onRoom(localRoom);
      this.#parts.localProfile.tell();
    }
    if (isMembership || own.length > 0) connectionManager.schedule();
  }

  /**
   * A name that we took at the start is told when a member has been met and not before: this home may be an old one, whose
   * next number is taken. A disk that is full now keeps the room from hearing of it, not the node from running.
   */
  async #announceName(localRoom: LocalRoom): Promise<void> {
    try {
      await this.#parts.entryAuthor.announceName([localRoom]);
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
      this.#parts.publisher.notice(error.message);
    }
  }

  #saveHoldersSoon(localRoom: LocalRoom): void {
    if (this.#unsaved.size === 0) this.#holdersTimer.wakeAt(this.#parts.clock.nowMs() + HOLDERS_SAVED_MS);
    this.#unsaved.add(localRoom);
  }

  #saveHolders(): void {
    for (const localRoom of this.#unsaved) this.#tasks.track(this.#parts.rooms.saveHolders(localRoom));
    this.#unsaved.clear();
  }
}
