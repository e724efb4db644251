/** A console that prints above the painted rows, for both streams. */

import type { Console } from "../../ports/terminal.ts";

/** The terminal's console with both its streams printed so. */
export function createConsoleAbove(
  console: Console,
  { print, strong }: { print(text: string): Promise<void>; strong(text: string): string },
): Console {
  return {
    isInTerminal: true,
    hasInput: true,
    isOutTerminal: true,
    terminal: console.terminal,
    read: () => console.read(),
    out: print,
    // Only earshot writes here, so its name is left out.
    err: (text) => print(text.replace(/^earshot: (.*)/s, (_, said) => strong(`! ${said.trimEnd()}`))),
  };
}
