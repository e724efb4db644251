import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { denoChance } from "../../src/deno/chance.ts";

Deno.test("denoChance gives as many bytes as asked for, also above the system's limit for one call", () => {
  const chance = denoChance();
  for (const count of [0, 1, 32, 65_536, 65_537, 200_000]) assertEquals(chance.bytes(count).length, count);
  const end = chance.bytes(200_000).subarray(-64);
  assert(end.some((byte) => byte !== 0));
});

Deno.test("denoChance gives other bytes each time", () => {
  const chance = denoChance();
  assertNotEquals(chance.bytes(32), chance.bytes(32));
});

Deno.test("denoChance gives fractions in [0, 1)", () => {
  const chance = denoChance();
  for (let count = 0; count < 1_000; count++) {
    const fraction = chance.fraction();
    assert(fraction >= 0 && fraction < 1);
  }
});
