/** Lines that their author never wrote so, and lines that are none. */

import { assert, assertEquals } from "@std/assert";
import { type Entry, ENTRY_LINE_BYTES_MAX, readEntry } from "../../src/room/entry.ts";
import { deriveDirectRoom } from "../../src/room/access.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import type { RoomId } from "../../src/room/id.ts";
import { filedEntries, goHome, noticesOf } from "../fixtures/node/shared_room.ts";
import {
  assertTalkGoesOn,
  type AtticScene,
  atticWithVillain,
  rowsOf,
} from "../fixtures/hostile/room_with_attacker.ts";
import { Villain } from "../fixtures/hostile/attacker.ts";

const CRYPTO = denoCrypto();
const SIGNATURE = /"s":"(.{86})"/;

/** Bob's entries as the villain got them from Alice, oldest first. */
function entriesOfBob({ villain, bob }: AtticScene): readonly Entry[] {
  const lines = villain.stranger.of("entries").flatMap(({ lines }) => lines);
  return lines.map((line) => readEntry(line, CRYPTO)).filter((entry): entry is Entry =>
    !("problem" in entry) && entry.author === bob.node.id
  );
}

/** What the villain makes of Bob's last line. */
const FORGERIES: readonly (readonly [what: string, forge: (scene: AtticScene, last: Entry) => string])[] = [
  ["Bob's name on the villain's line", ({ villain, room, bob }) => {
    const { line } = villain.write(room, { body: "I quit" });
    return line.replace(villain.id, bob.node.id);
  }],
  ["Bob's next line, signed by the villain", ({ villain, room }, last) => {
    const mine = villain.write(room, { body: "I quit" }).line;
    const next = last.line.replace(`",${last.number},"`, `",${last.number + 1},"`)
      .replace(last.prev, last.hash).replace(`,${last.clock},`, `,${last.clock + 1},`);
    return next.replace(SIGNATURE, SIGNATURE.exec(mine)?.[0] ?? "");
  }],
  ["Bob's line with other words", (_scene, last) => last.line.replace("good", "evil")],
  ["Bob's line with another signature", (_scene, last) => {
    const signature = SIGNATURE.exec(last.line)?.[1] ?? "";
    const other = (signature.startsWith("A") ? "B" : "A") + signature.slice(1);
    return last.line.replace(signature, other);
  }],
];

for (const [index, [what, forge]] of FORGERIES.entries()) {
  Deno.test(`A member who passes on ${what} loses its session, and nobody shows it or doubts Bob`, async () => {
    const scene = await atticWithVillain(700 + index);
    const { world, alice, bob, villain, room } = scene;
    await bob.run({ do: "send", to: "#Attic", text: "good day" });
    await world.time.runFor(500);
    const last = entriesOfBob(scene).at(-1);
    assert(last !== undefined && last.line.includes("good day"));
    const before = await rowsOf(alice);
    const line = forge(scene, last);
    assert(!("problem" in readEntry(line, CRYPTO)), "it has the shape of an entry");
    villain.stranger.pass(room, line);
    await world.time.runFor(500);
    assertEquals(villain.stranger.closed, "bad-record");
    assertEquals(await rowsOf(alice), before);
    const { members } = await alice.run({ do: "members", room: "#Attic" });
    assertEquals(members.filter((member) => member.forked), []);
    await assertTalkGoesOn(world, alice, bob);
    await goHome(world);
  });
}

Deno.test("A member who passes on others' lines backwards, doubled and with gaps changes nothing", async () => {
  const scene = await atticWithVillain(710);
  const { world, alice, bob, villain, room } = scene;
  for (let times = 0; times < 20; times++) {
    await bob.run({ do: "send", to: "#Attic", text: `line ${times}` });
  }
  await world.time.runFor(1_000);
  const lines = entriesOfBob(scene).map(({ line }) => line);
  assertEquals(lines.length, 21);
  const before = await rowsOf(alice);
  villain.stranger.pass(
    room,
    ...lines.toReversed(),
    ...lines,
    ...lines.filter((_, index) => index % 3 === 0),
  );
  await world.time.runFor(10_000);
  assertEquals([villain.stranger.closed, await rowsOf(alice)], [null, before]);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("Lines from nowhere in others' feeds make nobody ask anybody but whom they came from", async () => {
  const scene = await atticWithVillain(711);
  const { world, alice, bob, villain, room } = scene;
  const bystander = new Villain(6);
  await bystander.call(world, "oscar");
  await bystander.tell(world, room, { kind: "join" });
  const [last] = entriesOfBob(scene).slice(-1);
  assert(last !== undefined);
  const asked = (one: Villain) => one.stranger.of("meet").filter(({ again }) => again).length;
  const before = [asked(villain), asked(bystander)];
  for (let number = 100; number < 1_100; number++) {
    villain.stranger.pass(
      room,
      last.line.replace(`",${last.number},"`, `",${number},"`).replace('""', `"${last.hash}"`),
    );
  }
  await world.time.runFor(30_000);
  const after = [asked(villain), asked(bystander)];
  assertEquals(after.map((count, index) => count - (before[index] ?? 0)), [1, 0]);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

const DEEP = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;
const TAIL = `,"s":"${"A".repeat(86)}"}`;

/** Lines that are none. */
const LINES: readonly (readonly [what: string, line: string])[] = [
  ["deep", `{"e":${DEEP}${TAIL}`],
  ["deep in its body", `{"e":[1,"","",1,"",1,1,"text","m",${DEEP}]${TAIL}`],
  ["objects in each other", `{"e":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}${TAIL}`],
  ["longer than a line may be", `{"e":[1,"${"x".repeat(ENTRY_LINE_BYTES_MAX)}"]${TAIL}`],
  ["a number without end", `{"e":[1,"","",1e999,"",1,1,"text","m",""]${TAIL}`],
  ["a name of the prototype", `{"e":{"__proto__":[1]}${TAIL}`],
  ["cut short", '{"e":[1'],
  ["no JSON", "\x00\xff"],
];

for (const [index, [what, line]] of LINES.entries()) {
  Deno.test(`A member whose line is ${what} loses its session, and the others talk on`, async () => {
    const { world, alice, bob, villain, room } = await atticWithVillain(720 + index);
    villain.stranger.pass(room, line);
    await world.time.runFor(500);
    assertEquals(villain.stranger.closed, "bad-record");
    await assertTalkGoesOn(world, alice, bob);
    await goHome(world);
  });
}

Deno.test("Entries of rooms that one is not in are not taken in, kept or passed on", async () => {
  const { world, alice, bob, villain } = await atticWithVillain(730);
  await bob.run({ do: "send", to: "alice", text: "between us" });
  await alice.run({ do: "send", to: "bob", text: "yes" });
  const { room: vault } = await alice.run({ do: "host", title: "Vault", isInvited: true });
  const before = (await world.time.drive(filedEntries(alice))).length;
  const rooms: readonly RoomId[] = [
    deriveDirectRoom(alice.node.id, bob.node.id, CRYPTO).id,
    vault.id,
    villain.found("Elsewhere").room,
  ];
  for (const room of rooms) {
    villain.stranger.pass(
      room,
      villain.write(room, { kind: "join" }).line,
      villain.write(room, { body: "hi" }).line,
    );
    villain.stranger.meet(room, new Map([[alice.node.id, 1_000]]));
    await world.time.runFor(300);
    villain.stranger.pass(room, villain.write(room, { body: "hi again" }).line);
    await world.time.runFor(300);
  }
  assertEquals(villain.stranger.of("refuse").map(({ room }) => room), rooms);
  const heard = villain.stranger.of("entries").filter(({ room }) => rooms.includes(room));
  assertEquals([heard, (await world.time.drive(filedEntries(alice))).length], [[], before]);
  assertEquals((await alice.texts("bob")).toSorted(), ["between us", "yes"]);
  assertEquals(noticesOf(alice), []);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});
