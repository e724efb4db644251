import { assert, assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DiskError } from "../../../src/errors.ts";
import { LOG_PENDING_BYTES_MAX, openAppendLog, readLogLines } from "../../../src/store/log/append_log.ts";
import { SimChance } from "../../sim/chance.ts";
import { SimTime } from "../../sim/clock.ts";
import { SimDisk } from "../../sim/disk.ts";

const PATH = "/room/log.jsonl";

function machine({ content, seed = 1 }: { readonly content?: string; readonly seed?: number } = {}) {
  const time = new SimTime();
  const chance = new SimChance(seed);
  const drive = new SimDisk({
    schedule: (delayMs, run) => time.schedule(delayMs, run),
    fraction: () => chance.fraction(),
  });
  drive.put("/room/other", new Uint8Array(0));
  if (content !== undefined) drive.put(PATH, new TextEncoder().encode(content));
  return {
    time,
    drive,
    disk: drive.boot(),
    content: () => new TextDecoder().decode(drive.peek(PATH) ?? undefined),
  };
}

Deno.test("openLog makes a log that survives a power cut", async () => {
  const { time, drive, disk } = machine();
  const { lines, setAside } = await time.drive(openAppendLog(disk, PATH));
  assertEquals([lines, setAside], [[], null]);
  drive.crash();
  assertEquals(drive.peek(PATH), new Uint8Array(0));
});

Deno.test("openLog makes sure of a file that a killed process made a moment ago", async () => {
  for (let seed = 0; seed < 30; seed++) {
    const { time, drive, disk } = machine({ seed });
    await time.drive(disk.openAppend(PATH));
    drive.kill();
    const { log } = await time.drive(openAppendLog(drive.boot(), PATH));
    await time.drive(log.append(['{"a":1}']));
    drive.crash();
    assertEquals(drive.peek(PATH)?.length, 8);
  }
});

Deno.test("openLog gives all whole lines, also those that it cannot know the meaning of", async () => {
  const { time, disk, content } = machine({ content: '{"a":1}\nwhat?\r\n\n{"b":2}\n' });
  const { lines, setAside } = await time.drive(openAppendLog(disk, PATH));
  assertEquals(lines, ['{"a":1}', "what?", "", '{"b":2}']);
  assertEquals(setAside, null);
  assertEquals(content(), '{"a":1}\nwhat?\r\n\n{"b":2}\n');
});

Deno.test("openLog sets a torn end aside, under a new name each time", async () => {
  const { time, drive, disk, content } = machine({ content: '{"a":1}\n{"b":' });
  drive.put("/room/log.torn-1.jsonl", new TextEncoder().encode("earlier"));
  const { log, lines, setAside } = await time.drive(openAppendLog(disk, PATH));
  assertEquals(lines, ['{"a":1}']);
  assertEquals(setAside, { path: join("/room", "log.torn-2.jsonl"), sizeBytes: 5 });
  await time.drive(log.append(['{"c":3}']));
  drive.crash();
  assertEquals(content(), '{"a":1}\n{"c":3}\n');
  assertEquals(new TextDecoder().decode(drive.peek("/room/log.torn-2.jsonl") ?? undefined), '{"b":');
  assertEquals(new TextDecoder().decode(drive.peek("/room/log.torn-1.jsonl") ?? undefined), "earlier");
});

Deno.test("openLog keeps a last line that lacks only its end", async () => {
  const { time, drive, disk, content } = machine({ content: '{"a":1}\n{"b":2}' });
  assertEquals(await time.drive(readLogLines(disk, PATH)), ['{"a":1}', '{"b":2}']);
  const { log, lines, setAside } = await time.drive(openAppendLog(disk, PATH));
  assertEquals([lines, setAside], [['{"a":1}', '{"b":2}'], null]);
  await time.drive(log.append(['{"c":3}']));
  drive.crash();
  assertEquals(content(), '{"a":1}\n{"b":2}\n{"c":3}\n');
});

Deno.test("openLog leaves a torn log as it is when the end cannot be set aside", async () => {
  const { time, drive, disk, content } = machine({ content: '{"a":1}\n{"b":' });
  drive.setFull(0);
  const error = await time.drive(assertRejects(() => openAppendLog(disk, PATH), DiskError));
  assertEquals(error.reason, "full");
  assertEquals(content(), '{"a":1}\n{"b":');
  assertEquals(await time.drive(disk.list("/room")), ["log.jsonl", "other"]);
});

Deno.test("readLog reads the whole lines and changes nothing", async () => {
  const { time, disk, drive, content } = machine({ content: '{"a":1}\n{"b":' });
  drive.setReadOnly(true);
  assertEquals(await time.drive(readLogLines(disk, PATH)), ['{"a":1}']);
  assertEquals(await time.drive(readLogLines(disk, "/room/none.jsonl")), null);
  assertEquals(content(), '{"a":1}\n{"b":');
});

Deno.test("RoomLog resolves an append once it would survive a power cut", async () => {
  const { time, drive, disk, content } = machine();
  const { log } = await time.drive(openAppendLog(disk, PATH));
  const appended = log.append(['{"a":"ä"}', '{"b":2}']);
  assertEquals(log.pendingBytes, 19);
  await time.drive(appended);
  assertEquals([log.pendingBytes, log.sizeBytes], [0, 19]);
  drive.crash();
  assertEquals(content(), '{"a":"ä"}\n{"b":2}\n');
});

Deno.test("RoomLog writes what is appended at once with one write and one sync", async () => {
  const { time, drive, disk } = machine();
  const { log } = await time.drive(openAppendLog(disk, PATH));
  const before = { writes: drive.writeCount, syncs: drive.syncCount };
  await time.drive(Promise.all(Array.from({ length: 100 }, (_, n) => log.append([`{"n":${n}}`]))));
  assertEquals([drive.writeCount - before.writes, drive.syncCount - before.syncs], [1, 1]);
});

Deno.test("RoomLog gathers what comes while it writes, and keeps the order", async () => {
  const { time, drive, disk } = machine();
  const { log } = await time.drive(openAppendLog(disk, PATH));
  const syncsBefore = drive.syncCount;
  const appends: Promise<number>[] = [];
  for (let n = 0; n < 2_000; n++) {
    appends.push(log.append([`{"n":${n}}`]));
    await time.runFor(0.1);
  }
  await time.drive(Promise.all(appends));
  // 200 ms with a sync of 4 ms and a write of 1 ms on average; one sync for each append would be 2,000.
  assertLess(drive.syncCount - syncsBefore, 80);
  assertEquals(
    await time.drive(readLogLines(disk, PATH)),
    Array.from({ length: 2_000 }, (_, n) => `{"n":${n}}`),
  );
});

Deno.test("RoomLog rejects all that waits when the disk is full, leaves no torn line, and goes on when there is space", async () => {
  const { time, drive, disk, content } = machine();
  const { log } = await time.drive(openAppendLog(disk, PATH));
  await time.drive(log.append(['{"n":1}']));
  drive.setFull(4);
  const first = log.append(['{"n":2}']);
  await time.runFor(0);
  const second = log.append(['{"n":3}']);
  const failed = await time.drive(Promise.allSettled([first, second]));
  assertEquals(failed.map((result) => result.status === "rejected" && result.reason.reason), [
    "full",
    "full",
  ]);
  assertEquals(log.pendingBytes, 0);
  assertEquals(content(), '{"n":1}\n');
  drive.setFull(null);
  await time.drive(log.append(['{"n":2}', '{"n":3}']));
  drive.crash();
  assertEquals(content(), '{"n":1}\n{"n":2}\n{"n":3}\n');
});

Deno.test("RoomLog rejects what waits behind a failed append, because it would leave a gap", async () => {
  const { time, drive, disk, content } = machine();
  const { log } = await time.drive(openAppendLog(disk, PATH));
  drive.failSyncs(1);
  const first = log.append(['{"n":1}']);
  await time.runFor(0);
  const second = log.append(['{"n":2}']);
  const results = await time.drive(Promise.allSettled([first, second]));
  assertEquals(results.map((result) => result.status), ["rejected", "rejected"]);
  assertEquals(content(), "");
});

Deno.test("RoomLog writes again what a failed sync may have lost", async () => {
  const { time, drive, disk, content } = machine();
  const { log } = await time.drive(openAppendLog(disk, PATH));
  drive.failSyncs(1);
  await time.drive(assertRejects(() => log.append(['{"n":1}']), DiskError));
  assertEquals(content(), "");
  await time.drive(log.append(['{"n":2}']));
  assertEquals(content(), '{"n":2}\n');
});

Deno.test("RoomLog cuts what a failed write left before it writes again, also if the cut failed at first", async () => {
  const { time, drive, disk, content } = machine();
  const { log } = await time.drive(openAppendLog(disk, PATH));
  drive.setFull(4);
  const failed = log.append(['{"n":1}']).catch(() => "failed");
  // The disk becomes read-only right after the torn write, so the cut fails as well.
  assert(await time.runUntil(() => content() === '{"n"', 1_000));
  drive.setReadOnly(true);
  assertEquals(await time.drive(failed), "failed");
  assertEquals(content(), '{"n"');
  await time.drive(assertRejects(() => log.append(['{"n":2}']), DiskError));
  drive.setReadOnly(false);
  drive.setFull(null);
  await time.drive(log.append(['{"n":3}']));
  assertEquals(content(), '{"n":3}\n');
});

Deno.test("RoomLog refuses what is beyond the limit of bytes that wait, and keeps what waits", async () => {
  const { time, disk } = machine();
  const { log } = await time.drive(openAppendLog(disk, PATH));
  const large = log.append(["x".repeat(LOG_PENDING_BYTES_MAX - 9)]);
  const fits = log.append(['{"n":1}']);
  await assertRejects(() => log.append([""]), DiskError, "too slow");
  await time.drive(Promise.all([large, fits]));
  assertEquals([log.sizeBytes, log.pendingBytes], [LOG_PENDING_BYTES_MAX, 0]);
});

Deno.test("RoomLog closes behind the last append, and takes nothing after that", async () => {
  const { time, disk, content } = machine();
  const { log } = await time.drive(openAppendLog(disk, PATH));
  const appended = log.append(['{"n":1}']);
  await time.drive(log.close());
  await appended;
  assertEquals(content(), '{"n":1}\n');
  assertThrows(() => log.append(['{"n":2}']), Error, "closed");
  await time.drive(log.close());
});

Deno.test("RoomLog refuses lines that hold line ends", async () => {
  const { time, disk, content } = machine();
  const { log } = await time.drive(openAppendLog(disk, PATH));
  for (const line of ["a\nb", "a\r"]) assertThrows(() => log.append([line]), Error, "line end");
  assertEquals(content(), "");
});
