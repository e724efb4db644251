/** A member who says far more than anybody can read: it is read slowly, the others talk on, and nothing is lost. */

import { assert, assertEquals } from "@std/assert";
import {
  MEET_POINTS,
  OFFENCE_POINTS,
  POINTS_BURST,
  POINTS_PER_SECOND,
} from "../../src/node/support/quotas.ts";
import type { RoomId } from "../../src/room/id.ts";
import type { WireRecord } from "../../src/wire/record.ts";
import { goHome, noticesOf } from "../fixtures/node/shared_room.ts";
import type { SimMachine } from "../sim/world.ts";
import {
  assertTalkGoesOn,
  type AtticScene,
  atticWithVillain,
  rowsOf,
} from "../fixtures/hostile/room_with_attacker.ts";
import { Villain } from "../fixtures/hostile/attacker.ts";

/** Records of the villain's next lines, one line each. */
function* lines(villain: Villain, room: RoomId, count: number, body = "buy now"): Iterable<WireRecord> {
  for (let at = 0; at < count; at++) {
    yield { type: "entries", room, lines: [villain.write(room, { body: `${body} ${at}` }).line] };
  }
}

async function countOf(machine: SimMachine, author: string): Promise<number> {
  return (await rowsOf(machine)).filter((row) => row.author === author).length;
}

function warningsOf(machine: SimMachine): readonly string[] {
  return noticesOf(machine).filter((text) => text.includes("sends too much"));
}

Deno.test("Who has spent its share is read at the pace of its quota, told once a minute, and loses nothing", async () => {
  const scene = await atticWithVillain(760);
  const { world, alice, bob, villain, room } = scene;
  await villain.spend(world, room);
  const fromMs = world.time.nowMs;
  await villain.flood(world, lines(villain, room, 3_000), { msMax: 5_000 });
  const seconds = (world.time.nowMs - fromMs) / 1_000;
  const taken = await countOf(alice, villain.id);
  assert(taken <= (seconds + 1) * POINTS_PER_SECOND, `${taken} lines in ${seconds} s`);
  assert(taken >= (seconds - 2) * POINTS_PER_SECOND, `${taken} lines in ${seconds} s`);
  await assertTalkGoesOn(world, alice, bob);
  assertEquals(warningsOf(alice), [
    `mallory sends too much. Only 256 lines a second are accepted from that device now; nobody else is affected. ` +
    `To hear nothing from it: earshot contacts block ${villain.id.slice(0, 8)}`,
  ]);
  assertEquals(warningsOf(bob), []);
  const told = villain.said(room);
  await world.time.runFor(20_000);
  assertEquals([villain.stranger.closed, await countOf(alice, villain.id), await countOf(bob, villain.id)], [
    null,
    told,
    told,
  ]);
  await goHome(world);
});

Deno.test("A new session, and one with another key, gets no new share", async () => {
  const scene = await atticWithVillain(761);
  const { world, alice, bob, villain, room } = scene;
  await villain.spend(world, room);
  villain.stranger.hangUp();
  await world.time.runFor(100);
  const from = "192.168.43.105";
  const others = [villain.twin(), new Villain(7), new Villain(8)];
  const before = (await rowsOf(alice)).length;
  const fromMs = world.time.nowMs;
  for (const [index, other] of others.entries()) {
    await other.call(world, `other${index}`, { from });
    other.stranger.meet(room);
    if (index > 0) other.stranger.pass(room, other.write(room, { kind: "join" }).line);
    await other.flood(world, lines(other, room, 2_000), { msMax: 2_000 });
    other.stranger.hangUp();
    await world.time.runFor(100);
  }
  const seconds = (world.time.nowMs - fromMs) / 1_000;
  const taken = (await rowsOf(alice)).length - before;
  assert(taken > 0 && taken <= (seconds + 1) * POINTS_PER_SECOND, `${taken} lines in ${seconds} s`);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

/** Records that cost more to answer than to send. */
const RECORDS:
  readonly (readonly [what: string, record: (scene: AtticScene, index: number) => WireRecord])[] = [
    ["meet", ({ room }, index) => ({
      type: "meet",
      room,
      follow: index % 2 === 0,
      leads: false,
      ask: true,
      again: true,
      proof: null,
      vector: new Map(),
    })],
    ["meet of rooms that nobody has", (_scene, index) => ({
      type: "meet",
      room: `${index}`.replaceAll(/[0189]/g, "a").padEnd(26, "a") as RoomId,
      follow: true,
      leads: false,
      ask: true,
      again: true,
      proof: null,
      vector: new Map(),
    })],
    ["have", ({ room, bob }, index) => ({ type: "have", room, vector: new Map([[bob.node.id, index + 1]]) })],
    [
      "seen",
      ({ room, bob }, index) => ({ type: "seen", room, members: new Map([[bob.node.id, index + 1]]) }),
    ],
    ["refuse", ({ room }) => ({ type: "refuse", room })],
    ["typing", ({ room }) => ({ type: "typing", room })],
    ["introduce", ({ bob }, index) => ({
      type: "introduce",
      peers: [{ peer: bob.node.id, endpoint: { address: `192.168.43.${index % 250 + 1}`, port: 9999 } }],
    })],
    ["profile", (_scene, index) => ({
      type: "profile",
      name: `m${index}`,
      away: "",
      rendezvousPort: 9999,
      merit: 1,
      rooms: [],
    })],
  ];

for (const [index, [what, record]] of RECORDS.entries()) {
  Deno.test(`Ten thousand records "${what}" hold nobody up, and are answered in bounds`, async () => {
    const scene = await atticWithVillain(770 + index);
    const { world, alice, bob, villain } = scene;
    const before = villain.stranger.heard.length;
    const eventsBefore = alice.events.length;
    const fromMs = world.time.nowMs;
    const records = Array.from({ length: 10_000 }, (_, at) => record(scene, at));
    const flooding = villain.flood(world, records, { msMax: 20_000 });
    await world.time.drive(flooding);
    await assertTalkGoesOn(world, alice, bob);
    const seconds = (world.time.nowMs - fromMs) / 1_000;
    const answers = villain.stranger.heard.slice(before).filter(({ type }) => type !== "ping").length;
    // A meet has up to three answers: meet, seen and stream. A few records beside are the talk of the others.
    const allowed = 3 * (POINTS_BURST + seconds * POINTS_PER_SECOND) / MEET_POINTS + 1_000;
    assert(answers <= allowed, `${answers} answers in ${seconds} s, allowed ${allowed}`);
    const events = alice.events.slice(eventsBefore).length;
    assert(events <= 50 + 25 * seconds, `${events} events in ${seconds} s`);
    await goHome(world);
  });
}

Deno.test("A member that comes and goes all the time makes no storm of profiles, beacons or looks", async () => {
  const { world, alice, bob, villain, room } = await atticWithVillain(790);
  const bystander = new Villain(6);
  await bystander.call(world, "oscar");
  const before = bystander.stranger.of("profile").length;
  const roomEvents = () => alice.events.filter((event) => event.event === "room").length;
  const eventsBefore = roomEvents();
  const fromMs = world.time.nowMs;
  for (let at = 0; at < 500; at++) {
    villain.stranger.pass(room, villain.write(room, { kind: at % 2 === 0 ? "leave" : "join" }).line);
    await world.time.runFor(10);
  }
  const seconds = (world.time.nowMs - fromMs) / 1_000;
  const told = bystander.stranger.of("profile").length - before;
  assert(told <= 10 * seconds + 1, `${told} profiles in ${seconds} s`);
  const events = roomEvents() - eventsBefore;
  assert(events <= 10 * seconds + 1, `${events} events in ${seconds} s`);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("What no honest node says costs the device its share, whatever key it comes back with", async () => {
  const { world, alice, bob } = await atticWithVillain(791);
  let endedCount = 0;
  const fromMs = world.time.nowMs;
  for (let key = 10; warningsOf(alice).length === 0 && key < 200; key++) {
    const other = new Villain(key);
    await other.call(world, "other", { from: "192.168.43.105" });
    other.stranger.pass("a".repeat(26) as RoomId, "not met, so not read");
    other.stranger.meet(other.directWith(alice));
    other.stranger.pass(other.directWith(alice), '{"e":[1]}');
    await world.time.runFor(200);
    if (other.stranger.closed === "bad-record") endedCount++;
  }
  assertEquals(warningsOf(alice).length, 1);
  const seconds = (world.time.nowMs - fromMs) / 1_000;
  const allowed = (POINTS_BURST + seconds * POINTS_PER_SECOND) / OFFENCE_POINTS;
  assert(endedCount > 100 && endedCount <= allowed, `${endedCount} ended, allowed ${allowed}`);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});
