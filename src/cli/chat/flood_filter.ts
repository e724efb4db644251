/**
 * Whose lines are shown to a person at once. Nobody reads more than a few lines a second, so of an author who goes on faster
 * the further ones are only counted, until it slows down. They are in the log all the same. Pure.
 */

import type { LogRow } from "../../api/commands.ts";
import type { PeerId } from "../../room/id.ts";
import { commandHint } from "../format/command_hints.ts";
import { formatCount } from "../format/entries.ts";
import type { Style } from "../format/style.ts";

/** Lines of one author in a row: a screenful … */
const LINES_BURST = 40;
/** … and each second after that. */
const LINES_PER_SECOND = 2;
/** Up to this number an author's lines, and all that is said of who comes and goes, count together: whoever has a thousand keys is not a thousand people. */
const NEWCOMER_LINES = 10;
/** Shown again from so many on: an author who is only just slow enough would be shown and counted in turns. */
const LINES_REOPEN = 20;

const SHOW = commandHint("log", "", { isChat: true });

/** An author, or all newcomers. */
type Pacer = PeerId | "newcomers";

interface Pace {
  lines: number;
  atMs: number;
  /** Lines since the gate was shut; null while it is open. */
  hiddenCount: number | null;
}

/** The gate of one screen. */
export class FloodFilter {
  readonly #style: Style;
  readonly #paces = new Map<Pacer, Pace>();

  /** Open to all. */
  constructor(style: Style) {
    this.#style = style;
  }

  /** The lines of a row as they are to be shown now: as they are, or not at all; and what is said of those that were not. */
  pass(row: LogRow, nowMs: number, lines: () => readonly string[]): readonly string[] {
    const pacer = row.notice || row.number <= NEWCOMER_LINES ? "newcomers" : row.author;
    const pace = this.#paces.get(pacer) ?? { lines: LINES_BURST, atMs: nowMs, hiddenCount: null };
    this.#paces.set(pacer, pace);
    const refilled = pace.lines + (nowMs - pace.atMs) * LINES_PER_SECOND / 1_000;
    pace.lines = Math.max(-LINES_BURST, Math.min(LINES_BURST, refilled) - 1);
    pace.atMs = nowMs;
    if (pace.hiddenCount === null && pace.lines >= 0) return lines();
    if (pace.hiddenCount !== null && pace.lines >= LINES_REOPEN) {
      const told = this.#told(pacer === "newcomers" ? "newcomers" : row.name, pace.hiddenCount);
      pace.hiddenCount = null;
      return [told, ...lines()];
    }
    const isFirst = pace.hiddenCount === null;
    pace.hiddenCount = (pace.hiddenCount ?? 0) + 1;
    return isFirst ? [this.#style.strong(tooFast(pacer, row))] : [];
  }

  #told(whose: string, count: number): string {
    return this.#style.dim(
      `  (${formatCount(count, "line")} of ${whose} ${
        count === 1 ? "was" : "were"
      } not shown; ${SHOW} shows all)`,
    );
  }
}

function tooFast(pacer: Pacer, { name }: LogRow): string {
  if (pacer === "newcomers") {
    const who = commandHint("who", "", { isChat: true });
    return `! Newcomers come and go faster than anybody reads: from here on they are only counted. ${who} shows who is in the room, ${SHOW} all lines`;
  }
  const block = commandHint("block", name, { isChat: true });
  return `! ${name} writes faster than anybody reads: from here on the lines are only counted. ${SHOW} shows them, ${block} hides them for good`;
}
