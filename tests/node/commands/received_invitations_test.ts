/** Invite-only rooms on running nodes: links, who gets in, and moving away from a link that got out. */

import { assert, assertEquals } from "@std/assert";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { UsageError, WorldError } from "../../../src/errors.ts";
import { parseRoomId, type RoomId } from "../../../src/room/id.ts";
import { proveInvitation } from "../../../src/room/invitation.ts";
import { formatLink, parseLink } from "../../../src/room/invite_link.ts";
import type { SimMachine, SimWorld } from "../../sim/world.ts";
import { filedEntries, goHome, hotspotOf, meet, noticesOf } from "../../fixtures/node/shared_room.ts";
import { assertSays } from "../../fixtures/node/failing_commands.ts";
import { Stranger } from "../../fixtures/node/manual_peer.ts";

async function started(
  seed: number,
  names: readonly string[],
): Promise<{ world: SimWorld; machines: SimMachine[] }> {
  const all = hotspotOf(seed, names);
  for (const machine of all.machines) await machine.start();
  await meet(all.world);
  return all;
}

/** The first hosts "Vault" by invitation; its link. */
async function vaultOf(alice: SimMachine): Promise<{ room: RoomId; link: string }> {
  const { room } = await alice.run({ do: "host", title: "Vault", isInvited: true });
  const { link } = await alice.run({ do: "invite", room: "Vault", peers: [] });
  return { room: room.id, link };
}

async function titles(machine: SimMachine): Promise<string[]> {
  return (await machine.run({ do: "rooms" })).rooms.map((room) => room.title);
}

Deno.test("An invite-only room is seen by nobody nearby, and its link lets people in", async () => {
  const { world, machines: [alice, bob, carol] } = await started(1, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const { room, link } = await vaultOf(alice);
  await alice.run({ do: "send", to: "#Vault", text: "before you" });
  await world.time.runFor(2_000);
  assertEquals([await titles(bob), await titles(carol)], [[], []]);
  const joined = await bob.run({ do: "join", room: link });
  assertEquals([joined.room.title, joined.room.invited, joined.room.joined], ["Vault", true, true]);
  // A member invites as well, and capitals are the same link.
  const second = await bob.run({ do: "invite", room: "#Vault", peers: [] });
  await carol.run({ do: "join", room: second.link.toUpperCase() });
  await bob.run({ do: "send", to: "#Vault", text: "hello" });
  await world.time.runFor(500);
  await carol.run({ do: "send", to: "#Vault", text: "hi" });
  await world.time.runFor(1_000);
  for (const machine of [alice, bob, carol]) {
    assertEquals(await machine.texts("#Vault"), ["before you", "hello", "hi"], machine.name);
  }
  assertEquals(parseRoomId(room), room);
  await goHome(world);
  const secret = link.split("/")[4] ?? "";
  for (const machine of [alice, bob, carol]) {
    const lines = (await world.time.drive(filedEntries(machine))).map((entry) => entry.line).join("\n");
    assert(!lines.includes(secret), "the secret stands in no entry");
  }
});

Deno.test("An invite-only room is found again after a restart of everybody, and its secret too", async () => {
  const { world, machines: [alice, bob, carol] } = await started(2, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const { link } = await vaultOf(alice);
  await bob.run({ do: "join", room: link });
  await world.time.runFor(500);
  for (const machine of [alice, bob]) await machine.stop();
  for (const machine of [bob, alice]) await machine.start();
  await world.time.runFor(5_000);
  await alice.run({ do: "send", to: "#Vault", text: "still here" });
  await world.time.runFor(1_000);
  assertEquals(await bob.texts("#Vault"), ["still here"]);
  // Its maker is gone: any other member lets people in, by the same link.
  await alice.stop();
  await world.time.runFor(3_000);
  assertEquals((await carol.run({ do: "join", room: link })).room.joined, true);
  await world.time.runFor(1_000);
  await carol.run({ do: "send", to: "#Vault", text: "made it" });
  await world.time.runFor(1_000);
  assertEquals(await bob.texts("#Vault"), ["still here", "made it"]);
  const again = await carol.run({ do: "invite", room: "Vault", peers: [] });
  assertEquals(again.link.split("/")[4], link.split("/")[4]);
  await goHome(world);
});

Deno.test("invite sends the link to people, who join by the room's title", async () => {
  const { world, machines: [alice, bob] } = await started(3, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await vaultOf(alice);
  const { told } = await alice.run({ do: "invite", room: "Vault", peers: ["bob"] });
  assertEquals(told, ["bob"]);
  await world.time.runFor(1_000);
  const { invitations } = await bob.run({ do: "requests" });
  assertEquals(invitations.map(({ title, from }) => [title, from.name]), [["Vault", "alice"]]);
  assertEquals((await bob.run({ do: "join", room: "vault" })).room.title, "Vault");
  assertEquals((await bob.run({ do: "requests" })).invitations, []);
  const { rows } = await bob.run({ do: "log", to: "alice" });
  assertEquals(rows.map((row) => row.text), ['sent an invitation to the room "Vault"']);
  await goHome(world);
});

Deno.test("A link lets nobody into another room, and no other link into this one", async () => {
  const { world, machines: [alice, bob] } = await started(4, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const { room, link } = await vaultOf(alice);
  const cellar = (await alice.run({ do: "host", title: "Cellar", isInvited: true })).room.id;
  const said = parseLink(link);
  assert(said?.secret instanceof Uint8Array);
  const refused = "Cannot join that room: none of its members here let you in. " +
    "alice, who made the link, does not have the room or its secret. " +
    "Try again when its members are near, or ask for a new link";
  const peer = alice.node.id;
  const { endpoint, secret } = said;
  const wrong = [
    { endpoint, room: cellar, secret, peer },
    { endpoint, room, secret: secret.with(0, (secret[0] ?? 0) ^ 1), peer },
    { endpoint, room, secret: null, peer },
    { endpoint, room: parseRoomId("a".repeat(26)) ?? room, secret, peer },
  ];
  for (const one of wrong) {
    await assertSays(bob, [[{ do: "join", room: formatLink(one) }, WorldError, refused]]);
  }
  assertEquals(await titles(bob), []);
  assertEquals((await bob.run({ do: "join", room: link })).room.title, "Vault");
  await goHome(world);
});

Deno.test("To whoever brings no proof, an invite-only room looks like one that does not exist", async () => {
  const { world, machines: [alice, bob] } = await started(5, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const { room, link } = await vaultOf(alice);
  await bob.run({ do: "join", room: link });
  await world.time.runFor(500);
  const mallory = new Stranger(66);
  await mallory.call(world, { to: "192.168.43.1", from: "192.168.43.66", name: "mallory" });
  const crypto = denoCrypto();
  const secret = parseLink(link)?.secret ?? new Uint8Array();
  const bobs = proveInvitation(secret, { room, author: bob.node.id }, crypto);
  const guessed = proveInvitation(new Uint8Array(16), { room, author: mallory.id }, crypto);
  const meetBy = (proof: Uint8Array | null, of = room) =>
    mallory.say({
      type: "meet",
      room: of,
      follow: true,
      leads: false,
      ask: true,
      again: true,
      proof,
      vector: new Map(),
    });
  const nowhere = parseRoomId("a".repeat(26)) ?? room;
  for (const proof of [null, bobs, guessed, new Uint8Array(64)]) meetBy(proof);
  meetBy(null, nowhere);
  mallory.pass(room, mallory.draft(room, { number: 1, prev: "", kind: "text", body: "let me in" }).line);
  mallory.say({ type: "have", room, vector: new Map([[alice.node.id, 99]]) });
  mallory.say({ type: "seen", room, members: new Map([[bob.node.id, 99]]) });
  await world.time.runFor(1_000);
  assertEquals(mallory.of("refuse").map((refuse) => refuse.room), [room, room, room, room, nowhere]);
  assertEquals([mallory.of("entries"), mallory.of("meet").map((one) => one.room), mallory.closed], [
    [],
    [],
    null,
  ]);
  // With the secret it is let in like anybody.
  meetBy(proveInvitation(secret, { room, author: mallory.id }, crypto));
  await world.time.runFor(500);
  assert(mallory.of("entries").length > 0);
  mallory.hangUp();
  await world.time.runFor(100);
  await goHome(world);
});

Deno.test("renew moves all but some to a new room, also who was away, and whoever has only the old link stays out", async () => {
  const names = ["alice", "bob", "carol", "mallory"];
  const { world, machines: [alice, bob, carol, mallory] } = await started(6, names);
  assert(alice !== undefined && bob !== undefined && carol !== undefined && mallory !== undefined);
  const { room: old, link } = await vaultOf(alice);
  for (const machine of [bob, carol, mallory]) await machine.run({ do: "join", room: link });
  await world.time.runFor(1_000);
  await carol.stop();
  await world.time.runFor(1_000);
  const renewed = await alice.run({ do: "renew", room: "Vault", without: ["mallory"] });
  assertEquals([renewed.told.toSorted(), renewed.room.title], [["bob", "carol"], "Vault"]);
  assert(renewed.room.id !== old);
  await world.time.runFor(5_000);
  assertEquals((await bob.run({ do: "log", to: "#Vault" })).room.id, renewed.room.id);
  assertEquals(noticesOf(bob).filter((text) => text.includes("moved")), [
    "alice moved #Vault to a new room; you have been moved too. The messages of the old room are kept",
  ]);
  // Carol comes while alice is gone: bob lets her in.
  await alice.stop();
  await carol.start();
  await world.time.runFor(1_000);
  await alice.start();
  await world.time.runFor(60_000);
  assertEquals((await carol.run({ do: "log", to: "#Vault" })).room.id, renewed.room.id);
  await carol.run({ do: "send", to: "#Vault", text: "among us" });
  await world.time.runFor(1_000);
  assertEquals(await bob.texts("#Vault"), ["among us"]);
  const left = await mallory.run({ do: "log", to: "#Vault" });
  assertEquals([left.room.id, left.rows.some(({ text }) => text === "moved to a new room")], [old, true]);
  assert(!left.rows.some(({ text }) => text === "among us"));
  await goHome(world);
});

Deno.test("Nobody is moved by somebody who is not in the room, or without its members' knowledge", async () => {
  const { world, machines: [alice, bob, carol] } = await started(7, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const { room: old, link } = await vaultOf(alice);
  await bob.run({ do: "join", room: link });
  // Carol is no member, but she knows the room's id and sends an invitation that names it.
  await carol.run({ do: "host", title: "Trap", isInvited: true });
  await carol.run({ do: "invite", room: "Trap", peers: ["bob"] });
  await world.time.runFor(3_000);
  assertEquals((await bob.run({ do: "log", to: "#Vault" })).room.id, old);
  assertEquals(
    (await bob.run({ do: "rooms" })).rooms.filter((room) => room.joined).map((room) => room.title),
    ["Vault"],
  );
  await goHome(world);
});

Deno.test("invite, renew and join say what is wrong", async () => {
  const { world, machines: [alice, bob] } = await started(8, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const { link } = await vaultOf(alice);
  await alice.run({ do: "host", title: "Kitchen" });
  await world.time.runFor(500);
  await assertSays(alice, [
    [
      { do: "invite", room: "Vault", peers: ["nobody"] },
      UsageError,
      'Nobody here is called "nobody". See who is here: earshot peers',
    ],
    [{ do: "renew", room: "Vault", without: ["bob"] }, UsageError, "bob is not in #Vault"],
    [
      { do: "join", room: "earshot://192.168.43.1:9999/short" },
      UsageError,
      "That link is incomplete. It should look like earshot://192.168.43.1:9999/ROOM/SECRET/KEY, without spaces or line breaks. Copy all of it",
    ],
  ]);
  assertEquals((await alice.run({ do: "join", room: link })).note, "You are already in that room");
  // The link of an open room has no secret, and works too.
  const open = await alice.run({ do: "invite", room: "Kitchen", peers: [] });
  assertEquals(open.link.split("/")[4], "-");
  assertEquals((await bob.run({ do: "join", room: open.link })).room.title, "Kitchen");
  await alice.stop();
  await world.time.runFor(100_000);
  await assertSays(bob, [[
    { do: "join", room: link },
    WorldError,
    "Cannot join that room: none of its members here let you in. Cannot connect to 192.168.43.1 port 9999: " +
    "the device is there, but earshot is not listening on that port. " +
    "Try again when its members are near, or ask for a new link",
  ]]);
  await goHome(world);
});

Deno.test("A link to a place where somebody else is by now tells so, and gives that peer no part in it", async () => {
  const { world, machines: [alice, bob, carol] } = hotspotOf(9, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  await alice.start();
  const { link } = await vaultOf(alice);
  const said = parseLink(link);
  assert(said !== null);
  const peer = alice.node.id;
  await alice.stop();
  for (const machine of [bob, carol]) await machine.start();
  await world.time.runFor(3_000);
  const elsewhere = formatLink({ ...said, endpoint: { address: "192.168.43.12", port: 9999 }, peer });
  await assertSays(bob, [[
    { do: "join", room: elsewhere },
    WorldError,
    "Cannot join that room: none of its members here let you in. Somebody else than the maker of the link is now at 192.168.43.12 port 9999. " +
    "Try again when its members are near, or ask for a new link",
  ]]);
  assertEquals((await bob.run({ do: "contacts" })).contacts, []);
  await goHome(world);
});
