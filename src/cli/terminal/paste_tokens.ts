/**
 * Pastes, and line breaks, in a line of one row: each is one character of the line, so that it is moved over and deleted as one,
 * shown as "[paste 1: 312 lines, 64 KB]" or "⏎", and put back when the line is sent. Pure.
 */

import { byteLength } from "../../encoding/utf8.ts";
import { sanitizeLine } from "../../text/sanitize.ts";

/** A longer paste, or one that is not one plain line, becomes one character. */
export const PLAIN_UNITS_MAX = 500;
/** Pastes that are remembered, for lines of the history; the oldest are forgotten. */
const PASTES_MAX = 64;
/** Private use, plane 16: no keyboard has these, and what is pasted of them arrives within a paste. */
const BREAK = "\u{10F000}";
const FIRST = 0x10F001;
const PRIVATE = /[\u{10F000}-\u{10FFFD}]/gu;
const KB = 1_000;

/** The pastes of one chat. */
export class PasteTokens {
  readonly #byChar = new Map<string, { readonly text: string; readonly label: string }>();
  #count = 0;

  /** What to insert for a line break. */
  get lineBreak(): string {
    return BREAK;
  }

  /** What to insert for this paste. */
  add(pasted: string): string {
    const text = pasted.replace(/\r\n?/g, "\n");
    if (text.length <= PLAIN_UNITS_MAX && !/[\p{Cc}\u2028\u2029]/u.test(text)) return this.typed(text);
    const char = String.fromCodePoint(FIRST + this.#count % 0xF00);
    this.#count++;
    this.#byChar.set(char, { text, label: `[paste ${this.#count}: ${formatPasteSize(text)}]` });
    for (const oldest of [...this.#byChar.keys()].slice(0, -PASTES_MAX)) this.#byChar.delete(oldest);
    return char;
  }

  /** What may be typed: without our own characters. */
  typed(text: string): string {
    return text.replace(PRIVATE, "");
  }

  /** The line as it is painted: safe, and pastes by their labels. */
  shown(line: string): string {
    return line.split(/([\u{10F000}-\u{10FFFD}])/u).map((part, index) =>
      index % 2 === 0 ? sanitizeLine(part) : this.#label(part)
    ).join("");
  }

  /** The text that the line means; null if a paste in it is forgotten. */
  whole(line: string): string | null {
    let isWhole = true;
    const text = line.replace(PRIVATE, (char) => {
      if (char === BREAK) return "\n";
      const paste = this.#byChar.get(char);
      isWhole &&= paste !== undefined;
      return paste?.text ?? "";
    });
    return isWhole ? text : null;
  }

  #label(char: string): string {
    return char === BREAK ? "⏎" : this.#byChar.get(char)?.label ?? "[paste: forgotten]";
  }
}

function formatPasteSize(text: string): string {
  const lines = text.replace(/\n$/, "").split("\n").length;
  const bytes = byteLength(text);
  const size = bytes < KB ? `${bytes} bytes` : `${Math.round(bytes / KB)} KB`;
  return lines === 1 ? size : `${lines} lines, ${size}`;
}
