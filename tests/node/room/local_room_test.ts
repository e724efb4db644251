/** Rooms of a running node against a peer that says what no honest one does. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { WorldError } from "../../../src/errors.ts";
import { ACK_MS, CLAIM_MS_MAX } from "../../../src/node/room/receipt_tracker.ts";
import { RETRY_MS } from "../../../src/node/room/entry_receiver.ts";
import { deriveDirectRoom } from "../../../src/room/access.ts";
import { type PeerId, type RoomId, toPeerId } from "../../../src/room/id.ts";
import { roomOf } from "../../fixtures/discovery/beacons.ts";
import type { SimMachine, SimWorld } from "../../sim/world.ts";
import { atticOf, goHome, noticesOf } from "../../fixtures/node/shared_room.ts";
import { Stranger } from "../../fixtures/node/manual_peer.ts";

interface Scene {
  readonly world: SimWorld;
  readonly alice: SimMachine;
  readonly bob: SimMachine;
  readonly mallory: Stranger;
  readonly room: RoomId;
}

/** Alice and bob in the Attic, and mallory connected to alice. */
async function scene(seed: number): Promise<Scene> {
  const { world, machines: [alice, bob] } = await atticOf(seed, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "send", to: "#Attic", text: "hello" });
  const [row] = (await alice.run({ do: "rooms" })).rooms;
  assert(row !== undefined);
  const mallory = new Stranger(66);
  await mallory.call(world, { to: "192.168.43.1", from: "192.168.43.66", name: "mallory" });
  return { world, alice, bob, mallory, room: row.id };
}

async function leave({ world, mallory }: Scene): Promise<void> {
  mallory.hangUp();
  await world.time.runFor(500);
  await goHome(world);
}

function directOf(alice: SimMachine, other: PeerId): RoomId {
  return deriveDirectRoom(alice.node.id, other, denoCrypto()).id;
}

Deno.test("A node refuses rooms that it does not have, and conversations that are not the asker's", async () => {
  const all = await scene(1);
  const { world, alice, bob, mallory } = all;
  await alice.run({ do: "send", to: "bob", text: "between us" });
  await world.time.runFor(500);
  const theirs = directOf(alice, bob.node.id);
  for (const room of [roomOf(9), theirs]) mallory.meet(room);
  await world.time.runFor(200);
  assertEquals(mallory.of("refuse").map(({ room }) => room), [roomOf(9), theirs]);
  assertEquals([mallory.of("entries"), mallory.closed], [[], null]);
  await leave(all);
});

Deno.test("A node gives an open room to whoever asks, and a stranger's words to nobody before it joined", async () => {
  const all = await scene(2);
  const { world, alice, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  const lines = mallory.of("entries").flatMap((record) => record.lines);
  assertEquals(lines.length, 3, "the room, bob's join, hello");
  mallory.pass(room, mallory.write(room, "text", "let me in").line);
  await world.time.runFor(200);
  assertEquals(mallory.closed, "bad-record");
  assertEquals(await alice.texts("#Attic"), ["hello"]);
  await leave(all);
});

Deno.test("A node takes what a stranger writes once it has joined, and everybody gets it", async () => {
  const all = await scene(3);
  const { world, alice, bob, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  mallory.pass(room, mallory.write(room, "join", "").line, mallory.write(room, "text", "good evening").line);
  await world.time.runFor(500);
  for (const machine of [alice, bob]) assertEquals(await machine.texts("#Attic"), ["hello", "good evening"]);
  assertEquals([alice, bob].map(({ node }) => seenBy(mallory, node.id)), [2, 2]);
  await leave(all);
});

Deno.test("A join is acknowledged by whoever relays it, and by the others with what its author says next", async () => {
  const all = await scene(3);
  const { world, alice, bob, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  mallory.pass(room, mallory.write(room, "join", "").line);
  await world.time.runFor(500);
  assertEquals([alice, bob].map(({ node }) => seenBy(mallory, node.id)), [1, 0]);
  mallory.pass(room, mallory.write(room, "text", "good evening").line);
  await world.time.runFor(500);
  assertEquals([alice, bob].map(({ node }) => seenBy(mallory, node.id)), [2, 2]);
  await leave(all);
});

Deno.test("A node tells a new follower how to reach those who follow already", async () => {
  const all = await scene(11);
  const { world, bob, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  assertEquals(mallory.of("introduce").flatMap(({ peers }) => peers), [
    { peer: bob.node.id, endpoint: { address: "192.168.43.11", port: 9999 } },
  ]);
  await leave(all);
});

Deno.test("A node ends the session of who passes on lines that no honest node would, and keeps none of them", async () => {
  const lies: readonly [string, (stranger: Stranger, room: RoomId) => string][] = [
    ["no entry", () => "hello"],
    ["nothing", () => "{}"],
    [
      "of another room",
      (stranger) => stranger.draft(roomOf(9), { number: 1, prev: "", kind: "join", body: "" }).line,
    ],
    [
      "not signed so",
      (stranger, room) =>
        stranger.write(room, "join", "").line.replace('"s":"', '"s":"A').replace(/.("})$/, "$1"),
    ],
    ["changed", (stranger, room) => stranger.write(room, "join", "").line.replace("mallory", "alice!!")],
    ["of somebody who never joined", (stranger, room) => stranger.write(room, "leave", "").line],
    ["too long", () => `{"e":[${"1,".repeat(70_000)}1],"s":"x"}`],
  ];
  for (const [name, lie] of lies) {
    const all = await scene(4);
    const { world, alice, mallory, room } = all;
    mallory.meet(room);
    await world.time.runFor(200);
    mallory.pass(room, lie(mallory, room));
    await world.time.runFor(500);
    assertEquals(mallory.closed, "bad-record", name);
    const { room: row } = await alice.run({ do: "log", to: "#Attic" });
    assertEquals([row.members, await alice.texts("#Attic")], [2, ["hello"]], name);
    await leave(all);
  }
});

Deno.test("A node skips lines of a later version, and takes those beside them", async () => {
  const all = await scene(5);
  const { world, alice, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  const join = mallory.write(room, "join", "").line;
  mallory.pass(room, join.replace('{"e":[1,', '{"e":[2,'), join);
  await world.time.runFor(500);
  assertEquals(mallory.closed, null);
  assertEquals((await alice.run({ do: "log", to: "#Attic" })).room.members, 3);
  await leave(all);
});

Deno.test("A node ignores entries of a room that was not met on that session", async () => {
  const all = await scene(6);
  const { world, alice, mallory, room } = all;
  mallory.pass(room, mallory.write(room, "join", "").line);
  mallory.say({ type: "have", room, vector: new Map([[alice.node.id, 1]]) });
  await world.time.runFor(500);
  assertEquals(mallory.closed, null);
  assertEquals((await alice.run({ do: "log", to: "#Attic" })).room.members, 2);
  await leave(all);
});

Deno.test("A node keeps the first of two lines with one number, tells the user, and goes on", async () => {
  const all = await scene(7);
  const { world, alice, bob, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  const join = mallory.write(room, "join", "");
  const [one, other] = ["one story", "another story"].map((body) =>
    mallory.draft(room, { number: 2, prev: join.hash, kind: "text", body })
  );
  assert(one !== undefined && other !== undefined);
  mallory.pass(room, join.line, one.line);
  mallory.pass(room, other.line, other.line);
  await world.time.runFor(500);
  assertEquals(await alice.texts("#Attic"), ["hello", "one story"]);
  assertEquals(await bob.texts("#Attic"), ["hello", "one story"]);
  assertEquals(noticesOf(alice).length, 1);
  assertEquals(mallory.closed, null);
  await leave(all);
});

Deno.test("A node that gets a line after a gap asks for all of it again, once in five seconds", async () => {
  const all = await scene(8);
  const { world, alice, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  const [join, one, two] = [
    mallory.write(room, "join", ""),
    mallory.write(room, "text", "one"),
    mallory.write(room, "text", "two"),
  ];
  assert(join !== undefined && one !== undefined && two !== undefined);
  mallory.heard.length = 0;
  mallory.pass(room, two.line, one.line);
  mallory.pass(room, two.line);
  await world.time.runFor(RETRY_MS + 500);
  const asked = mallory.of("meet").filter(({ again }) => again);
  assertEquals(asked.map(({ vector }) => vector.get(mallory.id) ?? 0), [0]);
  mallory.pass(room, join.line, one.line, two.line);
  await world.time.runFor(500);
  assertEquals(await alice.texts("#Attic"), ["hello", "one", "two"]);
  await leave(all);
});

Deno.test("A host whose disk is full passes on what others say, and nothing of its own", async () => {
  const all = await scene(31);
  const { world, alice, bob, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  mallory.pass(room, mallory.write(room, "join", "").line);
  await world.time.runFor(200);
  alice.disk.setFull(0);
  mallory.pass(room, mallory.write(room, "text", "still heard").line);
  await assertRejects(() => alice.run({ do: "send", to: "#Attic", text: "not kept" }), WorldError);
  await world.time.runFor(500);
  assertEquals(await bob.texts("#Attic"), ["hello", "still heard"]);
  assertEquals(await alice.texts("#Attic"), ["hello"]);
  assertEquals(seenBy(mallory, alice.node.id), 1, "not acknowledged");
  alice.disk.setFull(null);
  await world.time.runFor(2 * RETRY_MS);
  assertEquals(await alice.texts("#Attic"), ["hello", "still heard"]);
  assertEquals(seenBy(mallory, alice.node.id), 2);
  await leave(all);
});

Deno.test("A node acknowledges a line only when its disk has it, and many lines in few records", async () => {
  const all = await scene(9);
  const { world, alice, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  mallory.pass(room, mallory.write(room, "join", "").line);
  await world.time.runFor(200);
  alice.disk.setFull(0);
  const refused = mallory.write(room, "text", "refused at first");
  mallory.pass(room, refused.line);
  await world.time.runFor(1_000);
  assertEquals(seenBy(mallory, alice.node.id), 1);
  alice.disk.setFull(null);
  mallory.heard.length = 0;
  await world.time.runFor(2 * RETRY_MS);
  assert(mallory.of("meet").some(({ again }) => again));
  mallory.pass(room, refused.line);
  await world.time.runFor(500);
  assertEquals(seenBy(mallory, alice.node.id), 2);
  mallory.heard.length = 0;
  for (let count = 0; count < 100; count++) {
    mallory.pass(room, mallory.write(room, "text", `line ${count}`).line);
    await world.time.runFor(1);
  }
  await world.time.runFor(500);
  assertEquals(seenBy(mallory, alice.node.id), 102);
  const records = mallory.of("seen").length;
  assert(records <= 2 * (100 / ACK_MS + 3), `${records} records for 100 lines`);
  await leave(all);
});

Deno.test("A node that gets more than its disk takes stops reading, and reads on when the disk is through", async () => {
  const all = await scene(10);
  const { world, alice, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  mallory.pass(room, mallory.write(room, "join", "").line);
  const count = 60;
  for (let number = 0; number < count; number++) {
    mallory.pass(room, mallory.write(room, "text", `${number} ${"x".repeat(60_000)}`).line);
  }
  await world.time.runFor(60_000);
  assertEquals(mallory.closed, null);
  assertEquals((await alice.texts("#Attic")).length, count + 1);
  assertEquals(seenBy(mallory, alice.node.id), count + 1);
  await leave(all);
});

/** How far the stranger was told that that member's disk has its feed. */
function seenBy(stranger: Stranger, member: PeerId): number {
  return Math.max(0, ...stranger.of("seen").map(({ members }) => members.get(member) ?? 0));
}

Deno.test("A member that claims to hold more of our lines than there are keeps us from writing for a moment, and once", async () => {
  const all = await scene(20);
  const { world, alice, mallory, room } = all;
  const claim = () => mallory.meet(room, new Map([[alice.node.id, 1_000_000]]));
  const say = (text: string) => alice.run({ do: "send", to: "#Attic", text });
  claim();
  await world.time.runFor(200);
  await say("a stranger's claim counts for nothing");
  mallory.pass(room, mallory.write(room, "join", "").line);
  await world.time.runFor(500);
  claim();
  await world.time.runFor(200);
  const error = await assertRejects(() => say("not now"), WorldError);
  assertEquals(
    error.message.startsWith("Cannot send this: other members have messages of yours that this home lacks"),
    true,
  );
  await world.time.runFor(CLAIM_MS_MAX);
  await say("nothing came, so it was a lie");
  claim();
  await world.time.runFor(200);
  const { number } = await say("and the next lie costs nothing");
  mallory.say({ type: "seen", room, members: new Map([[mallory.id, 1_000_000]]) });
  await world.time.runFor(500);
  const { rows } = await alice.run({ do: "log", to: "#Attic", last: 1 });
  assertEquals(
    rows.map((row) => [row.number, row.state]),
    [[number, "everywhere"]],
    "bob has it, and mallory says so",
  );
  await leave(all);
});

Deno.test("A node asks again after a gap, also while its author goes on writing", async () => {
  const all = await scene(22);
  const { world, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(200);
  mallory.pass(room, mallory.write(room, "join", "").line);
  await world.time.runFor(500);
  mallory.write(room, "text", "lost on the way");
  mallory.heard.length = 0;
  for (let count = 0; count < 4; count++) {
    mallory.pass(room, mallory.write(room, "text", `line ${count}`).line);
    await world.time.runFor(RETRY_MS - 1_000);
  }
  assert(mallory.of("meet").filter(({ again }) => again).length >= 2, "it starved");
  await leave(all);
});

Deno.test("A wish for everything again that had to wait does not undo what the peer has said since", async () => {
  const all = await scene(24);
  const { world, alice, mallory, room } = all;
  mallory.meet(room);
  const again = {
    type: "meet",
    room,
    leads: false,
    ask: false,
    again: true,
    proof: null,
    vector: new Map(),
  } as const;
  for (let count = 0; count < 2; count++) mallory.say({ ...again, follow: false });
  mallory.meet(room);
  await world.time.runFor(3_000);
  mallory.heard.length = 0;
  await alice.run({ do: "send", to: "#Attic", text: "news" });
  await world.time.runFor(500);
  assertEquals(mallory.of("entries").length, 1, "it follows, so it is told");
  await leave(all);
});

Deno.test("Vectors of strangers, and about made-up members, are not remembered", async () => {
  const all = await scene(23);
  const { world, alice, mallory, room } = all;
  const madeUp = Array.from(
    { length: 300 },
    (_, index) => toPeerId(new Uint8Array(32).fill(index & 0xff, index % 32)),
  );
  mallory.meet(room, new Map([...madeUp.map((id) => [id, 5] as const), [alice.node.id, 2]]));
  await world.time.runFor(500);
  mallory.heard.length = 0;
  mallory.meet(room, new Map([[alice.node.id, 2]]));
  await world.time.runFor(500);
  const known = mallory.of("seen").flatMap(({ members }) => [...members.keys()]);
  assertEquals(known.filter((id) => madeUp.includes(id)), []);
  await leave(all);
});

Deno.test("A stranger who writes to us is no contact until we answer", async () => {
  const all = await scene(24);
  const { world, alice, mallory } = all;
  const room = directOf(alice, mallory.id);
  mallory.meet(room);
  await world.time.runFor(200);
  mallory.pass(room, mallory.write(room, "text", "hello, I am bob").line);
  await world.time.runFor(500);
  const ids = async () => (await alice.run({ do: "contacts" })).contacts.map((contact) => contact.id);
  assertEquals((await ids()).includes(mallory.id), false);
  await alice.run({ do: "send", to: mallory.id, text: "who are you?" });
  assertEquals((await ids()).includes(mallory.id), true);
  await leave(all);
});

Deno.test("A stranger cannot make our lines seem to be on others' disks", async () => {
  const all = await scene(21);
  const { world, alice, bob, mallory, room } = all;
  mallory.meet(room);
  await world.time.runFor(500);
  const { id } = bob.node;
  bob.kill();
  const { number } = await alice.run({ do: "send", to: "#Attic", text: "is bob there?" });
  mallory.say({ type: "seen", room, members: new Map([[id, number]]) });
  await world.time.runFor(500);
  assertEquals((await alice.run({ do: "log", to: "#Attic", last: 1 })).rows.map((row) => row.state), [
    "kept",
  ]);
  await bob.start();
  await leave(all);
});
