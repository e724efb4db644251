/** Windows: the window of a program that was double-clicked closes with the program, before anybody can read an error. */

import { unlessAborted } from "./abortable.ts";
import { type Environment, Interrupted } from "./environment.ts";

/** On Windows, in a terminal, waits for Enter, the end of input or Ctrl-C; elsewhere for nothing. */
export async function keepWindowOpen(
  { console, ports: { system }, signal }: Pick<Environment, "console" | "ports" | "signal">,
): Promise<void> {
  if (system.os !== "windows" || !console.isInTerminal || !console.isOutTerminal) return;
  await console.err("Press Enter to close this window. ");
  try {
    let typed: Uint8Array | null;
    do typed = await unlessAborted(console.read(), signal); while (typed !== null && !hasEnter(typed));
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}

/** A carriage return or a line feed, as a terminal sends them. */
function hasEnter(typed: Uint8Array): boolean {
  return typed.includes(13) || typed.includes(10);
}
