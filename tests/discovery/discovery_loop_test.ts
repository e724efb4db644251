import { formatForShell } from "../../src/messages/format_message.ts";
import { assert, assertEquals, assertGreater, assertLessOrEqual, assertRejects } from "@std/assert";
import { toEndpointKey } from "../../src/discovery/datagram_handler.ts";
import { describeNetwork } from "../../src/discovery/status_text.ts";
import { NetworkError } from "../../src/errors.ts";
import type { Udp } from "../../src/ports/network.ts";
import { roomOf } from "../fixtures/discovery/beacons.ts";
import {
  filteredUdp,
  firewalledUdp,
  holdingUdp,
  Neighbourhood,
  profileOf,
  withoutBroadcast,
} from "../fixtures/discovery/simulated_lan.ts";

const HOTSPOT = { prefix: "192.168.43.0", prefixLength: 24, gateway: "192.168.43.1" };
const OFFICE = { prefix: "10.1.0.0", prefixLength: 16, gateway: "10.1.0.1" };

Deno.test("Watch: three people on a hotspot find each other within a second, and leave nothing behind", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const nodes = [];
  for (
    const [name, address] of [["Ada", "192.168.43.1"], ["Bob", "192.168.43.17"], [
      "Cyd",
      "192.168.43.99",
    ]] as const
  ) {
    nodes.push(world.start(name, world.hostOn(hotspot, address)));
    await world.time.runFor(10_000);
  }
  const late = world.start("Dan", world.hostOn(hotspot, "192.168.43.120"));
  assert(
    await world.time.runUntil(() => world.isComplete, 100),
    "the newcomer and the others hear each other in 0.1 s",
  );
  assertEquals(late.heard, ["Ada", "Bob", "Cyd"]);
  assertEquals(late.discovery.peers.list().flatMap((peer) => peer.endpoints.map(toEndpointKey)).sort(), [
    ...["192.168.43.17:9999", "192.168.43.1:9999", "192.168.43.99:9999"],
  ]);
  assertEquals(describeNetwork(late.discovery.status()).map(formatForShell), [
    "3 others are heard on net0 (192.168.43.120).",
  ]);
  for (const node of [...nodes, late]) assertEquals(await world.stop(node), { sockets: 0, timers: 0 });
});

Deno.test("Watch: everybody finds everybody when all start at once", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  for (let number = 2; number <= 12; number++) {
    world.start(`Node ${number}`, world.hostOn(hotspot, `192.168.43.${number}`));
  }
  assert(await world.time.runUntil(() => world.isComplete, 1_000));
});

Deno.test("Watch: a hundred that start at once are no crowd in which somebody is overheard", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  for (let number = 2; number <= 101; number++) {
    world.start(`Node ${number}`, world.hostOn(hotspot, `192.168.43.${number}`));
  }
  await world.time.runFor(1_000);
  assert(world.isComplete);
});

Deno.test("Watch: fifty who join seventy in one moment know all and are known by all, though each answers only some", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const start = (number: number) =>
    world.start(`Node ${number}`, world.hostOn(hotspot, `192.168.43.${number}`));
  for (let number = 2; number <= 71; number++) start(number);
  await world.time.runFor(10_000);
  assert(world.isComplete);
  const before = hotspot.traffic.datagrams;
  for (let number = 72; number <= 121; number++) start(number);
  await world.time.runFor(1_000);
  assert(world.isComplete);
  // Of each newcomer 15 to all (two gateways are asked too), of everybody 32 answers and an early beat.
  assertLessOrEqual(hotspot.traffic.datagrams - before, 50 * 15 + 120 * (32 + 10 + 2));
});

Deno.test("Watch needs no default route, no gateway and no right clock", async () => {
  await using world = new Neighbourhood();
  const cable = world.network.segment({ prefix: "169.254.0.0", prefixLength: 16 });
  world.start("Ada", world.hostOn(cable, "169.254.7.7"), { wallOffsetMs: -50 * 365 * 86_400_000 });
  world.start("Bob", world.hostOn(cable, "169.254.200.3"), { wallOffsetMs: 20 * 365 * 86_400_000 });
  assert(await world.time.runUntil(() => world.isComplete, 1_000));
});

Deno.test("Watch finds everybody although 30 % of the datagrams are lost, others come twice or late", async () => {
  let incompleteMinutes = 0;
  for (let seed = 1; seed <= 10; seed++) {
    await using world = new Neighbourhood(seed);
    const hotspot = world.network.segment({
      ...HOTSPOT,
      datagramLoss: 0.3,
      duplicate: 0.1,
      reorder: 0.2,
      latencyMs: [2, 60],
    });
    for (let number = 2; number <= 7; number++) {
      world.start(`Node ${number}`, world.hostOn(hotspot, `192.168.43.${number}`));
    }
    assert(await world.time.runUntil(() => world.isComplete, 2_500), `seed ${seed}`);
    for (let minute = 0; minute < 10; minute++) {
      await world.time.runFor(60_000);
      if (!world.isComplete) incompleteMinutes++;
    }
  }
  assertLessOrEqual(incompleteMinutes, 2, "of 100; who is there is forgotten, if ever, for a moment");
});

Deno.test("Watch: two nodes on one device find each other with no network at all", async () => {
  await using world = new Neighbourhood();
  const host = world.network.host("laptop");
  const ada = world.start("Ada", host);
  const bob = world.start("Bob", host);
  assert(await world.time.runUntil(() => world.isComplete, 1_000));
  assertEquals(describeNetwork(ada.discovery.status()).map(formatForShell), [
    "This device is not connected to any network. Join a Wi-Fi network or start a hotspot.",
    "One other earshot is running on this device.",
  ]);
  assertEquals(await world.stop(ada), { sockets: 0, timers: 0 });
  assertEquals(await world.stop(bob), { sockets: 0, timers: 0 });
});

Deno.test("Watch: two nodes on each of two devices find all three others", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  for (const address of ["192.168.43.2", "192.168.43.3"]) {
    const host = world.hostOn(hotspot, address);
    world.start(`first on ${address}`, host);
    world.start(`second on ${address}`, host);
  }
  assert(await world.time.runUntil(() => world.isComplete, 1_000));
});

Deno.test("Watch notices a network that comes, goes or changes its address within three seconds", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const ada = world.start("Ada", world.hostOn(hotspot, "192.168.43.1"));
  const laptop = world.network.host("laptop");
  let changes = 0;
  const bob = world.start("Bob", laptop, { onChange: () => void changes++ });
  await world.time.runFor(60_000);
  assertEquals([ada.heard, bob.heard], [[], []]);
  laptop.attach(hotspot, { address: "192.168.43.50" });
  assert(await world.time.runUntil(() => world.isComplete, 3_000));
  assertGreater(changes, 0);
  laptop.attach(hotspot, { address: "192.168.43.51" });
  const knows = (address: string) => () =>
    ada.discovery.peers.list().some(({ endpoints }) => endpoints[0]?.address === address);
  assert(await world.time.runUntil(knows("192.168.43.51"), 3_000));
  laptop.detach(hotspot);
  const isAlone = () => bob.discovery.status().interfaces.length === 1;
  assert(await world.time.runUntil(isAlone, 3_000));
  assertEquals(
    describeNetwork(bob.discovery.status()).map(formatForShell)[0]?.startsWith(
      "This device is not connected",
    ),
    true,
  );
});

Deno.test("Watch uses all networks at once, and a peer on two of them is one peer with two addresses", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const office = world.network.segment(OFFICE);
  const both = world.hostOn(hotspot, "192.168.43.9");
  both.attach(office, { address: "10.1.0.9" });
  const other = world.hostOn(hotspot, "192.168.43.8");
  other.attach(office, { address: "10.1.0.8" });
  const ada = world.start("Ada", both);
  world.start("Bob", other);
  const cyd = world.start("Cyd", world.hostOn(office, "10.1.200.1"));
  const dan = world.start("Dan", world.hostOn(hotspot, "192.168.43.77"));
  const isFound = () => ada.heard.length === 3 && cyd.heard.length === 2 && dan.heard.length === 2;
  assert(await world.time.runUntil(isFound, 1_000));
  await world.time.runFor(2_000);
  const bob = ada.discovery.peers.list().find((peer) => peer.claimedName === "Bob");
  assertEquals(bob?.endpoints.map(({ address }) => address).sort(), ["10.1.0.8", "192.168.43.8"]);
});

Deno.test("Watch sees both echoes and all neighbours of two interfaces in one network, and searches no further", async () => {
  await using world = new Neighbourhood();
  const home = world.network.segment({ prefix: "192.168.1.0", prefixLength: 24, gateway: "192.168.1.1" });
  const cable = world.network.segment({ prefix: "192.168.1.0", prefixLength: 24 });
  const host = world.hostOn(home, "192.168.1.20");
  host.attach(cable, { address: "192.168.1.21" });
  const ada = world.start("Ada", host);
  world.start("Bob", world.hostOn(home, "192.168.1.30"));
  assert(await world.time.runUntil(() => world.isComplete, 1_000));
  await world.time.runFor(5_000);
  const real = ada.discovery.status().interfaces.filter(({ kind }) => kind === "real");
  assertEquals(real.map((each) => [each.isEchoHeard, each.neighboursCount]), [[true, 1], [true, 1]]);
  assertLessOrEqual(cable.traffic.datagrams, 30);
});

Deno.test("Watch finds people by unicast within 1.3 s where broadcast is filtered, and keeps them", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  for (const [name, address] of [["Ada", "192.168.43.20"], ["Bob", "192.168.43.200"]] as const) {
    world.start(name, world.hostOn(hotspot, address), { wrapUdp: withoutBroadcast });
  }
  assert(await world.time.runUntil(() => world.isComplete, 1_300));
  for (let minute = 0; minute < 30; minute++) {
    await world.time.runFor(60_000);
    assert(world.isComplete, `minute ${minute}`);
  }
});

Deno.test("Watch finds people by multicast where only broadcast is filtered", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const wrapUdp = (udp: Udp) => filteredUdp(udp, ({ address }) => address.endsWith(".255") ? "drop" : "pass");
  world.start("Ada", world.hostOn(hotspot, "192.168.43.20"), { wrapUdp });
  await world.time.runFor(60_000);
  world.start("Bob", world.hostOn(hotspot, "192.168.43.200"), { wrapUdp });
  assert(await world.time.runUntil(() => world.isComplete, 100));
});

Deno.test("Watch answers at once while it sweeps addresses that nobody has", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment({ ...HOTSPOT, prefix: "192.168.40.0", prefixLength: 22 });
  const isThere = (address: string) => address.startsWith("127.") || hotspot.hostAt(address) !== null;
  world.start("Ada", world.hostOn(hotspot, "192.168.41.20"), {
    wrapUdp: (udp) => holdingUdp(udp, { time: world.time, isThere }),
    knownEndpoints: () =>
      Array.from({ length: 100 }, (_, index) => ({ address: `192.168.42.${index}`, port: 9999 })),
  });
  await world.time.runFor(2_700);
  world.start("Bob", world.hostOn(hotspot, "192.168.41.30"));
  assert(await world.time.runUntil(() => world.isComplete, 100));
});

Deno.test("Watch greets gateways and known addresses by unicast at once", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const wrapUdp = withoutBroadcast;
  world.start("Ada", world.hostOn(hotspot, "192.168.43.1"), { wrapUdp });
  await world.time.runFor(60_000);
  world.start("Bob", world.hostOn(hotspot, "192.168.43.20"), { wrapUdp });
  assert(await world.time.runUntil(() => world.isComplete, 100), "the gateway");
  await world.time.runFor(60_000);
  const known = () => [{ address: "192.168.43.20", port: 9999 }, { address: "8.8.8.8", port: 9999 }];
  const cyd = world.start("Cyd", world.hostOn(hotspot, "192.168.43.200"), { wrapUdp, knownEndpoints: known });
  assert(await world.time.runUntil(() => cyd.heard.length === 2, 100), "a contact");
});

Deno.test("Watch finds the open rendezvous ports of a network without datagrams within 3.2 s", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment({ ...HOTSPOT, datagramLoss: 1 });
  const server = world.hostOn(hotspot, "192.168.43.77").boot();
  const listener = server.tcp.listen({ address: "0.0.0.0", port: 9999 });
  world.hostOn(hotspot, "192.168.43.78");
  const ada = world.start("Ada", world.hostOn(hotspot, "192.168.43.20"));
  assert(await world.time.runUntil(() => ada.endpoints.length > 0, 3_200));
  await world.time.runFor(10_000);
  assertEquals(ada.endpoints, [{ address: "192.168.43.77", port: 9999 }]);
  assertEquals(describeNetwork(ada.discovery.status()).map(formatForShell), [
    "Nobody has answered on net0 (192.168.43.20).",
    "1 other device is online but is not running earshot.",
  ]);
  listener.close();
  assertEquals(await world.stop(ada), { sockets: 0, timers: 0 });
});

Deno.test("Watch finds and is found by a Windows machine without firewall rule, and both keep each other", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const wrapUdp = (udp: Udp) => firewalledUdp(udp, () => world.time.nowMs);
  world.start("Ada", world.hostOn(hotspot, "192.168.43.20"));
  await world.time.runFor(60_000);
  world.start("PC", world.hostOn(hotspot, "192.168.43.30"), { wrapUdp });
  assert(await world.time.runUntil(() => world.isComplete, 100), "whoever comes later asks");
  await world.time.runFor(120_000);
  world.start("Bob", world.hostOn(hotspot, "192.168.43.40"));
  assert(await world.time.runUntil(() => world.isComplete, 61_000), "at the latest with the PC's next beat");
  for (let minute = 0; minute < 30; minute++) {
    await world.time.runFor(60_000);
    assert(world.isComplete, `minute ${minute}`);
  }
});

Deno.test("Watch: two Windows machines without firewall rules find each other when both search at once", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const wrapUdp = (udp: Udp) => firewalledUdp(udp, () => world.time.nowMs);
  const ada = world.start("Ada", world.hostOn(hotspot, "192.168.43.20"), { wrapUdp });
  await world.time.runFor(60_000);
  const bob = world.start("Bob", world.hostOn(hotspot, "192.168.43.30"), { wrapUdp });
  await world.time.runFor(60_000);
  ada.discovery.rescan();
  await world.time.runFor(2_000);
  bob.discovery.rescan();
  assert(await world.time.runUntil(() => world.isComplete, 1_000));
});

Deno.test("Watch says that client isolation is likely, and searches only once", async () => {
  await using world = new Neighbourhood();
  const cafe = world.network.segment(HOTSPOT);
  cafe.isolate(true);
  const ada = world.start("Ada", world.hostOn(cafe, "192.168.43.20"));
  world.start("Bob", world.hostOn(cafe, "192.168.43.30"));
  await world.time.runFor(500);
  assertEquals(describeNetwork(ada.discovery.status()).map(formatForShell), [
    "Looking for others on net0 (192.168.43.20).",
  ]);
  await world.time.runFor(9_500);
  assertEquals(ada.heard, []);
  assertEquals(describeNetwork(ada.discovery.status()).map(formatForShell), [
    "Nobody has answered on net0 (192.168.43.20).",
    "If others run earshot on this network, the access point probably keeps devices apart (client isolation), or a firewall drops UDP and TCP port 9999. Try a hotspot on one of your own devices.",
  ]);
  const afterSearch = { ...cafe.traffic };
  assertLessOrEqual(afterSearch.datagrams, 2 * 300);
  await world.time.runFor(3_600_000);
  assertLessOrEqual(cafe.traffic.datagrams - afterSearch.datagrams, 2 * 2 * 90);
  assertEquals(cafe.traffic.connects, afterSearch.connects);
});

Deno.test("Watch: under client isolation the hotspot's owner hears everybody", async () => {
  await using world = new Neighbourhood();
  const cafe = world.network.segment(HOTSPOT);
  cafe.isolate(true);
  const ada = world.start("Ada", world.hostOn(cafe, "192.168.43.20"));
  const bob = world.start("Bob", world.hostOn(cafe, "192.168.43.30"));
  const owner = world.start("Owner", world.hostOn(cafe, "192.168.43.1"));
  await world.time.runFor(1_000);
  assertEquals(owner.heard, ["Ada", "Bob"]);
  assertEquals([ada.heard, bob.heard], [["Owner"], ["Owner"]]);
});

Deno.test("Watch keeps quiet: 30 nodes together send about one beacon in two seconds", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  for (let number = 2; number < 32; number++) {
    world.start(`Node ${number}`, world.hostOn(hotspot, `192.168.43.${number}`));
  }
  assert(await world.time.runUntil(() => world.isComplete, 2_000));
  await world.time.runFor(120_000);
  const before = { ...hotspot.traffic };
  await world.time.runFor(300_000);
  assert(world.isComplete);
  const beacons = (hotspot.traffic.datagrams - before.datagrams) / 2; // Directed broadcast and group.
  assertGreater(beacons, 150);
  assertLessOrEqual(beacons, 200);
  assertLessOrEqual((hotspot.traffic.datagramBytes - before.datagramBytes) / 300, 1_024);
  assertEquals(hotspot.traffic.connects, 0);
});

Deno.test("Watch tells everybody a new name, rooms and port within a second", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const ada = world.start("Ada", world.hostOn(hotspot, "192.168.43.20"));
  const bob = world.start("Bob", world.hostOn(hotspot, "192.168.43.30"));
  await world.time.runFor(120_000);
  const rooms = [{ id: roomOf(1), title: "Attic", memberCount: 1 }];
  ada.discovery.announce({ name: "Ada L.", rendezvousPort: 10_001, merit: 1, rooms });
  assert(await world.time.runUntil(() => bob.heard[0] === "Ada L.", 1_000));
  const [peer] = bob.discovery.peers.list();
  assertEquals([peer?.rooms, peer?.endpoints], [rooms, [{ address: "192.168.43.20", port: 10_001 }]]);
  const before = hotspot.traffic.datagrams;
  await world.time.runFor(1_000);
  const during = hotspot.traffic.datagrams;
  ada.discovery.announce({ name: "Ada L.", rendezvousPort: 10_001, merit: 1, rooms });
  await world.time.runFor(1_000);
  assertLessOrEqual(hotspot.traffic.datagrams - during, 2, "the same again is no news");
  assertGreater(during, before);
});

Deno.test("Watch sees a restart, and forgets who is gone", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const ada = world.start("Ada", world.hostOn(hotspot, "192.168.43.20"));
  const host = world.hostOn(hotspot, "192.168.43.30");
  const before = world.start("Bob", host, { number: 7 });
  await world.time.runFor(5_000);
  await world.stop(before);
  await world.time.runFor(5_000);
  const after = world.start("Bob II", host, { number: 7 });
  assert(await world.time.runUntil(() => ada.heard[0] === "Bob II", 1_000));
  assertEquals(ada.heard, ["Bob II"]);
  await world.stop(after);
  assert(await world.time.runUntil(() => ada.heard.length === 0, 200_000));
});

Deno.test("Watch keeps a pinned peer that is gone", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const ada = world.start("Ada", world.hostOn(hotspot, "192.168.43.20"));
  const bob = world.start("Bob", world.hostOn(hotspot, "192.168.43.30"));
  await world.time.runFor(1_000);
  const [peer] = ada.discovery.peers.list();
  assert(peer !== undefined);
  ada.discovery.pin(peer.id);
  await world.stop(bob);
  await world.time.runFor(3_600_000);
  assertEquals(ada.discovery.peers.get(peer.id)?.isHeard, false);
  ada.discovery.unpin(peer.id);
  await world.time.runFor(10);
  assertEquals(ada.discovery.peers.list(), []);
});

Deno.test("Watch searches anew after a sleep, and when asked", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const ada = world.start("Ada", world.hostOn(hotspot, "192.168.43.20"));
  world.start("Bob", world.hostOn(hotspot, "192.168.43.30"));
  await world.time.runFor(600_000);
  const hellos = () => ada.discovery.status().interfaces.map((each) => each.hellosCount);
  assertEquals(hellos(), [4, 4]);
  ada.clock.jumpWall(9_000);
  await world.time.runFor(4_000);
  assertEquals(hellos(), [4, 4]);
  ada.clock.jumpWall(3_600_000);
  await world.time.runFor(4_000);
  assertEquals(hellos(), [8, 8]);
  const before = hotspot.traffic.datagrams;
  ada.discovery.rescan();
  await world.time.runFor(4_000);
  assertEquals(hellos(), [12, 12]);
  assertGreater(
    hotspot.traffic.datagrams - before,
    253,
    "asked for, the sweep is made although somebody is heard",
  );
  assertEquals(hotspot.traffic.connects, 0);
});

Deno.test("Watch finds others while another program has the port, and takes it when it is free", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const host = world.hostOn(hotspot, "192.168.43.20");
  const taken = host.boot().udp.open({ address: "0.0.0.0", port: 9999 }, { shared: false });
  world.start("Bob", world.hostOn(hotspot, "192.168.43.30"));
  const ada = world.start("Ada", host);
  assert(await world.time.runUntil(() => world.isComplete, 1_000));
  assertEquals(ada.discovery.port, null);
  assertEquals(describeNetwork(ada.discovery.status()).map(formatForShell), [
    "One other is heard on net0 (192.168.43.20).",
    "UDP port 9999 cannot be opened (taken): this device finds others, but others find it only when it asks.",
  ]);
  taken.close();
  assert(await world.time.runUntil(() => ada.discovery.port === 9999, 40_000));
  assertEquals(ada.discovery.status().listenProblem, null);
});

Deno.test("Watch goes on by the other interfaces when one fails to open or to send", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const office = world.network.segment(OFFICE);
  const host = world.hostOn(office, "10.1.0.9");
  host.attach(hotspot, { address: "192.168.43.20" });
  const failing = new NetworkError("forbidden", "A firewall says no");
  const ada = world.start("Ada", host, {
    wrapUdp: (udp) => {
      const filtered = filteredUdp(udp, ({ address }) => address.startsWith("10.1.") ? failing : "pass");
      return {
        open: (at, options) => {
          if (at.address === "127.0.0.1") throw failing;
          return filtered.open(at, options);
        },
      };
    },
  });
  world.start("Bob", world.hostOn(hotspot, "192.168.43.30"));
  assert(await world.time.runUntil(() => world.isComplete, 1_000));
  const { interfaces } = ada.discovery.status();
  assertEquals(interfaces.map(({ network, openProblem }) => [network.address, openProblem]), [
    ...[["10.1.0.9", null], ["192.168.43.20", null], ["127.0.0.1", "forbidden"]],
  ]);
  assertEquals(interfaces[0]?.problems[0], { address: "10.1.255.255", reason: "forbidden" });
});

Deno.test("Watch uses only the interfaces that are named, and answers nobody by the others", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const office = world.network.segment(OFFICE);
  const host = world.network.host("both");
  host.attach(hotspot, { address: "192.168.43.20", name: "wlan0" });
  host.attach(office, { address: "10.1.0.9", name: "eth0" });
  const ada = world.start("Ada", host, { interfaceNames: ["wlan0"] });
  const bob = world.start("Bob", world.hostOn(hotspot, "192.168.43.30"));
  const cyd = world.start("Cyd", world.hostOn(office, "10.1.0.30"));
  const local = world.start("Local", host, { interfaceNames: ["lo"] });
  await world.time.runFor(10_000);
  assertEquals([ada.heard, bob.heard, cyd.heard, local.heard], [["Bob"], ["Ada"], [], []]);
  assertEquals(ada.discovery.status().interfaces.map(({ network }) => network.name), ["wlan0"]);
});

Deno.test("Watch hears its own echo, and a double of itself", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const ada = world.start("Ada", world.hostOn(hotspot, "192.168.43.20"), { number: 7 });
  await world.time.runFor(1_000);
  assertEquals(ada.discovery.status().interfaces.map((each) => each.isEchoHeard), [true, true]);
  assertEquals(ada.discovery.status().doubleAt, null);
  world.start("Ada's copy", world.hostOn(hotspot, "192.168.43.30"), { number: 7 });
  await world.time.runFor(1_000);
  assertEquals(ada.discovery.status().doubleAt?.address, "192.168.43.30");
  assertEquals(ada.heard, []);
});

Deno.test("Watch ends by its signal, in the middle of a search", async () => {
  await using world = new Neighbourhood();
  const hotspot = world.network.segment({ ...HOTSPOT, datagramLoss: 1 });
  for (const afterMs of [0, 100, 720, 1_700]) {
    const node = world.start(`Ada ${afterMs}`, world.hostOn(hotspot, `192.168.43.${100 + afterMs / 20}`));
    await world.time.runFor(afterMs);
    node.controller.abort();
    await world.time.drive(node.discovery.done);
    assertEquals([node.process.openCount, node.clock.armedCount], [0, 0], `${afterMs} ms`);
    node.discovery.rescan();
    node.discovery.announce(profileOf("nobody"));
    await world.time.runFor(10_000);
    assertEquals([node.process.openCount, node.clock.armedCount], [0, 0]);
  }
});

Deno.test("Watch passes a bug on instead of hiding it, and closes everything", async () => {
  const world = new Neighbourhood();
  const hotspot = world.network.segment(HOTSPOT);
  const node = world.start("Ada", world.hostOn(hotspot, "192.168.43.20"), {
    onHeardAgain: () => {},
    onChange: () => {
      throw new TypeError("a bug");
    },
  });
  await assertRejects(() => world.time.drive(node.discovery.done), TypeError, "a bug");
  assertEquals([node.process.openCount, node.clock.armedCount], [0, 0]);
});
