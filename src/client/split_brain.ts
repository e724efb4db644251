/**
 * Notices that a room has two hosts who do not find each other: the one whom we follow (or we), and one who is only heard
 * to host it. After a moment (most often they find each other, and it is over) somebody who hears both has to bring them
 * together. Not everybody at once: each waits a random while, the longer the more members there are, and the first who
 * comes ends it, for whoever is led to a better host hosts no more.
 */

import type { PeerId, RoomId } from "../room/id.ts";

/** Two hosts for so long are no handover any more. */
export const SPLIT_BRAIN_MS_MIN = 2_000;
/** The waits of members lie so far apart in the middle: time for a session and a beacon. */
export const SPLIT_BRAIN_MS_PER_MEMBER = 50;

/** Somebody says to host a room that another relays to us. */
export interface HostClaim {
  readonly peer: PeerId;
  readonly room: RoomId;
  /** Members of the room. */
  readonly memberCount: number;
}

interface CompetingHost {
  readonly peer: PeerId;
  readonly dueAtMs: number;
}

/** The rivals of those whom we follow. */
export class SplitBrainDetector {
  readonly #fraction: () => number;
  #competingHosts: ReadonlyMap<string, CompetingHost> = new Map();

  /** `fraction` gives random numbers in [0, 1). */
  constructor(fraction: () => number) {
    this.#fraction = fraction;
  }

  /** These are the claims now; those that stay keep their time. */
  updateClaims(claims: readonly HostClaim[], nowMs: number): void {
    this.#competingHosts = new Map(claims.map(({ peer, room, memberCount }) => {
      const key = `${room} ${peer}`;
      const waitMs = SPLIT_BRAIN_MS_MIN + this.#fraction() * SPLIT_BRAIN_MS_PER_MEMBER * memberCount;
      return [key, this.#competingHosts.get(key) ?? { peer, dueAtMs: nowMs + waitMs }];
    }));
  }

  /** With whom we should have a session now. */
  listDue(nowMs: number): readonly PeerId[] {
    return [...this.#competingHosts.values()].filter(({ dueAtMs }) => dueAtMs <= nowMs).map(({ peer }) =>
      peer
    );
  }

  /** When the next one is due, or null. */
  wakeAtMs(nowMs: number): number | null {
    const later = [...this.#competingHosts.values()].map(({ dueAtMs }) => dueAtMs).filter((dueAtMs) =>
      dueAtMs > nowMs
    );
    return later.length === 0 ? null : Math.min(...later);
  }
}
