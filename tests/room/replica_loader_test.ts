import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { deriveDirectRoom } from "../../src/room/access.ts";
import { encodeBase64Url } from "../../src/encoding/base64url.ts";
import type { Crypto } from "../../src/ports/crypto.ts";
import type { Entry } from "../../src/room/entry.ts";
import { loadReplica, type ReloadReport } from "../../src/room/replica_loader.ts";
import { Replica } from "../../src/room/replica.ts";
import {
  ALICE,
  BOB,
  bodies,
  CAROL,
  CRYPTO,
  DAVE,
  emptyCopy,
  entryAfter,
  entryOf,
  founding,
  lineOf,
  read,
  roomOf,
  say,
  write,
} from "../fixtures/room/people.ts";

/** Alice: room a2 a3 a4; Bob: join b2 b3. In order: room, join, b2, a2, b3, a3, a4. */
function talk(): Replica {
  const room = roomOf(BOB);
  say(room, BOB, "b2");
  say(room, ALICE, "a2");
  say(room, BOB, "b3");
  say(room, ALICE, "a3");
  say(room, ALICE, "a4");
  return room;
}

const LINES = talk().entries.map((entry) => entry.line);
const WHOLE = talk();
type Damage = Omit<ReloadReport, "orphans">;
const GOOD: Damage = { unreadable: [], distrustedCount: 0 };

function reloaded(lines: readonly string[]): { room: Replica; report: Damage } {
  const room = emptyCopy(WHOLE.id);
  return { report: damageOf(loadReplica(room, lines, CRYPTO)), room };
}

function damageOf({ unreadable, distrustedCount }: ReloadReport): Damage {
  return { unreadable, distrustedCount };
}

Deno.test("reload fills a replica from its log", () => {
  const { room, report } = reloaded(LINES);
  assertEquals(report, GOOD);
  assertEquals(room.entries, WHOLE.entries);
  assertEquals([room.info, room.members(), room.vector()], [WHOLE.info, WHOLE.members(), WHOLE.vector()]);
  assertEquals(reloaded([]), { room: emptyCopy(WHOLE.id), report: GOOD });
});

Deno.test("reload takes lines in any order, and the same line many times", () => {
  const order = fc.shuffledSubarray([...LINES, ...LINES], { minLength: 14, maxLength: 14 });
  fc.assert(fc.property(order, (lines) => {
    const { room, report } = reloaded(lines);
    assertEquals(report, GOOD);
    assertEquals(room.entries, WHOLE.entries);
  }));
});

Deno.test("reload tells the numbers of lines that are no entries, and takes all others", () => {
  const later = lineOf(`[2,"${WHOLE.id}","of a later version"]`);
  const foreign = founding(DAVE).line;
  const half = (LINES[6] ?? "").slice(0, 90);
  const { room, report } = reloaded([
    "",
    ...LINES.slice(0, 3),
    later,
    ...LINES.slice(3),
    foreign,
    "x\0",
    half,
  ]);
  assertEquals(report, { unreadable: [1, 5, 10, 11, 12], distrustedCount: 0 });
  assertEquals(room.entries, WHOLE.entries);
});

/** Each row: a line of LINES, what stands there instead, what is left, and how many are not trusted. */
const CHANGED: readonly (readonly [what: string, at: number, line: string, left: string[], count: number])[] =
  [
    ["a last line of a feed, its text", 6, edited(6, "a4", "A4"), ["join", "b2", "a2", "b3", "a3"], 1],
    ["a last line of a feed, its signature", 6, resigned(6), ["join", "b2", "a2", "b3", "a3"], 1],
    ["a line in the middle, its text", 3, edited(3, "a2", "A2"), ["join", "b2", "b3"], 3],
    ["a line in the middle, its signature", 3, resigned(3), ["join", "b2", "b3"], 3],
    ["a join", 1, edited(1, '"bob"', '"rob"'), ["a2", "a3", "a4"], 3],
    ["a line in the middle, damaged", 3, "\0\0\0\0", ["join", "b2", "b3"], 2],
  ];

Deno.test("reload trusts nothing behind a line that was changed, and nothing of the line itself", () => {
  for (const [what, at, line, left, distrustedCount] of CHANGED) {
    const { room, report } = reloaded(LINES.with(at, line));
    assertEquals(bodies(room).slice(1), left, what);
    assertEquals(report, { unreadable: line.startsWith("{") ? [] : [at + 1], distrustedCount }, what);
  }
});

Deno.test("reload gives the lines behind a gap that their author signed, for when the gap closes", () => {
  const orphansOf = (lines: readonly string[]) =>
    loadReplica(emptyCopy(WHOLE.id), lines, CRYPTO).orphans.map(({ body }) => body);
  assertEquals(orphansOf(LINES), []);
  assertEquals(orphansOf(LINES.with(3, "garbage")), ["a3", "a4"]);
  assertEquals(orphansOf(LINES.with(3, "garbage").with(5, resigned(5))), ["a4"]);
});

Deno.test("reload trusts nothing of a room whose first entry was changed", () => {
  const { room, report } = reloaded([edited(0, "Attic", "Cellar"), ...LINES.slice(1)]);
  assertEquals([room.entries, room.info], [[], undefined]);
  assertEquals(report, { unreadable: [1], distrustedCount: 6 });
});

Deno.test("reload puts a line that was fetched again in the place of the changed one", () => {
  for (const changed of [edited(3, "a2", "A2"), resigned(3), resigned(6), edited(6, "a4", "A4")]) {
    const { room, report } = reloaded([changed, ...LINES]);
    assertEquals(room.entries, WHOLE.entries);
    assertEquals(report, { unreadable: [], distrustedCount: 1 });
    assertEquals(room.forks, new Map());
  }
});

Deno.test("reload trusts no tail that was written anew by somebody without the key", () => {
  const second = WHOLE.get(ALICE.id, 2);
  assert(second !== undefined);
  const forged = chainBy(second, ["f3", "f4", "f5"], lineBy(BOB));
  const { room, report } = reloaded([...LINES.slice(0, 5), ...forged.map((entry) => entry.line)]);
  assertEquals(bodies(room).slice(1), ["join", "b2", "a2", "b3"]);
  assertEquals(report, { unreadable: [], distrustedCount: 3 });
});

Deno.test("reload trusts an unsigned tail only up to what is signed", () => {
  const second = WHOLE.get(ALICE.id, 2);
  assert(second !== undefined);
  const third = entryAfter(second, { body: "signed" });
  const forged = chainBy(third, ["f4"], lineBy(BOB));
  const { room, report } = reloaded([...LINES.slice(0, 5), third.line, ...forged.map((entry) => entry.line)]);
  assertEquals(bodies(room).slice(1), ["join", "b2", "a2", "b3", "signed"]);
  assertEquals(report, { unreadable: [], distrustedCount: 1 });
});

Deno.test("reload marks the author of two branches, and keeps one of them", () => {
  const [second, third] = [WHOLE.get(ALICE.id, 2), WHOLE.get(ALICE.id, 3)];
  assert(second !== undefined && third !== undefined);
  const other = entryAfter(second, { body: "other" });
  const { room, report } = reloaded([...LINES, other.line]);
  assertEquals(room.entries, WHOLE.entries);
  assertEquals([[...room.forks.keys()], report], [[ALICE.id], GOOD]);
  const turned = reloaded([...LINES.slice(0, 5), other.line, third.line]);
  assertEquals(bodies(turned.room).slice(1), ["join", "b2", "a2", "b3", "other"]);
  assertEquals([[...turned.room.forks.keys()], turned.report], [[ALICE.id], GOOD]);
});

Deno.test("reload does not count a fork that the author did not sign", () => {
  const { room, report } = reloaded([...LINES, edited(3, "a2", "A2")]);
  assertEquals([room.forks, report], [new Map(), { unreadable: [], distrustedCount: 1 }]);
  assertEquals(room.entries, WHOLE.entries);
});

Deno.test("reload counts what is signed and breaks a rule, with all that follows it", () => {
  const [last] = WHOLE.entries.slice(-1);
  assert(last !== undefined);
  const back = entryAfter(last, { clock: 1 });
  const stranger = entryOf({ number: 1, prev: "", kind: "text" }, CAROL);
  const { room, report } = reloaded([...LINES, back.line, entryAfter(back).line, stranger.line]);
  assertEquals(room.entries, WHOLE.entries);
  assertEquals(report, { unreadable: [], distrustedCount: 3 });
});

Deno.test("reload takes a feed of any length, for the check of one signature", () => {
  const { lines, room } = longLog(130_000);
  let checks = 0;
  const counting: Crypto = {
    ...CRYPTO,
    verify: (...given) => {
      checks++;
      return CRYPTO.verify(...given);
    },
  };
  assertEquals(damageOf(loadReplica(room, lines, counting)), GOOD);
  assertEquals([room.entries.length, checks], [130_000, 1]);
});

Deno.test("reload of a conversation of two takes no line of a third", () => {
  const info = deriveDirectRoom(ALICE.id, BOB.id, CRYPTO);
  const talked = new Replica(info, CRYPTO);
  say(talked, ALICE, "a1");
  say(talked, BOB, "b1");
  const third = entryOf({ room: info.id, number: 1, prev: "", kind: "text", clock: 1 }, CAROL);
  const room = new Replica(info, CRYPTO);
  const report = loadReplica(room, [third.line, ...talked.entries.map((entry) => entry.line)], CRYPTO);
  assertEquals(room.entries, talked.entries);
  assertEquals(damageOf(report), { unreadable: [], distrustedCount: 1 });
});

Deno.test("reload gives back what left and came again", () => {
  const room = roomOf(BOB);
  for (const kind of ["leave", "join", "leave"]) write(room, BOB, kind);
  const copy = emptyCopy(room.id);
  assertEquals(
    damageOf(loadReplica(copy, room.entries.map((entry) => entry.line).toReversed(), CRYPTO)),
    GOOD,
  );
  assertEquals([copy.entries, copy.isIn(BOB.id)], [room.entries, false]);
});

Deno.test("whatever reload trusts, any other replica accepts: nothing in it is unsigned", () => {
  const damage = fc.record({
    line: fc.nat(LINES.length - 1),
    at: fc.nat(400),
    put: fc.constantFrom("a", "2", "_"),
  });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
      let lines = LINES;
      for (const { line, at, put } of damages) {
        const text = lines[line] ?? "";
        lines = lines.with(line, text.slice(0, at) + put + text.slice(at + 1));
      }
      const { room } = reloaded(lines);
      const other = emptyCopy(room.id);
      for (const entry of room.entries) assertEquals(other.accept(read(entry.line)), "accepted", entry.line);
      for (const entry of room.entries) assert(LINES.includes(entry.line));
    }),
    { numRuns: 500 },
  );
});

/** A log of one author, of which only the ends are signed: to sign it all would take a minute. */
function longLog(count: number): { lines: string[]; room: Replica } {
  const first = founding();
  const lines = [first.line];
  let prev = first.hash;
  for (let number = 2; number <= count; number++) {
    const signed = JSON.stringify([1, first.room, ALICE.id, number, prev, number, 0, "text", "alice", "x"]);
    const line = number === count ? lineOf(signed) : `{"e":${signed},"s":"${"A".repeat(86)}"}`;
    prev = encodeBase64Url(CRYPTO.sha256(new TextEncoder().encode(line)).subarray(0, 16));
    lines.push(line);
  }
  return { lines, room: emptyCopy(first.room) };
}

/** That line with another text in it, and its old signature. */
function edited(at: number, before: string, after: string): string {
  const line = LINES[at] ?? "";
  assert(line.includes(before));
  return line.replace(before, after);
}

/** That line with one character of its signature changed. */
function resigned(at: number): string {
  const line = LINES[at] ?? "";
  const place = line.length - 30;
  return line.slice(0, place) + (line[place] === "A" ? "B" : "A") + line.slice(place + 1);
}

/** Makes a line of Alice's that is signed with another key. */
function lineBy(other: typeof BOB): (entry: Entry) => Entry {
  return (entry) => read(lineOf(entry.line.slice('{"e":'.length, entry.line.indexOf(',"s":"')), other));
}

/** A chain of Alice's entries behind that one, each passed through `forge`. */
function chainBy(from: Entry, texts: readonly string[], forge: (entry: Entry) => Entry): Entry[] {
  const chain: Entry[] = [];
  for (const body of texts) chain.push(forge(entryAfter(chain.at(-1) ?? from, { body })));
  return chain;
}
