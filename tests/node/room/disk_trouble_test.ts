/** Whole nodes whose disks refuse: nothing is claimed that is not kept, and nothing is missing in the end. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { WorldError } from "../../../src/errors.ts";
import { RETRY_MS } from "../../../src/node/room/entry_receiver.ts";
import { HOME, type SimMachine, type SimWorld } from "../../sim/world.ts";
import { atticOf, filedEntries, goHome, noticesOf } from "../../fixtures/node/shared_room.ts";

/** The texts that a machine's files hold, sorted; the world goes on for the time that the look takes. */
async function filedTexts(world: SimWorld, machine: SimMachine): Promise<string[]> {
  const entries = await world.time.drive(filedEntries(machine));
  return entries.filter(({ kind }) => kind === "text").map(({ body }) => String(body));
}

async function say(machine: SimMachine, text: string): Promise<number> {
  return (await machine.run({ do: "send", to: "#Attic", text })).number;
}

async function stateOf(machine: SimMachine, text: string): Promise<string | null | undefined> {
  const { rows } = await machine.run({ do: "log", to: "#Attic" });
  return rows.find((row) => row.text === text)?.state;
}

Deno.test("A follower with a full disk claims nothing that it does not have, and catches up when there is room", async () => {
  const { world, machines } = await atticOf(1, ["alice", "bob", "carol"]);
  const [alice, bob, carol] = machines;
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  await say(alice, "before");
  await world.time.runFor(1_000);
  assertEquals(await stateOf(alice, "before"), "everywhere");
  bob.disk.setFull(0);
  for (const text of ["one", "two", "three"]) await say(alice, text);
  await world.time.runFor(3_000);
  assertEquals(await filedTexts(world, bob), ["before"]);
  assertEquals(await bob.texts("#Attic"), ["before"]);
  assertEquals(await carol.texts("#Attic"), ["before", "one", "two", "three"]);
  assertEquals(await stateOf(alice, "three"), "passed");
  assertEquals(noticesOf(bob), [
    "Cannot save what others say: the disk is full. They still have it; earshot asks again every few seconds",
  ]);
  bob.disk.setFull(null);
  await world.time.runFor(2 * RETRY_MS);
  assertEquals(await filedTexts(world, bob), ["before", "one", "two", "three"]);
  assertEquals(await stateOf(alice, "three"), "everywhere");
  assertEquals(await bob.export("#Attic"), await alice.export("#Attic"));
  await goHome(world);
});

Deno.test("A host with a full disk passes on nothing that it does not have; what it missed comes when there is room", async () => {
  const { world, machines } = await atticOf(2, ["alice", "bob", "carol"]);
  const [alice, bob, carol] = machines;
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  alice.disk.setFull(0);
  await say(bob, "from bob");
  await say(carol, "from carol");
  await world.time.runFor(1_000);
  assertEquals(await filedTexts(world, alice), []);
  const claimed = alice.events.filter((event) => event.event === "entry" && event.row.kind === "text");
  assertEquals(claimed, []);
  alice.disk.setFull(null);
  await world.time.runFor(2 * RETRY_MS);
  const expected = ["from bob", "from carol"];
  for (const machine of machines) assertEquals((await filedTexts(world, machine)).toSorted(), expected);
  assertEquals(await stateOf(bob, "from bob"), "everywhere");
  assertEquals(
    new Set([await alice.export("#Attic"), await bob.export("#Attic"), await carol.export("#Attic")]).size,
    1,
  );
  await goHome(world);
});

Deno.test("An author with a full disk is told so, and nothing of what was refused is anywhere", async () => {
  const { world, machines } = await atticOf(3, ["alice", "bob"]);
  const [alice, bob] = machines;
  assert(alice !== undefined && bob !== undefined);
  const before = await say(bob, "before");
  bob.disk.setFull(0);
  const refused = await assertRejects(() => say(bob, "lost?"), WorldError);
  assertEquals(
    refused.message,
    "Cannot send this: the disk is full. Existing data is unharmed. Free some space and try again",
  );
  await world.time.runFor(1_000);
  assertEquals([await bob.texts("#Attic"), await alice.texts("#Attic")], [["before"], ["before"]]);
  bob.disk.setFull(null);
  assertEquals(await say(bob, "again"), before + 1);
  await world.time.runFor(1_000);
  assertEquals([await bob.texts("#Attic"), await alice.texts("#Attic")], [["before", "again"], [
    "before",
    "again",
  ]]);
  assertEquals(await stateOf(bob, "again"), "everywhere");
  await goHome(world);
});

Deno.test("A room can be opened again after a full disk refused it, and no trace of the first try is left", async () => {
  const { world, machines } = await atticOf(4, ["alice", "bob"]);
  const [alice] = machines;
  assert(alice !== undefined);
  for (const spoil of [() => alice.disk.setFull(0), () => alice.disk.setReadOnly(true)]) {
    spoil();
    await assertRejects(
      () => alice.run({ do: "host", title: "Cellar" }),
      WorldError,
      "Cannot open #Cellar: the disk is",
    );
    await assertRejects(
      () => alice.run({ do: "send", to: "bob", text: "hello" }),
      WorldError,
      "Cannot send this: the disk is",
    );
    alice.disk.setFull(null);
    alice.disk.setReadOnly(false);
    const { rooms } = await alice.run({ do: "rooms" });
    assertEquals(rooms.map(({ title }) => title), ["Attic"]);
  }
  assertEquals((await alice.run({ do: "host", title: "Cellar" })).room.title, "Cellar");
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await world.time.runFor(2_000);
  assertEquals(await machines[1]?.texts("alice"), ["hello"]);
  await goHome(world);
});

Deno.test("Joining with a full disk fails in words, and works once there is room", async () => {
  const { world, machines } = await atticOf(5, ["alice", "bob"]);
  const [alice] = machines;
  assert(alice !== undefined);
  await say(alice, "welcome");
  const carol = world.machine("carol", {
    segment: world.machines[0]?.host.attachments[1]?.segment ?? world.hotspot(),
    address: "192.168.43.50",
  });
  await carol.start();
  await world.time.runFor(2_000);
  carol.disk.setFull(0);
  await assertRejects(() => carol.run({ do: "join", room: "Attic" }), WorldError, "Cannot join #Attic");
  carol.disk.setFull(null);
  await carol.run({ do: "join", room: "Attic" });
  assertEquals(await carol.texts("#Attic"), ["welcome"]);
  await goHome(world);
});

Deno.test("Disks that fail now and then on all machines: what counts as everywhere is everywhere, and all agree in the end", async () => {
  for (let seed = 0; seed < 12; seed++) {
    const { world, machines } = await atticOf(100 + seed, ["alice", "bob", "carol"]);
    const chance = world.chance.fork("trouble");
    const said: string[] = [];
    for (let step = 0; step < 40; step++) {
      const machine = chance.pick(machines);
      if (chance.bool(0.2)) machine.disk.setFull(chance.bool(0.5) ? chance.int(3_000) : null);
      if (chance.bool(0.1)) machine.disk.failSyncs(1 + chance.int(2));
      const author = chance.pick(machines);
      const text = `${author.name} ${step}`;
      try {
        await say(author, text);
        said.push(text);
      } catch (error) {
        assert(error instanceof WorldError, String(error));
      }
      await world.time.runFor(chance.int(400));
      if (chance.bool(0.2)) await assertEverywhereIsTrue(world, author);
    }
    for (const { disk } of machines) {
      disk.setFull(null);
      disk.failSyncs(0);
    }
    await world.time.runFor(6 * RETRY_MS);
    for (const machine of machines) {
      assertEquals(
        (await filedTexts(world, machine)).toSorted(),
        said.toSorted(),
        `seed ${seed}, ${machine.name}`,
      );
    }
    const exports = [];
    for (const machine of machines) exports.push(await machine.export("#Attic"));
    assertEquals(new Set(exports).size, 1, `seed ${seed}`);
    await goHome(world);
  }
});

/** What the author's screen shows as being everywhere stands in every file. */
async function assertEverywhereIsTrue(world: SimWorld, author: SimMachine): Promise<void> {
  const { rows } = await author.run({ do: "log", to: "#Attic", markRead: false });
  const claimed = rows.filter((row) => row.state === "everywhere" && !row.notice).map((row) => row.text);
  for (const machine of world.machines) {
    const there = new Set(await filedTexts(world, machine));
    assertEquals(
      claimed.filter((text) => !there.has(text)),
      [],
      `${machine.name} lacks what ${author.name} claims`,
    );
  }
}

Deno.test("A full disk at the start is told in words, and the home is as it was", async () => {
  const { world, machines } = await atticOf(6, ["alice"]);
  const [alice] = machines;
  assert(alice !== undefined);
  await say(alice, "kept");
  await alice.stop();
  alice.disk.setFull(0);
  await assertRejects(() => alice.start(), WorldError, `Cannot open the home "${HOME}": the disk is full.`);
  alice.disk.setFull(null);
  await alice.start();
  assertEquals(await alice.texts("#Attic"), ["kept"]);
  await goHome(world);
});
