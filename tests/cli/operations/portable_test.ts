import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { makePortableHome } from "../../../src/cli/operations/portable.ts";
import { denoDisk } from "../../../src/deno/disk.ts";
import { WorldError } from "../../../src/errors.ts";
import { Machine, processWith } from "../../fixtures/cli/machine.ts";

/** Beside the executable of the simulated machine. */
const BESIDE = join("/media/stick", "earshot-home");

Deno.test("runEarshot --portable keeps everything beside the executable, whatever the usual home is", async () => {
  const { machine, process } = processWith({ nick: { name: "alice" } });
  assertEquals(await process.run("nick", "alice", "--portable"), 0);
  assertEquals(process.nodeOptions?.home, BESIDE);
  const names = await machine.time.drive(machine.disk.list(BESIDE));
  assertEquals(names.filter((name) => name.startsWith(".probe")), []);
});

Deno.test("runEarshot --portable refuses a disk that is read-only, also where its home is already", async () => {
  const machine = new Machine();
  assertEquals(await machine.process({ script: { nick: { name: "a" } } }).run("nick", "a", "--portable"), 0);
  machine.drive.setReadOnly(true);
  const process = machine.process();
  assertEquals(await process.run("nick", "a", "--portable"), 1);
  assertEquals(
    process.console.errText,
    `earshot: Cannot keep everything in "${BESIDE}": the disk is read-only. ` +
      "Move earshot to a folder of your own, or start it without --portable\n",
  );
  assertEquals(process.node, undefined);
});

Deno.test("runEarshot --portable refuses what it cannot mean", async () => {
  const { process } = processWith({});
  assertEquals(await process.run("status", "--portable", "--home", "/tmp/a"), 2);
  assertEquals(
    process.console.errText,
    "earshot: --home and --portable cannot be used together: each names the folder for everything\n",
  );
  const { environment } = new Machine().process();
  await assertRejects(
    () =>
      makePortableHome({ ...environment, program: { executable: null, words: ["deno", "run", "main.ts"] } }),
    WorldError,
    "this earshot runs from its source. Name a folder with --home",
  );
});

Deno.test("makePortableHome works on a real disk, and tells what is in its way", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { environment } = new Machine().process();
    const executable = join(folder, "earshot");
    const home = join(folder, "earshot-home");
    const real = {
      ...environment,
      ports: { ...environment.ports, disk: denoDisk() },
      program: { executable, words: [] },
    };
    assertEquals(await makePortableHome(real), home);
    assertEquals(await Array.fromAsync(Deno.readDir(home)), []);
    await Deno.remove(home);
    await Deno.writeTextFile(home, "");
    await assertRejects(
      () => makePortableHome(real),
      WorldError,
      `Cannot keep everything in "${home}": `,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
