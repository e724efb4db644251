import { assertEquals } from "@std/assert";
import { directRoom } from "../../src/room/access.ts";
import { ranks } from "../../src/room/rank.ts";
import { Replica } from "../../src/room/replica.ts";
import { ALICE, BOB, CAROL, copyOf, CRYPTO, DAVE, emptyCopy, founding, roomOf, say, write } from "./cast.ts";

Deno.test("ranks are the order in which the members came, the creator first", () => {
  const room = roomOf(DAVE, BOB, CAROL);
  say(room, ALICE);
  assertEquals(ranks(room), [ALICE.id, DAVE.id, BOB.id, CAROL.id]);
  assertEquals(ranks(copyOf(room)), ranks(room));
});

Deno.test("ranks of two who joined at once, each unseen by the other, go by their keys", () => {
  const room = roomOf();
  const [first, second] = [copyOf(room), copyOf(room)];
  const joins = [write(first, BOB, "join"), write(second, CAROL, "join")];
  for (const join of joins) room.accept(join);
  assertEquals(joins.map((join) => join.clock), [2, 2]);
  assertEquals(ranks(room), [ALICE.id, CAROL.id, BOB.id]);
});

Deno.test("ranks leave out who left, and give the old place back to who returns", () => {
  const room = roomOf(BOB, CAROL);
  write(room, ALICE, "leave");
  write(room, BOB, "leave");
  assertEquals(ranks(room), [CAROL.id]);
  write(room, ALICE, "join");
  assertEquals(ranks(room), [ALICE.id, CAROL.id]);
});

Deno.test("ranks of a conversation of two go by key, before and after either has written", () => {
  const direct = new Replica(directRoom(ALICE.id, BOB.id, CRYPTO), CRYPTO);
  assertEquals(ranks(direct), [BOB.id, ALICE.id]);
  say(direct, ALICE);
  assertEquals(ranks(direct), [BOB.id, ALICE.id]);
});

Deno.test("ranks of a room of which nothing has come are empty", () => {
  assertEquals(ranks(emptyCopy(founding().room)), []);
});
