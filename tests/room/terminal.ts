/** A real terminal without a screen (xterm.js), to see what text does to it that was made safe for terminals. */

import unicode11 from "@xterm/addon-unicode11";
import xterm from "@xterm/headless";

/** What a text did. */
export interface Effect {
  /** Columns that the cursor went to the right; null if it left its row. */
  readonly columns: number | null;
  /** Titles set, bells rung and answers typed by the terminal. */
  readonly heard: readonly string[];
  /** Rows, without those that the text began and ended in, that are not as they were. */
  readonly spoiled: readonly string[];
  /** How the row reads, from where the text began. */
  readonly row: string;
  /** Whether the next character is drawn as ours always are. */
  readonly isPlain: boolean;
}

/** Rows of the terminal; the text is written in the middle one. */
const ROWS = 9;
const ROW = 4;
/** The text begins there, behind what we write ourselves before it. */
const COLUMN = 10;

/** One terminal, with the widths of Unicode 11. */
export class Oracle implements Disposable {
  readonly #terminal: xterm.Terminal;
  #heard: string[] = [];

  /** A terminal of so many columns, with nothing on it. */
  constructor(columns: number) {
    const terminal = this.#terminal = new xterm.Terminal({
      cols: columns,
      rows: ROWS,
      scrollback: 0,
      allowProposedApi: true,
    });
    terminal.loadAddon(new unicode11.Unicode11Addon());
    terminal.unicode.activeVersion = "11";
    terminal.onBell(() => this.#heard.push("bell"));
    terminal.onTitleChange((title) => this.#heard.push(`title ${title}`));
    terminal.onData((data) => this.#heard.push(`answer ${JSON.stringify(data)}`));
    terminal.onBinary((data) => this.#heard.push(`answer ${JSON.stringify(data)}`));
    terminal.parser.registerOscHandler(8, () => this.#note("link"));
    terminal.parser.registerOscHandler(52, () => this.#note("clipboard"));
  }

  /** Writes the text in the middle of a full screen, at column 10, and looks at what it did. Several may wait at once. */
  write(text: string): Promise<Effect> {
    const terminal = this.#terminal;
    const buffer = terminal.buffer.active;
    const rows = Array.from({ length: ROWS }, (_, row) => row === ROW ? "0123456789" : `row ${row}`);
    let end = { row: 0, column: 0 };
    return new Promise((resolve) => {
      // Each callback runs before the next piece is read.
      terminal.write(`\x1bc${rows.join("\r\n")}\x1b[${ROW + 1};${COLUMN + 1}H`, () => this.#heard = []);
      terminal.write(text, () => end = { row: buffer.cursorY, column: buffer.cursorX });
      terminal.write("x", () => {
        const cell = buffer.getLine(end.row)?.getCell(end.column);
        resolve({
          columns: end.row === ROW ? end.column - COLUMN : null,
          heard: this.#heard,
          spoiled: rows.flatMap((expected, row) => this.#spoiled(row, expected)),
          row: this.#row(ROW).slice(COLUMN, -1),
          isPlain: cell?.getChars() === "x" && cell.isAttributeDefault(),
        });
      });
    });
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose();
  }

  #note(what: string): boolean {
    this.#heard.push(what);
    return false;
  }

  #spoiled(row: number, expected: string): string[] {
    const found = this.#row(row);
    const isAsBefore = row === ROW ? found.startsWith(expected) : found === expected;
    return isAsBefore ? [] : [`${row}: ${found}`];
  }

  #row(row: number): string {
    return this.#terminal.buffer.active.getLine(row)?.translateToString(true) ?? "";
  }
}
