import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { splitLines } from "../../../src/store/log/split_lines.ts";

const CASES: [text: string, lines: string[], torn: string][] = [
  ["", [], ""],
  ["a", [], "a"],
  ["a\n", ["a"], ""],
  ["a\nb", ["a"], "b"],
  ["a\r\nb\r\n", ["a", "b"], ""],
  ["a\rb\n", ["a\rb"], ""],
  ["a\r", [], "a\r"],
  ["\n", [""], ""],
  ["\r\n", [""], ""],
  ["a\n\n\nb\n", ["a", "", "", "b"], ""],
  ["\uFEFFa\n\uFEFFb\n", ["a", "\uFEFFb"], ""],
  ["\uFEFF\n", [""], ""],
  ["\uFEFF\r\n", [""], ""],
  ["ä🙂\u2028x\n\0\0", ["ä🙂\u2028x"], "\0\0"],
];

for (const [text, lines, torn] of CASES) {
  Deno.test(`splitLines takes ${JSON.stringify(text)} apart`, () => {
    const split = splitLines(new TextEncoder().encode(text));
    assertEquals(split.lines, lines);
    assertEquals(new TextDecoder().decode(split.torn), torn);
    assertEquals(split.wholeBytes, new TextEncoder().encode(text).length - split.torn.length);
  });
}

Deno.test("splitLines keeps lines around bytes that are not UTF-8", () => {
  const bytes = Uint8Array.of(0x61, 0x0a, 0xff, 0xc3, 0x0a, 0x62, 0x0a, 0xe2, 0x82);
  assertEquals(splitLines(bytes), {
    lines: ["a", "\uFFFD\uFFFD", "b"],
    atBytes: [0, 2, 5],
    wholeBytes: 7,
    torn: Uint8Array.of(0xe2, 0x82),
  });
});

Deno.test("splitLines gives back lines joined by line ends, however the last one is torn", () => {
  const unit = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code));
  const line = fc.string({ unit }).filter((text) => text.isWellFormed() && !/[\r\n\uFEFF]/.test(text));
  fc.assert(fc.property(fc.array(line), line, fc.constantFrom("\n", "\r\n"), (lines, last, lineEnd) => {
    const whole = new TextEncoder().encode(lines.map((one) => one + lineEnd).join(""));
    const torn = new TextEncoder().encode(last);
    const split = splitLines(Uint8Array.of(...whole, ...torn));
    const atBytes = lines.map((_, index) =>
      new TextEncoder().encode(lines.slice(0, index).map((one) => one + lineEnd).join("")).length
    );
    assertEquals(split, { lines, atBytes, wholeBytes: whole.length, torn });
  }));
});

Deno.test("splitLines accounts for every byte of anything", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    const { lines, wholeBytes, torn } = splitLines(bytes);
    assertEquals(wholeBytes + torn.length, bytes.length);
    assertEquals(lines.length, bytes.filter((byte) => byte === 0x0a).length);
    assertEquals(torn, bytes.slice(wholeBytes));
  }));
});
