/** Real processes on the loopback interface, in temporary homes, at ports that were free. */

import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { textLines } from "../../src/cli/json_lines.ts";
import { freeTcpPort, freeUdpPort } from "../free_ports.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const LOOPBACK = Deno.networkInterfaces().find(({ address }) => address === "127.0.0.1")?.name ?? "lo";
/** Runs of a command until what is wanted must be there; each takes a tenth of a second and more. */
const TRIES_MAX = 100;
/** Deno kills by TerminateProcess there, so nothing can be left cleanly. */
export const HAS_SIGNALS = Deno.build.os !== "windows";

/** A temporary folder and a discovery port of its own, so that tests do not hear each other. */
export class Place implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "earshot-" });
  readonly #discoveryPort = freeUdpPort();
  readonly #running = new Set<Running>();

  home(name: string): string {
    return join(this.folder, name);
  }

  command(name: string, words: readonly string[]): Deno.Command {
    const options = [
      "--home",
      this.home(name),
      "--interface",
      LOOPBACK,
      "--discovery-port",
      String(this.#discoveryPort),
    ];
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "-A", MAIN, ...options, ...words],
      cwd: this.folder,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1", TZ: "UTC" },
    });
  }

  /** Runs a command to its end. */
  async run(name: string, ...words: string[]): Promise<Outcome> {
    return await this.runWith("", name, ...words);
  }

  /** The same with something to read. */
  async runWith(input: string, name: string, ...words: string[]): Promise<Outcome> {
    const child = this.command(name, words).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input)).catch(() => {}); // It may end without reading.
    await writer.close().catch(() => {});
    const { code, stdout, stderr } = await child.output();
    return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
  }

  /** Runs a command again and again, until its outcome is so. */
  async until(
    name: string,
    words: readonly string[],
    isWanted: (outcome: Outcome) => boolean,
  ): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      if (isWanted(await this.run(name, ...words))) return;
    }
    throw new Error(`"${words.join(" ")}" did not come to what was wanted`);
  }

  /** Starts a node, and waits until it is ready. It serves no page: those that do share a few ports with all others that run. */
  async node(name: string): Promise<Running> {
    return await this.#start(name, ["--no-page"]);
  }

  /** The same with a page. */
  async nodeWithPage(name: string): Promise<Running> {
    return await this.#start(name, []);
  }

  async #start(name: string, options: readonly string[]): Promise<Running> {
    const port = String(freeTcpPort());
    const running = new Running(
      this.command(name, ["node", "--json", "--name", name, "--port", port, ...options]),
    );
    this.#running.add(running);
    const ready = await running.next((event) => event.event === "ready");
    assertEquals([ready.name, ready.port], [name, Number(port)]);
    return running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const running of this.#running) await running.kill();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** What a command came to. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A process that goes on, and what it prints. */
export class Running {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  readonly #errText: Promise<string>;

  constructor(command: Deno.Command) {
    this.#child = command.spawn();
    this.#lines = textLines(this.#child.stdout, { lineUnitsMax: 1_000_000 });
    this.#errText = new Response(this.#child.stderr).text();
  }

  get pid(): number {
    return this.#child.pid;
  }

  async type(text: string): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    writer.releaseLock();
  }

  async closeInput(): Promise<void> {
    await this.#child.stdin.close();
  }

  /** The next line that is so. */
  async line(isWanted: (line: string) => boolean): Promise<string> {
    for (let next = await this.#lines.next(); next.done !== true; next = await this.#lines.next()) {
      if (isWanted(next.value)) return next.value;
    }
    throw new Error(`The process ended first: ${await this.#errText}`);
  }

  /** The next JSON line that is so. */
  async next(isWanted: (event: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    return JSON.parse(await this.line((line) => isWanted(JSON.parse(line))));
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Its end: the exit code, and what it said to standard error. */
  async ended(): Promise<{ readonly code: number; readonly err: string }> {
    const { code } = await this.#child.status;
    await this.#lines.return(undefined);
    await this.#child.stdout.cancel().catch(() => {}); // Read to its end already, or not at all.
    await this.#child.stdin.close().catch(() => {}); // Closed already, or its reader is gone.
    return { code, err: await this.#errText };
  }

  async kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.ended();
  }
}
