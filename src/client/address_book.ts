/** Where peers may be reached, from introductions and earlier meetings: hints, the newest first. */

import type { Endpoint } from "../ports/network.ts";
import type { PeerId } from "../room/id.ts";

/** Addresses of one peer. */
export const ADDRESSES_PER_PEER_MAX = 4;
/** Peers remembered; the one that was noted longest ago is forgotten. Larger than the largest room measured. */
export const PEERS_MAX = 2_048;

/** Hints about addresses by peer. */
export class AddressBook {
  readonly #endpoints = new Map<PeerId, readonly Endpoint[]>();

  /** Notes that the peer may be at that address. */
  note(peer: PeerId, endpoint: Endpoint): void {
    const others = this.get(peer).filter((known) => !isSameEndpoint(known, endpoint));
    this.#endpoints.delete(peer);
    this.#endpoints.set(peer, [endpoint, ...others].slice(0, ADDRESSES_PER_PEER_MAX));
    this.#forgetOldest();
  }

  /** Somebody else says that the peer may be there: noted behind the addresses where it was met, of which none is lost for it. */
  noteHint(peer: PeerId, endpoint: Endpoint): void {
    const known = this.get(peer);
    if (known.some((one) => isSameEndpoint(one, endpoint))) return;
    this.#endpoints.set(peer, [...known.slice(0, ADDRESSES_PER_PEER_MAX - 1), endpoint]);
    this.#forgetOldest();
  }

  /** Where it may be, the newest hint first. */
  get(peer: PeerId): readonly Endpoint[] {
    return this.#endpoints.get(peer) ?? [];
  }

  #forgetOldest(): void {
    const [oldest] = this.#endpoints.keys();
    if (this.#endpoints.size > PEERS_MAX && oldest !== undefined) this.#endpoints.delete(oldest);
  }
}

/** Whether both are the same place on the network. */
export function isSameEndpoint(left: Endpoint, right: Endpoint): boolean {
  return left.address === right.address && left.port === right.port;
}
