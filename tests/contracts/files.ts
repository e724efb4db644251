/** What every Files must do, the simulated and the real one alike. */

import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DiskError, type DiskReason } from "../../src/errors.ts";
import type { Files } from "../../src/ports/storage.ts";

/** Files with an empty folder to work in. */
export interface FilesUnderTest extends AsyncDisposable {
  readonly files: Files;
  readonly folder: string;
  makeFolder(path: string): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** Writes a whole file. */
export async function put(files: Files, path: string, text: string): Promise<void> {
  const file = await files.openWrite(path);
  await file.write(bytes(text), 0);
  await file.sync();
  file.close();
}

/** Reads a whole file. */
export async function get(files: Files, path: string): Promise<string> {
  const fact = await files.stat(path, { follow: false });
  const into = new Uint8Array(fact?.sizeBytes ?? 0);
  const file = await files.openRead(path);
  assertEquals(await file.read(into, 0), into.length);
  file.close();
  return new TextDecoder().decode(into);
}

/** Registers the contract's tests. */
export function filesContract(name: string, open: () => Promise<FilesUnderTest>): void {
  function check(behaviour: string, run: (tested: FilesUnderTest) => Promise<void>): void {
    Deno.test(`Files (${name}) ${behaviour}`, async () => {
      await using tested = await open();
      await run(tested);
    });
  }

  check("sees files, folders and nothing", async ({ files, folder, makeFolder }) => {
    await put(files, join(folder, "a"), "hello");
    await makeFolder(join(folder, "b"));
    const look = (path: string) => files.stat(join(folder, path), { follow: true });
    const file = await look("a");
    assertEquals([file?.kind, file?.sizeBytes], ["file", 5]);
    assertEquals((await look("b"))?.kind, "folder");
    assertEquals(await look("none"), null);
    assertEquals(await files.list(folder), ["a", "b"]);
    await fails(files.list(join(folder, "none")), "missing");
  });

  check("reads what is there, anywhere, and no more", async ({ files, folder }) => {
    await put(files, join(folder, "a"), "0123456789");
    const file = await files.openRead(join(folder, "a"));
    const into = new Uint8Array(4);
    const read = async (at: number) => new TextDecoder().decode(into.subarray(0, await file.read(into, at)));
    assertEquals([await read(6), await read(0), await read(4), await read(8), await read(10)], [
      "6789",
      "0123",
      "4567",
      "89",
      "",
    ]);
    file.close();
    file.close();
    await fails(files.openRead(join(folder, "none")), "missing");
  });

  check("writes anywhere, with zeros before it", async ({ files, folder }) => {
    const file = await files.openWrite(join(folder, "a"));
    await file.write(bytes("end"), 5);
    await file.write(bytes("start"), 0);
    await file.write(bytes("!"), 8);
    file.close();
    assertEquals(await get(files, join(folder, "a")), "startend!");
    const again = await files.openWrite(join(folder, "a"));
    await again.write(bytes("S"), 0);
    await again.write(bytes("x"), 11);
    again.close();
    assertEquals(await get(files, join(folder, "a")), "Startend!\0\0x");
    await fails(files.openWrite(join(folder, "none", "a")), "missing");
  });

  check("moves files and folders to where nothing is", async ({ files, folder, makeFolder }) => {
    await put(files, join(folder, "a"), "file");
    await files.moveNew(join(folder, "a"), join(folder, "b"));
    await makeFolder(join(folder, "tree", "inner"));
    await put(files, join(folder, "tree", "inner", "leaf"), "leaf");
    await files.moveNew(join(folder, "tree"), join(folder, "moved"));
    assertEquals(await files.list(folder), ["b", "moved"]);
    assertEquals(await get(files, join(folder, "moved", "inner", "leaf")), "leaf");
    assertEquals(await get(files, join(folder, "b")), "file");
    await fails(files.moveNew(join(folder, "none"), join(folder, "c")), "missing");
    assertEquals(await files.list(folder), ["b", "moved"]);
  });

  check("moves nothing over what is there", async ({ files, folder, makeFolder }) => {
    await put(files, join(folder, "a"), "new");
    await put(files, join(folder, "b"), "old");
    await makeFolder(join(folder, "c"));
    await makeFolder(join(folder, "d"));
    await fails(files.moveNew(join(folder, "a"), join(folder, "b")), "exists");
    await fails(files.moveNew(join(folder, "a"), join(folder, "c")), "exists");
    await fails(files.moveNew(join(folder, "c"), join(folder, "d")), "exists");
    await fails(files.moveNew(join(folder, "c"), join(folder, "b")), "exists");
    assertEquals(await get(files, join(folder, "b")), "old");
    assertEquals(await files.list(folder), ["a", "b", "c", "d"]);
  });

  check("removes all of a folder, and none is harmless", async ({ files, folder, makeFolder }) => {
    await makeFolder(join(folder, "tree", "inner"));
    await put(files, join(folder, "tree", "inner", "leaf"), "leaf");
    await put(files, join(folder, "tree2"), "stays");
    await files.removeAll(join(folder, "tree"));
    await files.removeAll(join(folder, "tree"));
    assertEquals(await files.list(folder), ["tree2"]);
  });
}

async function fails(call: Promise<unknown>, reason: DiskReason): Promise<void> {
  const error = await assertRejects(() => call, DiskError);
  assertEquals(error.reason, reason, error.message);
}
