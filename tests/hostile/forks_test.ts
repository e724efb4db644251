/** A member who signs two different lines as one, and shows one to some and the other to others. */

import { assert, assertEquals } from "@std/assert";
import type { Entry } from "../../src/room/entry.ts";
import { filedEntries, goHome, noticesOf } from "../fixtures/node/shared_room.ts";
import type { SimMachine } from "../sim/world.ts";
import {
  assertTalkGoesOn,
  type AtticScene,
  atticWithVillain,
  rowsOf,
} from "../fixtures/hostile/room_with_attacker.ts";
import { Villain } from "../fixtures/hostile/attacker.ts";

const BOB_AT = "192.168.43.11";

/** Says of whom the machine's user was warned. */
function warningsOf(machine: SimMachine): readonly string[] {
  return noticesOf(machine).filter((text) => text.includes("signed two different messages"));
}

async function forkedAt(machine: SimMachine): Promise<readonly string[]> {
  const { members } = await machine.run({ do: "members", room: "#Attic" });
  return members.filter((member) => member.forked).map(({ id }) => id);
}

/** The villain's line for each side, as the next of its feed. */
function twoLines({ villain, room }: AtticScene): readonly [Entry, Entry] {
  const twin = villain.twin();
  return [villain.write(room, { body: "at five" }), twin.write(room, { body: "at six" })];
}

Deno.test("Who tells two people different things as one line is shown to both, and the honest order is the same", async () => {
  const scene = await atticWithVillain(740);
  const { world, alice, bob, villain, room } = scene;
  const [five, six] = twoLines(scene);
  const twin = villain.twin();
  await twin.call(world, "mallory", { to: BOB_AT, from: "192.168.43.150" });
  twin.stranger.meet(room);
  await world.time.runFor(200);
  twin.stranger.pass(room, six.line);
  villain.stranger.pass(room, five.line);
  await world.time.runFor(2_000);
  for (const machine of [alice, bob]) {
    const sentence = `mallory·${villain.tag} signed two different messages as number 2 in #Attic. ` +
      "Do not rely on what they say there. The first one is shown; both are kept";
    assertEquals(warningsOf(machine), [sentence], machine.name);
    assertEquals(await forkedAt(machine), [villain.id]);
    const filed = (await world.time.drive(filedEntries(machine))).filter(({ author }) =>
      author === villain.id
    );
    assertEquals(new Set(filed.map(({ hash }) => hash)), new Set([filed[0]?.hash, five.hash, six.hash]));
  }
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("Who comes later, and meets one branch only, hears of the other", async () => {
  const scene = await atticWithVillain(741);
  const { world, alice, bob, villain, room } = scene;
  const [five, six] = twoLines(scene);
  villain.stranger.pass(room, five.line, six.line);
  await world.time.runFor(1_000);
  villain.stranger.hangUp();
  await bob.stop();
  await bob.start();
  await world.time.runFor(3_000);
  assertEquals(
    [await forkedAt(alice), await forkedAt(bob)],
    [[villain.id], [villain.id]],
    "after a restart too",
  );
  const segment = alice.host.attachments[1]?.segment;
  assert(segment !== undefined);
  const carol = world.machine("carol", { segment, address: "192.168.43.30" });
  await carol.start();
  await world.time.runFor(2_000);
  await carol.run({ do: "join", room: "Attic" });
  await world.time.runFor(1_000);
  assertEquals([await forkedAt(carol), warningsOf(carol).length], [[villain.id], 1]);
  await assertTalkGoesOn(world, alice, bob, carol);
  await goHome(world);
});

Deno.test("Of three thousand branches one is kept and told, and the first line stays", async () => {
  const scene = await atticWithVillain(742);
  const { world, alice, bob, villain, room } = scene;
  const branches = Array.from({ length: 3_000 }, (_, index) => {
    const twin = villain.twin();
    return twin.write(room, { body: `version ${index}` }).line;
  });
  for (let at = 0; at < branches.length; at += 50) {
    villain.stranger.pass(room, ...branches.slice(at, at + 50));
  }
  await world.time.runFor(5_000);
  for (const machine of [alice, bob]) {
    const filed = (await world.time.drive(filedEntries(machine))).filter(({ author }) =>
      author === villain.id
    );
    assertEquals([filed.length, warningsOf(machine).length], [3, 1], machine.name);
    const shown = (await rowsOf(machine)).filter(({ author }) => author === villain.id);
    assertEquals(shown.map(({ text }) => text), ["joined", "version 0"]);
  }
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("Forks of the longest lines under many keys end no honest session, and fill no screen", async () => {
  const { world, alice, bob, villain, room } = await atticWithVillain(743);
  const long = "x".repeat(120_000);
  for (let key = 20; key < 60; key++) {
    const one = new Villain(key);
    const join = one.write(room, { kind: "join" }).line;
    const twin = one.twin();
    villain.stranger.pass(room, join);
    villain.stranger.pass(room, one.write(room, { body: `a${long}` }).line);
    villain.stranger.pass(room, twin.write(room, { body: `b${long}` }).line);
    await world.time.runFor(50);
  }
  await world.time.runFor(5_000);
  assertEquals((await forkedAt(bob)).length, 40);
  for (const machine of [alice, bob]) assert(warningsOf(machine).length <= 3, machine.name);
  assertEquals(alice.events.filter((event) => event.event === "peer" && event.change === "gone"), []);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});
