/** Breaks sentences for a painted terminal. */

import { measureCells } from "../../text/sanitize.ts";
import { INDENT } from "../format/entries.ts";
import { wrapText } from "../format/wrap.ts";

/** A whole line of one look: its SGR sequence, the text, and the end of the look. */
// deno-lint-ignore no-control-regex -- That is what is looked for.
const ONE_LOOK = /^(\x1b\[[\d;]*m)([^\x1b]*)\x1b\[0m$/;

/** The line in parts that fit, broken between words; all but the first stand where no line begins. What has several looks in it was made for the width by whoever gave it them. */
export function wrapAtWords(line: string, columns: number): readonly string[] {
  const [, look, text = line] = ONE_LOOK.exec(line) ?? [];
  if (text.includes("\x1b")) return [line];
  if (measureCells(text) <= columns) return [line];
  const parts = wrapText(text, columns - INDENT.length).map((part, index) =>
    index === 0 ? part : INDENT + part
  );
  return look === undefined ? parts : parts.map((part) => `${look}${part}\x1b[0m`);
}
