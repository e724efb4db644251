/** Where peers may be reached, from introductions and earlier meetings: hints, the newest first. */

import type { Endpoint } from "../ports.ts";
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
    const others = this.of(peer).filter((known) =>
      known.address !== endpoint.address || known.port !== endpoint.port
    );
    this.#endpoints.delete(peer);
    this.#endpoints.set(peer, [endpoint, ...others].slice(0, ADDRESSES_PER_PEER_MAX));
    const [oldest] = this.#endpoints.keys();
    if (this.#endpoints.size > PEERS_MAX && oldest !== undefined) this.#endpoints.delete(oldest);
  }

  /** Where it may be, the newest hint first. */
  of(peer: PeerId): readonly Endpoint[] {
    return this.#endpoints.get(peer) ?? [];
  }
}
