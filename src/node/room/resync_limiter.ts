/** Limits how often a peer gets a full resync: it costs us a pass over the whole room, and the peer a few bytes. */

import type { Connection } from "../../net/connection.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import type { WireRecord } from "../../wire/record.ts";

/** Time between two resyncs on one connection. */
export const RESYNC_MS_MIN = 1_000;

type Meet = Extract<WireRecord, { type: "meet" }>;

/** The limit of one room. */
export class ResyncLimiter {
  readonly #clock: Clock;
  readonly #run: (connection: Connection, meet: Meet) => void;
  readonly #askedAtMs = new WeakMap<Connection, number>();
  /** Requests that came too soon; the latest of each connection counts. */
  readonly #deferred = new Map<Connection, Meet>();
  readonly #timer: Timer;

  /** `run` is called with requests that came too soon, when they are due. */
  constructor(clock: Clock, run: (connection: Connection, meet: Meet) => void) {
    this.#clock = clock;
    this.#run = run;
    this.#timer = clock.timer(() => this.#onDue());
  }

  /** Whether the request may be granted now; otherwise it waits. */
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
