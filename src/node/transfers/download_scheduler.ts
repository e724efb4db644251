/** Who fetches at the moment: few at once, of all that look for somebody who has what they want. */

import type { Clock, Timer } from "../../ports/time.ts";

/** Whoever takes turns. */
export interface TurnTaker {
  /** There is something to do. */
  readonly wantsTurn: boolean;
  /** When something was last done. */
  readonly lastDoneMs: number;
  /** The turn begins, or is over. */
  onTurn(isMine: boolean): void;
}

/** A turn in which nothing is done for so long is over, if others wait. */
export const TURN_IDLE_MS = 30_000;

/** The turns of those who are in it. */
export class DownloadScheduler {
  readonly #clock: Clock;
  readonly #countMax: number;
  readonly #timer: Timer;
  /** All, in the order in which they are to have their turns, and since when they have them. */
  readonly #all = new Map<TurnTaker, number | null>();

  /** So many at once. */
  constructor(clock: Clock, countMax: number) {
    this.#clock = clock;
    this.#countMax = countMax;
    this.#timer = clock.timer(() => this.share());
  }

  /** It is in. */
  add(taker: TurnTaker): void {
    this.#all.set(taker, null);
    this.share();
  }

  /** It is out, and hears of no turn any more. */
  remove(taker: TurnTaker): void {
    this.#all.delete(taker);
    this.share();
  }

  /** Somebody wants a turn, or no turn, any more. */
  share(): void {
    for (const taker of this.#holders) if (!taker.wantsTurn) this.#end(taker);
    const waiting = [...this.#all].filter(([taker, sinceMs]) => sinceMs === null && taker.wantsTurn);
    const nowMs = this.#clock.nowMs();
    const endOf = (taker: TurnTaker) =>
      Math.max(taker.lastDoneMs, this.#all.get(taker) ?? nowMs) + TURN_IDLE_MS;
    const holders = this.#holders;
    let missing = waiting.length - (this.#countMax - holders.length);
    for (const taker of holders) {
      if (missing <= 0 || endOf(taker) > nowMs) continue;
      this.#end(taker);
      missing--;
    }
    for (const [taker] of waiting.slice(0, this.#countMax - this.#holders.length)) {
      this.#all.set(taker, nowMs);
      taker.onTurn(true);
    }
    if (missing > 0) this.#timer.wakeAt(Math.min(...this.#holders.map(endOf)));
  }

  /** No more turns. */
  close(): void {
    this.#timer[Symbol.dispose]();
  }

  get #holders(): readonly TurnTaker[] {
    return [...this.#all].filter(([, sinceMs]) => sinceMs !== null).map(([taker]) => taker);
  }

  #end(taker: TurnTaker): void {
    this.#all.delete(taker);
    this.#all.set(taker, null);
    taker.onTurn(false);
  }
}
