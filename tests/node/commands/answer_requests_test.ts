/** Strangers who begin a conversation: what of it is taken in, and what the user can do about it. */

import { assert, assertEquals } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { deriveDirectRoom } from "../../../src/room/access.ts";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { REQUESTS_MAX } from "../../../src/node/peers/request_policy.ts";
import type { SimMachine, SimWorld } from "../../sim/world.ts";
import { goHome, hotspotOf, meet } from "../../fixtures/node/shared_room.ts";
import { assertSays } from "../../fixtures/node/failing_commands.ts";
import { Stranger } from "../../fixtures/node/manual_peer.ts";

async function three(
  seed: number,
): Promise<{ world: SimWorld; alice: SimMachine; bob: SimMachine; carol: SimMachine }> {
  const { world, machines } = hotspotOf(seed, ["alice", "bob", "carol"]);
  const [alice, bob, carol] = machines;
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  for (const machine of machines) await machine.start();
  await meet(world);
  return { world, alice, bob, carol };
}

async function waiting(machine: SimMachine): Promise<(readonly [string, readonly string[]])[]> {
  const { requests } = await machine.run({ do: "requests" });
  return requests.map(({ peer, rows }) => [peer.name, rows.map((row) => row.text)]);
}

function eventsOf(machine: SimMachine, event: "entry" | "request"): number {
  return machine.events.filter((one) => one.event === event).length;
}

Deno.test("A stranger's first three lines wait, the others stay with it until the user accepts", async () => {
  const { world, alice, bob } = await three(1);
  for (let count = 1; count <= 5; count++) await alice.run({ do: "send", to: "bob", text: `line ${count}` });
  await world.time.runFor(10_000);
  assertEquals(await waiting(bob), [["alice", ["line 1", "line 2", "line 3"]]]);
  assertEquals([eventsOf(bob, "entry"), eventsOf(bob, "request") > 0], [0, true]);
  assertEquals((await bob.run({ do: "rooms" })).rooms, [], "it is no conversation yet");
  assertEquals((await bob.run({ do: "contacts" })).contacts, []);
  // The sender sees what has arrived and what has not.
  const sent = await alice.run({ do: "log", to: "bob" });
  assertEquals(sent.rows.map((row) => row.state), ["everywhere", "everywhere", "everywhere", "kept", "kept"]);
  const { peer, room } = await bob.run({ do: "accept", peer: "alice" });
  assertEquals([peer.name, peer.contact, room.request, room.direct], ["alice", true, false, true]);
  await world.time.runFor(1_000);
  assertEquals(await bob.texts("alice"), ["line 1", "line 2", "line 3", "line 4", "line 5"]);
  await bob.run({ do: "send", to: "alice", text: "welcome" });
  await world.time.runFor(1_000);
  assertEquals(await waiting(alice), [], "whom one has written to is no stranger");
  assertEquals((await alice.texts("bob")).at(-1), "welcome");
  await goHome(world);
});

Deno.test("An answer accepts", async () => {
  const { world, alice, bob } = await three(2);
  for (let count = 1; count <= 4; count++) await alice.run({ do: "send", to: "bob", text: `line ${count}` });
  await world.time.runFor(2_000);
  await bob.run({ do: "send", to: "alice", text: "yes?" });
  await world.time.runFor(2_000);
  assertEquals(await waiting(bob), []);
  assertEquals((await bob.texts("alice")).toSorted(), ["line 1", "line 2", "line 3", "line 4", "yes?"]);
  await goHome(world);
});

Deno.test("A request waits across restarts, also while its sender is gone", async () => {
  const { world, alice, bob } = await three(3);
  await alice.run({ do: "send", to: "bob", text: "hello?" });
  await world.time.runFor(1_000);
  await alice.stop();
  await bob.stop();
  await bob.start();
  await world.time.runFor(1_000);
  assertEquals(await waiting(bob), [["alice", ["hello?"]]]);
  assertEquals((await bob.run({ do: "accept", peer: "alice" })).peer.name, "alice");
  assertEquals(await waiting(bob), []);
  await goHome(world);
});

Deno.test("Who is ignored is out of sight, until the user writes to them", async () => {
  const { world, alice, bob } = await three(4);
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(1_000);
  assertEquals((await bob.run({ do: "ignore", peer: "alice" })).peer.name, "alice");
  const told = eventsOf(bob, "request");
  for (const text of ["are", "you", "there?"]) await alice.run({ do: "send", to: "bob", text });
  await world.time.runFor(1_000);
  await bob.stop();
  await bob.start();
  await world.time.runFor(2_000);
  assertEquals([await waiting(bob), (await bob.run({ do: "contacts" })).contacts], [[], []]);
  assertEquals([eventsOf(bob, "entry"), eventsOf(bob, "request")], [0, told]);
  await bob.run({ do: "send", to: "alice", text: "sorry" });
  await world.time.runFor(1_000);
  assertEquals((await bob.texts("alice")).toSorted(), ["are", "hello", "sorry", "there?", "you"]);
  assertEquals((await bob.run({ do: "contacts" })).contacts.map((row) => row.name), ["alice"]);
  await goHome(world);
});

Deno.test("Two strangers of one name are shown apart, and accepted by their tags", async () => {
  const { world, alice, bob, carol } = await three(5);
  await carol.run({ do: "nick", name: "alice" });
  await world.time.runFor(2_000);
  await alice.run({ do: "send", to: "bob", text: "I am alice" });
  await carol.run({ do: "send", to: "bob", text: "no, I am" });
  await world.time.runFor(1_000);
  const { requests } = await bob.run({ do: "requests" });
  const first = requests.find(({ peer }) => peer.id === alice.node.id)?.peer.name ?? "";
  const second = requests.find(({ peer }) => peer.id === carol.node.id)?.peer.name ?? "";
  assertEquals(first, `alice·${alice.node.id.slice(0, 4)}`);
  assertEquals(second, `alice·${carol.node.id.slice(0, 4)}`);
  assertEquals((await bob.run({ do: "accept", peer: second })).peer.id, carol.node.id);
  assertEquals((await waiting(bob)).map(([name]) => name), [first]);
  await goHome(world);
});

Deno.test("Somebody from a room of ours is a stranger in a conversation of two", async () => {
  const { world, alice, bob } = await three(6);
  await alice.run({ do: "host", title: "Attic" });
  await world.time.runFor(500);
  await bob.run({ do: "join", room: "Attic" });
  await bob.run({ do: "send", to: "alice", text: "psst" });
  await world.time.runFor(1_000);
  assertEquals(await waiting(alice), [["bob", ["psst"]]]);
  await goHome(world);
});

Deno.test("accept and ignore say who is waiting", async () => {
  const { world, alice, bob } = await three(7);
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(1_000);
  await assertSays(bob, [
    [{ do: "accept", peer: "carol" }, UsageError, "carol has no pending request. Pending requests: alice"],
    [{ do: "ignore", peer: "carol" }, UsageError, "carol has no pending request. Pending requests: alice"],
  ]);
  await assertSays(alice, [
    [
      { do: "accept", peer: "carol" },
      UsageError,
      "carol has no pending request, and neither does anybody else",
    ],
  ]);
  await goHome(world);
});

Deno.test("A stranger that sends a thousand lines fills neither the disk nor the screen", async () => {
  const { world, bob } = await three(8);
  const mallory = new Stranger(66);
  await mallory.call(world, { to: "192.168.43.11", from: "192.168.43.66", name: "mallory" });
  const room = deriveDirectRoom(bob.node.id, mallory.id, denoCrypto()).id;
  mallory.meet(room);
  for (let count = 1; count <= 1_000; count++) {
    mallory.pass(room, mallory.write(room, "text", `spam ${count}`).line);
    if (count % 100 === 0) await world.time.runFor(200);
  }
  await world.time.runFor(20_000);
  const [[, lines] = ["", []]] = await waiting(bob);
  assertEquals([lines, mallory.closed], [["spam 1", "spam 2", "spam 3"], null]);
  assert(mallory.of("meet").length < 10, "what is left out is not asked for");
  mallory.hangUp();
  await world.time.runFor(100);
  await goHome(world);
});

Deno.test("Strangers beyond the limit are as unheard, and friends are not", async () => {
  const { world, alice, bob } = await three(9);
  for (let key = 1; key <= REQUESTS_MAX + 3; key++) {
    const mallory = new Stranger(100 + key);
    await mallory.call(world, { to: "192.168.43.11", from: `192.168.43.${50 + key}`, name: `m${key}` });
    const room = deriveDirectRoom(bob.node.id, mallory.id, denoCrypto()).id;
    mallory.meet(room);
    mallory.pass(room, mallory.write(room, "text", "buy").line);
    await world.time.runFor(100);
    mallory.hangUp();
  }
  await world.time.runFor(500);
  assertEquals((await waiting(bob)).length, REQUESTS_MAX);
  await bob.run({ do: "send", to: "alice", text: "hello" });
  await world.time.runFor(1_000);
  await alice.run({ do: "send", to: "bob", text: "hi" });
  await world.time.runFor(1_000);
  assertEquals(await bob.texts("alice"), ["hello", "hi"]);
  await goHome(world);
});
