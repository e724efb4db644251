import { assertEquals } from "@std/assert";
import { ConditionWaiters } from "../../../src/node/support/condition_waiters.ts";
import { SimTime } from "../../sim/clock.ts";

Deno.test("Waiters.until is true at once for what holds already", async () => {
  const clock = new SimTime().clock();
  assertEquals(await new ConditionWaiters(clock).waitUntil(() => true, 1_000), true);
  assertEquals(clock.armedCount, 0);
});

Deno.test("Waiters.until is true as soon as somebody looks and it holds", async () => {
  const time = new SimTime();
  const clock = time.clock();
  const waiters = new ConditionWaiters(clock);
  let count = 0;
  const two = waiters.waitUntil(() => count >= 2, 10_000);
  const three = waiters.waitUntil(() => count >= 3, 10_000);
  for (const atMs of [100, 200, 300]) {
    time.schedule(atMs, () => {
      count++;
      waiters.recheck();
    });
  }
  assertEquals(await time.drive(two), true);
  assertEquals(time.nowMs, 200);
  assertEquals(await time.drive(three), true);
  assertEquals([time.nowMs, clock.armedCount], [300, 0]);
});

Deno.test("Waiters.until is false when the time is over", async () => {
  const time = new SimTime();
  const clock = time.clock();
  const waiters = new ConditionWaiters(clock);
  assertEquals(await time.drive(waiters.waitUntil(() => false, 5_000)), false);
  assertEquals([time.nowMs, clock.armedCount], [5_000, 0]);
});

Deno.test("Waiters.close ends all waiting at once", async () => {
  const time = new SimTime();
  const clock = time.clock();
  const waiters = new ConditionWaiters(clock);
  const waiting = [waiters.waitUntil(() => false, 5_000), waiters.waitUntil(() => false, 50_000)];
  waiters.close();
  assertEquals(await time.drive(Promise.all(waiting)), [false, false]);
  assertEquals([time.nowMs, clock.armedCount], [0, 0]);
});
