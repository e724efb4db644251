/**
 * Where what sessions and rooms report goes: profiles and introductions to the people, records to their rooms, news to
 * the screens, and everything that changes who can be reached to the steering.
 */

import type { AddressBook } from "../client/address_book.ts";
import { PROTOCOL_CODES, type ProtocolCode, type ProtocolError, WorldError } from "../errors.ts";
import type { Link } from "../net/pump.ts";
import type { Clock, Crypto, Timer } from "../ports.ts";
import { directRoom } from "../room/access.ts";
import type { Entry } from "../room/entry.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import { OFFER_KIND } from "../room/offer.ts";
import { safeLine } from "../room/text.ts";
import type { Rec } from "../wire/record.ts";
import type { Authoring } from "./authoring.ts";
import type { ContactKeeper } from "./contact_keeper.ts";
import type { Conversations } from "./conversations.ts";
import type { Introductions } from "./introductions.ts";
import type { Knocks } from "./knocks.ts";
import type { Moving } from "./moving.ts";
import type { News } from "./news.ts";
import { OwnProfile } from "./own_profile.ts";
import type { PeerProfile, People } from "./people.ts";
import type { Presence } from "./presence.ts";
import {
  HOST_DISCOUNT,
  LOOK_POINTS,
  OFFENCE_POINTS,
  POINTS_PER_SECOND,
  pointsOf,
  type Quotas,
} from "./quotas.ts";
import type { Requests } from "./requests.ts";
import type { RoomChange, RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Sessions } from "./sessions.ts";
import type { Sharing } from "./sharing.ts";
import { isActive, type Steering } from "./steering.ts";
import type { Waiters } from "./waiters.ts";
import { Works } from "./works.ts";

/** Receipts are cached at most this often. */
const HOLDERS_SAVED_MS = 2_000;
/** Characters of an id that can be typed to mean it. */
const ID_SHOWN_CHARS = 8;
/** Ends of sessions that no honest node brings about. */
const OFFENCES: ReadonlySet<ProtocolCode> = new Set(["bad-frame", "bad-record", "too-much"]);

/** What the switchboard connects. */
export interface SwitchboardParts {
  readonly me: PeerId;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly book: AddressBook;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly people: People;
  readonly contacts: ContactKeeper;
  readonly steering: Steering;
  readonly conversations: Conversations;
  readonly introductions: Introductions;
  readonly knocks: Knocks;
  readonly requests: Requests;
  readonly presence: Presence;
  readonly authoring: Authoring;
  readonly moving: Pick<Moving, "look" | "note">;
  readonly news: News;
  readonly sharing: Sharing;
  readonly quotas: Quotas;
  readonly waiters: Waiters;
  /** What we are called now. */
  myName(): string;
  /** Our rendezvous port; 0 without a network. */
  myPort(): number;
  /** What our device is worth as a host. */
  myMerit(): number;
  /** What beacons should say changed. */
  onProfile(profile: Omit<PeerProfile, "type" | "away">): void;
  /** Discovery must not forget the peer, or may again. */
  onPin(peer: PeerId, isPinned: boolean): void;
  /** A bug in something that nobody waits for. */
  onBug(error: unknown): void;
}

/** The switchboard of one node. */
export class Switchboard {
  readonly #parts: SwitchboardParts;
  readonly #holdersTimer: Timer;
  readonly #ownProfile: OwnProfile;
  readonly #unsaved = new Set<RoomKeeper>();
  readonly #works: Works;

  /** Starts nothing. */
  constructor(parts: SwitchboardParts) {
    this.#parts = parts;
    this.#works = new Works(parts.onBug);
    this.#holdersTimer = parts.clock.timer(() => this.#saveHolders());
    this.#ownProfile = new OwnProfile(parts);
  }

  /** A peer has proved who it is. */
  onOpen(link: Link, peer: PeerId): void {
    // Also so that a device that has spent its share does not get a new one with a new session.
    this.#parts.quotas.charge(link, LOOK_POINTS);
    link.send(this.#ownProfile.now());
    this.#parts.onPin(peer, true);
    this.#parts.sharing.onOpen(link);
    this.onPeers();
  }

  /** A session is over. */
  onClosed(link: Link, peer: PeerId, error: ProtocolError): void {
    const { rooms, people, steering, contacts, conversations, news, clock, onPin } = this.#parts;
    for (const keeper of rooms.list()) {
      keeper.forget(link);
      // A conversation in which nothing was said: strangers must not leave one behind each.
      if (conversations.otherOf(keeper) === peer) this.#works.track(rooms.drop(keeper.replica.id));
    }
    this.#parts.sharing.onClosed(link);
    if (OFFENCES.has(error.code)) this.#parts.quotas.charge(link, OFFENCE_POINTS);
    people.setProfile(peer, undefined);
    contacts.noteSeen(peer);
    if (error.code === "leaving") people.depart(peer);
    onPin(peer, contacts.has(peer));
    if (error.code === "wrong-key") news.notice(`A device was refused: ${PROTOCOL_CODES["wrong-key"].says}`);
    steering.gone(peer, clock.nowMs() - link.openedAtMs);
    this.onPeers();
  }

  /** There is room on the link for more of files. */
  onBulkDrained(link: Link): void {
    this.#parts.sharing.onBulkDrained(link);
  }

  /** There is room on the link for more. */
  onDrained(link: Link): void {
    for (const keeper of this.#parts.rooms.list()) keeper.onDrained(link);
  }

  /** A device has said more than its share. */
  onFlood({ peer }: Pick<Link, "peer">): void {
    if (peer === undefined) return;
    const { people, news } = this.#parts;
    // By the id: a name may be anything, and this line is there to be typed.
    news.notice(
      `${
        people.labelOf(peer)
      } sends more than anybody can read. Only ${POINTS_PER_SECOND} lines a second are taken ` +
        `from that device now; all others go on as before. To hear nothing of it: earshot contacts block ${
          peer.slice(0, ID_SHOWN_CHARS)
        }`,
    );
  }

  /** A record came. */
  onRecord(link: Link, record: Rec): Promise<void> | undefined {
    const isRelayed = "room" in record && this.#parts.rooms.get(record.room)?.follows(link) === true;
    this.#parts.quotas.charge(link, isRelayed ? pointsOf(record) / HOST_DISCOUNT : pointsOf(record));
    switch (record.type) {
      case "profile":
        this.#onProfile(link, record);
        return undefined;
      case "introduce":
        this.#parts.introductions.take(link, record.peers);
        this.#parts.steering.poke();
        return undefined;
      case "typing":
        this.#onTyping(link, record.room);
        return undefined;
      case "try":
        this.#parts.knocks.onTry(link);
        return undefined;
      case "tried":
        this.#parts.knocks.onTried(link, record);
        return undefined;
      case "meet":
      case "refuse":
      case "entries":
      case "have":
      case "seen":
        return this.#onRoomRecord(link, record);
      case "seek":
      case "holding":
      case "want":
      case "piece":
      case "drop":
        this.#parts.sharing.onRecord(link, record);
        return undefined;
      case "ping":
      case "close":
      case "stream":
        return undefined; // The session's own.
    }
  }

  /** Nothing listens any more where the peer was. */
  onAbsent(peer: PeerId): void {
    this.#parts.people.depart(peer);
    this.#parts.news.onPeers();
  }

  /** A room reports. */
  onRoom(keeper: RoomKeeper, change: RoomChange): void {
    const { news, steering, waiters } = this.#parts;
    switch (change.kind) {
      case "held":
        this.#onHeld(keeper, change.entries);
        break;
      case "receipts":
        news.onReceipts(keeper);
        this.#saveHoldersSoon(keeper);
        steering.poke();
        break;
      case "met":
        steering.met(change.peer, keeper.replica.id);
        break;
      case "led":
        steering.poke();
        break;
      case "refused":
        steering.refused(change.peer, keeper.replica.id);
        break;
      case "attached":
        this.#parts.introductions.give(keeper, change.link);
        break;
      case "level":
        this.#works.track(this.#announceName(keeper));
        break;
      case "trouble":
        news.notice(change.text);
        break;
    }
    waiters.look();
  }

  /** A log was read behind the start: its room is to be met, told and shown like one that came. */
  onRead(keeper: RoomKeeper | undefined): void {
    if (keeper !== undefined) {
      this.#parts.news.onRoom(keeper);
      this.#parts.sharing.onRead(keeper);
    }
    this.tellProfile();
    // Also for a log that tells its room only to who knows the other: they may be here.
    this.onPeers();
  }

  /** Who can be reached changed. */
  onPeers(): void {
    const { rooms, people, steering, waiters, news, moving } = this.#parts;
    rooms.recall(() => people.here());
    moving.look();
    steering.poke();
    waiters.look();
    news.onPeers();
  }

  /** These rooms are relayed by somebody else than before, or by nobody. */
  onHosts(changed: readonly RoomId[]): void {
    const { rooms, news } = this.#parts;
    for (const id of changed) {
      const keeper = rooms.get(id);
      if (keeper !== undefined) news.onRoom(keeper);
    }
    this.tellProfile();
  }

  /** The name, the port or the rooms that we relay may be others. */
  tellProfile(): void {
    this.#ownProfile.tell();
  }

  /** Keeps the peer as a contact: the user talks to it. What it said as a stranger and was left out is asked for. */
  befriend(peer: PeerId): void {
    const { contacts, me, crypto, rooms, onPin } = this.#parts;
    const isNew = !contacts.has(peer);
    contacts.keep(peer);
    onPin(peer, true);
    if (isNew) rooms.get(directRoom(me, peer, crypto).id)?.askAgain();
  }

  /** Saves what is cached, and stops the timer. */
  async close(): Promise<void> {
    this.#holdersTimer[Symbol.dispose]();
    this.#ownProfile.close();
    this.#saveHolders();
    await this.#works.settled();
  }

  #onProfile(link: Link, profile: PeerProfile): void {
    const { people, book, contacts, news } = this.#parts;
    const { peer, remote: { address } } = link;
    if (peer === undefined) return;
    if (contacts.doubledBy(peer, profile, address) !== undefined) {
      news.notice(
        `A device at ${address} calls itself "${
          safeLine(profile.name)
        }" as your contact there does, but it has another key. ` +
          "It was refused: it may be somebody else. If your contact has started anew, remove the old one: earshot contacts remove NAME",
      );
      return link.close("wrong-key");
    }
    people.setProfile(peer, profile);
    book.note(peer, { address, port: profile.rendezvousPort });
    if (contacts.has(peer)) this.befriend(peer);
    this.onPeers();
  }

  #onRoomRecord(link: Link, record: Extract<Rec, { readonly room: RoomId }>): Promise<void> | undefined {
    const { peer } = link;
    if (peer === undefined) return undefined;
    const { unread } = this.#parts.rooms;
    if (unread.has(record.room)) return this.#onceRead(link, record);
    const keeper = this.#keeperFor(link, peer, record.room);
    if (keeper !== undefined) return keeper.onRecord(link, record);
    if (record.type === "meet") link.send({ type: "refuse", room: record.room });
    return undefined;
  }

  /** The link waits: what it brings builds on this. */
  async #onceRead(link: Link, record: Extract<Rec, { readonly room: RoomId }>): Promise<void> {
    const { rooms, sessions } = this.#parts;
    await rooms.unread.first(record.room);
    const isHere = link.peer !== undefined && sessions.links.get(link.peer) === link;
    // When the node stops, rooms remain unread.
    if (isHere && !rooms.unread.has(record.room)) await this.#onRoomRecord(link, record);
  }

  #onTyping(link: Link, room: RoomId): void {
    const { rooms, presence } = this.#parts;
    const keeper = rooms.get(room);
    if (keeper?.hasMet(link)) presence.onTyping(link, keeper);
  }

  /** Our room of that id, if we are in it, are joining it there or share a conversation of two with the peer. */
  #keeperFor(link: Link, peer: PeerId, room: RoomId): RoomKeeper | undefined {
    const { me, crypto, rooms, contacts, requests, steering } = this.#parts;
    const known = rooms.get(room);
    if (known !== undefined) return known.hasMet(link) || isActive(known) ? known : undefined;
    if (directRoom(me, peer, crypto).id !== room || !contacts.has(peer) && requests.isFull) return undefined;
    // Who relays a new conversation is to be decided, too.
    steering.poke();
    return rooms.direct(peer);
  }

  #onHeld(keeper: RoomKeeper, entries: readonly Entry[]): void {
    const { news, conversations, me, steering, moving, sharing } = this.#parts;
    // First, so that the news can tell what is offered.
    sharing.onEntries(keeper, entries);
    news.onEntries(keeper, entries);
    if (entries.some(({ kind }) => kind === "invite" || kind === "move")) moving.note();
    const other = conversations.otherOf(keeper);
    const own = entries.filter(({ author }) => author === me);
    if (other !== undefined && own.some(({ kind }) => kind === "text" || kind === OFFER_KIND)) {
      this.befriend(other);
    } // Our first word, though it makes nobody a contact: the other is no stranger any more, and what was left out is wanted.
    else if (other !== undefined && own.some(({ number }) => number === 1)) keeper.askAgain();
    const isMembership = entries.some(({ kind }) => kind !== "text" && kind !== OFFER_KIND);
    if (isMembership) {
      news.onRoom(keeper);
      this.tellProfile();
    }
    if (isMembership || own.length > 0) steering.poke();
  }

  /**
   * A name that we took at the start is told when a member has been met and not before: this home may be an old one, whose
   * next number is taken. A disk that is full now keeps the room from hearing of it, not the node from running.
   */
  async #announceName(keeper: RoomKeeper): Promise<void> {
    try {
      await this.#parts.authoring.announceName([keeper]);
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
      this.#parts.news.notice(error.message);
    }
  }

  #saveHoldersSoon(keeper: RoomKeeper): void {
    if (this.#unsaved.size === 0) this.#holdersTimer.wakeAt(this.#parts.clock.nowMs() + HOLDERS_SAVED_MS);
    this.#unsaved.add(keeper);
  }

  #saveHolders(): void {
    for (const keeper of this.#unsaved) this.#works.track(this.#parts.rooms.saveHolders(keeper));
    this.#unsaved.clear();
  }
}
