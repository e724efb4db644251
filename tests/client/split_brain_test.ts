import { assertEquals } from "@std/assert";
import {
  SPLIT_BRAIN_MS_MIN,
  SPLIT_BRAIN_MS_PER_MEMBER,
  SplitBrainDetector,
} from "../../src/client/split_brain.ts";
import { idOf, roomOf } from "../fixtures/discovery/beacons.ts";

const [ADA, BOB] = [idOf(1), idOf(2)] as const;
const ada = { peer: ADA, room: roomOf(1), memberCount: 10 };
const bob = { peer: BOB, room: roomOf(1), memberCount: 10 };

Deno.test("Rivals says with whom to have a session once it has lasted: in a larger room later in the middle", () => {
  const splitBrain = new SplitBrainDetector(() => 0.5);
  splitBrain.updateClaims([ada, { ...bob, memberCount: 1_000 }], 1_000);
  const [adaAtMs, bobAtMs] = [10, 1_000].map((count) =>
    1_000 + SPLIT_BRAIN_MS_MIN + SPLIT_BRAIN_MS_PER_MEMBER * count / 2
  );
  assertEquals([splitBrain.listDue(1_000), splitBrain.wakeAtMs(1_000)], [[], adaAtMs ?? null]);
  assertEquals([splitBrain.listDue(adaAtMs ?? 0), splitBrain.wakeAtMs(adaAtMs ?? 0)], [
    [ADA],
    bobAtMs ?? null,
  ]);
  assertEquals([splitBrain.listDue(bobAtMs ?? 0), splitBrain.wakeAtMs(bobAtMs ?? 0)], [[ADA, BOB], null]);
});

Deno.test("Rivals keeps the time of a claim that stays, and begins anew with one that comes back", () => {
  const splitBrain = new SplitBrainDetector(() => 0);
  splitBrain.updateClaims([ada], 0);
  splitBrain.updateClaims([ada, bob], 1_000);
  assertEquals(splitBrain.listDue(SPLIT_BRAIN_MS_MIN), [ADA]);
  splitBrain.updateClaims([bob], SPLIT_BRAIN_MS_MIN);
  assertEquals(splitBrain.listDue(SPLIT_BRAIN_MS_MIN), []);
  splitBrain.updateClaims([ada, bob], SPLIT_BRAIN_MS_MIN + 1);
  assertEquals(splitBrain.listDue(SPLIT_BRAIN_MS_MIN + 1_000), [BOB]);
  assertEquals(splitBrain.wakeAtMs(SPLIT_BRAIN_MS_MIN + 1_000), 2 * SPLIT_BRAIN_MS_MIN + 1);
});
