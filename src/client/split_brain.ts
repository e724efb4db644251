/**
 * Detects that a room has two hosts that do not find each other: our own, and one that is only heard to host it.
 * Usually they find each other soon. Otherwise a member that hears both must connect them. To avoid that all do so at
 * once, each waits a random time that grows with the number of members. The first connection ends it, because a host
 * that learns of a better one stops hosting.
 */

import type { PeerId, RoomId } from "../room/id.ts";

/** Two hosts for this time are not a handover. */
export const SPLIT_BRAIN_MS_MIN = 2_000;
/** Average spacing of the members' waits: time for a session and a beacon. */
export const SPLIT_BRAIN_MS_PER_MEMBER = 50;

/** A peer announces a room that another host relays to us. */
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

/** The competing hosts of our rooms. */
export class SplitBrainDetector {
  readonly #fraction: () => number;
  #competingHosts: ReadonlyMap<string, CompetingHost> = new Map();

  /** `fraction` returns random numbers in [0, 1). */
  constructor(fraction: () => number) {
    this.#fraction = fraction;
  }

  /** Updates the current claims. Those that persist keep their due time. */
  updateClaims(claims: readonly HostClaim[], nowMs: number): void {
    this.#competingHosts = new Map(claims.map(({ peer, room, memberCount }) => {
      const key = `${room} ${peer}`;
      const waitMs = SPLIT_BRAIN_MS_MIN + this.#fraction() * SPLIT_BRAIN_MS_PER_MEMBER * memberCount;
      return [key, this.#competingHosts.get(key) ?? { peer, dueAtMs: nowMs + waitMs }];
    }));
  }

  /** The peers with which a session is due now. */
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
