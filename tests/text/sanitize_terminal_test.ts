import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { measureCells, sanitizeLine, sanitizeText } from "../../src/text/sanitize.ts";
import { hostileText } from "../fixtures/text/hostile_text.ts";
import { Oracle, terminalWidth } from "../fixtures/text/terminal_oracle.ts";
import vectors from "./vectors/foreign_text.json" with { type: "json" };

/** Columns enough for every text here, so that nothing wraps by its length. */
const COLUMNS = 1_200;
/** No character beyond is wide. */
const LAST_WIDE = 0x3FFFD;
/** Marks that Unicode got after version 11, whose widths the terminal has. */
const NEWER_MARK =
  /[\u0897-\u089F\u08CA-\u08D2\u0B55\u0C3C\u0D81\u0ECE\u180F\u1ABF-\u1ACE\u1DFA\uA82C\u{10D69}-\u{10D6D}\u{10EAB}-\u{10EAC}\u{10EFC}-\u{10EFF}\u{10F82}-\u{10F85}\u{11070}\u{11073}-\u{11074}\u{110C2}\u{111CF}\u{11241}\u{113BB}-\u{113C0}\u{113CE}\u{113D0}\u{113D2}\u{113E1}-\u{113E2}\u{1193B}-\u{1193C}\u{1193E}\u{11943}\u{11F00}-\u{11F01}\u{11F36}-\u{11F3A}\u{11F40}\u{11F42}\u{11F5A}\u{13440}\u{13447}-\u{13455}\u{1611E}-\u{16129}\u{1612D}-\u{1612F}\u{16FE4}\u{1CF00}-\u{1CF2D}\u{1CF30}-\u{1CF46}\u{1E08F}\u{1E2AE}\u{1E4EC}-\u{1E4EF}\u{1E5EE}-\u{1E5EF}]/u;

Deno.test("safeLine leaves a terminal alone: every vector", async () => {
  using oracle = new Oracle(COLUMNS);
  await assertAllHarmless(oracle, vectors.map(({ input }) => sanitizeLine(input)));
});

Deno.test("safeLine leaves a terminal alone: thousands of hostile texts", async () => {
  using oracle = new Oracle(COLUMNS);
  const texts = fc.array(hostileText(60), { minLength: 10, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(texts, (texts) => assertAllHarmless(oracle, texts.map((text) => sanitizeLine(text)))),
    { numRuns: 200 },
  );
});

Deno.test("safeText leaves a terminal alone, line by line", async () => {
  using oracle = new Oracle(COLUMNS);
  await assertAllHarmless(oracle, vectors.flatMap(({ input }) => sanitizeText(input).split("\n")));
});

Deno.test("the terminal of these tests notices what unsafe text does", async () => {
  using oracle = new Oracle(COLUMNS);
  const NOTICED: readonly (readonly [text: string, heard: readonly string[]])[] = [
    ["\x1b]0;owned\x07", ["title owned"]],
    ["\x07", ["bell"]],
    ["\x1b[6n", ['answer "\\u001b[5;11R"']],
    ["\x1b]52;c;QQ==\x07", ["clipboard"]],
    ["\x1b]8;;http://a\x07", ["link"]],
  ];
  for (const [text, heard] of NOTICED) assertEquals((await oracle.write(text)).heard, heard, text);
  assertEquals((await oracle.write("a\nb")).columns, null);
  assertEquals((await oracle.write("\x1b[A\rboss")).columns, null);
  assertEquals((await oracle.write("\rboss")).spoiled, ["4: bossx56789"]);
  assertEquals((await oracle.write("\x1b[2Jx")).spoiled.length, 9);
  assertEquals((await oracle.write("\x1b[31m")).isPlain, false);
  assertEquals(await oracle.write("plain"), {
    columns: 5,
    heard: [],
    spoiled: [],
    row: "plain",
    isPlain: true,
  });
});

Deno.test("measureCells measures no character smaller than a terminal draws it", () => {
  const tooSmall: string[] = [];
  for (let code = 0x20; code <= LAST_WIDE; code++) {
    const char = String.fromCodePoint(code);
    if (sanitizeLine(char) !== char) continue;
    if (terminalWidth(code) > measureCells(char)) tooSmall.push(code.toString(16));
  }
  assertEquals(tooSmall, []);
});

async function assertAllHarmless(oracle: Oracle, lines: readonly string[]): Promise<void> {
  const effects = await Promise.all(lines.map((line) => oracle.write(line)));
  for (const [index, { columns, heard, spoiled, isPlain }] of effects.entries()) {
    const line = lines[index] ?? "";
    const about = JSON.stringify(line);
    assertEquals(heard, [], about);
    assertEquals(spoiled, [], about);
    assert(columns !== null && columns >= 0, about);
    if (!NEWER_MARK.test(line)) assert(columns <= measureCells(line), `${about}: ${columns} columns`);
    assert(isPlain, about);
  }
}
