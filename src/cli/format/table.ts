/** Aligned columns of safe text, in the space that there is. */

import { measureCells, sanitizeLine } from "../../text/sanitize.ts";
import type { Style } from "./style.ts";

const GAP = "  ";
/** Behind a name: the start of its owner's key. */
const TAG = /·[a-z2-7]{4,52}$/;

/** A column of a table. */
export interface Column {
  readonly head: string;
  /** Cells below which it is rather left out than cut. */
  readonly cellsMin: number;
  /** Where space is short, the column with the highest rank is left out first; one of rank 0 never is. */
  readonly rank: number;
}

/** One line for each row; the last column is not padded. */
export function formatColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, measureCells(cell));
    }
  }
  return rows.map((row) =>
    row.map((cell, index) => padCell(cell, index === row.length - 1 ? 0 : widths[index] ?? 0)).join(GAP)
      .trimEnd()
  );
}

/**
 * A table with a head. Columns without content are left out. Where the width is known, long cells are cut and end in "…",
 * and what has no space at all is left out; where it is not, as in a pipe, everything is there.
 */
export function formatTable(
  all: readonly Column[],
  rows: readonly (readonly string[])[],
  { style, columns: cellsMax }: { readonly style: Style; readonly columns: number | null },
): string[] {
  const filled = all.map((column, index) => ({ ...column, index, cells: measureWidest(column, rows, index) }))
    .filter(({ index }) => rows.some((row) => row[index]));
  const shown = cellsMax === null ? filled : fitColumns(filled, cellsMax);
  const cut = (text: string, cells: number) => cellsMax === null ? text : cutCell(text, cells);
  const [head = "", ...more] = formatColumns([
    shown.map(({ head, cells }) => cut(head, cells)),
    ...rows.map((row) => shown.map(({ index, cells }) => cut(row[index] ?? "", cells))),
  ]);
  return [style.dim(head), ...more];
}

/** Cut to so many cells; the tag that tells two of one name apart stays where there is space for it. */
function cutCell(text: string, cells: number): string {
  const tag = TAG.exec(text)?.[0] ?? "";
  const nameCells = cells - measureCells(tag);
  if (tag === "" || nameCells < 2 || measureCells(text) <= cells) {
    return sanitizeLine(text, { maxCells: cells });
  }
  return sanitizeLine(text.slice(0, -tag.length), { maxCells: nameCells }) + tag;
}

interface Fitted extends Column {
  readonly index: number;
  readonly cells: number;
}

/** The columns that have space, as wide as they may be. */
function fitColumns(all: readonly Fitted[], cellsMax: number): readonly Fitted[] {
  let kept = all;
  while (sum(kept.map(({ cells, cellsMin }) => Math.min(cells, cellsMin))) > cellsMax) {
    const rankMax = Math.max(...kept.map(({ rank }) => rank));
    if (rankMax === 0) break;
    kept = kept.filter(({ rank }) => rank !== rankMax);
  }
  const widths = kept.map(({ cells }) => cells);
  while (sum(widths) > cellsMax) {
    const wide = kept.map(({ cellsMin }, index) => Math.max(0, (widths[index] ?? 0) - cellsMin));
    const most = Math.max(...wide);
    if (most === 0) break;
    const index = wide.indexOf(most);
    widths[index] = (widths[index] ?? 0) - 1;
  }
  return kept.map((column, index) => ({ ...column, cells: widths[index] ?? 0 }));
}

/** The cells of a line with columns of these widths. */
function sum(widths: readonly number[]): number {
  return widths.reduce((all, cells) => all + cells, GAP.length * Math.max(0, widths.length - 1));
}

function measureWidest({ head }: Column, rows: readonly (readonly string[])[], index: number): number {
  return rows.reduce((most, row) => Math.max(most, measureCells(row[index] ?? "")), measureCells(head));
}

function padCell(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - measureCells(cell)));
}
