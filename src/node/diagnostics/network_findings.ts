/** Findings about the network itself: interfaces, echo, gateways, VPNs, and whether the access point keeps devices apart. Pure. */

import { type Message, message } from "../../messages/message.ts";
import { toFinding } from "../../api/findings.ts";
import type { InterfaceStatus } from "../../discovery/status_text.ts";
import { classifyInterface, findBroadcastAddress, rankInterfaces } from "../../discovery/destinations.ts";
import type { NetInterface } from "../../ports/network.ts";
import type { CheckupFacts, GatewayFacts } from "./checkup_facts.ts";
import type { Finding } from "../../api/commands.ts";

/** Interfaces of VPNs, by their names on all systems. */
const VPN = /^(?:tun|utun|tap|wg|ppp|ipsec|zt)|tailscale|zerotier|wireguard|openvpn/i;
/** Our broadcast went out this often before silence means something: one may be lost. */
const HELLOS_MIN = 2;

/** Findings about the network, in the order of the interfaces' ranks. */
export function networkFindings(facts: CheckupFacts): readonly Finding[] {
  const ranked = rankInterfaces(facts.networks);
  const used = facts.discovery?.interfaces ?? [];
  const outside = ranked.filter((network) => classifyInterface(network) !== "loopback");
  return [
    networkFinding(outside),
    ...ranked.map((network, index) => interfaceFinding(network, { rank: index + 1, facts })),
    ...used.filter(({ kind }) => kind === "real").map((status) => echoFinding(status, facts)),
    ...gatewayFindings(facts, outside),
    ...isolationFindings(facts),
    vpnFinding(outside),
  ];
}

function networkFinding(outside: readonly NetInterface[]): Finding {
  const looked = message("looked.network");
  if (outside.length > 0) {
    return ok("network", looked, message("doctor.connected", { interfaces: outside.map(nameOf) }));
  }
  return toFinding({
    about: "network",
    looked,
    state: "bad",
    found: [message("doctor.no-network")],
    advice: [message("advice.join-network")],
  });
}

function interfaceFinding(
  network: NetInterface,
  { rank, facts: { discovery } }: { readonly rank: number; readonly facts: CheckupFacts },
): Finding {
  const looked = message("looked.interface", { interface: nameOf(network) });
  const interfaceKind = classifyInterface(network);
  const kind = message(`kind.${interfaceKind}`);
  const ranked = rank === 1 ? message("doctor.preferred", { kind }) : message("doctor.rank", { rank, kind });
  if (discovery === null) return unknown("interface", looked, ranked, message("doctor.nothing-sent"));
  const status = discovery.interfaces.find((one) =>
    one.network.name === network.name && one.network.address === network.address
  );
  if (status === undefined) return ok("interface", looked, ranked, message("doctor.not-used"));
  const { openProblem, neighboursCount, problems } = status;
  const broadcast = findBroadcastAddress(network);
  const refused = problems.find(({ address }) => address === broadcast);
  const problem = openProblem ?? refused?.reason;
  if (problem !== undefined) {
    return toFinding({
      about: "interface",
      looked,
      state: "bad",
      found: [ranked, message("doctor.cannot-send", { problem })],
      advice: [message("advice.link-down")],
    });
  }
  if (interfaceKind === "loopback") return ok("interface", looked, ranked);
  return ok("interface", looked, ranked, message("doctor.heard-on-it", { count: neighboursCount }));
}

function echoFinding(status: InterfaceStatus, { discovery, discoveryPort }: CheckupFacts): Finding {
  const { network, isEchoHeard, hellosCount, openProblem } = status;
  const looked = message("looked.echo", { interface: nameOf(network) });
  const port = discoveryPort.wanted;
  if (isEchoHeard) return ok("echo", looked, message("doctor.echo"));
  if (openProblem !== null || findBroadcastAddress(network) === null) {
    return unknown("echo", looked, message("doctor.echo-impossible"));
  }
  if (discovery?.listenProblem !== null) {
    return unknown("echo", looked, message("doctor.echo-deaf", { port }));
  }
  if (hellosCount < HELLOS_MIN) return unknown("echo", looked, message("doctor.echo-early"));
  return toFinding({
    about: "echo",
    looked,
    state: "bad",
    found: [message("doctor.no-echo", { port })],
    advice: [message("advice.see-firewall")],
  });
}

function gatewayFindings({ gateways }: CheckupFacts, outside: readonly NetInterface[]): readonly Finding[] {
  if (outside.length === 0 || gateways === null) return [];
  if (gateways === "unknown") {
    return [unknown("gateway", message("looked.gateways"), message("doctor.routes-unknown"))];
  }
  if (gateways.length > 0) return gateways.map(gatewayFinding);
  return [ok("gateway", message("looked.gateways"), message("doctor.no-gateway"))];
}

function gatewayFinding({ address, answer }: GatewayFacts): Finding {
  const looked = message("looked.gateway", { address });
  switch (answer) {
    case "answers":
      return ok("gateway", looked, message("doctor.gateway-answers"));
    case "silent":
      return unknown("gateway", looked, message("doctor.gateway-silent"));
    case "absent":
      return toFinding({
        about: "gateway",
        looked,
        state: "warn",
        found: [message("doctor.gateway-absent")],
        advice: [message("advice.rejoin")],
      });
  }
}

/** Nobody is heard though all that we can see of the network works. Never more than probable: perhaps nobody is there. */
function isolationFindings({ discovery, gateways }: CheckupFacts): readonly Finding[] {
  const real = (discovery?.interfaces ?? []).filter(({ kind, openProblem }) =>
    kind === "real" && openProblem === null
  );
  if (discovery === null || real.length === 0) return [];
  const about = "isolation";
  const looked = message("looked.isolation");
  const count = discovery.neighboursCount;
  if (count > 0) return [ok(about, looked, message("doctor.not-isolated-heard", { count }))];
  const refusing = real.reduce((sum, { refusingCount }) => sum + refusingCount, 0);
  if (refusing > 0) {
    return [ok(about, looked, message("doctor.not-isolated-reached", { count: refusing }))];
  }
  if (real.some(({ isSearching }) => isSearching)) {
    return [unknown(about, looked, message("doctor.still-searching"))];
  }
  if (gateways === "unknown") return [unknown(about, looked, message("doctor.no-known-gateway"))];
  if (gateways?.some(({ answer }) => answer === "answers") !== true) {
    return [unknown(about, looked, message("doctor.isolation-unknown"))];
  }
  return [toFinding({
    about,
    looked,
    state: "warn",
    found: [message("doctor.isolated")],
    advice: [message("advice.hotspot")],
  })];
}

function vpnFinding(outside: readonly NetInterface[]): Finding {
  const looked = message("looked.vpn");
  const vpns = outside.filter(({ name }) => VPN.test(name));
  if (vpns.length === 0) return ok("vpn", looked, message("doctor.no-vpn"));
  return toFinding({
    about: "vpn",
    looked,
    state: "warn",
    found: [message("doctor.vpn", { interfaces: vpns.map(nameOf) })],
    advice: [message("advice.vpn")],
  });
}

function ok(about: Finding["about"], looked: Message, ...found: readonly Message[]): Finding {
  return toFinding({ about, looked, state: "ok", found });
}

function unknown(about: Finding["about"], looked: Message, ...found: readonly Message[]): Finding {
  return toFinding({ about, looked, state: "unknown", found });
}

function nameOf({ name, address, prefixLength }: NetInterface): string {
  return `${name} (${address}/${prefixLength})`;
}
