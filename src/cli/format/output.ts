/** What a command prints, as lines for people or as JSON for scripts. */

import { sanitizeLine } from "../../text/sanitize.ts";
import { formatForShell } from "../../messages/format_message.ts";
import type { Message } from "../../messages/message.ts";
import type { Console } from "../../ports/terminal.ts";
import { PAINTED, PLAIN, type Style } from "./style.ts";

/** How to print. */
export interface OutputOptions {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly hasColor: boolean;
  /** Cells of the terminal's lines, as far as it is known. */
  readonly columns: number | null;
}

/** One answer, in both forms. */
export interface Printable {
  /** Objects, one a line. */
  readonly rows: readonly unknown[];
  readonly lines: readonly string[];
}

/** The two streams of a command. Results go to standard output; all that only accompanies them to standard error. */
export class Output {
  readonly style: Style;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Cells of a line; null where nothing is to be cut, as in a pipe. */
  readonly columns: number | null;
  readonly #console: Console;

  /** Prints nothing yet. */
  constructor(console: Console, { isJson, isQuiet, hasColor, columns }: OutputOptions) {
    this.#console = console;
    this.isJson = isJson;
    this.isQuiet = isQuiet;
    this.columns = console.isOutTerminal ? columns : null;
    this.style = hasColor && !isJson && console.isOutTerminal ? PAINTED : PLAIN;
  }

  /** What was asked for. @throws {OutputClosedError}, {DiskError}. */
  async show({ rows, lines }: Printable): Promise<void> {
    await this.lines(this.isJson ? rows.map((row) => JSON.stringify(row)) : lines);
  }

  /** Lines as they are, in one write. @throws {OutputClosedError}, {DiskError}. */
  async lines(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.#console.out(lines.map((line) => `${line}\n`).join(""));
  }

  /** A remark for people, such as what to do next. */
  async note(text: string): Promise<void> {
    if (!this.isJson && !this.isQuiet) await this.#console.err(`${text}\n`);
  }

  /** Something that is not as it should be, though the command went on. */
  async warn(text: string): Promise<void> {
    await this.#console.err(
      this.isJson ? `${JSON.stringify({ warning: text })}\n` : `earshot: ${sanitizeLine(text)}\n`,
    );
  }

  /** Why the command failed; for people in that format. */
  async error(details: Message, format: (message: Message) => string = formatForShell): Promise<void> {
    await this.#console.err(
      this.isJson
        ? `${JSON.stringify({ error: formatForShell(details), code: details.code })}\n`
        : `earshot: ${sanitizeLine(format(details))}\n`,
    );
  }
}
