import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { CRASH_LOG_BYTES_MAX, CrashLog } from "../../../src/cli/node_access/crash_log.ts";
import { HOME, Machine } from "../../fixtures/cli/machine.ts";

const PATH = join(HOME, "crash.log");

function setUp() {
  const machine = new Machine();
  const { environment, console } = machine.process();
  const text = async () =>
    new TextDecoder().decode(await machine.time.drive(machine.disk.read(PATH)) ?? undefined);
  return { machine, stage: environment, console, text };
}

Deno.test("BugLog keeps the stacks of an error and its causes, with time and version, and tells where", async () => {
  const { machine, stage: environment, console, text } = setUp();
  await machine.time.drive(machine.disk.makeFolder(HOME));
  const crashLog = new CrashLog(environment, HOME);
  const error = new Error("outer", { cause: new TypeError("inner") });
  assertEquals(await machine.time.drive(crashLog.note(error)), PATH);
  await machine.time.drive(crashLog.note("no error at all"));
  await machine.time.drive(
    crashLog.note(new SuppressedError(new Error("the cleaning"), new Error("the cause of all"))),
  );
  assertMatch(await text(), /^2026-01-01T00:00:00\.\d{3}Z earshot 1\.2\.3\nError: outer\n {4}at /);
  assertStringIncludes(await text(), "\ncaused by TypeError: inner\n");
  assertStringIncludes(await text(), " earshot 1.2.3\nno error at all\n");
  assertMatch(await text(), /Error: the cause of all\n[^]*\nand while cleaning up Error: the cleaning\n/);
  assertEquals(console.errText, "");
});

Deno.test("BugLog shows stacks only to those who ask for them", async () => {
  const { machine, stage: environment, console } = setUp();
  await machine.time.drive(new CrashLog({ ...environment, isDebug: true }, HOME).note(new Error("oops")));
  assertStringIncludes(console.errText, "Error: oops\n    at ");
});

Deno.test("BugLog says so when there is nowhere to keep it", async () => {
  const { machine, stage: environment } = setUp();
  assertEquals(await machine.time.drive(new CrashLog(environment, HOME).note(new Error("oops"))), null);
});

Deno.test("BugLog begins the file anew beyond its limit", async () => {
  const { machine, stage: environment, text } = setUp();
  await machine.time.drive(machine.disk.makeFolder(HOME));
  await machine.time.drive(machine.disk.writeNew(PATH, new Uint8Array(CRASH_LOG_BYTES_MAX + 1)));
  await machine.time.drive(new CrashLog(environment, HOME).note(new Error("oops")));
  assertMatch(await text(), /^2026-/);
});
