/** How soon a node is ready, and what it takes while nobody talks, beyond what Deno takes for nothing. */

import { join } from "@std/path";
import type { NodeEvent } from "../../src/node/vocabulary.ts";
import { freeTcpPort, freeUdpPort } from "../../tests/free_ports.ts";
import { earshot } from "../../tests/lan/lan_test_case.ts";
import { Program } from "../../tests/lan/program.ts";
import { pause } from "./load.ts";
import { cpuSeconds, onCore, residentBytes } from "./processes.ts";

const IDLE_MS = 5_000;

/** What was measured once. */
export interface Started {
  /** From exec to the event "ready", beyond `deno eval 0`. */
  readonly readyMs: number;
  /** Resident memory when idle, beyond a `deno eval` that waits. */
  readonly idleBytes: number;
  /** Percent of a core while nothing happens. */
  readonly idlePercent: number;
}

/** Starts a node in that folder, which may have a home already, and one Deno without anything. */
export async function measureStart(folder: string, { core }: { readonly core: number }): Promise<Started> {
  const deno = Deno.execPath();
  const emptyMs = await untilEnd(onCore(core, [deno, "eval", "0"]));
  const command = onCore(core, [...await earshot(), ...quietNodeWords(join(folder, "home"))]);
  const fromMs = performance.now();
  const node = new Program(command, (line) => JSON.parse(line) as NodeEvent);
  const waiting = new Program(onCore(core, [deno, "eval", "setTimeout(() => {}, 1e9)"]), (line) => line);
  try {
    const { atMs } = await node.line(({ event }) => event === "ready", { what: "ready" });
    await pause(IDLE_MS);
    const before = cpuSeconds(node.pid);
    await pause(IDLE_MS);
    const idlePercent = (cpuSeconds(node.pid) - before) / (IDLE_MS / 1000) * 100;
    const idleBytes = residentBytes(node.pid) - residentBytes(waiting.pid);
    return { readyMs: atMs - fromMs - emptyMs, idleBytes, idlePercent };
  } finally {
    node.signal("SIGTERM");
    await node.ended;
    await waiting[Symbol.asyncDispose]();
  }
}

/** What starts a node with that home that talks to nobody but this machine, and prints events only that matter. */
export function quietNodeWords(home: string): readonly string[] {
  const ports = ["--port", String(freeTcpPort()), "--discovery-port", String(freeUdpPort())];
  return ["node", "--home", home, "--interface", "lo", "--name", "host", "--quiet", "--json", ...ports];
}

async function untilEnd([program = "", ...args]: readonly string[]): Promise<number> {
  const fromMs = performance.now();
  await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output();
  return performance.now() - fromMs;
}
