/**
 * Where what sessions and rooms report goes: profiles and introductions to the people, records to their rooms, news to
 * the screens, and everything that changes who can be reached to the steering.
 */

import type { AddressBook } from "../client/address_book.ts";
import { PROTOCOL_CODES, type ProtocolError, WorldError } from "../errors.ts";
import type { Link } from "../net/pump.ts";
import type { Clock, Crypto, Timer } from "../ports.ts";
import { directRoom } from "../room/access.ts";
import type { Entry } from "../room/entry.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import { nameKey } from "../room/name.ts";
import { safeLine } from "../room/text.ts";
import { Labels, viewLine } from "../room/view.ts";
import type { ContactsFile } from "../store/contacts_file.ts";
import { type HostedRoom, type Introduction, LIST_MAX, type Rec } from "../wire/record.ts";
import type { Conversations } from "./conversations.ts";
import type { EventHub } from "./event_hub.ts";
import type { PeerProfile, People } from "./people.ts";
import type { RoomChange, RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Sessions } from "./sessions.ts";
import { isActive, type Steering } from "./steering.ts";
import type { PeerRow } from "./vocabulary.ts";
import type { Waiters } from "./waiters.ts";

/** Followers of one room who are introduced to each other; in a larger room beacons do it. */
const INTRODUCED_MAX = 32;
/** Notices kept for `status`; the oldest go. */
const NOTICES_MAX = 100;
/** Changes of who is here are told together, at most this often. */
const PEERS_TOLD_MS = 100;
/** Receipts are cached at most this often. */
const HOLDERS_SAVED_MS = 2_000;

/** What the switchboard connects. */
export interface SwitchboardParts {
  readonly me: PeerId;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly contacts: ContactsFile;
  readonly book: AddressBook;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly people: People;
  readonly steering: Steering;
  readonly conversations: Conversations;
  readonly hub: EventHub;
  readonly waiters: Waiters;
  /** What we are called now. */
  myName(): string;
  /** Our rendezvous port; 0 without a network. */
  myPort(): number;
  /** What beacons should say changed. */
  onProfile(profile: { name: string; rendezvousPort: number; rooms: readonly HostedRoom[] }): void;
  /** The peer must not be forgotten by discovery, or may be again. */
  onPin(peer: PeerId, isPinned: boolean): void;
  /** A bug in something that nobody waits for. */
  onBug(error: unknown): void;
}

/** The switchboard of one node. */
export class Switchboard {
  readonly #parts: SwitchboardParts;
  readonly #labels = new Map<RoomId, Labels>();
  readonly #states = new Map<RoomId, { passed: number; everywhere: number }>();
  readonly #notices: string[] = [];
  readonly #peersTimer: Timer;
  readonly #holdersTimer: Timer;
  readonly #unsavedHolders = new Set<RoomKeeper>();
  readonly #saves = new Set<Promise<void>>();
  #told = new Map<PeerId, PeerRow>();
  #isPeersArmed = false;
  #profile = "";

  /** Starts nothing. */
  constructor(parts: SwitchboardParts) {
    this.#parts = parts;
    this.#peersTimer = parts.clock.timer(() => this.#tellPeers());
    this.#holdersTimer = parts.clock.timer(() => this.#saveHolders());
  }

  /** What went wrong so far, for `status`. */
  get notices(): readonly string[] {
    return this.#notices;
  }

  /** A sentence for the user. */
  notice(text: string): void {
    if (this.#notices.at(-1) === text) return;
    this.#notices.push(text);
    if (this.#notices.length > NOTICES_MAX) this.#notices.shift();
    this.#parts.hub.publish({ event: "notice", text });
  }

  /** A peer has proved who it is. */
  onOpen(link: Link, peer: PeerId): void {
    link.send(this.#ownProfile());
    this.#parts.onPin(peer, true);
    this.#parts.steering.freshen(peer);
    this.onPeers();
  }

  /** A session is over. */
  onClosed(link: Link, peer: PeerId, error: ProtocolError): void {
    const { rooms, people, steering, contacts, onPin } = this.#parts;
    for (const keeper of rooms.list()) keeper.forget(link);
    people.setProfile(peer, undefined);
    onPin(peer, contacts.contacts.get(peer) !== undefined);
    if (error.code === "wrong-key") this.notice(`A device was refused: ${PROTOCOL_CODES["wrong-key"].says}`);
    steering.gone(peer);
    this.onPeers();
  }

  /** There is room on the link for more. */
  onDrained(link: Link): void {
    for (const keeper of this.#parts.rooms.list()) keeper.onDrained(link);
  }

  /** A record came. */
  onRecord(link: Link, record: Rec): Promise<void> | undefined {
    switch (record.type) {
      case "profile":
        this.#onProfile(link, record);
        return undefined;
      case "introduce":
        this.#onIntroductions(record.peers);
        return undefined;
      case "meet":
      case "refuse":
      case "entries":
      case "have":
      case "seen":
        return this.#onRoomRecord(link, record);
      case "ping":
      case "close":
      case "stream":
        return undefined; // The session's own.
    }
  }

  /** A room reports. */
  onRoom(keeper: RoomKeeper, change: RoomChange): void {
    switch (change.kind) {
      case "held":
        this.#onHeld(keeper, change.entries);
        break;
      case "receipts":
        this.#onReceipts(keeper);
        break;
      case "refused":
        this.#parts.steering.refused(change.peer, keeper.replica.id);
        break;
      case "attached":
        this.#introduce(keeper, change.link);
        break;
      case "trouble":
        this.notice(change.text);
        break;
    }
    this.#parts.waiters.look();
  }

  /** Who can be reached changed. */
  onPeers(): void {
    const { rooms, people } = this.#parts;
    for (const peer of people.here()) rooms.recall(peer);
    this.#parts.steering.poke();
    this.#parts.waiters.look();
    if (this.#isPeersArmed) return;
    this.#isPeersArmed = true;
    this.#peersTimer.wakeAt(this.#parts.clock.nowMs() + PEERS_TOLD_MS);
  }

  /** The name, the port or the rooms that we relay may be others: tells everybody if they are. */
  tellProfile(): void {
    const profile = this.#ownProfile();
    const text = JSON.stringify(profile);
    if (text === this.#profile) return;
    this.#profile = text;
    this.#parts.onProfile(profile);
    for (const link of this.#parts.sessions.links.values()) link.send(profile);
  }

  /** Keeps the peer as a contact: the user talks to it. */
  befriend(peer: PeerId): void {
    const { contacts, clock, sessions, people, onPin } = this.#parts;
    const profile = people.profileOf(peer);
    const link = sessions.links.get(peer);
    const wallMs = clock.wallMs();
    contacts.upsert(peer, {
      ...(contacts.contacts.get(peer) === undefined && { addedAtMs: wallMs, name: people.nameOf(peer) }),
      ...(profile !== undefined && { name: profile.name }),
      ...(link !== undefined && { seenAtMs: wallMs, address: link.remote.address }),
      ...(profile !== undefined && { port: profile.rendezvousPort }),
    });
    onPin(peer, true);
    this.#saveContacts();
  }

  /** Saves what is cached, and stops the timers. */
  async close(): Promise<void> {
    this.#peersTimer[Symbol.dispose]();
    this.#holdersTimer[Symbol.dispose]();
    this.#saveHolders();
    this.#saveContacts();
    await Promise.all(this.#saves);
  }

  #ownProfile(): PeerProfile {
    const { me, rooms, steering, myName, myPort } = this.#parts;
    const hosted = rooms.list().filter((keeper) =>
      keeper.isIn && keeper.replica.info?.access === "open" && steering.hostOf(keeper.replica.id) === me
    );
    const rows = hosted.slice(0, LIST_MAX).map(({ replica }) => ({
      id: replica.id,
      title: replica.info?.title ?? "",
      memberCount: Math.min(0xffff, replica.members().filter((member) => member.isIn).length),
    }));
    return { type: "profile", name: myName(), rendezvousPort: myPort(), rooms: rows };
  }

  #onProfile(link: Link, profile: PeerProfile): void {
    const { peer } = link;
    if (peer === undefined) return;
    const { people, book, contacts } = this.#parts;
    const double = this.#doubleOf(link, peer, profile);
    if (double !== undefined) {
      this.notice(
        `A device at ${link.remote.address} calls itself "${
          safeLine(profile.name)
        }" as your contact there does, but it has another key. ` +
          "It was refused: it may be somebody else. If your contact has started anew, remove its old line from contacts.dat",
      );
      return link.close("wrong-key");
    }
    people.setProfile(peer, profile);
    book.note(peer, { address: link.remote.address, port: profile.rendezvousPort });
    if (contacts.contacts.get(peer) !== undefined) this.befriend(peer);
    this.onPeers();
  }

  /** The contact in whose place this peer stands: same name, same address and port, another key. */
  #doubleOf(link: Link, peer: PeerId, profile: PeerProfile): PeerId | undefined {
    const all = this.#parts.contacts.contacts.all;
    return all.find((contact) =>
      contact.id !== peer && contact.address === link.remote.address &&
      contact.port === profile.rendezvousPort &&
      contact.name !== "" && nameKey(contact.name) === nameKey(profile.name)
    )?.id;
  }

  #onIntroductions(introductions: readonly Introduction[]): void {
    for (const { peer, endpoint } of introductions) {
      if (peer !== this.#parts.me && endpoint.port > 0) this.#parts.book.note(peer, endpoint);
    }
    this.#parts.steering.poke();
  }

  #onRoomRecord(link: Link, record: Extract<Rec, { readonly room: RoomId }>): Promise<void> | undefined {
    const { peer } = link;
    if (peer === undefined) return undefined;
    const keeper = this.#keeperFor(link, peer, record.room);
    if (keeper !== undefined) return keeper.onRecord(link, record);
    if (record.type === "meet") link.send({ type: "refuse", room: record.room, reason: "unknown-room" });
    return undefined;
  }

  /** Our room of that id, if we are in it, are joining it there or share a conversation of two with the peer. */
  #keeperFor(link: Link, peer: PeerId, room: RoomId): RoomKeeper | undefined {
    const { me, crypto, rooms } = this.#parts;
    const known = rooms.get(room);
    if (known !== undefined) return known.hasMet(link) || isActive(known) ? known : undefined;
    return directRoom(me, peer, crypto).id === room ? rooms.direct(peer) : undefined;
  }

  #onHeld(keeper: RoomKeeper, entries: readonly Entry[]): void {
    const { hub, conversations, me, steering } = this.#parts;
    const labels = this.#labelsOf(keeper);
    for (const entry of entries) labels.note(entry.author, entry.name);
    for (const entry of entries) {
      const before = keeper.replica.get(entry.author, entry.number - 1)?.name;
      for (const row of conversations.logRows(keeper, [viewLine(entry, before, labels)])) {
        hub.publish({ event: "entry", row });
      }
    }
    const other = conversations.otherOf(keeper);
    if (other !== undefined && entries.some((entry) => entry.kind === "text")) this.befriend(other);
    const isMembership = entries.some((entry) => entry.kind !== "text");
    if (isMembership) {
      hub.publish({ event: "room", room: conversations.row(keeper) });
      this.tellProfile();
    }
    if (isMembership || entries.some((entry) => entry.author === me)) steering.poke();
  }

  #labelsOf(keeper: RoomKeeper): Labels {
    const { id } = keeper.replica;
    const known = this.#labels.get(id);
    if (known !== undefined) return known;
    const labels = new Labels();
    for (const entry of keeper.entries) labels.note(entry.author, entry.name);
    this.#labels.set(id, labels);
    return labels;
  }

  /** Tells up to which of our entries each state holds now. */
  #onReceipts(keeper: RoomKeeper): void {
    const { hub, clock, steering } = this.#parts;
    const { id } = keeper.replica;
    const last = this.#states.get(id) ?? { passed: 0, everywhere: 0 };
    const now = { passed: Math.max(0, ...keeper.holders.values()), everywhere: this.#everywhereUpTo(keeper) };
    this.#states.set(id, now);
    if (now.everywhere > last.everywhere) {
      hub.publish({ event: "state", roomId: id, number: now.everywhere, state: "everywhere" });
    }
    if (now.passed > last.passed && now.passed > now.everywhere) {
      hub.publish({ event: "state", roomId: id, number: now.passed, state: "passed" });
    }
    this.#unsavedHolders.add(keeper);
    if (this.#unsavedHolders.size === 1) this.#holdersTimer.wakeAt(clock.nowMs() + HOLDERS_SAVED_MS);
    steering.poke();
  }

  #everywhereUpTo(keeper: RoomKeeper): number {
    const { others, holders } = keeper;
    return others.length === 0 ? 0 : Math.min(...others.map((member) => holders.get(member) ?? 0));
  }

  /** Tells a new follower how to reach the others who follow, and them how to reach it. */
  #introduce(keeper: RoomKeeper, link: Link): void {
    const newcomer = this.#introductionOf(link);
    // A loopback address means another device to everybody else.
    const isNear = (other: Link) => isLoopback(other.remote.address) === isLoopback(link.remote.address);
    const others = [...keeper.attached].filter((other) => other !== link && isNear(other)).slice(
      -INTRODUCED_MAX,
    );
    const peers = others.map((other) => this.#introductionOf(other)).filter((one) => one !== undefined);
    if (peers.length > 0) link.send({ type: "introduce", peers });
    if (newcomer === undefined) return;
    for (const other of others) other.send({ type: "introduce", peers: [newcomer] });
  }

  #introductionOf(link: Link): Introduction | undefined {
    const profile = link.peer === undefined ? undefined : this.#parts.people.profileOf(link.peer);
    if (link.peer === undefined || profile === undefined) return undefined;
    return { peer: link.peer, endpoint: { address: link.remote.address, port: profile.rendezvousPort } };
  }

  #tellPeers(): void {
    this.#isPeersArmed = false;
    const { people, hub } = this.#parts;
    const now = new Map(people.rows(people.here()).map((row) => [row.id, row]));
    for (const [id, row] of now) {
      const before = this.#told.get(id);
      if (before === undefined) hub.publish({ event: "peer", change: "new", peer: row });
      else if (!isSameRow(before, row)) hub.publish({ event: "peer", change: "changed", peer: row });
    }
    for (const [id, row] of this.#told) {
      if (!now.has(id)) {
        hub.publish({ event: "peer", change: "gone", peer: { ...row, here: false, connected: false } });
      }
    }
    this.#told = now;
  }

  #saveHolders(): void {
    for (const keeper of this.#unsavedHolders) this.#track(this.#parts.rooms.saveHolders(keeper));
    this.#unsavedHolders.clear();
  }

  #saveContacts(): void {
    this.#track(
      this.#parts.contacts.save().catch((error) => {
        if (!(error instanceof WorldError)) throw error;
        this.notice(error.message);
      }),
    );
  }

  #track(save: Promise<void>): void {
    const tracked = save.catch(this.#parts.onBug).finally(() => this.#saves.delete(tracked));
    this.#saves.add(tracked);
  }
}

/** Whether the rows differ only in when the peer was last heard of. */
function isSameRow(left: PeerRow, right: PeerRow): boolean {
  return JSON.stringify({ ...left, seen: null }) === JSON.stringify({ ...right, seen: null });
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.");
}
