import { assertEquals } from "@std/assert";
import { RIVAL_MS_MIN, RIVAL_MS_PER_MEMBER, Rivals } from "../../src/client/rivals.ts";
import { idOf, roomOf } from "../discovery/cast.ts";

const [ADA, BOB] = [idOf(1), idOf(2)] as const;
const ada = { peer: ADA, room: roomOf(1), memberCount: 10 };
const bob = { peer: BOB, room: roomOf(1), memberCount: 10 };

Deno.test("Rivals says with whom to have a session once it has lasted: in a larger room later in the middle", () => {
  const rivals = new Rivals(() => 0.5);
  rivals.claimed([ada, { ...bob, memberCount: 1_000 }], 1_000);
  const [adaAtMs, bobAtMs] = [10, 1_000].map((count) =>
    1_000 + RIVAL_MS_MIN + RIVAL_MS_PER_MEMBER * count / 2
  );
  assertEquals([rivals.due(1_000), rivals.wakeAtMs(1_000)], [[], adaAtMs ?? null]);
  assertEquals([rivals.due(adaAtMs ?? 0), rivals.wakeAtMs(adaAtMs ?? 0)], [[ADA], bobAtMs ?? null]);
  assertEquals([rivals.due(bobAtMs ?? 0), rivals.wakeAtMs(bobAtMs ?? 0)], [[ADA, BOB], null]);
});

Deno.test("Rivals keeps the time of a claim that stays, and begins anew with one that comes back", () => {
  const rivals = new Rivals(() => 0);
  rivals.claimed([ada], 0);
  rivals.claimed([ada, bob], 1_000);
  assertEquals(rivals.due(RIVAL_MS_MIN), [ADA]);
  rivals.claimed([bob], RIVAL_MS_MIN);
  assertEquals(rivals.due(RIVAL_MS_MIN), []);
  rivals.claimed([ada, bob], RIVAL_MS_MIN + 1);
  assertEquals(rivals.due(RIVAL_MS_MIN + 1_000), [BOB]);
  assertEquals(rivals.wakeAtMs(RIVAL_MS_MIN + 1_000), 2 * RIVAL_MS_MIN + 1);
});
