/** Findings about the network itself: interfaces, echo, gateways, VPNs, and whether the access point keeps devices apart. Pure. */

import type { InterfaceStatus } from "../../discovery/status_text.ts";
import { classifyInterface, findBroadcastAddress, rankInterfaces } from "../../discovery/destinations.ts";
import type { NetInterface } from "../../ports/network.ts";
import type { CheckupFacts, GatewayFacts } from "./checkup_facts.ts";
import type { Finding } from "../../api/commands.ts";

/** Names of VPN interfaces on all systems. */
const VPN = /^(?:tun|utun|tap|wg|ppp|ipsec|zt)|tailscale|zerotier|wireguard|openvpn/i;
/** Broadcasts sent before silence counts: one may be lost. */
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
  const looked = "Network";
  if (outside.length > 0) return ok("network", looked, `Connected by ${namesOf(outside)}.`);
  return {
    about: "network",
    looked,
    state: "bad",
    found: "This device is not connected to any network, so nobody outside it can be found.",
    advice: "Join a Wi-Fi network, plug in a cable, or start a hotspot.",
    commands: [],
  };
}

function interfaceFinding(
  network: NetInterface,
  { rank, facts: { discovery } }: { readonly rank: number; readonly facts: CheckupFacts },
): Finding {
  const looked = `Interface ${nameOf(network)}`;
  const ranked = `Rank ${rank}, ${KINDS[classifyInterface(network)]}`;
  if (discovery === null) {
    return unknown("interface", looked, `${ranked}. Without a node nothing was sent on it.`);
  }
  const status = discovery.interfaces.find((one) =>
    one.network.name === network.name && one.network.address === network.address
  );
  if (status === undefined) return ok("interface", looked, `${ranked}. This earshot does not use it.`);
  const { openProblem, neighboursCount, problems } = status;
  const broadcast = findBroadcastAddress(network);
  const refused = problems.find(({ address }) => address === broadcast);
  if (openProblem !== null || refused !== undefined) {
    return {
      about: "interface",
      looked,
      state: "bad",
      found: `${ranked}. Nothing can be sent on it (${openProblem ?? refused?.reason}).`,
      advice: "Most likely the link is down, or a firewall or a VPN of this device forbids it.",
      commands: [],
    };
  }
  const heard = neighboursCount === 1
    ? "One other is heard on it"
    : `${neighboursCount} others are heard on it`;
  return ok(
    "interface",
    looked,
    classifyInterface(network) === "loopback" ? `${ranked}.` : `${ranked}. ${heard}.`,
  );
}

const KINDS = {
  real: "a network of its own",
  loopback: "this device itself",
  virtual: "a tunnel or a container",
};

function echoFinding(status: InterfaceStatus, { discovery, discoveryPort }: CheckupFacts): Finding {
  const { network, isEchoHeard, hellosCount, openProblem } = status;
  const looked = `Own echo on ${nameOf(network)}`;
  if (isEchoHeard) {
    return ok("echo", looked, "Our own broadcast comes back: this device lets it out and in.");
  }
  if (openProblem !== null || findBroadcastAddress(network) === null) {
    return unknown("echo", looked, "No broadcast can be sent there, so none comes back.");
  }
  if (discovery?.listenProblem !== null) {
    return unknown("echo", looked, `UDP port ${discoveryPort.wanted} is not open, so no echo can be heard.`);
  }
  if (hellosCount < HELLOS_MIN) {
    return unknown("echo", looked, "Too little was sent so far. Ask again in a moment.");
  }
  return {
    about: "echo",
    looked,
    state: "bad",
    found:
      `Our own broadcast does not come back: a firewall of this device likely drops UDP port ${discoveryPort.wanted}.`,
    advice: 'See "Firewall of this device" below.',
    commands: [],
  };
}

function gatewayFindings({ gateways }: CheckupFacts, outside: readonly NetInterface[]): readonly Finding[] {
  if (outside.length === 0 || gateways === null) return [];
  if (gateways === "unknown") {
    return [unknown("gateway", "Gateway", "Not known: this system does not tell its routes.")];
  }
  if (gateways.length > 0) return gateways.map(gatewayFinding);
  const found =
    "There is no default route. That is so on the device that is the hotspot, and earshot needs none.";
  return [ok("gateway", "Gateway", found)];
}

function gatewayFinding({ address, answer }: GatewayFacts): Finding {
  const looked = `Gateway ${address}`;
  switch (answer) {
    case "answers":
      return ok("gateway", looked, "It answers: this device is on the network.");
    case "silent":
      return unknown("gateway", looked, "It answers nothing, as many routers do. That alone is no trouble.");
    case "absent":
      return {
        about: "gateway",
        looked,
        state: "warn",
        found:
          "No device has that address now: the access point is out of reach, or this device has not really joined.",
        advice: "Switch Wi-Fi off and on, or go nearer.",
        commands: [],
      };
  }
}

/** No peer is heard although the network seems to work. Never more than likely: perhaps no peer is there. */
function isolationFindings({ discovery, gateways }: CheckupFacts): readonly Finding[] {
  const real = (discovery?.interfaces ?? []).filter(({ kind, openProblem }) =>
    kind === "real" && openProblem === null
  );
  if (discovery === null || real.length === 0) return [];
  const looked = "Access point";
  const count = discovery.neighboursCount;
  if (count > 0) {
    const heard = count === 1 ? "One other is heard" : `${count} others are heard`;
    return [ok("isolation", looked, `${heard}: it does not keep all devices apart.`)];
  }
  const refusing = real.reduce((sum, { refusingCount }) => sum + refusingCount, 0);
  if (refusing > 0) {
    const others = refusing === 1 ? "One other device can" : `${refusing} other devices can`;
    const found = `${others} be reached: it does not keep devices apart. Earshot does not run there.`;
    return [ok("isolation", looked, found)];
  }
  const says = real.some(({ isSearching }) => isSearching)
    ? "Nobody is heard so far; the search is not over."
    : gateways === "unknown"
    ? "Nobody is heard, and no gateway is known to ask, so nothing can be told."
    : gateways?.some(({ answer }) => answer === "answers") === true
    ? null
    : "Nobody is heard, and the gateway does not answer either, so nothing can be told.";
  if (says !== null) return [unknown("isolation", looked, says)];
  return [{
    about: "isolation",
    looked,
    state: "warn",
    found:
      "Nobody is heard and no other device answers, though the gateway does. If others are on this network, the access point likely keeps devices apart (client isolation), as guest networks do.",
    advice: "Make a hotspot on one of your own devices, and let the others join it.",
    commands: [],
  }];
}

function vpnFinding(outside: readonly NetInterface[]): Finding {
  const vpns = outside.filter(({ name }) => VPN.test(name));
  if (vpns.length === 0) return ok("vpn", "VPN", "No interface of a VPN is up.");
  return {
    about: "vpn",
    looked: "VPN",
    state: "warn",
    found: `${namesOf(vpns)} looks like a VPN. Some let nothing through to the network around you.`,
    advice:
      'If nobody is heard, allow local networks in its settings ("LAN access", "split tunnel"), or switch it off.',
    commands: [],
  };
}

function ok(about: Finding["about"], looked: string, found: string): Finding {
  return { about, looked, state: "ok", found, advice: "", commands: [] };
}

function unknown(about: Finding["about"], looked: string, found: string): Finding {
  return { about, looked, state: "unknown", found, advice: "", commands: [] };
}

function namesOf(networks: readonly NetInterface[]): string {
  return networks.map(nameOf).join(", ");
}

function nameOf({ name, address, prefixLength }: NetInterface): string {
  return `${name} (${address}/${prefixLength})`;
}
