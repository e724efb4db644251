import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatIpv4, parseIpv4 } from "../../src/discovery/ipv4.ts";
import {
  classifyInterface,
  findBroadcastAddress,
  findNetwork,
  listBroadcastTargets,
  listGateways,
  listSweepTargets,
  rankInterfaces,
  SWEEP_MAX,
} from "../../src/discovery/destinations.ts";
import { network } from "../fixtures/discovery/beacons.ts";

Deno.test("parseIpv4 takes four plain decimal parts and nothing else", () => {
  const cases: readonly [string, number | null][] = [
    ["0.0.0.0", 0],
    ["0.0.1.2", 258],
    ["127.0.0.1", 2_130_706_433],
    ["255.255.255.255", 4_294_967_295],
    ["256.0.0.1", null],
    ["010.0.0.1", null],
    ["1.2.3", null],
    ["1.2.3.4.5", null],
    ["1.2.3.", null],
    ["1.2.3.-4", null],
    ["1.2.3.4 ", null],
    ["0x7f.0.0.1", null],
    ["1.2.3.1e1", null],
    ["::1", null],
    ["localhost", null],
    ["", null],
  ];
  for (const [text, value] of cases) assertEquals(parseIpv4(text), value, text);
});

Deno.test("formatIpv4 writes what parseIpv4 reads", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => parseIpv4(formatIpv4(value)) === value),
  );
});

Deno.test("broadcastOf knows the real mask", () => {
  const cases: readonly [string, string | null][] = [
    ["wlan0 192.168.43.17/24", "192.168.43.255"],
    ["eth0 10.1.2.3/25", "10.1.2.127"],
    ["eth0 10.1.2.130/25", "10.1.2.255"],
    ["eth0 172.16.5.1/22", "172.16.7.255"],
    ["eth0 10.200.1.1/16", "10.200.255.255"],
    ["eth0 10.200.1.1/8", "10.255.255.255"],
    ["bridge100 172.20.10.3/28", "172.20.10.15"],
    ["lo 127.0.0.1/8", "127.255.255.255"],
    ["ptp 10.0.0.1/30", "10.0.0.3"],
    ["ptp 10.0.0.1/31", null],
    ["tun0 10.8.0.2/32", null],
    ["odd 10.0.0.1/0", "255.255.255.255"],
    ["odd 300.0.0.1/24", null],
  ];
  for (const [text, broadcast] of cases) assertEquals(findBroadcastAddress(network(text)), broadcast, text);
});

Deno.test("kindOf tells real, loopback and virtual interfaces apart by name", () => {
  const real = [
    "eth0",
    "wlan0",
    "wlp3s0",
    "en0",
    "enp0s31f6",
    "ap0",
    "swlan0",
    "bridge100",
    "br0",
    "Wi-Fi",
    "Ethernet 2",
  ];
  const virtual = [
    ...[
      "tun0",
      "utun3",
      "tap0",
      "wg0",
      "tailscale0",
      "ppp0",
      "docker0",
      "veth1a2b",
      "br-0f3e",
      "vboxnet0",
      "vmnet8",
    ],
    ...[
      "virbr0",
      "rmnet_data0",
      "vEthernet (WSL)",
      "VMware Network Adapter VMnet1",
      "VirtualBox Host-Only Network",
    ],
  ];
  for (const name of real) {
    assertEquals(classifyInterface({ name, address: "10.0.0.1", prefixLength: 24 }), "real", name);
  }
  for (const name of virtual) {
    assertEquals(classifyInterface({ name, address: "10.0.0.1", prefixLength: 24 }), "virtual", name);
  }
  assertEquals(classifyInterface(network("lo 127.0.0.1/8")), "loopback");
});

Deno.test("rankInterfaces puts real ones first and virtual ones last, and drops none", () => {
  const ranked = rankInterfaces(
    [
      "docker0 172.17.0.1/16",
      "lo 127.0.0.1/8",
      "wlan0 192.168.1.5/24",
      "tun0 10.8.0.2/32",
      "eth0 10.0.0.5/24",
    ].map(network),
  );
  assertEquals(ranked.map(({ name }) => name), ["wlan0", "eth0", "lo", "docker0", "tun0"]);
});

Deno.test("everybodyOn names the directed broadcast first, and stays on this machine for loopback", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["wlan0 192.168.43.1/24", ["192.168.43.255", "255.255.255.255", "224.0.0.219"]],
    ["tun0 10.8.0.2/32", ["255.255.255.255", "224.0.0.219"]],
    ["ptp 10.0.0.0/31", ["255.255.255.255", "224.0.0.219"]],
    ["odd 10.0.0.1/0", ["255.255.255.255", "224.0.0.219"]],
    ["lo 127.0.0.1/8", ["127.255.255.255", "127.0.0.1"]],
  ];
  for (const [text, targets] of cases) assertEquals(listBroadcastTargets(network(text)), targets, text);
});

Deno.test("gatewaysOn takes the routing table's gateways of this network, and guesses the first address", () => {
  const table = ["192.168.1.254", "10.0.0.1", "not an address"];
  assertEquals(listGateways(network("wlan0 192.168.1.5/24"), table), ["192.168.1.254", "192.168.1.1"]);
  assertEquals(listGateways(network("eth0 10.0.0.5/24"), table), ["10.0.0.1"]);
  assertEquals(
    listGateways(network("ap0 192.168.43.1/24"), []),
    [],
    "the hotspot's owner is no gateway to itself",
  );
  assertEquals(listGateways(network("tun0 10.8.0.2/32"), ["10.8.0.2"]), []);
  assertEquals(listGateways(network("lo 127.0.0.1/8"), table), []);
});

Deno.test("sweepOf asks gateways, then neighbours from near to far, then the rest", () => {
  assertEquals(listSweepTargets(network("eth0 10.0.0.20/27"), ["10.0.0.30"]), [
    ...["10.0.0.30", "10.0.0.1"],
    ...[
      "10.0.0.21",
      "10.0.0.19",
      "10.0.0.22",
      "10.0.0.18",
      "10.0.0.23",
      "10.0.0.17",
      "10.0.0.24",
      "10.0.0.16",
    ],
    ...[
      "10.0.0.25",
      "10.0.0.15",
      "10.0.0.26",
      "10.0.0.14",
      "10.0.0.27",
      "10.0.0.13",
      "10.0.0.28",
      "10.0.0.12",
    ],
    ...[
      "10.0.0.2",
      "10.0.0.3",
      "10.0.0.4",
      "10.0.0.5",
      "10.0.0.6",
      "10.0.0.7",
      "10.0.0.8",
      "10.0.0.9",
      "10.0.0.10",
    ],
    ...["10.0.0.11", "10.0.0.29"],
  ]);
});

Deno.test("sweepOf keeps to the network, or to the part of it around us", () => {
  const cases: readonly [
    string,
    { count: number; lowest: string | undefined; highest: string | undefined },
  ][] = [
    ["eth0 192.168.1.5/24", { count: 253, lowest: "192.168.1.1", highest: "192.168.1.254" }],
    ["eth0 10.1.2.130/25", { count: 125, lowest: "10.1.2.129", highest: "10.1.2.254" }],
    ["eth0 172.16.5.1/22", { count: 1021, lowest: "172.16.4.1", highest: "172.16.7.254" }],
    ["eth0 172.16.5.1/21", { count: 1022, lowest: "172.16.0.1", highest: "172.16.6.255" }],
    ["eth0 10.200.100.0/16", { count: 1022, lowest: "10.200.0.1", highest: "10.200.101.254" }],
    ["eth0 10.200.0.5/16", { count: 515, lowest: "10.200.0.1", highest: "10.200.2.4" }],
    ["bridge100 172.20.10.3/28", { count: 13, lowest: "172.20.10.1", highest: "172.20.10.14" }],
    ["ptp 10.0.0.1/30", { count: 1, lowest: "10.0.0.2", highest: "10.0.0.2" }],
    ["ptp 10.0.0.1/31", { count: 1, lowest: "10.0.0.0", highest: "10.0.0.0" }],
    ["tun0 10.8.0.2/32", { count: 0, lowest: undefined, highest: undefined }],
    ["lo 127.0.0.1/8", { count: 0, lowest: undefined, highest: undefined }],
  ];
  for (const [text, expected] of cases) {
    const values = listSweepTargets(network(text), []).map((address) => parseIpv4(address) ?? -1).sort((
      a,
      b,
    ) => a - b);
    const ends = [values.at(0), values.at(-1)].map((value) =>
      value === undefined ? undefined : formatIpv4(value)
    );
    assertEquals({ count: values.length, lowest: ends[0], highest: ends[1] }, expected, text);
  }
});

Deno.test("sweepOf never names an address twice, itself, the network or its broadcast address", () => {
  const address = fc.integer({ min: 2 ** 24, max: 2 ** 31 - 2 ** 25 }).map(formatIpv4);
  fc.assert(
    fc.property(
      address,
      fc.integer({ min: 8, max: 30 }),
      fc.array(address),
      (own, prefixLength, gateways) => {
        const each = { name: "eth0", address: own, prefixLength };
        const targets = listSweepTargets(each, gateways);
        assert(targets.length <= SWEEP_MAX);
        assertEquals(new Set(targets).size, targets.length);
        assert(!targets.includes(own));
        assert(targets.every((target) => findNetwork(target, [each]) === each));
      },
    ),
  );
});

Deno.test("networkOf believes only devices of our own networks", () => {
  const wlan = network("wlan0 192.168.1.5/24");
  const lo = network("lo 127.0.0.1/8");
  const wide = network("eth0 192.168.200.1/16");
  const tunnel = network("tun0 10.8.0.2/32");
  const pair = network("ptp 10.9.0.2/31");
  const odd = network("odd 100.1.2.3/0");
  const all = [wlan, lo, wide, tunnel, pair, odd];
  const cases: readonly [string, string | undefined][] = [
    ["192.168.1.77", "wlan0"],
    ["192.168.1.5", "wlan0"],
    ["192.168.2.77", "eth0"],
    ["127.0.0.1", "lo"],
    ["127.1.2.3", "lo"],
    ["10.8.0.2", "tun0"],
    ["10.8.0.3", undefined],
    ["10.9.0.2", "ptp"],
    ["10.9.0.3", "ptp"],
    ["100.200.0.1", "odd"],
    ["8.8.8.8", undefined],
    ["0.0.0.0", undefined],
    ["255.255.255.255", undefined],
    ["224.0.0.219", undefined],
    ["127.255.255.255", undefined],
    ["not an address", undefined],
  ];
  for (const [address, name] of cases) assertEquals(findNetwork(address, all)?.name, name, address);
  const twice = [wlan, network("eth0 192.168.1.6/24")];
  assertEquals(findNetwork("192.168.1.6", twice)?.name, "eth0", "our own address on a second interface");
  assertEquals(findNetwork("192.168.1.7", twice)?.name, "wlan0");
  assertEquals(findNetwork("192.168.1.255", [wlan]), null, "a broadcast address");
  assertEquals(findNetwork("192.168.1.0", [wlan]), null, "the network's own address");
});
