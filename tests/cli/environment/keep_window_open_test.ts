import { message } from "../../../src/messages/message.ts";
import { assertEquals } from "@std/assert";
import { WorldError } from "../../../src/errors.ts";
import { type FakeProcess, Machine } from "../../fixtures/cli/machine.ts";
import { SYSTEM } from "../../sim/system.ts";

const PROMPT = "Press Enter to close this window. ";

/** An earshot whose start fails, on that system, at a terminal or at pipes. */
function failing(os: string, { isTerminal = true } = {}): FakeProcess {
  const process = new Machine().process({
    refusal: new WorldError(message("text.any", { text: "The disk is full" })),
  });
  const { environment, console } = process;
  Object.assign(environment.ports, { system: { ...SYSTEM, os } });
  console.isInTerminal = isTerminal;
  console.isOutTerminal = isTerminal;
  return process;
}

Deno.test("runEarshot without words waits for Enter on Windows when its start fails", async () => {
  const process = failing("windows");
  const ended = process.run();
  process.console.type("abc");
  process.console.type("\r\n");
  assertEquals(await ended, 1);
  assertEquals(process.console.errText, `earshot: The disk is full\n${PROMPT}`);
});

Deno.test("runEarshot waits no longer when the input ends or the user interrupts", async () => {
  const closed = failing("windows");
  closed.console.type(null);
  assertEquals(await closed.run(), 1);
  const interrupted = failing("windows");
  interrupted.console.err = (text) =>
    Promise.resolve(text === PROMPT && interrupted.interrupt()).then(() => {});
  assertEquals(await interrupted.run(), 1);
});

Deno.test("runEarshot waits for nobody on other systems, behind pipes and behind a command", async () => {
  for (const process of [failing("linux"), failing("darwin"), failing("windows", { isTerminal: false })]) {
    assertEquals(await process.run(), 1);
    assertEquals(process.console.errText.includes(PROMPT), false);
  }
  const command = failing("windows");
  assertEquals(await command.run("status"), 1);
  assertEquals(command.console.errText.includes(PROMPT), false);
});
