import { assertEquals } from "@std/assert";
import { FloodFilter } from "../../../src/cli/chat/flood_filter.ts";
import { PLAIN } from "../../../src/cli/format/style.ts";
import type { LogRow } from "../../../src/api/commands.ts";
import { idFrom } from "../../fixtures/node/known_people.ts";
import { logRow } from "../../fixtures/cli/machine.ts";

const TOO_FAST = "! bob writes faster than anybody reads: from here on the lines are only counted. " +
  "/log shows them, /block bob hides them for good";

function shown(floodFilter: FloodFilter, nowMs: number, changes: Partial<LogRow> = {}): readonly string[] {
  const row = logRow({ number: 50, ...changes });
  return floodFilter.pass(row, nowMs, () => [row.text]);
}

/** What is shown of so many rows that come so often. */
function floodOf(
  count: number,
  { floodFilter, fromMs, everyMs }: { floodFilter: FloodFilter; fromMs: number; everyMs: number },
) {
  return Array.from({ length: count }, (_, index) => shown(floodFilter, fromMs + index * everyMs)).flat();
}

Deno.test("FloodGate shows a screenful of one author's lines, then says once that it only counts", () => {
  const lines = floodOf(1_000, { floodFilter: new FloodFilter(PLAIN), fromMs: 0, everyMs: 4 });
  assertEquals(lines.length, 41);
  assertEquals(lines.filter((line) => line !== "hello"), [TOO_FAST]);
  assertEquals(lines.at(-1), TOO_FAST);
});

Deno.test("FloodGate never shuts for who writes two lines a second", () => {
  assertEquals(
    floodOf(1_000, { floodFilter: new FloodFilter(PLAIN), fromMs: 0, everyMs: 500 }).length,
    1_000,
  );
});

Deno.test("FloodGate opens half a minute after the flood, and says how much was not shown", () => {
  const floodFilter = new FloodFilter(PLAIN);
  floodOf(1_000, { floodFilter, fromMs: 0, everyMs: 1 });
  assertEquals(shown(floodFilter, 30_000), []);
  assertEquals(shown(floodFilter, 32_000), ["  (961 lines of bob were not shown; /log shows all)", "hello"]);
  assertEquals(shown(floodFilter, 32_001), ["hello"]);
});

Deno.test("FloodGate counts each author alone, but newcomers and who comes and goes together", () => {
  const floodFilter = new FloodFilter(PLAIN);
  floodOf(1_000, { floodFilter, fromMs: 0, everyMs: 1 });
  const carol = { author: idFrom("carol"), name: "carol" };
  assertEquals(shown(floodFilter, 1_000, carol), ["hello"]);
  const newcomers = Array.from({ length: 500 }, (_, index) => {
    const author = idFrom(
      `new${"abcdefghijklmnopqrstuvwxyz"[index % 26]}${"abcdefghijklmnopqrstuvwxyz"[index / 26 | 0]}`,
    );
    return shown(floodFilter, 1_000, { author, name: "x", number: 1, notice: true, text: "joined" });
  }).flat();
  assertEquals([newcomers.length, newcomers.at(-1)], [
    41,
    "! Newcomers come and go faster than anybody reads: from here on they are only counted. /who shows who is in the room, /log all lines",
  ]);
  assertEquals(shown(floodFilter, 1_000, carol), ["hello"]);
});
