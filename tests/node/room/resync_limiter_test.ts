/** How often a peer may have everything again. */

import { assertEquals } from "@std/assert";
import { RESYNC_MS_MIN, ResyncLimiter } from "../../../src/node/room/resync_limiter.ts";
import { deriveDirectRoom } from "../../../src/room/access.ts";
import { CRYPTO, finish, idOf, linkPair } from "../../fixtures/net/connection_pair.ts";

const ROOM = deriveDirectRoom(idOf(1), idOf(2), CRYPTO).id;

/** A wish for everything again; the number tells it from others. */
function wish(number: number) {
  const vector = new Map([[idOf(1), number]]);
  return {
    type: "meet",
    room: ROOM,
    follow: false,
    leads: false,
    ask: false,
    again: true,
    proof: null,
    vector,
  } as const;
}

Deno.test("AgainLimit grants one wish at once, and the last of those that come too soon when its time has come", async () => {
  const pair = await linkPair();
  const { near: { connection, clock }, time } = pair;
  const granted: (number | undefined)[] = [];
  const limit = new ResyncLimiter(clock, (_, { vector }) => granted.push(vector.get(idOf(1))));
  assertEquals([
    limit.mayResync(connection, wish(1)),
    limit.mayResync(connection, wish(2)),
    limit.mayResync(connection, wish(3)),
  ], [
    true,
    false,
    false,
  ]);
  await time.runFor(RESYNC_MS_MIN - 1);
  assertEquals(granted, []);
  await time.runFor(2);
  assertEquals(granted, [3]);
  await time.runFor(RESYNC_MS_MIN);
  assertEquals([limit.mayResync(connection, wish(4)), granted], [true, [3]]);
  limit.close();
  await finish(pair);
});

Deno.test("AgainLimit forgets the wishes of a link that is gone", async () => {
  const pair = await linkPair();
  const { near: { connection, clock }, time } = pair;
  const granted: unknown[] = [];
  const limit = new ResyncLimiter(clock, (of) => granted.push(of));
  limit.mayResync(connection, wish(1));
  limit.mayResync(connection, wish(2));
  limit.forget(connection);
  await time.runFor(RESYNC_MS_MIN * 2);
  assertEquals(granted, []);
  limit.close();
  await finish(pair);
});
