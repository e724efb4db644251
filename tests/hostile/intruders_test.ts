/** Peers who want into an invite-only room without one. */

import { assert, assertEquals } from "@std/assert";
import { readProof } from "../../src/room/access.ts";
import type { RoomId } from "../../src/room/id.ts";
import { filedEntries, goHome } from "../fixtures/node/shared_room.ts";
import { friends, type Scene } from "../fixtures/hostile/two_friends.ts";
import { Villain } from "../fixtures/hostile/attacker.ts";

/** Alice and Bob are in the room "Vault" by invitation; a villain calls, who knows Bob's proof. */
async function vault(
  seed: number,
): Promise<Scene & { readonly villain: Villain; readonly room: RoomId; readonly proof: Uint8Array }> {
  const scene = await friends(seed);
  const { world, alice, bob } = scene;
  const { room } = await alice.run({ do: "host", title: "Vault", isInvited: true });
  const { link } = await alice.run({ do: "invite", room: "#Vault", peers: [] });
  await bob.run({ do: "join", room: link });
  await alice.run({ do: "send", to: "#Vault", text: "the secret plan" });
  await world.time.runFor(500);
  const entries = await world.time.drive(filedEntries(alice));
  const join = entries.find((entry) => entry.room === room.id && entry.author === bob.node.id);
  const proof = join === undefined ? null : readProof(join);
  assert(proof !== null, "Bob's join has a proof");
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  return { ...scene, villain, room: room.id, proof };
}

/** What the node answers to a wish to meet in that room. */
async function answers(
  { world, villain }: Scene & { villain: Villain },
  room: RoomId,
  proof: Uint8Array | null,
) {
  const before = villain.stranger.heard.length;
  const vector = new Map();
  villain.stranger.say({
    type: "meet",
    room,
    follow: true,
    leads: false,
    ask: true,
    again: false,
    proof,
    vector,
  });
  await world.time.runFor(1_000);
  return villain.stranger.heard.slice(before).filter(({ type }) => type !== "ping");
}

Deno.test("With no proof, a made-up one or another member's, an invite-only room looks like an unknown one", async () => {
  const scene = await vault(500);
  const { room, proof } = scene;
  const unknown = `${"b".repeat(25)}a` as RoomId;
  const proofs = [null, new Uint8Array(proof.length), new Uint8Array(proof.length).fill(255), proof];
  for (const one of proofs) {
    assertEquals(await answers(scene, room, one), [{ type: "refuse", room }]);
    assertEquals(await answers(scene, unknown, one), [{ type: "refuse", room: unknown }]);
  }
  await goHome(scene.world);
});

Deno.test("A join without a proof, with a made-up one or with another member's is in nobody's room", async () => {
  const scene = await vault(501);
  const { world, alice, bob, villain, room, proof } = scene;
  const bobs = btoa(String.fromCharCode(...proof)).replaceAll("+", "-").replaceAll("/", "_").replaceAll(
    "=",
    "",
  );
  for (const body of ["", "A".repeat(bobs.length), bobs]) {
    const intruder = new Villain(6 + body.length % 7);
    villain.stranger.pass(room, intruder.write(room, { kind: "join", body }).line);
    await world.time.runFor(300);
  }
  await villain.tell(world, room, { kind: "join", body: bobs }, { body: "I am in" });
  for (const machine of [alice, bob]) {
    const { members } = await machine.run({ do: "members", room: "#Vault" });
    assertEquals(members.map(({ name }) => name).toSorted(), ["alice", "bob"]);
    assertEquals(await machine.texts("#Vault"), ["the secret plan"]);
  }
  assertEquals(villain.stranger.of("entries"), []);
  await goHome(world);
});

Deno.test("Somebody who is not in a room moves nobody out of it", async () => {
  const scene = await vault(502);
  const { world, alice, villain, room } = scene;
  const trap = villain.found("Vault");
  villain.stranger.pass(room, villain.write(room, { kind: "move", body: trap.room }).line);
  await world.time.runFor(500);
  const link = `earshot://192.168.43.105:9999/${trap.room}/${"a".repeat(26)}/${villain.id.slice(0, 16)}`;
  await villain.tell(world, villain.directWith(alice), { kind: "invite", body: [link, "Vault", room] });
  await world.time.runFor(5_000);
  const { rooms } = await alice.run({ do: "rooms" });
  assertEquals(rooms.filter(({ direct }) => !direct).map(({ id, joined }) => [id, joined]), [[room, true]]);
  assertEquals((await alice.run({ do: "requests" })).invitations.map(({ title }) => title), ["Vault"]);
  await goHome(world);
});
