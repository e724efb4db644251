import { assertEquals } from "@std/assert";
import { CLOCK_JUMP_MAX, type Entry } from "../../src/room/entry.ts";
import { Feed, FEED_BYTES_MAX, FEED_ENTRIES_MAX, type Fit } from "../../src/room/feed.ts";
import { BOB, entryAfter, entryOf, founding } from "../fixtures/room/people.ts";

const FIRST = founding();
const JOIN = entryOf({ number: 1, prev: "", kind: "join", body: "" }, BOB);

Deno.test("Feed starts empty: a founder is in, anybody else is out", () => {
  for (const isFounder of [true, false]) {
    const feed = new Feed({ isFounder });
    assertEquals(feed.isIn, isFounder);
    assertEquals([feed.first, feed.last, feed.get(1), feed.countAfter(0, () => true)], [
      undefined,
      undefined,
      undefined,
      0,
    ]);
  }
});

Deno.test("Feed keeps entries by their numbers", () => {
  const [second, third] = chain(2);
  const feed = feedOf(FIRST, second, third);
  assertEquals([feed.first, feed.last], [FIRST, third]);
  assertEquals([feed.get(0), feed.get(1), feed.get(3), feed.get(4)], [undefined, FIRST, third, undefined]);
  assertEquals([0, 2, 3].map((number) => feed.countAfter(number, () => true)), [3, 1, 0]);
});

Deno.test("Feed tells what an entry is to it", () => {
  const [second, third, fourth] = chain(3);
  const feed = feedOf(FIRST, second);
  const cases: readonly (readonly [what: string, entry: Entry, fit: Fit])[] = [
    ["the next one", third, "next"],
    ["the last one again", second, "duplicate"],
    ["the first one again", FIRST, "duplicate"],
    ["one behind a missing one", fourth, "gap"],
    ["one far away", entryOf({ number: 9_007_199_254_740_991 }), "gap"],
    ["another one of the last number", entryAfter(FIRST, { body: "other" }), "fork"],
    ["another one of the first number", founding(undefined, "Cellar"), "fork"],
    ["one that follows another one than the last", entryAfter(second, { prev: FIRST.hash }), "fork"],
    ["the branch of a branch", entryAfter(entryAfter(FIRST, { body: "other" })), "fork"],
  ];
  for (const [what, entry, fit] of cases) assertEquals(feed.classify(entry), fit, what);
});

Deno.test("Feed lets the clock grow by 1 to 2^32 from entry to entry", () => {
  const feed = feedOf(FIRST, entryAfter(FIRST, { clock: 10 }));
  const last = feed.last ?? FIRST;
  const cases: readonly (readonly [clock: number, fit: Fit])[] = [
    [1, "refused"],
    [9, "refused"],
    [10, "refused"],
    [11, "next"],
    [4_294_967_306, "next"],
    [4_294_967_307, "refused"],
    [9_007_199_254_740_991, "refused"],
  ];
  assertEquals(CLOCK_JUMP_MAX, 4_294_967_296);
  for (const [clock, fit] of cases) assertEquals(feed.classify(entryAfter(last, { clock })), fit, `${clock}`);
});

Deno.test("Feed counts the first clock from 0", () => {
  const feed = new Feed({ isFounder: false });
  const join = { number: 1, prev: "", kind: "join" };
  assertEquals(feed.classify(entryOf({ ...join, clock: 4_294_967_296 }, BOB)), "next");
  assertEquals(feed.classify(entryOf({ ...join, clock: 4_294_967_297 }, BOB)), "refused");
});

/** Each row: how a feed began, whether its author is in, and the kinds that it may write next; the others are refused. */
const PERMITTED: readonly (readonly [entries: readonly Entry[], isIn: boolean, kinds: readonly string[]])[] =
  [
    [[FIRST], true, ["leave", "name", "text", "x-later"]],
    [fed(FIRST, "leave"), false, ["join"]],
    [fed(FIRST, "leave", "join"), true, ["leave", "name", "text", "x-later"]],
    [fed(FIRST, "text", "leave"), false, ["join"]],
    [[JOIN], true, ["leave", "name", "text", "x-later"]],
    [fed(JOIN, "name", "text"), true, ["leave", "name", "text", "x-later"]],
    [fed(JOIN, "leave"), false, ["join"]],
    [fed(JOIN, "leave", "join", "leave"), false, ["join"]],
  ];

Deno.test("Feed lets an author write what fits to being in or out", () => {
  for (const [entries, isIn, kinds] of PERMITTED) {
    const feed = feedOf(...entries);
    assertEquals(feed.isIn, isIn);
    for (const kind of ["join", "leave", "name", "text", "x-later"]) {
      const entry = entryAfter(feed.last ?? FIRST, { kind });
      const what = `${entries.map((one) => one.kind)} then ${kind}`;
      assertEquals(feed.classify(entry), kinds.includes(kind) ? "next" : "refused", what);
    }
  }
});

Deno.test("Feed begins with a join, and for a founder with anything but that", () => {
  const firsts: readonly (readonly [entry: Entry, ofGuest: Fit, ofFounder: Fit])[] = [
    [JOIN, "next", "refused"],
    [FIRST, "refused", "next"],
    [entryOf({ number: 1, prev: "", kind: "text" }), "refused", "next"],
    [entryOf({ number: 1, prev: "", kind: "leave" }), "refused", "next"],
    [entryOf({ number: 2 }), "gap", "gap"],
  ];
  for (const [entry, ofGuest, ofFounder] of firsts) {
    assertEquals(new Feed({ isFounder: false }).classify(entry), ofGuest, entry.kind);
    assertEquals(new Feed({ isFounder: true }).classify(entry), ofFounder, entry.kind);
  }
});

Deno.test("Feed.drop takes the newest back, and with it what it said of the author", () => {
  const [left, returned] = fed(JOIN, "leave", "join").slice(1);
  const feed = feedOf(JOIN, ...[left, returned].filter((entry) => entry !== undefined));
  feed.removeLast();
  assertEquals([feed.last, feed.isIn], [left, false]);
  feed.removeLast();
  assertEquals([feed.last, feed.isIn], [JOIN, true]);
  feed.removeLast();
  assertEquals([feed.last, feed.isIn], [undefined, false]);
  feed.removeLast();
  assertEquals([feed.last, feed.isIn], [undefined, false]);
  assertEquals(feed.classify(JOIN), "next");
});

Deno.test("Feed.drop leaves a founder in", () => {
  const feed = feedOf(...fed(FIRST, "leave"));
  feed.removeLast();
  feed.removeLast();
  assertEquals([feed.last, feed.isIn], [undefined, true]);
});

/** Alice's entries behind FIRST. */
function chain(count: 2): [Entry, Entry];
function chain(count: 3): [Entry, Entry, Entry];
function chain(count: number): Entry[] {
  return fed(FIRST, ...Array.from({ length: count }, () => "text")).slice(1);
}

/** That entry and others of these kinds behind it. */
function fed(first: Entry, ...kinds: readonly string[]): Entry[] {
  const who = first.author === BOB.id ? BOB : undefined;
  const entries = [first];
  for (const kind of kinds) entries.push(entryAfter(entries.at(-1) ?? first, { kind }, who));
  return entries;
}

function feedOf(...entries: readonly Entry[]): Feed {
  const feed = new Feed({ isFounder: entries[0]?.kind === "room" });
  for (const entry of entries) feed.add(entry);
  return feed;
}

Deno.test("Feed ends after 262,144 entries: only a leave comes behind, and nothing behind that", () => {
  const feed = new Feed({ isFounder: true });
  // Only the number and the line's length are looked at by what is tested here.
  for (let number = 1; number < FEED_ENTRIES_MAX; number++) feed.add({ ...FIRST, number });
  const last = entryOf({ number: FEED_ENTRIES_MAX, prev: FIRST.hash });
  assertEquals([feed.isFull, feed.classify({ ...last, clock: 2 })], [false, "next"]);
  feed.add(last);
  assertEquals(feed.isFull, true);
  assertEndsBehind(feed, last);
});

Deno.test("Feed ends where its lines have 128 MiB, and goes on when the last could not be kept", () => {
  const feed = feedOf(FIRST);
  const second = entryAfter(FIRST);
  feed.add({ ...second, sizeBytes: FEED_BYTES_MAX - FIRST.sizeBytes });
  assertEquals(feed.isFull, true);
  feed.removeLast();
  assertEquals([feed.isFull, feed.classify(second)], [false, "next"]);
  feed.add({ ...second, sizeBytes: FEED_BYTES_MAX - FIRST.sizeBytes });
  assertEndsBehind(feed, second);
});

function assertEndsBehind(feed: Feed, last: Entry): void {
  const leave = entryAfter(last, { kind: "leave" });
  const cases: readonly (readonly [what: string, entry: Entry, fit: Fit])[] = [
    ["the last one again", last, "duplicate"],
    ["a message", entryAfter(last), "full"],
    ["a name", entryAfter(last, { kind: "name" }), "full"],
    ["one behind a missing one", entryAfter(entryAfter(last)), "full"],
    ["a leave", leave, "next"],
  ];
  for (const [what, entry, fit] of cases) assertEquals(feed.classify(entry), fit, what);
  feed.add(leave);
  assertEquals([feed.isIn, feed.classify(entryAfter(leave, { kind: "join" }))], [false, "full"]);
}

Deno.test("Feed knows again who is in when the newest entry could not be kept", () => {
  const feed = feedOf(FIRST);
  for (const kind of ["leave", "join", "text"]) {
    const before = feed.isIn;
    feed.add(entryAfter(feed.last ?? FIRST, { kind }));
    feed.removeLast();
    assertEquals(feed.isIn, before, kind);
    feed.add(entryAfter(feed.last ?? FIRST, { kind }));
  }
  assertEquals([feed.isIn, feed.last?.number], [true, 4]);
});
