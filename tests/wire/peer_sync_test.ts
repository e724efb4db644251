import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Entry } from "../../src/room/entry.ts";
import type { PeerId } from "../../src/room/id.ts";
import type { Replica } from "../../src/room/replica.ts";
import type { Vector } from "../../src/room/version_vector.ts";
import { encodeRecord } from "../../src/wire/record.ts";
import { PAGE_BYTES_MAX, type Past, PeerSync } from "../../src/wire/peer_sync.ts";
import {
  ALICE,
  BOB,
  CAROL,
  copyOf,
  entryOf,
  type Person,
  read,
  roomOf,
  say,
} from "../fixtures/room/people.ts";

const NOTHING: Vector = new Map();

/** A room with Alice's and Bob's first entries, and three messages of Alice's. */
function talk(): Replica {
  const room = roomOf(BOB);
  for (const text of ["a2", "a3", "a4"]) say(room, ALICE, text);
  return room;
}

/** All of a room. */
function pastOf(room: Replica): Past {
  return {
    authors: () => room.authors(),
    has: (author) => room.lastNumber(author) > 0,
    get: (author, number) => room.get(author, number),
  };
}

function meet(
  peerSync: PeerSync,
  room: Replica,
  changes: Partial<Parameters<PeerSync["onMeet"]>[0]> = {},
): void {
  peerSync.onMeet(
    { vector: NOTHING, follow: false, again: false, ...changes },
    pastOf(room),
  );
}

/** What is sent until nothing waits, as far as it tells. */
function sent(peerSync: PeerSync): string[] {
  const lines: string[] = [];
  while (peerSync.isBusy) lines.push(...peerSync.nextPage().map(({ line }) => line));
  return lines.map((line) => {
    const { kind, body } = read(line);
    return kind === "text" ? String(body) : kind;
  });
}

/** A meeting that the peer attached to: it has everything and follows. */
function attached(room: Replica): PeerSync {
  const peerSync = new PeerSync();
  meet(peerSync, room, { follow: true });
  sent(peerSync);
  peerSync.attach();
  return peerSync;
}

Deno.test("Meeting starts apart: nothing is known of the peer, and nothing is sent", () => {
  const peerSync = new PeerSync();
  peerSync.weFollow = true;
  peerSync.onNew(talk().entries);
  assertEquals([peerSync.isMet, peerSync.theyFollow, peerSync.isAttached, peerSync.isBusy], [
    false,
    false,
    false,
    false,
  ]);
  assertEquals([peerSync.nextPage(), peerSync.peerVector], [[], NOTHING]);
});

Deno.test("Meeting queues what the peer lacks, in the order of the room", () => {
  const room = talk();
  const peerSync = new PeerSync();
  const vector = new Map([[ALICE.id, 2]]);
  meet(peerSync, room, { vector, follow: true });
  assertEquals([peerSync.isMet, peerSync.theyFollow, peerSync.peerVector, peerSync.isBusy], [
    true,
    true,
    vector,
    true,
  ]);
  assertEquals(sent(peerSync), ["join", "a3", "a4"]);
  assertEquals([peerSync.isBusy, peerSync.nextPage()], [false, []]);
});

Deno.test("Meeting sends what a vector lacks", () => {
  const room = roomOf(BOB);
  say(room, BOB, "b2");
  say(room, ALICE, "a2");
  say(room, BOB, "b3");
  const cases: readonly (readonly [vector: [Person, number][], lacking: string[]])[] = [
    [[], ["room", "join", "b2", "a2", "b3"]],
    [[[ALICE, 1]], ["join", "b2", "a2", "b3"]],
    [[[ALICE, 1], [BOB, 2]], ["a2", "b3"]],
    [[[ALICE, 2], [BOB, 3]], []],
    [[[ALICE, 99], [BOB, 2], [CAROL, 5]], ["b3"]], // It may be ahead of us, and know others.
  ];
  for (const [vector, lacking] of cases) {
    const peerSync = new PeerSync();
    meet(peerSync, room, { vector: new Map(vector.map(([{ id }, number]) => [id, number])) });
    assertEquals(sent(peerSync), lacking);
  }
});

Deno.test("Meeting looks at no more of a long past than the peer takes", () => {
  const first = entryOf();
  let looks = 0;
  const past = {
    authors: () => [ALICE.id, BOB.id],
    has: () => true,
    get: (author: PeerId, number: number) => {
      looks++;
      // Not signed, and not even lines: that would take a minute.
      return number > 200_000
        ? undefined
        : { ...first, line: "", author, number, clock: number, sizeBytes: 400 };
    },
  };
  const fixed = new Map<string, Entry>();
  const cached = {
    ...past,
    get: (author: PeerId, number: number) => {
      const key = `${author} ${number}`;
      const entry = fixed.get(key) ?? past.get(author, number);
      if (entry !== undefined) fixed.set(key, entry);
      return entry;
    },
  };
  const peerSync = new PeerSync();
  peerSync.onMeet({ vector: NOTHING, follow: true, again: false }, cached);
  assertEquals(looks, 2);
  const page = peerSync.nextPage();
  const perPage = Math.ceil(PAGE_BYTES_MAX / 400);
  assertEquals([page.length, looks], [perPage, perPage + 2]);
  peerSync.onMeet({ vector: NOTHING, follow: true, again: true }, cached);
  assertEquals(looks, perPage + 2);
});

Deno.test("Meeting forgets made-up authors of a vector when the next one comes", () => {
  const room = talk();
  const peerSync = new PeerSync();
  const madeUp = (seed: number) =>
    new Map(Array.from({ length: 3_000 }, (_, index) => [`${seed} ${index}` as PeerId, 1] as const));
  for (let seed = 0; seed < 5; seed++) meet(peerSync, room, { vector: madeUp(seed) });
  assert(peerSync.feedsCount <= 3_000 + 2, `${peerSync.feedsCount}`);
});

Deno.test("Meeting sends an entry once, however often the peer says the same", () => {
  const room = talk();
  const peerSync = new PeerSync();
  meet(peerSync, room);
  meet(peerSync, room);
  assertEquals(sent(peerSync), ["room", "join", "a2", "a3", "a4"]);
  meet(peerSync, room, { vector: new Map([[ALICE.id, 3]]) });
  meet(peerSync, room);
  assertEquals(sent(peerSync), []);
});

Deno.test("Meeting sends all that the peer lacks again when it asks for that, and not what waited as well", () => {
  const room = talk();
  for (const isSent of [true, false]) {
    const peerSync = new PeerSync();
    meet(peerSync, room);
    if (isSent) sent(peerSync);
    else peerSync.nextPage();
    meet(peerSync, room, { vector: new Map([[ALICE.id, 3], [BOB.id, 1]]), again: true });
    assertEquals(sent(peerSync), ["a4"]);
  }
});

Deno.test("Meeting does not send back what the peer sent", () => {
  const room = talk();
  const peerSync = new PeerSync();
  for (const entry of room.entries.slice(0, 3)) peerSync.onReceived(entry);
  const [first] = room.entries;
  assert(first !== undefined);
  peerSync.onReceived(first); // Once more, and late: it lowers nothing.
  meet(peerSync, room);
  assertEquals(sent(peerSync), ["a3", "a4"]);
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
    const peerSync = new PeerSync();
    peerSync.weFollow = weFollow;
    meet(peerSync, room, { vector: room.vector(), follow: theyFollow });
    peerSync.onNew([say(room, ALICE, "new"), say(room, BOB, "newer")]);
    assertEquals(sent(peerSync), isPassedOn ? ["new", "newer"] : []);
    meet(peerSync, room, { vector: new Map([[ALICE.id, 4], [BOB.id, 1]]), follow: theyFollow });
    assertEquals(sent(peerSync), isPassedOn ? [] : ["new", "newer"]);
  }
});

Deno.test("Meeting passes on nothing that the peer told of itself", () => {
  const room = talk();
  const peerSync = new PeerSync();
  meet(peerSync, room, { vector: room.vector(), follow: true });
  const his = say(room, BOB, "b2");
  peerSync.onReceived(his);
  peerSync.onNew([his, say(room, ALICE, "a5")]);
  assertEquals(sent(peerSync), ["a5"]);
});

Deno.test("Meeting attaches a follower that has everything, and leaves what is new to the stream", () => {
  const room = talk();
  const peerSync = attached(room);
  assertEquals(peerSync.isAttached, true);
  peerSync.onNew([say(room, ALICE, "a5")]);
  assertEquals(sent(peerSync), []);
});

Deno.test("Meeting.attach throws unless the peer follows and has everything", () => {
  const room = talk();
  const apart = new PeerSync();
  const notFollowing = new PeerSync();
  meet(notFollowing, room, { vector: room.vector() });
  const behind = new PeerSync();
  meet(behind, room, { follow: true });
  for (const peerSync of [apart, notFollowing, behind]) {
    assertThrows(() => peerSync.attach(), Error, "Only a follower that has everything");
    assertEquals(peerSync.isAttached, false);
  }
});

Deno.test("Meeting detaches a peer that stops to follow, and later brings it what the stream did not", () => {
  const room = talk();
  const peerSync = attached(room);
  const vector = room.vector();
  peerSync.onNew([say(room, ALICE, "a5"), say(room, ALICE, "a6")]);
  meet(peerSync, room, { vector: new Map(vector).set(ALICE.id, 5) });
  assertEquals([peerSync.isAttached, peerSync.theyFollow], [false, false]);
  assertEquals(sent(peerSync), ["a6"]);
  peerSync.onNew([say(room, ALICE, "a7")]);
  assertEquals(sent(peerSync), []);
  meet(peerSync, room, { vector: room.vector(), follow: true });
  peerSync.attach();
  assertEquals(peerSync.isAttached, true);
});

Deno.test("Meeting keeps a follower attached that says again how far it is", () => {
  const room = talk();
  const peerSync = attached(room);
  meet(peerSync, room, { vector: room.vector(), follow: true });
  assertEquals([peerSync.isAttached, peerSync.isBusy], [true, false]);
});

Deno.test("Meeting detaches a follower that asks for everything again, until it has that", () => {
  const room = talk();
  const peerSync = attached(room);
  peerSync.onNew([say(room, ALICE, "a5")]);
  meet(peerSync, room, { vector: new Map([[ALICE.id, 4]]), follow: true, again: true });
  assertEquals(peerSync.isAttached, false);
  assertThrows(() => peerSync.attach(), Error, "Only a follower");
  peerSync.onNew([say(room, ALICE, "a6")]);
  assertEquals(sent(peerSync), ["join", "a5", "a6"]);
  peerSync.attach();
  assertEquals(peerSync.isAttached, true);
});

Deno.test("Meeting pages long logs", () => {
  const room = roomOf();
  for (let index = 0; index < 30; index++) say(room, ALICE, `${index} ${"x".repeat(2_000)}`);
  const peerSync = new PeerSync();
  meet(peerSync, room);
  const pages: string[][] = [];
  while (peerSync.isBusy) pages.push(peerSync.nextPage().map(({ line }) => line));
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
  const longest = entryOf({ number: 3, body: "x".repeat(128 * 1024 - filling - 2) });
  const behind = entryOf({ number: 5, body: "x".repeat(128 * 1024 - filling - 2) });
  for (const entries of [[nearlyFull, longest], [...short, behind]]) {
    const peerSync = new PeerSync();
    const past = {
      authors: () => [ALICE.id],
      has: () => true,
      get: (_: unknown, number: number) => entries[number - 2],
    };
    peerSync.onMeet({ vector: new Map([[ALICE.id, 1]]), follow: false, again: false }, past);
    const lines = peerSync.nextPage().map(({ line }) => line);
    assertEquals([lines.length, peerSync.isBusy], [entries.length, false]);
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
    assert(pair.host.peerSync.isAttached);
  }));
});

type Said = { readonly lines: readonly string[] } | { readonly vector: Vector; readonly again: boolean };

interface Side {
  readonly room: Replica;
  readonly peerSync: PeerSync;
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
    this.host = { room, peerSync: new PeerSync(), person: ALICE, out: [] };
    this.follower = { room: copyOf(room), peerSync: new PeerSync(), person: BOB, out: [] };
    this.follower.peerSync.weFollow = true;
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
    meet(side.peerSync, side.room, { vector: said.vector, follow: isHost, again: said.again });
    if (isHost) side.out.push({ vector: side.room.vector(), again: false });
    this.#pump(side);
  }

  #onLines(side: Side, lines: readonly string[]): void {
    const fresh: Entry[] = [];
    for (const line of lines) {
      const entry = read(line);
      const outcome = side.room.accept(entry);
      assert(outcome === "accepted" || outcome === "duplicate", outcome);
      side.peerSync.onReceived(entry);
      if (outcome === "accepted") fresh.push(entry);
    }
    this.#held(side, fresh);
  }

  #held(side: Side, entries: readonly Entry[]): void {
    // The stream goes to all who are attached, the author too.
    if (side.peerSync.isAttached && entries.length > 0) {
      side.out.push({ lines: entries.map(({ line }) => line) });
    }
    side.peerSync.onNew(entries);
    this.#pump(side);
  }

  #pump(side: Side): void {
    while (side.peerSync.isBusy) side.out.push({ lines: side.peerSync.nextPage().map(({ line }) => line) });
    if (side.peerSync.theyFollow && !side.peerSync.isAttached) side.peerSync.attach();
  }
}
