import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Backlog } from "../../src/room/backlog.ts";
import { attachFile, type Entry } from "../../src/room/entry.ts";
import { ALICE, BOB, CAROL, entryOf, founding, roomOf, say } from "../fixtures/room/people.ts";

const FILE = { lineAt: () => "" };

function all(backlog: Backlog): Entry[] {
  const entries: Entry[] = [];
  for (let entry = backlog.take(); entry !== undefined; entry = backlog.take()) entries.push(entry);
  return entries;
}

Deno.test("Backlog gives what is in the log in the order of the log, and the rest in the order of the room", () => {
  const room = roomOf(BOB, CAROL);
  const [hers, his, third] = [say(room, ALICE, "a"), say(room, BOB, "b"), say(room, CAROL, "c")];
  attachFile(third, FILE, 10);
  const backlog = new Backlog();
  for (const entry of [his, third, hers]) backlog.add(entry);
  assertEquals(all(backlog), [third, hers, his]);
  assertEquals(backlog.isEmpty, true);
});

Deno.test("Backlog begins with the entry that makes the room, wherever its line is", () => {
  const first = founding();
  const other = entryOf({ number: 2 }, BOB);
  attachFile(first, FILE, 900);
  attachFile(other, FILE, 10);
  const backlog = new Backlog();
  backlog.add(other);
  backlog.add(first);
  assertEquals(all(backlog), [first, other]);
});

Deno.test("Backlog has one entry of each author", () => {
  const backlog = new Backlog();
  backlog.add(entryOf());
  assertEquals([backlog.has(ALICE.id), backlog.has(BOB.id)], [true, false]);
  assertThrows(() => backlog.add(entryOf({ number: 3 })), Error, "one entry of each author");
  backlog.clear();
  assertEquals([backlog.has(ALICE.id), backlog.isEmpty, backlog.take()], [false, true, undefined]);
});

Deno.test("Backlog gives any places in their order", () => {
  const template = entryOf();
  fc.assert(fc.property(fc.uniqueArray(fc.nat(1_000), { maxLength: 60 }), (clocks) => {
    const backlog = new Backlog();
    for (const clock of clocks) backlog.add({ ...template, author: `${clock}` as Entry["author"], clock });
    assertEquals(all(backlog).map(({ clock }) => clock), clocks.toSorted((left, right) => left - right));
  }));
});
