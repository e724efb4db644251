/** Keeps those whom the user talks to in contacts.dat, without being asked, and notices who stands in a contact's place. */

import { WorldError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import { nameKey } from "../room/name.ts";
import type { Contact } from "../store/contact_line.ts";
import type { ContactsFile } from "../store/contacts_file.ts";
import type { PeerProfile, People } from "./people.ts";
import type { Sessions } from "./sessions.ts";

/** What keeping contacts needs. */
export interface ContactKeeperParts {
  readonly clock: Clock;
  readonly contacts: ContactsFile;
  readonly sessions: Sessions;
  readonly people: People;
  /** The contacts could not be saved: a sentence for the user. */
  onTrouble(text: string): void;
  /** A bug in a save that nobody waits for. */
  onBug(error: unknown): void;
}

/** The keeper of contacts.dat. */
export class ContactKeeper {
  readonly #parts: ContactKeeperParts;
  #saving: Promise<void> = Promise.resolve();

  /** Starts nothing. */
  constructor(parts: ContactKeeperParts) {
    this.#parts = parts;
  }

  /** Whether the user keeps that peer. */
  has(peer: PeerId): boolean {
    return this.#parts.contacts.contacts.get(peer) !== undefined;
  }

  /** The user talks to that peer: keeps it, with all that is known of where it is. */
  keep(peer: PeerId): void {
    const { contacts, clock, sessions, people } = this.#parts;
    const profile = people.profileOf(peer);
    const link = sessions.links.get(peer);
    const wallMs = clock.wallMs();
    contacts.upsert(peer, {
      ...(!this.has(peer) && { addedAtMs: wallMs, name: people.nameOf(peer) }),
      ...(link !== undefined && { seenAtMs: wallMs, address: link.remote.address }),
      ...(profile !== undefined && { name: profile.name, port: profile.rendezvousPort }),
    });
    this.save();
  }

  /** The contact in whose place a peer stands: same name, same address and port, another key. */
  doubledBy(peer: PeerId, profile: PeerProfile, address: string): Contact | undefined {
    // A contact has proved its own key: that it moved to another's old place is no trick.
    if (this.has(peer)) return undefined;
    return this.#parts.contacts.contacts.all.find((contact) =>
      contact.id !== peer && contact.address === address && contact.port === profile.rendezvousPort &&
      contact.name !== "" && nameKey(contact.name) === nameKey(profile.name)
    );
  }

  /** Saves what changed, soon. */
  save(): void {
    const { contacts, onTrouble, onBug } = this.#parts;
    this.#saving = contacts.save().catch((error) =>
      error instanceof WorldError ? onTrouble(error.message) : onBug(error)
    );
  }

  /** Resolves when the last save is through. */
  async close(): Promise<void> {
    this.save();
    await this.#saving;
  }
}
