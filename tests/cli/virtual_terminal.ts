/** A terminal in memory: what was written to it, as it would stand on a screen. An oracle from outside of earshot. */

import xterm from "@xterm/headless";
import type { TerminalSize } from "../../src/cli/console.ts";

/** One terminal. */
export class VirtualTerminal implements Disposable {
  readonly #terminal;

  constructor({ columns, rows }: TerminalSize) {
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 1_000,
      allowProposedApi: true,
    });
  }

  /** Resolves when it is on the screen. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#terminal.resize(columns, rows);
  }

  /** The rows that can be seen, without blanks at their ends and the empty ones at the end. */
  get screen(): string[] {
    const { viewportY, length } = this.#terminal.buffer.active;
    return this.#rows(viewportY, length);
  }

  /** All rows, with those that were scrolled out. */
  get scrollback(): string[] {
    return this.#rows(0, this.#terminal.buffer.active.length);
  }

  get cursor(): { row: number; column: number } {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose();
  }

  #rows(from: number, to: number): string[] {
    const rows: string[] = [];
    for (let at = from; at < to; at++) {
      rows.push(this.#terminal.buffer.active.getLine(at)?.translateToString(true).trimEnd() ?? "");
    }
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }
}
