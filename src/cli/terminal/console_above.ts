/** What is printed stands above what is painted; both streams, since the terminal is one. */

import type { Console } from "../../ports/terminal.ts";

/** The terminal's console with both its streams printed so. */
export function consoleAbove(
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
    // Here it is plain who speaks.
    err: (text) => print(text.replace(/^earshot: (.*)/s, (_, said) => strong(`! ${said.trimEnd()}`))),
  };
}
