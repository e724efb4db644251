import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { DiskError } from "../../../src/errors.ts";
import { removeLeftovers, replaceFile } from "../../../src/store/files/atomic_write.ts";
import { SimChance } from "../../sim/chance.ts";
import { SimTime } from "../../sim/clock.ts";
import { SimDisk } from "../../sim/disk.ts";

const PATH = "/home/file";

function machine(seed = 1) {
  const time = new SimTime();
  const chance = new SimChance(seed);
  const drive = new SimDisk({
    schedule: (delayMs, run) => time.schedule(delayMs, run),
    fraction: () => chance.fraction(),
  });
  drive.put(PATH, bytes("old"));
  return {
    time,
    drive,
    disk: drive.boot(),
    content: () => new TextDecoder().decode(drive.peek(PATH) ?? undefined),
  };
}

Deno.test("replaceFile replaces a file, or makes it, and leaves nothing else", async () => {
  const { time, drive, disk, content } = machine();
  await time.drive(replaceFile(disk, { path: PATH, bytes: bytes("new") }));
  await time.drive(replaceFile(disk, { path: "/home/other", bytes: bytes("x") }));
  drive.crash();
  assertEquals(content(), "new");
  assertEquals([...drive.snapshot().keys()], ["/home", PATH, "/home/other"]);
});

Deno.test("replaceFile leaves the old bytes or the new ones, whenever the power fails or the process dies", async () => {
  const property = fc.asyncProperty(
    fc.integer(),
    fc.nat(6),
    fc.constantFrom("kill" as const, "crash" as const),
    async (seed, eventCount, end) => {
      const { time, drive, disk, content } = machine(seed);
      let isDone = false;
      replaceFile(disk, { path: PATH, bytes: bytes("the new bytes") }).then(() => isDone = true);
      let events = 0;
      await time.runUntil(() => events++ >= eventCount, 1_000);
      drive[end]();
      assert(content() === "the new bytes" || (content() === "old" && !isDone));
      await time.drive(removeLeftovers(drive.boot(), "/home"));
      assertEquals(await time.drive(drive.boot().list("/home")), ["file"]);
    },
  );
  await fc.assert(property, { numRuns: 300 });
});

Deno.test("replaceFile leaves the file and no copy when the disk is full", async () => {
  const { time, drive, disk, content } = machine();
  drive.setFull(2);
  const error = await time.drive(
    assertRejects(() => replaceFile(disk, { path: PATH, bytes: bytes("new") }), DiskError),
  );
  assertEquals(error.reason, "full");
  assertEquals(content(), "old");
  assertEquals(await time.drive(disk.list("/home")), ["file"]);
});

Deno.test("replaceFile leaves no copy when it cannot rename", async () => {
  const { time, drive, disk } = machine();
  drive.put("/home/folder/inside", bytes("x"));
  await time.drive(
    assertRejects(() => replaceFile(disk, { path: "/home/folder", bytes: bytes("new") }), DiskError),
  );
  assertEquals(await time.drive(disk.list("/home")), ["file", "folder"]);
});

Deno.test("replaceFile twice at once leaves one of both, whole", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const { time, disk, content } = machine(seed);
    const both = ["first bytes", "second"].map((text) =>
      replaceFile(disk, { path: PATH, bytes: bytes(text) })
    );
    await time.drive(Promise.all(both));
    assert(["first bytes", "second"].includes(content()));
    assertEquals(await time.drive(disk.list("/home")), ["file"]);
  }
});

Deno.test("removeLeftovers removes only what replaceFile leaves", async () => {
  const { time, drive, disk } = machine();
  for (const name of ["file.1.tmp", "file.23.tmp", "notes.tmp", "file.x.tmp", "file.1.tmp.txt"]) {
    drive.put(`/home/${name}`, bytes("x"));
  }
  await time.drive(removeLeftovers(disk, "/home"));
  assertEquals(await time.drive(disk.list("/home")), ["file", "file.1.tmp.txt", "file.x.tmp", "notes.tmp"]);
});

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
