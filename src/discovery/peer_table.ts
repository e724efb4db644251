/**
 * The peers that seem to be present, by key. All of it is unverified: a datagram adds to the table, but never
 * renames, removes or vouches for another peer. Sessions prove identity.
 */

import type { Endpoint } from "../ports/network.ts";
import type { PeerId } from "../room/id.ts";
import type { HostedRoom } from "../wire/record.ts";
import {
  computeAskAtMs,
  computeForgetAtMs,
  hasUsedAllAsks,
  type HeardBeacon,
  noteBeacon,
  type PeerChange,
  type PeerRecord,
} from "./peer_record.ts";

/**
 * Unpinned peers in the table; a further one displaces one. So a flood of keys costs at most this much memory: 1.2 kB
 * each, 2.7 kB at worst. Two halls of a thousand users each fit.
 */
export const UNPINNED_PEERS_MAX = 2_048;
/** Silent peers asked in one sweep, and the pause until the next, so that a silent crowd is not asked all at once. */
const ASKS_PER_SWEEP_MAX = 32;
/** Pause between two such sweeps. */
const ASK_PAUSE_MS = 100;

/** A peer that was heard. */
export interface Peer {
  readonly id: PeerId;
  /** Distinguishes its starts. */
  readonly instance: number;
  /** Foreign, unverified text: a label, never an identity. */
  readonly claimedName: string;
  /** The host score that it announces. */
  readonly merit: number;
  /** Rooms that it says it hosts; empty while it is silent. */
  readonly rooms: readonly HostedRoom[];
  /** All rooms that it hosts, including those that did not fit into its beacon. */
  readonly roomsCount: number;
  /** Its probable rendezvous addresses, best first. */
  readonly endpoints: readonly Endpoint[];
  /** False for a pinned peer that went silent. */
  readonly isHeard: boolean;
  readonly heardAtMs: number;
}

/** The part of the table for screens and the node. */
export interface PeerView {
  /** In order of hearing, the most recent last. */
  list(): readonly Peer[];
  get(id: PeerId): Peer | undefined;
  /** Another number whenever peers come or go, fall silent, are heard again, or take another name. */
  readonly revision: number;
}

/** A silent peer to ask by unicast at the socket that it last used. */
export interface OverduePeer {
  readonly id: PeerId;
  readonly from: Endpoint;
  /** Whether this is the last time before it is forgotten. */
  readonly isLast: boolean;
}

/** The result of a sweep. */
export interface SweepResult {
  readonly isChanged: boolean;
  readonly overdue: readonly OverduePeer[];
}

/** The table of heard peers. */
export class PeerTable implements PeerView {
  /** In order of hearing, the most recent last. */
  readonly #rows = new Map<PeerId, PeerRecord>();
  readonly #pinned = new Set<PeerId>();
  /** The number of unpinned peers by address. */
  readonly #unpinnedByAddress = new Map<string, number>();
  #unpinnedCount = 0;
  #revision = 0;
  /** No row wants a sweep before this; who was heard again meanwhile wants it later, which the next sweep finds out. */
  #sweepAtMs = Infinity;

  list(): readonly Peer[] {
    return [...this.#rows.values()].map(toPeer);
  }

  get(id: PeerId): Peer | undefined {
    const row = this.#rows.get(id);
    return row === undefined ? undefined : toPeer(row);
  }

  get revision(): number {
    return this.#revision;
  }

  /** How many are in the table. */
  get size(): number {
    return this.#rows.size;
  }

  /** When that peer was last heard, if it is heard at that address; otherwise null. */
  heardAtMs(id: PeerId, address: string): number | null {
    const row = this.#rows.get(id);
    if (row === undefined || !row.isHeard) return null;
    return row.addresses.some(({ from }) => from.address === address) ? row.heardAtMs : null;
  }

  /** The number of peers heard now at an address that satisfies the condition. */
  count(isThere: (address: string) => boolean): number {
    let count = 0;
    for (const { isHeard, addresses: places } of this.#rows.values()) {
      if (isHeard && places.some(({ from }) => isThere(from.address))) count++;
    }
    return count;
  }

  /** Keeps the peer, whatever else is heard and however long it is silent. */
  pin(id: PeerId): void {
    this.#change(id, () => this.#pinned.add(id));
  }

  /** Makes it forgettable again. */
  unpin(id: PeerId): void {
    this.#change(id, () => this.#pinned.delete(id));
  }

  /** Applies a beacon. */
  upsert(heard: HeardBeacon, nowMs: number): PeerChange {
    const { id } = heard.beacon;
    const before = this.#rows.get(id);
    if (before === undefined) this.#makeRoom(id);
    const { record, change } = noteBeacon(before, { ...heard, nowMs });
    this.#change(id, () => {
      // Moves to the end, except for a copy: a replay makes no peer more recent.
      if (record.heardAtMs !== before?.heardAtMs) this.#rows.delete(id);
      this.#rows.set(id, record);
    });
    return change;
  }

  /** Forgets silent peers, and returns those to ask first. */
  sweep(nowMs: number): SweepResult {
    const overdue: OverduePeer[] = [];
    let isChanged = false;
    if (nowMs < this.#sweepAtMs) return { isChanged, overdue };
    this.#sweepAtMs = Infinity;
    for (const [id, row] of this.#rows) {
      const best = row.addresses[0];
      if (this.#isSilentAndPinned(id, row)) continue;
      if (nowMs >= computeForgetAtMs(row)) {
        this.#change(id, () => {
          if (this.#pinned.has(id)) this.#rows.set(id, { ...row, isHeard: false });
          else this.#rows.delete(id);
        });
        isChanged = true;
      } else if (nowMs >= computeAskAtMs(row) && best !== undefined && overdue.length < ASKS_PER_SWEEP_MAX) {
        const asked = { ...row, askedCount: row.askedCount + 1 };
        this.#change(id, () => this.#rows.set(id, asked));
        overdue.push({ id, from: best.from, isLast: hasUsedAllAsks(asked) });
      }
    }
    for (const [id, row] of this.#rows) this.#noteSweep(id, row);
    if (overdue.length === ASKS_PER_SWEEP_MAX) {
      this.#sweepAtMs = Math.max(this.#sweepAtMs, nowMs + ASK_PAUSE_MS);
    }
    return { isChanged, overdue };
  }

  /** When it needs a sweep, or earlier; null while no peer can become overdue. */
  get wakeAtMs(): number | null {
    return this.#sweepAtMs === Infinity ? null : this.#sweepAtMs;
  }

  /** Every change of a row or pin goes through here: in a crowd nothing may be recounted for each datagram. */
  #change(id: PeerId, change: () => void): void {
    const before = this.#rows.get(id);
    this.#countUnpinned(id, -1);
    change();
    this.#countUnpinned(id, 1);
    const row = this.#rows.get(id);
    if (before?.isHeard !== row?.isHeard || before?.beacon.name !== row?.beacon.name) this.#revision++;
    if (row !== undefined) this.#noteSweep(id, row);
  }

  #noteSweep(id: PeerId, row: PeerRecord): void {
    if (this.#isSilentAndPinned(id, row)) return;
    this.#sweepAtMs = Math.min(this.#sweepAtMs, computeAskAtMs(row), computeForgetAtMs(row));
  }

  #countUnpinned(id: PeerId, step: 1 | -1): void {
    const row = this.#rows.get(id);
    if (row === undefined || this.#pinned.has(id)) return;
    const address = findBestAddress(row);
    const count = (this.#unpinnedByAddress.get(address) ?? 0) + step;
    if (count === 0) this.#unpinnedByAddress.delete(address);
    else this.#unpinnedByAddress.set(address, count);
    this.#unpinnedCount += step;
  }

  #isSilentAndPinned(id: PeerId, { isHeard }: PeerRecord): boolean {
    return !isHeard && this.#pinned.has(id);
  }

  /**
   * Makes room for one more. It drops the peer heard longest ago at the address with the most peers, so that a flood
   * of keys from one machine displaces itself and not the others.
   */
  #makeRoom(newcomer: PeerId): void {
    if (this.#unpinnedCount < UNPINNED_PEERS_MAX || this.#pinned.has(newcomer)) return;
    let largest = 0;
    for (const count of this.#unpinnedByAddress.values()) largest = Math.max(largest, count);
    for (const [id, row] of this.#rows) {
      if (this.#pinned.has(id) || this.#unpinnedByAddress.get(findBestAddress(row)) !== largest) continue;
      this.#change(id, () => this.#rows.delete(id));
      return;
    }
  }
}

function findBestAddress(row: PeerRecord): string {
  return row.addresses[0]?.from.address ?? "";
}

function toPeer({ beacon, addresses: places, isHeard, heardAtMs }: PeerRecord): Peer {
  return {
    id: beacon.id,
    instance: beacon.instance,
    claimedName: beacon.name,
    merit: beacon.merit,
    rooms: isHeard ? beacon.rooms : [],
    roomsCount: isHeard ? beacon.roomsCount : 0,
    endpoints: places.map(({ from, rendezvousPort }) => ({ address: from.address, port: rendezvousPort })),
    isHeard,
    heardAtMs,
  };
}
