/** The colours of the page, in light and in dark, by WCAG 2.2: 4.5 for text (1.4.3), 3 for what is no text (1.4.11). */

import { assert } from "@std/assert";

const CSS = await Deno.readTextFile(new URL("../../../../src/web/app/style/tokens.css", import.meta.url));
const COLOURS = new Map(
  [...CSS.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map((
    [, name = "", light = "", dark = ""],
  ) => [name, { light, dark }]),
);

const GROUNDS = ["ground", "surface", "raised", "sunken"];
const HUES = Array.from({ length: 8 }, (_, at) => `hue-${at}`);
const TEXT: readonly (readonly [text: string, ground: string])[] = [
  ...["ink", "muted", "accent", "grave"].flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...HUES.flatMap((hue) => ["ground", "surface", "raised"].map((ground) => [hue, ground] as const)),
  ["on-accent", "accent"],
  ["ink", "accent-soft"],
  ["accent", "accent-soft"],
  ["good", "accent-soft"],
  ["good", "surface"],
  ["warn", "warn-soft"],
  ["warn", "ground"],
  ["warn", "surface"],
  ["ink", "mark"],
  ["surface", "ink"],
];
const OTHERS: readonly (readonly [shape: string, ground: string])[] = GROUNDS.map((ground) =>
  ["edge", ground] as const
);

for (const theme of ["light", "dark"] as const) {
  for (const [pairs, least] of [[TEXT, 4.5], [OTHERS, 3]] as const) {
    Deno.test(`The ${theme} colours have contrasts of ${least} at least`, () => {
      for (const [front, back] of pairs) {
        const [one, other] = [COLOURS.get(front)?.[theme], COLOURS.get(back)?.[theme]];
        assert(one !== undefined && other !== undefined, `${front} or ${back} is no colour`);
        const ratio = contrast(one, other);
        assert(ratio >= least, `${front} on ${back} in ${theme}: ${ratio.toFixed(2)}`);
      }
    });
  }
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG's relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
