/** Aligned columns of safe text. */

import { cellsOf } from "../room/text.ts";

const GAP = "  ";

/** One line for each row; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cellsOf(cell));
  }
  return rows.map((row) =>
    row.map((cell, index) => padded(cell, index === row.length - 1 ? 0 : widths[index] ?? 0)).join(GAP)
      .trimEnd()
  );
}

function padded(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - cellsOf(cell)));
}
