/** Getting to somebody by address, and ports that other programs have. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { lanTest } from "../fixtures/lan/lan_test_case.ts";
import { KITCHEN, meetInKitchen, occupy } from "../fixtures/lan/scenarios.ts";

lanTest("connect goes to an address and port, and keeps the peer as a contact", async (lab) => {
  const [here, there] = [await lab.host(), await lab.host()];
  // They cannot hear each other: each listens for beacons at a port of its own.
  const ada = await here.node("ada", "--discovery-port", "9101");
  const bob = await there.node("bob", "--discovery-port", "9202", "--port", "9350");
  assertEquals(await ada.peers(), []);
  await ada.does("connect", there.address, "9350");
  const contacts = await ada.contacts();
  assertEquals(
    contacts.map(({ id, name, address, port, contact }) => ({ id, name, address, port, contact })),
    [{ id: bob.id, name: "bob", address: there.address, port: 9350, contact: true }],
  );
  assertStringIncludes(await Deno.readTextFile(`${ada.home}/contacts.dat`), bob.id);
  await ada.says("bob", "by address");
  await bob.isAskedBy(ada, "by address");
});

lanTest("connect without a port takes 9999, and join takes an address", async (lab) => {
  const [here, there, yonder] = [await lab.host(), await lab.host(), await lab.host()];
  const ada = await here.node("ada", "--discovery-port", "9101");
  const bob = await there.node("bob", "--discovery-port", "9202");
  const cleo = await yonder.node("cleo", "--discovery-port", "9303");
  await ada.does("connect", there.address);
  await bob.does("host", "Kitchen");
  await ada.does("join", there.address);
  await cleo.does("join", `${there.address}:9999`);
  for (const node of [ada, bob, cleo]) await node.says(KITCHEN, `hello from ${node.name}`);
});

lanTest("connect says what is wrong where no earshot answers", async (lab) => {
  const [here, empty, deaf] = [await lab.host(), await lab.host(), await lab.host()];
  await occupy(deaf, "tcp");
  const ada = await here.node("ada");
  const cases: readonly [address: string, code: number, sentence: string][] = [
    [
      empty.address,
      1,
      "Cannot connect to 192.168.43.3 port 9999: the device is there, but earshot is not listening on that port",
    ],
    [deaf.address, 1, "Cannot connect to 192.168.43.4 port 9999: nobody answered within 5 seconds"],
    [
      "192.168.43.200",
      1,
      "Cannot connect to 192.168.43.200 port 9999: that address cannot be reached from this network",
    ],
    [here.address, 2, "Cannot connect to 192.168.43.2 port 9999: that is this earshot itself"],
  ];
  for (const [address, code, sentence] of cases) {
    assertEquals(await ada.command("connect", address), { code, out: "", err: `earshot: ${sentence}\n` });
  }
});

lanTest("a node takes the next TCP port where 9999 is taken, and is found and joined", async (lab) => {
  const [here, there] = [await lab.host(), await lab.host()];
  await occupy(here, "tcp");
  const [ada, bob] = await Promise.all([here.node("ada"), there.node("bob")]);
  assertEquals((await bob.meets(ada)).row.peer.port, 10_000);
  await meetInKitchen([ada, bob]);
  await bob.says(KITCHEN, "at another door");
});

lanTest("a node says that UDP port 9999 is taken, and is found all the same", async (lab) => {
  const [here, there] = [await lab.host(), await lab.host()];
  await occupy(here, "udp");
  const [ada, bob] = await Promise.all([here.node("ada"), there.node("bob")]);
  await bob.meets(ada);
  await ada.meets(bob);
  assertStringIncludes(
    (await ada.status()).outlook,
    "UDP port 9999 cannot be opened (taken): this device finds others, but others find it only when it asks.",
  );
  await meetInKitchen([ada, bob]);
  await ada.says(KITCHEN, "half deaf");
});

lanTest("a node that is to have a port that is taken refuses with a sentence", async (lab) => {
  const host = await lab.host();
  await occupy(host, "tcp");
  assertEquals(await host.earshot("node", "--home", `${lab.folder}/ada`, "--port", "9999"), {
    code: 1,
    out: "",
    err: "earshot: Cannot listen on port 9999: another program uses it. Choose another one with --port\n",
  });
});
