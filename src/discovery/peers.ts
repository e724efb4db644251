/**
 * Who seems to be around, by key. Everything here is hearsay: a datagram adds to the table, and never renames, removes or
 * vouches for anybody beyond it; identity is proved in a session.
 */

import type { Endpoint } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import type { HostedRoom } from "../wire/record.ts";
import {
  askAtMs,
  forgetAtMs,
  hear,
  type Heard,
  type Hearsay,
  isAskedOut,
  type PeerChange,
} from "./hearsay.ts";

/** Peers in the table that nobody pinned; another one pushes one out, so a flood of keys costs no more memory than this. */
export const STRANGERS_MAX = 512;

/** Somebody who says to be here. */
export interface Peer {
  readonly id: PeerId;
  /** Tells this start of it from others. */
  readonly instance: number;
  /** Foreign text, unverified: a label, never an identity. */
  readonly claimedName: string;
  /** What it says its device is worth as a host. */
  readonly merit: number;
  /** Rooms that it says to host; empty while it is silent. */
  readonly rooms: readonly HostedRoom[];
  /** All that it hosts, also those that did not fit into its beacon. */
  readonly roomsCount: number;
  /** Where its rendezvous port should be, the best first. */
  readonly endpoints: readonly Endpoint[];
  /** False for a pinned peer whose beacons stopped. */
  readonly isHeard: boolean;
  readonly heardAtMs: number;
}

/** What screens and the node may see of the table. */
export interface PeerView {
  /** Those who were heard last come last. */
  list(): readonly Peer[];
  get(id: PeerId): Peer | undefined;
}

/** A silent peer to be asked by unicast, at the socket that it last spoke from. */
export interface Overdue {
  readonly id: PeerId;
  readonly from: Endpoint;
  /** The last time before it is forgotten. */
  readonly isLast: boolean;
}

/** What a sweep found. */
export interface Swept {
  readonly isChanged: boolean;
  readonly overdue: readonly Overdue[];
}

/** The peers heard. */
export class PeerTable implements PeerView {
  /** In the order in which they were heard, the latest last. */
  readonly #rows = new Map<PeerId, Hearsay>();
  readonly #pinned = new Set<PeerId>();

  list(): readonly Peer[] {
    return [...this.#rows.values()].map(peerOf);
  }

  get(id: PeerId): Peer | undefined {
    const row = this.#rows.get(id);
    return row === undefined ? undefined : peerOf(row);
  }

  /** How many peers are heard from such an address now. */
  count(isThere: (address: string) => boolean): number {
    let count = 0;
    for (const { isHeard, places } of this.#rows.values()) {
      if (isHeard && places.some(({ from }) => isThere(from.address))) count++;
    }
    return count;
  }

  /** Keeps the peer, whatever is heard of others and however silent it is. */
  pin(id: PeerId): void {
    this.#pinned.add(id);
  }

  /** Lets it be forgotten like any other. */
  unpin(id: PeerId): void {
    this.#pinned.delete(id);
  }

  /** Takes in what a beacon says. */
  upsert(heard: Heard, nowMs: number): PeerChange {
    const { id } = heard.beacon;
    const before = this.#rows.get(id);
    if (before === undefined) this.#makeRoom(id);
    const { hearsay, change } = hear(before, { ...heard, nowMs });
    // To the end, but not for a copy: a replay makes nobody younger.
    if (hearsay.heardAtMs !== before?.heardAtMs) this.#rows.delete(id);
    this.#rows.set(id, hearsay);
    return change;
  }

  /** Forgets who has been silent, and says whom to ask first. */
  sweep(nowMs: number): Swept {
    const overdue: Overdue[] = [];
    let isChanged = false;
    for (const [id, row] of this.#rows) {
      const best = row.places[0];
      if (this.#isKeptInSilence(id, row)) continue;
      if (nowMs >= forgetAtMs(row)) {
        if (this.#pinned.has(id)) this.#rows.set(id, { ...row, isHeard: false });
        else this.#rows.delete(id);
        isChanged = true;
      } else if (nowMs >= askAtMs(row) && best !== undefined) {
        const asked = { ...row, askedCount: row.askedCount + 1 };
        this.#rows.set(id, asked);
        overdue.push({ id, from: best.from, isLast: isAskedOut(asked) });
      }
    }
    return { isChanged, overdue };
  }

  /** When it wants a sweep; null while nobody could become overdue. */
  get wakeAtMs(): number | null {
    let wakeAtMs = Infinity;
    for (const [id, row] of this.#rows) {
      if (!this.#isKeptInSilence(id, row)) wakeAtMs = Math.min(wakeAtMs, askAtMs(row), forgetAtMs(row));
    }
    return wakeAtMs === Infinity ? null : wakeAtMs;
  }

  #isKeptInSilence(id: PeerId, { isHeard }: Hearsay): boolean {
    return !isHeard && this.#pinned.has(id);
  }

  /**
   * Makes room for one more. Out goes the peer that was heard longest ago at the address that has the most peers:
   * a flood of keys from one machine then pushes out itself, and not the others.
   */
  #makeRoom(newcomer: PeerId): void {
    if (this.#rows.size < STRANGERS_MAX || this.#pinned.has(newcomer)) return;
    const strangers = [...this.#rows.values()].filter((row) => !this.#pinned.has(row.beacon.id));
    if (strangers.length < STRANGERS_MAX) return;
    const crowds = new Map<string, number>();
    for (const row of strangers) crowds.set(addressOf(row), (crowds.get(addressOf(row)) ?? 0) + 1);
    const largest = Math.max(...crowds.values());
    const oldest = strangers.find((row) => crowds.get(addressOf(row)) === largest);
    if (oldest !== undefined) this.#rows.delete(oldest.beacon.id);
  }
}

function addressOf(row: Hearsay): string {
  return row.places[0]?.from.address ?? "";
}

function peerOf({ beacon, places, isHeard, heardAtMs }: Hearsay): Peer {
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
