import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { denoDisk, toDiskError } from "../../src/deno/disk.ts";
import { DiskError, type DiskReason } from "../../src/errors.ts";
import { SimDisk } from "../sim/disk.ts";
import { diskContract, type DiskUnderTest } from "./disk.ts";

const isWindows = Deno.build.os === "windows";

diskContract("real", realDisk);
diskContract("simulated", async () => {
  const disk = new SimDisk({ schedule: (_delayMs, run) => queueMicrotask(run), fraction: () => 0.5 }).boot();
  await disk.makeFolder("/desk");
  return { disk, folder: "/desk", [Symbol.asyncDispose]: () => Promise.resolve() };
});

async function realDisk(): Promise<DiskUnderTest> {
  const folder = await Deno.makeTempDir();
  return { disk: denoDisk(), folder, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

Deno.test({
  name: "denoDisk makes files and folders that only their owner can read",
  ignore: isWindows,
  async fn() {
    await using tested = await realDisk();
    const { disk, folder } = tested;
    const inner = join(folder, "outer", "inner");
    await disk.makeFolder(inner);
    await disk.writeNew(join(inner, "new"), new Uint8Array(1));
    (await disk.openAppend(join(inner, "log"))).close();
    (await disk.lock(join(inner, "lock")))?.[Symbol.dispose]();
    for (const name of ["new", "log", "lock"]) assertEquals(await modeOf(join(inner, name)), 0o600);
    assertEquals(await modeOf(inner), 0o700);
    assertEquals(await modeOf(join(folder, "outer")), 0o700);
  },
});

Deno.test({
  name: "denoDisk says that a full disk is full, and appends nothing more than it did",
  ignore: Deno.build.os !== "linux", // Only Linux has a device that is always full.
  async fn() {
    const file = await denoDisk().openAppend("/dev/full");
    const error = await assertRejects(() => file.append(new Uint8Array(10)), DiskError);
    assertEquals([error.reason, error.message], ["full", 'Cannot write to "/dev/full"']);
    assertEquals(file.sizeBytes, 0);
    file.close();
  },
});

Deno.test("toDiskError knows the reasons of every system", () => {
  const cases: [error: Error, reason: DiskReason][] = [
    [new Deno.errors.NotFound("x"), "missing"],
    [new Deno.errors.AlreadyExists("x"), "exists"],
    [new Deno.errors.PermissionDenied("x"), "denied"],
    [new Deno.errors.NotCapable("x"), "denied"],
    [Object.assign(new Error("x"), { code: "EPERM" }), "denied"],
    [Object.assign(new Error("x"), { code: "ENOSPC" }), "full"],
    [Object.assign(new Error("x"), { code: "EDQUOT" }), "full"],
    [Object.assign(new Error("x"), { code: "EROFS" }), "read-only"],
    [Object.assign(new Error("x"), { code: "EBUSY" }), isWindows ? "held" : "failed"],
    [new Error("The file is in use (os error 32)"), "held"],
    [new Error("No space left on device (os error 28)"), "full"],
    [new Error("There is not enough space on the disk. (os error 112)"), "full"],
    [new Error("Read-only file system (os error 30)"), "read-only"],
    [new Error("The media is write protected. (os error 19)"), "read-only"],
    [new Error("File name too long (os error 36)"), "failed"],
    [new Deno.errors.Interrupted("x"), "failed"],
  ];
  for (const [error, reason] of cases) {
    const mapped = toDiskError(error, 'open "/x"');
    assertEquals([mapped.reason, mapped.message, mapped.cause], [reason, 'Cannot open "/x"', error]);
  }
});

Deno.test("toDiskError throws a bug on as it is", () => {
  assertThrows(() => toDiskError(new TypeError("Path must not contain NUL"), "open"), TypeError, "NUL");
});

/** Takes the lock, says what came of it, and stays until it is killed or its input ends. */
const HOLDER = `
  const { denoDisk } = await import(Deno.args[0]);
  const lock = await denoDisk().lock(Deno.args[1]);
  console.log(lock === null ? "refused" : "held");
  for await (const _ of Deno.stdin.readable);
  Deno.exit(0);
`;

Deno.test("denoDisk refuses a lock that another process holds, and gives it once that process was killed", async () => {
  await using tested = await realDisk();
  const { disk, folder } = tested;
  const path = join(folder, "lock");
  await using holder = await startHolder(folder, path);
  assertEquals(holder.said, "held");
  await using rival = await startHolder(folder, path);
  assertEquals(rival.said, "refused");
  await holder.kill();
  using lock = await disk.lock(path);
  assert(lock !== null);
  await using late = await startHolder(folder, path);
  assertEquals(late.said, "refused");
});

async function startHolder(folder: string, lockPath: string) {
  const script = join(folder, "holder.ts");
  await Deno.writeTextFile(script, HOLDER);
  const disk = toFileUrl(join(import.meta.dirname ?? "", "../../src/deno/disk.ts")).href;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, disk, lockPath],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    said += read.value;
    if (said.endsWith("\n")) break;
  }
  let isKilled = false;
  const kill = async () => {
    if (isKilled) return;
    isKilled = true;
    process.kill("SIGKILL");
    await process.status;
    await reader.cancel();
    await process.stdin.abort();
  };
  return { said: said.trim(), kill, [Symbol.asyncDispose]: kill };
}

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}
