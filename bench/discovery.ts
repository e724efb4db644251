/**
 * `deno task bench:discovery [--runs 20] [--nodes 3] [--quiet 60] [--simulated 30,1000 [--within 60]]`: how soon nodes with nothing configured find each other, on hosts of a lab
 * (network namespaces; needs Linux and root). Each run has new homes, so nobody knows anybody from before. Its figure is
 * that of its slowest node: from the ready line of that node until both others have listed it.
 *
 *     --quiet 60              after the last run all nodes stay, and what they take while nobody does anything is measured so long
 *     --simulated 30,1000     instead: so many nodes on one simulated network, in simulated time, with what goes over the air
 *     --within 60             those start within so many seconds, not in one moment
 */

import { parseArgs } from "@std/cli/parse-args";
import { Lab, whyNoLab } from "../tests/lan/lab.ts";
import type { Host } from "../tests/lan/host.ts";
import type { LanNode } from "../tests/lan/lan_node.ts";
import { earshot } from "../tests/lan/lan_test_case.ts";
import { Meter } from "./fanout/processes.ts";
import { simulateDiscovery } from "./simulated_discovery.ts";

/** Between the last run and the quiet that is measured. */
const SETTLE_MS = 20_000;

/** How the nodes of a run are started. */
type Start = "together" | "newcomer";

/** What each way to start measures. */
const MEANS: Readonly<Record<Start, string>> = {
  together: "all nodes start at once; the slowest of them to be listed by all others",
  newcomer: "one more node starts beside those that run; until it is listed by all, and lists all",
};

const options = parseArgs(Deno.args, { string: ["runs", "nodes", "quiet", "simulated", "within"] });
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
await using lab = await Lab.open({ program: await earshot() });
const hosts: Host[] = [];
while (hosts.length < nodesCount) hosts.push(await lab.host());
for (const start of ["together", "newcomer"] as const) {
  const each: number[] = [];
  for (let run = 1; run <= runs; run++) each.push(Math.round(await measure(start, `${start}${run}`)));
  report(start, each);
}

/** Milliseconds. */
async function measure(start: Start, run: string): Promise<number> {
  const nodes = start === "together" ? await startTogether(run) : await startOneByOne(run);
  const measured = start === "together" ? nodes : nodes.slice(-1);
  const times = await Promise.all(measured.map((node) => untilListed(node, nodes)));
  const newcomer = nodes.at(-1);
  if (start === "newcomer" && newcomer !== undefined) times.push(await untilItLists(newcomer, nodes));
  if (start === "together" && run === `together${runs}` && quietSeconds > 0) await reportQuiet(nodes);
  await Promise.all(nodes.map((node) => node.leave("SIGTERM")));
  return Math.max(...times);
}

async function startTogether(run: string): Promise<readonly LanNode[]> {
  return await Promise.all(hosts.map((host, index) => host.node(`${run}-${index}`)));
}

async function startOneByOne(run: string): Promise<readonly LanNode[]> {
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

function readyAtMs({ program }: LanNode): number {
  const [ready] = program.lines;
  if (ready?.row.event !== "ready") throw new Error("The first event is not that the node is ready");
  return ready.atMs;
}

/** What nodes take while nobody does anything: they should sleep. */
async function reportQuiet(nodes: readonly LanNode[]): Promise<void> {
  // Until the last burst, the first beats and the work behind the start are over.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const pids = nodes.map(({ program }) => program.pid);
  const meter = new Meter(...pids);
  const before = pids.map(datagramsSent);
  await new Promise((resolve) => setTimeout(resolve, quietSeconds * 1000));
  const { seconds, cpu } = meter.read();
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

function report(start: Start, each: readonly number[]): void {
  const sorted = each.toSorted((left, right) => left - right);
  const [min, median, max] = [sorted[0] ?? NaN, medianOf(sorted), sorted.at(-1) ?? NaN];
  say(JSON.stringify({ bench: "discovery", start, unit: "ms", runs: each.length, min, median, max, each }));
  say(
    `Discovery (${
      MEANS[start]
    }): ${min} ms at best, ${median} ms in the middle, ${max} ms at worst of ${each.length} runs.`,
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
