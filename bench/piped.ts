/** A process that is typed into and read line by line. Nothing of what it prints is kept: it may go on for hours. */

/** What its owner hears. Calls come in order. */
export interface PipedOwner {
  /** A line of standard output; `atMs` by `performance.now()`. */
  onLine(line: string, atMs: number): void;
}

/** The end of standard error that a failure shows. */
const SHOWN_CHARS = 2_000;

/** A running process. */
export class Piped {
  /** Resolves when it has ended, with what it said last on standard error. */
  readonly ended: Promise<string>;
  readonly #child: Deno.ChildProcess;
  readonly #in: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();
  #hasEnded = false;

  /** Starts the command. */
  constructor([program = "", ...args]: readonly string[], owner: PipedOwner) {
    const options = { args, stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    this.#child = new Deno.Command(program, options).spawn();
    this.#in = this.#child.stdin.getWriter();
    this.ended = this.#follow(owner);
  }

  /** Of the process itself: `ip netns exec` becomes the program that it starts. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Types lines. Resolves when the process has room for more; what one that was killed no longer reads is lost, as is what a user types then. */
  async type(...lines: readonly string[]): Promise<void> {
    try {
      await this.#in.write(this.#encoder.encode(lines.map((line) => `${line}\n`).join("")));
    } catch (error) {
      // Its end is told by `ended`, to whoever wants to know.
      if (!(error instanceof Error)) throw error;
    }
  }

  /** Sends a signal, unless it has ended. */
  signal(name: Deno.Signal): void {
    if (!this.#hasEnded) this.#child.kill(name);
  }

  async #follow(owner: PipedOwner): Promise<string> {
    try {
      const [said] = await Promise.all([this.#readErr(), this.#readOut(owner)]);
      await this.#child.status;
      return said;
    } finally {
      this.#hasEnded = true;
      await this.#in.close().catch(() => {}); // It is broken already if the process was killed.
    }
  }

  async #readOut({ onLine }: PipedOwner): Promise<void> {
    let held = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const atMs = performance.now();
      const whole = (held + text).split("\n");
      held = whole.pop() ?? "";
      for (const line of whole) onLine(line, atMs);
    }
  }

  async #readErr(): Promise<string> {
    let said = "";
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      said = (said + text).slice(-SHOWN_CHARS);
    }
    return said;
  }
}
