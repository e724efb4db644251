/**
 * Answers on their way. Among few they leave at once. In a crowd everybody answers a newcomer, so each waits for a random part of
 * a time that grows with the crowd: a thousand answers in one moment do not fit into the newcomer's socket.
 */

import type { Endpoint, NetInterface } from "../ports/network.ts";

/** Others heard from which on it is a crowd; answers of fewer fit into any system's buffer of a socket. */
const CROWD_MIN = 64;
/** For each of them; so a newcomer hears a thousand answers a second. */
const SPREAD_PER_PEER_MS = 1;
/** In no crowd does a newcomer wait longer. */
const SPREAD_MS_MAX = 2_000;

/** An answer to exactly there, from this interface. */
export interface DelayedReply {
  readonly to: Endpoint;
  readonly by: NetInterface;
}

/** Whether so many are heard that what is sent to each or by each has to be spared. */
export function isCrowd(peersCount: number): boolean {
  return peersCount >= CROWD_MIN;
}

/** How long answers are spread out where so many are heard. */
export function computeSpreadMs(peersCount: number): number {
  return !isCrowd(peersCount) ? 0 : Math.min(SPREAD_MS_MAX, peersCount * SPREAD_PER_PEER_MS);
}

/** The answers of one node. How many may wait is bounded by who lets them in (`Limits`). */
export class DelayedReplies {
  readonly #waiting = new Set<{ readonly reply: DelayedReply; readonly atMs: number }>();

  /** When the next is due; null if none waits. */
  get wakeAtMs(): number | null {
    if (this.#waiting.size === 0) return null;
    return Math.min(...[...this.#waiting].map(({ atMs }) => atMs));
  }

  /** Lets it wait until a moment. */
  add(reply: DelayedReply, atMs: number): void {
    this.#waiting.add({ reply, atMs });
  }

  /** Those that are to be sent now. */
  take(nowMs: number): readonly DelayedReply[] {
    const due = [...this.#waiting].filter(({ atMs }) => atMs <= nowMs);
    for (const each of due) this.#waiting.delete(each);
    return due.map(({ reply }) => reply);
  }
}
