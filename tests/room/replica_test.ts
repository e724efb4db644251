import { assert, assertEquals, assertThrows } from "@std/assert";
import { deriveDirectRoom } from "../../src/room/access.ts";
import type { Entry, EntryDraft } from "../../src/room/entry.ts";
import { ENTRY_VERSION } from "../../src/room/entry_encoding.ts";
import { type AddOutcome, AUTHORS_MAX, Replica } from "../../src/room/replica.ts";
import {
  ALICE,
  BOB,
  bodies,
  bring,
  CAROL,
  copyOf,
  CRYPTO,
  DAVE,
  emptyCopy,
  entryAfter,
  entryOf,
  founded,
  founding,
  read,
  roomOf,
  say,
  stranger,
  WALL_MS,
  write,
} from "../fixtures/room/people.ts";

const FIRST = founding();
const JOIN: Partial<EntryDraft> = { number: 1, prev: "", kind: "join", body: "" };

Deno.test("Replica of a room of which nothing has come is empty", () => {
  const replica = emptyCopy(FIRST.room);
  assertEquals([replica.id, replica.info, replica.entries.length], [FIRST.room, undefined, 0]);
  assertEquals([replica.vector(), replica.members(), replica.forks], [new Map(), [], new Map()]);
  assertEquals([replica.isIn(ALICE.id), replica.get(ALICE.id, 1)], [false, undefined]);
  assertEquals([replica.lastName(ALICE.id), replica.lastNumber(ALICE.id)], [undefined, 0]);
  assertEquals([...replica.authors()], []);
});

Deno.test("Replica takes the entry that makes the room first, and everything else only behind it", () => {
  const replica = emptyCopy(FIRST.room);
  assertEquals(replica.accept(entryOf(JOIN, BOB)), "gap");
  assertEquals(replica.accept(entryOf()), "gap");
  assertEquals(replica.accept(founding(ALICE, "Cellar")), "refused");
  assertEquals([replica.info, replica.vector().size], [undefined, 0]);
  assertEquals(replica.accept(FIRST), "accepted");
  assertEquals(replica.info, { id: FIRST.room, access: "open", title: "Attic", founders: [ALICE.id] });
  assertEquals(replica.accept(entryOf(JOIN, BOB)), "accepted");
  assertEquals(replica.accept(entryOf()), "accepted");
});

Deno.test("Replica refuses a room of a kind that it does not know, and one that nobody signed", () => {
  const later = entryOf({
    room: null,
    number: 1,
    prev: "",
    clock: 1,
    kind: "room",
    body: ["Attic", "by key"],
  });
  assertEquals(emptyCopy(later.room).accept(later), "refused");
  const forged = unsigned(FIRST);
  const replica = emptyCopy(forged.room);
  assertEquals(replica.accept(forged), "refused");
  assertEquals([replica.info, replica.members()], [undefined, []]);
});

Deno.test("Replica tells what became of an entry", () => {
  const replica = roomOf(BOB);
  const second = say(replica, ALICE, "second");
  const third = entryAfter(second, { body: "third" });
  const cellar = entryOf({ ...JOIN, room: founding(ALICE, "Cellar").room }, CAROL);
  const cases: readonly (readonly [what: string, entry: Entry, outcome: AddOutcome])[] = [
    ["one that is here", second, "duplicate"],
    ["the first one again", FIRST, "duplicate"],
    ["one behind a missing one", entryAfter(third), "gap"],
    ["a stranger's second one", entryAfter(entryOf(JOIN, CAROL), {}, CAROL), "gap"],
    ["a stranger's message", entryOf({ ...JOIN, kind: "text" }, CAROL), "refused"],
    ["one of another room", cellar, "refused"],
    ["one that nobody signed", unsigned(third), "refused"],
    ["one with another's name on it", read(second.line.replace(ALICE.id, BOB.id)), "refused"],
    ["a join of somebody who is in", entryAfter(second, { kind: "join" }), "refused"],
    ["a clock that stands still", entryAfter(second, { clock: second.clock }), "refused"],
    ["a clock that goes back", entryAfter(second, { clock: 1 }), "refused"],
    ["a clock 2^32 ahead", entryAfter(second, { clock: second.clock + 4_294_967_296 }), "accepted"],
  ];
  for (const [what, entry, outcome] of cases) assertEquals(replica.accept(entry), outcome, what);
  assertEquals(replica.forks, new Map());
});

Deno.test("Replica refuses a clock that would spend more than 2^32 at once", () => {
  const replica = founded();
  assertEquals(replica.accept(entryAfter(FIRST, { clock: 4_294_967_298 })), "refused");
  assertEquals(replica.accept(entryAfter(FIRST, { clock: 4_294_967_297 })), "accepted");
});

Deno.test("Replica marks who signed two entries of one number, and keeps the one that came first", () => {
  const replica = roomOf(BOB);
  const second = say(replica, ALICE, "yes");
  assertEquals(replica.accept(entryAfter(FIRST, { clock: 9, body: "no" })), "fork");
  assertEquals([...replica.forks.keys()], [ALICE.id]);
  assertEquals(replica.get(ALICE.id, 2), second);
  assertEquals(replica.accept(entryAfter(second, { body: "next" })), "accepted");
});

Deno.test("Replica marks who signed an entry behind another one than ours", () => {
  const replica = founded();
  say(replica, ALICE, "yes");
  const other = entryAfter(FIRST, { body: "no" });
  assertEquals(replica.accept(entryAfter(other, { body: "behind no" })), "fork");
  assertEquals([...replica.forks.keys()], [ALICE.id]);
});

Deno.test("Replica marks nobody for a fork that it did not sign", () => {
  const replica = founded();
  say(replica, ALICE, "yes");
  assertEquals(replica.accept(unsigned(entryAfter(FIRST, { body: "no" }))), "refused");
  assertEquals(replica.forks, new Map());
});

Deno.test("Replica asks nobody for the signature of an entry that is trusted, and keeps all other rules", () => {
  const replica = founded();
  const second = unsigned(entryAfter(FIRST));
  assertEquals(replica.accept(second, { isTrusted: true }), "accepted");
  assertEquals(replica.accept(entryAfter(second, { clock: 1 }), { isTrusted: true }), "refused");
  assertEquals(replica.accept(entryAfter(entryAfter(second)), { isTrusted: true }), "gap");
});

Deno.test("Replica puts late entries where they belong", () => {
  const hers = roomOf(BOB, CAROL);
  const his = copyOf(hers);
  for (const text of ["b1", "b2", "b3"]) say(his, BOB, text);
  for (const text of ["a1", "a2"]) say(hers, ALICE, text);
  const third = copyOf(hers);
  say(third, CAROL, "c1");
  bring(his, hers);
  bring(third, hers);
  // Clocks: b1 a1 4, b2 a2 5, b3 c1 6; and Carol's id stands before Bob's, his before Alice's.
  assertEquals(bodies(hers).slice(3), ["b1", "a1", "b2", "a2", "c1", "b3"]);
});

Deno.test("Replica.vector says how far each feed goes", () => {
  const replica = roomOf(BOB);
  say(replica, ALICE);
  assertEquals(replica.vector(), new Map([[ALICE.id, 2], [BOB.id, 1]]));
  assertEquals([replica.lastNumber(ALICE.id), replica.lastNumber(CAROL.id)], [2, 0]);
  replica.vector().set(CAROL.id, 9);
  assertEquals(replica.vector().size, 2);
});

Deno.test("Replica.write signs the next entry, one clock behind all that was seen", () => {
  const hers = roomOf(BOB);
  const his = copyOf(hers);
  for (const text of ["1", "2", "3"]) say(his, BOB, text);
  assertEquals(say(hers, ALICE).clock, 3);
  bring(his, hers);
  const entry = write(hers, ALICE, "text", "after his");
  assertEquals([entry.number, entry.clock, entry.name, entry.wallMs], [3, 6, "alice", WALL_MS]);
  assertEquals(entry.prev, hers.get(ALICE.id, 2)?.hash);
  assertEquals(hers.entries.at(-1), entry);
  assert(entry.line.startsWith(`{"e":[${ENTRY_VERSION},"${hers.id}",`));
});

Deno.test("Replica.write stays within the reach of others when somebody's clock ran away", () => {
  const replica = roomOf(BOB);
  let last = replica.get(BOB.id, 1) ?? FIRST;
  for (const jump of [2 ** 32, 2 ** 32]) {
    last = entryAfter(last, { clock: last.clock + jump }, BOB);
    assertEquals(replica.accept(last), "accepted");
  }
  const hers = say(replica, ALICE);
  assertEquals(hers.clock, 4_294_967_297); // 2^32 beyond her own last one, though Bob is at twice that.
  assertEquals(copyOf(replica).get(ALICE.id, 2), hers);
  assertEquals(say(replica, ALICE).clock, 8_589_934_593);
  assertEquals(say(replica, ALICE).clock, 8_589_934_595);
});

Deno.test("Replica.write throws where an honest author has nothing to write", () => {
  const replica = roomOf(BOB);
  assertThrows(() => say(replica, CAROL), Error, "refused");
  assertThrows(() => write(replica, BOB, "join"), Error, "refused");
  write(replica, BOB, "leave");
  assertThrows(() => say(replica, BOB), Error, "refused");
  assertThrows(() => say(emptyCopy(FIRST.room), ALICE), Error, "gap");
  assertThrows(() => write(replica, ALICE, "Text"), RangeError, "out-of-range");
  assertEquals(bodies(replica), [["Attic", "open", "BwcHBwcHBwcHBwcHBwcHBw"], "join", "leave"]);
});

Deno.test("Replica.members are all who ever came, in the order in which they came, by their last names", () => {
  const replica = roomOf(DAVE, BOB);
  write(replica, DAVE, "leave");
  replica.write({ kind: "name", name: "bobby", body: "", wallMs: 0 }, BOB.signer, BOB.id);
  assertEquals(replica.members(), [
    { id: ALICE.id, name: "alice", isIn: true },
    { id: DAVE.id, name: "dave", isIn: false },
    { id: BOB.id, name: "bobby", isIn: true },
  ]);
  assertEquals([replica.isIn(DAVE.id), replica.isIn(BOB.id), replica.isIn(CAROL.id)], [false, true, false]);
  assertEquals([replica.lastName(BOB.id), replica.lastName(CAROL.id)], ["bobby", undefined]);
});

Deno.test("Replica.inside are those of its members who are in, whatever came or was taken back in between", () => {
  const replica = roomOf(DAVE, BOB);
  const check = () =>
    assertEquals(
      replica.activeMembers(),
      replica.members().filter((member) => member.isIn).map(({ id }) => id),
    );
  check();
  const steps = [
    () => write(replica, DAVE, "leave"),
    () => write(replica, CAROL, "join"),
    () => say(replica, BOB),
    () => write(replica, BOB, "leave"),
    () => write(replica, DAVE, "join"),
  ];
  const done = steps.map((step) => {
    const entry = step();
    check();
    return entry;
  });
  assertEquals(replica.activeMembers(), [ALICE.id, DAVE.id, CAROL.id]);
  for (const entry of done.toReversed()) {
    replica.takeBack(entry);
    check();
  }
  // Somebody whose join has a lower clock than that of others came before them.
  replica.accept(entryOf({ ...JOIN, room: replica.id, clock: 2 }, CAROL), { isTrusted: true });
  check();
  assertEquals(replica.members().length, 4);
});

Deno.test("Replica of a direct conversation knows the two from the start, and lets them write at once", () => {
  const replica = new Replica(deriveDirectRoom(ALICE.id, BOB.id, CRYPTO), CRYPTO);
  assertEquals(replica.members(), [
    { id: BOB.id, name: "", isIn: true },
    { id: ALICE.id, name: "", isIn: true },
  ]);
  assertEquals(replica.vector(), new Map());
  assertEquals(say(replica, ALICE).clock, 1);
  assertEquals(replica.members().map((member) => member.name), ["alice", ""]);
  assertEquals(say(replica, BOB).clock, 2);
  write(replica, BOB, "leave");
  write(replica, BOB, "join");
  assertEquals(bodies(copyOf(replica)), ["hello", "hello", "leave", "join"]);
});

Deno.test("Replica of a direct conversation has no third author", () => {
  const replica = new Replica(deriveDirectRoom(ALICE.id, BOB.id, CRYPTO), CRYPTO);
  for (const kind of ["join", "text"]) {
    assertEquals(replica.accept(entryOf({ ...JOIN, room: replica.id, kind }, CAROL)), "refused");
  }
  assertEquals(replica.members().length, 2);
});

Deno.test("Replica takes entries of 4,096 authors, and further ones only of those", () => {
  const replica = founded();
  for (let number = 1; number < AUTHORS_MAX; number++) {
    const joined = replica.accept(entryOf(JOIN, stranger(number)), { isTrusted: true });
    assert(joined === "accepted");
  }
  assertEquals(replica.members().length, 4_096);
  assertEquals(replica.accept(entryOf(JOIN, stranger(5_000))), "crowded");
  assertEquals(replica.accept(entryAfter(entryOf(JOIN, stranger(7)), {}, stranger(7))), "accepted");
});

Deno.test("Replica.takeBack of the first entry makes the room unknown again: nothing else is taken in without it", () => {
  const hers = founded();
  const [first] = hers.entries;
  assert(first !== undefined);
  const replica = new Replica(hers.id, CRYPTO);
  assertEquals(replica.accept(first), "accepted");
  replica.takeBack(first);
  assertEquals([replica.info, replica.members()], [undefined, []]);
  const join = entryOf({ ...JOIN, room: replica.id }, BOB);
  assertEquals(replica.accept(join), "gap");
  assertEquals([replica.accept(first), replica.accept(join)], ["accepted", "accepted"]);
});

Deno.test("Replica.takeBack undoes the last entry of a feed, also in the middle of the room", () => {
  const hers = roomOf(BOB);
  const before = copyOf(hers);
  const his = copyOf(hers);
  bring(hers, before);
  const taken = say(hers, ALICE, "lost");
  say(his, BOB, "b2");
  say(his, BOB, "b3");
  bring(his, hers);
  bring(his, before);
  hers.takeBack(taken);
  assertEquals(bodies(hers), bodies(before));
  assertEquals([hers.vector(), hers.members()], [before.vector(), before.members()]);
  assertEquals(say(hers, ALICE, "again").number, 2);
});

Deno.test("Replica.takeBack takes an equal entry that was read anew", () => {
  const replica = roomOf(BOB);
  const lost = say(replica, BOB, "lost");
  say(replica, ALICE, "kept");
  replica.takeBack(read(lost.line));
  assertEquals(bodies(replica).slice(1), ["join", "kept"]);
});

Deno.test("Replica.takeBack undoes a join, a leave and the entry that made the room", () => {
  const replica = founded();
  const joined = write(replica, BOB, "join");
  replica.takeBack(joined);
  assertEquals(replica.members(), [{ id: ALICE.id, name: "alice", isIn: true }]);
  assertEquals(replica.accept(joined), "accepted");
  const left = write(replica, BOB, "leave");
  replica.takeBack(left);
  assertEquals(replica.isIn(BOB.id), true);
  replica.takeBack(joined);
  replica.takeBack(FIRST);
  assertEquals([bodies(replica), replica.vector()], [[], new Map()]);
  assertEquals(replica.accept(FIRST), "accepted");
});

Deno.test("Replica.takeBack refuses all but the last entry of a feed", () => {
  const replica = roomOf(BOB);
  const second = say(replica, ALICE);
  say(replica, ALICE);
  for (const entry of [second, FIRST, entryOf(JOIN, CAROL), entryAfter(second, { body: "other" })]) {
    assertThrows(() => replica.takeBack(entry), Error, "Only the last entry");
  }
  assertEquals(replica.entries.length, 4);
});

/** The same entry with another signature, which is not its author's. */
function unsigned(entry: Entry): Entry {
  const at = entry.line.length - 40;
  const other = entry.line[at] === "A" ? "B" : "A";
  return read(entry.line.slice(0, at) + other + entry.line.slice(at + 1));
}

Deno.test("Replica says to whom it is closed: a full feed, and a newcomer where all authors are", () => {
  const replica = roomOf(BOB);
  assertEquals([replica.findLimit(ALICE.id), replica.findLimit(CAROL.id)], [null, null]);
  const known = replica.members().length; // Counted once: it sorts them.
  for (let number = 0; number < AUTHORS_MAX - known; number++) {
    replica.accept(entryOf(JOIN, stranger(number)), { isTrusted: true });
  }
  assertEquals([replica.findLimit(BOB.id), replica.findLimit(CAROL.id)], [null, "crowded"]);
});

Deno.test("Replica proves each fork by two lines, and gives no more proofs than fit", () => {
  const replica = roomOf(BOB);
  const yes = say(replica, ALICE, "yes");
  const no = entryAfter(FIRST, { clock: 9, body: "no" });
  const join = replica.get(BOB.id, 1);
  assert(join !== undefined);
  const behindOther = entryAfter({ ...join, hash: yes.hash }, { body: "no" }, BOB);
  for (const branch of [no, behindOther]) assertEquals(replica.accept(branch), "fork");
  assertEquals([...replica.forks], [[ALICE.id, no], [BOB.id, behindOther]]);
  const except = CAROL.id;
  assertEquals(replica.listForkProofs(Infinity, { except }), [yes, no, join, behindOther]);
  assertEquals(replica.listForkProofs(yes.line.length + no.line.length, { except }), [yes, no]);
  assertEquals(replica.listForkProofs(0, { except }), []);
  assertEquals(replica.listForkProofs(Infinity, { except: ALICE.id }), [join, behindOther]);
});

Deno.test("Replica looks at no signature of further branches", () => {
  const replica = founded();
  say(replica, ALICE, "yes");
  assertEquals(replica.accept(entryAfter(FIRST, { body: "no" })), "fork");
  assertEquals(replica.accept(unsigned(entryAfter(FIRST, { body: "perhaps" }))), "fork");
});
