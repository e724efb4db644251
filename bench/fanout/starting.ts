/** How soon a node is ready, and what it takes while nobody talks, beyond what the same runtime takes for nothing. */

import { join } from "@std/path";
import type { NodeEvent } from "../../src/api/commands.ts";
import { MadeExecutable, whyNoExecutable } from "../../tests/fixtures/executable.ts";
import { freeTcpPort, freeUdpPort } from "../../tests/fixtures/free_ports.ts";
import { earshot } from "../../tests/fixtures/lan/lan_test_case.ts";
import { Program } from "../../tests/fixtures/lan/program.ts";
import { compileProgram, compilerFor } from "../../tools/compiling.ts";
import { ownTarget } from "../../tools/targets.ts";
import { pause } from "./load.ts";
import { idleCpuSeconds, onCore, residentBytes } from "./processes.ts";

/** Until its first bursts are over, and how long it is looked at then. */
const SETTLE_MS = 5_000;
const IDLE_MS = 10_000;
/** A program that does nothing, for as long as it is told. */
const NOTHING = 'if (Deno.args[0] === "wait") setTimeout(() => {}, 1e9);';

/** What is started, and beside it what shows the cost of its runtime alone. */
export interface Startable {
  /** In front of the arguments of earshot. */
  readonly earshot: readonly string[];
  /** Ends at once. */
  readonly ending: readonly string[];
  /** Waits. */
  readonly waiting: readonly string[];
}

/** What was measured once. */
export interface Started {
  /** From exec to the event "ready", beyond a program that does nothing. */
  readonly readyMs: number;
  /** Resident memory when idle, beyond a program that waits. */
  readonly idleBytes: number;
  /** Percent of a core while nothing happens. */
  readonly idlePercent: number;
}

/** earshot from its sources, beside `deno eval`. */
export async function fromSources(): Promise<Startable> {
  const deno = [Deno.execPath(), "eval"];
  return {
    earshot: await earshot(),
    ending: [...deno, "0"],
    waiting: [...deno, "setTimeout(() => {}, 1e9)"],
  };
}

/** The executable, beside one of the same runtime that does nothing; or why none can be made here. */
export async function fromExecutable(parts: AsyncDisposableStack): Promise<Startable | string> {
  const missing = await whyNoExecutable();
  const target = ownTarget();
  if (missing !== null || target === null) return missing ?? "no executables for this machine";
  const made = parts.use(await MadeExecutable.make());
  const folders = [join(made.folder, "tools"), join(made.folder, "work")] as const;
  for (const folder of folders) await Deno.mkdir(folder);
  const compiler = await compilerFor(target, folders[0]);
  const nothing = await compileProgram(NOTHING, { compiler, folder: folders[1] });
  return { earshot: [made.path], ending: [nothing], waiting: [nothing, "wait"] };
}

/** Starts a node in that folder, which may have a home already, and a program that does nothing. */
export async function measureStart(
  startable: Startable,
  { folder, core }: { readonly folder: string; readonly core: number },
): Promise<Started> {
  const emptyMs = await untilEnd(onCore(core, startable.ending));
  const command = onCore(core, [...startable.earshot, ...quietNodeWords(join(folder, "home"))]);
  const fromMs = performance.now();
  const node = new Program(command, (line) => JSON.parse(line) as NodeEvent);
  const waiting = new Program(onCore(core, startable.waiting), (line) => line);
  try {
    const { atMs } = await node.line(({ event }) => event === "ready", { what: "ready" });
    await pause(SETTLE_MS);
    const before = idleCpuSeconds(node.pid);
    await pause(IDLE_MS);
    const idlePercent = (idleCpuSeconds(node.pid) - before) / (IDLE_MS / 1000) * 100;
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
