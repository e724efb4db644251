import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import type { Replies } from "../../../src/api/commands.ts";
import { atticOf, goHome } from "../../fixtures/node/shared_room.ts";
import { assertSays } from "../../fixtures/node/failing_commands.ts";

const linesOf = ({ rows }: Pick<Replies["search"], "rows">) =>
  rows.map(({ room, name, text }) => `${room} ${name}: ${text}`);

Deno.test("Reading finds messages in all conversations, whatever their case and width, oldest first", async () => {
  const { world, machines: [alice, bob] } = await atticOf(1, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const say = async (who: typeof alice, to: string, text: string) => {
    await who.run({ do: "send", to, text });
    await world.time.runFor(1_000);
  };
  await say(alice, "#Attic", "Pancakes at three");
  await say(bob, "alice", "more PANCAKES");
  await say(alice, "#Attic", "tea");
  await say(bob, "#Attic", "Ｐａｎｃａｋｅｓ,\nand\u202E jam");
  assertEquals(linesOf(await alice.run({ do: "search", text: "pancake" })), [
    "Attic alice: Pancakes at three",
    "Attic bob: Ｐａｎｃａｋｅｓ,\nand⟨202E⟩ jam",
  ]);
  // What a stranger said is not the user's conversation before it is accepted.
  await alice.run({ do: "accept", peer: "bob" });
  assertEquals(linesOf(await alice.run({ do: "search", text: "pancake" })), [
    "Attic alice: Pancakes at three",
    "bob bob: more PANCAKES",
    "Attic bob: Ｐａｎｃａｋｅｓ,\nand⟨202E⟩ jam",
  ]);
  const newest = await bob.run({ do: "search", text: "ＰＡＮ", last: 2 });
  assertEquals(newest.count, 3);
  assertEquals(linesOf(newest), ["alice bob: more PANCAKES", "Attic bob: Ｐａｎｃａｋｅｓ,\nand⟨202E⟩ jam"]);
  assertEquals(await alice.run({ do: "search", text: "pan", last: 0 }), { rows: [], count: 3 });
  assertEquals((await alice.run({ do: "search", text: "nothing of the kind" })).count, 0);
  // "alice joined" and such are no messages.
  assertEquals((await alice.run({ do: "search", text: "joined" })).count, 0);
  await goHome(world);
});

Deno.test("Reading leaves out what blocked peers said in logs and searches, and keeps it in exports", async () => {
  const { world, machines: [alice, bob, eve] } = await atticOf(2, ["alice", "bob", "eve"]);
  assert(alice !== undefined && bob !== undefined && eve !== undefined);
  await bob.run({ do: "send", to: "#Attic", text: "one" });
  await world.time.runFor(2_000);
  await eve.run({ do: "send", to: "#Attic", text: "one too many" });
  await world.time.runFor(2_000);
  const textsOf = async () =>
    (await alice.run({ do: "log", to: "#Attic" })).rows.filter(({ notice }) => !notice).map(({ text }) =>
      text
    );
  assertEquals(await textsOf(), ["one", "one too many"]);
  await alice.run({ do: "block", peer: "eve", isBlocked: true });
  assertEquals(await textsOf(), ["one"]);
  const { rows } = await alice.run({ do: "log", to: "#Attic" });
  assert(rows.every(({ name }) => name !== "eve"));
  assertEquals((await alice.run({ do: "log", to: "#Attic", last: 1 })).rows[0]?.text, "one");
  assertEquals((await alice.run({ do: "search", text: "one" })).count, 1);
  assertStringIncludes((await alice.run({ do: "export", to: "#Attic" })).text, "  eve: one too many\n");
  await alice.run({ do: "block", peer: "eve", isBlocked: false });
  assertEquals(await textsOf(), ["one", "one too many"]);
  await goHome(world);
});

Deno.test("Reading exports the same bytes at every member, in every format", async () => {
  const { world, machines: [alice, bob] } = await atticOf(3, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "send", to: "#Attic", text: "*hello*\x1b[2J" });
  await bob.run({ do: "send", to: "alice", text: "hi" });
  await world.time.runFor(2_000);
  await bob.run({ do: "nick", name: "robert" });
  await world.time.runFor(2_000);
  for (const [ofAlice, ofBob] of [["#Attic", "#Attic"], ["robert", "alice"]] as const) {
    const texts: string[] = [];
    for (const format of ["txt", "md", "json"] as const) {
      const ours = await alice.run({ do: "export", to: ofAlice, format });
      const theirs = await bob.run({ do: "export", to: ofBob, format });
      assertEquals(ours.text, theirs.text);
      texts.push(ours.text);
    }
    const [txt, md, json] = texts;
    assertNotEquals(txt, md);
    assertEquals((await alice.run({ do: "export", to: ofAlice })).text, txt);
    const { room, part, members, entries } = JSON.parse(json ?? "");
    assertEquals([part.count, part.total], [entries.length, entries.length]);
    assertEquals(members.length, 2);
    assertEquals(room.access, ofAlice === "#Attic" ? "open" : "direct");
  }
  await goHome(world);
});

Deno.test("Reading exports all that authors signed as JSON, with labels and texts that are safe", async () => {
  const { world, machines: [alice, bob] } = await atticOf(4, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.run({ do: "send", to: "#Attic", text: "a\x1b[2Jb" });
  await world.time.runFor(2_000);
  const { text, count } = await alice.run({ do: "export", to: "#Attic", format: "json" });
  const { room, members, entries } = JSON.parse(text);
  assertEquals(count, 3);
  assertEquals(room.title, "Attic");
  assertEquals(members.map(({ name, in: isIn }: { name: string; in: boolean }) => [name, isIn]), [
    ["alice", true],
    ["bob", true],
  ]);
  const { name, number, kind, text: shown, raw, time } = entries[2];
  assertEquals([name, number, kind, shown], ["bob", 2, "text", "a^[[2Jb"]);
  assertEquals([raw.name, raw.body, raw.wallMs], ["bob", "a\x1b[2Jb", Date.parse(time)]);
  await goHome(world);
});

Deno.test("Reading turns the pages of a conversation back, forth and to a line that was found, with the same rows as the whole", async () => {
  const { world, machines: [alice, bob] } = await atticOf(5, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  for (let number = 1; number <= 8; number++) {
    await (number % 2 === 0 ? bob : alice).run({ do: "send", to: "#Attic", text: `line ${number}` });
    await world.time.runFor(500);
    // A name that changes is a notice of its own, told from the entry before it.
    if (number === 4) await bob.run({ do: "nick", name: "robert" });
    await world.time.runFor(500);
  }
  const { rows, isStart, isEnd } = await alice.run({ do: "log", to: "#Attic", markRead: false });
  assertEquals([isStart, isEnd], [true, true]);
  const of = ({ author, number }: { author: typeof alice.node.id; number: number }) => ({ author, number });
  const back = [];
  let page = await alice.run({ do: "log", to: "#Attic", last: 3, markRead: false });
  for (;;) {
    back.unshift(...page.rows);
    const [oldest] = back;
    if (page.isStart || oldest === undefined) break;
    page = await alice.run({ do: "log", to: "#Attic", last: 3, before: of(oldest), markRead: false });
  }
  assertEquals(back, rows);
  const [hit] = (await alice.run({ do: "search", text: "line 5" })).rows;
  assert(hit !== undefined);
  const at = rows.findIndex(({ text }) => text === "line 5");
  const around = await alice.run({ do: "log", to: "#Attic", last: 4, around: of(hit) });
  assertEquals(around.rows, rows.slice(at - 2, at + 2));
  assertEquals([around.isStart, around.isEnd], [false, false]);
  // What is newer than the page was not on the screen.
  assertEquals((await alice.run({ do: "rooms" })).rooms[0]?.unread, 4);
  const after = await alice.run({ do: "log", to: "#Attic", after: of(hit) });
  assertEquals([after.rows, after.isEnd], [rows.slice(at + 1), true]);
  assertEquals((await alice.run({ do: "rooms" })).rooms[0]?.unread, 0);
  await assertSays(alice, [
    [
      { do: "log", to: "#Attic", before: { ...of(hit), number: 999 } },
      UsageError,
      "There is no such message in that conversation",
    ],
    [
      { do: "log", to: "#Attic", before: of(hit), around: of(hit) },
      UsageError,
      "Cannot combine before and around. Choose one",
    ],
  ]);
  await goHome(world);
});

Deno.test("Reading finds messages by full case folding, without accents and vowel points", async () => {
  const { world, machines: [alice] } = await atticOf(3, ["alice"]);
  assert(alice !== undefined);
  const texts = ["Straße", "İstanbul", "ΟΔΟΣ", "não", "שָׁלוֹם"];
  for (const text of texts) await alice.run({ do: "send", to: "#Attic", text });
  for (const [index, text] of ["STRASSE", "istanbul", "οδός", "NAO", "שלום"].entries()) {
    const { rows } = await alice.run({ do: "search", text });
    assertEquals(rows.map((row) => row.text), [texts[index] ?? ""]);
  }
  await goHome(world);
});

Deno.test("export --since and search --last go by the room's order: a clock that is a year off hides no answer", async () => {
  const { world, machines: [alice, bob] } = await atticOf(4, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const say = async (who: typeof alice, text: string) => {
    await who.run({ do: "send", to: "#Attic", text });
    await world.time.runFor(1_000);
  };
  for (const text of ["tea one", "tea two"]) await say(alice, text);
  await world.time.runFor(60_000);
  await say(alice, "tea or coffee?");
  await say(alice, "tea, anybody?");
  bob.jumpWall(-365 * 86_400_000);
  await say(bob, "tea, please");
  await say(alice, "tea it is");
  const { rows } = await alice.run({ do: "search", text: "tea", last: 4 });
  assertEquals(rows.map((row) => row.text), ["tea or coffee?", "tea, anybody?", "tea, please", "tea it is"]);
  const sinceMs = Date.parse(rows[0]?.time ?? "") - 1_000;
  const { text, count } = await alice.run({ do: "export", to: "#Attic", sinceMs });
  assertEquals(count, 4);
  assertStringIncludes(text, "  bob: tea, please\n");
  assertEquals(
    (await alice.run({ do: "export", to: "#Attic", untilMs: sinceMs })).text.includes("please"),
    false,
  );
  await goHome(world);
});

Deno.test("A room is found by its title without accents, unless another has just that title", async () => {
  const { world, machines: [alice] } = await atticOf(5, ["alice"]);
  assert(alice !== undefined);
  await alice.run({ do: "host", title: "Café Straße" });
  assertEquals((await alice.run({ do: "log", to: "#CAFE STRASSE" })).room.title, "Café Straße");
  await alice.run({ do: "host", title: "Cafe Strasse" });
  assertEquals((await alice.run({ do: "log", to: "#cafe strasse" })).room.title, "Cafe Strasse");
  await goHome(world);
});
