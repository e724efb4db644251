/** What memory a node takes that hears others and talks to nobody. Linux only; all of it on loopback. */

import { join } from "@std/path";
import type { NodeEvent } from "../src/api/commands.ts";
import { freeTcpPort, freeUdpPort } from "../tests/fixtures/free_ports.ts";
import { Program } from "../tests/fixtures/lan/program.ts";

/** Of one process. */
export interface IdleMemory {
  readonly residentBytes: number;
  /** What of it stands in no file: the rest is the program itself, which all that run share. */
  readonly anonymousBytes: number;
}

/** Starts the node and as many others, and reads its memory so long after it has heard the last. */
export async function measureIdleMemory(
  program: readonly string[],
  { peersCount, idleMs, folder }: {
    readonly peersCount: number;
    readonly idleMs: number;
    /** For their homes. */
    readonly folder: string;
  },
): Promise<IdleMemory> {
  await using nodes = new AsyncDisposableStack();
  const discoveryPort = freeUdpPort();
  const start = async (name: string) => {
    const words = loopbackNodeWords(join(folder, `of-${peersCount}-${name}`), discoveryPort);
    const command = [...program, ...words, "--name", name];
    const node = nodes.use(new Program(command, (line) => JSON.parse(line) as NodeEvent));
    await node.line(({ event }) => event === "ready", { what: `${name} is ready` });
    return node;
  };
  const node = await start("measured");
  for (let peer = 1; peer <= peersCount; peer++) {
    await start(`peer-${peer}`);
    const isHeard = (told: NodeEvent) => told.event === "peer" && told.peer.name === `peer-${peer}`;
    await node.line(isHeard, { what: `peer-${peer} is heard` });
  }
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  const told = await Deno.readTextFile(`/proc/${node.pid}/smaps_rollup`);
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(told)?.[1]) * 1024;
  return { residentBytes: read("Rss"), anonymousBytes: read("Anonymous") };
}

/** What starts a node with that home that hears and is heard on this machine only. */
export function loopbackNodeWords(home: string, discoveryPort = freeUdpPort()): readonly string[] {
  const ports = ["--port", String(freeTcpPort()), "--discovery-port", String(discoveryPort)];
  return ["node", "--json", "--home", home, "--interface", "lo", ...ports];
}
