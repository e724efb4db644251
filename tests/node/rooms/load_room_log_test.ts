import { formatForShell } from "../../../src/messages/format_message.ts";
import { assert, assertEquals } from "@std/assert";
import { type LoadedLog, loadRoomLog } from "../../../src/node/rooms/load_room_log.ts";
import type { RoomId } from "../../../src/room/id.ts";
import { loadReplica } from "../../../src/room/replica_loader.ts";
import { Replica } from "../../../src/room/replica.ts";
import { openEntryLog } from "../../../src/store/log/entry_log.ts";
import { LineCache } from "../../../src/store/log/line_cache.ts";
import { readLogLines } from "../../../src/store/log/append_log.ts";
import { toRoomFolder } from "../../../src/store/home/paths.ts";
import type { Disk } from "../../../src/ports/storage.ts";
import { ALICE, BOB, CAROL, copyOf, CRYPTO, roomOf, say, write } from "../../fixtures/room/people.ts";
import { SimChance } from "../../sim/chance.ts";
import { SimTime } from "../../sim/clock.ts";
import { SimDisk } from "../../sim/disk.ts";

const ROOM = roomOf(BOB);
const FOLDER = toRoomFolder("/attic", ROOM.id);
/** So small that a few lines fill it. */
const BLOCK_BYTES = 1_000;

/** A machine's disk. */
function machine(seed: string) {
  const time = new SimTime();
  const chance = new SimChance(seed);
  const drive = new SimDisk({
    schedule: (delayMs, run) => void time.schedule(delayMs, run),
    fraction: () => chance.fraction(),
  });
  drive.put("/attic/something.else", new Uint8Array(0));
  return { time, chance, drive };
}

function partsOf(disk: Disk) {
  const lineCache = new LineCache({ disk, crypto: CRYPTO, warmBytesMax: 1_000 });
  return { disk, crypto: CRYPTO, lineCache, blockBytes: BLOCK_BYTES };
}

/** What is loaded from the folder, and what was said of it. */
async function load({ time, drive }: ReturnType<typeof machine>, turn?: () => Promise<boolean>) {
  const notices: string[] = [];
  const loaded: LoadedLog | null = await time.drive(loadRoomLog(FOLDER, {
    ...partsOf(drive.boot()),
    me: ALICE.id,
    contacts: { contacts: { all: [] } },
    notices: { add: (notice) => notices.push(formatForShell(notice)) },
    ...(turn !== undefined && { turn }),
  }));
  return { loaded, notices };
}

/** All that a room shows and gives to others. */
function contentOf(replica: Replica) {
  return {
    lines: replica.entries.map(({ line }) => line),
    bodies: replica.entries.map(({ body }) => body),
    prevs: replica.entries.map(({ prev }) => prev),
    forks: [...replica.forks].map(([author, { line }]) => [author, line]),
    members: replica.members(),
  };
}

/** The same from every line of the log, read one by one. */
async function wholeLog({ time, drive }: ReturnType<typeof machine>, room: RoomId) {
  const replica = new Replica(room, CRYPTO);
  const lines = await time.drive(readLogLines(drive.boot(), FOLDER.log));
  loadReplica(replica, lines ?? [], CRYPTO);
  return replica;
}

/** Says so many things in the room and keeps them in the log, a fork of Carol's among them. */
async function fill({ time, chance, drive }: ReturnType<typeof machine>, count: number) {
  // Anew each time: what is kept leaves the memory for this machine's disk.
  const replica = roomOf(BOB);
  const { log } = await time.drive(openEntryLog(partsOf(drive.boot()), FOLDER));
  await time.drive(log.append(replica.entries.map((entry) => ({ entry, isBeside: false }))));
  write(replica, CAROL, "join");
  const [last] = replica.entries.slice(-1);
  assert(last !== undefined);
  await time.drive(log.append([{ entry: last, isBeside: false }]));
  for (let index = 0; index < count; index++) {
    const elsewhere = index === Math.floor(count / 2) ? copyOf(replica) : null;
    const entry = say(replica, chance.pick([ALICE, BOB, CAROL]), "x".repeat(chance.int(200)));
    await time.drive(log.append([{ entry, isBeside: false }]));
    if (elsewhere === null) continue;
    say(replica, CAROL, "one branch");
    const fork = say(elsewhere, CAROL, "the other branch");
    const [kept] = replica.entries.slice(-1);
    assert(kept !== undefined);
    replica.accept(fork);
    await time.drive(log.append([{ entry: kept, isBeside: false }, { entry: fork, isBeside: true }]));
  }
  return { replica, log };
}

Deno.test("loadLog makes of an index and the end of the log what the whole log says", async () => {
  const sim = machine("index");
  const { replica, log } = await fill(sim, 40);
  await sim.time.drive(log.close());
  const size = (path: string) => sim.drive.peek(path)?.length ?? 0;
  assert(size(FOLDER.index) > 0);
  const written = contentOf(replica);
  const { loaded, notices } = await load(sim);
  assert(loaded?.filled);
  assertEquals([contentOf(loaded.filled.replica), notices], [written, []]);
  // All but the end was not read: it is known from the index.
  const { read } = loaded;
  assert(read.known.length > 35 && read.lines.length < 5, `${read.known.length} known`);
  assertEquals(loaded.filled.report, { unreadable: [], distrustedCount: 0, orphans: [] });
});

Deno.test("loadLog goes on with an index that it finds, and makes one for a log that has none", async () => {
  const sim = machine("go on");
  const { log } = await fill(sim, 40);
  await sim.time.drive(log.close());
  const whole = sim.drive.peek(FOLDER.index);
  for (const start of [whole, new Uint8Array(0), new Uint8Array(3), whole?.slice(0, -1)]) {
    sim.drive.put(FOLDER.index, start ?? new Uint8Array(0));
    const { loaded } = await load(sim);
    assert(loaded?.filled);
    const last = loaded.filled.replica.entries.at(-1);
    assert(last !== undefined);
    const more = Array.from(
      { length: 10 },
      () => say(loaded.filled?.replica ?? ROOM, ALICE, "y".repeat(200)),
    );
    const before = sim.drive.snapshot();
    await sim.time.drive(loaded.log.append(more.map((entry) => ({ entry, isBeside: false }))));
    await sim.time.drive(loaded.log.close());
    const again = await load(sim);
    assert(again.loaded?.filled);
    assertEquals(again.loaded.filled.replica.entries.at(-1)?.hash, more.at(-1)?.hash);
    // What is less than a block is read from the log.
    assert(again.loaded.read.lines.length < 4, `${again.loaded.read.lines.length} lines`);
    sim.drive.restore(before);
  }
});

Deno.test("loadLog says of a damaged log or index what the whole log says, wherever the damage is", async () => {
  for (let seed = 0; seed < 60; seed++) {
    const sim = machine(`damage ${seed}`);
    const { log } = await fill(sim, 25);
    if (sim.chance.bool(0.7)) await sim.time.drive(log.close());
    else sim.drive.crash();
    for (const path of sim.chance.bool(0.5) ? [FOLDER.log] : [FOLDER.log, FOLDER.index]) {
      const bytes = sim.drive.peek(path)?.slice();
      if (bytes === undefined || bytes.length === 0 || sim.chance.bool(0.2)) continue;
      const at = sim.chance.int(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ 2;
      sim.drive.put(path, sim.chance.bool(0.2) ? bytes.slice(0, at) : bytes);
    }
    const { loaded } = await load(sim);
    const whole = await wholeLog(sim, ROOM.id);
    const found = loaded?.filled?.replica ?? new Replica(ROOM.id, CRYPTO);
    assertEquals(contentOf(found), contentOf(whole), `seed ${seed}`);
  }
});

Deno.test("loadLog makes an index of a log in which lines came twice", async () => {
  const sim = machine("twice");
  const { replica, log } = await fill(sim, 20);
  const written = contentOf(replica);
  await sim.time.drive(log.close());
  const bytes = sim.drive.peek(FOLDER.log) ?? new Uint8Array(0);
  sim.drive.put(FOLDER.log, Uint8Array.of(...bytes, ...bytes));
  sim.drive.put(FOLDER.index, new Uint8Array(0));
  for (const isFirst of [true, false]) {
    const { loaded, notices } = await load(sim);
    assert(loaded?.filled);
    assertEquals([contentOf(loaded.filled.replica), notices], [written, []]);
    assertEquals(loaded.read.known.length > 15, !isFirst);
    await sim.time.drive(loaded.log.close());
  }
});

Deno.test("loadLog gives up when a turn says that it is over, and leaves everything as it was", async () => {
  const sim = machine("over");
  const { log } = await fill(sim, 40);
  await sim.time.drive(log.close());
  const files = () => [FOLDER.log, FOLDER.index].map((path) => sim.drive.peek(path));
  const before = files();
  for (let turns = 0; turns < 4; turns++) {
    let left = turns;
    const { loaded } = await load(sim, () => Promise.resolve(left-- > 0));
    assertEquals([loaded, files()], [null, before], `${turns} turns`);
  }
});
