/** Keeps peers from asking for everything again and again: it costs us a look at the whole room, and them a few bytes. */

import type { Connection } from "../../net/connection.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import type { WireRecord } from "../../wire/record.ts";

/** Between two times that a peer gets everything again on one connection. */
export const RESYNC_MS_MIN = 1_000;

type Meet = Extract<WireRecord, { type: "meet" }>;

/** The limit of one room. */
export class ResyncLimiter {
  readonly #clock: Clock;
  readonly #run: (connection: Connection, meet: Meet) => void;
  readonly #askedAtMs = new WeakMap<Connection, number>();
  /** Wishes that came too soon; the last of each connection counts. */
  readonly #deferred = new Map<Connection, Meet>();
  readonly #timer: Timer;

  /** `run` hears of wishes that came too soon when their time has come. */
  constructor(clock: Clock, run: (connection: Connection, meet: Meet) => void) {
    this.#clock = clock;
    this.#run = run;
    this.#timer = clock.timer(() => this.#onDue());
  }

  /** Whether the wish may be granted now; else it waits. */
  mayResync(connection: Connection, meet: Meet): boolean {
    const nowMs = this.#clock.nowMs();
    const dueAtMs = (this.#askedAtMs.get(connection) ?? -Infinity) + RESYNC_MS_MIN;
    if (nowMs >= dueAtMs) {
      this.#askedAtMs.set(connection, nowMs);
      return true;
    }
    this.#deferred.set(connection, meet);
    this.#timer.wakeAt(dueAtMs);
    return false;
  }

  /** The connection is closed. */
  forget(connection: Connection): void {
    this.#deferred.delete(connection);
  }

  /** Stops the timer. */
  close(): void {
    this.#timer[Symbol.dispose]();
  }

  #onDue(): void {
    const deferred = [...this.#deferred];
    this.#deferred.clear();
    for (const [connection, meet] of deferred) this.#run(connection, meet);
  }
}
