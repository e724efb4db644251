/** Homes whose logs are too long to be read before the node is ready: they are read while it runs. */

import { message } from "../../../src/messages/message.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { RoomLoader } from "../../../src/node/rooms/room_loader.ts";
import { WorldError } from "../../../src/errors.ts";
import { LOADED_AT_START_BYTES } from "../../../src/node/rooms/rooms.ts";
import type { RoomId } from "../../../src/room/id.ts";
import { toRoomFolder } from "../../../src/store/home/paths.ts";
import { SimTime } from "../../sim/clock.ts";
import { HOME, type SimMachine, type SimWorld } from "../../sim/world.ts";
import { atticOf, goHome, hotspotOf, meet } from "../../fixtures/node/shared_room.ts";

const LONG_TEXT = "x".repeat(4_000);
const LONG_TEXTS_COUNT = Math.ceil(LOADED_AT_START_BYTES / LONG_TEXT.length);

/** Alice has said so much there that no node reads its log before it is ready. */
async function fill(alice: SimMachine, { world, to }: { readonly world: SimWorld; readonly to: string }) {
  for (let count = 0; count < LONG_TEXTS_COUNT; count++) await alice.run({ do: "send", to, text: LONG_TEXT });
  await world.time.runFor(3_000);
}

/** How many lines stand in the machine's logs. */
function linesOf(machine: SimMachine): number {
  const logs = [...machine.disk.snapshot()].filter(([path]) => path.endsWith("log.jsonl"));
  return logs.reduce(
    (sum, [, bytes]) => sum + (bytes ?? new Uint8Array(0)).filter((byte) => byte === 10).length,
    0,
  );
}

/** How many rooms a node has read. */
async function readCount(machine: SimMachine): Promise<number> {
  return (await machine.run({ do: "status" })).rooms;
}

Deno.test("A node with a long log is ready before it has read it, then meets the others there and goes on behind its last line", async () => {
  const { world, machines: [alice, bob] } = await atticOf(31, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.run({ do: "send", to: "#Attic", text: "first" });
  await fill(alice, { world, to: "#Attic" });
  await bob.stop();
  await alice.run({ do: "send", to: "#Attic", text: "while bob was away" });
  await bob.start();
  assertEquals(await readCount(bob), 0);
  // Without waiting: what is written before the log is read would be numbered anew.
  await bob.run({ do: "send", to: "#Attic", text: "again" });
  assertEquals(await readCount(bob), 1);
  await world.time.runFor(5_000);
  assertEquals(await bob.export("#Attic"), await alice.export("#Attic"));
  const texts = (await bob.texts("#Attic")).filter((text) => text !== LONG_TEXT);
  assertEquals(texts.toSorted(), ["again", "first", "while bob was away"]);
  assertEquals((await alice.run({ do: "members", room: "#Attic" })).members.map(({ forked }) => forked), [
    false,
    false,
  ]);
  await goHome(world);
});

Deno.test("A node with a long log meets who comes while it is read, without a command", async () => {
  const { world, machines: [alice, bob] } = hotspotOf(32, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  for (const machine of [alice, bob]) await machine.start();
  await meet(world);
  await bob.run({ do: "send", to: "alice", text: "hello" });
  await world.time.runFor(1_000);
  await fill(alice, { world, to: "bob" });
  await alice.run({ do: "send", to: "bob", text: "good night" });
  for (const machine of [alice, bob]) await machine.stop();
  const before = linesOf(alice);
  for (const machine of [alice, bob]) await machine.start();
  await world.time.runFor(5_000);
  for (const machine of [alice, bob]) {
    assertEquals((await machine.texts(machine === alice ? "bob" : "alice")).length, LONG_TEXTS_COUNT + 2);
    assertEquals(linesOf(machine), before);
  }
  await goHome(world);
});

Deno.test("A node finds the files that are offered in a long log", async () => {
  const { world, machines: [alice, bob] } = await atticOf(35, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  alice.disk.put("/desk/notes.txt", new TextEncoder().encode("one two three"));
  await alice.run({ do: "offer", to: "#Attic", paths: ["/desk/notes.txt"] });
  await fill(alice, { world, to: "#Attic" });
  await bob.stop();
  await bob.start();
  assertEquals(await readCount(bob), 0);
  assertEquals((await bob.run({ do: "files" })).files.map(({ name }) => name), ["notes.txt"]);
  await goHome(world);
});

Deno.test("A node that stops while a log is read leaves it as it is", async () => {
  const { world, machines: [alice, bob] } = await atticOf(33, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await fill(alice, { world, to: "#Attic" });
  await bob.stop();
  const before = [...bob.disk.snapshot()].find(([path]) => path.endsWith("log.jsonl"));
  await bob.start();
  const asked = bob.node.run({ do: "search", text: "x" });
  asked.catch(() => {});
  await bob.stop();
  await assertRejects(() => asked, WorldError, "earshot is stopping");
  assertEquals([...bob.disk.snapshot()].find(([path]) => path.endsWith("log.jsonl")), before);
  await goHome(world);
});

Deno.test("A node whose log is taken away while it runs says so to who asks for what was said, and goes on", async () => {
  const { world, machines: [alice, bob] } = await atticOf(36, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  for (let count = 0; count < 20; count++) await alice.run({ do: "send", to: "#Attic", text: `${count}` });
  await world.time.runFor(1_000);
  const log = bob.disk.paths().find((path) => path.endsWith("log.jsonl"));
  assert(log !== undefined);
  const before = bob.disk.peek(log);
  bob.disk.put(log, new TextEncoder().encode("an editor was here\n"));
  await assertRejects(
    () => bob.run({ do: "log", to: "#Attic" }),
    WorldError,
    "was changed while earshot ran",
  );
  await assertRejects(
    () => bob.run({ do: "export", to: "#Attic" }),
    WorldError,
    "was changed while earshot ran",
  );
  assertEquals((await bob.run({ do: "rooms" })).rooms.map(({ title }) => title), ["Attic"]);
  assert(before !== null);
  bob.disk.put(log, before);
  await world.time.runFor(5_000);
  assertEquals(await bob.export("#Attic"), await alice.export("#Attic"));
  await goHome(world);
});

Deno.test("A host whose log is taken away while it runs lets others go on without it", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(37, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  for (let count = 0; count < 20; count++) await alice.run({ do: "send", to: "#Attic", text: `${count}` });
  await carol.stop();
  for (let count = 20; count < 40; count++) await bob.run({ do: "send", to: "#Attic", text: `${count}` });
  await world.time.runFor(1_000);
  const log = alice.disk.paths().find((path) => path.endsWith("log.jsonl"));
  assert(log !== undefined);
  alice.disk.put(log, new Uint8Array(0));
  await carol.start();
  await world.time.runFor(20_000);
  assertEquals(await carol.export("#Attic"), await bob.export("#Attic"));
  assert(
    alice.events.some((event) =>
      event.event === "notice" && event.text.includes("Cannot send earlier messages to others")
    ),
  );
  await goHome(world);
});

Deno.test("A node tells its rooms in the order of their folders, whenever they were read", async () => {
  const { world, machines: [alice] } = await atticOf(34, ["alice"]);
  assert(alice !== undefined);
  for (const title of ["Cellar", "Bath"]) await alice.run({ do: "host", title });
  await fill(alice, { world, to: "#Bath" });
  await alice.stop();
  await alice.start();
  const { rooms } = await alice.run({ do: "rooms" });
  assertEquals(rooms.map(({ title }) => title), ["Attic", "Bath", "Cellar"]);
  await goHome(world);
});

/** Of three rooms; `read` notes which, and throws for "c" if that fails. */
function threeUnread(time: SimTime, { isFailing = false } = {}): { roomLoader: RoomLoader; read: string[] } {
  const read: string[] = [];
  const roomLoader = new RoomLoader({
    clock: time.clock(),
    onLoaded: () => {},
    read: async ({ id }, turn) => {
      read.push(id);
      await turn();
      if (isFailing && id === "c") throw new WorldError(message("text.any", { text: "The disk fails" }));
    },
  });
  // Any text will do for an id here: nothing looks into it.
  for (const id of ["a", "b", "c"]) roomLoader.add(toRoomFolder(`${HOME}/${id}`, id as RoomId));
  return { roomLoader, read };
}

Deno.test("UnreadRooms reads the first asked for first", async () => {
  const time = new SimTime();
  const { roomLoader, read } = threeUnread(time);
  const run = roomLoader.run();
  const first = roomLoader.loadNext("c" as RoomId);
  await time.drive(first);
  assertEquals(read, ["a", "c"]);
  assertEquals(["a", "b", "c"].map((id) => roomLoader.has(id as RoomId)), [false, true, false]);
  await time.drive(Promise.all([run, roomLoader.waitForAll()]));
  assertEquals([read, roomLoader.folders], [["a", "c", "b"], []]);
  await roomLoader.loadNext("b" as RoomId);
});

Deno.test("UnreadRooms tells all who wait when a log cannot be read", async () => {
  const time = new SimTime();
  const { roomLoader } = threeUnread(time, { isFailing: true });
  const waiting = [roomLoader.run(), roomLoader.waitForAll(), roomLoader.loadNext("c" as RoomId)];
  const outcomes = await time.drive(Promise.allSettled(waiting));
  assertEquals(outcomes.map(({ status }) => status), ["rejected", "rejected", "rejected"]);
});

Deno.test("UnreadRooms lets all who wait go when it is closed", async () => {
  const time = new SimTime();
  const { roomLoader, read } = threeUnread(time);
  const waiting = [roomLoader.run(), roomLoader.waitForAll(), roomLoader.loadNext("b" as RoomId)];
  await time.drive(roomLoader.close());
  await Promise.all(waiting);
  assertEquals([read, roomLoader.has("c" as RoomId)], [["a"], true]);
});
