import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { SimTime } from "./clock.ts";

Deno.test("SimTime runs events by moment, and those of one moment in the order of scheduling", async () => {
  const time = new SimTime();
  const log: string[] = [];
  for (const [delayMs, name] of [[5, "c"], [1.5, "a"], [5, "d"], [1.5, "b"], [0, "first"]] as const) {
    time.schedule(delayMs, () => log.push(`${name} at ${time.nowMs}`));
  }
  await time.run(5);
  assertEquals(log, ["first at 0", "a at 1.5", "b at 1.5", "c at 5", "d at 5"]);
});

Deno.test("SimTime lets all promises that an event settles run before the next event", async () => {
  const time = new SimTime();
  const log: string[] = [];
  time.schedule(1, async () => {
    for (let step = 0; step < 50; step++) await Promise.resolve();
    log.push("fifty promises later");
  });
  time.schedule(1, () => log.push("next event"));
  await time.run(1);
  assertEquals(log, ["fifty promises later", "next event"]);
});

Deno.test("SimTime goes on to the moment asked for, whatever happens until then, and not beyond", async () => {
  const time = new SimTime();
  const log: string[] = [];
  time.schedule(10, () => log.push("ten"));
  time.schedule(10.01, () => log.push("later"));
  await time.run(10);
  assertEquals([time.nowMs, log], [10, ["ten"]]);
  await time.runFor(90);
  assertEquals([time.nowMs, log], [100, ["ten", "later"]]);
});

Deno.test("SimTime runUntil stops at the event that makes the condition true", async () => {
  const time = new SimTime();
  let count = 0;
  for (const delayMs of [1, 2, 3]) time.schedule(delayMs, () => count++);
  assertEquals(await time.runUntil(() => count === 2, 1_000), true);
  assertEquals(time.nowMs, 2);
});

Deno.test("SimTime runUntil gives up at its limit", async () => {
  const time = new SimTime();
  assertEquals(await time.runUntil(() => false, 1_000), false);
  assertEquals(time.nowMs, 1_000);
});

Deno.test("SimTime drive gives the result of the work, and its failure", async () => {
  const time = new SimTime();
  const later = (run: () => void) => time.schedule(5, run);
  assertEquals(await time.drive(new Promise((resolve) => later(() => resolve("done")))), "done");
  const failing = new Promise((_, reject) => later(() => reject(new Error("broken"))));
  await assertRejects(() => time.drive(failing), Error, "broken");
});

Deno.test("SimTime drive says when the work waits for nothing", async () => {
  await assertRejects(() => new SimTime().drive(new Promise(() => {})), Error, "stuck");
});

Deno.test("SimTime does not run an event that was cancelled", async () => {
  const time = new SimTime();
  const log: string[] = [];
  const event = time.schedule(1, () => log.push("cancelled"));
  time.schedule(2, () => log.push("kept"));
  event.cancel();
  event.cancel();
  await time.run(3);
  assertEquals(log, ["kept"]);
});

Deno.test("SimTime fails when time stands still", async () => {
  const time = new SimTime();
  const again = () => void time.schedule(0, again);
  again();
  await assertRejects(() => time.run(1), Error, "Time stands still");
});

Deno.test("SimTime passes on what an event throws", async () => {
  const time = new SimTime();
  time.schedule(1, () => {
    throw new Error("a bug");
  });
  await assertRejects(() => time.run(2), Error, "a bug");
});

Deno.test("SimTime schedules nothing in the past", () => {
  const time = new SimTime();
  assertThrows(() => time.schedule(-1, () => {}), RangeError);
  assertThrows(() => time.schedule(NaN, () => {}), RangeError);
});

Deno.test("SimClock shows a date that is wrong and jumps, while nowMs goes on", async () => {
  const time = new SimTime();
  const right = time.clock();
  const wrong = time.clock({ wallOffsetMs: -31_536_000_000 });
  await time.run(1_000);
  assertEquals(new Date(right.wallMs()).toISOString(), "2026-01-01T00:00:01.000Z");
  assertEquals(new Date(wrong.wallMs()).toISOString(), "2025-01-01T00:00:01.000Z");
  wrong.jumpWall(31_536_000_000);
  assertEquals(wrong.wallMs(), right.wallMs());
  assertEquals([right.nowMs(), wrong.nowMs()], [1_000, 1_000]);
});

Deno.test("SimClock counts its armed timers", async () => {
  const time = new SimTime();
  const clock = time.clock();
  const [one, two] = [clock.timer(() => {}), clock.timer(() => {})];
  assertEquals(clock.armedCount, 0);
  one.wakeAt(5);
  one.wakeAt(6);
  two.wakeAt(7);
  assertEquals(clock.armedCount, 2);
  two[Symbol.dispose]();
  assertEquals(clock.armedCount, 1);
  await time.run(6);
  assertEquals(clock.armedCount, 0);
});

Deno.test("SimClock that is stopped fires nothing, but for others time goes on", async () => {
  const time = new SimTime();
  const log: string[] = [];
  const [dead, alive] = [time.clock(), time.clock()];
  const timer = dead.timer(() => log.push("dead"));
  timer.wakeAt(1);
  alive.timer(() => log.push("alive")).wakeAt(1);
  dead.stop();
  timer.wakeAt(2);
  await time.run(10);
  assertEquals([log, dead.armedCount], [["alive"], 0]);
});
