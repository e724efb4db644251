/** connect and disconnect on running nodes: by address, by name wherever somebody is now, and their sentences. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError, WorldError } from "../../../src/errors.ts";
import { HOME, type SimMachine, type SimWorld } from "../../sim/world.ts";
import { goHome, hotspotOf } from "../../fixtures/node/shared_room.ts";
import { assertSays } from "../../fixtures/node/failing_commands.ts";

const HOUR_MS = 3_600_000;

/** Two nodes on one hotspot; they hear each other, and nobody has talked. */
async function pair(seed: number): Promise<{ world: SimWorld; alice: SimMachine; bob: SimMachine }> {
  const { world, machines: [alice, bob] } = hotspotOf(seed, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.start();
  await bob.start();
  await world.time.runFor(2_000);
  return { world, alice, bob };
}

function segmentOf(machine: SimMachine) {
  const segment = machine.host.attachments.find(({ address }) => address.startsWith("192.168.43."))?.segment;
  assert(segment !== undefined);
  return segment;
}

async function isConnected(machine: SimMachine): Promise<boolean> {
  return (await machine.run({ do: "peers" })).peers.some(({ connected }) => connected);
}

Deno.test("connect takes an address with its port in it or beside it, and says when they differ", async () => {
  const { world, alice, bob } = await pair(1);
  await alice.run({ do: "host", title: "Attic" });
  await world.time.runFor(1_000);
  for (const to of ["192.168.43.1", " 192.168.43.1:9999 "]) {
    const { peer, rooms } = await bob.run({ do: "connect", to });
    assertEquals([peer.name, peer.contact, peer.connected, rooms.map(({ title }) => title)], [
      "alice",
      true,
      true,
      ["Attic"],
    ]);
  }
  assertEquals((await bob.run({ do: "connect", to: "192.168.43.1", port: 9999 })).peer.name, "alice");
  assertEquals((await bob.run({ do: "connect", to: "192.168.43.1:9999", port: 9999 })).peer.name, "alice");
  await assertSays(bob, [
    [
      { do: "connect", to: "192.168.43.1:9998", port: 9999 },
      UsageError,
      "Two ports were given: 9998 and 9999. Choose one",
    ],
    [
      { do: "connect", to: "alice", port: 9999 },
      UsageError,
      'A port needs an address, such as 192.168.43.1 9999. earshot finds out where "alice" is',
    ],
    [
      { do: "connect", to: "[::1]:9998", port: 9997 },
      UsageError,
      "Two ports were given: 9998 and 9997. Choose one",
    ],
    [
      { do: "connect", to: "192.168.43.256" },
      UsageError,
      '"192.168.43.256" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
    ],
    [{ do: "connect", to: "alise" }, UsageError, 'Nobody here is called "alise". Did you mean "alice"?'],
  ]);
  await goHome(world);
});

Deno.test("connect by name reaches who is here, whether a session is open or not", async () => {
  const { world, alice, bob } = await pair(2);
  const { peer } = await alice.run({ do: "connect", to: "bob" });
  assertEquals([peer.id, peer.connected, peer.contact], [bob.node.id, true, true]);
  const startMs = world.time.nowMs;
  assertEquals((await alice.run({ do: "connect", to: "BOB" })).peer.id, bob.node.id);
  assert(world.time.nowMs - startMs < 100, "a session is open: nothing is dialled");
  await goHome(world);
});

Deno.test("connect by name finds a contact at the address where it is now", async () => {
  const { world, alice, bob } = await pair(3);
  await alice.run({ do: "save", peer: "bob", label: "Boss" });
  const segment = segmentOf(bob);
  await bob.stop();
  await world.time.runFor(HOUR_MS);
  bob.host.attach(segment, { address: "192.168.43.99" });
  // Somebody else has the old address.
  const eve = world.machine("eve", { segment, address: "192.168.43.11" });
  await eve.start();
  await bob.start();
  // While Alice's node has not heard of it yet, and after.
  for (const waitMs of [0, 5_000]) {
    await world.time.runFor(waitMs);
    const { peer } = await alice.run({ do: "connect", to: "Boss" });
    assertEquals([peer.id, peer.name, peer.address, peer.connected], [
      bob.node.id,
      "Boss",
      "192.168.43.99",
      true,
    ]);
  }
  await goHome(world);
});

Deno.test("connect by name says where somebody was last, and what is there now", async () => {
  const { world, alice, bob } = await pair(4);
  await alice.run({ do: "save", peer: "bob" });
  const segment = segmentOf(bob);
  bob.powerOff();
  await world.time.runFor(3 * HOUR_MS + 60_000);
  const found = "As soon as they are on this network, earshot finds them. " +
    "If you know their address: earshot connect ADDRESS";
  const gone = await assertRejects(() => alice.run({ do: "connect", to: "bob" }), WorldError);
  assertEquals(
    gone.message,
    `Cannot connect to bob: they were last at 192.168.43.11 port 9999 (3 hours ago), and nobody answers there. ${found}`,
  );
  bob.host.detach(segment);
  const eve = world.machine("eve", { segment, address: "192.168.43.11" });
  await eve.start();
  const other = await assertRejects(() => alice.run({ do: "connect", to: "bob" }), WorldError);
  assertEquals(
    other.message,
    `Cannot connect to bob: they were last at 192.168.43.11 port 9999 (3 hours ago), and somebody else is there now. ${found}`,
  );
  await alice.run({ do: "save", peer: "e".repeat(51) + "a", label: "dora" });
  const unknown = await assertRejects(() => alice.run({ do: "connect", to: "dora" }), WorldError);
  assertEquals(
    unknown.message,
    "Cannot connect to dora: nobody here knows their current address. If you know it: earshot connect ADDRESS",
  );
  await goHome(world);
});

Deno.test("connect to a place reaches whoever is there, who becomes a contact of that name", async () => {
  const { world, alice, bob } = await pair(5);
  await alice.run({
    do: "import",
    text: "192.168.43.11 9999 Bobby\n192.168.43.11 9999 Rob\n192.168.43.50 9999 Carol",
  });
  const path = `${HOME}/contacts.dat`;
  const labels = () =>
    new TextDecoder().decode(alice.disk.peek(path) ?? undefined).split("\n").slice(1, -1).map((line) =>
      line.split("\t")[0]
    );
  await assertSays(alice, [[
    { do: "send", to: "bobby", text: "hello" },
    UsageError,
    '"Bobby" is only a saved address so far (192.168.43.11 port 9999). ' +
    "Connect to it first: earshot connect Bobby",
  ]]);
  const { peer } = await alice.run({ do: "connect", to: "bobby" });
  assertEquals([peer.id, peer.name, peer.contact, peer.connected], [bob.node.id, "Bobby", true, true]);
  await world.time.runFor(500);
  // Bobby is Rob too: that name still leads there, and is not lost.
  assertEquals(labels(), ["Rob", "Carol", "Bobby"]);
  assertEquals((await alice.run({ do: "connect", to: "Rob" })).peer.name, "Bobby");
  assertEquals((await alice.run({ do: "contacts" })).places.map(({ name }) => name), ["Rob", "Carol"]);
  await alice.run({ do: "send", to: "Bobby", text: "hello" });
  await world.time.runFor(1_000);
  assertEquals((await bob.run({ do: "requests" })).requests.map(({ rows }) => rows.map(({ text }) => text)), [
    ["hello"],
  ]);
  const nobody = await assertRejects(() => alice.run({ do: "connect", to: "Carol" }), WorldError);
  assertEquals(
    nobody.message,
    "Cannot connect to 192.168.43.50 port 9999: that address cannot be reached from this network",
  );
  await goHome(world);
});

Deno.test("connect to a place's address gives its name and note to who is there", async () => {
  const { world, alice, bob } = await pair(6);
  const line = "Bobby\t-\t192.168.43.11\t9999\t-\t2025-01-02\t-\t-\tfrom work\n";
  alice.disk.put(`${HOME}/contacts.dat`, new TextEncoder().encode(line));
  assertEquals((await alice.run({ do: "contacts" })).places.length, 1);
  const { peer } = await alice.run({ do: "connect", to: "192.168.43.11" });
  assertEquals([peer.id, peer.name, peer.note], [bob.node.id, "Bobby", "from work"]);
  await world.time.runFor(500);
  const text = new TextDecoder().decode(alice.disk.peek(`${HOME}/contacts.dat`) ?? undefined);
  const columns = text.split("\n")[1]?.split("\t") ?? [];
  assertEquals([columns[0], columns[1], columns[5]], ["Bobby", bob.node.id, "2025-01-02T00:00:00Z"]);
  await goHome(world);
});

Deno.test("A place stays a place where its name is a contact's already", async () => {
  const { world, alice, bob } = await pair(9);
  const lines = `Bobby\t-\t192.168.43.11\t9999\nBobby\t${"e".repeat(51)}a\n`;
  alice.disk.put(`${HOME}/contacts.dat`, new TextEncoder().encode(lines));
  assertEquals((await alice.run({ do: "contacts" })).contacts.length, 1);
  const { peer } = await alice.run({ do: "connect", to: "192.168.43.11" });
  assertEquals([peer.id, peer.name], [bob.node.id, "bob"]);
  assertEquals((await alice.run({ do: "contacts" })).places.map(({ name }) => name), ["Bobby"]);
  await goHome(world);
});

Deno.test("disconnect ends the session, and none begins before the user asks for one, whoever dials", async () => {
  const { world, alice, bob } = await pair(7);
  await alice.run({ do: "host", title: "Attic" });
  await world.time.runFor(500);
  await bob.run({ do: "join", room: "Attic" });
  const { peer } = await alice.run({ do: "disconnect", peer: "bob" });
  assertEquals([peer.name, peer.connected, peer.here, peer.blocked], ["bob", false, true, false]);
  assertEquals((await alice.run({ do: "disconnect", peer: "bob" })).peer.connected, false);
  for (let second = 0; second < 60; second++) {
    assert(!await isConnected(alice), `second ${second}`);
    await world.time.runFor(1_000);
  }
  const refused = await assertRejects(() => bob.run({ do: "connect", to: "192.168.43.1" }), WorldError);
  assertEquals(
    refused.message,
    "Cannot connect to 192.168.43.1 port 9999: it ended the session at once; its user does not want one now",
  );
  assertEquals((await alice.run({ do: "connect", to: "bob" })).peer.connected, true);
  await alice.run({ do: "disconnect", peer: "bob" });
  assertEquals(
    (await alice.run({ do: "connect", to: "192.168.43.11" })).peer.connected,
    true,
    "by address too",
  );
  await alice.run({ do: "disconnect", peer: "bob" });
  await alice.stop();
  await alice.start();
  await world.time.runFor(5_000);
  assert(await isConnected(alice), "a new start knows nothing of it");
  await goHome(world);
});

Deno.test("disconnect holds although the user connects to somebody else meanwhile", async () => {
  const { world, machines } = hotspotOf(8, ["alice", "bob", "carol"]);
  const [alice, bob, carol] = machines;
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  for (const machine of machines) await machine.start();
  await world.time.runFor(2_000);
  await bob.run({ do: "connect", to: "192.168.43.1" });
  await alice.run({ do: "disconnect", peer: "bob" });
  const silent = carol.host.boot().tcp.listen({ address: "0.0.0.0", port: 7777 });
  const dialling = assertRejects(() => alice.run({ do: "connect", to: "192.168.43.12:7777" }), WorldError);
  await bob.run({ do: "connect", to: "alice" }).catch(() => {});
  await dialling;
  await world.time.runFor(1_000);
  assert(!await isConnected(alice));
  silent.close();
  await goHome(world);
});
