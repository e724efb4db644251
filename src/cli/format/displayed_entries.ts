/** What a screen shows already, when events of the same entries may still be on their way to it. */

import type { LogRow } from "../../api/commands.ts";
import type { PeerId } from "../../room/id.ts";

/** Rows of a log to ask for, so that every entry is known whose event may be on its way: more of them wait for no screen. */
export const ROWS_MIN = 1_000;

/** How far each author's feed is shown. Feeds grow without gaps, so what is not beyond it came before. */
export class DisplayedEntries {
  readonly #numbers = new Map<PeerId, number>();

  /** The rows that are shown. */
  constructor(rows: readonly LogRow[]) {
    for (const row of rows) this.add(row);
  }

  /** This row is shown too. */
  add({ author, number }: LogRow): void {
    this.#numbers.set(author, Math.max(number, this.#numbers.get(author) ?? 0));
  }

  /** Whether the row is what comes next in its author's feed; if not, events were lost on their way. */
  isNext({ author, number }: LogRow): boolean {
    return number === (this.#numbers.get(author) ?? 0) + 1;
  }

  /** Whether the row is shown. */
  has({ author, number }: LogRow): boolean {
    return number <= (this.#numbers.get(author) ?? 0);
  }
}
