/** Tells followers of one room how to reach each other, and notes addresses that others tell: hints, never more. */

import type { AddressBook } from "../../client/address_book.ts";
import { findNetwork } from "../../discovery/destinations.ts";
import { isLoopback, SESSION_PORT_MIN } from "../../encoding/network_address.ts";
import type { Connection } from "../../net/connection.ts";
import type { Interfaces } from "../../ports/network.ts";
import type { PeerId } from "../../room/id.ts";
import type { Introduction } from "../../wire/record.ts";
import type { PeerDirectory } from "./peer_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";

/**
 * Followers of one room that are introduced to each other. In a larger room a newcomer hears of the earliest followers, which
 * host next; beacons do the rest. To tell all followers of each newcomer would be a tenth of the cost of its join.
 */
const INTRODUCED_MAX = 32;

export interface PeerExchangeParts {
  readonly me: PeerId;
  readonly interfaces: Interfaces;
  readonly book: AddressBook;
  readonly peerDirectory: PeerDirectory;
  readonly rooms: Rooms;
}

/** The introductions of one node. */
export class PeerExchange {
  readonly #parts: PeerExchangeParts;

  constructor(parts: PeerExchangeParts) {
    this.#parts = parts;
  }

  /** Notes where other peers may be. Only addresses on our own networks count, so that no peer can make us dial elsewhere. */
  noteIntroductions(connection: Connection, introductions: readonly Introduction[]): void {
    const { me, book, interfaces } = this.#parts;
    // A loopback address means this device only to a peer on it.
    const isHere = isLoopback(connection.remote.address);
    const networks = interfaces.list().filter((network) => isLoopback(network.address) === isHere);
    for (const { peer, endpoint } of introductions) {
      const isNear = endpoint.port >= SESSION_PORT_MIN && findNetwork(endpoint.address, networks) !== null;
      if (peer !== me && isNear && this.#shareRoom(connection.peer, peer)) book.noteHint(peer, endpoint);
    }
  }

  /** Tells a new follower how to reach the others who follow, and them how to reach it. */
  introduce(localRoom: LocalRoom, connection: Connection): void {
    // A loopback address means another device to a peer elsewhere.
    const isNear = (other: Connection) =>
      isLoopback(other.remote.address) === isLoopback(connection.remote.address);
    const others: Connection[] = [];
    for (const other of localRoom.sync.attached) {
      if (other !== connection && isNear(other)) others.push(other);
      if (others.length > INTRODUCED_MAX) break;
    }
    const first = others.slice(0, INTRODUCED_MAX);
    const peers = first.map((other) => this.#introductionOf(other)).filter((one) => one !== undefined);
    if (peers.length > 0) connection.send({ type: "introduce", peers });
    const newcomer = this.#introductionOf(connection);
    if (newcomer === undefined || others.length > INTRODUCED_MAX) return;
    for (const other of others) other.send({ type: "introduce", peers: [newcomer] });
  }

  /** Whether both are members of a room of ours. */
  #shareRoom(one: PeerId | undefined, other: PeerId): boolean {
    return one !== undefined &&
      this.#parts.rooms.list().some(({ replica }) => replica.isIn(one) && replica.isIn(other));
  }

  #introductionOf(connection: Connection): Introduction | undefined {
    const profile = connection.peer === undefined
      ? undefined
      : this.#parts.peerDirectory.profileOf(connection.peer);
    if (connection.peer === undefined || profile === undefined) return undefined;
    return {
      peer: connection.peer,
      endpoint: { address: connection.remote.address, port: profile.rendezvousPort },
    };
  }
}
