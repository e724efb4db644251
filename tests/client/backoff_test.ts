import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Backoff, BACKOFF_MS_MAX, BACKOFF_MS_MIN } from "../../src/client/backoff.ts";

/** The pauses after failures one behind the other, each at the end of the pause before; 0.5 is no jitter. */
function pausesOf(count: number, fraction = 0.5): number[] {
  const backoff = new Backoff();
  let nowMs = 1_000;
  return Array.from({ length: count }, () => {
    backoff.noteFailure("ada", { nowMs, fraction });
    const pauseMs = (backoff.wakeAtMs(nowMs) ?? nowMs) - nowMs;
    nowMs += pauseMs;
    return pauseMs;
  });
}

Deno.test("Backoff doubles the pause with each failure, up to a minute", () => {
  assertEquals(pausesOf(9), [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  assertEquals(pausesOf(5_000).at(-1), 60_000);
});

Deno.test("Backoff spreads the pause by a quarter to both sides", () => {
  assertEquals(pausesOf(2, 0), [375, 750]);
  assertEquals(pausesOf(2, 0.9999).map(Math.ceil), [625, 1_250]);
});

Deno.test("Backoff holds one key back, until the very moment when its pause ends", () => {
  const backoff = new Backoff();
  assert(backoff.isReady("ada", 0), "never failed");
  backoff.noteFailure("ada", { nowMs: 100, fraction: 0.5 });
  assertEquals(backoff.isReady("ada", 599), false);
  assertEquals(backoff.isReady("ada", 600), true);
  assertEquals(backoff.isReady("bob", 100), true);
});

Deno.test("Backoff begins anew after success, or news", () => {
  const backoff = new Backoff();
  for (let count = 0; count < 5; count++) backoff.noteFailure("ada", { nowMs: 0, fraction: 0.5 });
  backoff.clear("ada");
  assert(backoff.isReady("ada", 0));
  assertEquals(backoff.wakeAtMs(0), null);
  backoff.noteFailure("ada", { nowMs: 0, fraction: 0.5 });
  assertEquals(backoff.wakeAtMs(0), 500);
  backoff.clear("nobody");
});

Deno.test("Backoff tells when a key failed last, and pauses no longer than that failure allows", () => {
  const backoff = new Backoff();
  assertEquals(backoff.failedAtMs("ada"), null);
  for (let nowMs = 0; nowMs < 10_000; nowMs += 1_000) {
    backoff.noteFailure("ada", { nowMs, fraction: 0.5, maxMs: 3_000 });
    assertEquals(backoff.failedAtMs("ada"), nowMs);
    assert((backoff.wakeAtMs(nowMs) ?? nowMs) - nowMs <= 3_000);
  }
  backoff.clear("ada");
  assertEquals(backoff.failedAtMs("ada"), null);
});

Deno.test("Backoff wakes for the pause that ends next, and for none that is over", () => {
  const backoff = new Backoff();
  backoff.noteFailure("ada", { nowMs: 0, fraction: 0.5 });
  backoff.noteFailure("bob", { nowMs: 100, fraction: 0.5 });
  assertEquals([0, 499, 500, 599, 600].map((nowMs) => backoff.wakeAtMs(nowMs)), [500, 500, 600, 600, null]);
});

Deno.test("Backoff never pauses for less than its least or more than its most, jitter apart", () => {
  const failure = fc.record({
    afterMs: fc.nat(100_000),
    fraction: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  fc.assert(fc.property(fc.array(failure, { minLength: 1, maxLength: 60 }), (failures) => {
    const backoff = new Backoff();
    let nowMs = 0;
    for (const { afterMs, fraction } of failures) {
      nowMs += afterMs;
      backoff.noteFailure("ada", { nowMs, fraction });
      assert(!backoff.isReady("ada", nowMs + BACKOFF_MS_MIN * 0.74));
      assert(backoff.isReady("ada", nowMs + BACKOFF_MS_MAX * 1.25));
    }
  }));
});
