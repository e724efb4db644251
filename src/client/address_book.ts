/** Where peers may be reached, from introductions and earlier connections: unverified hints, newest first. */

import type { Endpoint } from "../ports/network.ts";
import type { PeerId } from "../room/id.ts";

/** Addresses of one peer. */
export const ADDRESSES_PER_PEER_MAX = 4;
/** Peers remembered; the oldest is dropped. Above the largest room measured. */
export const PEERS_MAX = 2_048;

/** Address hints by peer. */
export class AddressBook {
  readonly #endpoints = new Map<PeerId, readonly Endpoint[]>();
  /** Where peers were met; no place here is somebody else's word alone. */
  readonly #met = new Set<string>();

  /** Records that the peer may be at that address. */
  note(peer: PeerId, endpoint: Endpoint): void {
    const others = this.get(peer).filter((known) => !isSameEndpoint(known, endpoint));
    this.#endpoints.delete(peer);
    this.#endpoints.set(peer, [endpoint, ...others].slice(0, ADDRESSES_PER_PEER_MAX));
    this.#forgetOldest();
    const key = `${endpoint.address} ${endpoint.port}`;
    this.#met.delete(key);
    this.#met.add(key);
    const [oldest] = this.#met;
    if (this.#met.size > PEERS_MAX && oldest !== undefined) this.#met.delete(oldest);
  }

  /** Whether a peer was met there, and did not only say so by datagram, or somebody else for it. */
  isMet({ address, port }: Endpoint): boolean {
    return this.#met.has(`${address} ${port}`);
  }

  /**
   * Records an address reported by a third peer. It goes after the addresses where the peer was met, and displaces
   * none of those.
   */
  noteHint(peer: PeerId, endpoint: Endpoint): void {
    const known = this.get(peer);
    if (known.some((one) => isSameEndpoint(one, endpoint))) return;
    this.#endpoints.set(peer, [...known.slice(0, ADDRESSES_PER_PEER_MAX - 1), endpoint]);
    this.#forgetOldest();
  }

  /** The peer's addresses, newest hint first. */
  get(peer: PeerId): readonly Endpoint[] {
    return this.#endpoints.get(peer) ?? [];
  }

  #forgetOldest(): void {
    const [oldest] = this.#endpoints.keys();
    if (this.#endpoints.size > PEERS_MAX && oldest !== undefined) this.#endpoints.delete(oldest);
  }
}

/** Whether both are the same address and port. */
export function isSameEndpoint(left: Endpoint, right: Endpoint): boolean {
  return left.address === right.address && left.port === right.port;
}
