/**
 * Which conversations are requests. The first lines of a peer that is no contact wait for the user's answer. A peer that the
 * user answers, accepts or saves becomes a contact. Ignored peers stay out of sight; blocked peers stay out.
 */

import type { PeerId, RoomId } from "../../room/id.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import type { LocalRoom } from "../room/local_room.ts";

/** Entries of a stranger that are accepted; the stranger keeps the others, and they come when the user accepts the request. */
export const REQUEST_ENTRIES_MAX = 3;
/** Strangers that may wait for an answer. Conversations of further strangers are refused. */
export const REQUESTS_MAX = 64;
/** Strangers of one address that may wait: a few people of one home network, and no phone with 64 keys takes all places. */
export const REQUESTS_PER_ADDRESS_MAX = 8;

/** Tells requests from conversations, by the contacts. */
export class RequestPolicy {
  readonly #me: PeerId;
  readonly #contacts: ContactsFile;
  /** Where those came from that wait since this start. */
  readonly #addresses = new Map<RoomId, string>();

  constructor(me: PeerId, contacts: ContactsFile) {
    this.#me = me;
    this.#contacts = contacts;
  }

  /** Whether it is a conversation that a stranger began and the user has not answered. */
  isRequest({ directPeer, replica }: LocalRoom): boolean {
    return directPeer !== undefined && this.#contacts.contacts.get(directPeer)?.isIgnored !== false &&
      replica.lastNumber(this.#me) === 0;
  }

  /** The number of entries of one feed that are accepted for now. */
  feedMax(localRoom: LocalRoom): number {
    return this.isRequest(localRoom) ? REQUEST_ENTRIES_MAX : Infinity;
  }

  /** Whether the limit of waiting strangers is reached. Ignored ones do not count. */
  isFull(rooms: readonly LocalRoom[]): boolean {
    const waiting = rooms.filter((localRoom) =>
      localRoom.directPeer !== undefined && this.isRequest(localRoom) && this.isWelcome(localRoom.directPeer)
    );
    return waiting.length >= REQUESTS_MAX;
  }

  /** Whether a stranger at that address may begin this conversation now: places are few, and one device has any number of keys. */
  mayBegin(room: RoomId, address: string, rooms: readonly LocalRoom[]): boolean {
    if (this.isFull(rooms)) return false;
    for (const known of this.#addresses.keys()) {
      const localRoom = rooms.find(({ replica }) => replica.id === known);
      const peer = localRoom?.directPeer;
      const isWaiting = localRoom !== undefined && peer !== undefined && this.isRequest(localRoom) &&
        this.isWelcome(peer);
      if (!isWaiting) this.#addresses.delete(known);
    }
    const isLoopback = address.startsWith("127.") || address === "::1";
    const fromThere = [...this.#addresses.values()].filter((other) => other === address).length;
    if (!isLoopback && fromThere >= REQUESTS_PER_ADDRESS_MAX) return false;
    this.#addresses.set(room, address);
    return true;
  }

  /** Whether the user wants to hear of a request of that peer: it neither ignores nor blocks it. */
  isWelcome(peer: PeerId): boolean {
    const contact = this.#contacts.contacts.get(peer);
    return contact?.isIgnored !== true && contact?.isBlocked !== true;
  }
}
