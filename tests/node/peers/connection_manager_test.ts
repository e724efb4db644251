/** Who relays, and who is dialled how often, when hosts go, networks part and peers want nothing of us. */

import { assert, assertEquals } from "@std/assert";
import { HEARTBEAT_DEAD_MS } from "../../../src/wire/heartbeat.ts";
import { HOME, type SimMachine, type SimWorld } from "../../sim/world.ts";
import type { Segment } from "../../sim/segment.ts";
import { atticOf, goHome, hotspotOf } from "../../fixtures/node/shared_room.ts";

const NAMES = ["alice", "bob", "carol", "dave"];

/** Whom each machine that is up, or each of some, takes for the host of its first room. */
async function hostsOf(world: SimWorld, some = world.machines): Promise<(string | null | undefined)[]> {
  const up = some.filter((machine) => machine.isUp);
  const replies = await world.time.drive(Promise.all(up.map(({ node }) => node.run({ do: "rooms" }))));
  return replies.map(({ rooms }) => rooms[0]?.host);
}

/** How long until all, or some, agree on that host. */
async function agreedAfterMs(
  world: SimWorld,
  host: string,
  limitMs: number,
  some = world.machines,
): Promise<number> {
  const startMs = world.time.nowMs;
  while (world.time.nowMs - startMs < limitMs) {
    if ((await hostsOf(world, some)).every((name) => name === host)) return world.time.nowMs - startMs;
    await world.time.runFor(100);
  }
  throw new Error(`They do not agree: ${await hostsOf(world, some)}`);
}

/** One says something each second, and the longest time until the other has it. */
async function worstDelayMs(
  world: SimWorld,
  given: { readonly from: SimMachine; readonly to: SimMachine; readonly seconds: number },
): Promise<number> {
  const { from, to, seconds } = given;
  const waiting = new Map<string, number>();
  let worstMs = 0;
  for (let second = 0; second < seconds + 20 && (second < seconds || waiting.size > 0); second++) {
    const text = `${world.time.nowMs}`;
    if (second < seconds) {
      await from.run({ do: "send", to: "#Attic", text });
      waiting.set(text, world.time.nowMs);
    }
    for (let tenth = 0; tenth < 10; tenth++) {
      await world.time.runFor(100);
      const there = new Set(to.events.flatMap((event) => event.event === "entry" ? [event.row.text] : []));
      for (const [said, atMs] of waiting) {
        if (!there.has(said)) continue;
        worstMs = Math.max(worstMs, world.time.nowMs - atMs);
        waiting.delete(said);
      }
    }
  }
  assertEquals(waiting.size, 0, "something did not arrive");
  return worstMs;
}

function segmentOf(machine: SimMachine | undefined): Segment {
  const segment = machine?.host.attachments[1]?.segment;
  if (segment === undefined) throw new Error("The machine is on no segment");
  return segment;
}

Deno.test("A room whose host goes is relayed by the next in rank: at once, or when its silence is noticed", async () => {
  const ways: readonly [string, (host: SimMachine) => Promise<void> | void, number][] = [
    ["leaves", (host) => host.stop(), 1_000],
    ["is killed", (host) => host.kill(), 1_000],
    ["loses power", (host) => host.powerOff(), HEARTBEAT_DEAD_MS + 1_500],
  ];
  for (const [way, go, limitMs] of ways) {
    for (let seed = 0; seed < 4; seed++) {
      const { world, machines: [alice, , carol, dave] } = await atticOf(seed, NAMES);
      assert(alice !== undefined && carol !== undefined && dave !== undefined);
      await world.time.runFor(30_000);
      assertEquals(await hostsOf(world), ["alice", "alice", "alice", "alice"]);
      await go(alice);
      const worstMs = await worstDelayMs(world, { from: carol, to: dave, seconds: 60 });
      assert(worstMs <= limitMs, `the host ${way}, seed ${seed}: ${worstMs} ms`);
      assertEquals(await hostsOf(world), ["bob", "bob", "bob"], way);
      await goHome(world);
    }
  }
});

Deno.test("A host that comes back relays again, and nobody misses or sees twice what was said meanwhile", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(2, NAMES);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  alice.kill();
  await world.time.runFor(1_000);
  await bob.run({ do: "send", to: "#Attic", text: "where is alice?" });
  await alice.start();
  await agreedAfterMs(world, "alice", 10_000);
  await carol.run({ do: "send", to: "#Attic", text: "there" });
  await world.time.runFor(1_000);
  for (const machine of world.machines) {
    assertEquals(await machine.texts("#Attic"), ["where is alice?", "there"]);
  }
  await goHome(world);
});

Deno.test("A host that leaves the room hands it to the next in rank", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(3, NAMES);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  await alice.run({ do: "leave", room: "Attic" });
  await world.time.runFor(2_000);
  assertEquals((await hostsOf(world)).slice(1), ["bob", "bob", "bob"]);
  await carol.run({ do: "send", to: "#Attic", text: "without alice" });
  await world.time.runFor(1_000);
  assertEquals(await bob.texts("#Attic"), ["without alice"]);
  assertEquals(await alice.texts("#Attic"), []);
  await goHome(world);
});

Deno.test("A network that parts has a host in each part, and one again soon after it heals", async () => {
  const cases: readonly [partedMs: number, healedMs: number][] = [[20_000, 15_000], [600_000, 70_000]];
  for (const [partedMs, healedMs] of cases) {
    for (let seed = 0; seed < 3; seed++) {
      const { world, machines: [alice, bob, carol, dave] } = await atticOf(10 + seed, NAMES);
      assert(alice !== undefined && bob !== undefined && carol !== undefined && dave !== undefined);
      await world.time.runFor(30_000);
      const segment = segmentOf(alice);
      segment.partition([alice.host, bob.host], [carol.host, dave.host]);
      await world.time.runFor(partedMs);
      assertEquals(await hostsOf(world), ["alice", "alice", "carol", "carol"]);
      await bob.run({ do: "send", to: "#Attic", text: "here" });
      await dave.run({ do: "send", to: "#Attic", text: "there" });
      segment.heal();
      await agreedAfterMs(world, "alice", healedMs);
      await world.time.runFor(1_000);
      const exports = [];
      for (const machine of world.machines) exports.push(await machine.export("#Attic"));
      assertEquals(new Set(exports).size, 1);
      assertEquals((await alice.texts("#Attic")).toSorted(), ["here", "there"]);
      await goHome(world);
    }
  }
});

Deno.test("A peer that blocks us is dialled now and then, not without end", async () => {
  const { world, machines: [alice, bob] } = await atticOf(20, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(500);
  await alice.stop();
  const path = `${HOME}/contacts.dat`;
  const contacts = new TextDecoder().decode(alice.disk.peek(path) ?? new Uint8Array(0));
  alice.disk.put(path, new TextEncoder().encode(contacts.replace("\t9999\t-\t", "\t9999\tblocked\t")));
  await alice.start();
  await world.time.runFor(2_000);
  await bob.run({ do: "send", to: "alice", text: "are you there?" });
  const { traffic } = segmentOf(bob);
  const before = traffic.connects;
  await world.time.runFor(60_000);
  // A try takes two connections: the rendezvous and the fresh port.
  assert(traffic.connects - before <= 30, `${traffic.connects - before} connections in a minute`);
  assertEquals((await alice.run({ do: "status" })).sessions, 0);
  assertEquals(await alice.texts("bob"), ["hello"]);
  await goHome(world);
});

Deno.test("A member that went away without a word is dialled less and less", async () => {
  const { world, machines: [alice, bob] } = await atticOf(21, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  alice.powerOff();
  await world.time.runFor(300_000);
  const { traffic } = segmentOf(bob);
  const before = traffic.connects;
  await world.time.runFor(600_000);
  assert(traffic.connects - before <= 20, `${traffic.connects - before} connections in ten minutes`);
  await goHome(world);
});

Deno.test("A node without a network dials nobody, and talks as soon as there is one", async () => {
  const { world, machines: [alice, bob] } = await atticOf(22, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const segment = segmentOf(bob);
  bob.host.detach(segment);
  await world.time.runFor(60_000);
  await bob.run({ do: "send", to: "#Attic", text: "written alone" });
  bob.host.attach(segment, { address: "192.168.43.99" });
  const startMs = world.time.nowMs;
  const isThere = () =>
    alice.events.some((event) => event.event === "entry" && event.row.text === "written alone");
  assert(await world.time.runUntil(isThere, 20_000), "not delivered");
  assert(world.time.nowMs - startMs < 8_000, `${world.time.nowMs - startMs} ms`);
  await goHome(world);
});

Deno.test("A host that is away for moments, again and again, is followed as soon as it is heard", async () => {
  const { world, machines: [alice] } = await atticOf(24, NAMES);
  assert(alice !== undefined);
  const segment = segmentOf(alice);
  for (let time = 0; time < 8; time++) {
    alice.host.detach(segment);
    await agreedAfterMs(world, "bob", 10_000, world.machines.slice(1));
    await world.time.runFor(2_000);
    alice.host.attach(segment, { address: "192.168.43.99" });
    assert(await agreedAfterMs(world, "alice", 20_000) < 4_000, `time ${time}`);
    await world.time.runFor(4_000);
  }
  await goHome(world);
});

Deno.test("Nodes whose datagrams are all lost find each other by the probe, and talk", async () => {
  const { world, machines: [alice, bob] } = hotspotOf(23, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  segmentOf(alice).change({ datagramLoss: 1 });
  await alice.start();
  await alice.run({ do: "host", title: "Attic" });
  await bob.start();
  await world.time.runFor(8_000);
  assertEquals((await bob.run({ do: "peers" })).peers.map(({ name, connected }) => [name, connected]), [[
    "alice",
    true,
  ]]);
  await bob.run({ do: "join", room: "Attic" });
  await alice.run({ do: "send", to: "#Attic", text: "without a beacon" });
  await world.time.runFor(500);
  assertEquals(await bob.texts("#Attic"), ["without a beacon"]);
  await goHome(world);
});
