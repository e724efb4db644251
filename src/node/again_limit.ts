/** Keeps peers from asking for everything again and again: it costs us a look at the whole room, and them a few bytes. */

import type { Link } from "../net/pump.ts";
import type { Clock, Timer } from "../ports.ts";
import type { Rec } from "../wire/record.ts";

/** Between two times that a peer gets everything again on one link. */
export const AGAIN_MS_MIN = 1_000;

type Meet = Extract<Rec, { type: "meet" }>;

/** The limit of one room. */
export class AgainLimit {
  readonly #clock: Clock;
  readonly #run: (link: Link, meet: Meet) => void;
  readonly #askedAtMs = new WeakMap<Link, number>();
  /** Wishes that came too soon; the last of each link counts. */
  readonly #deferred = new Map<Link, Meet>();
  readonly #timer: Timer;

  /** `run` hears of wishes that came too soon when their time has come. */
  constructor(clock: Clock, run: (link: Link, meet: Meet) => void) {
    this.#clock = clock;
    this.#run = run;
    this.#timer = clock.timer(() => this.#onDue());
  }

  /** Whether the wish may be granted now; else it waits. */
  grants(link: Link, meet: Meet): boolean {
    const nowMs = this.#clock.nowMs();
    const dueAtMs = (this.#askedAtMs.get(link) ?? -Infinity) + AGAIN_MS_MIN;
    if (nowMs >= dueAtMs) {
      this.#askedAtMs.set(link, nowMs);
      return true;
    }
    this.#deferred.set(link, meet);
    this.#timer.wakeAt(dueAtMs);
    return false;
  }

  /** The link is gone. */
  forget(link: Link): void {
    this.#deferred.delete(link);
  }

  /** Stops the timer. */
  close(): void {
    this.#timer[Symbol.dispose]();
  }

  #onDue(): void {
    const deferred = [...this.#deferred];
    this.#deferred.clear();
    for (const [link, meet] of deferred) this.#run(link, meet);
  }
}
