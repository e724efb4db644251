import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { cellsOf, MARKS_MAX, safeLine, safeText } from "../../src/room/text.ts";
import vectors from "./vectors/text.json" with { type: "json" };

for (const { name, text, line, lines } of vectors) {
  Deno.test(`safeLine and safeText make safe: ${name}`, () => {
    assertEquals(safeLine(text), line);
    assertEquals(safeText(text), lines);
    assertEquals(safeLine(line), line);
    assertEquals(safeText(lines), lines);
  });
}

Deno.test("safeLine and safeText replace lone surrogates", () => {
  assertEquals(safeLine("a\uD800b\uDC00c"), "a\uFFFDb\uFFFDc");
  assertEquals(safeText("\uDC00\uD800"), "\uFFFD\uFFFD");
  assertEquals(safeText("\uD83D\uDE42"), "🙂");
});

/** Characters that decide something, so that random texts meet every rule. */
const TROUBLE = [
  ..."a1 #❤👨🏽🇩🏴\n\r\t\x00\x1b\x7f\x85\x9b",
  ..."\u0301\u064E\u0915\u094D\u0D28\u0D4D\u0645\u17B4\u180B\u1100\u1161\u11A8\u25CC\u27E8\u27E9+",
  ..."\u200B\u200C\u200D\u200E\u202E\u2028\u2066\u20E3\uFE0E\uFE0F\uFE00\uFEFF\uFFFA\u3164",
  ..."\u{E0062}\u{E0067}\u{E0065}\u{E006E}\u{E007F}\u{13441}",
  "\uD800",
  "\uDC00",
  "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
];
const troubled = fc.array(fc.constantFrom(...TROUBLE), { maxLength: 40 }).map((parts) => parts.join(""));
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
const anyText = fc.oneof(troubled, troubled, fc.string({ unit: "binary" }), fc.string({ unit }));

Deno.test("safeText and safeLine leave safe text as it is", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 30 }), (text, maxCells) => {
      const lines = safeText(text);
      assertEquals(safeText(lines), lines);
      const line = safeLine(text);
      assertEquals(safeLine(line), line);
      const cut = safeLine(text, { maxCells });
      assertEquals(safeLine(cut, { maxCells }), cut);
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("safeLine and safeText let nothing through that acts on a terminal, hides, or piles up", () => {
  const acting = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u;
  const hiding = /[\u200B\u2060-\u206F\uFEFF\u00AD\u034F\u3164\uFE00-\uFE0D\u{E0100}-\u{E01EF}]/u;
  const piled = new RegExp(`\\p{M}{${MARKS_MAX + 2},}`, "u"); // One more than the marks: an emoji selector may stand among them.
  fc.assert(
    fc.property(anyText, (text) => {
      for (const safe of [safeLine(text), safeText(text).replaceAll("\n", "")]) {
        assert(!acting.test(safe) && !hiding.test(safe) && !piled.test(safe), JSON.stringify(safe));
        assert(safe.isWellFormed());
      }
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("safeText keeps every character that needs no care", () => {
  const harmless = fc.string({ unit: "binary" })
    .filter((text) =>
      !/[\p{M}\p{C}\p{DI}\u2028\u2029\u1160-\u11FF\uD7B0-\uD7FF\u{13430}-\u{13446}]/u.test(text)
    );
  fc.assert(fc.property(harmless, (text) => assertEquals(safeText(text), text)));
});

const CELLS: readonly (readonly [line: string, cells: number])[] = [
  ["", 0],
  ["Anna", 4],
  ["日本", 4],
  ["한국", 4],
  ["\u1112\u1161\u11AB", 2],
  ["ｱ！", 3],
  ["e\u0301", 1],
  ["🙂", 2],
  ["❤", 1],
  ["❤\uFE0F", 2],
  ["🙂\uFE0F", 2],
  ["1\uFE0F\u20E3", 2],
  ["🇩🇪", 2],
  ["👨\u200D👩", 4],
  ["\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 2],
];

Deno.test("cellsOf counts what a terminal draws", () => {
  for (const [line, cells] of CELLS) assertEquals(cellsOf(line), cells, line);
});

const CUTS: readonly (readonly [text: string, maxCells: number, cut: string])[] = [
  ["hello", 5, "hello"],
  ["hello", 4, "hel…"],
  ["hello", 1, "…"],
  ["hello", 0, ""],
  ["hello", -3, ""],
  ["", 0, ""],
  ["日本語", 6, "日本語"],
  ["日本語", 5, "日本…"],
  ["日本語", 4, "日…"],
  ["日本語", 1, "…"],
  ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
  ["👨\u200D👩\u200D👧", 5, "👨\u200D👩…"],
  ["👨\u200D👩\u200D👧", 3, "👨…"],
  ["\u0645\u06CC\u200C\u062E\u0648", 3, "\u0645\u06CC…"],
  ["a\x1bbcdef", 4, "a^[…"],
];

Deno.test("safeLine cuts to a number of cells, between characters", () => {
  for (const [text, maxCells, cut] of CUTS) {
    assertEquals(safeLine(text, { maxCells }), cut, `${text} ${maxCells}`);
  }
});

Deno.test("safeLine never exceeds the cells that it was given, and cuts only what does", () => {
  fc.assert(fc.property(anyText, fc.integer({ min: 0, max: 30 }), (text, maxCells) => {
    const line = safeLine(text);
    const cut = safeLine(text, { maxCells });
    assert(cellsOf(cut) <= maxCells);
    assertEquals(cut === line, cellsOf(line) <= maxCells);
  }));
});

/** Quadratic work would take minutes on these, and the test run would say so; nothing here looks at a clock. */
const MEGABYTES: readonly (readonly [name: string, text: string])[] = [
  ["marks on one letter", "a" + "\u0301\u0323".repeat(500_000)],
  ["joined emoji", "👨\u200D".repeat(330_000)],
  ["escapes", "\x1b[2J".repeat(250_000)],
  ["lines", "\r\n".repeat(500_000)],
  ["lone surrogates", "\uD800".repeat(1_000_000)],
  ["black flags", "\u{1F3F4}\u{E0067}\u{E0062}".repeat(160_000)],
  ["joiners", "\u0645\u200C".repeat(500_000)],
];

Deno.test("safeLine and safeText finish a megabyte of anything", () => {
  for (const [name, text] of MEGABYTES) {
    assert(safeText(text).length > 0, name);
    assert(cellsOf(safeLine(text, { maxCells: 20 })) <= 20, name);
  }
});
