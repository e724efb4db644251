import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { formatIsoTime } from "../../../src/node/views/conversation_directory.ts";
import { roomOf } from "../../fixtures/discovery/beacons.ts";
import { atticOf, goHome } from "../../fixtures/node/shared_room.ts";
import { crowd } from "../../fixtures/node/known_people.ts";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

Deno.test("Conversations finds what a user means: a room by title or id, a person by name", async () => {
  const { conversations, commands, rooms, peerDirectory, hear, time } = await crowd();
  await time.drive(commands.run({ do: "host", title: "Attic" }));
  const { room } = await time.drive(commands.run({ do: "host", title: "Old Books" }));
  const eve = hear("evee", "eve");
  const titleOf = (text: string) => conversations.titleOf(conversations.find(text));
  assertEquals(["#Attic", "#attic", "#ATTIC"].map(titleOf), ["Attic", "Attic", "Attic"]);
  assertEquals(["#Old Books", room.id, room.id.slice(0, 6), `#${room.id.slice(0, 6)}`].map(titleOf), [
    "Old Books",
    "Old Books",
    "Old Books",
    "Old Books",
  ]);
  assertEquals(conversations.find("eve"), rooms.openDirect(eve));
  assertEquals([titleOf("eve"), titleOf("evee")], ["eve", "eve"]);
  assertEquals(peerDirectory.find("eve"), eve);
});

Deno.test("Conversations says what is wrong when it is none", async () => {
  const { conversations, commands, hear, time } = await crowd();
  await time.drive(commands.run({ do: "host", title: "Attic" }));
  hear("evee", "eve", [{ id: roomOf(7), title: "Garden", memberCount: 3 }]);
  const cases: readonly [string, string][] = [
    ["#Atic", 'You have no room called "#Atic". Did you mean "#Attic"?'],
    ["#Kitchen", 'You have no room called "#Kitchen". See the rooms: earshot rooms'],
    ["#", 'You have no room called "#". See the rooms: earshot rooms'],
    ["#garden", 'You are not in "#garden" yet. Join it first: earshot join garden'],
    ["Attic", 'Nobody here is called "Attic", but a room is. Write "#Attic"'],
    ["ev", 'Nobody here is called "ev". Did you mean "eve"?'],
    ["", 'Nobody here is called "". See who is here: earshot peers'],
  ];
  for (const [text, message] of cases) {
    const error = assertThrows(() => conversations.find(text), UsageError);
    assertEquals(error.message, message, text);
  }
});

Deno.test("Conversations lists rooms of our own and nearby, and not what is empty", async () => {
  const { conversations, commands, hear, time } = await crowd();
  const { room } = await time.drive(commands.run({ do: "host", title: "Attic" }));
  hear("evee", "eve", [{ id: roomOf(7), title: "Gar\u202Eden", memberCount: 3 }]);
  hear("ddde", "dora", [{ id: roomOf(7), title: "Garden", memberCount: 4 }]);
  conversations.find("eve");
  assertEquals(conversations.listRows(), [
    {
      id: room.id,
      title: "Attic",
      direct: false,
      invited: false,
      request: false,
      peer: null,
      members: 1,
      host: "me",
      joined: true,
      unread: 0,
    },
    {
      id: roomOf(7),
      title: "Gar⟨202E⟩den",
      direct: false,
      invited: false,
      request: false,
      peer: null,
      members: 3,
      host: "eve",
      joined: false,
      unread: 0,
    },
  ]);
  assertEquals([...conversations.findNearby().values()].map(({ hosts }) => hosts.length), [2]);
});

Deno.test("Conversations names a direct conversation after the other, as the user calls them", async () => {
  const { conversations, commands, hear, addContact, time } = await crowd();
  const dad = hear("abcd", "henry");
  await time.drive(commands.run({ do: "send", to: "henry", text: "hello" }));
  const localRoom = conversations.find("henry");
  assertEquals([conversations.titleOf(localRoom), localRoom.directPeer], ["henry", dad]);
  addContact("abcd", { label: "Dad" });
  assertEquals([conversations.titleOf(localRoom), conversations.toRow(localRoom).title], ["Dad", "Dad"]);
  assertEquals(conversations.find("Dad"), localRoom);
  hear("bbbb", "Dad");
  assertEquals(conversations.titleOf(localRoom), "Dad", "a stranger changes nothing about a contact");
});

Deno.test("Conversations exports a direct conversation under both names, the same on both sides", async () => {
  const { world, machines: [alice, bob] } = await atticOf(1, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(1_000);
  await bob.run({ do: "send", to: "alice", text: "hi" });
  await world.time.runFor(1_000);
  const [theirs, ours] = [
    await bob.run({ do: "export", to: "alice" }),
    await alice.run({ do: "export", to: "bob" }),
  ];
  assertEquals([ours.title, theirs.title], ["bob", "alice"]);
  assertEquals(theirs.text, ours.text);
  assert(/alice and bob|bob and alice/.test(ours.text), ours.text);
  assertEquals([ours.count, theirs.count], [2, 2]);
  await goHome(world);
});

Deno.test("Conversations counts what others said and the user has not looked at, across a restart", async () => {
  const { world, machines: [alice, bob] } = await atticOf(2, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const unreadOf = async () =>
    (await bob.run({ do: "rooms" })).rooms.map(({ title, unread }) => [title, unread]);
  for (const text of ["one", "two", "three"]) await alice.run({ do: "send", to: "#Attic", text });
  await alice.run({ do: "send", to: "bob", text: "psst" });
  await world.time.runFor(500);
  await bob.run({ do: "accept", peer: "alice" });
  await bob.run({ do: "send", to: "#Attic", text: "my own" });
  await world.time.runFor(1_000);
  assertEquals(await unreadOf(), [["Attic", 3], ["alice", 1]]);
  await bob.run({ do: "log", to: "#Attic", markRead: false });
  assertEquals(await unreadOf(), [["Attic", 3], ["alice", 1]]);
  await bob.run({ do: "log", to: "#Attic" });
  assertEquals(await unreadOf(), [["Attic", 0], ["alice", 1]]);
  await bob.stop();
  await alice.run({ do: "send", to: "#Attic", text: "while you were away" });
  await bob.start();
  await world.time.runFor(5_000);
  assertEquals((await unreadOf()).toSorted(), [["Attic", 1], ["alice", 1]]);
  await goHome(world);
});

Deno.test("Conversations shows what others are called then, and tells two of one name apart", async () => {
  const { world, machines: [alice, bob] } = await atticOf(3, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.run({ do: "send", to: "#Attic", text: "as bob" });
  await bob.run({ do: "nick", name: "robert" });
  await bob.run({ do: "send", to: "#Attic", text: "as robert" });
  await world.time.runFor(1_000);
  const { rows } = await alice.run({ do: "log", to: "#Attic" });
  assertEquals(
    rows.map(({ name, text, notice }) => `${notice ? "* " : ""}${name}${notice ? " " : ": "}${text}`),
    [
      '* alice opened the room "Attic"',
      "* bob joined",
      "bob: as bob",
      "* bob is now known as robert",
      "robert: as robert",
    ],
  );
  await goHome(world);
});

Deno.test("isoTime writes any moment, those that no clock can mean at the end of what it can", () => {
  const cases: readonly [number, string][] = [
    [0, "1970-01-01T00:00:00.000Z"],
    [1_767_225_600_123, "2026-01-01T00:00:00.123Z"],
    [-5, "1970-01-01T00:00:00.000Z"],
    [Number.MAX_SAFE_INTEGER, "9999-12-31T23:59:59.999Z"],
  ];
  for (const [wallMs, expected] of cases) assertEquals(formatIsoTime(wallMs), expected);
});

Deno.test("ConversationDirectory looks through the rooms equally often, however many conversations it lists", async () => {
  const looksFor = async (count: number) => {
    const { conversations, commands, rooms, addContact, time } = await crowd();
    for (let index = 0; index < count; index++) {
      const start = `peer${BASE32.charAt(index >> 5)}${BASE32.charAt(index & 31)}aa`;
      addContact(start, { name: `friend${index}` });
      await time.drive(commands.run({ do: "send", to: start, text: "hello" }));
    }
    const list = rooms.list.bind(rooms);
    let looks = 0;
    rooms.list = () => {
      looks++;
      return list();
    };
    assertEquals(conversations.listRows().length, count);
    return looks;
  };
  assertEquals(await looksFor(60), await looksFor(20));
});
