import { assertEquals } from "@std/assert";
import { AckBatch } from "../../../src/node/room/ack_batch.ts";
import { idOf } from "../../fixtures/discovery/beacons.ts";

const [ME, ADA, BOB] = [idOf(9), idOf(1), idOf(2)] as const;

Deno.test("Acks tells how far our disk has the feeds that grew, and each author who has how much of its own", () => {
  const ackBatch = new AckBatch();
  ackBatch.noteGrowth(ADA);
  ackBatch.noteGrowth(ADA);
  ackBatch.noteProgress(ADA, BOB, 3);
  ackBatch.noteProgress(BOB, ADA, 7);
  const { have, seenBy } = ackBatch.take(ME, new Map([[ADA, 5], [BOB, 2]]));
  assertEquals([...have], [[ADA, 5]]);
  assertEquals([...seenBy(ADA)], [[BOB, 3], [ME, 5]]);
  assertEquals([...seenBy(BOB)], [[ADA, 7]]);
  assertEquals([...seenBy(ME)], []);
});

Deno.test("Acks tells each piece of news once, and the latest of one member", () => {
  const ackBatch = new AckBatch();
  assertEquals(ackBatch.isEmpty, true);
  ackBatch.noteProgress(ADA, BOB, 3);
  ackBatch.noteProgress(ADA, BOB, 4);
  assertEquals(ackBatch.isEmpty, false);
  const first = ackBatch.take(ME, new Map());
  assertEquals([...first.seenBy(ADA)], [[BOB, 4]]);
  assertEquals(ackBatch.isEmpty, true);
  const second = ackBatch.take(ME, new Map([[ADA, 5]]));
  assertEquals([[...second.have], [...second.seenBy(ADA)]], [[], []]);
});

Deno.test("Acks tells of a feed that began only its author", () => {
  const ackBatch = new AckBatch();
  ackBatch.noteBeginning(ADA);
  assertEquals(ackBatch.isEmpty, false);
  const { have, seenBy } = ackBatch.take(ME, new Map([[ADA, 1]]));
  assertEquals([[...have], [...seenBy(ADA)]], [[], [[ME, 1]]]);
  assertEquals(ackBatch.isEmpty, true);
});

Deno.test("Acks says nothing of a feed that the disk does not have", () => {
  const ackBatch = new AckBatch();
  ackBatch.noteGrowth(ADA);
  assertEquals([...ackBatch.take(ME, new Map()).have], [[ADA, 0]]);
});
