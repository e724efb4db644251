/** A process that runs, and prints one JSON object a line. */

import { within } from "./patience.ts";
import type { Finished } from "./system.ts";

/** What the failure of a wait shows of the process. */
const SHOWN_LINES = 12;

/** A line of standard output. */
export interface Line<Row> {
  readonly row: Row;
  /** When it came, by `performance.now()`. */
  readonly atMs: number;
}

/** A running process. Disposing kills it, if it has not ended, and waits for its end. */
export class Program<Row> implements AsyncDisposable {
  /** What it has printed so far. */
  readonly lines: Line<Row>[] = [];
  /** How it ended. */
  readonly ended: Promise<Finished>;
  readonly #child: Deno.ChildProcess;
  readonly #parse: (line: string) => Row;
  readonly #waiting = new Set<() => void>();
  #out = "";
  #err = "";
  #hasEnded = false;

  /** Starts the command; `parse` makes rows of the lines that it prints. */
  constructor([program = "", ...args]: readonly string[], parse: (line: string) => Row) {
    this.#parse = parse;
    const options = { args, stdin: "null", stdout: "piped", stderr: "piped" } as const;
    this.#child = new Deno.Command(program, options).spawn();
    this.ended = this.#follow();
    // Whoever waits for a line is told too; nobody has to wait for the end.
    this.ended.catch(() => {});
  }

  /** Of the process itself: `ip netns exec` becomes the program that it starts. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Sends a signal; none is sent to a process that has ended. */
  signal(name: Deno.Signal): void {
    if (!this.#hasEnded) this.#child.kill(name);
  }

  /** The first line from that index on that is wanted; waits for it. @throws {Error} that names `what` when it does not come, or the process ends first. */
  async line(
    isWanted: (row: Row) => boolean,
    { what, from = 0, ms }: { readonly what: string; readonly from?: number; readonly ms?: number },
  ): Promise<Line<Row>> {
    const found = Promise.withResolvers<Line<Row>>();
    const look = () => {
      const line = this.lines.slice(from).find(({ row }) => isWanted(row));
      if (line !== undefined) found.resolve(line);
      else if (this.#hasEnded) found.reject(new Error(`It ended without: ${what}\n${this.#story()}`));
    };
    this.#waiting.add(look);
    look();
    try {
      return await within(found.promise, () => `It never told: ${what}\n${this.#story()}`, ms);
    } finally {
      this.#waiting.delete(look);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }

  async #follow(): Promise<Finished> {
    try {
      const [{ code }] = await Promise.all([this.#child.status, this.#readOut(), this.#readErr()]);
      return { code, out: this.#out, err: this.#err };
    } finally {
      this.#hasEnded = true;
      this.#wake();
    }
  }

  async #readOut(): Promise<void> {
    let held = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.#out += text;
      const whole = (held + text).split("\n");
      held = whole.pop() ?? "";
      const atMs = performance.now();
      this.lines.push(...whole.map((line) => ({ row: this.#parse(line), atMs })));
      this.#wake();
    }
  }

  async #readErr(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) this.#err += text;
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  #story(): string {
    const last = (text: string) => text.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
    return `Its last lines:\n${last(this.#out)}\nIts standard error:\n${last(this.#err)}`;
  }
}
