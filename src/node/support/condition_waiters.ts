/** Promises that resolve as soon as a condition holds. Conditions are checked again after each change of the node. */

import type { Clock } from "../../ports/time.ts";

interface Waiter {
  readonly holds: () => boolean;
  readonly end: (isReached: boolean) => void;
}

/** All conditions that a node's commands wait for. */
export class ConditionWaiters {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves to true as soon as the condition holds, and to false after that many ms or when the node stops. */
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

  /** Checks all conditions. */
  recheck(): void {
    for (const waiter of [...this.#waiters]) if (waiter.holds()) waiter.end(true);
  }

  /** Ends all waits with false: the node stops. */
  close(): void {
    this.#isClosed = true;
    for (const waiter of [...this.#waiters]) waiter.end(false);
  }
}
