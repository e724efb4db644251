import { assertEquals } from "@std/assert";
import { deriveDirectRoom } from "../../src/room/access.ts";
import { computeHostScore, rankHosts } from "../../src/room/host_rank.ts";
import { Replica } from "../../src/room/replica.ts";
import {
  ALICE,
  BOB,
  CAROL,
  copyOf,
  CRYPTO,
  DAVE,
  emptyCopy,
  founding,
  roomOf,
  say,
  write,
} from "../fixtures/room/people.ts";

Deno.test("ranks are the order in which the members came, the creator first", () => {
  const room = roomOf(DAVE, BOB, CAROL);
  say(room, ALICE);
  assertEquals(rankHosts(room, () => 1), [ALICE.id, DAVE.id, BOB.id, CAROL.id]);
  assertEquals(rankHosts(copyOf(room), () => 1), rankHosts(room, () => 1));
});

Deno.test("ranks of two who joined at once, each unseen by the other, go by their keys", () => {
  const room = roomOf();
  const [first, second] = [copyOf(room), copyOf(room)];
  const joins = [write(first, BOB, "join"), write(second, CAROL, "join")];
  for (const join of joins) room.accept(join);
  assertEquals(joins.map((join) => join.clock), [2, 2]);
  assertEquals(rankHosts(room, () => 1), [ALICE.id, CAROL.id, BOB.id]);
});

Deno.test("ranks leave out who left, and give the old place back to who returns", () => {
  const room = roomOf(BOB, CAROL);
  write(room, ALICE, "leave");
  write(room, BOB, "leave");
  assertEquals(rankHosts(room, () => 1), [CAROL.id]);
  write(room, ALICE, "join");
  assertEquals(rankHosts(room, () => 1), [ALICE.id, CAROL.id]);
});

Deno.test("ranks of a conversation of two go by key, before and after either has written", () => {
  const direct = new Replica(deriveDirectRoom(ALICE.id, BOB.id, CRYPTO), CRYPTO);
  assertEquals(rankHosts(direct, () => 1), [BOB.id, ALICE.id]);
  say(direct, ALICE);
  assertEquals(rankHosts(direct, () => 1), [BOB.id, ALICE.id]);
});

Deno.test("ranks of a room of which nothing has come are empty", () => {
  assertEquals(rankHosts(emptyCopy(founding().room), () => 1), []);
});

Deno.test("ranks puts what is worth more as a host first, and equals in the order in which they came", () => {
  const room = roomOf(BOB, CAROL, DAVE);
  const merits = new Map([[ALICE.id, 1], [BOB.id, 3], [CAROL.id, 0], [DAVE.id, 3]]);
  assertEquals(rankHosts(room, (id) => merits.get(id) ?? 1), [BOB.id, DAVE.id, ALICE.id, CAROL.id]);
});

Deno.test("ranks takes no merit above 3, or a lie would beat every cable", () => {
  const room = roomOf(BOB, CAROL);
  const merits = new Map([[ALICE.id, 1], [BOB.id, 3], [CAROL.id, 255]]);
  assertEquals(rankHosts(room, (id) => merits.get(id) ?? 1), [BOB.id, CAROL.id, ALICE.id]);
});

Deno.test("meritOf counts a cable more than mains power", () => {
  const cases: [isOnCable: boolean, isOnMains: boolean][] = [[true, true], [true, false], [false, true], [
    false,
    false,
  ]];
  assertEquals(cases.map(([isOnCable, isOnMains]) => computeHostScore({ isOnCable, isOnMains })), [
    3,
    2,
    1,
    0,
  ]);
});
