import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { denoDisk } from "../../src/deno/disk.ts";
import { denoFiles } from "../../src/deno/files.ts";
import { DiskError } from "../../src/errors.ts";
import { SimDisk } from "../sim/disk.ts";
import { filesContract, type FilesUnderTest, get, put } from "./files.ts";

const isWindows = Deno.build.os === "windows";

filesContract("real", realFiles);
filesContract("simulated", async () => {
  const drive = new SimDisk({ schedule: (_delayMs, run) => queueMicrotask(run), fraction: () => 0.5 });
  const disk = drive.boot();
  await disk.makeFolder("/desk");
  const makeFolder = (path: string) => disk.makeFolder(path);
  return {
    files: drive.bootFiles(),
    folder: "/desk",
    makeFolder,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
});

async function realFiles(): Promise<FilesUnderTest> {
  const folder = await Deno.makeTempDir();
  return {
    files: denoFiles(),
    folder,
    makeFolder: (path) => denoDisk().makeFolder(path),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test({
  name: "denoFiles makes files that only their owner can read and nobody can run, moved ones too",
  ignore: isWindows,
  async fn() {
    await using tested = await realFiles();
    const { files, folder } = tested;
    await put(files, join(folder, "a"), "#!/bin/sh");
    await files.moveNew(join(folder, "a"), join(folder, "b"));
    assertEquals(((await Deno.stat(join(folder, "b"))).mode ?? 0) & 0o777, 0o600);
  },
});

Deno.test({
  name:
    "denoFiles writes by way of no link, removes no more than the link, and sees where one leads only when asked",
  ignore: isWindows, // Windows lets only some users make links.
  async fn() {
    await using tested = await realFiles();
    const { files, folder, makeFolder } = tested;
    await put(files, join(folder, "target"), "precious");
    await makeFolder(join(folder, "trap"));
    await Deno.symlink(join(folder, "target"), join(folder, "trap", "link"));
    await Deno.symlink(join(folder, "nowhere"), join(folder, "trap", "dangling"));
    for (const name of ["link", "dangling"]) {
      const error = await assertRejects(() => files.openWrite(join(folder, "trap", name)), DiskError);
      assertEquals(error.reason, "denied");
      const moved = await assertRejects(
        () => files.moveNew(join(folder, "target"), join(folder, "trap", name)),
        DiskError,
      );
      assertEquals(moved.reason, "exists");
    }
    const look = (follow: boolean) => files.stat(join(folder, "trap", "link"), { follow });
    assertEquals([(await look(false))?.kind, (await look(true))?.kind], ["link", "file"]);
    await files.removeAll(join(folder, "trap"));
    assertEquals(await get(files, join(folder, "target")), "precious");
    assertEquals(await files.list(folder), ["target"]);
  },
});
