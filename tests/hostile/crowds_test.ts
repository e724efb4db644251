/** One device with thousands of keys that all come into a room. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { WorldError } from "../../src/errors.ts";
import { NEWCOMER_POINTS, POINTS_BURST, POINTS_PER_SECOND } from "../../src/node/support/quotas.ts";
import type { RoomId } from "../../src/room/id.ts";
import { AUTHORS_MAX } from "../../src/room/replica.ts";
import type { WireRecord } from "../../src/wire/record.ts";
import { goHome, noticesOf } from "../fixtures/node/shared_room.ts";
import { stranger } from "../fixtures/room/people.ts";
import { writeEntry } from "../../src/room/entry.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import type { SimMachine, SimWorld } from "../sim/world.ts";
import { assertTalkGoesOn, atticWithVillain } from "../fixtures/hostile/room_with_attacker.ts";
import { Villain, WALL_MS } from "../fixtures/hostile/attacker.ts";

const CRYPTO = denoCrypto();

/** Joins of made-up keys, in records of thirty. */
function joins(room: RoomId, from: number, count: number): readonly WireRecord[] {
  const lines = Array.from({ length: count }, (_, index) => {
    const { signer, name } = stranger(from + index);
    const draft = { room, number: 1, prev: "", clock: 2, wallMs: WALL_MS, kind: "join", name, body: "" };
    return writeEntry(draft, signer, CRYPTO).line;
  });
  return Array.from({ length: Math.ceil(count / 30) }, (_, page) => ({
    type: "entries",
    room,
    lines: lines.slice(page * 30, page * 30 + 30),
  }));
}

async function membersAt(machine: SimMachine): Promise<number> {
  return (await machine.run({ do: "members", room: "#Attic" })).members.length;
}

async function newcomer(world: SimWorld, name: string, address: string): Promise<SimMachine> {
  const segment = world.machines[0]?.host.attachments[1]?.segment;
  assert(segment !== undefined);
  const machine = world.machine(name, { segment, address });
  await machine.start();
  await world.time.runFor(2_000);
  return machine;
}

Deno.test("A flood of joins fills no room at once: an honest newcomer comes in and is heard while it goes on", async () => {
  const { world, alice, bob, villain, room } = await atticWithVillain(800);
  const fromMs = world.time.nowMs;
  const flooding = villain.flood(world, joins(room, 1_000, 3_500), { msMax: 30_000 });
  await world.time.runFor(1_000);
  const carol = await newcomer(world, "carol", "192.168.43.30");
  await carol.run({ do: "join", room: "Attic" });
  await world.time.runFor(3_000);
  await assertTalkGoesOn(world, alice, bob, carol);
  const seconds = (world.time.nowMs - fromMs) / 1_000;
  const allowed = (POINTS_BURST + seconds * POINTS_PER_SECOND) / NEWCOMER_POINTS;
  const count = await membersAt(bob);
  assert(count > 1_000 && count <= allowed + 34, `${count} members after ${seconds} s`);
  villain.stranger.hangUp();
  await world.time.drive(flooding);
  await goHome(world);
});

Deno.test("A room with all the authors that fit talks on, and tells newcomers and members so", async () => {
  const { world, alice, bob, villain, room } = await atticWithVillain(801);
  for (let device = 0; device < 3; device++) {
    const one = new Villain(10 + device);
    await one.call(world, "oscar");
    one.stranger.meet(room);
    await one.flood(world, joins(room, 10_000 + device * 1_400, 1_400), { msMax: 10_000 });
    one.stranger.hangUp();
    await world.time.runFor(500);
  }
  assertEquals([await membersAt(alice), await membersAt(bob)], [AUTHORS_MAX, AUTHORS_MAX]);
  const crowded = "4096 members have written in #Attic, which is the limit. Newcomers are left out. " +
    "To go on without them, open an invite-only room and invite the people you know: earshot host TITLE --invited";
  assertEquals(noticesOf(alice).filter((text) => text.includes("which is the limit")), [crowded]);
  await assertTalkGoesOn(world, alice, bob);
  const carol = await newcomer(world, "carol", "192.168.43.30");
  const error = await assertRejects(() => carol.run({ do: "join", room: "Attic" }), WorldError);
  assertEquals(
    error.message,
    "Cannot join the room: the room has reached its limit of 4096 members who have written. " +
      "Ask its members for an invitation to another room, or open one: earshot host TITLE",
  );
  await alice.run({ do: "send", to: "bob", text: "let us move" });
  await bob.run({ do: "send", to: "alice", text: "yes" });
  villain.stranger.hangUp();
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});
