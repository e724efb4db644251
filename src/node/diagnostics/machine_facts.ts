/** Facts about the machine for a checkup, with or without a node. Every request has a deadline. */

import { join } from "@std/path";
import { findNetwork } from "../../discovery/destinations.ts";
import { isLoopback } from "../../encoding/network_address.ts";
import { DiskError, type DiskReason, NetworkError, type NetworkReason } from "../../errors.ts";
import type { Endpoint, NetInterface, Tcp } from "../../ports/network.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { PortHolder } from "../../ports/system.ts";
import type { Clock } from "../../ports/time.ts";
import type { CheckupFacts, GatewayFacts, HomeFacts, PortFacts } from "./checkup_facts.ts";

/** Above the 3 s after which Linux reports that no device has an address. */
const GATEWAY_MS_MAX = 4_000;
/** Gateways that are probed: more than a device has. */
const GATEWAYS_MAX = 4;
/** The port of a gateway that is probed besides our own: hotspots answer DNS there, and a refusal is an answer too. */
const DNS_PORT = 53;
/** A file that is written and removed again. It is named like the rest of an interrupted replacement, so that a start removes it. */
const TRIAL_FILE = "doctor.1.tmp";

/** The ports of this machine that a checkup needs. */
export type CheckupPorts = Pick<Ports, "clock" | "tcp" | "udp" | "interfaces" | "system" | "disk">;

/** The facts about the machine. */
export type MachineFacts = Pick<
  CheckupFacts,
  "os" | "program" | "networks" | "gateways" | "firewalls" | "isNetworkPublic" | "home"
>;

/** Collects the facts. With `interfaceNames`, gateways of other networks are not probed. */
export async function machineFacts(
  ports: CheckupPorts,
  { home, port, interfaceNames }: {
    readonly home: string;
    readonly port: number;
    readonly interfaceNames: readonly string[] | null;
  },
): Promise<MachineFacts> {
  const { system, interfaces } = ports;
  const networks = interfaces.list();
  const isLookedAt = ({ name, address }: NetInterface) =>
    !isLoopback(address) && (interfaceNames === null || interfaceNames.includes(name));
  const lookedAt = networks.filter(isLookedAt);
  // A gateway may be outside our networks, as behind some tunnels; so only the user's choice leaves one out.
  const isMeant = (gateway: string) => interfaceNames === null || findNetwork(gateway, lookedAt) !== null;
  const [gateways, firewalls, isNetworkPublic, homeFound] = await Promise.all([
    lookedAt.length > 0 ? askGateways(ports, { isMeant, port }) : null,
    system.listFirewalls(),
    system.isNetworkPublic(),
    homeFacts(ports, home),
  ]);
  const { os, program } = system;
  return { os, program, networks, gateways, firewalls, isNetworkPublic, home: homeFound };
}

/** The facts about a port that is open elsewhere, or not at all. */
export async function portFacts(
  { system }: CheckupPorts,
  { wanted, open, problem, protocol }: Omit<PortFacts, "holder"> & { readonly protocol: "tcp" | "udp" },
): Promise<PortFacts> {
  const holder: PortHolder | null = problem === "taken" ? await system.findHolder(wanted, protocol) : null;
  return { wanted, open, problem, holder };
}

/** Opens and closes the port: why that fails, or null. */
export function tryPort(
  { tcp, udp }: CheckupPorts,
  { port, protocol }: { readonly port: number; readonly protocol: "tcp" | "udp" },
): NetworkReason | null {
  const at: Endpoint = { address: "0.0.0.0", port };
  try {
    const opened = protocol === "tcp" ? tcp.listen(at) : udp.open(at, { shared: true });
    opened.close();
    return null;
  } catch (error) {
    if (error instanceof NetworkError) return error.reason;
    throw error;
  }
}

async function askGateways(
  ports: CheckupPorts,
  { isMeant, port }: { readonly isMeant: (gateway: string) => boolean; readonly port: number },
): Promise<CheckupFacts["gateways"]> {
  const all = await ports.interfaces.gateways();
  return all === null ? "unknown" : await probeAll(ports, { all: all.filter(isMeant), port });
}

async function probeAll(
  ports: CheckupPorts,
  { all, port }: { readonly all: readonly string[]; readonly port: number },
): Promise<readonly GatewayFacts[]> {
  return await Promise.all(
    all.slice(0, GATEWAYS_MAX).map(async (address) => {
      const late = new AbortController();
      using timer = ports.clock.timer(() => late.abort());
      timer.wakeAt(ports.clock.nowMs() + GATEWAY_MS_MAX);
      const tries = [port, DNS_PORT].map((at) => probe(ports, { address, port: at }, late.signal));
      // One answer is enough.
      for (const one of tries) void one.then((answer) => answer === "answers" && late.abort());
      const answers = await Promise.all(tries);
      const answer = answers.includes("answers")
        ? "answers"
        : answers.includes("silent")
        ? "silent"
        : "absent";
      return { address, answer };
    }),
  );
}

async function probe(
  { tcp }: { readonly tcp: Tcp; readonly clock: Clock },
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<GatewayFacts["answer"]> {
  try {
    (await tcp.connect(endpoint, signal)).close();
    return "answers";
  } catch (error) {
    if (error instanceof NetworkError) {
      if (error.reason === "refused") return "answers";
      return error.reason === "unreachable" ? "absent" : "silent";
    }
    if (signal.aborted) return "silent";
    throw error;
  }
}

async function homeFacts({ system, disk }: CheckupPorts, folder: string): Promise<HomeFacts> {
  const path = join(folder, TRIAL_FILE);
  let problem: DiskReason | null = null;
  try {
    await disk.remove(path);
    await disk.writeNew(path, new TextEncoder().encode("trial\n"));
    await disk.remove(path);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    problem = error.reason;
  }
  const [freeBytes, mode] = await Promise.all([system.readFreeBytes(folder), system.readMode(folder)]);
  return { folder, problem, freeBytes, mode };
}
