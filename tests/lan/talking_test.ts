/** Three devices on one hotspot, from nothing to the same export. */

import { assertEquals, assertMatch } from "@std/assert";
import { lanTest } from "../fixtures/lan/lan_test_case.ts";
import { agree, exportsOf, KITCHEN, meetInKitchen, trio, trioInKitchen } from "../fixtures/lan/scenarios.ts";

lanTest("three hosts with nothing configured find and list each other", async (lab) => {
  const all = await trio(lab);
  for (const node of all) {
    const others = all.filter((other) => other !== node);
    for (const other of others) await node.meets(other);
    const rows = (await node.peers()).map(({ name, address, port, here }) => ({ name, address, port, here }));
    assertEquals(
      rows.toSorted((left, right) => left.name.localeCompare(right.name)),
      others.map(({ name, host }) => ({ name, address: host.address, port: 9999, here: true })),
    );
  }
});

lanTest("what three say in a room is on every disk, and all export the same bytes", async (lab) => {
  const all = await trioInKitchen(lab);
  for (const node of all) await node.says(KITCHEN, `hello from ${node.name}`);
  await Promise.all(all.map((node) => node.says(KITCHEN, `${node.name} at once`)));
  const texts = await agree(all, ["ada at once", "bob at once", "cleo at once"]);
  assertEquals(texts.slice(0, 3), ["hello from ada", "hello from bob", "hello from cleo"]);
  assertEquals(texts.length, 6);
  const [text = "", ...others] = await exportsOf(all);
  assertEquals(others, []);
  assertMatch(text, /^# Kitchen\n/);
  assertMatch(text, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}ada: hello from ada$/m);
  assertMatch(text, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\* cleo joined$/m);
});

lanTest("a late joiner gets all that was said before", async (lab) => {
  const [ada, bob, cleo] = await trio(lab);
  await meetInKitchen([ada, bob]);
  await ada.says(KITCHEN, "before cleo came");
  await bob.says(KITCHEN, "so was this");
  await cleo.joins("Kitchen");
  await cleo.says(KITCHEN, "what did I miss");
  assertEquals(await agree([ada, bob, cleo], ["what did I miss"]), [
    "before cleo came",
    "so was this",
    "what did I miss",
  ]);
  assertEquals((await exportsOf([ada, bob, cleo])).length, 1);
});

lanTest("two talk in private, and the third sees nothing of it", async (lab) => {
  const [ada, bob, cleo] = await trioInKitchen(lab);
  await ada.says("bob", "only for you");
  await bob.says("ada", "I keep it");
  assertEquals((await ada.log("bob")).map((row) => row.text), ["only for you", "I keep it"]);
  assertEquals((await bob.log("ada")).map((row) => row.text), ["only for you", "I keep it"]);
  assertEquals(await agree([ada, bob, cleo], []), []);
  assertEquals((await cleo.rooms()).map((room) => room.title), ["Kitchen"]);
});

lanTest("commands without a running node start one for as long as they need it", async (lab) => {
  const [ada, bob, cleo] = await trioInKitchen(lab);
  await cleo.does("stop");
  await bob.does("stop");
  const here = (await bob.peers()).map((peer) => peer.name);
  assertEquals(here, ["ada"]);
  await bob.does("send", KITCHEN, "in passing", "--wait", "passed", "--timeout", "20");
  const waiting = ["--wait", "everywhere", "--timeout", "3", "--json"];
  const { code, out } = await bob.command("send", KITCHEN, "to all", ...waiting);
  assertEquals([code, /"state":"(\w+)"/.exec(out)?.[1]], [3, "passed"]);
  await cleo.start();
  assertEquals(await agree([ada, cleo], ["to all"]), ["in passing", "to all"]);
});
