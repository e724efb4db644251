import { assert, assertEquals, assertRejects } from "@std/assert";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { DiskError } from "../../../src/errors.ts";
import { BackgroundTasks } from "../../../src/node/support/background_tasks.ts";
import {
  type LineLog,
  LOG_WRITER_BYTES_MAX,
  LOG_WRITER_PACE_MS,
  LogWriter,
} from "../../../src/node/room/log_writer.ts";
import { deriveDirectRoom } from "../../../src/room/access.ts";
import type { Entry } from "../../../src/room/entry.ts";
import { type PeerId, toPeerId } from "../../../src/room/id.ts";
import { loadReplica } from "../../../src/room/replica_loader.ts";
import { Replica } from "../../../src/room/replica.ts";
import { openEntryLog } from "../../../src/store/log/entry_log.ts";
import { LineCache } from "../../../src/store/log/line_cache.ts";
import { openAppendLog } from "../../../src/store/log/append_log.ts";
import type { IndexInputLine } from "../../../src/store/log/log_index.ts";
import { SimChance } from "../../sim/chance.ts";
import { SimTime } from "../../sim/clock.ts";
import { SimDisk } from "../../sim/disk.ts";

const CRYPTO = denoCrypto();
const [ADA, BOB] = [1, 2].map((number) => CRYPTO.signer(new Uint8Array(32).fill(number)));
const ROOM = deriveDirectRoom(idOf(ADA), idOf(BOB), CRYPTO);

function idOf(signer: { readonly publicKey: Uint8Array } | undefined): PeerId {
  return toPeerId(signer?.publicKey ?? new Uint8Array(32));
}

/** A log whose appends end when and how the test says. */
class ScriptedLog implements LineLog {
  readonly kept: string[] = [];
  #waiting: { readonly lines: readonly string[]; readonly end: PromiseWithResolvers<void> }[] = [];

  append(lines: readonly IndexInputLine[]): Promise<void> {
    const end = Promise.withResolvers<void>();
    this.#waiting.push({ lines: lines.map(({ entry }) => entry.line), end });
    return end.promise;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** The oldest append is done. */
  succeed(): void {
    const first = this.#waiting.shift();
    this.kept.push(...first?.lines ?? []);
    first?.end.resolve();
  }

  /** As the real one: all that waits is refused. */
  fail(): void {
    for (const { end } of this.#waiting.splice(0)) end.reject(new DiskError("full", "Cannot write"));
  }
}

/** A replica of a conversation and its keeping. */
class Desk {
  readonly replica = new Replica(ROOM, CRYPTO);
  readonly log = new ScriptedLog();
  readonly told: string[] = [];
  readonly time = new SimTime();
  readonly logWriter: LogWriter;
  openCount = 0;
  followerCount = 0;

  constructor(open?: () => Promise<LineLog>) {
    this.logWriter = new LogWriter({
      clock: this.time.clock(),
      replica: this.replica,
      openLog: () => {
        this.openCount++;
        return open?.() ?? Promise.resolve(this.log);
      },
      followerCount: () => this.followerCount,
      onHeld: (entries) => this.told.push(...entries.map(textOf)),
      tasks: new BackgroundTasks((error) => {
        throw error;
      }),
    });
  }

  /** Somebody writes; the entry is not kept yet. */
  write(text: string, signer = ADA): Entry {
    if (signer === undefined) throw new Error("Nobody writes");
    return this.replica.write({ kind: "text", name: "x", body: text, wallMs: 0 }, signer, idOf(signer));
  }

  get texts(): string[] {
    return this.replica.entries.map(textOf);
  }
}

function textOf(entry: Entry): string {
  return String(entry.body);
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

Deno.test("Keeping holds an entry once the disk has it, and tells it then", async () => {
  const desk = new Desk();
  const entry = desk.write("hello");
  const kept = desk.logWriter.keep([entry]);
  await settle();
  assertEquals([desk.logWriter.isHeld(entry), [...desk.logWriter.held], desk.told], [false, [], []]);
  assertEquals(desk.logWriter.pendingBytes, entry.line.length);
  desk.log.succeed();
  await kept;
  assertEquals([desk.logWriter.isHeld(entry), [...desk.logWriter.held]], [true, [[idOf(ADA), 1]]]);
  assertEquals([desk.told, desk.logWriter.pendingBytes, desk.log.kept], [["hello"], 0, [entry.line]]);
});

Deno.test("Keeping takes what the replica has at the start as held, and opens no log for it", () => {
  const desk = new Desk();
  const entry = desk.write("from the log");
  const logWriter = new LogWriter({
    clock: desk.time.clock(),
    replica: desk.replica,
    openLog: () => Promise.reject(new Error("There is nothing to keep")),
    followerCount: () => 0,
    onHeld: () => {},
    tasks: new BackgroundTasks((error) => {
      throw error;
    }),
  });
  assertEquals([logWriter.isHeld(entry), logWriter.pendingBytes], [true, 0]);
});

Deno.test("Keeping takes back all that waits when the disk refuses, and keeps it again in order", async () => {
  const desk = new Desk();
  const first = desk.logWriter.keep([desk.write("one")]);
  await settle();
  desk.log.succeed();
  await first;
  const refused = [
    desk.logWriter.keep([desk.write("two"), desk.write("three", BOB)]),
    desk.logWriter.keep([desk.write("four")]),
  ];
  await settle();
  desk.log.fail();
  for (const kept of refused) await assertRejects(() => kept, DiskError);
  assertEquals([desk.texts, desk.told, desk.logWriter.pendingBytes], [["one"], ["one"], 0]);
  assertEquals([...desk.replica.vector()], [...desk.logWriter.held]);
  const again = desk.logWriter.keep([desk.write("two again"), desk.write("three again", BOB)]);
  await settle();
  desk.log.succeed();
  await again;
  assertEquals(desk.told, ["one", "two again", "three again"]);
  assertEquals(desk.log.kept, desk.replica.entries.map(({ line }) => line));
  assertEquals(desk.openCount, 1);
});

Deno.test("Keeping does not take back what is written after the refusal, while older failures are still told", async () => {
  const desk = new Desk();
  const second: Promise<void>[] = [];
  const first = desk.logWriter.keep([desk.write("one")]).catch(() => {
    // The user tries again in the very turn in which the failure is told.
    second.push(desk.logWriter.keep([desk.write("one again")]));
  });
  const behind = desk.logWriter.keep([desk.write("two")]);
  await settle();
  desk.log.fail();
  await first;
  await assertRejects(() => behind, DiskError);
  await settle();
  desk.log.succeed();
  await Promise.all(second);
  assertEquals([desk.texts, desk.told], [["one again"], ["one again"]]);
});

Deno.test("Keeping refuses with the rest what comes in the moment of the refusal", async () => {
  const desk = new Desk();
  const first = desk.logWriter.keep([desk.write("one")]);
  await settle();
  desk.log.fail();
  const second = desk.logWriter.keep([desk.write("two")]);
  for (const kept of [first, second]) await assertRejects(() => kept, DiskError);
  desk.log.succeed();
  await settle();
  assertEquals([desk.texts, desk.told, desk.log.kept, [...desk.logWriter.held]], [[], [], [], []]);
});

Deno.test("Keeping opens a log that could not be opened anew for the next line, and not before", async () => {
  let isFull = true;
  const log = new ScriptedLog();
  const desk = new Desk(() =>
    isFull ? Promise.reject(new DiskError("full", "Cannot open")) : Promise.resolve(log)
  );
  for (const text of ["one", "two"]) {
    await assertRejects(() => desk.logWriter.keep([desk.write(text)]), DiskError);
    await settle();
  }
  assertEquals([desk.openCount, desk.texts], [2, []]);
  isFull = false;
  const kept = desk.logWriter.keep([desk.write("three")]);
  await settle();
  log.succeed();
  await kept;
  assertEquals([desk.openCount, log.kept.length, desk.told], [3, 1, ["three"]]);
});

Deno.test("Keeping.settled resolves when nothing waits any more, refused or not", async () => {
  const desk = new Desk();
  const kept = desk.logWriter.keep([desk.write("one")]).catch(() => "refused");
  let isSettled = false;
  desk.logWriter.waitUntilIdle().then(() => isSettled = true);
  await settle();
  assertEquals(isSettled, false);
  desk.log.fail();
  assertEquals(await kept, "refused");
  await settle();
  assertEquals(isSettled, true);
});

Deno.test("Keeping on a disk that fails now and then: what is held is in the file, and nothing else", async () => {
  for (let seed = 0; seed < 60; seed++) {
    const time = new SimTime();
    const chance = new SimChance(seed);
    const drive = new SimDisk({
      schedule: (delayMs, run) => void time.schedule(delayMs, run),
      fraction: () => chance.fraction(),
    });
    drive.put("/room/something.else", new Uint8Array(0));
    const disk = drive.boot();
    // Bodies leave the memory soon, so that what is kept is read back all the time.
    const lineCache = new LineCache({ disk, crypto: CRYPTO, warmBytesMax: 2_000 });
    const folder = { log: "/room/log.jsonl", index: "/room/log.index" };
    const desk = new Desk(async () => (await openEntryLog({ disk, crypto: CRYPTO, lineCache }, folder)).log);
    let refusedCount = 0;
    for (let step = 0; step < 60; step++) {
      if (chance.bool(0.1)) drive.setFull(chance.bool(0.5) ? chance.int(2_000) : null);
      if (chance.bool(0.05)) drive.failSyncs(1 + chance.int(3));
      const entries = Array.from(
        { length: 1 + chance.int(3) },
        () => desk.write("x".repeat(chance.int(200)), chance.pick([ADA, BOB])),
      );
      desk.logWriter.keep(entries).catch((error) => {
        assert(error instanceof DiskError);
        refusedCount++;
      });
      if (chance.bool(0.5)) await time.runFor(chance.int(20));
    }
    drive.setFull(null);
    drive.failSyncs(0);
    await time.runFor(1_000);
    assertEquals(desk.logWriter.pendingBytes, 0);
    const held = desk.replica.entries.map(({ line }) => line);
    const isCrashed = chance.bool(0.5);
    if (isCrashed) drive.crash();
    const { lines, log } = await time.drive(openAppendLog(drive.boot(), "/room/log.jsonl"));
    await time.drive(log.close());
    const found = new Replica(ROOM, CRYPTO);
    const report = loadReplica(found, lines, CRYPTO);
    assertEquals(report, { unreadable: [], distrustedCount: 0, orphans: [] }, `seed ${seed}`);
    const there = found.entries.map(({ line }) => line);
    assertEquals(held.length, desk.told.length, `seed ${seed}`);
    assertEquals([...desk.replica.vector()].toSorted(), [...desk.logWriter.held].toSorted(), `seed ${seed}`);
    // A crash may bring back what the disk had refused last: cut off, but the cut was not synced yet.
    assertEquals(isCrashed ? there.filter((line) => held.includes(line)) : there, held, `seed ${seed}`);
    if (seed === 0) assert(refusedCount > 0);
  }
});

Deno.test("Keeping gives back what comes on top of too much, and goes on with what waits", async () => {
  const desk = new Desk();
  const kept: Promise<void>[] = [];
  const long = "x".repeat(60_000);
  while (desk.logWriter.pendingBytes <= LOG_WRITER_BYTES_MAX) {
    kept.push(desk.logWriter.keep([desk.write(long)]));
  }
  const before = desk.replica.lastNumber(idOf(ADA));
  await assertRejects(() => desk.logWriter.keep([desk.write("one too many")]), DiskError, "too slow");
  assertEquals(desk.replica.lastNumber(idOf(ADA)), before);
  await settle();
  for (let count = 0; count < kept.length; count++) desk.log.succeed();
  await Promise.all(kept);
  assertEquals([desk.logWriter.held.get(idOf(ADA)), desk.logWriter.pendingBytes], [before, 0]);
  const next = desk.write("the next one");
  assertEquals(next.number, before + 1);
});

const ENDS_OF_A_WAIT: readonly (readonly [string, (desk: Desk) => unknown])[] = [
  ["the time", (desk) => desk.time.runFor(LOG_WRITER_PACE_MS)],
  ["a line of our own", (desk) => void desk.logWriter.keep([desk.write("ours")])],
  ["the end", (desk) => void desk.logWriter.close()],
  [
    "much that waits",
    (desk) => {
      const much = Array.from({ length: 5 }, () => desk.write("x".repeat(60_000), BOB));
      void desk.logWriter.keep(much, { mayWait: true });
    },
  ],
];

for (const [what, end] of ENDS_OF_A_WAIT) {
  Deno.test(`Keeping has others' lines wait for each other behind an append, until it is ended by ${what}`, async () => {
    const desk = new Desk();
    const first = desk.logWriter.keep([desk.write("one", BOB)], { mayWait: true });
    await settle();
    desk.log.succeed();
    await first;
    const waiting = ["two", "three"].map((text) =>
      desk.logWriter.keep([desk.write(text, BOB)], { mayWait: true })
    );
    await desk.time.runFor(LOG_WRITER_PACE_MS - 1);
    await settle();
    desk.log.succeed();
    assertEquals([desk.told, desk.log.kept.length], [["one"], 1]);
    await end(desk);
    await settle();
    desk.log.succeed();
    await Promise.all(waiting);
    assertEquals(desk.told.slice(0, 3), ["one", "two", "three"]);
    await desk.logWriter.close();
  });
}

Deno.test("Keeping waits longer the more it relays to, up to a tenth of a second", async () => {
  const waits: number[] = [];
  for (const followers of [0, 10, 100, 1_000]) {
    const desk = new Desk();
    desk.followerCount = followers;
    for (const text of ["one", "two"]) {
      const kept = desk.logWriter.keep([desk.write(text, BOB)], { mayWait: true });
      const fromMs = desk.time.nowMs;
      while (desk.logWriter.pendingBytes > 0) {
        await settle();
        if (desk.log.waitingCount > 0) desk.log.succeed();
        else await desk.time.runFor(1);
      }
      await kept;
      if (text === "two") waits.push(desk.time.nowMs - fromMs);
    }
    await desk.logWriter.close();
  }
  assertEquals(waits, [20, 20, 50, 100]);
});

Deno.test("Keeping appends at once what comes after a pause", async () => {
  const desk = new Desk();
  for (const text of ["one", "two"]) {
    const kept = desk.logWriter.keep([desk.write(text, BOB)], { mayWait: true });
    await settle();
    desk.log.succeed();
    await kept;
    await desk.time.runFor(LOG_WRITER_PACE_MS);
  }
  assertEquals(desk.told, ["one", "two"]);
});
