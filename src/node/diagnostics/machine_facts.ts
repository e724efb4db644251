/** What a checkup asks of the machine, with or without a node. Everything has its deadline. */

import { join } from "@std/path";
import { findNetwork } from "../../discovery/destinations.ts";
import { DiskError, type DiskReason, NetworkError, type NetworkReason } from "../../errors.ts";
import type { Endpoint, NetInterface, Tcp } from "../../ports/network.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { PortHolder } from "../../ports/system.ts";
import type { Clock } from "../../ports/time.ts";
import type { CheckupFacts, GatewayFacts, HomeFacts, PortFacts } from "./checkup_facts.ts";

/** Above the 3 s after which Linux says that no device has an address. */
const GATEWAY_MS_MAX = 4_000;
/** Gateways that are knocked at: more than a device has. */
const GATEWAYS_MAX = 4;
/** Where a gateway is knocked at besides our own port: hotspots answer questions for names there, and refuse is an answer too. */
const DNS_PORT = 53;
/** Written and removed again. Named like what an interrupted replacement leaves, so that a start would remove it. */
const TRIAL_FILE = "doctor.1.tmp";

/** The ports of this machine that a checkup needs. */
export type CheckupPorts = Pick<Ports, "clock" | "tcp" | "udp" | "interfaces" | "system" | "disk">;

/** The part of the facts that the machine tells. */
export type MachineFacts = Pick<
  CheckupFacts,
  "os" | "program" | "networks" | "gateways" | "firewalls" | "isNetworkPublic" | "home"
>;

/** Asks the machine. `interfaceNames`: gateways of other networks are let alone. */
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
    !address.startsWith("127.") && (interfaceNames === null || interfaceNames.includes(name));
  const lookedAt = networks.filter(isLookedAt);
  // A gateway need not be within a network of ours, as behind some tunnels; so only the user's choice leaves any out.
  const isMeant = (gateway: string) => interfaceNames === null || findNetwork(gateway, lookedAt) !== null;
  const [gateways, firewalls, isNetworkPublic, homeFound] = await Promise.all([
    lookedAt.length > 0
      ? interfaces.gateways().then((all) => knockAll(ports, { all: all.filter(isMeant), port }))
      : null,
    system.listFirewalls(),
    system.isNetworkPublic(),
    homeFacts(ports, home),
  ]);
  const { os, program } = system;
  return { os, program, networks, gateways, firewalls, isNetworkPublic, home: homeFound };
}

/** What is to be known of a port that is open elsewhere, or not at all. */
export async function portFacts(
  { system }: CheckupPorts,
  { wanted, open, problem, protocol }: Omit<PortFacts, "holder"> & { readonly protocol: "tcp" | "udp" },
): Promise<PortFacts> {
  const holder: PortHolder | null = problem === "taken" ? await system.findHolder(wanted, protocol) : null;
  return { wanted, open, problem, holder };
}

/** Why a port cannot be opened now; null if it can. It is closed again. */
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

async function knockAll(
  ports: CheckupPorts,
  { all, port }: { readonly all: readonly string[]; readonly port: number },
): Promise<readonly GatewayFacts[]> {
  return await Promise.all(
    all.slice(0, GATEWAYS_MAX).map(async (address) => {
      const late = new AbortController();
      using timer = ports.clock.timer(() => late.abort());
      timer.wakeAt(ports.clock.nowMs() + GATEWAY_MS_MAX);
      const tries = [port, DNS_PORT].map((at) => knock(ports, { address, port: at }, late.signal));
      // As soon as one answers, the other need not be waited for.
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

async function knock(
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
