/**
 * `deno task bench:discovery [--runs 20] [--nodes 3] [--quiet 60] [--simulated 30,1000 [--within 60]]`: how soon nodes with nothing configured find each other, on hosts of a lab
 * (network namespaces; needs Linux and root). Each run has new homes, so nobody knows anybody from before. Its figure is
 * that of its slowest node: from the ready line of that node until both others have listed it. When all start together it is said
 * beside it how long it took from the start of the first process, and from the ready line of the last, until all had listed all.
 * The executable is measured, if one can be made here, and what the sources start.
 *
 *     --program PATH          only that executable
 *     --quiet 60              after the last run all nodes stay, and what they take while nobody does anything is measured so long
 *     --simulated 30,1000     instead: so many nodes on one simulated network, in simulated time, with what goes over the air
 *     --within 60             those start within so many seconds, not in one moment
 */

import { parseArgs } from "@std/cli/parse-args";
import { MadeExecutable, whyNoExecutable } from "../tests/fixtures/executable.ts";
import { Lab, whyNoLab } from "../tests/fixtures/lan/lab.ts";
import type { Host } from "../tests/fixtures/lan/host.ts";
import type { LanNode } from "../tests/fixtures/lan/lan_node.ts";
import { earshot } from "../tests/fixtures/lan/lan_test_case.ts";
import { cpuSeconds, idleCpuSeconds } from "./fanout/processes.ts";
import { simulateDiscovery } from "./simulated_discovery.ts";

/** Between the last run and the quiet that is measured. */
const SETTLE_MS = 20_000;

/** What is measured. */
const MEANS = {
  slowest: "all nodes start at once; the slowest of them from its ready line until all others have listed it",
  fromExec: "all nodes start at once; from the start of the first process until all have listed all",
  fromLastReady: "all nodes start at once; from the ready line of the last until all have listed all",
  processor: "all nodes start at once; processor time of all together until all have listed all",
  newcomer: "one more node starts beside those that run; until it is listed by all, and lists all",
} as const;

/** What a run of all that start together took. */
interface Together {
  readonly slowestMs: number;
  readonly fromExecMs: number;
  readonly fromLastReadyMs: number;
  /** Processor of all of them up to then: the lab has two cores for what thirty devices do. */
  readonly processorSeconds: number;
}

const options = parseArgs(Deno.args, {
  string: ["runs", "nodes", "quiet", "simulated", "within", "program"],
});
const runs = Number(options.runs ?? 20);
const nodesCount = Number(options.nodes ?? 3);
const quietSeconds = Number(options.quiet ?? 0);
if (options.simulated) {
  const withinMs = Number(options.within ?? 0) * 1000;
  for (const nodes of String(options.simulated).split(",").map(Number)) {
    const found = await simulateDiscovery({ nodes, withinMs, seed: "bench" });
    say(JSON.stringify({ bench: "discovery, simulated", ...found }));
  }
  Deno.exit(0);
}
const missing = await whyNoLab();
if (missing !== null) {
  say(`The discovery benchmark cannot run here: it ${missing}`);
  Deno.exit(1);
}
if (options.program !== undefined) {
  await measureProgram("executable", [String(options.program)]);
} else {
  const lacks = await whyNoExecutable();
  if (lacks !== null) say(`No executable is measured: ${lacks}.`);
  else {
    await using made = await MadeExecutable.make();
    await measureProgram("executable", [made.path]);
  }
  await measureProgram("sources", await earshot());
}

async function measureProgram(what: "executable" | "sources", program: readonly string[]): Promise<void> {
  await using lab = await Lab.open({ program });
  const hosts: Host[] = [];
  while (hosts.length < nodesCount) hosts.push(await lab.host());
  const together: Together[] = [];
  for (let run = 1; run <= runs; run++) {
    const isLast = run === runs;
    together.push(await measureTogether(hosts, `together${run}`, isLast ? quietSeconds : 0));
  }
  const { slowest, fromExec, fromLastReady, processor } = MEANS;
  report(what, "together", slowest, together.map(({ slowestMs }) => slowestMs));
  report(what, "together, from exec", fromExec, together.map(({ fromExecMs }) => fromExecMs));
  report(what, "together, from ready", fromLastReady, together.map(({ fromLastReadyMs }) => fromLastReadyMs));
  report(
    what,
    "together, processor",
    processor,
    together.map(({ processorSeconds }) => processorSeconds * 1000),
  );
  const newcomer: number[] = [];
  for (let run = 1; run <= runs; run++) newcomer.push(await measureNewcomer(hosts, `newcomer${run}`));
  report(what, "newcomer", MEANS.newcomer, newcomer);
}

async function measureTogether(
  hosts: readonly Host[],
  run: string,
  quietSeconds: number,
): Promise<Together> {
  const execAtMs = performance.now();
  const nodes = await Promise.all(hosts.map((host, index) => host.node(`${run}-${index}`)));
  const times = await Promise.all(nodes.map((node) => untilListed(node, nodes)));
  const listedAtMs = Math.max(...times.map((ms, index) => ms + readyAtMs(nodes[index])));
  const processorSeconds = nodes.reduce((sum, { program }) => sum + cpuSeconds(program.pid), 0);
  const lastReadyAtMs = Math.max(...nodes.map(readyAtMs));
  if (quietSeconds > 0) await reportQuiet(nodes, quietSeconds);
  await leave(nodes);
  return {
    slowestMs: Math.max(...times),
    fromExecMs: listedAtMs - execAtMs,
    fromLastReadyMs: listedAtMs - lastReadyAtMs,
    processorSeconds,
  };
}

/** Milliseconds. */
async function measureNewcomer(hosts: readonly Host[], run: string): Promise<number> {
  const nodes = await startOneByOne(hosts, run);
  const newcomer = nodes.at(-1);
  if (newcomer === undefined) throw new Error("There are no hosts");
  const times = [await untilListed(newcomer, nodes), await untilItLists(newcomer, nodes)];
  await leave(nodes);
  return Math.max(...times);
}

async function leave(nodes: readonly LanNode[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.leave("SIGTERM")));
}

async function startOneByOne(hosts: readonly Host[], run: string): Promise<readonly LanNode[]> {
  const nodes: LanNode[] = [];
  for (const [index, host] of hosts.entries()) {
    const node = await host.node(`${run}-${index}`);
    for (const other of nodes) await Promise.all([node.meets(other), other.meets(node)]);
    nodes.push(node);
  }
  return nodes;
}

/** From the node's ready line until all others have listed it. */
async function untilListed(node: LanNode, nodes: readonly LanNode[]): Promise<number> {
  const others = nodes.filter((other) => other !== node);
  const listed = await Promise.all(others.map((other) => other.meets(node)));
  return Math.max(0, ...listed.map(({ atMs }) => atMs)) - readyAtMs(node);
}

/** From the node's ready line until it has listed all others. */
async function untilItLists(node: LanNode, nodes: readonly LanNode[]): Promise<number> {
  const others = nodes.filter((other) => other !== node);
  const listed = await Promise.all(others.map((other) => node.meets(other)));
  return Math.max(0, ...listed.map(({ atMs }) => atMs)) - readyAtMs(node);
}

function readyAtMs(node: LanNode | undefined): number {
  const ready = node?.program.lines[0];
  if (ready?.row.event !== "ready") throw new Error("The first event is not that the node is ready");
  return ready.atMs;
}

/** What nodes take while nobody does anything: they should sleep. */
async function reportQuiet(nodes: readonly LanNode[], quietSeconds: number): Promise<void> {
  // Until the last burst, the first beats and the work behind the start are over.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const pids = nodes.map(({ program }) => program.pid);
  const before = pids.map(datagramsSent);
  const cpuBefore = pids.map(idleCpuSeconds);
  const fromMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, quietSeconds * 1000));
  const seconds = (performance.now() - fromMs) / 1000;
  const cpu = pids.map((pid, index) => idleCpuSeconds(pid) - (cpuBefore[index] ?? 0));
  const sent = pids.reduce((sum, pid, index) => sum + datagramsSent(pid) - (before[index] ?? 0), 0);
  const percents = cpu.map((used) => used / seconds * 100).sort((left, right) => left - right);
  say(JSON.stringify({
    bench: "quiet",
    nodes: nodes.length,
    seconds: Math.round(seconds),
    datagramsPerSecondOfAll: Number((sent / seconds).toFixed(2)),
    percentOfACore: {
      min: Number(percents[0]?.toFixed(2)),
      median: Number(percents[Math.floor(percents.length / 2)]?.toFixed(2)),
      max: Number(percents.at(-1)?.toFixed(2)),
    },
  }));
}

/** UDP datagrams that left the host on which that process runs: each has a network namespace of its own. */
function datagramsSent(pid: number): number {
  const lines = Deno.readTextFileSync(`/proc/${pid}/net/snmp`).split("\n").filter((line) =>
    line.startsWith("Udp:")
  );
  const [names = [], values = []] = lines.map((line) => line.split(" "));
  return Number(values[names.indexOf("OutDatagrams")]);
}

function report(program: string, start: string, means: string, measured: readonly number[]): void {
  const each = measured.map(Math.round);
  const sorted = each.toSorted((left, right) => left - right);
  const [min, median, max] = [sorted[0] ?? NaN, medianOf(sorted), sorted.at(-1) ?? NaN];
  say(
    JSON.stringify({
      bench: "discovery",
      program,
      start,
      unit: "ms",
      runs: each.length,
      min,
      median,
      max,
      each,
    }),
  );
  say(
    `Discovery, ${program} (${means}): ${min} ms at best, ${median} ms in the middle, ${max} ms at worst of ${each.length} runs.`,
  );
}

function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const around = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return Math.round(((around[0] ?? NaN) + (around[1] ?? NaN)) / 2);
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
