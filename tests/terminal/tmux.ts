/** Terminals of tmux, with a shell in each: keys go in, screens come out. */

import { join } from "@std/path";
import { finish, must } from "../lan/system.ts";
import { until } from "../lan/patience.ts";

/** What every terminal begins with. */
const PROMPT = "sh> ";

/** Why there can be no such tests here; null if there can. */
export async function whyNoTmux(): Promise<string | null> {
  if (Deno.build.os === "windows") return "there is no tmux on Windows";
  try {
    return (await finish(["tmux", "-V"])).code === 0 ? null : "tmux does not work";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no tmux";
    throw error;
  }
}

/** A tmux server of its own, with a folder for what its terminals leave behind. */
export class Desk implements AsyncDisposable {
  readonly folder: string;
  #count = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Desk> {
    return new Desk(await Deno.makeTempDir({ prefix: "earshot_terminal_" }));
  }

  /** A terminal of that size with a shell; `env` is set in it. */
  async terminal({ columns = 80, rows = 24, env = {} as Record<string, string> } = {}): Promise<Terminal> {
    const name = `t${++this.#count}`;
    const variables = Object.entries({ PS1: PROMPT, LC_ALL: "C.UTF-8", HISTFILE: "", ...env });
    const shell = ["env", ...variables.map(([key, value]) => `${key}=${value}`), "sh", "-i"];
    await this.tmux("new-session", "-d", "-s", name, "-x", String(columns), "-y", String(rows), ...shell);
    const terminal = new Terminal(this, name);
    await terminal.shows(/^sh>$/);
    return terminal;
  }

  /** Runs a command of tmux; what it printed. */
  async tmux(...words: string[]): Promise<string> {
    // Without a configuration file: nobody's keys and colours of their own.
    return await must(
      "env",
      "LC_ALL=C.UTF-8",
      "tmux",
      "-u",
      "-f",
      "/dev/null",
      "-S",
      join(this.folder, "tmux"),
      ...words,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Its terminals hang up, and what runs in them ends.
    if (this.#count > 0) await this.tmux("kill-server");
    await until("a folder into which nobody writes any more", async (tell) => {
      try {
        await Deno.remove(this.folder, { recursive: true });
        return true;
      } catch (error) {
        tell(String(error));
        return null;
      }
    });
  }
}

/** One terminal. */
export class Terminal {
  readonly #desk: Desk;
  readonly #name: string;

  constructor(desk: Desk, name: string) {
    this.#desk = desk;
    this.#name = name;
  }

  /** Presses keys, by tmux's names: "Enter", "M-1", "C-c", "Tab". */
  async press(...keys: string[]): Promise<void> {
    await this.#desk.tmux("send-keys", "-t", this.#name, ...keys);
  }

  /** Types a text as it is. */
  async type(text: string): Promise<void> {
    await this.#desk.tmux("send-keys", "-t", this.#name, "-l", "--", text);
  }

  /** Types a line, and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /** Pastes, in brackets where the program asked for them. */
  async paste(text: string): Promise<void> {
    const file = join(this.#desk.folder, `paste-${this.#name}`);
    await Deno.writeTextFile(file, text);
    await this.#desk.tmux("load-buffer", "-b", this.#name, file);
    await this.#desk.tmux("paste-buffer", "-p", "-b", this.#name, "-t", this.#name);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#desk.tmux("resize-window", "-t", this.#name, "-x", String(columns), "-y", String(rows));
  }

  /** What can be seen, row by row, without blanks at the ends and empty rows at the end. */
  async screen(): Promise<string[]> {
    return rowsOf(await this.#desk.tmux("capture-pane", "-p", "-t", this.#name));
  }

  /** The same with all that scrolled out, and rows that the terminal broke in one again. */
  async scrollback(): Promise<string[]> {
    return rowsOf(await this.#desk.tmux("capture-pane", "-p", "-J", "-S", "-", "-t", this.#name));
  }

  /** Where the cursor is, from 0. */
  async cursor(): Promise<{ row: number; column: number }> {
    const at = await this.#desk.tmux("display-message", "-p", "-t", this.#name, "#{cursor_y} #{cursor_x}");
    const [row = 0, column = 0] = at.trim().split(" ").map(Number);
    return { row, column };
  }

  /** Waits until a row of the screen is so; the row. */
  async shows(row: RegExp): Promise<string> {
    return await until(`a row like ${row}`, async (tell) => {
      const screen = await this.screen();
      tell(screen);
      return screen.findLast((each) => row.test(each)) ?? null;
    });
  }

  /** Waits until the last rows of the screen are these. */
  async endsWith(...rows: (string | RegExp)[]): Promise<void> {
    await until(`a screen that ends in ${rows.map(String).join(" / ")}`, async (tell) => {
      const last = (await this.screen()).slice(-rows.length);
      tell(last);
      const isSo = last.length === rows.length &&
        rows.every((row, at) => typeof row === "string" ? last[at] === row : row.test(last[at] ?? ""));
      return isSo ? true : null;
    });
  }
}

function rowsOf(text: string): string[] {
  const rows = text.split("\n").map((row) => row.trimEnd());
  while (rows.at(-1) === "") rows.pop();
  return rows;
}
