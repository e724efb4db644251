/** How a node starts and leaves, whatever is under way. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { UsageError, WorldError } from "../../src/errors.ts";
import { type Node, startNode } from "../../src/node/node.ts";
import type { NodeEvent } from "../../src/api/commands.ts";
import { HOME, type SimMachine, type SimWorld } from "../sim/world.ts";
import { atticOf, goHome, hotspotOf, meet } from "../fixtures/node/shared_room.ts";

/** A promise of this node that is not to end in an unhandled rejection while the test does other things. */
function inBackground<T>(work: Promise<T>): Promise<T | Error> {
  return work.catch((error) => error);
}

Deno.test("A node can be stopped at any moment after its start, and leaves nothing behind", async () => {
  for (let atMs = 0; atMs <= 3_000; atMs += atMs < 200 ? 10 : 150) {
    const { world, machines: [alice, bob] } = await atticOf(1, ["alice", "bob"]);
    assert(alice !== undefined && bob !== undefined);
    await bob.run({ do: "send", to: "#Attic", text: "hello" });
    await bob.stop();
    await bob.start();
    await world.time.runFor(atMs);
    // SimMachine.stop fails if it takes more than a second.
    await bob.stop();
    assertEquals(bob.leftovers, 0, `stopped after ${atMs} ms`);
    await goHome(world);
  }
});

Deno.test("A node that stops ends the commands under way, each with an answer", async () => {
  const { world, machines: [alice, bob] } = await atticOf(2, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  alice.host.attachments[1]?.segment.link(bob.host, "silent");
  const { node } = alice;
  const connecting = inBackground(node.run({ do: "connect", to: "192.168.43.11", port: 9999 }));
  const sent = await alice.run({ do: "send", to: "#Attic", text: "x" });
  const waiting = node.run({ do: "wait", room: sent.room, number: sent.number, until: "passed", ms: 60_000 });
  await world.time.runFor(100);
  await alice.stop();
  assertEquals(await world.time.drive(waiting), { state: "kept", isReached: false });
  const ended = await world.time.drive(connecting);
  assert(ended instanceof Error, "connect did not end");
  await goHome(world);
});

Deno.test("A node can be disposed of twice, and by two at once", async () => {
  const { world, machines: [alice] } = await atticOf(3, ["alice"]);
  assert(alice !== undefined);
  const { node } = alice;
  const ends = Promise.all([node[Symbol.asyncDispose](), node[Symbol.asyncDispose]()]);
  await world.time.drive(ends);
  await alice.stop().catch(() => {
    // Nothing runs any more.
  });
  assertEquals(alice.leftovers, 0);
  await alice.start();
  await goHome(world);
});

Deno.test("A node whose start is called off has not started, and its home is free", async () => {
  const { world, machines: [alice] } = hotspotOf(4, ["alice"]);
  assert(alice !== undefined);
  await assertRejects(
    () => start(world, alice, AbortSignal.abort(new RangeError("Enough"))),
    RangeError,
    "Enough",
  );
  for (let atMs = 0; atMs < 60; atMs += 3) {
    const controller = new AbortController();
    world.time.schedule(atMs, () => controller.abort(new RangeError("Enough")));
    const node = await inBackground(start(world, alice, controller.signal));
    if (!(node instanceof Error)) await world.time.drive(Promise.resolve(node[Symbol.asyncDispose]()));
    await world.time.runFor(100);
  }
  await alice.start();
  await goHome(world);
});

Deno.test("A node without a network reads and writes its home, and opens no socket", async () => {
  const { world, machines: [alice, bob] } = await atticOf(5, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.stop();
  const process = alice.host.boot();
  const node = await start(world, alice, new AbortController().signal, process);
  assertEquals([node.port, node.discoveryPort, process.openCount], [null, null, 0]);
  const { number } = await world.time.drive(node.run({ do: "send", to: "#Attic", text: "written offline" }));
  const status = await world.time.drive(node.run({ do: "status" }));
  assertEquals([status.port, status.peers, status.outlook, status.interfaces], [null, 0, "", []]);
  assertEquals((await world.time.drive(node.run({ do: "peers" }))).peers, []);
  const failing = () => world.time.drive(node.run({ do: "join", room: "Garden" }));
  await assertRejects(failing, UsageError, 'No room here is called "Garden"');
  assertEquals(number, 2);
  await world.time.drive(Promise.resolve(node[Symbol.asyncDispose]()));
  await alice.start();
  await world.time.runFor(5_000);
  assertEquals(await bob.texts("#Attic"), ["written offline"]);
  await goHome(world);
});

Deno.test("A node tells each screen that it is ready, then what happens from then on", async () => {
  const { world, machines: [alice, bob] } = await atticOf(6, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const events: NodeEvent[] = [];
  const controller = new AbortController();
  const listen = async () => {
    for await (const event of bob.node.events(controller.signal)) events.push(event);
  };
  const listening = listen();
  await world.time.runFor(10);
  await alice.run({ do: "send", to: "#Attic", text: "hello" });
  await world.time.runFor(500);
  await bob.run({ do: "send", to: "#Attic", text: "hi" });
  await world.time.runFor(1_000);
  assertEquals(events[0], { event: "ready", id: bob.node.id, name: "bob", port: 9999, discoveryPort: 9999 });
  const entries = events.flatMap((event) =>
    event.event === "entry" ? [[event.row.name, event.row.text, event.row.state]] : []
  );
  assertEquals(entries, [["alice", "hello", null], ["bob", "hi", "kept"]]);
  const states = events.flatMap((event) => event.event === "state" ? [[event.number, event.state]] : []);
  assertEquals(states, [[2, "everywhere"]]);
  controller.abort();
  await world.time.drive(listening);
  await goHome(world);
});

Deno.test("A node that was killed at any moment of its life starts again with all that it had said", async () => {
  for (let seed = 0; seed < 25; seed++) {
    const { world, machines: [alice, bob] } = await atticOf(100 + seed, ["alice", "bob"]);
    assert(alice !== undefined && bob !== undefined);
    const chance = world.chance.fork("kill");
    const said: string[] = [];
    for (let round = 0; round < 4; round++) {
      for (let count = 0; count < 3; count++) {
        const text = `${round}.${count}`;
        await bob.run({ do: "send", to: "#Attic", text });
        said.push(text);
      }
      // One more is under way; it may come through or not.
      inBackground(bob.node.run({ do: "send", to: "#Attic", text: `${round}.under way` }));
      await world.time.runFor(chance.int(30));
      if (chance.bool(0.5)) {
        bob.kill();
      } else {
        bob.powerOff();
        bob.host.powerOn();
      }
      await bob.start();
      const texts = await bob.texts("#Attic");
      assertEquals(texts.filter((text) => !text.endsWith("under way")), said, `seed ${seed}`);
    }
    await world.time.runFor(15_000);
    const [ours, theirs] = [await alice.export("#Attic"), await bob.export("#Attic")];
    assertEquals(ours, theirs, `seed ${seed}`);
    await goHome(world);
  }
});

/** Starts a node without a network, as a command of one moment does. */
function start(
  world: SimWorld,
  machine: SimMachine,
  signal: AbortSignal,
  { tcp, udp, interfaces, device, system } = machine.host.boot(),
): Promise<Node> {
  const ports = {
    clock: world.time.clock(),
    chance: world.chance.fork("offline"),
    crypto: denoCrypto(),
    tcp,
    udp,
    interfaces,
    device,
    system,
    disk: machine.disk.boot(),
    files: machine.disk.bootFiles(),
  };
  const options = { ports, home: HOME, pid: 1, version: "sim", suggestedName: "alice", network: false };
  return world.time.drive(startNode(options, signal));
}

Deno.test("A node with a damaged identity does not start as somebody else", async () => {
  const { world, machines: [alice] } = await atticOf(7, ["alice"]);
  assert(alice !== undefined);
  await alice.stop();
  const damaged = new TextEncoder().encode("{}");
  alice.disk.put(`${HOME}/identity.json`, damaged);
  await assertRejects(
    () => alice.start(),
    WorldError,
    `The identity file "${
      join(HOME, "identity.json")
    }" is damaged: its version is not 1. It was left as it is.`,
  );
  assertEquals(alice.disk.peek(`${HOME}/identity.json`), damaged);
  await goHome(world);
});

Deno.test("A node tells a screen that listens only now who was here before", async () => {
  const { world, machines: [alice, bob] } = hotspotOf(8, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.start();
  await bob.start();
  await meet(world);
  const end = new AbortController();
  const seen: NodeEvent[] = [];
  for await (const event of alice.node.events(end.signal)) {
    seen.push(event);
    if (event.event === "peer") end.abort();
  }
  assertEquals(seen.map((event) => event.event), ["ready", "peer"]);
  const [, told] = seen;
  assertEquals(told?.event === "peer" && [told.change, told.peer.id], ["new", bob.node.id]);
  await goHome(world);
});
