/** Which downloads receive now: a few at once, of all that have sources. */

import type { Clock, Timer } from "../../ports/time.ts";

/** A download that takes turns. */
export interface TurnTaker {
  /** Whether there is something to do. */
  readonly wantsTurn: boolean;
  /** When it last made progress. */
  readonly lastDoneMs: number;
  /** The turn begins or ends. */
  onTurn(isMine: boolean): void;
}

/** A turn without progress for this time is over, if others wait. */
export const TURN_IDLE_MS = 30_000;

/** The turns of all downloads. */
export class DownloadScheduler {
  readonly #clock: Clock;
  readonly #countMax: number;
  readonly #timer: Timer;
  /** In the order of their turns, with the start of the present turn. */
  readonly #all = new Map<TurnTaker, number | null>();

  /** `countMax` is the number of turns at once. */
  constructor(clock: Clock, countMax: number) {
    this.#clock = clock;
    this.#countMax = countMax;
    this.#timer = clock.timer(() => this.share());
  }

  /** Adds a download. */
  add(taker: TurnTaker): void {
    this.#all.set(taker, null);
    this.share();
  }

  /** Removes a download; its turn ends without a call. */
  remove(taker: TurnTaker): void {
    this.#all.delete(taker);
    this.share();
  }

  /** Shares the turns again: a download wants one, or no longer does. */
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

  /** Ends all turns. */
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
