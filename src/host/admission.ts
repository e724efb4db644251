/**
 * Whom the rendezvous port serves, and who must wait: the one place where a flood is stopped, before any secret is
 * used and without touching sessions that run. By address and in all, because an address on a LAN is one device.
 */

/** Handoffs under way for one address: more is no device that wants to talk. */
export const PENDING_PER_ADDRESS_MAX = 8;
/** Handoffs under way in all; each holds a listener for five seconds at the most. */
export const PENDING_MAX = 64;
/** Handoffs that one address may ask for in a row … */
export const BURST_PER_ADDRESS = 32;
/** … and each second after that. */
export const RATE_PER_ADDRESS = 8;
/** Open sessions of one address: one device has one node, or a few homes; more would take everybody else's places. */
export const SESSIONS_PER_ADDRESS_MAX = 16;
/** Open sessions: the largest room measured and some. A further peer is told to wait. */
export const SESSIONS_MAX = 1_100;
/** Addresses remembered; the oldest is forgotten, so a flood from made-up addresses costs a fixed amount. */
const ADDRESSES_MAX = 1_024;
/** Time after which a caller may ask again while too many handoffs are under way. */
const BUSY_MS = 1_000;
/** Time after which a caller may ask again while too many sessions are open. */
const FULL_MS = 5_000;

/** A place in the queue, or the time to wait before asking again. */
export type Admission = { readonly kind: "admitted" } | { readonly kind: "busy"; readonly waitMs: number };

/** What a request is decided by. */
export interface AdmissionRequest {
  readonly nowMs: number;
  /** Open sessions in all … */
  readonly sessionCount: number;
  /** … and with that address. */
  readonly addressSessionCount: number;
}

interface AddressState {
  tokens: number;
  atMs: number;
  pending: number;
}

/** Counts who asks. */
export class AdmissionControl {
  readonly #addresses = new Map<string, AddressState>();
  #pending = 0;

  /** Decides about one request. Whoever is admitted must be `release`d. Loopback is one machine with many nodes: only the total counts. */
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

  /** One admitted request is over, well or badly. */
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
    // Set anew, so that the map's first key is the one that has been silent longest.
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

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
