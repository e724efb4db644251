import { assertEquals } from "@std/assert";
import type { PeerId } from "../../src/room/id.ts";
import {
  findHighest,
  MEMBER_VECTOR_PAIRS_MAX,
  MemberVectors,
  type ReceiptMarks,
  type ReceiptState,
  toReceiptState,
} from "../../src/room/receipts.ts";
import { ALICE, BOB, CAROL, DAVE } from "../fixtures/room/people.ts";

Deno.test("Holdings knows nothing at first", () => {
  const holdings = new MemberVectors();
  assertEquals(holdings.get(BOB.id, ALICE.id), 0);
  assertEquals(holdings.listMembers(ALICE.id), new Map());
});

Deno.test("Holdings.note remembers the most, and says whether it was news", () => {
  const holdings = new MemberVectors();
  assertEquals(holdings.note(BOB.id, ALICE.id, 3), true);
  assertEquals(holdings.note(BOB.id, ALICE.id, 3), false);
  assertEquals(holdings.note(BOB.id, ALICE.id, 2), false);
  assertEquals(holdings.get(BOB.id, ALICE.id), 3);
  assertEquals(holdings.note(BOB.id, ALICE.id, 4), true);
  assertEquals(holdings.get(BOB.id, ALICE.id), 4);
  assertEquals(holdings.note(CAROL.id, ALICE.id, 0), false);
});

Deno.test("Holdings keeps members and authors apart", () => {
  const holdings = new MemberVectors();
  holdings.note(BOB.id, ALICE.id, 3);
  holdings.note(CAROL.id, ALICE.id, 1);
  holdings.note(CAROL.id, BOB.id, 7);
  holdings.note(BOB.id, BOB.id, 9);
  assertEquals(holdings.listMembers(ALICE.id), new Map([[BOB.id, 3], [CAROL.id, 1]]));
  assertEquals(holdings.listMembers(BOB.id), new Map([[CAROL.id, 7], [BOB.id, 9]]));
  assertEquals(holdings.get(BOB.id, CAROL.id), 0);
});

Deno.test("Holdings.about gives a copy", () => {
  const holdings = new MemberVectors();
  holdings.note(BOB.id, ALICE.id, 3);
  holdings.listMembers(ALICE.id).set(CAROL.id, 9);
  assertEquals(holdings.listMembers(ALICE.id), new Map([[BOB.id, 3]]));
});

type Holder = [member: PeerId, number: number];

/** What becomes of alice's feed if these hold so much of it, and those are in the room. */
function marksOf(holders: readonly Holder[], others: readonly PeerId[]): ReceiptMarks {
  const holdings = new MemberVectors();
  for (const [member, number] of holders) holdings.note(member, ALICE.id, number);
  return holdings.computeMarks(ALICE.id, others);
}

/** Our entry 5: who holds how much of our feed, who else is in the room, and what that makes of it. */
const STATES: readonly (readonly [holders: Holder[], others: PeerId[], state: ReceiptState])[] = [
  [[], [], "kept"],
  [[], [BOB.id], "kept"],
  [[[BOB.id, 4]], [BOB.id], "kept"],
  [[[BOB.id, 5]], [BOB.id], "everywhere"],
  [[[BOB.id, 6]], [BOB.id], "everywhere"],
  [[[BOB.id, 5]], [BOB.id, CAROL.id], "passed"],
  [[[BOB.id, 5], [CAROL.id, 4]], [BOB.id, CAROL.id], "passed"],
  [[[BOB.id, 5], [CAROL.id, 5]], [BOB.id, CAROL.id], "everywhere"],
  [[[DAVE.id, 5]], [BOB.id], "passed"], // Dave has left, and still has it.
  [[[DAVE.id, 5]], [], "passed"], // Alone in the room: nobody is "everybody".
  [[[BOB.id, 5], [DAVE.id, 1]], [BOB.id], "everywhere"], // Whoever left is not waited for.
];

Deno.test("receiptState says how far our entry has come", () => {
  for (const [holders, others, state] of STATES) {
    assertEquals(
      toReceiptState(5, marksOf(holders, others)),
      state,
      JSON.stringify([holders, others]),
    );
  }
});

Deno.test("Holdings.marks are the most that anybody holds, and the least that everybody holds", () => {
  const holders: Holder[] = [[BOB.id, 5], [CAROL.id, 3], [DAVE.id, 9]];
  assertEquals(marksOf(holders, [BOB.id, CAROL.id]), { passed: 9, everywhere: 3 });
  assertEquals(marksOf(holders, [BOB.id, ALICE.id]), { passed: 9, everywhere: 0 });
  assertEquals(marksOf(holders, []), { passed: 9, everywhere: 0 });
  assertEquals(marksOf([], [BOB.id]), { passed: 0, everywhere: 0 });
});

Deno.test("mostHeld takes as many numbers as a hostile peer cares to name", () => {
  assertEquals(findHighest(Array.from({ length: 200_000 }, (_, index) => index)), 199_999);
  assertEquals(findHighest([]), 0);
});

Deno.test("Holdings remembers no more pairs than its limit, and goes on counting up those that it has", () => {
  const holdings = new MemberVectors();
  for (let count = 0; count < MEMBER_VECTOR_PAIRS_MAX; count++) {
    holdings.note(BOB.id, `author ${count}` as PeerId, 1);
  }
  assertEquals(holdings.note(CAROL.id, ALICE.id, 1), false);
  assertEquals(holdings.get(CAROL.id, ALICE.id), 0);
  assertEquals(holdings.note(BOB.id, "author 7" as PeerId, 2), true);
});
