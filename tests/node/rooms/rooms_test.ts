/** What a node makes of the rooms' folders in its home, whoever has been at them. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { HOME, type SimMachine, type SimWorld } from "../../sim/world.ts";
import { atticOf, goHome, meet } from "../../fixtures/node/shared_room.ts";

const ROOMS = `${HOME}/rooms`;

/** The files of a machine's disk whose names end so. */
function filesOf(machine: SimMachine, end: string): string[] {
  return [...machine.disk.snapshot()].flatMap(([path, bytes]) =>
    bytes !== null && path.endsWith(end) ? [path] : []
  );
}

function textOf(machine: SimMachine, path: string): string {
  return new TextDecoder().decode(machine.disk.peek(path) ?? new Uint8Array(0));
}

function put(machine: SimMachine, path: string, text: string): void {
  machine.disk.put(path, new TextEncoder().encode(text));
}

/** Alice and bob, who have talked in the Attic; bob is stopped, and `log` is the path of his log. */
async function stoppedBob(
  seed: number,
): Promise<{ world: SimWorld; alice: SimMachine; bob: SimMachine; log: string }> {
  const { world, machines: [alice, bob] } = await atticOf(seed, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  // Each is heard before the next is said: else their order is that of the authors' keys.
  await alice.run({ do: "send", to: "#Attic", text: "one" });
  await world.time.runFor(1_000);
  await bob.run({ do: "send", to: "#Attic", text: "two" });
  await world.time.runFor(1_000);
  await alice.run({ do: "send", to: "#Attic", text: "three" });
  await world.time.runFor(3_000);
  await bob.stop();
  const [log = ""] = filesOf(bob, "log.jsonl");
  return { world, alice, bob, log };
}

async function noticesAfterStart(
  { world, bob }: { world: SimWorld; bob: SimMachine },
): Promise<readonly string[]> {
  await bob.start();
  await meet(world);
  await world.time.runFor(2_000);
  return (await bob.run({ do: "status" })).notices;
}

Deno.test("Rooms sets the torn last line of a log aside, says where, and gets the line back from others", async () => {
  const all = await stoppedBob(1);
  const { world, alice, bob, log } = all;
  put(bob, log, textOf(bob, log).slice(0, -20));
  const tornBytes = textOf(bob, log).length - (textOf(bob, log).lastIndexOf("\n") + 1);
  const aside = log.replace("log.jsonl", "log.torn-1.jsonl");
  assertEquals(await noticesAfterStart(all), [
    `The last line of "${join(log)}" was incomplete. The rest of it (${tornBytes} bytes) was moved to "${
      join(aside)
    }"`,
  ]);
  assertEquals(textOf(bob, aside).length, tornBytes);
  assertEquals(await bob.export("#Attic"), await alice.export("#Attic"));
  await goHome(world);
});

Deno.test("Rooms does not show lines that were changed by hand, tells how many, and gets them back", async () => {
  const all = await stoppedBob(2);
  const { world, alice, bob, log } = all;
  put(bob, log, textOf(bob, log).replace('"three"', '"drei!"'));
  assertEquals(await noticesAfterStart(all), [
    `A line of "${
      join(log)
    }" was changed after it was written, and is not shown. It is kept; its message comes back from other members`,
  ]);
  assert(textOf(bob, log).includes('"drei!"'));
  assertEquals(await bob.texts("#Attic"), ["one", "two", "three"]);
  assertEquals(await bob.export("#Attic"), await alice.export("#Attic"));
  await goHome(world);
});

Deno.test("Rooms finds a room whose folder was renamed, and goes on writing there", async () => {
  const all = await stoppedBob(3);
  const { world, bob, log } = all;
  const folder = log.slice(0, log.lastIndexOf("/"));
  const id = folder.slice(folder.lastIndexOf("-") + 1);
  const files = [...bob.disk.snapshot()].filter(([path]) => path.startsWith(`${folder}/`));
  const renamed = `${ROOMS}/my old friends-${id}`;
  const disk = new Map(
    [...bob.disk.snapshot()].filter(([path]) => path !== folder && !path.startsWith(`${folder}/`)),
  );
  disk.set(renamed, null);
  for (const [path, bytes] of files) disk.set(path.replace(folder, renamed), bytes);
  bob.disk.restore(disk);
  assertEquals(await noticesAfterStart(all), []);
  await bob.run({ do: "send", to: "#Attic", text: "in the same place" });
  assertEquals(filesOf(bob, "log.jsonl"), [`${renamed}/log.jsonl`]);
  assert(textOf(bob, `${renamed}/log.jsonl`).includes("in the same place"));
  await goHome(world);
});

Deno.test("Rooms takes folders that are no rooms, empty ones and damaged caches in its stride", async () => {
  const all = await stoppedBob(4);
  const { world, bob, log } = all;
  const folder = log.slice(0, log.lastIndexOf("/"));
  put(bob, `${ROOMS}/holiday pictures/beach.png`, "x");
  put(bob, `${ROOMS}/empty-${"a".repeat(26)}/files/nothing`, "");
  for (const cache of ["seen.json", "read.json"]) put(bob, `${folder}/${cache}`, "{not json");
  assertEquals(await noticesAfterStart(all), []);
  const { rooms } = await bob.run({ do: "rooms" });
  assertEquals(rooms.map(({ title, unread }) => [title, unread]), [["Attic", 2]]);
  assertEquals(textOf(bob, `${ROOMS}/holiday pictures/beach.png`), "x");
  await goHome(world);
});

Deno.test("Rooms that cannot tell whose a conversation is keeps it, and shows it when the other is around", async () => {
  const { world, machines: [alice, bob] } = await atticOf(5, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.run({ do: "send", to: "alice", text: "into the void" });
  await world.time.runFor(500);
  await bob.stop();
  await alice.stop();
  // Only our own lines, and the contact is gone: the two keys that make the id are not both known.
  put(bob, `${HOME}/contacts.dat`, "");
  await bob.start();
  await world.time.runFor(3_000);
  const notices = (await bob.run({ do: "status" })).notices;
  assertEquals(notices.length, 1);
  assert(
    notices[0]?.startsWith("Unknown conversation in "),
    notices[0],
  );
  assertEquals((await bob.run({ do: "rooms" })).rooms.map(({ title }) => title), ["Attic"]);
  await alice.start();
  await meet(world);
  await world.time.runFor(2_000);
  assertEquals(await bob.texts("alice"), ["into the void"]);
  await alice.run({ do: "send", to: "bob", text: "heard" });
  await world.time.runFor(2_000);
  assertEquals(await bob.texts("alice"), ["into the void", "heard"]);
  await goHome(world);
});

Deno.test("Rooms with hundreds of rooms and thousands of lines are all there after a restart", async () => {
  const { world, machines: [alice] } = await atticOf(6, ["alice"]);
  assert(alice !== undefined);
  for (let number = 0; number < 150; number++) await alice.run({ do: "host", title: `Room ${number}` });
  const sends = Array.from(
    { length: 2_000 },
    (_, number) => alice.node.run({ do: "send", to: "#Attic", text: `line ${number}` }),
  );
  await world.time.drive(Promise.all(sends));
  await alice.stop();
  await alice.start();
  assertEquals((await alice.run({ do: "rooms" })).rooms.length, 151);
  const texts = await alice.texts("#Attic");
  assertEquals([texts.length, texts[0], texts.at(-1)], [2_000, "line 0", "line 1999"]);
  await goHome(world);
});
