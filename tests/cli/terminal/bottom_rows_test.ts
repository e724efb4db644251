import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { PAINTED, PLAIN } from "../../../src/cli/format/style.ts";
import { BottomRows, type BottomRowsView, layOutInput } from "../../../src/cli/terminal/bottom_rows.ts";
import { measureCells, sanitizeLine } from "../../../src/text/sanitize.ts";
import { VirtualTerminal } from "../../fixtures/cli/virtual_terminal.ts";

const bottom = (parts: Partial<BottomRowsView> = {}): BottomRowsView => ({
  hints: [],
  status: "[1:#Kitchen]",
  before: "",
  behind: "",
  ...parts,
});

function painted({ columns = 30, rows = 8, style = PLAIN } = {}) {
  const size = { columns, rows };
  const terminal = new VirtualTerminal(size);
  const screen = new BottomRows(style, size);
  return {
    terminal,
    screen,
    paint: (parts: Partial<BottomRowsView> = {}) => terminal.write(screen.paint(bottom(parts))),
    print: (lines: string[], parts: Partial<BottomRowsView> = {}) =>
      terminal.write(screen.print(lines, bottom(parts))),
    resize: async (columns: number, rows: number, parts: Partial<BottomRowsView> = {}) => {
      terminal.resize({ columns, rows });
      screen.resize({ columns, rows });
      await terminal.write(screen.paint(bottom(parts)));
    },
    [Symbol.dispose]: () => terminal[Symbol.dispose](),
  };
}

Deno.test("TerminalScreen paints a status and a line, with the cursor where the user is", async () => {
  using it = painted();
  await it.paint({ before: "hel", behind: "lo" });
  assertEquals(it.terminal.screen, ["[1:#Kitchen]", "> hello"]);
  assertEquals(it.terminal.cursor, { row: 1, column: 5 });
});

Deno.test("TerminalScreen writes nothing where nothing changed", () => {
  const screen = new BottomRows(PLAIN, { columns: 30, rows: 8 });
  screen.paint(bottom({ before: "a" }));
  assertEquals(screen.paint(bottom({ before: "a" })), "");
});

Deno.test("TerminalScreen prints lines above, while a line is being typed", async () => {
  using it = painted();
  await it.paint({ before: "half a li" });
  await it.print(["14:03  bob: hello"], { before: "half a li" });
  await it.print(["14:04  bob: you", "there?"], { before: "half a li", behind: "ne" });
  assertEquals(it.terminal.screen, [
    "14:03  bob: hello",
    "14:04  bob: you",
    "there?",
    "[1:#Kitchen]",
    "> half a line",
  ]);
  assertEquals(it.terminal.cursor, { row: 4, column: 11 });
});

Deno.test("TerminalScreen lets all that was printed scroll into the terminal's own scrollback", async () => {
  using it = painted({ rows: 5 });
  await it.paint();
  for (let at = 1; at <= 20; at++) await it.print([`line ${at}`], { before: "x" });
  assertEquals(it.terminal.screen, ["line 18", "line 19", "line 20", "[1:#Kitchen]", "> x"]);
  assertEquals(it.terminal.scrollback.slice(0, 3), ["line 1", "line 2", "line 3"]);
  assertEquals(it.terminal.scrollback.length, 22);
});

Deno.test("TerminalScreen keeps a line that fills its row exactly, and one of several rows", async () => {
  using it = painted({ columns: 10 });
  await it.paint();
  await it.print(["0123456789", "0123456789ab"]);
  assertEquals(it.terminal.screen, ["0123456789", "0123456789", "ab", "[1:#Kitc…", ">"]);
});

Deno.test("TerminalScreen wraps a long line, shrinks again, and leaves nothing behind", async () => {
  using it = painted({ columns: 12 });
  await it.print(["said"], { before: "a".repeat(25) });
  assertEquals(it.terminal.screen, ["said", "[1:#Kitche…", "> aaaaaaaa", "  aaaaaaaa", "  aaaaaaaa", "  a"]);
  await it.paint({ before: "aa" });
  assertEquals(it.terminal.screen, ["said", "[1:#Kitche…", "> aa"]);
  await it.terminal.write(it.screen.erase());
  assertEquals(it.terminal.screen, ["said"]);
  assertEquals(it.terminal.cursor, { row: 1, column: 0 });
});

Deno.test("TerminalScreen gives hints a place for a while, if there is one", async () => {
  using it = painted({ rows: 10 });
  await it.paint({ hints: ["/join  /host"], before: "/" });
  assertEquals(it.terminal.screen, ["/join  /host", "[1:#Kitchen]", "> /"]);
  await it.paint({ before: "/j" });
  assertEquals(it.terminal.screen, ["[1:#Kitchen]", "> /j"]);
  using small = painted({ rows: 5 });
  await small.paint({ hints: ["/join  /host"] });
  assertEquals(small.terminal.screen, ["[1:#Kitchen]", ">"]);
});

Deno.test("TerminalScreen paints the status as a bar where colours are wanted, one cell short of the edge", () => {
  const screen = new BottomRows(PAINTED, { columns: 20, rows: 8 });
  assertEquals(
    screen.paint(bottom()),
    "\x1b[?2026h\r\x1b[J\x1b[7m[1:#Kitchen]       \x1b[0m\r\n> \r\x1b[2C\x1b[?2026l",
  );
});

const SIZES: [columns: number, rows: number][] = [[12, 8], [60, 8], [30, 4], [20, 5], [80, 24], [30, 20]];
for (const [columns, rows] of SIZES) {
  // The line itself stays shorter than any width: this terminal alone does not break the one with the cursor (tests/terminal has one that does).
  Deno.test(`TerminalScreen stays whole when it becomes ${columns}×${rows}, and back`, async () => {
    for (const style of [PLAIN, PAINTED]) {
      using it = painted({ style });
      await it.print(["one", "two"], { before: "words", behind: "日本" });
      await it.resize(columns, rows, { before: "words", behind: "日本" });
      await it.print(["three"], { before: "words", behind: "日本" });
      await it.resize(30, 8, { before: "" });
      const rowsNow = it.terminal.scrollback.map((row) => row.trimEnd());
      assertEquals(rowsNow, ["one", "two", "three", "[1:#Kitchen]", ">"]);
    }
  });
}

Deno.test("TerminalScreen works in few rows: the status goes first, then all but one row of the line", async () => {
  for (
    const [rows, shown] of [[5, ["[1:#Kitchen]", "> aaaaaaaaaaaaaaaaaaa", "  aaa"]], [2, ["  aaa"]], [1, [
      "  aaa",
    ]]] as const
  ) {
    using it = painted({ columns: 23, rows });
    await it.paint({ before: "a".repeat(22) });
    assertEquals(it.terminal.screen, [...shown]);
  }
});

Deno.test("TerminalScreen paints anew where the cursor is, once it forgot what it painted", async () => {
  using it = painted();
  await it.paint({ before: "x" });
  await it.terminal.write("\r\nsh> fg\r\n");
  it.screen.forget();
  await it.paint({ before: "x" });
  assertEquals(it.terminal.screen, ["[1:#Kitchen]", "> x", "sh> fg", "[1:#Kitchen]", "> x"]);
});

const WIDE: [name: string, before: string, column: number][] = [
  ["CJK", "日本", 6],
  ["emoji", "👍", 4],
  ["combining marks", "e\u0301", 3],
  ["nothing", "", 2],
];
for (const [name, before, column] of WIDE) {
  Deno.test(`inputRows puts the cursor behind ${name}`, () => {
    assertEquals(layOutInput({ before, behind: "z" }, { columns: 20, rowsMax: 3 }).cursor, {
      row: 0,
      column,
    });
  });
}

Deno.test("inputRows never splits a wide character or leaves the row, at any width", () => {
  const text = fc.array(fc.constantFrom("a", "日", "👍🏽", "e\u0301", " ", "👩‍👩‍👧", "🇦🇹")).map((parts) =>
    parts.join("")
  );
  fc.assert(
    fc.property(
      text,
      text,
      fc.integer({ min: 12, max: 40 }),
      fc.integer({ min: 1, max: 5 }),
      (before, behind, columns, rowsMax) => {
        const { rows, cursor } = layOutInput({ before: sanitizeLine(before), behind: sanitizeLine(behind) }, {
          columns,
          rowsMax,
        });
        const isWhole = rows.length <= rowsMax && cursor.row >= 0 && cursor.row < rows.length &&
          cursor.column < columns;
        const longest = Math.max(...rows.map(measureCells));
        return isWhole && longest <= columns - 1;
      },
    ),
  );
});

Deno.test("inputRows shows the rows around the cursor of a line that is too long", () => {
  const long = { before: "0123456789".repeat(3), behind: "abcdefghij".repeat(3) };
  assertEquals(layOutInput(long, { columns: 13, rowsMax: 3 }), {
    rows: ["  0123456789", "  0123456789", "  abcdefghij"],
    cursor: { row: 1, column: 12 },
  });
});
