/** A node as a user runs it, on a core of its own, that hosts a room on the loopback interface. */

import { join } from "@std/path";
import type { NodeEvent } from "../../src/api/commands.ts";
import { parseRoomId, type RoomId } from "../../src/room/id.ts";
import { freeTcpPort, freeUdpPort } from "../../tests/fixtures/free_ports.ts";
import { earshot } from "../../tests/fixtures/lan/lan_test_case.ts";
import { Program } from "../../tests/fixtures/lan/program.ts";
import { must } from "../../tests/fixtures/lan/system.ts";
import { onCore } from "./processes.ts";

/** Time for a node to be ready on a machine that is busy. */
const READY_MS_MAX = 30_000;

/** A node that hosts. Disposing ends it. */
export class Served implements AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly room: RoomId;
  readonly #program: Program<NodeEvent>;

  private constructor(
    program: Program<NodeEvent>,
    { port, room }: { readonly port: number; readonly room: RoomId },
  ) {
    this.#program = program;
    this.pid = program.pid;
    this.port = port;
    this.room = room;
  }

  /** Starts it in that folder. */
  static async start(folder: string, { core }: { readonly core: number }): Promise<Served> {
    const words = await earshot();
    const home = join(folder, "home");
    const port = freeTcpPort();
    const options = ["--home", home, "--interface", "lo", "--port", String(port)];
    // PROFILE names a folder for a profile of the server: what the figures come from.
    const profile = Deno.env.get("PROFILE");
    const flags = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
    const command = [
      ...words.slice(0, 2),
      ...flags,
      ...words.slice(2),
      "node",
      "--quiet",
      "--json",
      ...options,
      "--discovery-port",
      String(freeUdpPort()),
      "--name",
      "host",
    ];
    const program = new Program(onCore(core, command), (line) => JSON.parse(line) as NodeEvent);
    try {
      await program.line(({ event }) => event === "ready", { what: "the node is ready", ms: READY_MS_MAX });
      const [earshotProgram = "", ...args] = [...words, "--home", home];
      await must(earshotProgram, ...args, "host", "Hall");
      const [row = ""] = (await must(earshotProgram, ...args, "rooms", "--json")).split("\n");
      const room = parseRoomId(JSON.parse(row).id);
      if (room === null) throw new Error(`No room: ${row}`);
      return new Served(program, { port, room });
    } catch (error) {
      await program[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#program.signal("SIGTERM");
    await this.#program.ended;
  }
}
