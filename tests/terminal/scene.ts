/** People at terminals: each has an earshot of their own, on the loopback interface and at ports of their own. */

import { join } from "@std/path";
import { freeTcpPort, freeUdpPort } from "../free_ports.ts";
import { earshot } from "../lan/lan_test_case.ts";
import { Desk, type Terminal, whyNoTmux } from "./tmux.ts";

const missing = await whyNoTmux();

/** Somebody at a terminal, in whose shell `$EARSHOT` starts their earshot. */
export interface Seat {
  readonly terminal: Terminal;
  readonly home: string;
}

/** One test's people, who can hear each other and nobody else. */
export class Scene implements AsyncDisposable {
  readonly desk: Desk;
  readonly #discoveryPort = freeUdpPort();
  readonly #program: readonly string[];

  constructor(desk: Desk, program: readonly string[]) {
    this.desk = desk;
    this.#program = program;
  }

  /** A seat for somebody; their earshot is not started yet. */
  async seat(name: string, size: { columns?: number; rows?: number } = {}): Promise<Seat> {
    const home = join(this.desk.folder, name);
    const words = [...this.#program, "--home", home, "--name", name, "--interface", "lo"];
    const ports = ["--port", String(freeTcpPort()), "--discovery-port", String(this.#discoveryPort)];
    const env = { EARSHOT: [...words, ...ports].join(" "), EARSHOT_HOME: home };
    return { terminal: await this.desk.terminal({ ...size, env }), home };
  }

  /** Somebody whose chat is open, with these words behind the command. */
  async chat(
    name: string,
    { words = "", ...size }: { words?: string; columns?: number; rows?: number } = {},
  ): Promise<Seat> {
    const seat = await this.seat(name, size);
    await seat.terminal.enter(`clear; $EARSHOT ${words}`);
    await seat.terminal.endsWith(/^\[/, ">");
    return seat;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.desk[Symbol.asyncDispose]();
  }
}

/** A test in terminals; where there can be none it is ignored, and its name says why. */
export function terminalTest(name: string, run: (scene: Scene) => Promise<void>): void {
  Deno.test({
    name: `Terminal: ${name}${missing === null ? "" : ` (skipped: ${missing})`}`,
    ignore: missing !== null,
    fn: async () => {
      await using scene = new Scene(await Desk.open(), await earshot());
      await run(scene);
    },
  });
}
