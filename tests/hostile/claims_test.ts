/** People who say what is not so of what disks hold; and a member whom the user has blocked. */

import { assert, assertEquals } from "@std/assert";
import { CLAIM_MS_MAX } from "../../src/node/room/receipt_tracker.ts";
import type { PeerId } from "../../src/room/id.ts";
import { goHome } from "../fixtures/node/shared_room.ts";
import { stranger } from "../fixtures/room/people.ts";
import type { SimMachine } from "../sim/world.ts";
import { assertTalkGoesOn, atticWithVillain, rowsOf } from "../fixtures/hostile/room_with_attacker.ts";
import { Villain } from "../fixtures/hostile/attacker.ts";

/** Beyond all that anybody has written. */
const FAR = 2 ** 47;

/** How far the machine's own newest line is said to have come. */
async function stateOf(machine: SimMachine): Promise<string | null> {
  const own = (await rowsOf(machine)).filter(({ author }) => author === machine.node.id);
  return own.at(-1)?.state ?? null;
}

function claimsAbout(...peers: readonly PeerId[]): ReadonlyMap<PeerId, number> {
  return new Map(peers.map((peer) => [peer, FAR]));
}

Deno.test("Who is no member claims nothing of anybody's disk, and keeps nobody from writing", async () => {
  const { world, alice, bob, room } = await atticWithVillain(810);
  const bobId = bob.node.id;
  const outsider = new Villain(6);
  await outsider.call(world, "oscar");
  outsider.stranger.meet(room);
  await bob.stop();
  await world.time.runFor(500);
  await alice.run({ do: "send", to: "#Attic", text: "anybody?" });
  const madeUp = Array.from({ length: 2_000 }, (_, index) => stranger(20_000 + index).id);
  outsider.stranger.say({ type: "seen", room, members: claimsAbout(bobId, ...madeUp) });
  outsider.stranger.say({ type: "have", room, vector: claimsAbout(alice.node.id, ...madeUp) });
  await world.time.runFor(1_000);
  assert(await stateOf(alice) !== "everywhere");
  await alice.run({ do: "send", to: "#Attic", text: "I can still write" });
  await bob.start();
  await world.time.runFor(3_000);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("A member's lie of a longer feed of ours holds us up once, and not for long; what it says of others' disks is believed", async () => {
  const { world, alice, bob, room, villain } = await atticWithVillain(811);
  const bobId = bob.node.id;
  const lie = () => villain.stranger.say({ type: "have", room, vector: claimsAbout(alice.node.id) });
  lie();
  await world.time.runFor(100);
  const refused = await alice.run({ do: "send", to: "#Attic", text: "hello" }).then(() => null, String);
  assert(refused?.includes("other members have messages of yours that this home lacks"), String(refused));
  await world.time.runFor(CLAIM_MS_MAX);
  for (let times = 0; times < 50; times++) {
    lie();
    await world.time.runFor(100);
  }
  await assertTalkGoesOn(world, alice, bob);
  await bob.stop();
  await world.time.runFor(500);
  await alice.run({ do: "send", to: "#Attic", text: "bob?" });
  await world.time.runFor(500);
  // Documented: receipts are what members claim, each of its own disk also in advance.
  assertEquals(await stateOf(alice), "passed");
  villain.stranger.say({ type: "seen", room, members: claimsAbout(bobId) });
  await world.time.runFor(500);
  assertEquals(await stateOf(alice), "everywhere");
  await alice.run({ do: "send", to: "#Attic", text: "and now?" });
  await world.time.runFor(500);
  assertEquals(await stateOf(alice), "passed", "of others' disks nothing is claimed in advance");
  await bob.start();
  await world.time.runFor(3_000);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("A blocked member's lines are not shown, but kept and relayed: the exports of all members are equal", async () => {
  const { world, alice, bob, room, villain } = await atticWithVillain(812);
  await bob.run({ do: "block", peer: villain.id, isBlocked: true });
  for (let at = 0; at < 50; at++) {
    villain.stranger.pass(room, villain.write(room, { body: `spam ${at}` }).line);
  }
  await world.time.runFor(1_000);
  const spam = (rows: Awaited<ReturnType<typeof rowsOf>>) =>
    rows.filter(({ text }) => text.includes("spam")).length;
  assertEquals([spam(await rowsOf(alice)), spam(await rowsOf(bob))], [50, 0]);
  assertEquals(bob.events.filter((event) => event.event === "entry" && event.row.text.includes("spam")), []);
  assertEquals((await bob.run({ do: "search", text: "spam" })).count, 0);
  assertEquals(await bob.export("#Attic"), await alice.export("#Attic"));
  // The one whom the flood comes from has a session with Alice: she ends that too.
  await alice.run({ do: "block", peer: villain.id, isBlocked: true });
  assertEquals(villain.stranger.closed, "blocked");
  await assertTalkGoesOn(world, alice, bob);
  assertEquals(spam(await rowsOf(alice)), 0);
  await bob.run({ do: "block", peer: villain.id, isBlocked: false });
  assertEquals(spam(await rowsOf(bob)), 50);
  await goHome(world);
});
