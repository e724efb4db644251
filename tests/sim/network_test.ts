import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { NetworkError } from "../../src/errors.ts";
import type { UdpSocket } from "../../src/ports/network.ts";
import { SimChance } from "./chance.ts";
import { SimTime } from "./clock.ts";
import type { SimHost, SimProcess } from "./host.ts";
import { SimNetwork } from "./network.ts";
import type { Segment, SegmentOptions } from "./segment.ts";

const PORT = 9_999;
const EVERYWHERE = "255.255.255.255";
const GROUP = "224.0.0.167";

/** A hotspot with its owner (.1) and two guests (.2 and .3), one process each. */
interface Hotspot {
  readonly time: SimTime;
  readonly network: SimNetwork;
  readonly segment: Segment;
  readonly hosts: readonly [owner: SimHost, guest: SimHost, other: SimHost];
  readonly processes: readonly [owner: SimProcess, guest: SimProcess, other: SimProcess];
}

function hotspot(options: Partial<SegmentOptions> = {}, seed = "hotspot"): Hotspot {
  const time = new SimTime();
  const network = new SimNetwork(time, new SimChance(seed));
  const segment = network.segment({
    prefix: "192.168.43.0",
    prefixLength: 24,
    gateway: "192.168.43.1",
    ...options,
  });
  const join = (name: string, address: string) => {
    const host = network.host(name);
    host.attach(segment, { address, name: "wlan0" });
    return host;
  };
  const hosts = [
    join("owner", "192.168.43.1"),
    join("guest", "192.168.43.2"),
    join("other", "192.168.43.3"),
  ] as const;
  const [owner, guest, other] = hosts;
  return { time, network, segment, hosts, processes: [owner.boot(), guest.boot(), other.boot()] };
}

/** A socket that writes down what it hears. */
function listen({ udp }: SimProcess, { address = "0.0.0.0", port = PORT } = {}) {
  const socket = udp.open({ address, port }, { shared: true });
  const heard: string[] = [];
  const hear = async () => {
    for (let next = await socket.receive(); next !== null; next = await socket.receive()) {
      heard.push(`${new TextDecoder().decode(next.bytes)} from ${next.from.address}`);
    }
  };
  hear();
  return { socket, heard };
}

function sender({ udp }: SimProcess, address = "0.0.0.0"): UdpSocket {
  return udp.open({ address, port: 0 }, { shared: false });
}

async function send(socket: UdpSocket, text: string, address: string): Promise<void> {
  await socket.send(new TextEncoder().encode(text), { address, port: PORT });
}

async function isUnreachable(socket: UdpSocket, address: string): Promise<void> {
  const error = await assertRejects(() => send(socket, "x", address), NetworkError);
  assertEquals(error.reason, "unreachable");
}

Deno.test("SimHost lists loopback and its attachments, with the network's mask and gateway", async () => {
  const { processes: [owner, guest], time } = hotspot({ prefix: "192.168.40.0", prefixLength: 21 });
  assertEquals(guest.interfaces.list(), [
    { name: "lo", address: "127.0.0.1", prefixLength: 8 },
    { name: "wlan0", address: "192.168.43.2", prefixLength: 21 },
  ]);
  assertEquals(await time.drive(guest.interfaces.gateways()), ["192.168.43.1"]);
  assertEquals(await time.drive(owner.interfaces.gateways()), []);
});

Deno.test("SimHost that is detached or down has no interface and no way out", async () => {
  const { segment, hosts: [, guest, other], processes: [, one, two], time } = hotspot();
  guest.detach(segment);
  segment.link(other, "down");
  for (const process of [one, two]) {
    assertEquals(process.interfaces.list().map(({ name }) => name), ["lo"]);
    await time.drive(isUnreachable(sender(process), "192.168.43.1"));
  }
  guest.attach(segment, { address: "192.168.43.77" });
  segment.link(other, "up");
  assertEquals(one.interfaces.list()[1]?.address, "192.168.43.77");
  assertEquals(two.interfaces.list()[1]?.address, "192.168.43.3");
});

Deno.test("SimHost changes its address by attaching again", async () => {
  const { segment, hosts: [, guest], processes: [owner, process], time } = hotspot();
  const { heard } = listen(process);
  guest.attach(segment, { address: "192.168.43.99" });
  const socket = sender(owner);
  await send(socket, "old", "192.168.43.2");
  await send(socket, "new", "192.168.43.99");
  await time.runFor(100);
  assertEquals(heard, ["new from 192.168.43.1"]);
});

Deno.test("Segment refuses an address that is taken or of another network", () => {
  const { network, segment } = hotspot();
  const host = network.host("late");
  assertThrows(() => host.attach(segment, { address: "192.168.43.2" }), RangeError);
  assertThrows(() => host.attach(segment, { address: "192.168.44.9" }), RangeError);
});

Deno.test("SimUdp carries a directed broadcast to all of the segment, the sender's own machine too", async () => {
  const { processes, time } = hotspot();
  const heard = processes.map((process) => listen(process).heard);
  await send(sender(processes[0]), "hello", "192.168.43.255");
  await time.runFor(100);
  assertEquals(heard, [["hello from 192.168.43.1"], ["hello from 192.168.43.1"], [
    "hello from 192.168.43.1",
  ]]);
});

Deno.test("SimUdp has no way for 255.255.255.255 and groups without a default route, unless bound to an address", async () => {
  const { processes: [owner, guest], time } = hotspot();
  const { socket, heard } = listen(guest);
  await time.drive(socket.joinGroup(GROUP, "192.168.43.2"));
  for (const target of [EVERYWHERE, GROUP]) {
    await time.drive(isUnreachable(sender(owner), target));
    await send(sender(owner, "192.168.43.1"), "bound", target);
  }
  await time.runFor(100);
  assertEquals(heard, ["bound from 192.168.43.1", "bound from 192.168.43.1"]);
});

Deno.test("SimUdp sends 255.255.255.255 and groups by the default route", async () => {
  const { processes: [owner, guest, other], time } = hotspot();
  const { heard } = listen(owner);
  const member = listen(other);
  await time.drive(member.socket.joinGroup(GROUP, "192.168.43.3"));
  await send(sender(guest), "all", EVERYWHERE);
  await send(sender(guest), "group", GROUP);
  await time.runFor(100);
  assertEquals(heard, ["all from 192.168.43.2"]);
  assertEquals(member.heard, ["all from 192.168.43.2", "group from 192.168.43.2"]);
});

Deno.test("SimUdp hears a group only on the interface where it joined", async () => {
  const { network, hosts: [, guest], processes: [owner, process], time } = hotspot();
  const wired = network.segment({ prefix: "10.0.0.0", prefixLength: 8 });
  guest.attach(wired, { address: "10.0.0.2" });
  const { socket, heard } = listen(process);
  await time.drive(socket.joinGroup(GROUP, "10.0.0.2"));
  await send(sender(owner, "192.168.43.1"), "not there", GROUP);
  await time.runFor(100);
  assertEquals(heard, []);
});

Deno.test("SimUdp gives broadcasts to unbound sockets, and a unicast to the one bound to its address, else the last", async () => {
  const { processes: [owner, guest], time } = hotspot();
  const [first, bound, last] = [listen(guest), listen(guest, { address: "192.168.43.2" }), listen(guest)];
  const socket = sender(owner);
  await send(socket, "broadcast", "192.168.43.255");
  await send(socket, "unicast", "192.168.43.2");
  await time.runFor(100);
  bound.socket.close();
  await send(socket, "second unicast", "192.168.43.2");
  await time.runFor(100);
  assertEquals(first.heard, ["broadcast from 192.168.43.1"]);
  assertEquals(bound.heard, ["unicast from 192.168.43.1"]);
  assertEquals(last.heard, ["broadcast from 192.168.43.1", "second unicast from 192.168.43.1"]);
});

Deno.test("SimUdp keeps loopback on the machine, where several processes hear its broadcast", async () => {
  const { hosts: [owner], processes: [one, , guest], time } = hotspot();
  const two = owner.boot();
  const heard = [listen(one).heard, listen(two).heard, listen(guest).heard];
  await send(sender(one, "127.0.0.1"), "here", "127.255.255.255");
  await time.drive(isUnreachable(sender(one, "127.0.0.1"), "192.168.43.2"));
  await time.runFor(100);
  assertEquals(heard, [["here from 127.0.0.1"], ["here from 127.0.0.1"], []]);
});

Deno.test("SimUdp sends to unknown networks by the gateway, where it vanishes, and nowhere without one", async () => {
  const { processes: [owner, guest], time } = hotspot();
  await send(sender(guest), "lost", "198.51.100.7");
  await time.drive(isUnreachable(sender(owner), "198.51.100.7"));
});

Deno.test("SimUdp needs rights for a port below 1024", () => {
  const { processes: [owner] } = hotspot();
  const open = () => owner.udp.open({ address: "0.0.0.0", port: 80 }, { shared: false });
  assertEquals(assertThrows(open, NetworkError).reason, "forbidden");
});

Deno.test("Segment that isolates its clients lets them reach the gateway only", async () => {
  const { segment, processes, time } = hotspot();
  const [owner, guest, other] = processes.map((process) => listen(process).heard);
  segment.isolate(true);
  await send(sender(processes[1]), "guest", "192.168.43.255");
  await send(sender(processes[1]), "direct", "192.168.43.3");
  await send(sender(processes[0]), "owner", "192.168.43.255");
  await time.runFor(100);
  assertEquals(owner?.sort(), ["guest from 192.168.43.2", "owner from 192.168.43.1"]);
  assertEquals(guest?.sort(), ["guest from 192.168.43.2", "owner from 192.168.43.1"]);
  assertEquals(other, ["owner from 192.168.43.1"]);
});

Deno.test("Segment blocks pairs both ways, silently, until healed", async () => {
  const { segment, hosts: [owner, guest, other], processes, time } = hotspot();
  const [, , heard] = processes.map((process) => listen(process).heard);
  const socket = sender(processes[0]);
  const sendAndWait = async (text: string) => {
    await send(socket, text, "192.168.43.3");
    await time.runFor(100);
  };
  segment.partition([owner], [guest, other]);
  await sendAndWait("partition");
  segment.heal();
  await sendAndWait("healed");
  segment.block(other, owner);
  await sendAndWait("blocked");
  segment.unblock(owner, other);
  await sendAndWait("unblocked");
  assertEquals(heard, ["healed from 192.168.43.1", "unblocked from 192.168.43.1"]);
});

Deno.test("Segment lets a silent link lose everything, what is under way too, and tells nobody", async () => {
  const { segment, hosts: [, guest], processes, time } = hotspot();
  const [owner, mine] = processes.map((process) => listen(process).heard);
  await send(sender(processes[0]), "under way", "192.168.43.2");
  segment.link(guest, "silent");
  await send(sender(processes[1]), "out", "192.168.43.1");
  await time.runFor(100);
  assertEquals([owner, mine], [[], []]);
});

Deno.test("Segment loses, doubles and reorders datagrams as often as told", async () => {
  const { processes: [owner, guest], time } = hotspot({ datagramLoss: 0.2, duplicate: 0.1, reorder: 0.1 });
  const { heard } = listen(guest);
  const socket = sender(owner);
  for (let count = 0; count < 1_000; count++) {
    await send(socket, String(count).padStart(4, "0"), "192.168.43.2");
    await time.runFor(1);
  }
  await time.runFor(1_000);
  const different = new Set(heard);
  assert(different.size > 750 && different.size < 850, `${different.size} of 1,000 arrived`);
  const twice = heard.length - different.size;
  assert(twice > 50 && twice < 110, `${twice} arrived twice`);
  const late = heard.filter((text, index) => text < (heard[index - 1] ?? "")).length;
  assert(late > 30 && late < 150, `${late} arrived late`);
});

Deno.test("Segment keeps datagrams of one pair in order unless told", async () => {
  const { processes: [owner, guest], time } = hotspot({ latencyMs: [1, 50] });
  const { heard } = listen(guest);
  const socket = sender(owner);
  const sent = Array.from({ length: 100 }, (_, index) => String(index).padStart(3, "0"));
  for (const text of sent) await send(socket, text, "192.168.43.2");
  await time.runFor(1_000);
  assertEquals(heard, sent.map((text) => `${text} from 192.168.43.1`));
});

Deno.test("Segment takes as long as told", async () => {
  const { segment, processes: [owner, guest], time } = hotspot();
  const { heard } = listen(guest);
  segment.change({ latencyMs: [40, 60] });
  await send(sender(owner), "slow", "192.168.43.2");
  await time.run(39);
  assertEquals(heard, []);
  await time.run(60);
  assertEquals(heard, ["slow from 192.168.43.1"]);
});

Deno.test("SimUdp drops what its reader leaves lying beyond the queue", async () => {
  const { processes: [owner, guest], time } = hotspot();
  const socket = guest.udp.open({ address: "0.0.0.0", port: PORT }, { shared: false });
  const out = sender(owner);
  for (let count = 0; count < 300; count++) await send(out, `${count}`, "192.168.43.2");
  await time.runFor(100);
  let heardCount = 0;
  const hear = async () => {
    for (; await socket.receive() !== null; heardCount++);
  };
  hear();
  await time.runFor(1);
  assertEquals(heardCount, 256);
});

Deno.test("SimNetwork counts what goes over the air, a broadcast once, and loopback not", async () => {
  const { segment, hosts: [owner], processes: [process] } = hotspot();
  const socket = sender(process);
  await send(socket, "12345", "192.168.43.255");
  await send(socket, "123", "192.168.43.2");
  await send(socket, "1", "127.255.255.255");
  const expected = { datagrams: 2, datagramBytes: 8, connects: 0, streamBytes: 0 };
  assertEquals(segment.traffic, expected);
  assertEquals(owner.traffic, expected);
});

Deno.test("SimNetwork plays the same for the same seed, and another play for another", async () => {
  const play = async (seed: string) => {
    const { processes: [owner, guest], time } = hotspot({ datagramLoss: 0.5, latencyMs: [1, 90] }, seed);
    const { heard } = listen(guest);
    const socket = sender(owner);
    const log: string[] = [];
    for (let count = 0; count < 20; count++) {
      await send(socket, `${count}`, "192.168.43.2");
      await time.runUntil(() => heard.length > log.length, 100);
      while (log.length < heard.length) log.push(`${heard[log.length]} at ${time.nowMs}`);
    }
    return log;
  };
  const first = await play("one");
  assertEquals(await play("one"), first);
  assert(JSON.stringify(await play("two")) !== JSON.stringify(first));
});
