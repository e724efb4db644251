/** Homes that were edited, damaged or restored from a backup: each a sentence, and nothing lost. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "@std/path";
import { WorldError } from "../../src/errors.ts";
import { HOME, type SimMachine, type SimWorld } from "../sim/world.ts";
import { atticOf, goHome, hotspotOf, meet, noticesOf } from "../fixtures/node/shared_room.ts";

const ENCODER = new TextEncoder();

Deno.test("A broken line in contacts.dat is told by its number and kept as it is", async () => {
  const { world, machines: [alice, bob] } = await atticOf(6, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(500);
  await alice.stop();
  const path = join(HOME, "contacts.dat");
  const before = new TextDecoder().decode(alice.disk.peek(path) ?? new Uint8Array(0));
  alice.disk.put(path, ENCODER.encode(`${before}Grandma\tno-id-yet\n`));
  await alice.start();
  await meet(world);
  const { contacts, broken } = await alice.run({ do: "contacts" });
  assertEquals(contacts.map(({ name }) => name), ["bob"]);
  assertEquals(broken, [{
    line: 3,
    text: "Grandma⟨TAB⟩no-id-yet".replace("⟨TAB⟩", "^I"),
    reason: '"no-id-yet" is not the id of a peer',
  }]);
  assertEquals((await alice.run({ do: "status" })).notices, [
    `Line 3 of "${path}" is not a valid contact: "no-id-yet" is not the id of a peer. It was left as it is`,
  ]);
  await alice.run({ do: "send", to: "bob", text: "again" });
  await goHome(world);
  const after = new TextDecoder().decode(alice.disk.peek(path) ?? new Uint8Array(0));
  assertEquals(after.split("\n").at(2), "Grandma\tno-id-yet");
});

Deno.test("A home restored from an old backup gets back what it lacks of its own, and goes on behind it", async () => {
  const { world, machines: [alice, bob] } = await atticOf(8, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.run({ do: "send", to: "#Attic", text: "before the backup" });
  await world.time.runFor(1_000);
  await bob.stop();
  const backup = bob.disk.snapshot();
  await bob.start();
  await world.time.runFor(1_000);
  await bob.run({ do: "send", to: "#Attic", text: "after the backup" });
  await world.time.runFor(1_000);
  await bob.stop();
  bob.disk.restore(backup);
  await bob.start();
  await world.time.runFor(3_000);
  assertEquals(await bob.texts("#Attic"), ["before the backup", "after the backup"]);
  await bob.run({ do: "send", to: "#Attic", text: "and on" });
  await world.time.runFor(1_000);
  for (const machine of [alice, bob]) {
    assertEquals(await machine.texts("#Attic"), ["before the backup", "after the backup", "and on"]);
    assertEquals(noticesOf(machine), []);
  }
  await goHome(world);
});

Deno.test("A home that knows that others have more of its own lines refuses to number over them until they are back", async () => {
  const { world, machines: [alice, bob] } = await atticOf(12, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  for (const text of ["one", "two"]) await bob.run({ do: "send", to: "#Attic", text });
  await world.time.runFor(3_000);
  await bob.stop();
  await alice.stop();
  // The log is an old copy, while the cache of receipts still knows how far alice was.
  const path = await logPathOf(world, bob);
  const lines = new TextDecoder().decode(bob.disk.peek(path) ?? new Uint8Array(0)).split("\n");
  bob.disk.put(path, ENCODER.encode(`${lines.slice(0, -2).join("\n")}\n`));
  await bob.start();
  assertEquals(await bob.texts("#Attic"), ["one"]);
  for (
    const command of [
      { do: "send", to: "#Attic", text: "two, but another" } as const,
      { do: "leave", room: "#Attic" } as const,
    ]
  ) {
    const error = await assertRejects(() => bob.run(command), WorldError);
    assertEquals(
      error.message,
      `Cannot ${
        command.do === "send" ? "send this" : "leave the room"
      }: other members have messages of yours that this ` +
        "home lacks. Is it an old backup? They come back as soon as one of those members is here; try again then",
    );
  }
  await alice.start();
  await meet(world);
  await world.time.runFor(3_000);
  await bob.run({ do: "send", to: "#Attic", text: "three" });
  await world.time.runFor(1_000);
  for (const machine of [alice, bob]) assertEquals(await machine.texts("#Attic"), ["one", "two", "three"]);
  await goHome(world);
});

Deno.test("A home restored from an old backup may write where nobody is who knows better", async () => {
  const { world, machines: [alice] } = await atticOf(9, ["alice"]);
  assert(alice !== undefined);
  await alice.run({ do: "send", to: "#Attic", text: "one" });
  await alice.stop();
  alice.disk.restore(alice.disk.snapshot());
  await alice.start();
  await alice.run({ do: "send", to: "#Attic", text: "two" });
  assertEquals(await alice.texts("#Attic"), ["one", "two"]);
  await goHome(world);
});

Deno.test("A log that is damaged at its beginning is kept as it is, told, and in the way of a new join", async () => {
  const { world, machines: [alice, bob] } = await atticOf(10, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.stop();
  const path = await logPathOf(world, bob);
  const lines = new TextDecoder().decode(bob.disk.peek(path) ?? new Uint8Array(0)).split("\n");
  const damaged = ENCODER.encode(["garbage", ...lines.slice(1)].join("\n"));
  bob.disk.put(path, damaged);
  await bob.start();
  await meet(world);
  await world.time.runFor(2_000);
  assertEquals((await bob.run({ do: "status" })).notices, [
    `Unknown conversation in "${path}"; left untouched`,
  ]);
  const error = await assertRejects(() => bob.run({ do: "join", room: "Attic" }), WorldError);
  assertEquals(
    error.message,
    `Cannot join that room: its log in "${
      dirname(path)
    }" is damaged at the beginning and was left as it is. ` +
      "Move the folder away and join again; the messages come back from the other members",
  );
  assertEquals(bob.disk.peek(path), damaged);
  await goHome(world);
});

Deno.test("Lines that are damaged in the middle of a log are told by number and come back from others", async () => {
  const { world, machines: [alice, bob] } = await atticOf(11, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  for (const text of ["one", "two", "three"]) await alice.run({ do: "send", to: "#Attic", text });
  await world.time.runFor(1_000);
  await bob.stop();
  const path = await logPathOf(world, bob);
  const lines = new TextDecoder().decode(bob.disk.peek(path) ?? new Uint8Array(0)).split("\n");
  const broken = lines.findIndex((line) => line.includes('"two"'));
  bob.disk.put(
    path,
    ENCODER.encode(lines.map((line, index) => index === broken ? line.slice(0, 80) : line).join("\n")),
  );
  await bob.start();
  await meet(world);
  await world.time.runFor(3_000);
  const [first = "", ...others] = (await bob.run({ do: "status" })).notices;
  assertEquals(
    first,
    `Some lines of "${path}" cannot be read: ${
      broken + 1
    }. They are kept; their messages come back from other members`,
  );
  assertEquals(others.length, 1, others.join("\n"));
  assertEquals(await bob.texts("#Attic"), ["one", "two", "three"]);
  assertEquals(await bob.export("#Attic"), await alice.export("#Attic"));
  await goHome(world);
});

Deno.test("A line that only a damaged log has is there again when what it builds on has come back", async () => {
  const { world, machines: [alice, bob] } = await atticOf(13, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.run({ do: "send", to: "#Attic", text: "one" });
  await world.time.runFor(1_000);
  await alice.stop();
  await bob.run({ do: "send", to: "#Attic", text: "two" });
  await bob.stop();
  const path = await logPathOf(world, bob);
  const text = new TextDecoder().decode(bob.disk.peek(path) ?? new Uint8Array(0));
  bob.disk.put(path, ENCODER.encode(text.replace('"one"', '"on\0"')));
  await bob.start();
  assertEquals(await bob.texts("#Attic"), []);
  await alice.start();
  await world.time.runFor(5_000);
  for (const machine of [alice, bob]) assertEquals(await machine.texts("#Attic"), ["one", "two"]);
  await bob.stop();
  await bob.start();
  await bob.run({ do: "send", to: "#Attic", text: "three" });
  await world.time.runFor(5_000);
  for (const machine of [alice, bob]) assertEquals(await machine.texts("#Attic"), ["one", "two", "three"]);
  await goHome(world);
});

Deno.test("A home restored from an old backup gets back a conversation of which the other has nothing new to send", async () => {
  const { world, machines: [alice, bob] } = hotspotOf(14, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.start();
  await bob.stop();
  const backup = bob.disk.snapshot();
  for (const machine of [alice, bob]) await machine.start();
  await meet(world);
  await alice.run({ do: "send", to: "bob", text: "one" });
  // Said before the other is heard, two lines have no order but that of their authors' keys.
  await world.time.runFor(1_000);
  await bob.run({ do: "send", to: "alice", text: "two" });
  await world.time.runFor(3_000);
  for (const machine of [alice, bob]) await machine.stop();
  bob.disk.restore(backup);
  for (const machine of [alice, bob]) await machine.start();
  await world.time.runFor(5_000);
  assertEquals(await bob.texts("alice"), ["one", "two"]);
  await goHome(world);
});

Deno.test("A home restored from an old backup gets back what a stranger's screen has, whenever their link is cut meanwhile", async () => {
  for (let cutMs = 20; cutMs < 60; cutMs += 3) {
    const { world, segment, machines: [alice, bob] } = hotspotOf(17, ["alice", "bob"]);
    assert(alice !== undefined && bob !== undefined);
    await bob.start();
    await bob.stop();
    const backup = bob.disk.snapshot();
    for (const machine of [alice, bob]) await machine.start();
    await meet(world);
    await bob.run({ do: "send", to: "alice", text: "one" });
    await world.time.runFor(3_000);
    await bob.stop();
    bob.disk.restore(backup);
    await bob.start();
    await world.time.runFor(cutMs);
    segment.blockOneWay(alice.host, bob.host);
    await world.time.runFor(30_000);
    segment.unblock(alice.host, bob.host);
    await world.time.runFor(30_000);
    assertEquals(await bob.texts("alice"), ["one"], `cut after ${cutMs} ms`);
    await goHome(world);
  }
});

Deno.test("A home restored from an old backup takes no number for its name before it has met somebody", async () => {
  const { world, machines: [alice, bob] } = await atticOf(15, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.stop();
  const backup = bob.disk.snapshot();
  await bob.start();
  await bob.run({ do: "send", to: "#Attic", text: "after the backup" });
  await world.time.runFor(1_000);
  for (const machine of [alice, bob]) await machine.stop();
  bob.disk.restore(backup);
  await bob.start({ name: "robert" });
  await world.time.runFor(5_000);
  await alice.start();
  await world.time.runFor(5_000);
  assertEquals(await alice.export("#Attic"), await bob.export("#Attic"));
  const { rows } = await alice.run({ do: "log", to: "#Attic" });
  assertEquals(rows.slice(-2).map(({ text }) => text), ["after the backup", "is now known as robert"]);
  for (const machine of [alice, bob]) assertEquals(noticesOf(machine), []);
  await goHome(world);
});

Deno.test("A home that has got back its own lines knows of whom it was said before that they have them", async () => {
  const { world, machines: [alice, bob, carol] } = hotspotOf(16, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  for (const machine of world.machines) await machine.start();
  await meet(world);
  await alice.run({ do: "host", title: "Attic" });
  await world.time.runFor(500);
  const backup = carol.disk.snapshot();
  for (const machine of [bob, carol]) await machine.run({ do: "join", room: "Attic" });
  await carol.run({ do: "send", to: "#Attic", text: "one" });
  await world.time.runFor(3_000);
  await carol.stop();
  carol.disk.restore(backup);
  await carol.start();
  await world.time.runFor(3_000);
  await carol.run({ do: "join", room: "Attic" });
  await world.time.runFor(5_000);
  const { rows } = await carol.run({ do: "log", to: "#Attic" });
  const own = rows.filter(({ state }) => state !== null).map(({ text, state }) => `${text}: ${state}`);
  assertEquals(own, ["joined: everywhere", "one: everywhere"]);
  await goHome(world);
});

/** Where the log of the machine's only room is. */
async function logPathOf({ time }: SimWorld, machine: SimMachine): Promise<string> {
  const [folder = ""] = await time.drive(machine.disk.boot().list(`${HOME}/rooms`));
  return join(HOME, "rooms", folder, "log.jsonl");
}
