import { assertEquals } from "@std/assert";
import { estimatePlaceTimes, findSplitIndex } from "../../../src/node/views/room_times.ts";

const timed = (...times: readonly number[]) => times.map((wallMs) => ({ wallMs }));

const SPLITS: readonly (readonly [what: string, times: readonly number[], sinceMs: number, index: number])[] =
  [
    ["nothing", [], 10, 0],
    ["all", [10, 20, 30], 10, 0],
    ["a part", [10, 20, 30], 15, 1],
    ["none", [10, 20, 30], 40, 3],
    ["a part after a clock that is ahead", [10, 900, 11, 12, 20, 30], 15, 4],
    ["more at a tie", [10, 900, 12, 20, 30], 15, 1],
    ["a part around a clock that is behind", [10, 20, 1, 30], 15, 1],
    ["an answer with a clock that is behind", [20, 1, 30], 15, 0],
  ];

for (const [what, times, sinceMs, index] of SPLITS) {
  Deno.test(`findSplitIndex chooses ${what}`, () => {
    assertEquals(findSplitIndex(timed(...times), (wallMs) => wallMs >= sinceMs), index);
  });
}

Deno.test("estimatePlaceTimes never falls, and one wrong clock moves no other entry", () => {
  assertEquals(estimatePlaceTimes(timed(10, 20, 30)), [10, 20, 30]);
  assertEquals(estimatePlaceTimes(timed(10, 20, 900, 30, 40, 50)), [10, 20, 20, 30, 40, 50]);
  assertEquals(estimatePlaceTimes(timed(900, 20, 1, 30)), [1, 20, 20, 30]);
  assertEquals(estimatePlaceTimes([]), []);
});
