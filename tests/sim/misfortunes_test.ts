/** What the simulator can do to machines beyond cutting their links: half-open connections, one-way links, slow readers. */

import { assert, assertEquals } from "@std/assert";
import type { Stream } from "../../src/ports/network.ts";
import { SimChance } from "./chance.ts";
import { SimTime } from "./clock.ts";
import { SimDisk } from "./disk.ts";
import { SimNetwork } from "./network.ts";

const PORT = 9_999;
const SERVER = "10.0.0.1";
const NO_DEADLINE = new AbortController().signal;

async function connected() {
  const time = new SimTime();
  const network = new SimNetwork(time, new SimChance("misfortunes"));
  const segment = network.segment({ prefix: "10.0.0.0", prefixLength: 24 });
  const server = network.host("server");
  const client = network.host("client");
  server.attach(segment, { address: SERVER });
  client.attach(segment, { address: "10.0.0.2" });
  const listener = server.boot().tcp.listen({ address: SERVER, port: PORT });
  const { tcp } = client.boot();
  const connect = () => tcp.connect({ address: SERVER, port: PORT }, NO_DEADLINE);
  const [near, far] = await time.drive(Promise.all([connect(), listener.accept()]));
  assert(far !== null);
  return { time, segment, server, client, near, far, connect };
}

/** What becomes of reading a stream to its end. */
function watchReading(stream: Stream): { count: number; end: "none" | "end" | "broken" } {
  const watched: { count: number; end: "none" | "end" | "broken" } = { count: 0, end: "none" };
  const readOn = async () => {
    const into = new Uint8Array(100);
    for (let count = await stream.read(into); count !== null; count = await stream.read(into)) {
      watched.count += count;
    }
  };
  readOn().then(() => watched.end = "end", () => watched.end = "broken");
  return watched;
}

Deno.test("SimHost that loses its connections knows it at once, and the other ends never hear of it", async () => {
  const { time, client, near, far } = await connected();
  const [here, there] = [watchReading(near), watchReading(far)];
  client.loseConnections(1);
  await far.write(new Uint8Array(10));
  await time.runFor(60_000);
  assertEquals([here.end, there.end], ["broken", "none"]);
  assertEquals([here.count, there.count], [0, 0]);
});

Deno.test("Segment blocks one direction alone: what is sent the other way arrives, and nobody can connect", async () => {
  const { time, segment, server, client, near, far, connect } = await connected();
  const [here, there] = [watchReading(near), watchReading(far)];
  segment.blockOneWay(server, client);
  await near.write(new Uint8Array(10));
  await far.write(new Uint8Array(10));
  let isConnected = false;
  connect().then(() => isConnected = true);
  await time.runFor(10_000);
  assertEquals([here.count, there.count, isConnected], [0, 10, false]);
  segment.unblock(client, server);
  await time.runFor(60_000);
  assertEquals([here.count, there.count, isConnected], [10, 10, true]);
});

Deno.test("SimHost that is slow reads seldom, and whoever sends more than its window waits", async () => {
  const { time, server, near, far } = await connected();
  server.readPauseMs = 1_000;
  server.windowBytes = 300;
  let isWritten = false;
  near.write(new Uint8Array(600)).then(() => isWritten = true);
  const there = watchReading(far);
  await time.runFor(500);
  assertEquals([there.count, isWritten], [0, false]);
  await time.runFor(2_000);
  assertEquals([there.count, isWritten], [200, false]);
  await time.runFor(4_000);
  assertEquals([there.count, isWritten], [600, true]);
  near.close();
  await time.runFor(2_000);
  assertEquals(there.end, "end");
});

Deno.test("SimDisk says what a power cut could not take of a file", async () => {
  const time = new SimTime();
  const chance = new SimChance("durable");
  const disk = new SimDisk({
    schedule: (delayMs, run) => time.schedule(delayMs, run),
    fraction: () => chance.fraction(),
  });
  const textOf = (bytes: Uint8Array | null) => bytes === null ? null : new TextDecoder().decode(bytes);
  const port = disk.boot();
  const file = await time.drive(port.openAppend("/log"));
  await time.drive(file.append(new TextEncoder().encode("one.")));
  await time.drive(file.sync());
  assertEquals([textOf(disk.peek("/log")), disk.durable("/log")], ["one.", null], "its name is not synced");
  await time.drive(port.syncFolder("/"));
  await time.drive(file.append(new TextEncoder().encode("two.")));
  assertEquals([textOf(disk.peek("/log")), textOf(disk.durable("/log"))], ["one.two.", "one."]);
  await time.drive(file.truncate(2));
  assertEquals([textOf(disk.peek("/log")), textOf(disk.durable("/log"))], ["on", "one."]);
});
