/** host, join and leave on running nodes: what they do when all is well, and their sentences when it is not. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError, WorldError } from "../../../src/errors.ts";
import { atticOf, goHome } from "../../fixtures/node/shared_room.ts";
import { assertSays } from "../../fixtures/node/failing_commands.ts";

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
    [{ do: "host", title: "" }, UsageError, "Room titles cannot be empty"],
    [{ do: "host", title: "#  " }, UsageError, "Room titles cannot be empty"],
    [
      { do: "host", title: "x".repeat(65) },
      UsageError,
      "Room titles have at most 64 characters; this one has 65",
    ],
    [
      { do: "host", title: "a\nb" },
      UsageError,
      "Room titles cannot contain invisible characters; this one contains U+000A",
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
    note: "You are already in that room",
    noteMessage: { code: "join.already", values: {} },
  });
  assertEquals((await alice.run({ do: "join", room: "Garden" })).note, "You are already in that room");
  await assertSays(bob, [
    [{ do: "join", room: "Gardn" }, UsageError, 'No room here is called "Gardn". Did you mean "Garden"?'],
    [
      { do: "join", room: "Kitchen" },
      UsageError,
      'No room here is called "Kitchen". See the rooms: earshot rooms',
    ],
    [{ do: "join", room: "" }, UsageError, 'No room here is called "". See the rooms: earshot rooms'],
    [
      { do: "join", room: "192.168.43" },
      UsageError,
      '"192.168.43" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
    ],
    [
      { do: "join", room: "192.168.43.1:http" },
      UsageError,
      '"http" is not a port. A port is a whole number from 1 to 65535',
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
      error.message ===
        `More than one room here is called "garden". Say which one by its id: ${list.join(", ")}`
    ),
    error.message,
  );
  for (const { id } of [one, other]) await carol.run({ do: "join", room: id });
  await assertSays(carol, [[
    { do: "send", to: "#garden", text: "which?" },
    UsageError,
    `More than one of your rooms is called "#garden". Say which one by its id: ${one.id.slice(0, 8)}, ${
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
    "bob at 192.168.43.11 port 9999 is not hosting a room. Message them directly: earshot send bob TEXT",
  ]]);
  await bob.run({ do: "host", title: "Garden" });
  await world.time.runFor(500);
  assertEquals((await carol.run({ do: "join", room: "192.168.43.11:9999" })).room.title, "Garden");
  await alice.run({ do: "host", title: "Cellar" });
  await world.time.runFor(500);
  const several = await assertRejects(() => carol.run({ do: "join", room: "192.168.43.1" }), UsageError);
  assert(
    several.message.startsWith("alice at 192.168.43.1 port 9999 is hosting several rooms: "),
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
    `Somebody here is also called "Alice", so you are shown as "Alice·${tag}". To choose another name: earshot nick NAME`,
  );
  await world.time.runFor(500);
  const { rows } = await alice.run({ do: "log", to: "#Attic", last: 1 });
  assertEquals([rows[0]?.name, rows[0]?.text], [`Alice·${tag}`, "joined"]);
  await goHome(world);
});

Deno.test("join comes back at once into a room that one has just left, although nothing new was said in it", async () => {
  const { world, machines: [alice, bob] } = await atticOf(7, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "leave", room: "Attic" });
  await world.time.runFor(1_000);
  const fromMs = world.time.nowMs;
  assertEquals((await alice.run({ do: "join", room: "Attic" })).room.joined, true);
  assert(world.time.nowMs - fromMs < 500, `it took ${world.time.nowMs - fromMs} simulated ms`);
  await goHome(world);
});

Deno.test("leave ends it, once; writing needs a new join", async () => {
  const { world, machines: [alice, bob] } = await atticOf(6, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const { room } = await bob.run({ do: "leave", room: "attic" });
  assertEquals([room.joined, room.members], [false, 1]);
  await assertSays(bob, [
    [{ do: "leave", room: "#Attic" }, WorldError, "You have already left #Attic"],
    [
      { do: "send", to: "#Attic", text: "one more" },
      WorldError,
      "Cannot send this: you have left that room. Join it again first",
    ],
    [
      { do: "leave", room: "Kitchen" },
      UsageError,
      'You have no room called "#Kitchen". See the rooms: earshot rooms',
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
