/** Away, back, typing and last seen, among running nodes. */

import { assert, assertEquals } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { deriveDirectRoom } from "../../../src/room/access.ts";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import type { SimMachine } from "../../sim/world.ts";
import { atticOf, goHome } from "../../fixtures/node/shared_room.ts";
import { assertSays } from "../../fixtures/node/failing_commands.ts";
import { Stranger } from "../../fixtures/node/manual_peer.ts";

async function awayOf(machine: SimMachine, name: string): Promise<string | null | undefined> {
  return (await machine.run({ do: "peers" })).peers.find((peer) => peer.name === name)?.away;
}

function typists(machine: SimMachine): string[] {
  return machine.events.flatMap((event) => event.event === "typing" ? [event.name] : []);
}

Deno.test("away tells connected peers why, back takes it away, and a restart does too", async () => {
  const { world, machines: [alice, bob] } = await atticOf(1, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  assertEquals(await awayOf(bob, "alice"), null);
  assertEquals(await alice.run({ do: "away", text: " at lunch " }), { text: "at lunch" });
  await world.time.runFor(500);
  assertEquals(await awayOf(bob, "alice"), "at lunch");
  assertEquals((await alice.run({ do: "status" })).away, "at lunch");
  assert(bob.events.some((event) => event.event === "peer" && event.peer.away === "at lunch"));
  assertEquals(await alice.run({ do: "away", text: "" }), { text: "away" });
  assertEquals(await alice.run({ do: "away", text: null }), { text: null });
  await world.time.runFor(500);
  assertEquals(await awayOf(bob, "alice"), null);
  await alice.run({ do: "away", text: "gone" });
  await alice.stop();
  await alice.start();
  await world.time.runFor(5_000);
  assertEquals(await awayOf(bob, "alice"), null);
  await assertSays(alice, [
    [{ do: "away", text: "x".repeat(256) }, UsageError, "That text is too long: 256 bytes; the limit is 255"],
  ]);
  await goHome(world);
});

Deno.test("An away text moves no cursor", async () => {
  const { world, machines: [alice] } = await atticOf(2, ["alice", "bob"]);
  assert(alice !== undefined);
  const mallory = new Stranger(66);
  await mallory.call(world, { to: "192.168.43.1", from: "192.168.43.66", name: "mallory" });
  mallory.say({
    type: "profile",
    name: "mallory",
    away: "\x1b[2Jgone\n\u202e",
    rendezvousPort: 9999,
    merit: 1,
    rooms: [],
  });
  await world.time.runFor(500);
  assertEquals(await awayOf(alice, "mallory"), "^[[2Jgone^J⟨202E⟩");
  mallory.hangUp();
  await world.time.runFor(100);
  await goHome(world);
});

Deno.test("typing is told to the members who are connected, once a second at most, and by nobody else", async () => {
  const { world, machines: [alice, bob] } = await atticOf(3, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const { room } = await alice.run({ do: "log", to: "#Attic" });
  for (let count = 0; count < 10; count++) await alice.run({ do: "typing", room: room.id });
  await world.time.runFor(500);
  assertEquals([typists(bob), typists(alice)], [["alice"], []]);
  const mallory = new Stranger(66);
  await mallory.call(world, { to: "192.168.43.1", from: "192.168.43.66", name: "mallory" });
  mallory.say({ type: "typing", room: room.id });
  const direct = deriveDirectRoom(alice.node.id, mallory.id, denoCrypto()).id;
  mallory.meet(direct);
  mallory.pass(direct, mallory.write(direct, "text", "hello").line);
  mallory.say({ type: "typing", room: direct });
  await world.time.runFor(500);
  assertEquals(typists(alice), [], "a stranger's typing is nobody's business");
  mallory.hangUp();
  await world.time.runFor(100);
  await goHome(world);
});

Deno.test("A contact's row tells when it was last here", async () => {
  const { world, machines: [alice, bob] } = await atticOf(4, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(60_000);
  const leftAtMs = alice.clock?.wallMs() ?? 0;
  await bob.stop();
  await world.time.runFor(600_000);
  const [row] = (await alice.run({ do: "contacts" })).contacts;
  const seenMs = Date.parse(row?.seen ?? "");
  assertEquals([row?.here, Math.abs(seenMs - leftAtMs) < 5_000], [false, true]);
  await goHome(world);
});
