/**
 * One bound for all that sessions hold in memory: what waits to be written to peers, and their unfinished records. A session's
 * own limits are for a session; a thousand of them at their limits would still be more than a phone has.
 */

import type { Connection } from "../../net/connection.ts";
import type { Clock, Timer } from "../../ports/time.ts";

/** Bytes of all sessions together. Beyond it those that hold most are cut; they resume by vectors. */
export const HELD_BYTES_MAX = 48 * 1024 * 1024;
/** Sessions from which on the sum is looked at: fewer cannot come near the bound. */
export const WATCHED_SESSIONS_MIN = 12;
/** Between two looks: what the fastest Wi-Fi brings meanwhile is a few per cent of the bound. */
export const HELD_CHECK_MS = 100;

/** A session as this sees it. */
export type HeldSession = Pick<Connection, "heldBytes" | "close">;

/** The watch over a node's sessions. */
export class SessionMemory {
  readonly #clock: Clock;
  readonly #sessions: () => Iterable<HeldSession>;
  readonly #count: () => number;
  readonly #timer: Timer;
  #isArmed = false;

  constructor(parts: {
    readonly clock: Clock;
    /** All sessions, also those in their handshake. */
    readonly sessions: () => Iterable<HeldSession>;
    readonly count: () => number;
  }) {
    this.#clock = parts.clock;
    this.#sessions = parts.sessions;
    this.#count = parts.count;
    this.#timer = parts.clock.timer(() => {
      this.#isArmed = false;
      this.#look();
    });
  }

  /** There is one session more. */
  onStart(): void {
    if (this.#isArmed || this.#count() < WATCHED_SESSIONS_MIN) return;
    this.#isArmed = true;
    this.#timer.wakeAt(this.#clock.nowMs() + HELD_CHECK_MS);
  }

  /** Stops the timer. */
  close(): void {
    this.#timer[Symbol.dispose]();
  }

  #look(): void {
    let heldBytes = 0;
    for (const session of this.#sessions()) heldBytes += session.heldBytes;
    if (heldBytes > HELD_BYTES_MAX) this.#cut(heldBytes);
    this.onStart();
  }

  /** Those that hold most first: an honest one holds little, for it reads. */
  #cut(heldBytes: number): void {
    const held = [...this.#sessions()].map((session) => ({ session, bytes: session.heldBytes }));
    let leftBytes = heldBytes;
    for (const { session, bytes } of held.sort((left, right) => right.bytes - left.bytes)) {
      if (leftBytes <= HELD_BYTES_MAX) break;
      session.close("too-far-behind");
      leftBytes -= bytes;
    }
  }
}
