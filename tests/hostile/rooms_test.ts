/** Rooms that no honest earshot would open. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import { parseRoomId, type RoomId } from "../../src/room/id.ts";
import { goHome } from "../fixtures/node/shared_room.ts";
import { HOME } from "../sim/world.ts";
import { allLines, assertInert, friends, logOf } from "../fixtures/hostile/two_friends.ts";
import { Villain } from "../fixtures/hostile/attacker.ts";

/** A title, and how it is shown. */
const TITLES: readonly (readonly [why: string, title: string, shown: string])[] = [
  ["lines", "Attic\n14:03  bob: yes", "Attic^J14:03  bob: yes"],
  ["an escape", "\x1b]0;owned\x07\x1b[2J", "^[]0;owned^G^[[2J"],
  ["blanks", "   ", "   "],
  ["turned letters", "\u202eexe.txt", "⟨202E⟩exe.txt"],
  ["Hebrew", "שלום", "שלום"],
  ["brackets and colons", "a] bob: yes [b", "a] bob: yes [b"],
  ["a way out of the folder", "../../../etc/passwd\0", "../../../etc/passwd^@"],
  ["a device of Windows", "CON", "CON"],
];

for (const [index, [why, title, shown]] of TITLES.entries()) {
  Deno.test(`A room whose title is ${why} is joined, shown on one line, and kept in a folder like others`, async () => {
    const scene = await friends(300 + index);
    const { world, alice } = scene;
    const villain = new Villain(5);
    await villain.call(world, "mallory");
    const first = villain.found(title);
    villain.profile({ rooms: [{ id: first.room, title, memberCount: 1 }] });
    await world.time.runFor(200);
    const joining = alice.node.run({ do: "join", room: first.room });
    await world.time.runFor(200);
    villain.stranger.meet(first.room);
    villain.stranger.pass(first.room, first.line, villain.write(first.room, { body: "welcome" }).line);
    const { room } = await world.time.drive(joining);
    assertEquals(room.title, shown);
    await world.time.runFor(500);
    const lines = await logOf(alice, first.room);
    assertEquals(lines.slice(1, 3), [
      `HH:MM  * mallory opened the room "${shown}"`,
      "HH:MM  mallory: welcome",
    ]);
    const { text } = await alice.run({ do: "export", to: first.room });
    assertEquals(text.split("\n")[0], `# ${shown}`);
    const folders = await world.time.drive(alice.disk.boot().list(`${HOME}/rooms`));
    const folder = folders.find((name) => name.endsWith(first.room)) ?? "";
    assert(/^[\p{L}\p{M}\p{N}_-]+$/u.test(folder), folder);
    await assertInert(await allLines(scene));
    await goHome(world);
  });
}

Deno.test("64 rooms of one title nearby are 64 lines, and none is joined by that title", async () => {
  const scene = await friends(320);
  const { world, alice } = scene;
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  const ids: RoomId[] = [];
  for (let index = 0; index < 64; index++) {
    const id = parseRoomId(
      `${"abcdefghijklmnopqrstuvwxyz234567"[index % 32]}${index < 32 ? "b" : "c"}${"a".repeat(24)}`,
    );
    assert(id !== null);
    ids.push(id);
  }
  villain.profile({ rooms: ids.map((id) => ({ id, title: "Kitchen", memberCount: 65_535 })) });
  await world.time.runFor(500);
  const { rooms } = await alice.run({ do: "rooms" });
  assertEquals(rooms.filter(({ title }) => title === "Kitchen").length, 64);
  const error = await assertRejects(() => alice.run({ do: "join", room: "Kitchen" }), UsageError);
  assert(error.message.startsWith('More than one room here is called "Kitchen". Say which one by its id: '));
  await assertInert([...await allLines(scene), error.message]);
  await goHome(world);
});

Deno.test("A room that pretends to be ours by its title gets nothing that we write", async () => {
  const scene = await friends(321);
  const { world, alice } = scene;
  const { room } = await alice.run({ do: "host", title: "Kitchen" });
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  const first = villain.found("Kitchen");
  villain.profile({ rooms: [{ id: first.room, title: "Kitchen", memberCount: 9 }] });
  await world.time.runFor(200);
  const sent = await alice.run({ do: "send", to: "#Kitchen", text: "for us" });
  assertEquals(sent.room, room.id);
  await world.time.runFor(500);
  assertEquals(
    villain.stranger.of("entries").flatMap(({ lines }) => lines).filter((line) => line.includes("for us")),
    [],
  );
  await goHome(world);
});
