import { assertEquals, assertLessOrEqual } from "@std/assert";
import { Limits } from "../../src/discovery/limits.ts";
import { idOf } from "./cast.ts";

function count(times: number, attempt: (index: number) => boolean): number {
  let count = 0;
  for (let index = 0; index < times; index++) if (attempt(index)) count++;
  return count;
}

function address(number: number): string {
  return `10.${number >> 16 & 255}.${number >> 8 & 255}.${number & 255}`;
}

Deno.test("Limits look at 60 datagrams of one address at once, then at 20 a second", () => {
  const limits = new Limits();
  assertEquals(count(1_000, () => limits.mayCheck("10.0.0.1", 0)), 60);
  assertEquals(count(1_000, () => limits.mayCheck("10.0.0.1", 1_000)), 20);
  assertEquals(limits.mayCheck("10.0.0.2", 1_000), true);
});

Deno.test("Limits look at 400 datagrams in all at once, then at 200 a second, whatever the addresses", () => {
  const limits = new Limits();
  assertEquals(count(5_000, (index) => limits.mayCheck(address(index), 0)), 400);
  assertEquals(count(5_000, (index) => limits.mayCheck(address(index), 1_000)), 200);
});

Deno.test("Limits let something through during a steady flood", () => {
  const limits = new Limits();
  // 50,000 datagrams a second for ten seconds, from one address.
  assertEquals(count(500_000, (index) => limits.mayCheck("10.0.0.1", index / 50)), 259);
});

Deno.test("Limits charge an offence like three datagrams more", () => {
  const limits = new Limits();
  const seen = count(1_000, () => {
    const isSeen = limits.mayCheck("10.0.0.1", 0);
    if (isSeen) limits.blame("10.0.0.1");
    return isSeen;
  });
  assertEquals(seen, 15);
});

Deno.test("Limits answer one hello once, however many copies come", () => {
  const limits = new Limits();
  const asker = { id: idOf(1), instance: 1_000, from: { address: "10.0.0.1", port: 50_000 } };
  assertEquals(count(10, () => limits.mayAnswer(asker, 0)), 1);
  assertEquals(limits.mayAnswer(asker, 299), false);
  assertEquals(limits.mayAnswer(asker, 300), true);
  assertEquals(limits.mayAnswer({ ...asker, instance: 2_000 }, 300), true);
  assertEquals(limits.mayAnswer({ ...asker, id: idOf(2) }, 300), true);
  assertEquals(limits.mayAnswer({ ...asker, from: { address: "10.0.0.1", port: 50_001 } }, 300), true);
});

Deno.test("Limits send 10 answers to one address at once, then 5 a second", () => {
  const limits = new Limits();
  const from = { address: "10.0.0.1", port: 50_000 };
  assertEquals(count(1_000, (index) => limits.mayAnswer({ id: idOf(index), instance: 1, from }, 0)), 10);
  assertEquals(count(1_000, (index) => limits.mayAnswer({ id: idOf(index), instance: 1, from }, 1_000)), 5);
});

Deno.test("Limits send 100 answers in all at once, then 50 a second", () => {
  const limits = new Limits();
  const askers = (nowMs: number) =>
    count(
      1_000,
      (index) =>
        limits.mayAnswer(
          { id: idOf(index), instance: 1, from: { address: address(index), port: 50_000 } },
          nowMs,
        ),
    );
  assertEquals(askers(0), 100);
  assertLessOrEqual(askers(1_000), 50);
});
