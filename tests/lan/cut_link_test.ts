/** Links and processes that go and come back. */

import { assertEquals } from "@std/assert";
import { lanTest } from "../fixtures/lan/lan_test_case.ts";
import type { LanNode } from "../fixtures/lan/lan_node.ts";
import { agree, exportsOf, KITCHEN, trioInKitchen } from "../fixtures/lan/scenarios.ts";

/** Lines that each says while one of them is killed. */
const TALK_LINES = 12;

lanTest("what was said while a link was down flows when it is up again", async (lab) => {
  const [ada, bob, cleo] = await trioInKitchen(lab);
  await ada.says(KITCHEN, "all here");
  await cleo.host.cut();
  await ada.does("send", KITCHEN, "cleo is away");
  await cleo.does("send", KITCHEN, "I am alone");
  const { code, err } = await bob.command(
    "send",
    KITCHEN,
    "a pity",
    "--wait",
    "everywhere",
    "--timeout",
    "1",
  );
  assertEquals(code, 3, err);
  await cleo.host.mend();
  const texts = await agree([ada, bob, cleo], ["cleo is away", "I am alone", "a pity"]);
  assertEquals(texts.length, 4);
  assertEquals((await exportsOf([ada, bob, cleo])).length, 1);
});

lanTest("what was said while a member was silent flows when it is heard again", async (lab) => {
  const [ada, bob, cleo] = await trioInKitchen(lab);
  await ada.says(KITCHEN, "all here");
  const lost = [lostBy(ada, cleo), lostBy(cleo, ada)];
  await cleo.host.cutSilently();
  await cleo.does("send", KITCHEN, "does anybody hear me");
  await bob.does("send", KITCHEN, "cleo is away");
  await Promise.all(lost);
  await cleo.host.mendSilently();
  const texts = await agree([ada, bob, cleo], ["does anybody hear me", "cleo is away"]);
  assertEquals(texts.length, 3);
  assertEquals((await exportsOf([ada, bob, cleo])).length, 1);
});

lanTest("a host that falls silent is replaced, and comes back to its room", async (lab) => {
  const [ada, bob, cleo] = await trioInKitchen(lab);
  await ada.says(KITCHEN, "all here");
  await ada.host.cutSilently();
  await ada.does("send", KITCHEN, "does anybody hear me");
  await bob.does("send", KITCHEN, "ada is away", "--wait", "passed", "--timeout", "20");
  await cleo.does("send", KITCHEN, "we go on", "--wait", "passed", "--timeout", "20");
  await ada.host.mendSilently();
  await agree([ada, bob, cleo], ["does anybody hear me", "ada is away", "we go on"]);
  await ada.says(KITCHEN, "here again");
  assertEquals((await agree([ada, bob, cleo], ["here again"])).length, 5);
  assertEquals((await exportsOf([ada, bob, cleo])).length, 1);
});

lanTest("a member killed in mid-talk loses nothing and says nothing twice", async (lab) => {
  const [ada, bob, cleo] = await trioInKitchen(lab);
  const talk = Promise.all([ada, bob, cleo].map(talkOf));
  await ada.hears("bob 3");
  await bob.kill();
  // Bob goes on: where no node runs, each command is one.
  const kept = await talk;
  await bob.start();
  const texts = await agree([ada, bob, cleo], kept.flat());
  assertEquals(texts.length, new Set(texts).size, `Some came twice: ${texts.join()}`);
  assertEquals([kept[0]?.length, kept[2]?.length], [TALK_LINES, TALK_LINES]);
  assertEquals((await exportsOf([ada, bob, cleo])).length, 1);
});

lanTest("a host killed in mid-talk is replaced, and takes part again", async (lab) => {
  const [ada, bob, cleo] = await trioInKitchen(lab);
  const talk = Promise.all([bob, cleo].map(talkOf));
  await ada.hears("bob 3");
  await ada.kill();
  const kept = await talk;
  assertEquals(kept.map((texts) => texts.length), [TALK_LINES, TALK_LINES]);
  await agree([bob, cleo], kept.flat());
  await ada.start();
  await ada.says(KITCHEN, "what happened");
  const texts = await agree([ada, bob, cleo], ["what happened"]);
  assertEquals(texts.length, 2 * TALK_LINES + 1);
  assertEquals((await exportsOf([ada, bob, cleo])).length, 1);
});

/** Says one line after the other; those that were acknowledged. */
async function talkOf(node: LanNode): Promise<readonly string[]> {
  const kept: string[] = [];
  for (let number = 1; number <= TALK_LINES; number++) {
    const text = `${node.name} ${number}`;
    const { code } = await node.command("send", KITCHEN, text);
    if (code === 0) kept.push(text);
  }
  return kept;
}

/** Waits until a node tells, from now on, that it has lost its connection to another. */
async function lostBy(node: LanNode, other: LanNode): Promise<void> {
  const what = `${node.name} loses ${other.name}`;
  const isLost = { what, from: node.mark };
  await node.event("peer", ({ peer }) => peer.id === other.id && !peer.connected, isLost);
}
