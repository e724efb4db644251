/** A text as a QR code (ISO/IEC 18004) of half blocks, two modules to a character. Pure. */

import { encode } from "uqr";
import type { Style } from "./style.ts";

/** Light modules around the code, which the standard asks for. */
const QUIET_MODULES = 4;
/** Black on white, whatever the terminal's colours are (ECMA-48, SGR; 107 is the bright white that most terminals have). */
const BLACK_ON_WHITE = "\x1b[30;107m";
const END = "\x1b[0m";

/** What the code is drawn for. */
export interface QrOptions {
  readonly style: Style;
  /** Cells of a line. */
  readonly columns: number;
}

/**
 * The code as lines, each as wide as all; null if it does not fit. Text in capitals, digits and `:/-.` alone makes the
 * smaller kind of code. Without colours it is drawn for light letters on a dark ground.
 */
export function renderQrCode(text: string, { style, columns }: QrOptions): readonly string[] | null {
  const { data, size } = encode(text, { ecc: "L", border: QUIET_MODULES });
  if (size > columns) return null;
  const lines: string[] = [];
  for (let top = 0; top < size; top += 2) {
    const upper = data[top] ?? [];
    const lower = data[top + 1];
    // A last row without a lower half is light below, as is everything around it.
    const line = upper.map((isDark, column) =>
      renderHalfBlocks(isDark, lower?.[column] ?? false, style.hasColor)
    );
    lines.push(style.hasColor ? `${BLACK_ON_WHITE}${line.join("")}${END}` : line.join(""));
  }
  return lines;
}

/** With colours what is drawn is dark, without them it is light. */
function renderHalfBlocks(isUpperDark: boolean, isLowerDark: boolean, hasColor: boolean): string {
  const isUpper = isUpperDark === hasColor;
  const isLower = isLowerDark === hasColor;
  if (isUpper) return isLower ? "█" : "▀";
  return isLower ? "▄" : " ";
}
