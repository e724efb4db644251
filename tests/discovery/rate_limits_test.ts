import { assertEquals, assertLessOrEqual } from "@std/assert";
import { RateLimits, type ReplyTarget } from "../../src/discovery/rate_limits.ts";
import { UNPINNED_PEERS_MAX } from "../../src/discovery/peer_table.ts";
import { idOf } from "../fixtures/discovery/beacons.ts";

function count(times: number, attempt: (index: number) => boolean): number {
  let count = 0;
  for (let index = 0; index < times; index++) if (attempt(index)) count++;
  return count;
}

function address(number: number): string {
  return `10.${number >> 16 & 255}.${number >> 8 & 255}.${number & 255}`;
}

/** Whether a datagram from there is looked at that claims to be of somebody who was not heard there. */
function mayCheck(limits: RateLimits, from: string, nowMs: number): boolean {
  return limits.mayCheck({ address: from, isKnown: false }, nowMs);
}

function askerOf(number: number, changes: Partial<ReplyTarget> = {}): ReplyTarget {
  const from = { address: address(number), port: 50_000 };
  return { id: idOf(number), instance: 1_000, from, isNewcomer: true, spreadMs: 0, ...changes };
}

Deno.test("Limits look at 60 datagrams of one address at once, then at 20 a second", () => {
  const limits = new RateLimits();
  assertEquals(count(1_000, () => mayCheck(limits, "10.0.0.1", 0)), 60);
  assertEquals(count(1_000, () => mayCheck(limits, "10.0.0.1", 1_000)), 20);
  assertEquals(mayCheck(limits, "10.0.0.2", 1_000), true);
});

Deno.test("Limits look at a full table of strangers at once, then at 100 datagrams a second, whatever the addresses", () => {
  const limits = new RateLimits();
  assertEquals(count(5_000, (index) => mayCheck(limits, address(index), 0)), UNPINNED_PEERS_MAX);
  assertEquals(count(5_000, (index) => mayCheck(limits, address(index), 1_000)), 100);
});

Deno.test("Limits let no flood of new keys drown those who are known, and none of forged beats a newcomer", () => {
  for (const isKnown of [true, false]) {
    const limits = new RateLimits();
    count(5_000, (index) => limits.mayCheck({ address: address(index), isKnown }, 0));
    assertEquals(limits.mayCheck({ address: "10.9.0.1", isKnown }, 0), false);
    assertEquals(limits.mayCheck({ address: "10.9.0.2", isKnown: !isKnown }, 0), true);
  }
});

Deno.test("Limits look at each newcomer beside 70 addresses that flood", () => {
  const limits = new RateLimits();
  let atMs = 0;
  const flood = () => count(150, (index) => mayCheck(limits, address(index % 70), atMs));
  // 1,500 datagrams a second for a minute, until nothing of the burst is left.
  for (let step = 0; step < 600; step++, atMs += 100) flood();
  const looks = count(50, (index) => {
    atMs += 100;
    flood();
    return mayCheck(limits, `10.200.0.${index}`, atMs);
  });
  assertEquals(looks, 50);
});

Deno.test("Limits let something through during a steady flood", () => {
  const limits = new RateLimits();
  // 50,000 datagrams a second for ten seconds, from one address.
  assertEquals(count(500_000, (index) => mayCheck(limits, "10.0.0.1", index / 50)), 259);
});

Deno.test("Limits charge an offence like three datagrams more", () => {
  const limits = new RateLimits();
  const seen = count(1_000, () => {
    const isSeen = mayCheck(limits, "10.0.0.1", 0);
    if (isSeen) limits.blame("10.0.0.1");
    return isSeen;
  });
  assertEquals(seen, 15);
});

Deno.test("Limits answer one hello once, however many copies come", () => {
  const limits = new RateLimits();
  const asker = askerOf(1);
  assertEquals(Array.from({ length: 3 }, () => limits.decideReply(asker, 0)), ["answer", "told", "told"]);
  assertEquals(limits.decideReply(asker, 299), "told");
  assertEquals(limits.decideReply(asker, 300), "answer");
  assertEquals(limits.decideReply({ ...asker, instance: 2_000 }, 300), "answer");
  assertEquals(limits.decideReply({ ...asker, id: idOf(2) }, 300), "answer");
  assertEquals(limits.decideReply({ ...asker, from: { ...asker.from, port: 50_001 } }, 300), "answer");
});

Deno.test("Limits answer nobody again while the answers of a crowd are on their way", () => {
  const limits = new RateLimits();
  const asker = askerOf(1, { spreadMs: 1_000 });
  assertEquals([0, 500, 999, 1_000].map((nowMs) => limits.decideReply(asker, nowMs)), [
    ...["answer", "told", "told", "answer"],
  ]);
});

Deno.test("Limits send 10 answers to one address at once, then 5 a second", () => {
  const limits = new RateLimits();
  const { from } = askerOf(1);
  const answers = (nowMs: number) =>
    count(1_000, (index) => limits.decideReply(askerOf(index, { from }), nowMs) === "answer");
  assertEquals([answers(0), answers(1_000)], [10, 5]);
});

Deno.test("Limits send 32 answers in all at once, then 10 a second, and keep half for newcomers", () => {
  const limits = new RateLimits();
  const answers = (nowMs: number, isNewcomer: boolean) =>
    count(1_000, (index) => limits.decideReply(askerOf(index, { isNewcomer }), nowMs) === "answer");
  assertEquals([answers(0, false), answers(0, true)], [16, 16]);
  assertEquals(limits.decideReply(askerOf(2_000), 0), "overrun");
  assertLessOrEqual(answers(1_000, true), 10);
});
