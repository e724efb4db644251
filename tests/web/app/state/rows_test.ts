import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  isDoubtful,
  type LogSection,
  ROWS_MAX,
  withNewer,
  withNewRow,
  withOlder,
  withReceipts,
} from "../../../../src/web/app/state/rows.ts";
import { rowOf } from "../../../fixtures/web/log_rows.ts";

const numbers = ({ rows }: LogSection) => rows.map(({ number }) => number);
const run = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => rowOf("bob", from + at));
const held = (from: number, to: number, ends: Partial<LogSection> = {}): LogSection => ({
  rows: run(from, to),
  isStart: false,
  isEnd: true,
  ...ends,
});

Deno.test("withOlder puts older rows before the others, and knows the start from them", () => {
  const now = withOlder(held(4, 6), { rows: run(1, 3), isStart: true, isEnd: false });
  assertEquals(numbers(now), [1, 2, 3, 4, 5, 6]);
  assertEquals([now.isStart, now.isEnd], [true, true]);
});

Deno.test("withOlder lets go of the newest rows beyond the limit, and then is not at the end any more", () => {
  const now = withOlder(held(101, 100 + ROWS_MAX), { rows: run(1, 100), isStart: true, isEnd: false });
  assertEquals([now.rows.length, now.rows[0]?.number, now.rows.at(-1)?.number], [ROWS_MAX, 1, ROWS_MAX]);
  assertEquals(now.isEnd, false);
});

Deno.test("withNewer lets go of the oldest rows beyond the limit, and then is not at the start any more", () => {
  const now = withNewer(held(1, ROWS_MAX, { isStart: true, isEnd: false }), {
    rows: run(ROWS_MAX + 1, ROWS_MAX + 10),
    isStart: false,
    isEnd: true,
  });
  assertEquals([now.rows.length, now.rows[0]?.number, now.rows.at(-1)?.number], [
    ROWS_MAX,
    11,
    ROWS_MAX + 10,
  ]);
  assertEquals([now.isStart, now.isEnd], [false, true]);
});

Deno.test("Rows that come twice are held once", () => {
  assertEquals(numbers(withOlder(held(3, 5), held(1, 4))), [1, 2, 3, 4, 5]);
  assertEquals(numbers(withNewer(held(1, 3), held(2, 5))), [1, 2, 3, 4, 5]);
});

Deno.test("withNewRow takes a row in at the end, once, and only where the end is held", () => {
  const [row] = run(4, 4);
  if (row === undefined) throw new Error("unreachable");
  const now = withNewRow(held(1, 3), row);
  assertEquals(numbers(now), [1, 2, 3, 4]);
  assertStrictEquals(withNewRow(now, row), now);
  const elsewhere = held(1, 3, { isEnd: false });
  assertStrictEquals(withNewRow(elsewhere, row), elsewhere);
});

Deno.test("isDoubtful sees a row that is older than the last one, and a gap in its author's numbers", () => {
  assertEquals(isDoubtful(held(1, 3), rowOf("bob", 4)), false);
  assertEquals(isDoubtful(held(1, 3), rowOf("bob", 5)), true);
  assertEquals(isDoubtful(held(1, 3), rowOf("carol", 9)), false);
  assertEquals(isDoubtful(held(1, 3), rowOf("carol", 1, { time: "2026-11-20T07:59:59.000Z" })), true);
  assertEquals(isDoubtful({ rows: [], isStart: true, isEnd: true }, rowOf("bob", 7)), false);
});

Deno.test("withReceipts moves our own rows forward only, up to the number", () => {
  const own = (number: number, state: "kept" | "passed" | "everywhere") => rowOf("me", number, { state });
  const now = withReceipts({
    rows: [own(1, "everywhere"), own(2, "kept"), own(3, "kept"), rowOf("bob", 1)],
    isStart: true,
    isEnd: true,
  }, {
    number: 2,
    state: "passed",
  });
  assertEquals(now.rows.map(({ state }) => state), ["everywhere", "passed", "kept", null]);
  assertStrictEquals(withReceipts(now, { number: 2, state: "passed" }), now);
});
