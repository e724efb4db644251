/** Two and three people at terminals: from the first start to a talk, and several talks at once. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { terminalTest } from "../fixtures/terminal/people.ts";

terminalTest("two newcomers get from the first start to a talk by what their screens say", async (scene) => {
  const { terminal: ada } = await scene.chat("ada");
  await ada.shows(/^You are ada \(TCP port \d+\)\. Another name: \/nick NAME$/);
  await ada.shows(/^Nobody is here yet\./);
  const host = await ada.shows(/^ {2}\/host \w+ /);
  await ada.enter(/\/host \w+/.exec(host)?.[0] ?? "");
  await ada.endsWith(
    /^\d\d:\d\d {2}\* ada opened the room "Kitchen"$/,
    "[1:#Kitchen · nobody else is here]",
    ">",
  );

  const { terminal: bob } = await scene.chat("bob");
  const join = await bob.shows(/\/join Kitchen/);
  await bob.enter(/\/join Kitchen/.exec(join)?.[0] ?? "");
  await bob.endsWith(/^\d\d:\d\d {2}\* bob joined$/, "[1:#Kitchen · 2 here: ada]", ">");
  await ada.shows(/\* bob joined$/);
  await ada.endsWith("[1:#Kitchen · 2 here: bob]", ">");

  await bob.enter("hello, anybody?");
  await bob.endsWith(/bob: hello, anybody\?$/, "[1:#Kitchen · 2 here: ada · delivered to everyone]", ">");
  await ada.endsWith(/bob: hello, anybody\?$/, "[1:#Kitchen · 2 here: bob]", ">");
  await ada.enter("/quit");
  await ada.endsWith("sh>");
  await bob.shows(/^\[1:#Kitchen · nobody else is here/);
});

terminalTest(
  "three people talk: lines come while one types, others type, and several talks go on at once",
  async (scene) => {
    const [{ terminal: ada }, { terminal: bob }, { terminal: cleo }] = await Promise.all([
      scene.chat("ada"),
      scene.chat("bob"),
      scene.chat("cleo", { columns: 40, rows: 12 }),
    ]);
    await ada.enter("/host Kitchen");
    await ada.endsWith(/^\[1:#Kitchen/, ">");
    for (const other of [bob, cleo]) {
      await other.shows(/#Kitchen is open/);
      await other.enter("/join Kitchen");
      await other.shows(/joined$/);
    }
    for (const each of [ada, bob, cleo]) await each.endsWith(/^\[1:#Kitchen · 3 here/, ">");

    await ada.type("half a li");
    await bob.endsWith(/^\[1:#Kitchen · 3 here: .* · ada is typing…\]$/, ">");
    await cleo.enter("日本語 and 👍🏽");
    await ada.endsWith(/cleo: 日本語 and 👍🏽?$/, /^\[1:#Kitchen · 3 here/, "> half a li");
    assertEquals((await ada.cursor()).column, 11);
    await ada.enter("ne");
    for (const each of [ada, bob, cleo]) await each.shows(/ada: half a line$/);

    // The first line of somebody whom one never answered waits.
    await bob.enter("/msg ada just you");
    await bob.shows(/\[ada\] bob: just you$/);
    await ada.shows(/^\* bob \(\w{4}…\) wants to talk to you: "just you"$/);
    await ada.endsWith(/^\[1:#Kitchen · 3 here: .* · 1 request · delivered to everyone\]$/, ">");
    await ada.type("/acc");
    await ada.press("Tab", "Tab");
    await ada.endsWith("> /accept bob");
    await ada.press("Enter");
    await ada.endsWith(/bob: just you$/, "[2:bob · here]", ">");

    await ada.type("a draft for bob");
    await ada.press("M-1");
    await ada.endsWith(/^\[1:#Kitchen · 3 here/, ">");
    await bob.press("M-2");
    await bob.enter("news");
    await ada.shows(/^\* bob wrote to you \(2:bob\)\. To go there: Alt\+2 or \/go 2$/);
    await ada.endsWith(/ · unread 2:bob 1/, ">");
    await ada.press("M-a");
    await ada.endsWith("--- unread from here ---", /bob: news$/, "[2:bob · here]", "> a draft for bob");
    const told = (await cleo.scrollback()).join("\n");
    assertEquals(told.includes("just you"), false);
    assertStringIncludes(told, "half a line");
  },
);
