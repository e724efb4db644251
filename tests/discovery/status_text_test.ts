import { formatForShell } from "../../src/messages/format_message.ts";
import { assertEquals } from "@std/assert";
import { describeNetwork, type DiscoveryStatus } from "../../src/discovery/status_text.ts";
import { by } from "../fixtures/discovery/beacons.ts";

function status(changes: Partial<DiscoveryStatus>): DiscoveryStatus {
  return {
    port: 9999,
    listenProblem: null,
    interfaces: [by("wlan0 192.168.1.5/24"), by("lo 127.0.0.1/8")],
    neighboursCount: 0,
    localsCount: 0,
    gateways: [],
    dropped: { foreign: 0, limited: 0, garbage: 0, forged: 0, otherVersion: 0 },
    doubleAt: null,
    ...changes,
  };
}

const NOBODY = [
  "Nobody has answered on wlan0 (192.168.1.5).",
  "If others run earshot on this network, the access point probably keeps devices apart (client isolation), or a firewall drops UDP and TCP port 9999. Try a hotspot on one of your own devices.",
];
const WLAN = "wlan0 192.168.1.5/24";

const CASES: readonly [what: string, changes: Partial<DiscoveryStatus>, sentences: readonly string[]][] = [
  ["nothing but loopback", { interfaces: [by("lo 127.0.0.1/8")], localsCount: 2 }, [
    "This device is not connected to any network. Join a Wi-Fi network or start a hotspot.",
    "2 others are running on this device.",
  ]],
  ["no interface at all", { interfaces: [] }, [
    "This device is not connected to any network. Join a Wi-Fi network or start a hotspot.",
  ]],
  ["three neighbours", {
    interfaces: [by(WLAN, { neighboursCount: 3 }), by("eth0 10.0.0.5/24")],
    neighboursCount: 3,
  }, [
    "3 others are heard on wlan0 (192.168.1.5).",
  ]],
  ["one neighbour, one here", {
    interfaces: [by(WLAN, { neighboursCount: 1 })],
    neighboursCount: 1,
    localsCount: 1,
  }, [
    "One other is heard on wlan0 (192.168.1.5).",
    "One other earshot is running on this device.",
  ]],
  ["still looking", { interfaces: [by(WLAN, { isSearching: true })] }, [
    "Looking for others on wlan0 (192.168.1.5).",
  ]],
  ["nobody", {}, NOBODY],
  ["nobody but here", { localsCount: 1 }, [...NOBODY, "One other earshot is running on this device."]],
  ["devices without earshot", { interfaces: [by(WLAN, { refusingCount: 2 })] }, [
    "Nobody has answered on wlan0 (192.168.1.5).",
    "2 other devices are online but are not running earshot.",
  ]],
  ["one device without earshot", { interfaces: [by(WLAN, { refusingCount: 1 })] }, [
    "Nobody has answered on wlan0 (192.168.1.5).",
    "1 other device is online but is not running earshot.",
  ]],
  ["a socket that does not open", { interfaces: [by(WLAN, { openProblem: "forbidden" })] }, [
    "Nothing can be sent on wlan0 (192.168.1.5): a firewall or a VPN on this device is probably blocking it.",
  ]],
  ["broadcast that fails", {
    interfaces: [by(WLAN, { problems: [{ address: "192.168.1.255", reason: "unreachable" }] })],
  }, [
    "Nothing can be sent on wlan0 (192.168.1.5): a firewall or a VPN on this device is probably blocking it.",
  ]],
  ["the limited broadcast and the group fail: normal", {
    interfaces: [by(WLAN, {
      problems: [{ address: "255.255.255.255", reason: "unreachable" }, {
        address: "224.0.0.219",
        reason: "unreachable",
      }],
    })],
  }, NOBODY],
  ["no echo", { interfaces: [by(WLAN, { isEchoHeard: false })] }, [
    ...NOBODY,
    "This device does not hear its own broadcast on wlan0 (192.168.1.5): a firewall here is probably dropping UDP port 9999.",
  ]],
  ["no echo, but a neighbour", {
    interfaces: [by(WLAN, { isEchoHeard: false, neighboursCount: 1 })],
    neighboursCount: 1,
  }, ["One other is heard on wlan0 (192.168.1.5)."]],
  ["port taken", { listenProblem: "taken", interfaces: [by(WLAN, { isEchoHeard: false })] }, [
    ...NOBODY,
    "UDP port 9999 cannot be opened (taken): this device finds others, but others find it only when it asks.",
  ]],
  ["another version", { dropped: { foreign: 0, limited: 0, garbage: 0, forged: 0, otherVersion: 3 } }, [
    ...NOBODY,
    "Somebody nearby runs another version of earshot; update both devices.",
  ]],
  ["a double", { doubleAt: { address: "192.168.1.66", port: 50_000 } }, [
    ...NOBODY,
    "Another earshot with this device's identity is heard from 192.168.1.66: its folder was probably copied. Use a new one there.",
  ]],
];

for (const [what, changes, sentences] of CASES) {
  Deno.test(`outlook says what there is to say: ${what}`, () => {
    assertEquals(describeNetwork(status(changes)).map(formatForShell), sentences);
  });
}
