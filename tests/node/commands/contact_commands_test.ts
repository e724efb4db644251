/** save, forget, note, block, verify, words and contacts on running nodes: what is kept, where, and their sentences. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UsageError, WorldError } from "../../../src/errors.ts";
import { toPeerId } from "../../../src/room/id.ts";
import { HOME, type SimMachine, type SimWorld } from "../../sim/world.ts";
import { atticOf, goHome, noticesOf } from "../../fixtures/node/shared_room.ts";
import { assertSays } from "../../fixtures/node/failing_commands.ts";

const PATH = join(HOME, "contacts.dat");
const NOBODY = toPeerId(new Uint8Array(32).fill(9));

/** Two nodes that see each other, and whose users have not talked. */
async function pair(seed: number): Promise<{ world: SimWorld; alice: SimMachine; bob: SimMachine }> {
  const { world, machines: [alice, bob] } = await atticOf(seed, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  return { world, alice, bob };
}

/** The lines of contacts.dat as columns, without the header. */
function filed(machine: SimMachine): string[][] {
  const text = new TextDecoder().decode(machine.disk.peek(PATH) ?? new Uint8Array(0));
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) =>
    line.split("\t")
  );
}

function edit(machine: SimMachine, change: (text: string) => string): void {
  const text = new TextDecoder().decode(machine.disk.peek(PATH) ?? new Uint8Array(0));
  machine.disk.put(PATH, new TextEncoder().encode(change(text)));
}

async function namesOf(machine: SimMachine): Promise<string[]> {
  return (await machine.run({ do: "contacts" })).contacts.map(({ name }) => name);
}

Deno.test("save keeps a peer with the user's own name for it, on disk before it answers", async () => {
  const { world, alice, bob } = await pair(1);
  const { peer } = await alice.run({ do: "save", peer: "bob", label: " Boss " });
  assertEquals([peer.name, peer.contact, peer.port, peer.verified], ["Boss", true, 9999, false]);
  const [[label, id, address, port, flags, , , name] = []] = filed(alice);
  assertEquals([label, id, address, port, flags, name], [
    "Boss",
    bob.node.id,
    "192.168.43.11",
    "9999",
    "-",
    "bob",
  ]);
  assertEquals(
    (await alice.run({ do: "save", peer: "boss" })).peer.name,
    "Boss",
    "no label keeps the present one",
  );
  assertEquals((await alice.run({ do: "peers" })).peers.map((row) => row.name), ["Boss"]);
  await alice.run({ do: "send", to: "Boss", text: "hello" });
  assertEquals((await alice.run({ do: "save", peer: "Boss", label: "" })).peer.name, "bob");
  assertEquals(filed(alice).map(([label]) => label), ["-"]);
  // One whom nobody here knows can be kept by the whole id.
  assertEquals((await alice.run({ do: "save", peer: NOBODY.toUpperCase(), label: "dora" })).peer.id, NOBODY);
  await alice.stop();
  await alice.start();
  assertEquals(await namesOf(alice), ["bob", "dora"]);
  await goHome(world);
});

Deno.test("save takes no name that cannot be typed or means somebody else, and says whose it is", async () => {
  const { world, alice, bob } = await pair(2);
  await alice.run({ do: "save", peer: NOBODY, label: "dora" });
  await alice.run({ do: "save", peer: "bob" });
  await alice.run({ do: "import", text: "10.0.0.1 9999 carol" });
  const bobsId = bob.node.id.slice(0, 8);
  const save = (peer: string, label: string) => ({ do: "save", peer, label }) as const;
  await assertSays(alice, [
    [save("bob", "two words"), UsageError, 'Names cannot contain spaces. Try "two-words"'],
    [save("bob", "a:b"), UsageError, 'Names cannot contain ":"'],
    [
      save("bob", "DORA"),
      UsageError,
      `"DORA" is already your name for dora (${NOBODY.slice(0, 8)}). Choose another name`,
    ],
    [
      save("dora", "Bob"),
      UsageError,
      `"Bob" is already the name of bob (${bobsId}). Choose another name`,
    ],
    [
      save("bob", "carol"),
      UsageError,
      '"carol" is already your name for 10.0.0.1 port 9999. Choose another name',
    ],
    [save("eve", "x"), UsageError, 'Nobody here is called "eve". See who is here: earshot peers'],
    [save(alice.node.id, "x"), UsageError, "That is you"],
    [
      save("carol", "x"),
      UsageError,
      '"carol" is only a saved address so far (10.0.0.1 port 9999). ' +
      "Connect to it first: earshot connect carol",
    ],
  ]);
  assertEquals((await alice.run(save("bob", "BOB"))).peer.name, "BOB", "one's own name is free");
  await goHome(world);
});

Deno.test("forget removes a contact or a place, and what was said stays", async () => {
  const { world, alice, bob } = await pair(3);
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await alice.run({ do: "import", text: "10.0.0.1 9999 carol\n10.0.0.2 9999 dora" });
  assertEquals(await alice.run({ do: "forget", peer: "bob" }), { name: "bob" });
  assertEquals(await alice.run({ do: "forget", peer: "Carol" }), { name: "carol" });
  assertEquals(await alice.run({ do: "forget", peer: "10.0.0.2" }), { name: "dora" });
  assertEquals(filed(alice), []);
  assertEquals(await alice.texts("bob"), ["hello"]);
  assertEquals((await alice.run({ do: "peers" })).peers.map(({ name, contact }) => [name, contact]), [[
    "bob",
    false,
  ]]);
  await assertSays(alice, [
    [{ do: "forget", peer: "bob" }, UsageError, "bob is not one of your contacts"],
    [
      { do: "forget", peer: "carol" },
      UsageError,
      'Nobody here is called "carol". See who is here: earshot peers',
    ],
  ]);
  await alice.run({ do: "block", peer: "bob", isBlocked: true });
  await assertSays(alice, [[
    { do: "forget", peer: "bob" },
    UsageError,
    "Cannot remove bob: you have blocked them, and removing them would let them in again. " +
    "Unblock them first: earshot contacts unblock bob",
  ]]);
  assertEquals(bob.isUp, true);
  await goHome(world);
});

Deno.test("note keeps the user's words about a contact; an empty one goes", async () => {
  const { world, alice } = await pair(4);
  const { peer } = await alice.run({ do: "note", peer: "bob", text: "third\tfloor\nleft" });
  assertEquals([peer.note, peer.contact], ["third floor left", true]);
  assertEquals(filed(alice).map((columns) => columns[8]), ["third floor left"]);
  await assertSays(alice, [[
    { do: "note", peer: "bob", text: "x".repeat(501) },
    UsageError,
    "Notes have at most 500 characters; this one has 501",
  ]]);
  assertEquals((await alice.run({ do: "note", peer: "bob", text: " " })).peer.note, "");
  assertEquals(filed(alice).map((columns) => columns[8]), ["-"]);
  await goHome(world);
});

Deno.test("block ends the session at once and lets the peer in no more, whoever dials, until it is unblocked", async () => {
  const { world, alice, bob } = await pair(5);
  await alice.run({ do: "save", peer: "bob" });
  const { peer } = await alice.run({ do: "block", peer: "bob", isBlocked: true });
  assertEquals([peer.blocked, peer.connected, peer.contact], [true, false, true]);
  assertEquals(filed(alice).map((columns) => columns[4]), ["blocked"]);
  // Bob's node, which shares a room with hers, dials again and again.
  const isApart = async () => (await alice.run({ do: "peers" })).peers.every(({ connected }) => !connected);
  for (let second = 0; second < 60; second++) {
    assert(await isApart(), `second ${second}`);
    await world.time.runFor(1_000);
  }
  const refused = await assertRejects(() => bob.run({ do: "connect", to: "192.168.43.1" }), WorldError);
  assertEquals(refused.message, "Cannot connect to 192.168.43.1 port 9999: it refused (blocked)");
  await assertSays(alice, [
    [
      { do: "connect", to: "bob" },
      UsageError,
      "You have blocked bob. To talk again: earshot contacts unblock bob",
    ],
    [
      { do: "connect", to: "192.168.43.11" },
      UsageError,
      "Cannot connect to 192.168.43.11 port 9999: You have blocked bob. To talk again: earshot contacts unblock bob",
    ],
  ]);
  await alice.stop();
  await alice.start();
  await world.time.runFor(3_000);
  assert(await isApart(), "it is kept");
  const unblocked = await alice.run({ do: "block", peer: "bob", isBlocked: false });
  assertEquals([unblocked.peer.blocked, unblocked.peer.contact], [false, true]);
  await alice.run({ do: "connect", to: "bob" });
  assertEquals(filed(alice).map((columns) => columns[4]), ["-"]);
  await goHome(world);
});

Deno.test("block takes a stranger too, who is no contact for that: unblocking leaves nothing", async () => {
  const { world, alice, bob } = await pair(6);
  const { peer } = await alice.run({ do: "block", peer: bob.node.id, isBlocked: true });
  assertEquals([peer.blocked, peer.contact, peer.connected], [true, false, false]);
  const [[label, id, address, , flags, , , name] = []] = filed(alice);
  assertEquals([label, id, address, flags, name], [
    "-",
    bob.node.id,
    "192.168.43.11",
    "blocked,ignored",
    "bob",
  ]);
  assertEquals(
    (await alice.run({ do: "contacts" })).contacts.map((
      { name, blocked, contact },
    ) => [name, blocked, contact]),
    [
      ["bob", true, false],
    ],
  );
  await bob.stop();
  await alice.stop();
  await alice.start();
  assertEquals((await alice.run({ do: "block", peer: "bob", isBlocked: true })).peer.id, peer.id);
  const unblocked = await alice.run({ do: "block", peer: "bob", isBlocked: false });
  assertEquals([unblocked.peer.blocked, unblocked.peer.contact], [false, false]);
  assertEquals(filed(alice), []);
  await alice.run({ do: "block", peer: peer.id, isBlocked: false });
  assertEquals(filed(alice), []);
  await goHome(world);
});

Deno.test("words are the same on both nodes, and verify keeps that they were compared", async () => {
  const { world, alice, bob } = await pair(7);
  const hers = await alice.run({ do: "words", peer: "bob" });
  const his = await bob.run({ do: "words", peer: "alice" });
  assertEquals(hers.words, his.words);
  assertEquals([hers.words.length, hers.peer.name, his.peer.name], [6, "bob", "alice"]);
  assertEquals(await namesOf(alice), [], "to look is not to keep");
  const { peer } = await alice.run({ do: "verify", peer: "bob", isVerified: true });
  assertEquals([peer.verified, peer.contact], [true, true]);
  assertEquals(filed(alice).map((columns) => columns[4]), ["verified"]);
  assertEquals((await alice.run({ do: "verify", peer: "bob", isVerified: false })).peer.verified, false);
  assertEquals((await bob.run({ do: "verify", peer: "alice", isVerified: false })).peer.contact, false);
  await assertSays(alice, [
    [
      { do: "words", peer: "eve" },
      UsageError,
      'Nobody here is called "eve". See who is here: earshot peers',
    ],
    [{ do: "words", peer: alice.node.id }, UsageError, "That is you"],
  ]);
  await goHome(world);
});

Deno.test("import takes in a messy file: what is good becomes places, the rest is told by its line", async () => {
  const { world, alice } = await pair(8);
  await alice.run({ do: "save", peer: "bob" });
  const text = [
    "\uFEFF# friends",
    "10.0.0.1 9999 carol",
    "",
    "10.0.0.1:9999\tCarol",
    "10.0.0.2   Dora the Explorer",
    "10.0.0.3 9999 carol",
    "10.0.0.4 9999 bob",
    "who 9999 knows",
    "192.168.43.11 9999 bob",
    "10.0.0.5 70000 eve",
  ].join("\r\n");
  const { added, knownCount, broken } = await alice.run({ do: "import", text });
  assertEquals(added.map(({ name, address, port }) => `${name} ${address} ${port}`), [
    "carol 10.0.0.1 9999",
    "Dora-the-Explorer 10.0.0.2 9999",
    "carol-2 10.0.0.3 9999",
    "bob-2 10.0.0.4 9999",
  ]);
  assertEquals(knownCount, 2, "the second carol, and bob, who is a contact there");
  assertEquals(broken.map(({ line, reason }) => [line, reason]), [
    [8, '"who" is not an IP address'],
    [10, '"70000" is not a port from 1 to 65535'],
  ]);
  assertEquals(filed(alice).map(([label, id]) => [label, id?.length]), [
    ["-", 52],
    ["carol", 1],
    ["Dora-the-Explorer", 1],
    ["carol-2", 1],
    ["bob-2", 1],
  ]);
  const again = await alice.run({ do: "import", text });
  assertEquals([again.added, again.knownCount, again.broken.length], [[], 6, 2]);
  const { places, contacts } = await alice.run({ do: "contacts" });
  assertEquals([places, contacts.length], [[...added], 1]);
  await goHome(world);
});

Deno.test("import takes the contacts of another contacts.dat with their keys, and none as verified", async () => {
  const { world, alice } = await pair(8);
  await alice.run({ do: "save", peer: "bob" });
  const bobId = filed(alice)[0]?.[1];
  const text = [
    `mate\t${bobId}\t10.0.0.1\t9999\t-\t-\t-\tbob\t-`,
    `Dad\t${NOBODY}\t10.0.0.2\t9999\tverified\t-\t-\tdoris\tmy note`,
    "old pal\t-\t10.0.0.7\t9998\t-\t-\t-\t-\t-",
  ].join("\n");
  const { added, contacts, knownCount, broken } = await alice.run({ do: "import", text });
  assertEquals(added, [{ name: "old pal", address: "10.0.0.7", port: 9998 }]);
  assertEquals(contacts?.map(({ id, name, verified, note }) => [id, name, verified, note]), [
    [NOBODY, "Dad", false, "my note"],
  ]);
  assertEquals([knownCount, broken], [1, []]);
  assertEquals(filed(alice).map(([label]) => label), ["-", "old pal", "Dad"]);
  await goHome(world);
});

Deno.test("contacts take in what was edited by hand meanwhile, and a change does not undo it", async () => {
  const { world, alice, bob } = await pair(9);
  await alice.run({ do: "save", peer: "bob" });
  edit(alice, (text) => `${text}# hers\ndora\t${NOBODY}\nold pal\t-\t10.0.0.7\t9998\nnonsense\n`);
  const reply = await alice.run({ do: "contacts" });
  assertEquals(reply.contacts.map(({ name }) => name), ["bob", "dora"]);
  assertEquals(reply.places, [{ name: "old pal", address: "10.0.0.7", port: 9998 }]);
  assertEquals(reply.broken, [{
    line: 6,
    text: "nonsense",
    reason: "it has no id, and without one it takes a label, an address and a port",
  }]);
  edit(alice, (text) => text.replace(/^dora/m, "doris"));
  await alice.run({ do: "note", peer: "doris", text: "by id" });
  assertEquals(filed(alice).map(([label]) => label), ["-", "doris", "old pal", "nonsense"]);
  // A contact that was removed by hand is no more; whoever keeps it again, does.
  edit(alice, (text) => text.replace(new RegExp(`^.*${bob.node.id}.*\n`, "m"), ""));
  assertEquals((await alice.run({ do: "save", peer: "bob", label: "Boss" })).peer.name, "Boss");
  assertEquals(filed(alice).map(([label]) => label), ["doris", "old pal", "nonsense", "Boss"]);
  await goHome(world);
});

Deno.test("On a disk that is full or read-only a change says what was not saved; it counts, and is saved when it can be", async () => {
  for (const kind of ["full", "read-only"] as const) {
    const { world, alice, bob } = await pair(10);
    await alice.run({ do: "save", peer: "bob" });
    await world.time.runFor(1_000);
    const refuse = (isOn: boolean) =>
      kind === "full" ? alice.disk.setFull(isOn ? 0 : null) : alice.disk.setReadOnly(isOn);
    refuse(true);
    const error = await assertRejects(
      () => alice.run({ do: "block", peer: "bob", isBlocked: true }),
      WorldError,
    );
    const advice = kind === "full"
      ? "Free some space and try again"
      : "Check the permissions there, or use another place";
    assertEquals(
      error.message,
      `Cannot save the contacts "${PATH}": the disk is ${kind}. Existing data is unharmed. ${advice}. ` +
        "The change counts until earshot stops, and is saved as soon as the disk allows it",
    );
    await world.time.runFor(500);
    const { contacts } = await alice.run({ do: "contacts" });
    assertEquals(contacts.map(({ blocked, connected }) => [blocked, connected]), [[true, false]]);
    assertEquals(filed(alice).map((columns) => columns[4]), ["-"]);
    const failed = await assertRejects(
      () => alice.run({ do: "import", text: "10.0.0.1 9999 carol" }),
      WorldError,
    );
    assert(failed.message.startsWith("Cannot save the contacts"));
    refuse(false);
    await alice.run({ do: "note", peer: "bob", text: "rude" });
    assertEquals(filed(alice).map(([label, , , , flags, , , , note]) => [label, flags, note]), [
      ["-", "blocked", "rude"],
      ["carol", "-", "-"],
    ]);
    assertEquals(bob.isUp, true);
    assert(noticesOf(alice).every((text) => text.startsWith("Cannot")));
    await goHome(world);
  }
});

Deno.test("A contact who starts anew is refused until the user forgets the old one", async () => {
  const { world, alice, bob } = await pair(11);
  await alice.run({ do: "save", peer: "bob" });
  await alice.run({ do: "verify", peer: "bob", isVerified: true });
  const old = bob.node.id;
  await bob.stop();
  bob.disk.restore(new Map());
  await bob.start();
  await world.time.runFor(3_000);
  assert(bob.node.id !== old);
  await assertRejects(() => alice.run({ do: "connect", to: "192.168.43.11" }), WorldError);
  await alice.run({ do: "forget", peer: old });
  const { peer } = await alice.run({ do: "connect", to: "192.168.43.11" });
  assertEquals([peer.id, peer.verified], [bob.node.id, false]);
  await goHome(world);
});
