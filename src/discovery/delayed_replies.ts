/**
 * Pending answers. Few peers answer immediately. In a crowd all peers answer a newcomer, so each waits a random part
 * of a time that grows with the crowd: a thousand simultaneous answers do not fit into the newcomer's socket buffer.
 */

import type { Endpoint, NetInterface } from "../ports/network.ts";

/** Peers heard from which on it is a crowd. Any system's socket buffer holds the answers of fewer. */
const CROWD_MIN = 64;
/** Per peer, so that a newcomer receives a thousand answers per second. */
const SPREAD_PER_PEER_MS = 1;
/** The longest wait of a newcomer. */
const SPREAD_MS_MAX = 2_000;

/** An answer to one endpoint, from this interface. */
export interface DelayedReply {
  readonly to: Endpoint;
  readonly by: NetInterface;
}

/** Whether so many peers are heard that beacons must be saved. */
export function isCrowd(peersCount: number): boolean {
  return peersCount >= CROWD_MIN;
}

/** The time over which answers are spread, for that many peers. */
export function computeSpreadMs(peersCount: number): number {
  return !isCrowd(peersCount) ? 0 : Math.min(SPREAD_MS_MAX, peersCount * SPREAD_PER_PEER_MS);
}

/** The pending answers of one node. `RateLimits` bounds their number. */
export class DelayedReplies {
  readonly #waiting = new Set<{ readonly reply: DelayedReply; readonly atMs: number }>();

  /** When the next one is due; null if none waits. */
  get wakeAtMs(): number | null {
    if (this.#waiting.size === 0) return null;
    return Math.min(...[...this.#waiting].map(({ atMs }) => atMs));
  }

  /** Delays the answer until that moment. */
  add(reply: DelayedReply, atMs: number): void {
    this.#waiting.add({ reply, atMs });
  }

  /** The answers that are due. */
  take(nowMs: number): readonly DelayedReply[] {
    const due = [...this.#waiting].filter(({ atMs }) => atMs <= nowMs);
    for (const each of due) this.#waiting.delete(each);
    return due.map(({ reply }) => reply);
  }
}
