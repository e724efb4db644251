/** All peers that a node knows (contacts, heard, connected, in a room), by id and by the names that users type. */

import { hintAt } from "../../messages/command_names.ts";
import { message } from "../../messages/message.ts";
import type { PeerView } from "../../discovery/peer_table.ts";
import { UsageError } from "../../errors.ts";
import type { Clock } from "../../ports/time.ts";
import type { PeerId } from "../../room/id.ts";
import { toNameKey } from "../../text/name.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { Labels } from "../../room/room_view.ts";
import type { PlannedAddress } from "../../store/contacts/contact_record.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import type { HostedRoom, WireRecord } from "../../wire/record.ts";
import { findNearest } from "../support/did_you_mean.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { LocalNetwork } from "./local_network.ts";
import type { Sessions } from "./sessions.ts";
import type { PeerRow } from "../../api/commands.ts";

/**
 * How long a computed label may be reused: to compute labels takes a pass over all known peers. Changes of contacts, profiles
 * and beacons count at once; only names that are known from rooms alone may be late.
 */
const LABELS_MS_MAX = 100;
/** Names whose lookalike keys are cached; the cache is cleared as a whole. */
const NAME_KEYS_MAX = 8_192;

/** Characters of an id that are enough to name it. */
export const ID_START_CHARS_MIN = 4;

/** What a peer tells of itself inside its session. */
export type PeerProfile = Extract<WireRecord, { type: "profile" }>;

/** The names of all peers at one moment, each made unique. */
interface PeerLabels extends Pick<Labels, "format"> {
  /** The contact that this name looks like, if the peer is another. */
  alike(peer: PeerId, name: string): PeerId | null;
  /** The name of a peer, as `nameOf`. */
  nameOf(peer: PeerId): string;
}

export interface PeerDirectoryParts {
  readonly me: PeerId;
  readonly clock: Clock;
  readonly contacts: ContactsFile;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly network: LocalNetwork;
}

/** The peers around one node. */
export class PeerDirectory {
  readonly #parts: PeerDirectoryParts;
  readonly #profiles = new Map<PeerId, PeerProfile>();
  /** When peers left: they told so, or their port refused. */
  readonly #leftAtMs = new Map<PeerId, number>();
  readonly #nameKeys = new Map<string, readonly string[]>();
  /** Counts what changes here; the parts count their own. */
  #revision = 0;
  #made: { readonly labels: PeerLabels; readonly revision: string; readonly atMs: number } | null = null;

  constructor(parts: PeerDirectoryParts) {
    this.#parts = parts;
  }

  /** The profile of a connected peer. */
  profileOf(peer: PeerId): PeerProfile | undefined {
    return this.#profiles.get(peer);
  }

  /** Notes the profile of a connected peer; undefined when its session is over. */
  setProfile(peer: PeerId, profile: PeerProfile | undefined): void {
    this.#revision++;
    if (profile === undefined) this.#profiles.delete(peer);
    else this.#profiles.set(peer, profile);
  }

  /** The peer has left: beacons from before no longer count. */
  noteDeparture(peer: PeerId): void {
    this.#revision++;
    this.#leftAtMs.set(peer, this.#parts.clock.nowMs());
  }

  /** We ended the session ourselves: the peer's beacons still count. */
  clearDeparture(peer: PeerId): void {
    this.#revision++;
    this.#leftAtMs.delete(peer);
  }

  /** Peers that are heard on the network or connected now. */
  listPresent(): readonly PeerId[] {
    const { sessions, network } = this.#parts;
    const silent = network.discovery.peers.list().map((peer) => peer.id).filter((peer) =>
      this.#isHeard(peer)
    );
    return [...new Set([...sessions.connections.keys(), ...silent])];
  }

  /** Peers that are present, and all contacts, blocked ones too. */
  listKnown(): readonly PeerId[] {
    return [
      ...new Set([...this.listPresent(), ...this.#parts.contacts.contacts.all.map((contact) => contact.id)]),
    ];
  }

  /** The best name of the peer, which another peer may share. Foreign text, or the start of the id. */
  nameOf(peer: PeerId): string {
    return this.#nameWith(peer, (id) => this.#findNameInRooms(id));
  }

  /** The name, made unique among the known peers. Safe to print. */
  labelOf(peer: PeerId): string {
    const labels = this.#recentLabels();
    return labels.format(peer, labels.nameOf(peer));
  }

  /** The labels of many peers, computed together: each name is compared with all others once. */
  labelsOf(peers: Iterable<PeerId>): ReadonlyMap<PeerId, string> {
    const labels = this.#makeLabels();
    return new Map([...peers].map((peer) => [peer, labels.format(peer, labels.nameOf(peer))]));
  }

  /** The peers as rows for screens, with unique names. */
  toRows(peers: readonly PeerId[]): PeerRow[] {
    const labels = this.#makeLabels();
    return peers.map((peer) => this.#toRow(peer, labels));
  }

  /** The peer as a row for screens. */
  toRow(peer: PeerId): PeerRow {
    return this.#toRow(peer, this.#makeLabels());
  }

  /**
   * Finds the peer that a user means by a name, `name·tag` or the start of an id: the user's own labels first, then
   * contacts, present peers, members of our rooms, and last ignored or blocked peers. Names are compared letter by letter,
   * so that a lookalike name finds no other peer.
   * @throws {UsageError} if no peer matches, several do, or it is only an address so far.
   */
  find(text: string): PeerId {
    const place = this.findPlace(text);
    if (place !== null) {
      const { label, address, port } = place;
      throw new UsageError(
        message(
          "peer.only-address",
          { label: sanitizeLine(label), address, port },
          hintAt("connect", sanitizeLine(label)),
        ),
      );
    }
    const found = this.#findMatches(text);
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    if (only !== undefined) {
      const labels = this.toRows(found).map((row) => row.name);
      throw new UsageError(message("peer.ambiguous", { name: sanitizeLine(text), labels }));
    }
    const places = this.#parts.contacts.contacts.plannedAddresses.map(({ label }) => sanitizeLine(label));
    const suggestion = findNearest(text, [
      ...this.toRows(this.listKnown()).map((row) => row.name),
      ...places,
    ]);
    throw new UsageError(
      suggestion === null
        ? message("peer.unknown", { name: sanitizeLine(text) }, hintAt("peers"))
        : message("peer.did-you-mean", { name: sanitizeLine(text), suggestion }),
    );
  }

  /**
   * Finds the planned address that a user means by its label or address; null if there is none, or a contact has that label.
   * @throws {UsageError} if several match.
   */
  findPlace(text: string): PlannedAddress | null {
    const { contacts } = this.#parts.contacts;
    const wanted = text.trim();
    const key = toNameKey(wanted);
    const isMeant = ({ label, address, port }: PlannedAddress) =>
      toNameKey(label) === key || [address, `${address}:${port}`, `[${address}]:${port}`].includes(wanted);
    const found = contacts.plannedAddresses.filter(isMeant);
    const [only] = found;
    if (only === undefined || contacts.all.some(({ label }) => toNameKey(label) === key)) return null;
    if (found.length === 1) return only;
    const addresses = found.map(({ label, address, port }) =>
      `${sanitizeLine(label)} at ${address} port ${port}`
    );
    throw new UsageError(message("place.ambiguous", { name: sanitizeLine(text), addresses }));
  }

  #findMatches(text: string): readonly PeerId[] {
    const [name = "", tag] = text.split("·", 2);
    if (tag !== undefined) {
      const isCalled = this.#matchName(name);
      return this.#findInGroups((peer) => peer.startsWith(tag) && isCalled(peer));
    }
    const friends = this.#parts.contacts.contacts.findByName(text).map((contact) => contact.id);
    if (friends.length > 0) return friends;
    const named = this.#findInGroups(this.#matchName(text));
    if (named.length > 0 || text.length < ID_START_CHARS_MIN) return named;
    return this.#findInGroups((peer) => peer.startsWith(text.toLowerCase()));
  }

  /** The matches in the first group that has any: known peers, then peers of our rooms, then ignored and blocked ones. */
  #findInGroups(isMeant: (peer: PeerId) => boolean): readonly PeerId[] {
    const shunned = this.#parts.contacts.contacts.ignored.map(({ id }) => id);
    const isShunned = new Set(shunned);
    const isReal = (peer: PeerId) => !isShunned.has(peer) && isMeant(peer);
    const known = this.listKnown().filter(isReal);
    if (known.length > 0) return known;
    const together = this.#listRoomMates().filter(isReal);
    return together.length > 0 ? together : shunned.filter(isMeant);
  }

  /** Peers that are or were in a room or a direct conversation with us. */
  #listRoomMates(): readonly PeerId[] {
    const { me, rooms } = this.#parts;
    const peers = rooms.list().flatMap(({ replica }) => [
      ...replica.info?.access === "direct" ? replica.info.founders : [],
      ...replica.members().map(({ id }) => id),
    ]);
    return [...new Set(peers)].filter((peer) => peer !== me);
  }

  /** Tells which peers are called so, letter by letter. */
  #matchName(name: string): (peer: PeerId) => boolean {
    const key = toNameKey(name);
    const nameInRooms = this.#indexRoomNames();
    return (peer) => this.#namesOf(peer, nameInRooms).some((known) => toNameKey(known) === key);
  }

  /** The best name first: the user's own, the one proved in a session, the one kept, the one claimed by datagram, the one in a room. */
  *#namesOf(peer: PeerId, nameInRooms: (peer: PeerId) => string | undefined): Generator<string> {
    const contact = this.#parts.contacts.contacts.get(peer);
    if (contact?.label) yield contact.label;
    const proved = this.#profiles.get(peer)?.name;
    if (proved) yield proved;
    if (contact?.name) yield contact.name;
    const claimed = this.#heard.get(peer)?.claimedName;
    if (claimed) yield claimed;
    const inRooms = nameInRooms(peer);
    if (inRooms) yield inRooms;
  }

  /** Open rooms that the peer claims to host: its profile counts more than its beacons. */
  hostedBy(peer: PeerId): readonly HostedRoom[] {
    return this.#profiles.get(peer)?.rooms ?? this.#heard.get(peer)?.rooms ?? [];
  }

  /** The host score that the peer tells; undefined if nothing was heard of it. */
  hostScoreOf(peer: PeerId): number | undefined {
    return this.#profiles.get(peer)?.merit ?? this.#heard.get(peer)?.merit;
  }

  /** The first of the names of `#namesOf`, else the start of the id. */
  #nameWith(peer: PeerId, nameInRooms: (peer: PeerId) => string | undefined): string {
    for (const name of this.#namesOf(peer, nameInRooms)) return name;
    return peer.slice(0, ID_START_CHARS_MIN * 2);
  }

  /** Finds names in rooms for many peers: one look at each room, and only if any name is asked for. */
  #indexRoomNames(): (peer: PeerId) => string | undefined {
    let names: Map<PeerId, string> | null = null;
    return (peer) => {
      if (names === null) {
        names = new Map();
        for (const { replica } of this.#parts.rooms.list()) {
          for (const [author, name] of replica.lastNames()) if (!names.has(author)) names.set(author, name);
        }
      }
      return names.get(peer);
    };
  }

  #recentLabels(): PeerLabels {
    const { clock, contacts } = this.#parts;
    const revision = `${this.#revision} ${contacts.contacts.revision} ${this.#heard.revision}`;
    const nowMs = clock.nowMs();
    const made = this.#made;
    if (made !== null && made.revision === revision && nowMs - made.atMs < LABELS_MS_MAX) return made.labels;
    const labels = this.#makeLabels();
    this.#made = { labels, revision, atMs: nowMs };
    return labels;
  }

  #findNameInRooms(peer: PeerId): string | undefined {
    for (const localRoom of this.#parts.rooms.list()) {
      const name = localRoom.replica.lastName(peer);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  /** A contact is told apart only from other contacts: a stranger who takes its name does not change how the user sees it. */
  #makeLabels(): PeerLabels {
    const { contacts } = this.#parts.contacts;
    if (this.#nameKeys.size > NAME_KEYS_MAX) this.#nameKeys.clear();
    const [all, kept] = [new Labels(this.#nameKeys), new Labels(this.#nameKeys)];
    const nameInRooms = this.#indexRoomNames();
    const nameOf = (peer: PeerId) => this.#nameWith(peer, nameInRooms);
    for (const peer of this.listKnown()) all.note(peer, nameOf(peer));
    for (const { id } of contacts.all) kept.note(id, nameOf(id));
    const isKept = (peer: PeerId) => contacts.get(peer)?.isIgnored === false;
    return {
      format: (peer, name) => (isKept(peer) ? kept : all).format(peer, name),
      alike: (peer, name) => isKept(peer) ? null : kept.findLookalike(peer, name),
      nameOf,
    };
  }

  #toRow(peer: PeerId, labels: PeerLabels): PeerRow {
    const { contacts, sessions, clock } = this.#parts;
    const contact = contacts.contacts.get(peer);
    const claim = this.#heard.get(peer);
    const isHeard = claim !== undefined && this.#isHeard(peer);
    const connection = sessions.connections.get(peer);
    const place = this.#placeOf(peer);
    const name = labels.nameOf(peer);
    const alike = labels.alike(peer, name);
    const seenAtMs = connection !== undefined
      ? clock.wallMs()
      : isHeard
      ? clock.wallMs() - (clock.nowMs() - claim.heardAtMs)
      : contact?.seenAtMs ?? null;
    return {
      id: peer,
      name: labels.format(peer, name),
      alike: alike === null ? null : labels.format(alike, labels.nameOf(alike)),
      address: place?.address ?? contact?.address ?? null,
      port: place?.port ?? contact?.port ?? null,
      seen: seenAtMs === null ? null : new Date(seenAtMs).toISOString(),
      here: isHeard || connection !== undefined,
      connected: connection !== undefined,
      verified: contact?.isVerified ?? false,
      contact: contact?.isIgnored === false,
      blocked: contact?.isBlocked ?? false,
      away: sanitizeLine(this.#profiles.get(peer)?.away ?? "") || null,
      label: sanitizeLine(contact?.label ?? ""),
      note: sanitizeLine(contact?.note ?? ""),
    };
  }

  /** Whether its beacons are heard, and one came since it left. */
  #isHeard(peer: PeerId): boolean {
    const claim = this.#heard.get(peer);
    return claim?.isHeard === true && claim.heardAtMs > (this.#leftAtMs.get(peer) ?? -1);
  }

  get #heard(): PeerView {
    return this.#parts.network.discovery.peers;
  }

  #placeOf(peer: PeerId): { readonly address: string; readonly port: number } | undefined {
    const connection = this.#parts.sessions.connections.get(peer);
    const profile = this.#profiles.get(peer);
    if (connection !== undefined && profile !== undefined) {
      return { address: connection.remote.address, port: profile.rendezvousPort };
    }
    return this.#heard.get(peer)?.endpoints[0];
  }
}
