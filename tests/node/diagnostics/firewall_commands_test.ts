import { assertEquals } from "@std/assert";
import {
  type FirewallPorts,
  formatFirewallCommands,
} from "../../../src/node/diagnostics/firewall_commands.ts";
import type { FirewallKind } from "../../../src/ports/system.ts";
import { network } from "../../fixtures/discovery/beacons.ts";

const OPENINGS: FirewallPorts = {
  program: "/Users/ann/My 'apps'/earshot",
  discoveryPort: 9998,
  rendezvousPort: 10_001,
  sessionPorts: { from: 5000, to: 5009 },
  networks: [network("wlan0 192.168.43.7/24"), network("eth0 10.1.2.3/16"), network("wlan0 192.168.43.8/24")],
};
const CASES: readonly [kind: FirewallKind, lines: readonly string[]][] = [
  ["ufw", [
    "sudo ufw allow proto udp from 192.168.43.0/24 to any port 9998",
    "sudo ufw allow proto tcp from 192.168.43.0/24 to any port 10001,5000:5009",
    "sudo ufw allow proto udp from 10.1.0.0/16 to any port 9998",
    "sudo ufw allow proto tcp from 10.1.0.0/16 to any port 10001,5000:5009",
  ]],
  ["firewalld", [
    "sudo firewall-cmd --permanent --add-port=9998/udp --add-port=10001/tcp --add-port=5000-5009/tcp",
    "sudo firewall-cmd --reload",
  ]],
  ["macos", [
    "sudo /usr/libexec/ApplicationFirewall/socketfilterfw --add '/Users/ann/My '\\''apps'\\''/earshot'",
    "sudo /usr/libexec/ApplicationFirewall/socketfilterfw --unblockapp '/Users/ann/My '\\''apps'\\''/earshot'",
  ]],
  ["windows", [
    `netsh advfirewall firewall delete rule name=all dir=in program="/Users/ann/My 'apps'/earshot"`,
    'netsh advfirewall firewall add rule dir=in action=allow profile=private name="earshot UDP" protocol=UDP localport=9998',
    'netsh advfirewall firewall add rule dir=in action=allow profile=private name="earshot TCP" protocol=TCP localport=10001,5000-5009',
  ]],
];

for (const [kind, lines] of CASES) {
  Deno.test(`firewallLines for ${kind} name the real ports`, () => {
    assertEquals(formatFirewallCommands(kind, OPENINGS), lines);
  });
}
