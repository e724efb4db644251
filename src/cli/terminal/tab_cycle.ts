/** Repeated Tab: first completes the common start of all candidates, then offers one after the other. Pure. */

import { completeInput, type Completion, findCommonStart, type Names } from "./completion.ts";

/** A line with its cursor. */
export interface CursorLine {
  readonly text: string;
  readonly cursor: number;
}

/** The presses of Tab in a row. */
export class TabCycle {
  #cycle: { readonly completion: Completion; readonly behind: string; at: number } | null = null;

  /** Another key was pressed. */
  end(): void {
    this.#cycle = null;
  }

  /** The line after one more press, and all candidates. */
  next(
    { text, cursor }: CursorLine,
    names: Names,
    isBackwards: boolean,
  ): CursorLine & { readonly words: readonly string[] } {
    if (this.#cycle === null) {
      const completion = completeInput(text.slice(0, cursor), names);
      const { from, words } = completion;
      if (words.length === 0) return { text, cursor, words };
      if (words.length === 1) {
        return this.#with(`${words[0]}${completion.behind}`, { text, from, cursor, words });
      }
      this.#cycle = { completion, behind: text.slice(cursor), at: isBackwards ? words.length : -1 };
      const common = findCommonStart(words);
      // Only if it says more than was typed; "#" may have been left out.
      if (common.length > cursor - from) return this.#with(common, { text, from, cursor, words });
    }
    const { completion: { from, words }, behind } = this.#cycle;
    this.#cycle.at = (this.#cycle.at + (isBackwards ? -1 : 1) + words.length) % words.length;
    const typed = text.slice(0, from) + (words[this.#cycle.at] ?? "");
    return { text: typed + behind, cursor: typed.length, words };
  }

  #with(
    word: string,
    { text, from, cursor, words }: CursorLine & { readonly from: number; readonly words: readonly string[] },
  ): CursorLine & { readonly words: readonly string[] } {
    const typed = text.slice(0, from) + word;
    const behind = text.slice(cursor);
    // A blank that is there already is not put twice.
    const rest = typed.endsWith(" ") && behind.startsWith(" ") ? behind.slice(1) : behind;
    return { text: typed + rest, cursor: typed.length, words };
  }
}
