/** Promises for "as soon as this holds": looked at again whenever something changed. */

import type { Clock } from "../../ports/time.ts";

interface Waiter {
  readonly holds: () => boolean;
  readonly end: (isReached: boolean) => void;
}

/** Everything that a node's commands are waiting for. */
export class ConditionWaiters {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True as soon as the condition holds, false after that many ms, or when the node stops. */
  waitUntil(holds: () => boolean, ms: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    if (this.#isClosed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = this.#clock.timer(() => waiter.end(false));
      const waiter: Waiter = {
        holds,
        end: (isReached) => {
          timer[Symbol.dispose]();
          this.#waiters.delete(waiter);
          resolve(isReached);
        },
      };
      this.#waiters.add(waiter);
      timer.wakeAt(this.#clock.nowMs() + ms);
    });
  }

  /** Something changed. */
  recheck(): void {
    for (const waiter of [...this.#waiters]) if (waiter.holds()) waiter.end(true);
  }

  /** The node stops: nothing more will change. */
  close(): void {
    this.#isClosed = true;
    for (const waiter of [...this.#waiters]) waiter.end(false);
  }
}
