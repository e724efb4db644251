/**
 * Breaks lines before the terminal does. A terminal goes on at the left edge, where lines begin with a time and a name: a
 * message padded with blanks to just the right length would put a forged line there.
 */

import { measureCells } from "../../text/sanitize.ts";

/** Narrower than this, text is left to the terminal: a few letters a line help nobody. */
const CELLS_MIN = 8;

/** The parts of one safe line that fit; at blanks where it has some. Blanks at a break go away. */
export function wrapText(line: string, cellsMax: number): readonly string[] {
  if (cellsMax < CELLS_MIN || measureCells(line) <= cellsMax) return [line];
  const parts: string[] = [];
  let part = "";
  const end = () => {
    const text = part.replace(/ +$/, "");
    if (text !== "") parts.push(text);
    part = "";
  };
  for (const piece of line.split(/( +)/)) {
    if (measureCells(part) + measureCells(piece) <= cellsMax) {
      if (part !== "" || parts.length === 0 || !piece.startsWith(" ")) part += piece;
      continue;
    }
    end();
    if (piece.startsWith(" ")) continue;
    const pieces = breakLine(piece, cellsMax);
    parts.push(...pieces.slice(0, -1));
    part = pieces.at(-1) ?? "";
    // What the terminal breaks by itself ends its line, so that nothing can be put behind it there.
    if (measureCells(part) > cellsMax) end();
  }
  end();
  return parts;
}

/** An address to be copied stays whole, since nothing in it looks like a blank; all else is broken anywhere. */
function breakLine(word: string, cellsMax: number): readonly string[] {
  if (/^[!-~]+$/.test(word)) return [word];
  const parts: string[] = [];
  let part = "";
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(word)) {
    if (part !== "" && measureCells(part + segment) > cellsMax) {
      parts.push(part);
      part = "";
    }
    part += segment;
  }
  return [...parts, part];
}
