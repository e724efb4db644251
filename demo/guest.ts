/** One node of the demo: a process of its own, with a home of its own, that nobody outside this machine hears. */

import { fromFileUrl, join } from "@std/path";
import { ControlClient } from "../src/cli/node_access/control_client.ts";
import { readTextLines } from "../src/cli/node_access/json_lines.ts";
import type { Http } from "../src/ports/http.ts";
import { parseNodeFile } from "../src/web/control/node_file.ts";

const MAIN = fromFileUrl(new URL("../main.ts", import.meta.url));
/** The packages that a start loads, and no more. */
const LOCK = fromFileUrl(new URL("../start.lock", import.meta.url));
/** Time for a node to leave; then it is killed. */
const LEAVE_MS_MAX = 3_000;

/** How a guest comes. */
export interface GuestOptions {
  readonly name: string;
  /** The folder of the whole demo. */
  readonly folder: string;
  /** All guests of one demo find each other there, and nobody else does. */
  readonly discoveryPort: number;
  readonly loopback: string;
  readonly http: Http;
}

/** One guest. */
export class Guest implements AsyncDisposable {
  readonly #options: GuestOptions;
  readonly #home: string;
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  #drained: Promise<void> | undefined;
  #node: ControlClient | undefined;

  /** Starts the process. */
  constructor(options: GuestOptions) {
    const { name, folder, discoveryPort, loopback } = options;
    this.#options = options;
    this.#home = join(folder, name);
    const places = ["--home", this.#home, "--interface", loopback, "--discovery-port", String(discoveryPort)];
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", `--lock=${LOCK}`, MAIN, "node", "--json", "--name", name, ...places],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = readTextLines(this.#child.stdout, { lineUnitsMax: 1_000_000 });
  }

  get name(): string {
    return this.#options.name;
  }

  /** Its node, once it has arrived. */
  get node(): ControlClient {
    if (this.#node === undefined) throw new Error(`${this.name} has not arrived`);
    return this.#node;
  }

  /** Waits until its node can be talked to. */
  async arrive(): Promise<void> {
    const first = await this.#lines.next();
    if (first.done === true) throw new Error(`The node of ${this.name} ended at once`);
    this.#drained = drain(this.#lines);
    const file = parseNodeFile(await Deno.readTextFile(join(this.#home, "node.json")));
    if (file === null) throw new Error(`The node of ${this.name} does not say where it is`);
    this.#node = new ControlClient(this.#options.http, file);
  }

  /** Says something, and waits until somebody else has it, so that lines come in their order. */
  async say(to: string, text: string): Promise<void> {
    const { room, number } = await this.node.run({ do: "send", to, text });
    await this.node.run({ do: "wait", room, number, until: "passed", ms: 5_000 });
  }

  /** Ends the process; its home stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    const late = setTimeout(() => this.#signal("SIGKILL"), LEAVE_MS_MAX);
    try {
      this.#signal("SIGTERM");
      await this.#child.status;
      await (this.#drained ?? drain(this.#lines));
    } finally {
      clearTimeout(late);
    }
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It has ended: Ctrl-C reaches all processes of a terminal.
      if (!(error instanceof TypeError)) throw error;
    }
  }
}

/** Reads what a node tells, so that it can go on telling. */
async function drain(lines: AsyncIterable<string>): Promise<void> {
  for await (const _ of lines);
}
