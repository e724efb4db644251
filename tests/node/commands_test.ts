/** What each command does when all is well, and its sentence when it is not, on running nodes. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError, WorldError } from "../../src/errors.ts";
import type { Command } from "../../src/node/vocabulary.ts";
import { roomOf } from "../discovery/cast.ts";
import type { SimMachine } from "../sim/world.ts";
import { atticOf, goHome } from "./attic.ts";

type Case = readonly [command: Command, kind: typeof UsageError | typeof WorldError, message: string];

/** Runs commands that all fail, and checks that each says just that. */
async function assertSays(machine: SimMachine, cases: readonly Case[]): Promise<void> {
  for (const [command, kind, message] of cases) {
    const error = await assertRejects(() => machine.run(command), Error);
    assertEquals([error.message, error instanceof kind], [message, true], JSON.stringify(command));
  }
}

Deno.test("host opens a room once, and says what is wrong with a title", async () => {
  const { world, machines: [alice, bob] } = await atticOf(1, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const first = await alice.run({ do: "host", title: "#Old Books" });
  assertEquals(first.room, {
    ...first.room,
    title: "Old Books",
    direct: false,
    members: 1,
    host: "alice",
    joined: true,
  });
  assertEquals((await alice.run({ do: "host", title: "old books" })).room.id, first.room.id);
  await world.time.runFor(500);
  const nearby = (await bob.run({ do: "rooms" })).rooms.find(({ title }) => title === "Old Books");
  assertEquals([nearby?.joined, nearby?.host], [false, "alice"]);
  await assertSays(alice, [
    [{ do: "host", title: "" }, UsageError, "Cannot open the room: A title cannot be empty"],
    [{ do: "host", title: "#  " }, UsageError, "Cannot open the room: A title cannot be empty"],
    [
      { do: "host", title: "x".repeat(65) },
      UsageError,
      "Cannot open the room: A title has at most 64 characters: this one has 65",
    ],
    [
      { do: "host", title: "a\nb" },
      UsageError,
      "Cannot open the room: A title cannot contain characters that cannot be seen: this one has U+000A",
    ],
  ]);
  await goHome(world);
});

Deno.test("join takes a room by its title or id, and says when it is not there", async () => {
  const { world, machines: [alice, bob] } = await atticOf(2, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const { room } = await alice.run({ do: "host", title: "Garden" });
  await world.time.runFor(500);
  assertEquals((await bob.run({ do: "join", room: room.id.slice(0, 8) })).room.title, "Garden");
  assertEquals(await bob.run({ do: "join", room: "#garden" }), {
    room: { ...(await bob.run({ do: "log", to: "#Garden" })).room },
    note: "You are in that room already",
  });
  assertEquals((await alice.run({ do: "join", room: "Garden" })).note, "You are in that room already");
  await assertSays(bob, [
    [{ do: "join", room: "Gardn" }, UsageError, 'No room here is called "Gardn". Did you mean "Garden"?'],
    [
      { do: "join", room: "Kitchen" },
      UsageError,
      'No room here is called "Kitchen". See the rooms with "earshot rooms"',
    ],
    [{ do: "join", room: "" }, UsageError, 'No room here is called "". See the rooms with "earshot rooms"'],
    [
      { do: "join", room: "192.168.43" },
      UsageError,
      '"192.168.43" is not an address: it takes four numbers from 0 to 255, such as 192.168.43.1',
    ],
    [
      { do: "join", room: "192.168.43.1:http" },
      UsageError,
      '"http" is not a port: it takes a whole number from 1 to 65535',
    ],
  ]);
  await goHome(world);
});

Deno.test("join asks which of two rooms of one title is meant", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(3, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const one = (await alice.run({ do: "host", title: "Garden" })).room;
  const other = (await bob.run({ do: "host", title: "GARDEN" })).room;
  await world.time.runFor(500);
  const error = await assertRejects(() => carol.run({ do: "join", room: "garden" }), UsageError);
  const choices = [`${one.id.slice(0, 8)} (alice)`, `${other.id.slice(0, 8)} (bob)`];
  assert(
    [choices, choices.toReversed()].some((list) =>
      error.message === `More than one room here is called "garden". Say which by its id: ${list.join(", ")}`
    ),
    error.message,
  );
  for (const { id } of [one, other]) await carol.run({ do: "join", room: id });
  await assertSays(carol, [[
    { do: "send", to: "#garden", text: "which?" },
    UsageError,
    `More than one of your rooms is called "#garden". Say which by its id: ${one.id.slice(0, 8)}, ${
      other.id.slice(0, 8)
    }`,
  ]]);
  await carol.run({ do: "send", to: other.id, text: "that one" });
  assertEquals(await carol.texts(other.id), ["that one"]);
  await goHome(world);
});

Deno.test("join by an address takes the one room that is relayed there", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(4, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  await assertSays(carol, [[
    { do: "join", room: "192.168.43.11" },
    WorldError,
    "bob at 192.168.43.11 port 9999 relays no room. Talk to them directly: earshot send bob TEXT",
  ]]);
  await bob.run({ do: "host", title: "Garden" });
  await world.time.runFor(500);
  assertEquals((await carol.run({ do: "join", room: "192.168.43.11:9999" })).room.title, "Garden");
  await alice.run({ do: "host", title: "Cellar" });
  await world.time.runFor(500);
  const several = await assertRejects(() => carol.run({ do: "join", room: "192.168.43.1" }), UsageError);
  assert(
    several.message.startsWith("alice at 192.168.43.1 port 9999 relays several rooms: "),
    several.message,
  );
  assert(several.message.endsWith(". Join one by its title"), several.message);
  await goHome(world);
});

Deno.test("join tells that somebody of our name is in the room already", async () => {
  const { world, machines: [alice, bob] } = await atticOf(5, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.run({ do: "leave", room: "Attic" });
  await bob.run({ do: "nick", name: "Alice" });
  const { note } = await bob.run({ do: "join", room: "Attic" });
  const tag = bob.node.id.slice(0, 4);
  assertEquals(
    note,
    `Somebody here is called "Alice" too, so you are shown as "Alice·${tag}". Choose another name with "earshot nick NAME"`,
  );
  await world.time.runFor(500);
  const { rows } = await alice.run({ do: "log", to: "#Attic", last: 1 });
  assertEquals([rows[0]?.name, rows[0]?.text], [`Alice·${tag}`, "joined"]);
  await goHome(world);
});

Deno.test("leave ends it, once; writing needs a new join", async () => {
  const { world, machines: [alice, bob] } = await atticOf(6, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const { room } = await bob.run({ do: "leave", room: "attic" });
  assertEquals([room.joined, room.members], [false, 1]);
  await assertSays(bob, [
    [{ do: "leave", room: "#Attic" }, WorldError, 'You have left "Attic" already'],
    [
      { do: "send", to: "#Attic", text: "one more" },
      WorldError,
      "Cannot send that: you have left that room. Join it again first",
    ],
    [
      { do: "leave", room: "Kitchen" },
      UsageError,
      'You have no room called "#Kitchen". See the rooms with "earshot rooms"',
    ],
  ]);
  await world.time.runFor(500);
  await alice.run({ do: "send", to: "#Attic", text: "bob?" });
  await world.time.runFor(1_000);
  assertEquals(await bob.texts("#Attic"), [], "what is said from then on is not for bob");
  await bob.run({ do: "join", room: "Attic" });
  assertEquals(await bob.texts("#Attic"), ["bob?"]);
  await goHome(world);
});

Deno.test("send keeps a text for a room or a person, and says why it cannot", async () => {
  const { world, machines: [alice, bob] } = await atticOf(7, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const sent = await alice.run({ do: "send", to: "bob", text: "two\nlines" });
  assertEquals([sent.title, sent.number, sent.state], ["bob", 1, "kept"]);
  const longest = "ä".repeat(32 * 1024);
  await alice.run({ do: "send", to: "#Attic", text: longest });
  await world.time.runFor(2_000);
  assertEquals([await bob.texts("alice"), await bob.texts("#Attic")], [["two\nlines"], [longest]]);
  await assertSays(alice, [
    [{ do: "send", to: "#Attic", text: "" }, UsageError, "There is nothing to send: the text is empty"],
    [{ do: "send", to: "#Attic", text: " \n\t" }, UsageError, "There is nothing to send: the text is empty"],
    [
      { do: "send", to: "#Attic", text: `${longest}!` },
      UsageError,
      "The text is too long to send: 65537 bytes, and 65536 fit. Send it in parts",
    ],
    [{ do: "send", to: "bobb", text: "x" }, UsageError, 'Nobody here is called "bobb". Did you mean "bob"?'],
    [
      { do: "send", to: "#Atic", text: "x" },
      UsageError,
      'You have no room called "#Atic". Did you mean "#Attic"?',
    ],
    [
      { do: "send", to: "Attic", text: "x" },
      UsageError,
      'Nobody here is called "Attic", but a room is: write "#Attic"',
    ],
    [
      { do: "send", to: "alice", text: "x" },
      UsageError,
      'Nobody here is called "alice". See who is there with "earshot peers"',
    ],
  ]);
  await goHome(world);
});

Deno.test("send takes control characters, which are written out in a line, as far as a line holds them", async () => {
  const { world, machines: [alice, bob] } = await atticOf(8, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const most = Math.floor((127 * 1_024 - 2) / 6);
  await alice.run({ do: "send", to: "#Attic", text: "\x01".repeat(most) });
  await world.time.runFor(2_000);
  assertEquals((await bob.texts("#Attic"))[0]?.length, 2 * most, "each is shown as ^A");
  await assertSays(alice, [[
    { do: "send", to: "#Attic", text: "\x01".repeat(most + 1) },
    UsageError,
    "The text is too long to send: with its control characters written out it takes 130052 bytes, and 130048 fit. " +
    "Send it in parts",
  ]]);
  await goHome(world);
});

Deno.test("wait says how far a text has come, at once, in time, or that it has not", async () => {
  const { world, machines: [alice, bob] } = await atticOf(9, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const { room, number } = await alice.run({ do: "send", to: "#Attic", text: "hello" });
  assertEquals(await alice.run({ do: "wait", room, number, until: "everywhere", ms: 5_000 }), {
    state: "everywhere",
    isReached: true,
  });
  bob.powerOff();
  const later = await alice.run({ do: "send", to: "#Attic", text: "bob?" });
  const startMs = world.time.nowMs;
  const waiting = { do: "wait", room, number: later.number, until: "passed", ms: 7_000 } as const;
  assertEquals(await alice.run(waiting), { state: "kept", isReached: false });
  assertEquals(Math.round(world.time.nowMs - startMs), 7_000);
  await assertSays(alice, [[{ ...waiting, room: roomOf(1) }, UsageError, "There is no such room"]]);
  await goHome(world);
});

Deno.test("log gives the last lines, export a range of time", async () => {
  const { world, machines: [alice, bob] } = await atticOf(10, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const moments: number[] = [];
  for (const text of ["one", "two", "three"]) {
    moments.push(alice.clock?.wallMs() ?? 0);
    await alice.run({ do: "send", to: "#Attic", text });
    await world.time.runFor(10_000);
  }
  const textsOf = async (last: number) =>
    (await bob.run({ do: "log", to: "#Attic", last })).rows.map((row) => row.text);
  assertEquals([await textsOf(1), await textsOf(0)], [["three"], []]);
  assertEquals((await textsOf(2)).length, 2);
  const [, second = 0] = moments;
  const some = await bob.run({
    do: "export",
    to: "#Attic",
    sinceMs: second - 1_000,
    untilMs: second + 1_000,
  });
  assertEquals([some.title, some.count, some.text.includes("bob"), some.text.includes("alice: two")], [
    "Attic",
    1,
    false,
    true,
  ]);
  assert(!some.text.includes("alice: one") && !some.text.includes("alice: three"));
  await assertSays(bob, [
    [{ do: "log", to: "#Attik" }, UsageError, 'You have no room called "#Attik". Did you mean "#Attic"?'],
    [
      { do: "export", to: "nobody" },
      UsageError,
      'Nobody here is called "nobody". See who is there with "earshot peers"',
    ],
  ]);
  await goHome(world);
});

Deno.test("nick takes a name, tells everybody, and says what is wrong with one", async () => {
  const { world, machines: [alice, bob] } = await atticOf(11, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  assertEquals(await bob.run({ do: "nick", name: "robert" }), { name: "robert" });
  assertEquals(await bob.run({ do: "nick", name: "robert" }), { name: "robert" });
  await world.time.runFor(1_000);
  assertEquals((await alice.run({ do: "peers" })).peers.map(({ name }) => name), ["robert"]);
  const { rows } = await alice.run({ do: "log", to: "#Attic" });
  assertEquals(rows.filter(({ kind }) => kind === "name").map(({ text }) => text), [
    "is now known as robert",
  ]);
  await assertSays(bob, [
    [{ do: "nick", name: "" }, UsageError, "Cannot take that name: A name cannot be empty"],
    [
      { do: "nick", name: "x".repeat(33) },
      UsageError,
      "Cannot take that name: A name has at most 32 characters: this one has 33",
    ],
    [
      { do: "nick", name: "bob the great" },
      UsageError,
      'Cannot take that name: A name cannot contain spaces: "bob-the-great" would do',
    ],
    [
      { do: "nick", name: "bob\x07" },
      UsageError,
      "Cannot take that name: A name cannot contain characters that cannot be seen: this one has U+0007",
    ],
    [
      { do: "nick", name: "ALICE" },
      UsageError,
      'Cannot take the name "ALICE": somebody in "Attic" is called so. Choose another',
    ],
  ]);
  assertEquals((await bob.run({ do: "status" })).name, "robert");
  await bob.stop();
  await bob.start({ name: "robert" });
  assertEquals(bob.node.name, "robert");
  await goHome(world);
});

Deno.test("peers, contacts, status and rescan tell what is there", async () => {
  const { world, machines: [alice, bob] } = await atticOf(12, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const [peer] = (await alice.run({ do: "peers" })).peers;
  assertEquals({ ...peer, seen: null }, {
    id: bob.node.id,
    name: "bob",
    address: "192.168.43.11",
    port: 9999,
    seen: null,
    here: true,
    connected: true,
    verified: false,
    contact: false,
  });
  assertEquals(await alice.run({ do: "contacts" }), { contacts: [], broken: [] });
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(500);
  assertEquals((await alice.run({ do: "contacts" })).contacts.map(({ name, contact }) => [name, contact]), [[
    "bob",
    true,
  ]]);
  const status = await alice.run({ do: "status" });
  assertEquals({ ...status, outlook: "", interfaces: [] }, {
    id: alice.node.id,
    name: "alice",
    version: "sim",
    home: "/home/earshot",
    pid: 1,
    port: 9999,
    discoveryPort: 9999,
    sessions: 1,
    peers: 1,
    rooms: 1,
    outlook: "",
    interfaces: [],
    notices: [],
  });
  assertEquals(await alice.run({ do: "rescan" }), {});
  await goHome(world);
});

Deno.test("stop ends the node: its owner hears of it", async () => {
  const { world, machines: [alice] } = await atticOf(13, ["alice"]);
  assert(alice !== undefined);
  const { ended } = alice.node;
  assertEquals(await alice.run({ do: "stop" }), {});
  await world.time.drive(ended);
  await goHome(world);
});
