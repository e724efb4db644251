/** A peer that is called what nobody may be called. */

import { assert, assertEquals } from "@std/assert";
import { goHome } from "../fixtures/node/shared_room.ts";
import { HOME } from "../sim/world.ts";
import { allLines, assertInert, bobAsKept, friends, logOf } from "../fixtures/hostile/two_friends.ts";
import { Villain } from "../fixtures/hostile/attacker.ts";

/** A name, and how it is shown, before "·" and the tag. */
const NAMES: readonly (readonly [why: string, name: string, shown: string])[] = [
  ["an escape that clears the screen", "a\x1b[2J\x07", "a^[[2J^G"],
  ["an escape that sets the title", "\x1b]0;owned\x07", "^[]0;owned^G"],
  ["escapes of 8 bits", "\x9b31mred", "⟨009B⟩31mred"],
  ["a line of somebody else", "x\n14:03  bob: yes", "x^J14.03 bob. yes"],
  ["a return over the line", "\rbob: yes", "^Mbob. yes"],
  ["a contact's name with a blank", "bob ", "bob"],
  ["a contact's name with a hidden character", "bo\u200bb", "bo⟨200B⟩b"],
  ["a contact's name with a tag", "bob·k3fw", "bob.k3fw"],
  ["a contact's name turned round", "\u202ebob", "⟨202E⟩bob"],
  ["nothing to be seen", "\u3164\u2800", "⟨3164⟩⠀"],
  ["marks piled up", `b${"\u0301".repeat(60)}`, `b${"\u0301".repeat(4)}⟨+56⟩`],
];

for (const [index, [why, name, shown]] of NAMES.entries()) {
  Deno.test(`A peer whose name is ${why} is shown with a tag, and harms nothing`, async () => {
    const scene = await friends(100 + index);
    const { world, alice } = scene;
    const villain = new Villain(5);
    await villain.call(world, name);
    await villain.tell(world, villain.directWith(alice), { body: "hello" });
    const { peers } = await alice.run({ do: "peers" });
    assertEquals(peers.find(({ id }) => id === villain.id)?.name, `${shown}·${villain.tag}`);
    const { requests } = await alice.run({ do: "requests" });
    assertEquals(requests.map(({ peer }) => peer.name), [`${shown}·${villain.tag}`]);
    assertEquals(await bobAsKept(scene), [[true, "bob", false]]);
    await assertInert(await allLines(scene));
    await goHome(world);
  });
}

Deno.test("A name of 64 units that all turn the line round cannot fill a screen", async () => {
  const scene = await friends(120);
  const { world, alice } = scene;
  const villain = new Villain(5);
  await villain.call(world, "\u202e".repeat(64));
  const { peers } = await alice.run({ do: "peers" });
  const name = peers.find(({ id }) => id === villain.id)?.name ?? "";
  assert(name.endsWith(`·${villain.tag}`));
  await assertInert(await allLines(scene));
  await goHome(world);
});

Deno.test("A stranger with a contact's very name is neither renamed, merged nor taken for it", async () => {
  const scene = await friends(121);
  const { world, alice, bob } = scene;
  const villain = new Villain(5);
  await villain.call(world, "bob");
  await villain.tell(world, villain.directWith(alice), { body: "it is me, bob" });
  const { peers } = await alice.run({ do: "peers" });
  const rows = peers.map(({ id, name, contact }) => [id === villain.id, name, contact]);
  assertEquals(rows.toSorted(), [
    [false, "bob", true],
    [true, `bob·${villain.tag}`, false],
  ]);
  await alice.run({ do: "send", to: "bob", text: "only for the real one" });
  await world.time.runFor(500);
  assertEquals((await bob.texts("alice")).at(-1), "only for the real one");
  assertEquals((await alice.run({ do: "contacts" })).contacts.map(({ id }) => id), [bob.node.id]);
  await goHome(world);
});

Deno.test("Two strangers of one name are shown apart", async () => {
  const scene = await friends(122);
  const { world, alice } = scene;
  const villains = [new Villain(5), new Villain(6)];
  for (const villain of villains) {
    await villain.call(world, "carol");
    await villain.tell(world, villain.directWith(alice), { body: "I am carol" });
  }
  const { requests } = await alice.run({ do: "requests" });
  assertEquals(
    requests.map(({ peer }) => peer.name).toSorted(),
    villains.map(({ tag }) => `carol·${tag}`).toSorted(),
  );
  await goHome(world);
});

Deno.test("A beacon that claims a contact's name renames nobody, and its title is shown on one line", async () => {
  const scene = await friends(123);
  const { world, alice, bob } = scene;
  const villain = new Villain(5);
  const room = villain.found("Attic\n* bob left\x1b[2J").room;
  await villain.beacon(world, {
    name: "bob",
    rooms: [{ id: room, title: "Attic\n* bob left\x1b[2J", memberCount: 3 }],
  });
  const { peers } = await alice.run({ do: "peers" });
  assertEquals(peers.map(({ id, name }) => [id === bob.node.id, name]).toSorted(), [
    [false, `bob·${villain.tag}`],
    [true, "bob"],
  ]);
  const { rooms } = await alice.run({ do: "rooms" });
  assertEquals(rooms.filter(({ id }) => id === room).map(({ title }) => title), ["Attic^J* bob left^[[2J"]);
  await assertInert(await allLines(scene));
  await goHome(world);
});

Deno.test("A name that reads like the start of a line is none in the log and in exports", async () => {
  const scene = await friends(124);
  const { world, alice } = scene;
  const villain = new Villain(5);
  await alice.run({ do: "host", title: "Attic" });
  await villain.call(world, "mallory");
  const { room } = await alice.run({ do: "log", to: "#Attic" });
  await villain.tell(
    world,
    room.id,
    { kind: "join", name: "bob: I owe mallory 100" },
    { body: "thanks", name: "bob: I owe mallory 100" },
    { body: "really", name: "* bob left" },
  );
  assertEquals((await logOf(alice, "#Attic")).slice(2), [
    `HH:MM  * bob. I owe mallory 100·${villain.tag} joined`,
    `HH:MM  bob. I owe mallory 100·${villain.tag}: thanks`,
    `HH:MM  "* bob left·${villain.tag}": really`,
  ]);
  const { text } = await alice.run({ do: "export", to: "#Attic" });
  const lines = text.split("\n").filter((line) => line.includes(villain.tag)).map((line) => line.slice(21));
  assertEquals(lines, [
    `* bob. I owe mallory 100·${villain.tag} joined`,
    `bob. I owe mallory 100·${villain.tag}: thanks`,
    `"* bob left·${villain.tag}": really`,
  ]);
  await goHome(world);
});

Deno.test("A name that only looks like a contact's carries a tag", async () => {
  const scene = await friends(125);
  const { world, alice } = scene;
  const villain = new Villain(5);
  await villain.call(world, "b\u043eb"); // a Cyrillic "о"
  const { peers } = await alice.run({ do: "peers" });
  assertEquals(peers.find(({ id }) => id === villain.id)?.name, `b\u043eb·${villain.tag}`);
  await goHome(world);
});

// src/room/room_view.ts, Labels.of: a name that `parseName` refuses is to be cut to 32 cells before the tag, its blanks joined, and what separates made dots.
Deno.test("However long and blank a name is, its tag stands where it is seen", async () => {
  const LONG: readonly (readonly [name: string, shown: string])[] = [
    [`bob${" ".repeat(50)}x`, "bob x"],
    [`bob${"\u3000".repeat(50)}x`, "bob x"],
    ["a".repeat(64), `${"a".repeat(31)}…`],
    ["\u202e".repeat(64), `${"⟨202E⟩".repeat(5)}⟨…`],
    ["bob‧k3fw", "bob.k3fw"],
    ["carol, bob", "carol. bob"],
    ["bob: yes", "bob. yes"],
  ];
  const scene = await friends(126);
  const { world, alice } = scene;
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  for (const [name, shown] of LONG) {
    villain.profile({ name });
    await world.time.runFor(100);
    const { peers } = await alice.run({ do: "peers" });
    assertEquals(peers.find(({ id }) => id === villain.id)?.name, `${shown}·${villain.tag}`);
  }
  await goHome(world);
});

// src/store/contacts/contact_record.ts, cleanText: `sanitizeLine` instead of a filter of its own.
Deno.test("contacts.dat can be shown by cat", async () => {
  const scene = await friends(127);
  const { world, alice } = scene;
  const villain = new Villain(5);
  await villain.call(world, "x\u202e\u2066\x9b\tbob\u200b");
  await villain.tell(world, villain.directWith(alice), { body: "hello" });
  await alice.run({ do: "accept", peer: villain.id });
  await world.time.runFor(500);
  const bytes = alice.disk.peek(`${HOME}/contacts.dat`) ?? new Uint8Array(0);
  const lines = new TextDecoder().decode(bytes).split("\n");
  assertEquals(lines.filter((line) => line.includes(villain.id)).length, 1);
  await assertInert(lines.map((line) => line.replaceAll("\t", " ")));
  await goHome(world);
});
