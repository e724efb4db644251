/** Shell commands that let earshot through a firewall. Pure. */

import { formatIpv4, toSubnet } from "../../discovery/ipv4.ts";
import type { NetInterface } from "../../ports/network.ts";
import type { FirewallKind } from "../../ports/system.ts";
import type { PortRange } from "../../ports/network.ts";

/** Session ports to open if the user has set none: without a range, every port that the system assigns would have to be open. */
export const SESSION_PORTS_ADVISED: PortRange = { from: 10_100, to: 10_199 };

/** What the firewall should let in. */
export interface FirewallPorts {
  /** The executable. */
  readonly program: string;
  /** UDP. */
  readonly discoveryPort: number;
  /** TCP. */
  readonly rendezvousPort: number;
  /** TCP. */
  readonly sessionPorts: PortRange;
  /** Only from these networks, if the firewall supports that. */
  readonly networks: readonly NetInterface[];
}

/** The commands for one firewall, with the real ports. Commands without sudo need an administrator's shell. */
export function formatFirewallCommands(kind: FirewallKind, openings: FirewallPorts): readonly string[] {
  const { program, discoveryPort, rendezvousPort, sessionPorts: { from, to }, networks } = openings;
  switch (kind) {
    case "ufw":
      return [...new Set(networks.flatMap(rangeOf))].flatMap((range) => [
        `sudo ufw allow proto udp from ${range} to any port ${discoveryPort}`,
        `sudo ufw allow proto tcp from ${range} to any port ${rendezvousPort},${from}:${to}`,
      ]);
    case "firewalld":
      return [
        `sudo firewall-cmd --permanent --add-port=${discoveryPort}/udp --add-port=${rendezvousPort}/tcp --add-port=${from}-${to}/tcp`,
        "sudo firewall-cmd --reload",
      ];
    case "macos": {
      // This firewall filters by program, not by port.
      const tool = "sudo /usr/libexec/ApplicationFirewall/socketfilterfw";
      return [`${tool} --add ${quoted(program)}`, `${tool} --unblockapp ${quoted(program)}`];
    }
    case "windows": {
      const rule = "netsh advfirewall firewall add rule dir=in action=allow profile=private";
      // Windows' first question, if it is cancelled, leaves a rule that blocks the program; such a rule wins over all others.
      const block = `netsh advfirewall firewall delete rule name=all dir=in program="${program}"`;
      return [
        block,
        `${rule} name="earshot UDP" protocol=UDP localport=${discoveryPort}`,
        `${rule} name="earshot TCP" protocol=TCP localport=${rendezvousPort},${from}-${to}`,
      ];
    }
  }
}

function rangeOf(network: NetInterface): readonly string[] {
  const subnet = toSubnet(network);
  return subnet === null ? [] : [`${formatIpv4(subnet.first)}/${network.prefixLength}`];
}

/** Quotes as one word of a POSIX shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
