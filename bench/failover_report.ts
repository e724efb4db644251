/** What the failover benchmark prints, and whether it is good enough. */

import type { CatchUp } from "./catchup.ts";
import { isGood, type Verdict, verdictText } from "./verdict.ts";

/** What times have to stay below. */
export type Goals = Readonly<Partial<Record<"medianMs" | "worstMs", number>>>;

/** What catching up has to stay below. */
export type CatchUpGoals = Readonly<Record<"tookMs" | "peakBytes", number>>;

/** Prints figures as they come. */
export class Report {
  readonly #isJson: boolean;
  #isGood = true;

  /** Nothing is printed yet. With `isJson` each figure is a JSON line too. */
  constructor({ isJson }: { readonly isJson: boolean }) {
    this.#isJson = isJson;
  }

  /** Whether nothing was lost so far, and all goals are met. */
  get isGood(): boolean {
    return this.#isGood;
  }

  /** Times of one kind in rooms of one size. */
  times(what: string, count: number, eachMs: readonly number[], goals: Goals = {}): void {
    if (eachMs.length === 0) return;
    const sorted = eachMs.map(Math.round).sort((left, right) => left - right);
    const figures = { medianMs: at(sorted, 0.5), p95Ms: at(sorted, 0.95), worstMs: at(sorted, 1) };
    const missed = this.#missed(figures, goals);
    this.#json({ what, nodes: count, times: sorted.length, ...figures, goals });
    this.say(
      `${count} nodes, ${what}: median ${figures.medianMs} ms, 95 % within ${figures.p95Ms} ms, ` +
        `worst ${figures.worstMs} ms of ${sorted.length}${missed}.`,
    );
  }

  /** What became of all that was said. */
  verdict(what: string, count: number, verdict: Verdict): void {
    this.#isGood &&= isGood(verdict);
    this.#json({ what, nodes: count, ...verdict });
    this.say(`${count} nodes, ${what}: ${verdictText(verdict)}`);
  }

  /** How somebody caught up. */
  catchUp(result: CatchUp, goals: CatchUpGoals): void {
    const { missedCount, tookMs, peakBytes, hostPeakBytes, saidInMs, verdict } = result;
    const missed = this.#missed({ tookMs, peakBytes }, goals);
    this.#json({ what: "catch-up", ...result, goals });
    this.say(
      `Back after ${missedCount} lines: up to date ${seconds(tookMs)} after its start, at most ${
        megabytes(peakBytes)
      } ` +
        `(its host ${megabytes(hostPeakBytes)})${missed}. They were said in ${seconds(saidInMs)}.`,
    );
    this.verdict("back after having missed much", 3, verdict);
  }

  /** A line for whoever reads along. */
  say(text: string): void {
    Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
  }

  #missed(figures: Readonly<Record<string, number>>, goals: Readonly<Record<string, number>>): string {
    const missed = Object.entries(goals).filter(([name, goal]) => !(Number(figures[name]) < goal));
    if (missed.length === 0) return "";
    this.#isGood = false;
    return ` (MISSED: ${missed.map(([name, goal]) => `${name} is to be below ${goal}`).join(", ")})`;
  }

  #json(row: unknown): void {
    if (this.#isJson) this.say(JSON.stringify(row));
  }
}

/** The value below or at which that part of them lies. */
function at(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
