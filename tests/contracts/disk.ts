/** What every Disk must do, the simulated and the real one alike. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DiskError, type DiskReason } from "../../src/errors.ts";
import type { Disk } from "../../src/ports/storage.ts";

/** A disk with an empty folder to work in. */
export interface DiskUnderTest extends AsyncDisposable {
  readonly disk: Disk;
  readonly folder: string;
}

/** Registers the contract's tests. */
export function diskContract(name: string, open: () => Promise<DiskUnderTest>): void {
  function check(behaviour: string, run: (disk: Disk, folder: string) => Promise<void>): void {
    Deno.test(`Disk (${name}) ${behaviour}`, async () => {
      await using tested = await open();
      await run(tested.disk, tested.folder);
    });
  }

  check("reads null where no file is", async (disk, folder) => {
    assertEquals(await disk.read(join(folder, "none")), null);
    assertEquals(await disk.read(join(folder, "none", "deeper")), null);
  });

  check("tells the size of a file, and null where none is", async (disk, folder) => {
    await disk.writeNew(join(folder, "a"), bytes("hello"));
    assertEquals(await disk.size(join(folder, "a")), 5);
    const file = await disk.openAppend(join(folder, "a"));
    await file.append(bytes("!"));
    file.close();
    assertEquals(await disk.size(join(folder, "a")), 6);
    assertEquals(await disk.size(join(folder, "none")), null);
    assertEquals(await disk.size(join(folder, "none", "deeper")), null);
  });

  check("reads the rest of a file from a byte on", async (disk, folder) => {
    const path = join(folder, "a");
    await disk.writeNew(path, bytes("hello"));
    for (const [fromByte, rest] of [[0, "hello"], [2, "llo"], [5, ""], [9, ""]] as const) {
      assertEquals(await disk.read(path, fromByte), bytes(rest));
    }
    assertEquals(await disk.read(join(folder, "none"), 2), null);
  });

  check("reads a part of a file at once", async (disk, folder) => {
    const path = join(folder, "a");
    await disk.writeNew(path, bytes("hello"));
    for (
      const [atByte, length, part] of [[0, 5, "hello"], [1, 3, "ell"], [3, 9, "lo"], [5, 2, ""], [
        9,
        2,
        "",
      ]] as const
    ) {
      const into = new Uint8Array(length);
      const count = disk.readSync(path, into, atByte);
      assertEquals(into.subarray(0, count), bytes(part));
    }
    const file = await disk.openAppend(path);
    await file.append(bytes(" there"));
    const into = new Uint8Array(20);
    assertEquals(disk.readSync(path, into, 4), 7);
    assertEquals(into.subarray(0, 7), bytes("o there"));
    file.close();
    assertEquals(
      assertThrows(() => disk.readSync(join(folder, "none"), into, 0), DiskError).reason,
      "missing",
    );
  });

  check("does not read a folder", async (disk, folder) => {
    // Windows says that it is denied.
    await fails(disk.read(folder), "failed", "denied");
  });

  check("reads what writeNew wrote", async (disk, folder) => {
    await disk.writeNew(join(folder, "a"), bytes("hello\r\n\x00"));
    assertEquals(await disk.read(join(folder, "a")), bytes("hello\r\n\x00"));
    await disk.writeNew(join(folder, "empty"), bytes(""));
    assertEquals(await disk.read(join(folder, "empty")), bytes(""));
  });

  check("writeNew leaves a file that exists as it is", async (disk, folder) => {
    await disk.writeNew(join(folder, "a"), bytes("old"));
    await fails(disk.writeNew(join(folder, "a"), bytes("new")), "exists");
    assertEquals(await disk.read(join(folder, "a")), bytes("old"));
  });

  check("does not write into a folder that is missing", async (disk, folder) => {
    await fails(disk.writeNew(join(folder, "none", "a"), bytes("x")), "missing");
    await fails(disk.openAppend(join(folder, "none", "a")), "missing");
    await fails(disk.lock(join(folder, "none", "a")), "missing");
    assertEquals(await disk.list(folder), []);
  });

  check("rename replaces the file of that name", async (disk, folder) => {
    await disk.writeNew(join(folder, "a"), bytes("new"));
    await disk.writeNew(join(folder, "b"), bytes("old"));
    await disk.rename(join(folder, "a"), join(folder, "b"));
    await disk.syncFolder(folder);
    assertEquals(await disk.list(folder), ["b"]);
    assertEquals(await disk.read(join(folder, "b")), bytes("new"));
  });

  check("does not rename a file that is missing", async (disk, folder) => {
    await disk.writeNew(join(folder, "b"), bytes("old"));
    await fails(disk.rename(join(folder, "a"), join(folder, "b")), "missing");
    assertEquals(await disk.read(join(folder, "b")), bytes("old"));
  });

  check("remove takes a file away, and none is harmless", async (disk, folder) => {
    await disk.writeNew(join(folder, "a"), bytes("x"));
    await disk.remove(join(folder, "a"));
    await disk.remove(join(folder, "a"));
    assertEquals(await disk.list(folder), []);
  });

  check("makeFolder makes the folders above too, and again is harmless", async (disk, folder) => {
    const deep = join(folder, "x", "y", "z");
    await disk.makeFolder(deep);
    await disk.makeFolder(deep);
    await disk.syncFolder(deep);
    await disk.writeNew(join(deep, "a"), bytes("x"));
    assertEquals(await disk.list(join(folder, "x")), ["y"]);
    assertEquals(await disk.list(deep), ["a"]);
  });

  check("does not make a folder where a file is", async (disk, folder) => {
    await disk.writeNew(join(folder, "a"), bytes("x"));
    await fails(disk.makeFolder(join(folder, "a")), "exists");
  });

  check("lists the names of files and folders, sorted", async (disk, folder) => {
    await disk.writeNew(join(folder, "b"), bytes("x"));
    await disk.makeFolder(join(folder, "c", "inner"));
    await disk.writeNew(join(folder, "a"), bytes("x"));
    assertEquals(await disk.list(folder), ["a", "b", "c"]);
    assertEquals(await disk.list(join(folder, "none")), []);
    await fails(disk.list(join(folder, "a")), "failed");
  });

  check("append adds at the end, also of a file that was there", async (disk, folder) => {
    const path = join(folder, "log");
    await disk.writeNew(path, bytes("one "));
    const file = await disk.openAppend(path);
    assertEquals(file.sizeBytes, 4);
    await file.append(bytes("two "));
    await file.append(bytes("three"));
    await file.sync();
    assertEquals(file.sizeBytes, 13);
    file.close();
    assertEquals(await disk.read(path), bytes("one two three"));
  });

  check("openAppend makes a file", async (disk, folder) => {
    const file = await disk.openAppend(join(folder, "log"));
    assertEquals(file.sizeBytes, 0);
    file.close();
    assertEquals(await disk.read(join(folder, "log")), bytes(""));
  });

  check("append goes on behind a cut", async (disk, folder) => {
    const path = join(folder, "log");
    const file = await disk.openAppend(path);
    await file.append(bytes("good bad"));
    await file.truncate(5);
    assertEquals(file.sizeBytes, 5);
    await file.append(bytes("better"));
    await file.sync();
    file.close();
    assertEquals(await disk.read(path), bytes("good better"));
  });

  check("keeps large appends whole", async (disk, folder) => {
    const large = Uint8Array.from({ length: 3_000_000 }, (_, index) => index % 251);
    const file = await disk.openAppend(join(folder, "log"));
    await file.append(large);
    file.close();
    assert((await disk.read(join(folder, "log")))?.every((byte, index) => byte === index % 251));
    assertEquals(file.sizeBytes, 3_000_000);
  });

  check("a closed file takes nothing more, and closing again is harmless", async (disk, folder) => {
    const file = await disk.openAppend(join(folder, "log"));
    file.close();
    file.close();
    await fails(file.append(bytes("x")), "failed");
    await fails(file.sync(), "failed");
    assertEquals(await disk.read(join(folder, "log")), bytes(""));
  });

  check("a lock is held once until it is released", async (disk, folder) => {
    const path = join(folder, "lock");
    const first = await disk.lock(path);
    assert(first !== null);
    assertEquals(await disk.lock(path), null);
    first[Symbol.dispose]();
    const second = await disk.lock(path);
    assert(second !== null);
    first[Symbol.dispose]();
    assertEquals(await disk.lock(path), null, "releasing the first one again does not release the second");
    second[Symbol.dispose]();
  });

  check("of locks asked for at once, one is given", async (disk, folder) => {
    const asked = await Promise.all([1, 2, 3, 4].map(() => disk.lock(join(folder, "lock"))));
    const given = asked.filter((lock) => lock !== null);
    assertEquals(given.length, 1);
    given[0]?.[Symbol.dispose]();
  });
}

async function fails(call: Promise<unknown>, ...reasons: readonly DiskReason[]): Promise<void> {
  const { reason } = await assertRejects(() => call, DiskError);
  assert(reasons.includes(reason), `it failed because of "${reason}"`);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
