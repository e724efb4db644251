/** Peers that this node has no session with: blocked ones until the user unblocks them, paused ones until the user asks for them. */

import type { PeerId } from "../../room/id.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";

/** The policy of one node. Blocking is kept in contacts.dat; a pause ends with the node. */
export class PeerPolicy {
  readonly #contacts: ContactsFile;
  readonly #paused = new Set<PeerId>();
  #liftedCount = 0;

  constructor(contacts: ContactsFile) {
    this.#contacts = contacts;
  }

  /** Whether the user blocks the peer. */
  isBlocked(peer: PeerId): boolean {
    return this.#contacts.contacts.get(peer)?.isBlocked === true;
  }

  /** Whether the user disconnected from the peer and has not asked for it since. */
  isPaused(peer: PeerId): boolean {
    return this.#paused.has(peer) && this.#liftedCount === 0;
  }

  /** Whether this node neither dials nor accepts the peer. */
  isAvoided(peer: PeerId): boolean {
    return this.isBlocked(peer) || this.isPaused(peer);
  }

  /** Peers that are paused as soon as no pause is lifted. */
  get paused(): ReadonlySet<PeerId> {
    return this.#paused;
  }

  /** Begins a pause. */
  pause(peer: PeerId): void {
    this.#paused.add(peer);
  }

  /** Ends the pause; false if there was none. */
  resume(peer: PeerId): boolean {
    return this.#paused.delete(peer);
  }

  /** No pause counts until the result is disposed of: a dial by address may reach any peer. */
  liftPauses(): Disposable {
    this.#liftedCount++;
    return { [Symbol.dispose]: () => void this.#liftedCount-- };
  }
}
