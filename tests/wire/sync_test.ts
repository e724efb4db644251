import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Entry } from "../../src/room/entry.ts";
import type { Replica } from "../../src/room/replica.ts";
import type { Vector } from "../../src/room/vector.ts";
import { encodeRecord } from "../../src/wire/record.ts";
import { Meeting, PAGE_BYTES_MAX } from "../../src/wire/sync.ts";
import { ALICE, BOB, CAROL, copyOf, entryOf, type Person, read, roomOf, say } from "../room/cast.ts";

const NOTHING: Vector = new Map();

/** A room with Alice's and Bob's first entries, and three messages of Alice's. */
function talk(): Replica {
  const room = roomOf(BOB);
  for (const text of ["a2", "a3", "a4"]) say(room, ALICE, text);
  return room;
}

function meet(
  meeting: Meeting,
  room: Replica,
  changes: Partial<Parameters<Meeting["onMeet"]>[0]> = {},
): void {
  meeting.onMeet(
    { vector: NOTHING, follow: false, again: false, ...changes },
    (vector) => room.beyond(vector),
  );
}

/** What is sent until nothing waits, as far as it tells. */
function sent(meeting: Meeting): string[] {
  const lines: string[] = [];
  while (meeting.isBusy) lines.push(...meeting.nextPage().map(({ line }) => line));
  return lines.map((line) => {
    const { kind, body } = read(line);
    return kind === "text" ? String(body) : kind;
  });
}

/** A meeting that the peer attached to: it has everything and follows. */
function attached(room: Replica): Meeting {
  const meeting = new Meeting();
  meet(meeting, room, { follow: true });
  sent(meeting);
  meeting.attach();
  return meeting;
}

Deno.test("Meeting starts apart: nothing is known of the peer, and nothing is sent", () => {
  const meeting = new Meeting();
  meeting.weFollow = true;
  meeting.onNew(talk().entries);
  assertEquals([meeting.isMet, meeting.theyFollow, meeting.isAttached, meeting.isBusy], [
    false,
    false,
    false,
    false,
  ]);
  assertEquals([meeting.nextPage(), meeting.theirs], [[], NOTHING]);
});

Deno.test("Meeting queues what the peer lacks, in the order of the room", () => {
  const room = talk();
  const meeting = new Meeting();
  const vector = new Map([[ALICE.id, 2]]);
  meet(meeting, room, { vector, follow: true });
  assertEquals([meeting.isMet, meeting.theyFollow, meeting.theirs, meeting.isBusy], [
    true,
    true,
    vector,
    true,
  ]);
  assertEquals(sent(meeting), ["join", "a3", "a4"]);
  assertEquals([meeting.isBusy, meeting.nextPage()], [false, []]);
});

Deno.test("Meeting sends an entry once, however often the peer says the same", () => {
  const room = talk();
  const meeting = new Meeting();
  meet(meeting, room);
  meet(meeting, room);
  assertEquals(sent(meeting), ["room", "join", "a2", "a3", "a4"]);
  meet(meeting, room, { vector: new Map([[ALICE.id, 3]]) });
  meet(meeting, room);
  assertEquals(sent(meeting), []);
});

Deno.test("Meeting sends all that the peer lacks again when it asks for that, and not what waited as well", () => {
  const room = talk();
  for (const isSent of [true, false]) {
    const meeting = new Meeting();
    meet(meeting, room);
    if (isSent) sent(meeting);
    else meeting.nextPage();
    meet(meeting, room, { vector: new Map([[ALICE.id, 3], [BOB.id, 1]]), again: true });
    assertEquals(sent(meeting), ["a4"]);
  }
});

Deno.test("Meeting does not send back what the peer sent", () => {
  const room = talk();
  const meeting = new Meeting();
  for (const entry of room.entries.slice(0, 3)) meeting.onReceived(entry);
  const [first] = room.entries;
  assert(first !== undefined);
  meeting.onReceived(first); // Once more, and late: it lowers nothing.
  meet(meeting, room);
  assertEquals(sent(meeting), ["a3", "a4"]);
});

/** Who follows whom, and whether what is new goes to the peer. */
const FOLLOWING: readonly (readonly [theyFollow: boolean, weFollow: boolean, isPassedOn: boolean])[] = [
  [false, false, false],
  [true, false, true],
  [false, true, true],
  [true, true, true],
];

Deno.test("Meeting passes on what is new where one follows the other", () => {
  for (const [theyFollow, weFollow, isPassedOn] of FOLLOWING) {
    const room = talk();
    const meeting = new Meeting();
    meeting.weFollow = weFollow;
    meet(meeting, room, { vector: room.vector(), follow: theyFollow });
    meeting.onNew([say(room, ALICE, "new"), say(room, BOB, "newer")]);
    assertEquals(sent(meeting), isPassedOn ? ["new", "newer"] : []);
    meet(meeting, room, { vector: new Map([[ALICE.id, 4], [BOB.id, 1]]), follow: theyFollow });
    assertEquals(sent(meeting), isPassedOn ? [] : ["new", "newer"]);
  }
});

Deno.test("Meeting passes on nothing that the peer told of itself", () => {
  const room = talk();
  const meeting = new Meeting();
  meet(meeting, room, { vector: room.vector(), follow: true });
  const his = say(room, BOB, "b2");
  meeting.onReceived(his);
  meeting.onNew([his, say(room, ALICE, "a5")]);
  assertEquals(sent(meeting), ["a5"]);
});

Deno.test("Meeting attaches a follower that has everything, and leaves what is new to the stream", () => {
  const room = talk();
  const meeting = attached(room);
  assertEquals(meeting.isAttached, true);
  meeting.onNew([say(room, ALICE, "a5")]);
  assertEquals(sent(meeting), []);
});

Deno.test("Meeting.attach throws unless the peer follows and has everything", () => {
  const room = talk();
  const apart = new Meeting();
  const notFollowing = new Meeting();
  meet(notFollowing, room, { vector: room.vector() });
  const behind = new Meeting();
  meet(behind, room, { follow: true });
  for (const meeting of [apart, notFollowing, behind]) {
    assertThrows(() => meeting.attach(), Error, "Only a follower that has everything");
    assertEquals(meeting.isAttached, false);
  }
});

Deno.test("Meeting detaches a peer that stops to follow, and later brings it what the stream did not", () => {
  const room = talk();
  const meeting = attached(room);
  const vector = room.vector();
  meeting.onNew([say(room, ALICE, "a5"), say(room, ALICE, "a6")]);
  meet(meeting, room, { vector: new Map(vector).set(ALICE.id, 5) });
  assertEquals([meeting.isAttached, meeting.theyFollow], [false, false]);
  assertEquals(sent(meeting), ["a6"]);
  meeting.onNew([say(room, ALICE, "a7")]);
  assertEquals(sent(meeting), []);
  meet(meeting, room, { vector: room.vector(), follow: true });
  meeting.attach();
  assertEquals(meeting.isAttached, true);
});

Deno.test("Meeting keeps a follower attached that says again how far it is", () => {
  const room = talk();
  const meeting = attached(room);
  meet(meeting, room, { vector: room.vector(), follow: true });
  assertEquals([meeting.isAttached, meeting.isBusy], [true, false]);
});

Deno.test("Meeting detaches a follower that asks for everything again, until it has that", () => {
  const room = talk();
  const meeting = attached(room);
  meeting.onNew([say(room, ALICE, "a5")]);
  meet(meeting, room, { vector: new Map([[ALICE.id, 4]]), follow: true, again: true });
  assertEquals(meeting.isAttached, false);
  assertThrows(() => meeting.attach(), Error, "Only a follower");
  meeting.onNew([say(room, ALICE, "a6")]);
  assertEquals(sent(meeting), ["join", "a5", "a6"]);
  meeting.attach();
  assertEquals(meeting.isAttached, true);
});

Deno.test("Meeting pages long logs", () => {
  const room = roomOf();
  for (let index = 0; index < 30; index++) say(room, ALICE, `${index} ${"x".repeat(2_000)}`);
  const meeting = new Meeting();
  meet(meeting, room);
  const pages: string[][] = [];
  while (meeting.isBusy) pages.push(meeting.nextPage().map(({ line }) => line));
  assertEquals(pages.map((page) => page.length), [10, 10, 10, 1]);
  assertEquals(pages.flat(), room.entries.map((entry) => entry.line));
});

Deno.test("Meeting.nextPage fits into a record, whatever the lines: the largest page, and the longest line on top", () => {
  assertEquals(PAGE_BYTES_MAX, 20_480);
  const filling = entryOf({ body: "" }).line.length;
  const nearlyFull = entryOf({ body: "\u4e00".repeat(Math.floor((PAGE_BYTES_MAX - 1 - filling) / 3)) });
  const short = Array.from(
    { length: 3 },
    (_, index) => entryOf({ number: index + 2, body: "\u4e00".repeat(2_150) }),
  );
  const longest = entryOf({ number: 9, body: "x".repeat(128 * 1024 - filling - 2) });
  for (const entries of [[nearlyFull, longest], [...short, longest]]) {
    const meeting = new Meeting();
    meeting.onMeet({ vector: NOTHING, follow: false, again: false }, () => entries);
    const lines = meeting.nextPage().map(({ line }) => line);
    assertEquals([lines.length, meeting.isBusy], [entries.length, false]);
    assert(encodeRecord({ type: "entries", room: longest.room, lines }).length > 148_000);
  }
});

type Step = "host writes" | "follower writes" | "to follower" | "to host" | "meet" | "meet again";
const step = fc.constantFrom<Step>(
  "host writes",
  "host writes",
  "follower writes",
  "to follower",
  "to follower",
  "to host",
  "to host",
  "meet",
  "meet again",
);

Deno.test("a host and its follower come to the same, without a gap, whatever is said and read in whatever order", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const pair = new Pair();
    for (const one of steps) pair.step(one);
    pair.step("meet");
    while (pair.isTalking) {
      pair.step("to follower");
      pair.step("to host");
    }
    assertEquals(pair.follower.room.entries, pair.host.room.entries);
    assert(pair.host.meeting.isAttached);
  }));
});

type Said = { readonly lines: readonly string[] } | { readonly vector: Vector; readonly again: boolean };

interface Side {
  readonly room: Replica;
  readonly meeting: Meeting;
  readonly person: Person;
  /** What it said and the other has not read. */
  readonly out: Said[];
}

/** A host and a follower as the node plays them: sessions in order, a disk that is always quick. */
class Pair {
  readonly host: Side;
  readonly follower: Side;

  constructor() {
    const room = roomOf(BOB, CAROL);
    this.host = { room, meeting: new Meeting(), person: ALICE, out: [] };
    this.follower = { room: copyOf(room), meeting: new Meeting(), person: BOB, out: [] };
    this.follower.meeting.weFollow = true;
  }

  get isTalking(): boolean {
    return this.host.out.length + this.follower.out.length > 0;
  }

  step(step: Step): void {
    const { host, follower } = this;
    switch (step) {
      case "host writes":
        return this.#held(host, [say(host.room, host.person)]);
      case "follower writes":
        return this.#held(follower, [say(follower.room, follower.person)]);
      case "to follower":
        return this.#read(follower, host.out.shift());
      case "to host":
        return this.#read(host, follower.out.shift());
      case "meet":
      case "meet again":
        follower.out.push({ vector: follower.room.vector(), again: step === "meet again" });
    }
  }

  #read(side: Side, said: Said | undefined): void {
    if (said === undefined) return;
    if ("lines" in said) return this.#onLines(side, said.lines);
    const isHost = side === this.host;
    meet(side.meeting, side.room, { vector: said.vector, follow: isHost, again: said.again });
    if (isHost) side.out.push({ vector: side.room.vector(), again: false });
    this.#pump(side);
  }

  #onLines(side: Side, lines: readonly string[]): void {
    const fresh: Entry[] = [];
    for (const line of lines) {
      const entry = read(line);
      const outcome = side.room.accept(entry);
      assert(outcome === "accepted" || outcome === "duplicate", outcome);
      side.meeting.onReceived(entry);
      if (outcome === "accepted") fresh.push(entry);
    }
    this.#held(side, fresh);
  }

  #held(side: Side, entries: readonly Entry[]): void {
    // The stream goes to all who are attached, the author too.
    if (side.meeting.isAttached && entries.length > 0) {
      side.out.push({ lines: entries.map(({ line }) => line) });
    }
    side.meeting.onNew(entries);
    this.#pump(side);
  }

  #pump(side: Side): void {
    while (side.meeting.isBusy) side.out.push({ lines: side.meeting.nextPage().map(({ line }) => line) });
    if (side.meeting.theyFollow && !side.meeting.isAttached) side.meeting.attach();
  }
}
