import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { findHistoryPage } from "../../../src/node/views/history_page.ts";
import { compareEntries, type Entry } from "../../../src/room/entry.ts";
import type { PeerId } from "../../../src/room/id.ts";

/** Entries of which only place and author count: "a3" is the third of a. */
const entryOf = (name: string, clock: number) =>
  ({ author: name[0] as PeerId, number: Number(name.slice(1)), clock, hash: name }) as Entry;
const ENTRIES = ["a1", "b1", "a2", "a3", "b2", "c1", "a4"].map(entryOf);
const namesOf = (entries: readonly Entry[]) => entries.map(({ hash }) => hash).join(" ");

type Row = [side: "before" | "after" | "around" | null, of: string, last: number, expected: string];
const ROWS: Row[] = [
  [null, "", Infinity, "|a1 b1 a2 a3 b2 c1 a4|"],
  [null, "", 2, "…c1 a4|"],
  [null, "", 0, "…|"],
  ["before", "b2", Infinity, "|a1 b1 a2 a3…"],
  ["before", "b2", 2, "…a2 a3…"],
  ["before", "b2", 4, "|a1 b1 a2 a3…"],
  ["before", "a1", 3, "|…"],
  ["after", "b2", 1, "…c1…"],
  ["after", "b2", 2, "…c1 a4|"],
  ["after", "a4", 2, "…|"],
  ["around", "a3", 3, "…a2 a3 b2…"],
  ["around", "a3", 4, "…b1 a2 a3 b2…"],
  ["around", "a1", 4, "|a1 b1…"],
  ["around", "a4", 2, "…c1 a4|"],
  ["around", "a3", Infinity, "|a1 b1 a2 a3 b2 c1 a4|"],
];

for (const [side, of, last, expected] of ROWS) {
  Deno.test(`windowOf finds ${last} ${side ?? "newest"} ${of}: ${expected}`, () => {
    const entry = ENTRIES.find(({ hash }) => hash === of);
    const from = side === null || entry === undefined ? null : { side, entry };
    const { entries, isStart, isEnd } = findHistoryPage(ENTRIES, { last, from, isShown: () => true });
    assertEquals(`${isStart ? "|" : "…"}${namesOf(entries)}${isEnd ? "|" : "…"}`, expected);
  });
}

Deno.test("windowOf leaves out what is not shown, also where it would be the only rest", () => {
  const isShown = ({ author }: Entry) => author !== "a";
  const [a1, , , a3] = ENTRIES;
  assertEquals(a1 !== undefined && a3 !== undefined, true);
  const all = findHistoryPage(ENTRIES, { last: 3, from: null, isShown });
  assertEquals([namesOf(all.entries), all.isStart, all.isEnd], ["b1 b2 c1", true, true]);
  if (a3 === undefined) return;
  const older = findHistoryPage(ENTRIES, { last: 1, from: { side: "before", entry: a3 }, isShown });
  assertEquals([namesOf(older.entries), older.isStart, older.isEnd], ["b1", true, false]);
  const around = findHistoryPage(ENTRIES, { last: 2, from: { side: "around", entry: a3 }, isShown });
  assertEquals([namesOf(around.entries), around.isStart, around.isEnd], ["b1 b2", true, false]);
});

Deno.test("windowOf gives all of a room in pages, each entry once, whatever the page's size and who is hidden", () => {
  const rooms = fc.array(fc.record({ author: fc.constantFrom("a", "b", "c"), clock: fc.nat(20) }));
  fc.assert(fc.property(rooms, fc.integer({ min: 1, max: 7 }), (drafts, last) => {
    const entries = drafts.map(({ author, clock }, index) => entryOf(`${author}${index}`, clock))
      .sort(compareEntries);
    const isShown = ({ author }: Entry) => author !== "c";
    const wanted = namesOf(entries.filter(isShown));
    const back: Entry[] = [];
    let page = findHistoryPage(entries, { last, from: null, isShown });
    assertEquals(page.isEnd, true);
    back.unshift(...page.entries);
    while (!page.isStart) {
      const [entry] = back;
      if (entry === undefined) throw new Error("Nothing is shown, and yet there is more");
      page = findHistoryPage(entries, { last, from: { side: "before", entry }, isShown });
      back.unshift(...page.entries);
    }
    assertEquals(namesOf(back), wanted);
    const forth = [...page.entries];
    while (!page.isEnd) {
      const entry = forth.at(-1);
      if (entry === undefined) throw new Error("Nothing is shown, and yet there is more");
      page = findHistoryPage(entries, { last, from: { side: "after", entry }, isShown });
      forth.push(...page.entries);
    }
    assertEquals(namesOf(forth), wanted);
  }));
});
