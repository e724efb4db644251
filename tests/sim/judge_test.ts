/** Some worlds at each test run; `deno task sim` plays as many as one likes. A found bug leaves its seed here. */

import { assertEquals } from "@std/assert";
import { judge } from "./judge.ts";

/**
 * Seeds that once failed, and why. A judge that draws more plays other worlds by the same seeds: what an earlier one found
 * is held by tests of its own (hosts_test.ts, tests/node/damaged_home_test.ts), and by the mutants.
 */
const FOUND: readonly (readonly [seed: number, what: string])[] = [
  [124, "nobody decided who relays a conversation that the other side had begun with nothing to send yet"],
  [162, "whoever had refused a room before joining it was not followed until the session ended"],
  [1_059, "while a room moved to a better host, nobody said to host it, and nobody could join"],
  [
    1_405,
    "two who had joined at somebody who was away since did not know of each other, and hosted side by side",
  ],
];
const FRESH_FROM = 10_000;
const FRESH_COUNT = 40;

for (const [seed, what] of FOUND) {
  Deno.test(`judge acquits seed ${seed}: ${what}`, async () => {
    assertEquals((await judge(seed)).faults, []);
  });
}

Deno.test(`judge acquits ${FRESH_COUNT} worlds, and says the same of one world twice`, async () => {
  for (let seed = FRESH_FROM; seed < FRESH_FROM + FRESH_COUNT; seed++) {
    const { faults } = await judge(seed);
    assertEquals(faults, [], `seed ${seed}`);
  }
  const [first, second] = [await judge(FRESH_FROM), await judge(FRESH_FROM)];
  assertEquals(second, first);
});
