/** Addresses where nobody is, homes and ports that others have, keys that changed: each a sentence. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError, WorldError } from "../../src/errors.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { type Node, type NodeOptions, startNode } from "../../src/node/node.ts";
import { HOME, type SimMachine, type SimWorld } from "../sim/world.ts";
import { atticOf, goHome, hotspotOf } from "../fixtures/node/shared_room.ts";

const ENCODER = new TextEncoder();

/** Starts one more node on the machine, in the same home unless told otherwise. */
async function startOn(
  world: SimWorld,
  machine: SimMachine,
  options: Partial<NodeOptions> = {},
): Promise<Node> {
  const { tcp, udp, interfaces, device, system } = machine.host.boot();
  const ports = {
    clock: world.time.clock(),
    chance: world.chance.fork(`second ${machine.name}`),
    crypto: denoCrypto(),
    tcp,
    udp,
    interfaces,
    device,
    system,
    disk: machine.disk.boot(),
    files: machine.disk.bootFiles(),
  };
  const given = {
    ports,
    home: HOME,
    pid: 4711,
    version: "sim",
    suggestedName: "second",
    network: true,
    ...options,
  };
  return await world.time.drive(startNode(given, new AbortController().signal));
}

function connect(machine: SimMachine, address: string, port = 9999): Promise<unknown> {
  return machine.run({ do: "connect", to: address, port });
}

Deno.test("connect reaches a node by its address alone, and keeps it as a contact", async () => {
  const { world, machines: [alice, bob] } = hotspotOf(1, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.start();
  await bob.start();
  await alice.run({ do: "host", title: "Attic" });
  await world.time.runFor(2_000);
  const { peer, rooms } = await bob.run({ do: "connect", to: "192.168.43.1", port: 9999 });
  assertEquals([peer.name, peer.contact, peer.connected], ["alice", true, true]);
  assertEquals(rooms.map(({ title }) => title), ["Attic"]);
  await goHome(world);
});

Deno.test("connect says what is at the other end, or is not", async () => {
  const { world, machines: [alice, bob] } = await atticOf(2, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const other = bob.host.boot();
  const listener = other.tcp.listen({ address: "0.0.0.0", port: 8080 });
  const serve = async () => {
    for (let stream = await listener.accept(); stream !== null; stream = await listener.accept()) {
      stream.write(ENCODER.encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
    }
  };
  serve();
  const carol = world.machine("carol", {
    segment: bob.host.attachments[1]?.segment ?? world.hotspot(),
    address: "192.168.43.77",
  });
  const silent = carol.host.boot().tcp.listen({ address: "0.0.0.0", port: 9999 });
  const cases: readonly [string, number, string][] = [
    ["192.168.43.11", 7777, "the device is there, but earshot is not listening on that port"],
    ["192.168.43.11", 8080, "something other than earshot answers on that port"],
    ["192.168.43.77", 9999, "nobody answered within 5 seconds"],
    ["192.168.43.250", 9999, "that address cannot be reached from this network"],
    ["10.9.9.9", 9999, "that address cannot be reached from this network"],
  ];
  for (const [address, port, why] of cases) {
    const startMs = world.time.nowMs;
    const error = await assertRejects(() => connect(alice, address, port), WorldError);
    assertEquals(error.message, `Cannot connect to ${address} port ${port}: ${why}`);
    assert(world.time.nowMs - startMs <= 5_100);
  }
  const none = await assertRejects(() => connect(alice, "300.1.1.1"), UsageError);
  assertEquals(
    none.message,
    '"300.1.1.1" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
  );
  for (const address of ["192.168.43.1", "127.0.0.1"]) {
    const self = await assertRejects(() => connect(alice, address), UsageError);
    assertEquals(self.message, `Cannot connect to ${address} port 9999: that is this earshot itself`);
  }
  listener.close();
  silent.close();
  await goHome(world);
});

Deno.test("A second node on one home says which process has it; without the first it starts", async () => {
  const { world, machines: [alice] } = await atticOf(3, ["alice"]);
  assert(alice !== undefined);
  const error = await assertRejects(() => startOn(world, alice), WorldError);
  assertEquals(
    error.message,
    `The home "${HOME}" is in use by another earshot (process 1). Stop it with "earshot stop", or use another home with --home`,
  );
  await alice.stop();
  const second = await startOn(world, alice);
  await world.time.drive(Promise.resolve(second[Symbol.asyncDispose]()));
  await goHome(world);
});

Deno.test("A node takes the next port when 9999 is taken, and says so when it cannot have the one that was named", async () => {
  const { world, machines: [alice] } = await atticOf(4, ["alice"]);
  assert(alice !== undefined);
  const second = await startOn(world, alice, { home: "/home/second" });
  assertEquals(second.port, 10_000);
  await world.time.drive(Promise.resolve(second[Symbol.asyncDispose]()));
  const cases: readonly [number, string][] = [
    [9999, "Cannot listen on port 9999: another program uses it. Choose another one with --port"],
    [
      80,
      "Cannot listen on port 80: this system does not allow it (ports below 1024 need special rights). Choose another one with --port",
    ],
  ];
  for (const [port, message] of cases) {
    const error = await assertRejects(
      () => startOn(world, alice, { home: "/home/second", port }),
      WorldError,
    );
    assertEquals(error.message, message);
  }
  // The home was let go, so nothing stands in the way of the next try.
  const third = await startOn(world, alice, { home: "/home/second", port: 9_990 });
  assertEquals(third.port, 9_990);
  await world.time.drive(Promise.resolve(third[Symbol.asyncDispose]()));
  await goHome(world);
});

Deno.test("A node does not start with a name that is none, nor in a home of a later version, and touches nothing", async () => {
  const { world, machines: [alice] } = hotspotOf(5, ["alice"]);
  assert(alice !== undefined);
  const named = await assertRejects(() => startOn(world, alice, { name: "two words" }), UsageError);
  assertEquals(named.message, 'Names cannot contain spaces. Try "two-words"');
  const later = ENCODER.encode('{"version":2,"name":"alice"}\n');
  alice.disk.put(`${HOME}/config.json`, later);
  const error = await assertRejects(() => startOn(world, alice), WorldError);
  assertEquals(
    error.message,
    `The home "${HOME}" belongs to a later earshot (format 2; this one knows 1). Nothing was changed. ` +
      "Use the later earshot, or another home with --home",
  );
  assertEquals([...alice.disk.snapshot().keys()], ["/home", HOME, `${HOME}/config.json`]);
});

Deno.test("A contact whose key has changed is refused and shown, and the old contact stays", async () => {
  const { world, machines: [alice, bob] } = await atticOf(7, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(500);
  const known = bob.node.id;
  await bob.stop();
  // Somebody else's device at bob's address, under bob's name; or bob himself, who has lost his home.
  const snapshot = bob.disk.snapshot();
  bob.disk.restore(new Map());
  await bob.start();
  await world.time.runFor(3_000);
  assert(bob.node.id !== known);
  const refused = await assertRejects(() => connect(alice, "192.168.43.11"), WorldError);
  assertEquals(
    refused.message,
    "Cannot connect to 192.168.43.11 port 9999: the session was refused. See the notices: earshot status",
  );
  const notices = (await alice.run({ do: "status" })).notices;
  assert(
    notices.includes(
      'A device at 192.168.43.11 calls itself "bob", like your contact there, but has a different key. ' +
        "It was refused, because it may be somebody else. If your contact started anew, remove the old one: earshot contacts remove NAME",
    ),
    notices.join("\n"),
  );
  const { contacts } = await alice.run({ do: "contacts" });
  assertEquals(contacts.map(({ id, name, connected }) => [id, name, connected]), [[
    known,
    "bob",
    false,
  ]]);
  await bob.stop();
  bob.disk.restore(snapshot);
  await bob.start();
  await world.time.runFor(3_000);
  await alice.run({ do: "send", to: "bob", text: "is it you?" });
  await world.time.runFor(1_000);
  assertEquals(await bob.texts("alice"), ["hello", "is it you?"]);
  await goHome(world);
});
