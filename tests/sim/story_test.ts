/** The main story, played by whole nodes on a simulated hotspot. */

import { assert, assertEquals } from "@std/assert";
import { SimWorld } from "./world.ts";

function threeOnAHotspot(seed: number) {
  const world = new SimWorld(seed);
  const segment = world.hotspot();
  const alice = world.machine("alice", { segment, address: "192.168.43.1" });
  const bob = world.machine("bob", { segment, address: "192.168.43.20" });
  const carol = world.machine("carol", { segment, address: "192.168.43.30" });
  return { world, segment, alice, bob, carol };
}

Deno.test("three nodes on a hotspot find each other, talk in a room, and export the same lines", async () => {
  const { world, alice, bob, carol } = threeOnAHotspot(1);
  for (const machine of world.machines) await machine.start();
  const isFound = () =>
    world.machines.every((machine) => machine.events.filter((event) => event.event === "peer").length >= 2);
  assert(await world.time.runUntil(isFound, 2_000), "not found");
  await alice.run({ do: "host", title: "Attic" });
  await world.time.runFor(500);
  const joined = await bob.run({ do: "join", room: "Attic" });
  assertEquals(joined.room.title, "Attic");
  await carol.run({ do: "join", room: "#attic" });
  for (const machine of world.machines) {
    const sent = await machine.run({ do: "send", to: "#Attic", text: `hello from ${machine.name}` });
    const { state } = await machine.run({
      do: "wait",
      room: sent.room,
      number: sent.number,
      until: "everywhere",
      ms: 5_000,
    });
    assertEquals(state, "everywhere");
  }
  const exports = [await alice.export("#Attic"), await bob.export("#Attic"), await carol.export("#Attic")];
  assertEquals(exports[1], exports[0]);
  assertEquals(exports[2], exports[0]);
  assertEquals(await carol.texts("#Attic"), ["hello from alice", "hello from bob", "hello from carol"]);
  for (const machine of world.machines) await machine.stop();
  assertEquals(world.machines.map((machine) => machine.leftovers), [0, 0, 0]);
  assertEquals(world.bugs, []);
});

Deno.test("two who cannot reach each other talk by way of a third, and as soon as they can, one relays to all", async () => {
  const { world, segment, alice, bob, carol } = threeOnAHotspot(3);
  for (const machine of world.machines) await machine.start();
  await world.time.runFor(2_000);
  await alice.run({ do: "host", title: "Attic" });
  await world.time.runFor(500);
  for (const machine of [bob, carol]) await machine.run({ do: "join", room: "Attic" });
  const hosts = () =>
    Promise.all(world.machines.map(async (machine) => {
      const { rooms } = await machine.run({ do: "rooms" });
      return rooms.find(({ title }) => title === "Attic")?.host;
    }));
  assertEquals(await hosts(), ["alice", "alice", "alice"]);
  segment.block(alice.host, bob.host);
  await world.time.runFor(30_000);
  assertEquals(await hosts(), ["alice", "carol", "alice"]);
  for (const machine of world.machines) {
    await machine.run({ do: "send", to: "#Attic", text: `${machine.name} is here` });
    await world.time.runFor(200);
  }
  const said = ["alice is here", "bob is here", "carol is here"];
  for (const machine of world.machines) assertEquals(await machine.texts("#Attic"), said);
  segment.unblock(alice.host, bob.host);
  await world.time.runFor(90_000);
  assertEquals(await hosts(), ["alice", "alice", "alice"]);
  for (const machine of world.machines) await machine.stop();
  assertEquals(world.bugs, []);
});

Deno.test("a room moves to who is on a cable, and away from who runs on battery, and nothing is lost by it", async () => {
  const { world, alice, bob, carol } = threeOnAHotspot(4);
  carol.host.isOnCable = true;
  for (const machine of world.machines) await machine.start();
  await world.time.runFor(2_000);
  await alice.run({ do: "host", title: "Attic" });
  await world.time.runFor(500);
  const host = async () => {
    const told = await Promise.all(
      world.machines.map(async (machine) => (await machine.run({ do: "rooms" })).rooms),
    );
    return [...new Set(told.map(([attic]) => attic?.host))].join(" and ");
  };
  await bob.run({ do: "join", room: "Attic" });
  await world.time.runFor(1_000);
  assertEquals((await bob.run({ do: "rooms" })).rooms[0]?.host, "alice");
  await carol.run({ do: "join", room: "Attic" });
  await world.time.runFor(2_000);
  assertEquals(await host(), "carol");
  carol.host.isOnCable = false;
  carol.host.isOnMains = false;
  for (let second = 0; second < 90; second++) {
    await bob.run({ do: "send", to: "#Attic", text: `line ${second}` });
    await world.time.runFor(1_000);
  }
  assertEquals(await host(), "alice");
  const lines = Array.from({ length: 90 }, (_, second) => `line ${second}`);
  for (const machine of world.machines) assertEquals(await machine.texts("#Attic"), lines);
  for (const machine of world.machines) await machine.stop();
  assertEquals(world.machines.map((machine) => machine.leftovers), [0, 0, 0]);
  assertEquals(world.bugs, []);
});

Deno.test("what is said to somebody who is away waits, and arrives hours later, on another network, at another address", async () => {
  const { world, segment, alice, bob } = threeOnAHotspot(5);
  for (const machine of [alice, bob]) await machine.start();
  await world.time.runFor(2_000);
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(1_000);
  for (const { peer } of (await bob.run({ do: "requests" })).requests) {
    await bob.run({ do: "accept", peer: peer.id });
  }
  await world.time.runFor(1_000);
  await bob.stop();
  await world.time.runFor(1_000);
  const { room, number, state } = await alice.run({ do: "send", to: "bob", text: "see you at the harbour" });
  assertEquals(state, "kept");
  segment.link(alice.host, "down");
  segment.link(bob.host, "down");
  await world.time.runFor(5 * 3_600_000);
  await alice.stop();
  const harbour = world.network.segment({ prefix: "10.7.0.0", prefixLength: 16, latencyMs: [1, 5] });
  alice.host.attach(harbour, { address: "10.7.3.9" });
  bob.host.attach(harbour, { address: "10.7.200.4" });
  const startedCount = alice.events.length;
  for (const machine of [alice, bob]) await machine.start();
  await world.time.runFor(3_000);
  assertEquals(await bob.texts("alice"), ["hello", "see you at the harbour"]);
  const news = alice.events.slice(startedCount).filter((event) => event.event === "state");
  assert(news.some((event) => event.roomId === room), JSON.stringify(news));
  const { rows } = await alice.run({ do: "log", to: "bob" });
  assertEquals(rows.find((row) => row.number === number)?.state, "everywhere");
  for (const machine of [alice, bob]) await machine.stop();
  assertEquals(world.bugs, []);
});

Deno.test("a node that leaves is gone for the others at once, and one that was killed as soon as its port refuses", async () => {
  const { world, alice, bob, carol } = threeOnAHotspot(2);
  for (const machine of world.machines) await machine.start();
  await alice.run({ do: "host", title: "Attic" });
  await world.time.runFor(1_000);
  for (const machine of [bob, carol]) await machine.run({ do: "join", room: "Attic" });
  const names = async () => (await alice.run({ do: "peers" })).peers.map((peer) => peer.name).sort();
  assertEquals(await names(), ["bob", "carol"]);
  await bob.stop();
  await world.time.runFor(500);
  assertEquals(await names(), ["carol"]);
  assert(
    alice.events.some((event) =>
      event.event === "peer" && event.change === "gone" && event.peer.name === "bob"
    ),
  );
  carol.kill();
  await alice.run({ do: "send", to: "carol", text: "still there?" });
  await world.time.runFor(2_000);
  assertEquals(await names(), []);
  await bob.start();
  await world.time.runFor(1_000);
  assertEquals(await names(), ["bob"]);
  await carol.start();
  for (const machine of world.machines) await machine.stop();
  assertEquals(world.bugs, []);
});
