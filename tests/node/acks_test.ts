import { assertEquals } from "@std/assert";
import { Acks } from "../../src/node/acks.ts";
import { idOf } from "../discovery/cast.ts";

const [ME, ADA, BOB] = [idOf(9), idOf(1), idOf(2)] as const;

Deno.test("Acks tells how far our disk has the feeds that grew, and each author who has how much of its own", () => {
  const acks = new Acks();
  acks.grew(ADA);
  acks.grew(ADA);
  acks.progressed(ADA, BOB, 3);
  acks.progressed(BOB, ADA, 7);
  const { have, seenBy } = acks.take(ME, new Map([[ADA, 5], [BOB, 2]]));
  assertEquals([...have], [[ADA, 5]]);
  assertEquals([...seenBy(ADA)], [[BOB, 3], [ME, 5]]);
  assertEquals([...seenBy(BOB)], [[ADA, 7]]);
  assertEquals([...seenBy(ME)], []);
});

Deno.test("Acks tells each piece of news once, and the latest of one member", () => {
  const acks = new Acks();
  assertEquals(acks.isEmpty, true);
  acks.progressed(ADA, BOB, 3);
  acks.progressed(ADA, BOB, 4);
  assertEquals(acks.isEmpty, false);
  const first = acks.take(ME, new Map());
  assertEquals([...first.seenBy(ADA)], [[BOB, 4]]);
  assertEquals(acks.isEmpty, true);
  const second = acks.take(ME, new Map([[ADA, 5]]));
  assertEquals([[...second.have], [...second.seenBy(ADA)]], [[], []]);
});

Deno.test("Acks tells of a feed that began only its author", () => {
  const acks = new Acks();
  acks.began(ADA);
  assertEquals(acks.isEmpty, false);
  const { have, seenBy } = acks.take(ME, new Map([[ADA, 1]]));
  assertEquals([[...have], [...seenBy(ADA)]], [[], [[ME, 1]]]);
  assertEquals(acks.isEmpty, true);
});

Deno.test("Acks says nothing of a feed that the disk does not have", () => {
  const acks = new Acks();
  acks.grew(ADA);
  assertEquals([...acks.take(ME, new Map()).have], [[ADA, 0]]);
});
