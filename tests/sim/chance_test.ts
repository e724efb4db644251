import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { SimChance } from "./chance.ts";

Deno.test("SimChance draws the same for a seed, today and later", () => {
  // Whoever changes these numbers makes every seed in a bug report worthless.
  assertEquals([...new SimChance("seed").bytes(8)], [167, 43, 6, 95, 115, 140, 202, 227]);
  assertEquals(new SimChance(1).int(1_000_000), 722_255);
});

Deno.test("SimChance draws differently for other seeds", () => {
  const draws = Array.from({ length: 1_000 }, (_, seed) => new SimChance(seed).fraction());
  assertEquals(new Set(draws).size, 1_000);
});

Deno.test("SimChance forks by label, whatever was drawn before", () => {
  const one = new SimChance("seed");
  const other = new SimChance("seed");
  other.bytes(100);
  assertEquals(one.fork("host a").bytes(16), other.fork("host a").bytes(16));
  assertNotEquals(one.fork("host a").bytes(16), one.fork("host b").bytes(16));
});

Deno.test("SimChance is spread evenly", () => {
  const chance = new SimChance("even");
  const counts = new Array<number>(10).fill(0);
  for (let count = 0; count < 10_000; count++) {
    const drawn = chance.int(10);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  // Ten counts of 1,000 expected; their standard deviation is 30.
  assert(counts.every((count) => count > 850 && count < 1_150), counts.join(" "));
});

Deno.test("SimChance keeps its bounds", () => {
  const chance = new SimChance("bounds");
  for (let count = 0; count < 1_000; count++) {
    assert([0, 1, 2].includes(chance.int(3)));
    const between = chance.between([2, 2.5]);
    assert(between >= 2 && between < 2.5);
    assert(["a", "b"].includes(chance.pick(["a", "b"])));
    assertEquals([chance.bool(0), chance.bool(1)], [false, true]);
  }
  assertThrows(() => chance.pick([]), RangeError);
});
