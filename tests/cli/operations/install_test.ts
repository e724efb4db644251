import { assertEquals, assertStringIncludes } from "@std/assert";
import { EXECUTABLE, HOME, Machine } from "../../fixtures/cli/machine.ts";

const UNIT = "/home/alice/.config/systemd/user/earshot.service";
const STARTED = ["systemctl --user daemon-reload", "systemctl --user enable --now earshot.service"];
const STOPPED = ["systemctl --user disable --now earshot.service", "systemctl --user daemon-reload"];

async function unitOn(machine: Machine): Promise<string | null> {
  const bytes = await machine.time.drive(machine.disk.read(UNIT));
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

Deno.test("runEarshot install shows what it will do, asks, and does it; uninstall takes exactly that back", async () => {
  const machine = new Machine();
  const installing = machine.process();
  installing.console.isInTerminal = true;
  installing.console.type("y\n");
  assertEquals(await installing.run("install", "--name", "alice", "--port", "9000", "--no-page"), 0);
  const text = await unitOn(machine) ?? "";
  assertStringIncludes(
    text,
    `ExecStart="${EXECUTABLE}" "node" "--quiet" "--home" "${HOME}" "--name" "alice" "--port" "9000" "--no-page"\n`,
  );
  assertStringIncludes(installing.console.outText, `This will write "${UNIT}":\n\n    # Written by`);
  for (const line of text.trimEnd().split("\n")) {
    assertStringIncludes(installing.console.outText, `    ${line}\n`);
  }
  for (const run of STARTED) assertStringIncludes(installing.console.outText, `This will run: ${run}\n`);
  assertEquals(installing.console.errText, "Do it? [y/N] Installed.\n");
  assertEquals(installing.ran, STARTED);
  assertEquals(installing.node, undefined);

  const uninstalling = machine.process();
  assertEquals(await uninstalling.run("uninstall", "--yes"), 0);
  assertEquals(uninstalling.ran, STOPPED);
  assertEquals(await unitOn(machine), null);
  assertEquals(await machine.time.drive(machine.disk.list("/home/alice/.config/systemd/user")), []);
});

for (const answer of ["n\n", "\n", "yesterday\n", null]) {
  Deno.test(`runEarshot install does nothing when the answer is ${JSON.stringify(answer)}`, async () => {
    const machine = new Machine();
    const process = machine.process();
    process.console.isInTerminal = true;
    process.console.type(answer);
    if (answer !== null) process.console.type(null);
    assertEquals(await process.run("install"), 1);
    assertEquals([await unitOn(machine), process.ran], [null, []]);
    assertStringIncludes(process.console.errText, "Nothing was done.\n");
  });
}

Deno.test("runEarshot install does nothing where nobody can be asked, but shows what it would do", async () => {
  const machine = new Machine();
  const process = machine.process();
  assertEquals(await process.run("install", "--json"), 2);
  assertEquals([await unitOn(machine), process.ran], [null, []]);
  const [plan] = process.json as { path: string; runs: string[][] }[];
  assertEquals(plan?.path, UNIT);
  assertEquals(plan?.runs.map((words) => words.join(" ")), STARTED);
});

Deno.test("runEarshot install takes all back when the system refuses", async () => {
  const machine = new Machine();
  const process = machine.process({ systemTrouble: "Failed to connect to bus" });
  assertEquals(await process.run("install", "--yes"), 1);
  assertEquals(await unitOn(machine), null);
  assertEquals(
    process.console.errText,
    `earshot: Cannot install: "systemctl --user daemon-reload" failed (Failed to connect to bus). "${UNIT}" was removed again\n`,
  );
});

Deno.test("runEarshot install and uninstall leave alone what is not theirs", async () => {
  const machine = new Machine();
  await machine.time.drive((async () => {
    await machine.disk.makeFolder("/home/alice/.config/systemd/user");
    await machine.disk.writeNew(UNIT, new TextEncoder().encode("[Unit]\n"));
  })());
  for (const command of ["install", "uninstall"]) {
    const process = machine.process();
    assertEquals(await process.run(command, "--yes"), 1);
    assertStringIncludes(process.console.errText, "was not written by earshot");
    assertEquals([await unitOn(machine), process.ran], ["[Unit]\n", []]);
  }
});

Deno.test("runEarshot install again replaces its own entry; uninstall without one says so", async () => {
  const machine = new Machine();
  assertEquals(await machine.process().run("uninstall", "--yes"), 1);
  assertEquals(await machine.process().run("install", "--yes"), 0);
  assertEquals(await machine.process().run("install", "--yes", "--name", "bob"), 0);
  assertStringIncludes(await unitOn(machine) ?? "", '"--name" "bob"');
});

Deno.test("runEarshot install passes on what counts when a node starts, with paths from the root", async () => {
  const machine = new Machine();
  const words = ["--home", "mine", "--interface", "wlan0", "--session-ports", "50000-50100", "--no-typing"];
  const log = ["--log-file", "earshot.log", "--log-level", "debug"];
  assertEquals(await machine.process().run("install", "--yes", ...words, ...log), 0);
  assertStringIncludes(
    await unitOn(machine) ?? "",
    `"node" "--quiet" "--home" "/desk/mine" "--session-ports" "50000-50100" "--interface" "wlan0" ` +
      `"--log-file" "/desk/earshot.log" "--log-level" "debug" "--no-typing"\n`,
  );
});
