/** Networks that are not as they should be. */

import { assertEquals } from "@std/assert";
import { lanTest } from "../fixtures/lan/lan_test_case.ts";
import { until } from "../fixtures/patience.ts";
import { agree, KITCHEN, meetInKitchen } from "../fixtures/lan/scenarios.ts";

/** A new network is noticed within so long; the rest is for a machine that is busy. */
const NOTICED_MS = 3_000;
const BUSY_MS = 1_000;

lanTest("a hotspot's owner, without a default route, is found and finds", async (lab) => {
  const owner = await lab.host({ isOwner: true });
  const [left, right] = [await lab.host(), await lab.host({ hasDefaultRoute: false })];
  const [ada, bob, cleo] = await Promise.all([owner.node("ada"), left.node("bob"), right.node("cleo")]);
  for (const node of [ada, bob, cleo]) {
    for (const other of [ada, bob, cleo]) if (other !== node) await node.meets(other);
  }
  await meetInKitchen([ada, bob, cleo]);
  await cleo.says(KITCHEN, "no route, no matter");
});

lanTest("client isolation is told by status and peers, instead of silence", async (lab) => {
  const [left, right] = [await lab.host(), await lab.host()];
  await left.isolate();
  await right.isolate();
  const [ada] = await Promise.all([left.node("ada"), right.node("bob")]);
  const { outlook, peers } = await until("status speaks of client isolation", async (tell) => {
    const status = await ada.status();
    tell(status);
    return status.outlook.includes("client isolation") ? status : null;
  });
  assertEquals(peers, 0);
  assertEquals(
    outlook,
    "Nobody has answered on wlan0 (192.168.43.2). If others run earshot on this network, the access point probably keeps " +
      "devices apart (client isolation), or a firewall drops UDP and TCP port 9999. Try a hotspot on one of your own devices.",
  );
  for (const command of ["status", "peers"]) {
    const said = (await ada.does(command)).replaceAll(/\s+/g, " ");
    assertEquals(said.includes("client isolation"), true, `${command} says: ${said}`);
  }
});

lanTest("with client isolation a room works through the gateway's device", async (lab) => {
  const owner = await lab.host({ isOwner: true });
  const [left, right] = [await lab.host(), await lab.host()];
  await left.isolate();
  await right.isolate();
  const all = await Promise.all([owner.node("ada"), left.node("bob"), right.node("cleo")]);
  await meetInKitchen(all);
  for (const node of all) await node.says(KITCHEN, `hello from ${node.name}`);
  assertEquals((await agree(all, [])).length, 3);
});

lanTest("a room goes on between two who are kept apart, by way of a third whom both reach", async (lab) => {
  const [left, right, between] = [await lab.host(), await lab.host(), await lab.host()];
  const all = await Promise.all([left.node("ada"), right.node("bob"), between.node("cleo")]);
  const [ada, bob, cleo] = all;
  await meetInKitchen(all);
  await left.isolate();
  await right.isolate();
  for (const node of all) await node.does("send", KITCHEN, `${node.name} is still here`);
  await agree(all, all.map(({ name }) => `${name} is still here`));
  const hosts = await Promise.all(all.map((node) => node.rooms()));
  assertEquals(hosts.map(([kitchen]) => kitchen?.host), ["ada", "cleo", "ada"]);
  assertEquals(await bob.exports(KITCHEN), await ada.exports(KITCHEN));
  assertEquals(await cleo.exports(KITCHEN), await ada.exports(KITCHEN));
});

lanTest("a network that comes up later is noticed within 3 s", async (lab) => {
  const [here, late] = [await lab.host(), await lab.host({ isAlone: true })];
  const [ada, bob] = await Promise.all([here.node("ada"), late.node("bob")]);
  assertEquals(
    (await bob.status()).outlook,
    "This device is not connected to any network. Join a Wi-Fi network or start a hotspot.",
  );
  await late.join();
  const fromMs = performance.now();
  const { atMs } = await bob.meets(ada);
  await ada.meets(bob);
  const tookMs = atMs - fromMs;
  assertEquals(tookMs < NOTICED_MS + BUSY_MS, true, `It took ${tookMs} ms`);
});

lanTest("two homes on one machine without any network find each other and chat", async (lab) => {
  const host = await lab.host({ isAlone: true });
  const [ada, bob] = await Promise.all([host.node("ada"), host.node("bob")]);
  await ada.meets(bob);
  await bob.meets(ada);
  await meetInKitchen([ada, bob]);
  await ada.says(KITCHEN, "nobody but us");
  await bob.says("ada", "indeed");
  assertEquals(await bob.exports(KITCHEN), await ada.exports(KITCHEN));
});
