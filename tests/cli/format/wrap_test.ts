import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { wrapText } from "../../../src/cli/format/wrap.ts";
import { measureCells } from "../../../src/text/sanitize.ts";

const URL_LIKE = "http://192.168.43.1:8000/a/very/long/path";
const CASES: [what: string, line: string, cellsMax: number, parts: string[]][] = [
  ["what fits", "one two", 20, ["one two"]],
  ["nothing", "", 20, [""]],
  ["blanks that fit", "  one  two", 20, ["  one  two"]],
  ["words", "one two three", 8, ["one two", "three"]],
  ["blanks at a break", "one two    three", 8, ["one two", "three"]],
  ["nothing but blanks", " ".repeat(30), 8, []],
  ["an address, which stays whole", `see ${URL_LIKE} there`, 20, ["see", URL_LIKE, "there"]],
  ["a word of other letters", "ä".repeat(20), 8, ["ä".repeat(8), "ä".repeat(8), "ä".repeat(4)]],
  ["blanks that are none for a parser", `x${"\u00A0".repeat(9)}y`, 8, [
    `x${"\u00A0".repeat(7)}`,
    "\u00A0\u00A0y",
  ]],
  ["wide letters", "日本語日本語", 9, ["日本語日", "本語"]],
  ["a family, which is one", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 8, ["👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"]],
  ["no space at all", "one two three", 7, ["one two three"]],
];

for (const [what, line, cellsMax, parts] of CASES) {
  Deno.test(`wrapped breaks ${what}`, () => assertEquals(wrapText(line, cellsMax), parts));
}

Deno.test("wrapped fits every part but for long words of plain letters, which stand alone, and loses blanks only", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "bb", " ", "   ", "ä", "日", "\u00A0", "🙂") });
  fc.assert(fc.property(text, fc.integer({ min: 8, max: 30 }), (line, cellsMax) => {
    const parts = wrapText(line, cellsMax);
    for (const part of parts) assert(measureCells(part) <= cellsMax || /^[!-~]+$/.test(part), part);
    assertEquals(parts.join("").replaceAll(" ", ""), line.replaceAll(" ", ""));
  }));
});

Deno.test("wrapped takes the longest message in little time", () => {
  assertEquals(wrapText("ä ".repeat(32 * 1024), 80).length, 820);
  assertEquals(wrapText("a".repeat(64 * 1024), 80).length, 1);
});
