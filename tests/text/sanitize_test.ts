import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { MARKS_MAX, measureCells, sanitizeLine, sanitizeText } from "../../src/text/sanitize.ts";
import { hostileText } from "../fixtures/text/hostile_text.ts";
import vectors from "./vectors/foreign_text.json" with { type: "json" };

for (const { name, input, line, text } of vectors) {
  Deno.test(`safeLine and safeText make safe: ${name}`, () => {
    assertEquals(sanitizeLine(input), line);
    assertEquals(sanitizeText(input), text);
    assertEquals(sanitizeLine(line), line);
    assertEquals(sanitizeText(text), text);
  });
}

Deno.test("safeLine and safeText replace halves of characters, which no UTF-8 could hold", () => {
  assertEquals(sanitizeLine("a\uD800b\uDC00c"), "a\uFFFDb\uFFFDc");
  assertEquals(sanitizeText("\uDC00\uD800"), "\uFFFD\uFFFD");
  assertEquals(sanitizeText("\uD83D\uDE42"), "🙂");
  assertEquals(sanitizeLine("a\uD800\u0301"), "a\uFFFD\u0301");
});

const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
const anyText = fc.oneof(hostileText(40), fc.string({ unit: "binary" }), fc.string({ unit }));

Deno.test("safeText and safeLine leave safe text as it is", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 30 }), (text, maxCells) => {
      const lines = sanitizeText(text);
      assertEquals(sanitizeText(lines), lines);
      const line = sanitizeLine(text);
      assertEquals(sanitizeLine(line), line);
      const cut = sanitizeLine(text, { maxCells });
      assertEquals(sanitizeLine(cut, { maxCells }), cut);
    }),
    { numRuns: 10_000 },
  );
});

Deno.test("safeLine and safeText let nothing through that acts on a terminal, hides, or piles up", () => {
  const acting = /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{NChar}\u2028\u2029\uFFF9-\uFFFB]/u;
  // What else is not seen may only choose a form, join letters or emoji, part words, or spell a flag.
  const hiding =
    /(?![\u180B-\u180F\u200B-\u200D\uFE00-\uFE02\uFE0E\uFE0F\u{E0100}-\u{E01EF}\u{E0062}-\u{E007F}])\p{DI}/u;
  const hidden = /(?![\u{E0062}-\u{E007F}])\p{DI}{3}|^(?:\p{DI}|\p{M})/u;
  const piled = new RegExp(
    `(?:(?!\\p{DI})[\\p{Mn}\\p{Me}\\u1160-\\u11FF][\\p{Mc}\\p{DI}]*){${MARKS_MAX + 1}}`,
    "u",
  );
  fc.assert(
    fc.property(anyText, (text) => {
      for (const safe of [sanitizeLine(text), ...sanitizeText(text).split("\n")]) {
        const about = JSON.stringify(safe);
        assert(!acting.test(safe) && !hiding.test(safe) && !hidden.test(safe) && !piled.test(safe), about);
        assert(safe.isWellFormed());
      }
    }),
    { numRuns: 10_000 },
  );
});

Deno.test("safeText keeps every character that needs no care", () => {
  const harmless = fc.string({ unit: "binary" })
    .filter((text) =>
      !/[\p{M}\p{Cc}\p{Cs}\p{NChar}\p{DI}\u2028\u2029\u1160-\u11FF\uD7B0-\uD7FF\uFFF9-\uFFFB\u{13430}-\u{13446}]/u
        .test(text)
    );
  fc.assert(fc.property(harmless, (text) => assertEquals(sanitizeText(text), text)));
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
  ["🇩🇪🇫", 4],
  ["🇩", 2],
  ["葛\u{E0101}", 2],
  ["\u1780\u200B\u1780", 2],
  ["\u1019\u103B\u103E\u1031\u102C\u103A", 4],
  ["\uE0B0", 1],
  ["👨\u200D👩", 4],
  ["\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 2],
];

Deno.test("measureCells counts what a terminal draws", () => {
  for (const [line, cells] of CELLS) assertEquals(measureCells(line), cells, line);
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
  ["🇩🇪🇫🇷", 3, "🇩🇪…"],
  ["\u1780\u200B\u1780", 1, "…"],
  ["\u1780\u200B\u1780\u1780", 2, "\u1780…"],
  ["\u0645\u06CC\u200C\u062E\u0648", 3, "\u0645\u06CC…"],
  ["a\x1bbcdef", 4, "a^[…"],
];

Deno.test("safeLine cuts to a number of cells, between characters", () => {
  for (const [text, maxCells, cut] of CUTS) {
    assertEquals(sanitizeLine(text, { maxCells }), cut, `${text} ${maxCells}`);
  }
});

Deno.test("safeLine never exceeds the cells that it was given, and cuts only what does", () => {
  fc.assert(fc.property(anyText, fc.integer({ min: 0, max: 30 }), (text, maxCells) => {
    const line = sanitizeLine(text);
    const cut = sanitizeLine(text, { maxCells });
    assert(measureCells(cut) <= maxCells);
    assertEquals(cut === line, measureCells(line) <= maxCells);
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
  ["soft hyphens", "a\u00AD".repeat(500_000)],
  ["marks of direction", "\u05D0\u200F".repeat(500_000)],
  ["skin tones", "👨" + "🏽".repeat(500_000)],
  ["selectors", "葛\u{E0101}".repeat(330_000)],
  ["joiners", "\u0645\u200C".repeat(500_000)],
];

Deno.test("safeLine and safeText finish a megabyte of anything", () => {
  for (const [name, text] of MEGABYTES) {
    assert(sanitizeText(text).length > 0, name);
    assert(measureCells(sanitizeLine(text, { maxCells: 20 })) <= 20, name);
  }
});
