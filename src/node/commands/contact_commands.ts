/** Commands about contacts. A change is on disk before the reply. */

import { hintAt } from "../../messages/command_names.ts";
import { type Message, message } from "../../messages/message.ts";
import { UsageError, WorldError } from "../../errors.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Clock } from "../../ports/time.ts";
import { parsePeerId, type PeerId } from "../../room/id.ts";
import { NAME_CHARS_MAX, parseName, toNameKey } from "../../text/name.ts";
import { deriveSafetyWords } from "../../room/safety_words.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import {
  type Contact,
  CONTACT_TEXT_CHARS_MAX,
  type PlannedAddress,
} from "../../store/contacts/contact_record.ts";
import { toPlannedAddressKey } from "../../store/contacts/contacts.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import { parseOldContacts } from "./contact_import.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { LocalNetwork } from "../peers/local_network.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { Sessions } from "../peers/sessions.ts";
import type { Command, PlaceRow, Replies } from "../../api/commands.ts";
import type { ConditionWaiters } from "../support/condition_waiters.ts";

/** Time for the session of a blocked peer to close, before the reply. */
const GOODBYE_MS_MAX = 1_000;
/** Characters of an id that identify the owner of a name. */
const ID_SHOWN_CHARS = 8;

export interface ContactCommandsParts {
  readonly me: PeerId;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly contacts: ContactsFile;
  readonly peerDirectory: PeerDirectory;
  readonly sessions: Sessions;
  readonly waiters: ConditionWaiters;
  readonly autoContacts: AutoContacts;
  readonly network: LocalNetwork;
  /** The contacts changed, and so which peers are reached and how they are called. */
  onChange(): void;
}

/** The contact commands of one node. */
export class ContactCommands {
  readonly #parts: ContactCommandsParts;

  constructor(parts: ContactCommandsParts) {
    this.#parts = parts;
  }

  /** All contacts and blocked peers, the planned addresses, and the invalid lines of contacts.dat. */
  async list(): Promise<Replies["contacts"]> {
    await this.#readFileChanges();
    const { peerDirectory, contacts: { contacts } } = this.#parts;
    const kept = [...contacts.all, ...contacts.ignored.filter(({ isBlocked }) => isBlocked)];
    const broken = contacts.problems.map(({ lineNumber, text, reason }) => ({
      line: lineNumber,
      text: sanitizeLine(text),
      reason: sanitizeLine(reason),
    }));
    return {
      contacts: peerDirectory.toRows(kept.map(({ id }) => id)),
      places: contacts.plannedAddresses.map(toPlaceRow),
      broken,
    };
  }

  /** Adds the peer to the contacts, with the user's own label if one is given; "" removes the label. @throws {UsageError}, {WorldError}. */
  async save({ peer, label }: Extract<Command, { do: "save" }>): Promise<Replies["save"]> {
    await this.#readFileChanges();
    const { peerDirectory, contacts, autoContacts } = this.#parts;
    const id = this.#find(peer);
    const own = label === undefined || label.trim() === "" ? label?.trim() : this.#checkLabel(label, id);
    autoContacts.add(id);
    if (own !== undefined) contacts.upsert(id, { label: own });
    await this.#commit();
    return { peer: peerDirectory.toRow(id) };
  }

  /** Removes a contact or a planned address; conversations stay. @throws {UsageError}, {WorldError}. */
  async forget({ peer }: Extract<Command, { do: "forget" }>): Promise<Replies["forget"]> {
    await this.#readFileChanges();
    const { peerDirectory, contacts, sessions, network } = this.#parts;
    const place = peerDirectory.findPlace(peer);
    if (place !== null) {
      contacts.removePlannedAddress(place);
      await this.#commit();
      return { name: sanitizeLine(place.label) };
    }
    const id = this.#find(peer);
    const { name, contact, blocked } = peerDirectory.toRow(id);
    if (blocked) {
      throw new UsageError(message("contact.remove-blocked", { name }, hintAt("unblock", { name, id })));
    }
    if (!contact) throw new UsageError(message("contact.none", { name }));
    contacts.remove(id);
    if (!sessions.connections.has(id)) network.discovery.unpin(id);
    await this.#commit();
    return { name };
  }

  /** Sets the user's note about a peer, which becomes a contact. @throws {UsageError}, {WorldError}. */
  async note({ peer, text }: Extract<Command, { do: "note" }>): Promise<Replies["note"]> {
    await this.#readFileChanges();
    const { peerDirectory, contacts, autoContacts } = this.#parts;
    const count = [...text.trim()].length;
    if (count > CONTACT_TEXT_CHARS_MAX) {
      throw new UsageError(message("note.too-long", { max: CONTACT_TEXT_CHARS_MAX, length: count }));
    }
    const id = this.#find(peer);
    autoContacts.add(id);
    contacts.upsert(id, { note: text });
    await this.#commit();
    return { peer: peerDirectory.toRow(id) };
  }

  /** Blocks or unblocks a peer. A blocked stranger does not become a contact. @throws {UsageError}, {WorldError}. */
  async block({ peer, isBlocked }: Extract<Command, { do: "block" }>): Promise<Replies["block"]> {
    await this.#readFileChanges();
    const { peerDirectory, contacts, sessions, waiters } = this.#parts;
    const id = this.#find(peer);
    const isContact = peerDirectory.toRow(id).contact;
    if (isBlocked) {
      contacts.upsert(id, { isBlocked, ...(!isContact && this.#describeStranger(id)) });
      sessions.connections.get(id)?.close("blocked");
    } else if (isContact) contacts.upsert(id, { isBlocked });
    else if (contacts.contacts.get(id)?.isBlocked) contacts.remove(id);
    await this.#commit();
    if (isBlocked) await waiters.waitUntil(() => !sessions.connections.has(id), GOODBYE_MS_MAX);
    return { peer: peerDirectory.toRow(id) };
  }

  /** The safety words that both users compare. @throws {UsageError}. */
  compareWords({ peer }: Extract<Command, { do: "words" }>): Replies["words"] {
    const { me, crypto, peerDirectory } = this.#parts;
    const id = this.#find(peer);
    return { peer: peerDirectory.toRow(id), words: deriveSafetyWords(me, id, crypto) };
  }

  /** Marks the peer as verified by its safety words, or takes that back. @throws {UsageError}, {WorldError}. */
  async verify({ peer, isVerified }: Extract<Command, { do: "verify" }>): Promise<Replies["verify"]> {
    await this.#readFileChanges();
    const { peerDirectory, contacts, autoContacts } = this.#parts;
    const id = this.#find(peer);
    if (isVerified) autoContacts.add(id);
    if (contacts.contacts.get(id) !== undefined) contacts.upsert(id, { isVerified });
    await this.#commit();
    return { peer: peerDirectory.toRow(id) };
  }

  /**
   * Imports lines of other programs as planned addresses, and contacts of another contacts.dat with their keys. A name
   * that is taken gets a number. "Verified" is not taken over: the list may come from somebody else. @throws {WorldError}.
   */
  async importContacts({ text }: Extract<Command, { do: "import" }>): Promise<Replies["import"]> {
    await this.#readFileChanges();
    const { contacts: file, clock, peerDirectory } = this.#parts;
    const { contacts, peers, broken } = parseOldContacts(text);
    const known = this.#listKnownPlaces();
    const taken = new Set(this.#listLabels().map(([label]) => toNameKey(label)));
    const added: PlannedAddress[] = [];
    for (const { address, port, name, note = "" } of contacts) {
      const label = findFreeName(name, {
        taken,
        isKnown: (label) => known.has(toPlannedAddressKey({ address, port, label })),
      });
      if (label === null) continue;
      const place = { label, address, port, addedAtMs: clock.wallMs(), note };
      taken.add(toNameKey(label));
      known.add(toPlannedAddressKey(place));
      if (file.addPlannedAddress(place)) added.push(place);
    }
    const newPeers = peers.filter((peer) => this.#importPeer(peer, taken));
    if (added.length + newPeers.length > 0) await this.#commit();
    return {
      added: added.map(toPlaceRow),
      ...newPeers.length > 0 && { contacts: peerDirectory.toRows(newPeers.map(({ id }) => id)) },
      knownCount: contacts.length + peers.length - added.length - newPeers.length,
      broken,
    };
  }

  /** Whether the peer was new. */
  #importPeer(
    { id, label, name, address, port, isBlocked, isIgnored, note }: Contact,
    taken: Set<string>,
  ): boolean {
    const { me, contacts: file, clock } = this.#parts;
    if (id === me || file.contacts.get(id) !== undefined) return false;
    const own = label === "" ? label : findFreeName(label, { taken, isKnown: () => false }) ?? "";
    if (own !== "") taken.add(toNameKey(own));
    file.upsert(id, {
      label: own,
      name,
      address,
      port,
      isBlocked,
      isIgnored,
      note,
      addedAtMs: clock.wallMs(),
    });
    return true;
  }

  /** The peer of that name, or of that whole id even if it is unknown here. @throws {UsageError}. */
  #find(text: string): PeerId {
    const { me, peerDirectory } = this.#parts;
    const id = parsePeerId(text.trim().toLowerCase());
    if (id === me) throw new UsageError(message("peer.self"));
    return id ?? peerDirectory.find(text);
  }

  /** The label as it is saved. @throws {UsageError} if it is invalid, or taken. */
  #checkLabel(label: string, id: PeerId): string {
    const parsed = parseName(label.trim());
    if ("problem" in parsed) throw new UsageError(parsed.problem);
    const key = toNameKey(parsed.name);
    const taken = this.#listLabels().find(([other, , owner]) => owner !== id && toNameKey(other) === key);
    if (taken === undefined) return parsed.name;
    throw new UsageError(message("name.taken", { name: parsed.name, owner: taken[1] }));
  }

  /** All names of contacts and planned addresses: the name, its owner in words, and the contact. */
  #listLabels(): readonly (readonly [name: string, whose: Message, owner: PeerId | null])[] {
    const { peerDirectory, contacts: { contacts } } = this.#parts;
    const labels = peerDirectory.labelsOf(contacts.all.map(({ id }) => id));
    const ofContacts = contacts.all.flatMap(({ id, label, name }) => {
      const peer = `${labels.get(id) ?? ""} (${id.slice(0, ID_SHOWN_CHARS)})`;
      return [
        [label, message("name.owner-label", { peer }), id],
        [name, message("name.owner-contact", { peer }), id],
      ] as const;
    });
    const ofPlaces = contacts.plannedAddresses.map(({ label, address, port }) =>
      [label, message("name.owner-place", { address, port }), null] as const
    );
    return [...ofContacts, ...ofPlaces].filter(([name]) => name !== "");
  }

  /** Keys of addresses that need no import: planned already, or reached since. */
  #listKnownPlaces(): Set<string> {
    const { contacts } = this.#parts.contacts;
    const reached = contacts.all.flatMap(({ label, name, address, port }) =>
      address === null || port === null ? [] : [label, name].map((one) => ({ address, port, label: one }))
    );
    return new Set([...contacts.plannedAddresses, ...reached].map(toPlannedAddressKey));
  }

  /** The fields of a blocked stranger: enough to find it again, and that it is no contact. */
  #describeStranger(id: PeerId) {
    const { peerDirectory, clock } = this.#parts;
    const { address, port } = peerDirectory.toRow(id);
    return { isIgnored: true, name: peerDirectory.nameOf(id), address, port, addedAtMs: clock.wallMs() };
  }

  /** The user may have edited the file. A failure to save is left to the save that follows, which reports it. */
  async #readFileChanges(): Promise<void> {
    try {
      await this.#parts.contacts.save();
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
    }
  }

  /** Saves the changes. @throws {WorldError} on failure; the changes count all the same, and the save is tried again. */
  async #commit(): Promise<void> {
    const { contacts, onChange } = this.#parts;
    onChange();
    try {
      await contacts.save();
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
      throw new WorldError(message("contacts.not-saved", { reason: error.details }), { cause: error });
    }
  }
}

function toPlaceRow({ label, address, port }: PlannedAddress): PlaceRow {
  return { name: sanitizeLine(label), address, port };
}

/** The name, with a number if it is taken; null if the entry is known under it already. */
function findFreeName(
  name: string,
  { taken, isKnown }: { readonly taken: ReadonlySet<string>; isKnown(label: string): boolean },
): string | null {
  let free = name;
  for (let count = 2; !isKnown(free); count++) {
    if (!taken.has(toNameKey(free))) return free;
    const end = `-${count}`;
    free = [...name].slice(0, NAME_CHARS_MAX - end.length).join("") + end;
  }
  return null;
}
