/**
 * Decides which requests the rendezvous port serves and which must wait. A flood stops here, before any key is used
 * and without affecting running sessions. Limits apply per address and in total, because an address on a LAN is one
 * device.
 */

import { isLoopback } from "../encoding/network_address.ts";

/** Concurrent handoffs of one address. A device that wants to talk needs fewer. */
export const PENDING_PER_ADDRESS_MAX = 8;
/** Concurrent handoffs in total. Each occupies a listener for at most five seconds. */
export const PENDING_MAX = 64;
/** Handoffs that one address may request in a burst … */
export const BURST_PER_ADDRESS = 32;
/** … and per second after that. */
export const RATE_PER_ADDRESS = 8;
/** Open sessions of one address. A device runs one node or a few; more would take the places of others. */
export const SESSIONS_PER_ADDRESS_MAX = 16;
/** Open sessions in total: above the largest room measured. A further peer is told to wait. */
export const SESSIONS_MAX = 1_100;
/** Addresses remembered. The oldest is dropped, so that a flood of forged addresses costs a fixed amount. */
const ADDRESSES_MAX = 1_024;
/** Time after which a caller may ask again while too many handoffs are under way. */
const BUSY_MS = 1_000;
/** Time after which a caller may ask again while too many sessions are open. */
const FULL_MS = 5_000;

/** Admission, or the time to wait before asking again. */
export type Admission = { readonly kind: "admitted" } | { readonly kind: "busy"; readonly waitMs: number };

/** The facts behind a decision. */
export interface AdmissionRequest {
  readonly nowMs: number;
  /** Open sessions in total … */
  readonly sessionCount: number;
  /** … and with that address. */
  readonly addressSessionCount: number;
}

interface AddressState {
  tokens: number;
  atMs: number;
  pending: number;
}

/** Tracks the addresses that ask for a handoff. */
export class AdmissionControl {
  readonly #addresses = new Map<string, AddressState>();
  #pending = 0;

  /** Whether as many handoffs are under way as may. */
  get isPendingFull(): boolean {
    return this.#pending >= PENDING_MAX;
  }

  /**
   * Decides about one request. An admitted one must be `release`d. On loopback only the totals count, because one
   * machine may run many nodes.
   */
  admit(address: string, options: AdmissionRequest): Admission {
    const { nowMs, sessionCount, addressSessionCount: sessionsFromThereCount } = options;
    if (sessionCount + this.#pending >= SESSIONS_MAX) return { kind: "busy", waitMs: FULL_MS };
    if (this.#pending >= PENDING_MAX) return { kind: "busy", waitMs: BUSY_MS };
    const asker = this.#getState(address, nowMs);
    if (!isLoopback(address)) {
      if (sessionsFromThereCount + asker.pending >= SESSIONS_PER_ADDRESS_MAX) {
        return { kind: "busy", waitMs: FULL_MS };
      }
      if (asker.pending >= PENDING_PER_ADDRESS_MAX) return { kind: "busy", waitMs: BUSY_MS };
      if (asker.tokens < 1) {
        return { kind: "busy", waitMs: Math.ceil((1 - asker.tokens) * 1000 / RATE_PER_ADDRESS) };
      }
    }
    asker.tokens = Math.max(0, asker.tokens - 1);
    asker.pending++;
    this.#pending++;
    return { kind: "admitted" };
  }

  /** An admitted request has ended, successfully or not. */
  release(address: string): void {
    this.#pending--;
    const asker = this.#addresses.get(address);
    if (asker !== undefined) asker.pending--;
  }

  #getState(address: string, nowMs: number): AddressState {
    const known = this.#addresses.get(address);
    const asker = known ?? { tokens: BURST_PER_ADDRESS, atMs: nowMs, pending: 0 };
    asker.tokens = Math.min(BURST_PER_ADDRESS, asker.tokens + (nowMs - asker.atMs) * RATE_PER_ADDRESS / 1000);
    asker.atMs = nowMs;
    // Inserted again, so that the map's first key is the address that has been silent longest.
    this.#addresses.delete(address);
    this.#addresses.set(address, asker);
    if (this.#addresses.size > ADDRESSES_MAX) this.#forgetOne();
    return asker;
  }

  #forgetOne(): void {
    for (const [address, asker] of this.#addresses) {
      if (asker.pending > 0) continue;
      this.#addresses.delete(address);
      return;
    }
  }
}
