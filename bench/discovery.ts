/**
 * `deno task bench:discovery [--runs 20] [--nodes 3]`: how soon nodes with nothing configured find each other, on hosts of a lab
 * (network namespaces; needs Linux and root). Each run has new homes, so nobody knows anybody from before. Its figure is
 * that of its slowest node: from the ready line of that node until both others have listed it.
 */

import { parseArgs } from "@std/cli/parse-args";
import { Lab, whyNoLab } from "../tests/lan/lab.ts";
import type { Host } from "../tests/lan/host.ts";
import type { LanNode } from "../tests/lan/lan_node.ts";
import { earshot } from "../tests/lan/lan_test_case.ts";

/** How the nodes of a run are started. */
type Start = "together" | "newcomer";

/** What each way to start measures. */
const MEANS: Readonly<Record<Start, string>> = {
  together: "all nodes start at once; the slowest of them to be listed by all others",
  newcomer: "one more node starts beside those that run; until it is listed by all, and lists all",
};

const options = parseArgs(Deno.args, { string: ["runs", "nodes"] });
const runs = Number(options.runs ?? 20);
const nodesCount = Number(options.nodes ?? 3);
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
