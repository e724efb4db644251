/** Somebody who fills disks and memories: what a device keeps of people whom its user does not know has bounds of its own. */

import { formatForShell } from "../../src/messages/format_message.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { WorldError } from "../../src/errors.ts";
import {
  AuthorShares,
  type AuthorSharesParts,
  FREE_BYTES_MIN,
  FREE_CHECK_MS,
  HOME_ENTRIES_FOR_STRANGERS,
  STRANGER_BYTES_MAX,
  STRANGER_ENTRIES_MAX,
} from "../../src/node/rooms/author_shares.ts";
import { HOME_ENTRIES_MAX, requireRoomInMemory } from "../../src/node/rooms/home_size.ts";
import type { LocalRoom } from "../../src/node/room/local_room.ts";
import { POINTS_PER_SECOND } from "../../src/node/support/quotas.ts";
import type { Entry } from "../../src/room/entry.ts";
import { INDEX_LINE_BYTES } from "../../src/store/log/log_index.ts";
import { ALICE, BOB, CAROL, entryOf } from "../fixtures/room/people.ts";
import { atticOf, goHome, noticesOf } from "../fixtures/node/shared_room.ts";
import { assertTalkGoesOn, atticWithVillain, rowsOf } from "../fixtures/hostile/room_with_attacker.ts";
import { Villain } from "../fixtures/hostile/attacker.ts";
import { SimTime } from "../sim/clock.ts";

/** Shares of a node that knows Alice, in one room of so many lines, of which Bob has written so much. */
function sharesOf(
  room: { readonly lines?: number; readonly hisLines?: number; readonly hisBytes?: number },
  freeBytes: () => number | null = () => null,
) {
  const time = new SimTime();
  const notices: string[] = [];
  let asked = 0;
  const localRoom = {
    replica: {
      id: "room",
      entries: { length: room.lines ?? 0 },
      lastNumber: () => room.hisLines ?? 0,
      feedBytes: () => room.hisBytes ?? 0,
    },
    sync: { askAgain: () => asked++ },
  } as unknown as LocalRoom;
  const shares = new AuthorShares({
    me: CAROL.id,
    ports: {
      clock: time.clock(),
      system: { readFreeBytes: () => Promise.resolve(freeBytes()) },
    } as unknown as AuthorSharesParts["ports"],
    home: { paths: { folder: "/home" } } as AuthorSharesParts["home"],
    contacts: {
      contacts: { get: (id) => id === ALICE.id ? { isIgnored: false } : undefined },
    } as AuthorSharesParts["contacts"],
    notices: { add: (notice) => void notices.push(formatForShell(notice)) },
    tasks: { track: (work) => work },
  });
  const mayKeep = (entry: Entry) => shares.mayKeep(localRoom, entry, [localRoom]);
  return { time, shares, notices, mayKeep, asked: () => asked };
}

Deno.test("A device keeps only a share of an author whom its user does not know, and says so once", () => {
  const limits = [
    { hisLines: STRANGER_ENTRIES_MAX },
    { hisBytes: STRANGER_BYTES_MAX },
    { lines: HOME_ENTRIES_FOR_STRANGERS },
  ];
  for (const room of limits) {
    const { mayKeep, notices } = sharesOf(room);
    for (let count = 0; count < 5; count++) assertEquals(mayKeep(entryOf({}, BOB)), false);
    assertEquals([mayKeep(entryOf({}, ALICE)), notices.length], [true, 1]);
  }
  const below = sharesOf({
    hisLines: STRANGER_ENTRIES_MAX - 1,
    hisBytes: STRANGER_BYTES_MAX - 1_000,
    lines: HOME_ENTRIES_FOR_STRANGERS - 1,
  });
  assertEquals([below.mayKeep(entryOf({}, BOB)), below.notices], [true, []]);
});

Deno.test("Lines of strangers do not take the last of a disk, and are asked for again when there is space", async () => {
  let freeBytes = FREE_BYTES_MIN - 1;
  const { time, mayKeep, notices, asked } = sharesOf({}, () => freeBytes);
  mayKeep(entryOf({}, BOB));
  await time.runFor(FREE_CHECK_MS);
  assertEquals([mayKeep(entryOf({}, BOB)), mayKeep(entryOf({}, ALICE))], [false, true]);
  await time.runFor(FREE_CHECK_MS);
  assertEquals([mayKeep(entryOf({}, BOB)), notices.length, asked()], [false, 1, 0]);
  freeBytes = FREE_BYTES_MIN;
  await time.runFor(FREE_CHECK_MS);
  mayKeep(entryOf({}, ALICE));
  await time.runFor(1);
  assertEquals([mayKeep(entryOf({}, BOB)), notices.length, asked()], [true, 1, 1]);
});

Deno.test("A disk that is nearly full keeps no lines of strangers, and all of contacts; they come when there is space", async () => {
  const scene = await atticWithVillain(1001);
  const { world, alice, bob, villain, room } = scene;
  await alice.run({ do: "send", to: "bob", text: "hello" });
  await bob.run({ do: "send", to: "alice", text: "hello" });
  alice.host.freeBytes = 1_000_000;
  await world.time.runFor(FREE_CHECK_MS);
  await villain.tell(world, room, { body: "one" });
  await world.time.runFor(FREE_CHECK_MS);
  await villain.tell(world, room, { body: "two" }, { body: "three" });
  await world.time.runFor(FREE_CHECK_MS);
  await assertTalkGoesOn(world, alice, bob);
  const said = async () =>
    (await rowsOf(alice)).filter(({ author, kind }) => author === villain.id && kind === "text").map((row) =>
      row.text
    );
  assertEquals(await said(), ["one"]);
  assertEquals(noticesOf(alice).filter((text) => text.includes("the disk has only")).length, 1);
  alice.host.freeBytes = null;
  const askedCount = () =>
    villain.stranger.of("meet").filter((meet) => meet.room === room && meet.again).length;
  const before = askedCount();
  await world.time.runFor(FREE_CHECK_MS);
  await villain.tell(world, room, { body: "four" });
  await world.time.runFor(1_000);
  assertEquals(askedCount(), before + 1, "what was left out is not asked for, or more than once");
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("Who claims to be the best host pays for its own lines like everybody", async () => {
  const { world, machines: [alice, bob] } = await atticOf(1002, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const { room: { id: room } } = await alice.run({ do: "join", room: "Attic" });
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  await villain.tell(world, room, { kind: "join" });
  villain.profile({ merit: 3 });
  await world.time.runFor(5_000);
  const follows = villain.stranger.of("meet").filter((meet) => meet.room === room).at(-1)?.follow;
  assertEquals(follows, true, "Alice does not follow the villain: this test tests nothing");
  await villain.spend(world, room);
  const fromMs = world.time.nowMs;
  const lines = Array.from({ length: 8_000 }, (_, index) => ({
    type: "entries" as const,
    room,
    lines: [villain.write(room, { body: `${index}` }).line],
  }));
  await villain.flood(world, lines, { msMax: 6_000 });
  const seconds = (world.time.nowMs - fromMs) / 1_000;
  const taken = (await rowsOf(alice)).filter(({ author }) => author === villain.id).length;
  assert(taken <= (seconds + 2) * POINTS_PER_SECOND, `${taken} lines in ${seconds} s`);
  await goHome(world);
});

Deno.test("A home that is too large is told in a sentence before anything is read", async () => {
  const sized = (lines: number) => ({
    folder: { folder: `/rooms/${lines}`, index: `/rooms/${lines}/log.index` },
    sizeBytes: lines * 400,
  });
  const disk = {
    size: (path: string) =>
      Promise.resolve(path.includes("/rooms/6000000/") ? 6_000_000 * INDEX_LINE_BYTES : null),
  };
  await requireRoomInMemory(disk, [sized(1_000_000), sized(1_000_000)]);
  const error = await assertRejects(
    () => requireRoomInMemory(disk, [sized(1_000), sized(6_000_000)]),
    WorldError,
  );
  assertStringIncludes(error.message, `earshot holds ${HOME_ENTRIES_MAX} at most. Nothing was changed.`);
  assertStringIncludes(error.message, '"/rooms/6000000" (2.4 GB)');
});
