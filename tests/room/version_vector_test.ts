import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { PeerId } from "../../src/room/id.ts";
import { includesVector, raiseVector, type Vector } from "../../src/room/version_vector.ts";
import { ALICE, BOB, CAROL } from "../fixtures/room/people.ts";

Deno.test("raise lifts what is lower, adds what is missing, lowers nothing, and returns what it raised", () => {
  const into = new Map([[ALICE.id, 3], [BOB.id, 5]]);
  const raised = raiseVector(into, new Map([[ALICE.id, 4], [BOB.id, 2], [CAROL.id, 1]]));
  assertEquals(into, new Map([[ALICE.id, 4], [BOB.id, 5], [CAROL.id, 1]]));
  assertEquals(raised, new Map([[ALICE.id, 4], [CAROL.id, 1]]));
});

Deno.test("raise takes a missing author and 0 for the same", () => {
  const into = new Map([[ALICE.id, 3]]);
  assertEquals(raiseVector(into, new Map([[ALICE.id, 3], [BOB.id, 0]])), new Map());
  assertEquals(into, new Map([[ALICE.id, 3]]));
});

const COVERED: readonly (readonly [left: [PeerId, number][], right: [PeerId, number][], covers: boolean])[] =
  [
    [[], [], true],
    [[[ALICE.id, 1]], [], true],
    [[], [[ALICE.id, 0]], true],
    [[], [[ALICE.id, 1]], false],
    [[[ALICE.id, 2]], [[ALICE.id, 2]], true],
    [[[ALICE.id, 2]], [[ALICE.id, 3]], false],
    [[[ALICE.id, 9], [BOB.id, 1]], [[ALICE.id, 2], [BOB.id, 2]], false],
    [[[ALICE.id, 9], [BOB.id, 2]], [[ALICE.id, 2], [BOB.id, 2]], true],
  ];

Deno.test("covers says whether one has all that the other has", () => {
  for (const [left, right, expected] of COVERED) {
    assertEquals(includesVector(new Map(left), new Map(right)), expected);
  }
});

const vector: fc.Arbitrary<Vector> = fc.array(
  fc.tuple(fc.constantFrom(ALICE.id, BOB.id, CAROL.id), fc.nat(4)),
  { maxLength: 5 },
).map((pairs) => new Map(pairs));

Deno.test("raise gives the least that covers both, and raises once", () => {
  fc.assert(fc.property(vector, vector, (left, right) => {
    const both = new Map(left);
    const raised = raiseVector(both, right);
    assert(includesVector(both, left) && includesVector(both, right));
    for (const [author, number] of both) {
      assert(number === 0 || number === left.get(author) || number === right.get(author));
    }
    assertEquals(raised.size === 0, includesVector(left, right));
    assertEquals(raiseVector(both, right).size, 0);
  }));
});
