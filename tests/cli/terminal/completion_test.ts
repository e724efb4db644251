import { assertEquals } from "@std/assert";
import { completeInput, findCommonStart, type Names } from "../../../src/cli/terminal/completion.ts";
import { TabCycle } from "../../../src/cli/terminal/tab_cycle.ts";
import { SLASH_COMMANDS } from "../../../src/cli/commands/all_commands.ts";
import { memberRow, peerRow, roomRow } from "../../fixtures/cli/machine.ts";

const NAMES: Names = {
  slashes: SLASH_COMMANDS,
  peers: [peerRow(), peerRow({ name: "Barbara" }), peerRow({ name: "carol" })],
  members: [memberRow(), memberRow({ name: "alice", me: true })],
  rooms: [
    roomRow(),
    roomRow({ title: "Coffee corner", joined: false }),
    roomRow({ title: "bob", direct: true }),
  ],
  requests: ["dave"],
  files: ["photo one.jpg"],
};

const CASES: [before: string, from: number, words: string[], behind: string][] = [
  ["/pe", 0, ["/peers"], " "],
  ["/re", 0, ["/renew", "/requests", "/rescan"], " "],
  ["/msg b", 5, ["Barbara", "bob"], " "],
  ["/msg bob hello b", 15, ["bob"], " "],
  ["/join C", 6, ["#Coffee corner"], " "],
  ["/join #Coffee c", 6, ["#Coffee corner"], " "],
  ["/go ", 4, ["#Kitchen", "bob"], " "],
  ["/accept ", 8, ["dave"], " "],
  ["/help ver", 6, ["verify"], " "],
  ["/verify bob y", 12, ["yes"], " "],
  ["/peers x", 7, [], " "],
  ["bo", 0, ["bob"], ": "],
  ["hi bo", 3, ["bob"], " "],
  ["see #k", 4, ["#Kitchen"], " "],
  ["//b", 2, [], " "],
  ["al", 0, [], ": "],
  ["", 0, [], ""],
];
for (const [before, from, words, behind] of CASES) {
  Deno.test(`completeInput knows what ${JSON.stringify(before)} could become`, () => {
    const completion = completeInput(before, NAMES);
    assertEquals(completion.words, words);
    if (words.length > 0) assertEquals([completion.from, completion.behind], [from, behind]);
  });
}

Deno.test("commonStart takes upper and lower case as the same", () => {
  assertEquals(findCommonStart(["Barbara", "bart", "BAR"]), "Bar");
  assertEquals(findCommonStart(["a", "b"]), "");
  assertEquals(findCommonStart(["ab"]), "ab");
  assertEquals(findCommonStart([]), "");
});

Deno.test("TabCycle completes in the middle of a line, and keeps what is behind the cursor", () => {
  assertEquals(new TabCycle().next({ text: "/msg ca hello", cursor: 7 }, NAMES, false), {
    text: "/msg carol hello",
    cursor: 11,
    words: ["carol"],
  });
});

Deno.test("TabCycle goes through all candidates and round again, and begins anew after another key", () => {
  const it = new TabCycle();
  let line = { text: "/msg b", cursor: 6 };
  const press = () => (line = it.next(line, NAMES, false)).text;
  assertEquals([press(), press(), press()], ["/msg Barbara", "/msg bob", "/msg Barbara"]);
  it.end();
  assertEquals(press(), "/msg Barbara ");
});
