import { assert, assertEquals, assertRejects } from "@std/assert";
import { DiskError } from "../../src/errors.ts";
import { SimChance } from "../sim/chance.ts";
import { SimTime } from "../sim/clock.ts";
import { SimDisk } from "../sim/disk.ts";

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

function machine(seed: number): { readonly disk: SimDisk; readonly time: SimTime } {
  const time = new SimTime();
  const chance = new SimChance(seed);
  const disk = new SimDisk({
    schedule: (delayMs, run) => time.schedule(delayMs, run),
    fraction: () => chance.fraction(),
  });
  disk.put("/log", bytes("old."));
  return { disk, time };
}

/** What is in the file after a power cut, over all seeds. */
async function outcomes(
  path: string,
  work: (parts: { readonly disk: SimDisk; readonly time: SimTime }) => Promise<unknown>,
): Promise<Set<string | null>> {
  const found = new Set<string | null>();
  for (const seed of SEEDS) {
    const parts = machine(seed);
    await parts.time.drive(work(parts));
    parts.disk.crash();
    const left = parts.disk.peek(path);
    found.add(left === null ? null : text(left));
  }
  return found;
}

Deno.test("SimDisk keeps what was synced through a power cut", async () => {
  const found = await outcomes("/log", async ({ disk }) => {
    const file = await disk.boot().openAppend("/log");
    await file.append(bytes("new."));
    await file.sync();
  });
  assertEquals(found, new Set(["old.new."]));
});

Deno.test("SimDisk tears what was not synced at any byte, or leaves zeros there", async () => {
  const found = await outcomes("/log", async ({ disk }) => {
    const file = await disk.boot().openAppend("/log");
    await file.append(bytes("new"));
  });
  assertEquals(
    found,
    new Set(["old.", "old.n", "old.ne", "old.new", "old.\0\0\0", "old.n\0\0", "old.ne\0"]),
  );
});

Deno.test("SimDisk undoes a cut that was not synced, or not", async () => {
  const found = await outcomes("/log", async ({ disk }) => {
    await (await disk.boot().openAppend("/log")).truncate(1);
  });
  assertEquals(found, new Set(["old.", "o"]));
});

Deno.test("SimDisk loses new files and folders whose folder was not synced, or not", async () => {
  const inNewFolder = await outcomes("/a/b/new", async ({ disk }) => {
    const process = disk.boot();
    await process.makeFolder("/a/b");
    await process.writeNew("/a/b/new", bytes("x"));
  });
  assertEquals(inNewFolder, new Set([null, "x"]));
  const halfSynced = await outcomes("/a/new", async ({ disk }) => {
    const process = disk.boot();
    await process.makeFolder("/a");
    await process.writeNew("/a/new", bytes("x"));
    await process.syncFolder("/a");
  });
  assertEquals(halfSynced, new Set([null, "x"]), "the folder itself can be lost");
  const allSynced = await outcomes("/a/new", async ({ disk }) => {
    const process = disk.boot();
    await process.makeFolder("/a");
    await process.syncFolder("/");
    await process.writeNew("/a/new", bytes("x"));
    await process.syncFolder("/a");
  });
  assertEquals(allSynced, new Set(["x"]));
});

Deno.test("SimDisk leaves the old or the new file where a rename was not synced", async () => {
  const found = await outcomes("/log", async ({ disk }) => {
    const process = disk.boot();
    await process.writeNew("/copy", bytes("new."));
    await process.rename("/copy", "/log");
  });
  assertEquals(found, new Set(["old.", "new."]));
});

Deno.test("SimDisk keeps all that was written when a process dies, and releases its locks", async () => {
  for (const seed of SEEDS.slice(0, 20)) {
    const { disk, time } = machine(seed);
    const process = disk.boot();
    await time.drive((async () => {
      assert(await process.lock("/lock") !== null);
      assertEquals(await disk.boot().lock("/lock"), null);
      await (await process.openAppend("/log")).append(bytes("new."));
    })());
    disk.kill();
    assertEquals(text(disk.peek("/log") ?? bytes("")), "old.new.");
    assert(await time.drive(disk.boot().lock("/lock")) !== null);
  }
});

Deno.test("SimDisk cuts a write of a dying process short and never answers it", async () => {
  const found = new Set<string>();
  for (const seed of SEEDS) {
    const { disk, time } = machine(seed);
    const process = disk.boot();
    const file = await time.drive(process.openAppend("/log"));
    let isAnswered = false;
    const onAnswer = () => void (isAnswered = true);
    file.append(bytes("new")).then(onAnswer, onAnswer);
    disk.kill();
    process.read("/log").then(onAnswer, onAnswer);
    await time.runFor(1_000);
    assertEquals(isAnswered, false);
    found.add(text(disk.peek("/log") ?? bytes("")));
  }
  assertEquals(found, new Set(["old.", "old.n", "old.ne", "old.new"]));
});

Deno.test("SimDisk writes what fits on a full disk, and all when there is space again", async () => {
  const { disk, time } = machine(1);
  const process = disk.boot();
  disk.setFull(2);
  await time.drive((async () => {
    const file = await process.openAppend("/log");
    assertEquals((await assertRejects(() => file.append(bytes("new.")), DiskError)).reason, "full");
    assertEquals(text(disk.peek("/log") ?? bytes("")), "old.ne");
    assertEquals(
      (await assertRejects(() => process.writeNew("/more", bytes("x")), DiskError)).reason,
      "full",
    );
    assertEquals(disk.peek("/more"), null);
    await file.truncate(4);
    await process.writeNew("/more", bytes("xy"));
    disk.setFull(null);
    await file.append(bytes("new."));
    assertEquals(text(disk.peek("/log") ?? bytes("")), "old.new.");
  })());
});

Deno.test("SimDisk changes nothing while it is read-only", async () => {
  const { disk, time } = machine(1);
  const process = disk.boot();
  await time.drive((async () => {
    const file = await process.openAppend("/log");
    disk.setReadOnly(true);
    const calls = [
      () => file.append(bytes("x")),
      () => process.openAppend("/log"),
      () => process.writeNew("/new", bytes("x")),
      () => process.rename("/log", "/other"),
      () => process.remove("/log"),
      () => process.makeFolder("/folder"),
      () => process.lock("/lock"),
    ];
    for (const call of calls) {
      assertEquals((await assertRejects<DiskError>(call, DiskError)).reason, "read-only");
    }
  })());
  assertEquals([...disk.snapshot().keys()], ["/log"]);
});

Deno.test("SimDisk counts writes and syncs, and fails syncs when told to", async () => {
  const { disk, time } = machine(1);
  await time.drive((async () => {
    const file = await disk.boot().openAppend("/log");
    disk.failSyncs(1);
    await file.append(bytes("x"));
    await assertRejects(() => file.sync(), DiskError);
    await file.sync();
  })());
  assertEquals([disk.writeCount, disk.syncCount], [1, 1]);
});

Deno.test("SimDisk goes back to a backup", async () => {
  const { disk, time } = machine(1);
  const backup = disk.snapshot();
  const file = await time.drive(disk.boot().openAppend("/log"));
  await time.drive(file.append(bytes("new.")));
  disk.restore(backup);
  assertEquals(text(disk.peek("/log") ?? bytes("")), "old.");
  disk.crash();
  assertEquals(text(disk.peek("/log") ?? bytes("")), "old.");
});

function bytes(of: string): Uint8Array {
  return new TextEncoder().encode(of);
}

function text(of: Uint8Array): string {
  return new TextDecoder().decode(of);
}
