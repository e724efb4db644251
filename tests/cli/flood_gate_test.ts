import { assertEquals } from "@std/assert";
import { FloodGate } from "../../src/cli/flood_gate.ts";
import { PLAIN } from "../../src/cli/style.ts";
import type { LogRow } from "../../src/node/vocabulary.ts";
import { idFrom } from "../node/crowd.ts";
import { logRow } from "./stage.ts";

const TOO_FAST = "! bob writes faster than anybody reads: from here on the lines are only counted. " +
  "/log shows them, /block bob hides them for good";

function shown(gate: FloodGate, nowMs: number, changes: Partial<LogRow> = {}): readonly string[] {
  const row = logRow({ number: 50, ...changes });
  return gate.pass(row, nowMs, () => [row.text]);
}

/** What is shown of so many rows that come so often. */
function floodOf(
  count: number,
  { gate, fromMs, everyMs }: { gate: FloodGate; fromMs: number; everyMs: number },
) {
  return Array.from({ length: count }, (_, index) => shown(gate, fromMs + index * everyMs)).flat();
}

Deno.test("FloodGate shows a screenful of one author's lines, then says once that it only counts", () => {
  const lines = floodOf(1_000, { gate: new FloodGate(PLAIN), fromMs: 0, everyMs: 4 });
  assertEquals(lines.length, 41);
  assertEquals(lines.filter((line) => line !== "hello"), [TOO_FAST]);
  assertEquals(lines.at(-1), TOO_FAST);
});

Deno.test("FloodGate never shuts for who writes two lines a second", () => {
  assertEquals(floodOf(1_000, { gate: new FloodGate(PLAIN), fromMs: 0, everyMs: 500 }).length, 1_000);
});

Deno.test("FloodGate opens half a minute after the flood, and says how much was not shown", () => {
  const gate = new FloodGate(PLAIN);
  floodOf(1_000, { gate, fromMs: 0, everyMs: 1 });
  assertEquals(shown(gate, 30_000), []);
  assertEquals(shown(gate, 32_000), ["  (961 lines of bob were not shown; /log shows all)", "hello"]);
  assertEquals(shown(gate, 32_001), ["hello"]);
});

Deno.test("FloodGate counts each author alone, but newcomers and who comes and goes together", () => {
  const gate = new FloodGate(PLAIN);
  floodOf(1_000, { gate, fromMs: 0, everyMs: 1 });
  const carol = { author: idFrom("carol"), name: "carol" };
  assertEquals(shown(gate, 1_000, carol), ["hello"]);
  const newcomers = Array.from({ length: 500 }, (_, index) => {
    const author = idFrom(
      `new${"abcdefghijklmnopqrstuvwxyz"[index % 26]}${"abcdefghijklmnopqrstuvwxyz"[index / 26 | 0]}`,
    );
    return shown(gate, 1_000, { author, name: "x", number: 1, notice: true, text: "joined" });
  }).flat();
  assertEquals([newcomers.length, newcomers.at(-1)], [
    41,
    "! Newcomers come and go faster than anybody reads: from here on they are only counted. /who shows who is in the room, /log all lines",
  ]);
  assertEquals(shown(gate, 1_000, carol), ["hello"]);
});
