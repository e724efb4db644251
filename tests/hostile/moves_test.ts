/** Invite-only rooms and moves, where somebody nearby means ill: what a cold review found, and must not come back. */

import { assert, assertEquals } from "@std/assert";
import type { RoomId } from "../../src/room/id.ts";
import { atticOf, goHome, hotspotOf, meet, noticesOf } from "../fixtures/node/shared_room.ts";
import type { SimMachine, SimWorld } from "../sim/world.ts";
import { Villain } from "../fixtures/hostile/attacker.ts";

const EVIL_PLACE = "earshot://192.168.43.105:9999";

async function two(seed: number): Promise<{ world: SimWorld; alice: SimMachine; bob: SimMachine }> {
  const { world, machines } = hotspotOf(seed, ["alice", "bob"]);
  const [alice, bob] = machines;
  assert(alice !== undefined && bob !== undefined);
  for (const machine of machines) await machine.start();
  await meet(world);
  return { world, alice, bob };
}

async function addContact(one: SimMachine, other: SimMachine): Promise<void> {
  await one.run({ do: "send", to: other.name, text: "hi" });
  await other.run({ do: "send", to: one.name, text: "hi" });
}

async function vaultOf(host: SimMachine): Promise<{ room: RoomId; link: string }> {
  const { room } = await host.run({ do: "host", title: "Vault", isInvited: true });
  const { link } = await host.run({ do: "invite", room: "Vault", peers: [] });
  return { room: room.id, link };
}

async function roomsOf(machine: SimMachine): Promise<(readonly [RoomId, boolean])[]> {
  const { rooms } = await machine.run({ do: "rooms" });
  return rooms.filter((room) => !room.direct).map((room) => [room.id, room.joined]);
}

Deno.test("A bystander who is asked for an invite-only room gets nothing of it, whatever it answers", async () => {
  const { world, machines: [alice, bob, carol] } = hotspotOf(1, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  for (const machine of [alice, bob, carol]) await machine.start();
  await meet(world);
  const { room, link: first } = await vaultOf(bob);
  await carol.run({ do: "join", room: first });
  // Carol's link is followed while she is gone, so others are asked.
  const { link } = await carol.run({ do: "invite", room: "#Vault", peers: [] });
  await carol.stop();
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  await world.time.runFor(3_000);
  const joining = alice.node.run({ do: "join", room: link });
  const answer = {
    type: "meet",
    room,
    follow: true,
    leads: false,
    ask: false,
    again: true,
    proof: null,
  } as const;
  for (let times = 0; times < 200; times++) {
    await world.time.runFor(50);
    if (villain.stranger.of("meet").length > 0) villain.stranger.say({ ...answer, vector: new Map() });
  }
  assertEquals((await world.time.drive(joining)).room.id, room);
  await bob.run({ do: "send", to: "#Vault", text: "the plan" });
  await world.time.runFor(500);
  await alice.run({ do: "send", to: "#Vault", text: "agreed" });
  await world.time.runFor(3_000);
  assertEquals(await bob.texts("#Vault"), ["the plan", "agreed"]);
  const got = villain.stranger.heard.filter((record) => "room" in record && record.room === room);
  assertEquals(got.filter(({ type }) => type === "entries" || type === "stream"), []);
  assertEquals(villain.stranger.of("meet").filter(({ vector }) => vector.size > 0), []);
  villain.stranger.hangUp();
  await world.time.runFor(100);
  await goHome(world);
});

Deno.test("Two members who move at once end nobody's node", async () => {
  const { world, machines } = await atticOf(2, ["alice", "bob", "carol"]);
  const [alice, bob, carol] = machines;
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  for (const friend of [alice, bob]) await addContact(carol, friend);
  await addContact(alice, bob);
  await world.time.drive(Promise.all(
    [alice, bob].map(({ node }) => node.run({ do: "renew", room: "Attic", without: [] })),
  ));
  await world.time.runFor(60_000);
  for (const machine of machines) {
    assertEquals((await roomsOf(machine)).some(([, joined]) => joined), true, machine.name);
  }
  await goHome(world);
});

Deno.test("A stranger in an open room moves nobody, and makes nobody knock anywhere", async () => {
  const { world, machines: [alice] } = await atticOf(3, ["alice", "bob"]);
  assert(alice !== undefined);
  const [[attic] = []] = await roomsOf(alice);
  assert(attic !== undefined);
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  const traps = [1, 2].map((salt) => villain.found("Attic", salt));
  villain.stranger.meet(attic);
  await world.time.runFor(200);
  const moves = traps.map(({ room }) => villain.write(attic, { kind: "move", body: room }).line);
  villain.stranger.pass(attic, villain.write(attic, { kind: "join" }).line, ...moves);
  await world.time.runFor(300);
  const invites = traps.map(({ room }) => ({
    kind: "invite",
    body: [`${EVIL_PLACE}/${room}/-/${villain.id.slice(0, 16)}`, "Attic", attic],
  }));
  await villain.tell(world, villain.directWith(alice), ...invites);
  await world.time.runFor(60_000);
  assertEquals(await roomsOf(alice), [[attic, true]]);
  const trapIds = traps.map(({ room }) => room);
  assertEquals(villain.stranger.of("meet").filter(({ room }) => trapIds.includes(room)), []);
  villain.stranger.hangUp();
  await world.time.runFor(100);
  await goHome(world);
});

Deno.test("Who is left out of a move cannot keep the others from it by an invitation of its own", async () => {
  const { world, alice, bob } = await two(4);
  await addContact(alice, bob);
  const { link } = await vaultOf(bob);
  await alice.run({ do: "join", room: link });
  await world.time.runFor(500);
  await alice.stop();
  await world.time.runFor(500);
  const { room: fresh } = await bob.run({ do: "renew", room: "#Vault", without: [] });
  await bob.stop();
  await alice.start();
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  const forged = `${EVIL_PLACE}/${fresh.id}/${"a".repeat(26)}/${villain.id.slice(0, 16)}`;
  await villain.tell(world, villain.directWith(alice), { kind: "invite", body: [forged, "Vault"] });
  await bob.start();
  await world.time.runFor(120_000);
  assertEquals((await roomsOf(alice)).filter(([, joined]) => joined), [[fresh.id, true]]);
  assertEquals(noticesOf(alice).filter((text) => text.includes("moved")).length, 1);
  villain.stranger.hangUp();
  await world.time.runFor(100);
  await goHome(world);
});

Deno.test("A move that a crash cut anywhere is followed to its end", async () => {
  for (let cutMs = 1; cutMs < 90; cutMs += 4) {
    const { world, alice, bob } = await two(5);
    await addContact(alice, bob);
    const { room: old, link } = await vaultOf(alice);
    await bob.run({ do: "join", room: link });
    await world.time.runFor(1_000);
    const { room: fresh } = await alice.run({ do: "renew", room: "#Vault", without: [] });
    await world.time.runFor(cutMs);
    bob.kill();
    await world.time.runFor(5_000);
    await bob.start();
    await world.time.runFor(120_000);
    const rooms = new Map(await roomsOf(bob));
    assertEquals([rooms.get(fresh.id), rooms.get(old)], [true, false], `cut after ${cutMs} ms`);
    await goHome(world);
  }
});

Deno.test("An ignored stranger's invitation is not taken for a friend's of that title", async () => {
  const { world, alice, bob } = await two(6);
  await addContact(bob, alice);
  const { room } = await vaultOf(bob);
  await bob.run({ do: "invite", room: "Vault", peers: ["alice"] });
  await world.time.runFor(500);
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  const trap = villain.found("Vault");
  const link = `${EVIL_PLACE}/${trap.room}/-/${villain.id.slice(0, 16)}`;
  await villain.tell(world, villain.directWith(alice), { body: "buy" }, {
    kind: "invite",
    body: [link, "Vault"],
  });
  const ambiguous = await alice.run({ do: "join", room: "Vault" }).catch((error) => error.message);
  assert(
    String(ambiguous).startsWith('You are invited to more than one room called "Vault".'),
    String(ambiguous),
  );
  await alice.run({ do: "ignore", peer: "mallory" });
  assertEquals((await alice.run({ do: "join", room: "Vault" })).room.id, room);
  villain.stranger.hangUp();
  await world.time.runFor(100);
  await goHome(world);
});

Deno.test("Who left an invite-only room comes back: its founder, and who is invited again", async () => {
  const { world, alice, bob } = await two(7);
  const { room, link } = await vaultOf(alice);
  await bob.run({ do: "join", room: link });
  await world.time.runFor(500);
  for (const machine of [alice, bob]) {
    await machine.run({ do: "leave", room: "#Vault" });
    await world.time.runFor(1_000);
    assertEquals((await machine.run({ do: "requests" })).invitations, [], "who left is not asked for it");
    assertEquals((await machine.run({ do: "join", room: "Vault" })).room.id, room);
    await world.time.runFor(1_000);
  }
  await alice.run({ do: "send", to: "#Vault", text: "all here" });
  await world.time.runFor(1_000);
  assertEquals(await bob.texts("#Vault"), ["all here"]);
  const other = `${link.slice(0, -17)}`.replace(/\/[a-z2-7]{26}$/, `/${"a".repeat(26)}`) + link.slice(-17);
  await bob.run({ do: "leave", room: "#Vault" });
  await world.time.runFor(500);
  const refused = await bob.run({ do: "join", room: other }).catch((error) => error.message);
  assertEquals(
    refused,
    "Cannot join that room: the secret in the link does not fit the room. Ask for a new link",
  );
  await goHome(world);
});

Deno.test("A move that a full disk cut short goes on when there is space again, with nobody doing anything", async () => {
  const { world, alice, bob } = await two(8);
  await addContact(alice, bob);
  const { link } = await vaultOf(alice);
  await bob.run({ do: "join", room: link });
  await world.time.runFor(1_000);
  for (const free of [0, 800, 1_500]) {
    bob.disk.setFull(free);
    const { room: fresh } = await alice.run({ do: "renew", room: "#Vault", without: [] });
    await world.time.runFor(20_000);
    bob.disk.setFull(null);
    await world.time.runFor(300_000);
    assertEquals(
      (await roomsOf(bob)).filter(([, joined]) => joined),
      [[fresh.id, true]],
      `${free} bytes free`,
    );
  }
  await goHome(world);
});
