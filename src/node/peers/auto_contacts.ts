/** Adds the peers that the user talks to to contacts.dat by itself, and detects peers that imitate a contact. */

import { isSameEndpoint } from "../../client/address_book.ts";
import { WorldError } from "../../errors.ts";
import type { Endpoint } from "../../ports/network.ts";
import type { Clock } from "../../ports/time.ts";
import type { PeerId } from "../../room/id.ts";
import { toNameKey } from "../../text/name.ts";
import type { Contact } from "../../store/contacts/contact_record.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import type { PeerDirectory, PeerProfile } from "./peer_directory.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { Notices } from "../support/notices.ts";
import type { LocalNetwork } from "./local_network.ts";
import type { Sessions } from "./sessions.ts";

export interface AutoContactsParts {
  readonly clock: Clock;
  readonly contacts: ContactsFile;
  readonly sessions: Sessions;
  readonly peerDirectory: PeerDirectory;
  readonly rooms: Rooms;
  readonly network: LocalNetwork;
  readonly notices: Notices;
  readonly tasks: BackgroundTasks;
}

/** The contacts that a node adds and keeps up to date. */
export class AutoContacts {
  readonly #parts: AutoContactsParts;
  #saving: Promise<void> = Promise.resolve();

  constructor(parts: AutoContactsParts) {
    this.#parts = parts;
  }

  /** Whether the peer is a contact; one that is only ignored or blocked is none. */
  has(peer: PeerId): boolean {
    return this.#parts.contacts.contacts.get(peer)?.isIgnored === false;
  }

  /**
   * Adds the peer to the contacts, or brings the contact up to date with what is known of its place. Entries of its direct
   * conversation that were left out while it was a stranger are asked for again.
   */
  add(peer: PeerId): void {
    const { contacts, clock, sessions, peerDirectory, rooms, network } = this.#parts;
    const isNew = !this.has(peer);
    const profile = peerDirectory.profileOf(peer);
    const connection = sessions.connections.get(peer);
    const wallMs = clock.wallMs();
    const { address, port, seen } = peerDirectory.toRow(peer);
    const heard = { address, port, seenAtMs: seen === null ? null : Date.parse(seen) };
    contacts.upsert(peer, {
      isIgnored: false,
      ...(isNew && { addedAtMs: wallMs, name: peerDirectory.nameOf(peer), ...heard }),
      ...(connection !== undefined && { seenAtMs: wallMs, address: connection.remote.address }),
      ...(profile !== undefined && { name: profile.name, port: profile.rendezvousPort }),
    });
    this.save();
    network.discovery.pin(peer);
    if (isNew) rooms.get(rooms.directId(peer))?.sync.askAgain();
  }

  /** The peer was here until now. */
  noteSeen(peer: PeerId): void {
    if (!this.has(peer)) return;
    this.#parts.contacts.upsert(peer, { seenAtMs: this.#parts.clock.wallMs() });
    this.save();
  }

  /**
   * The user reached a contact at a planned address, so the address stands for that contact. Its label and note become the
   * contact's, and the planned address is removed. It stays if the contact has another label, or another contact has this
   * one: a name that the user gave is not lost. `label` limits this to the planned address of that label.
   */
  adoptPlace(peer: PeerId, { at, label }: { readonly at: Endpoint; readonly label?: string }): void {
    const { contacts } = this.#parts;
    for (const place of contacts.contacts.plannedAddresses) {
      const key = toNameKey(place.label);
      const contact = contacts.contacts.get(peer);
      const isMeant = isSameEndpoint(place, at) && (label === undefined || toNameKey(label) === key);
      if (contact === undefined || !isMeant) continue;
      const isTaken = contacts.contacts.all.some((other) =>
        other.id !== peer && toNameKey(other.label) === key
      );
      if (isTaken || (contact.label !== "" && toNameKey(contact.label) !== key)) continue;
      contacts.removePlannedAddress(place);
      contacts.upsert(peer, {
        label: place.label,
        note: contact.note === "" ? place.note : contact.note,
        addedAtMs: place.addedAtMs ?? contact.addedAtMs,
      });
    }
    this.save();
  }

  /** The contact that the peer imitates: same name, address and port, but another key. */
  findImpersonated(peer: PeerId, profile: PeerProfile, address: string): Contact | undefined {
    // A contact has proved its own key: it may move to another contact's old address.
    if (this.has(peer)) return undefined;
    return this.#parts.contacts.contacts.all.find((contact) =>
      contact.id !== peer && contact.address === address && contact.port === profile.rendezvousPort &&
      contact.name !== "" && toNameKey(contact.name) === toNameKey(profile.name)
    );
  }

  /** Saves the changes, without waiting. */
  save(): void {
    const { contacts, notices, tasks } = this.#parts;
    this.#saving = contacts.save().catch((error) =>
      error instanceof WorldError ? notices.add(error.details) : tasks.report(error)
    );
  }

  /** Resolves when the last save is done. */
  async close(): Promise<void> {
    this.save();
    await this.#saving;
  }
}
