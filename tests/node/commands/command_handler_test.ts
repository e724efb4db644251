/** All other commands on running nodes: what they do when all is well, and their sentences when it is not. */

import { assert, assertEquals } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { roomOf } from "../../fixtures/discovery/beacons.ts";
import { atticOf, goHome } from "../../fixtures/node/shared_room.ts";
import { assertSays } from "../../fixtures/node/failing_commands.ts";

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
    [{ do: "send", to: "#Attic", text: "" }, UsageError, "The message is empty"],
    [{ do: "send", to: "#Attic", text: " \n\t" }, UsageError, "The message is empty"],
    [
      { do: "send", to: "#Attic", text: `${longest}!` },
      UsageError,
      "The message is too long: 65537 bytes; the limit is 65536. Send it in parts",
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
      'Nobody here is called "Attic", but a room is. Write "#Attic"',
    ],
    [
      { do: "send", to: "alice", text: "x" },
      UsageError,
      'Nobody here is called "alice". See who is here: earshot peers',
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
    "The message is too long: with its control characters written out it has 130052 bytes; the limit is 130048. " +
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
      'Nobody here is called "nobody". See who is here: earshot peers',
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
    [{ do: "nick", name: "" }, UsageError, "Names cannot be empty"],
    [
      { do: "nick", name: "x".repeat(33) },
      UsageError,
      "Names have at most 32 characters; this one has 33",
    ],
    [
      { do: "nick", name: "bob the great" },
      UsageError,
      'Names cannot contain spaces. Try "bob-the-great"',
    ],
    [
      { do: "nick", name: "bob\x07" },
      UsageError,
      "Names cannot contain invisible characters; this one contains U+0007",
    ],
    [
      { do: "nick", name: "ALICE" },
      UsageError,
      'Somebody in #Attic is already called "ALICE". Choose another name',
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
    alike: null,
    label: "",
    address: "192.168.43.11",
    port: 9999,
    seen: null,
    here: true,
    connected: true,
    verified: false,
    contact: false,
    blocked: false,
    away: null,
    note: "",
  });
  assertEquals(await alice.run({ do: "contacts" }), { contacts: [], places: [], broken: [] });
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(500);
  assertEquals((await alice.run({ do: "contacts" })).contacts.map(({ name, contact }) => [name, contact]), [[
    "bob",
    true,
  ]]);
  const status = await alice.run({ do: "status" });
  assertEquals({ ...status, outlook: "", outlookMessages: [], interfaces: [] }, {
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
    away: null,
    outlook: "",
    outlookMessages: [],
    interfaces: [],
    giving: [],
    notices: [],
    noticeMessages: [],
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
