/**
 * The painted part of the terminal: a few rows at the bottom, under a conversation that scrolls as any output does. So the
 * terminal's own scrollback, copying and screen readers go on working. Pure: what to show → what to write.
 *
 * The cursor always stands in the input. Each write goes from there to the first painted row, overwrites all to the end,
 * and comes back. No row is ever full, so that no terminal has a cursor "behind the edge", and all break alike.
 */

import { measureCells, sanitizeLine } from "../../text/sanitize.ts";
import type { TerminalSize } from "../../ports/terminal.ts";
import type { Style } from "../format/style.ts";

/** The content of the bottom rows. */
export interface BottomRowsView {
  /** Above the status for a moment, such as what Tab could mean; may be long, and is cut. */
  readonly hints: readonly string[];
  /** As long as it likes; the caller made it for `columns`. Null for none. */
  readonly status: string | null;
  /** Safe, without line breaks: what is before the cursor, and what is behind it. */
  readonly before: string;
  readonly behind: string;
}

/** Synchronised output (DEC private mode 2026): terminals that know it show the whole write at once, others ignore it. */
const SYNC_ON = "\x1b[?2026h";
const SYNC_OFF = "\x1b[?2026l";
const ERASE_BELOW = "\x1b[J";
const ERASE_ROW = "\x1b[K";
const PROMPT = "> ";
/** Under the first row of the input. */
const INDENT = "  ";
/** Fewer rows than this have none for a status. */
const STATUS_ROWS_MIN = 3;
/** Fewer rows than this have none for hints. */
const HINT_ROWS_MIN = 8;
const REVERSE = "\x1b[7m";
const PLAIN = "\x1b[0m";

/** One row as it was painted: its cells say where the terminal puts it when the width changes. */
interface Row {
  readonly text: string;
  readonly cells: number;
}

/** The bottom of one terminal. */
export class BottomRows {
  readonly #style: Style;
  #size: TerminalSize;
  #rows: readonly Row[] = [];
  #cursor = { row: 0, column: 0 };

  /** Nothing is painted yet; the cursor is at the beginning of a row. */
  constructor(style: Style, size: TerminalSize) {
    this.#style = style;
    this.#size = size;
  }

  /** Cells that a row may take. */
  get columns(): number {
    return Math.max(1, this.#size.columns - 1);
  }

  /** The terminal has another size. It is taken to have broken the rows anew, as nearly all do today. */
  resize(size: TerminalSize): void {
    const rowsOf = (cells: number) => Math.max(1, Math.ceil(cells / size.columns));
    const above = this.#rows.slice(0, this.#cursor.row).reduce((sum, { cells }) => sum + rowsOf(cells), 0);
    const { column } = this.#cursor;
    this.#cursor = {
      row: Math.min(above + Math.floor(column / size.columns), size.rows - 1),
      column: column % size.columns,
    };
    this.#size = size;
    this.#rows = []; // What was painted is there no more as it was: all of it is painted anew.
  }

  /** The terminal may show anything (the process was stopped): the bottom is painted where the cursor is. */
  forget(): void {
    this.#rows = [];
    this.#cursor = { row: 0, column: 0 };
  }

  /** What to write so that the bottom shows this; "" if it does. */
  paint(bottom: BottomRowsView): string {
    const { rows, cursor } = this.#layout(bottom);
    const isSame = rows.length === this.#rows.length && cursor.row === this.#cursor.row &&
      cursor.column === this.#cursor.column && rows.every((row, at) => row.text === this.#rows[at]?.text);
    if (isSame) return "";
    // Terminals remember that a row went on in the next one, until it is erased whole; the next reflow would join the two again.
    if (this.#rows.length === 0) return this.print([], bottom);
    const painted = rows.map(({ text }) => text + ERASE_ROW).join("\r\n");
    return this.#write(painted + ERASE_BELOW, { rows, cursor });
  }

  /** The same with lines above it, which stay. */
  print(lines: readonly string[], bottom: BottomRowsView): string {
    const layout = this.#layout(bottom);
    const painted = layout.rows.map(({ text }) => text).join("\r\n");
    // Erased first: behind a line that fills its row exactly, some terminals would erase its last character.
    return this.#write(ERASE_BELOW + lines.map((line) => `${line}\r\n`).join("") + painted, layout);
  }

  /** What to write to take the bottom away. */
  erase(): string {
    const text = this.#toTop() + ERASE_BELOW;
    this.forget();
    return text;
  }

  #write(text: string, { rows, cursor }: Layout): string {
    const up = rows.length - 1 - cursor.row;
    const written = SYNC_ON + this.#toTop() + text + moveUp(up) + toColumn(cursor.column) + SYNC_OFF;
    this.#rows = rows;
    this.#cursor = cursor;
    return written;
  }

  #toTop(): string {
    return moveUp(this.#cursor.row) + toColumn(0);
  }

  #layout({ hints, status, before, behind }: BottomRowsView): Layout {
    const { rows: height } = this.#size;
    const { columns } = this;
    const inputMax = Math.max(1, Math.floor(height / 2));
    const input = layOutInput({ before, behind }, { columns, rowsMax: inputMax });
    const hintsMax = height < HINT_ROWS_MIN ? 0 : Math.max(0, Math.floor(height / 2) - input.rows.length);
    const above = [
      ...limitHints(hints, hintsMax).map((hint) =>
        findRow(sanitizeLine(hint, { maxCells: columns }), this.#style.dim)
      ),
      ...status === null || height < STATUS_ROWS_MIN ? [] : [this.#bar(status)],
    ];
    const rows = [...above, ...input.rows.map((text) => findRow(text))];
    return { rows, cursor: { row: above.length + input.cursor.row, column: input.cursor.column } };
  }

  /** A bar across the screen; without colours the text alone, which begins with a bracket that the caller gave it. */
  #bar(status: string): Row {
    const text = sanitizeLine(status, { maxCells: this.columns });
    if (!this.#style.hasColor) return findRow(text);
    return findRow(
      text + " ".repeat(Math.max(0, this.columns - measureCells(text))),
      (bar) => REVERSE + bar + PLAIN,
    );
  }
}

interface Layout {
  readonly rows: readonly Row[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** The input in rows, and where its cursor is; a long one shows the rows around the cursor. */
export function layOutInput(
  { before, behind }: Pick<BottomRowsView, "before" | "behind">,
  { columns, rowsMax }: { readonly columns: number; readonly rowsMax: number },
): { readonly rows: readonly string[]; readonly cursor: { readonly row: number; readonly column: number } } {
  const rows = [PROMPT];
  let cells = measureCells(PROMPT);
  const put = (text: string) => {
    for (const { segment } of splitGraphemes().segment(text)) {
      const width = measureCells(segment);
      // One cell stays free for a cursor behind the last character.
      if (cells + width > columns - 1 && cells > measureCells(INDENT)) {
        rows.push(INDENT);
        cells = measureCells(INDENT);
      }
      rows[rows.length - 1] += segment;
      cells += width;
    }
  };
  put(before);
  const cursor = { row: rows.length - 1, column: Math.min(cells, columns) };
  put(behind);
  const from = Math.max(0, Math.min(cursor.row - Math.floor(rowsMax / 2), rows.length - rowsMax));
  return {
    rows: rows.slice(from, from + rowsMax),
    cursor: { row: cursor.row - from, column: cursor.column },
  };
}

/** What a reader takes for one character. Made when the first is to be painted: it takes 9 ms of a start, which most commands need not. */
function splitGraphemes(): Intl.Segmenter {
  return segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
}
let segmenter: Intl.Segmenter | undefined;

function limitHints(hints: readonly string[], rowsMax: number): readonly string[] {
  if (hints.length <= rowsMax) return hints;
  if (rowsMax < 2) return hints.slice(0, rowsMax);
  return [...hints.slice(0, rowsMax - 1), `… and ${hints.length - rowsMax + 1} more`];
}

function findRow(text: string, paint: (text: string) => string = (same) => same): Row {
  return { text: paint(text), cells: measureCells(text) };
}

function moveUp(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

function toColumn(column: number): string {
  return column > 0 ? `\r\x1b[${column}C` : "\r";
}
