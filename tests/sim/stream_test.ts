import { assert, assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { NetworkError, type NetworkReason } from "../../src/errors.ts";
import type { Stream } from "../../src/ports/network.ts";
import { SimChance } from "./chance.ts";
import { SimTime } from "./clock.ts";
import type { SimHost, SimProcess } from "./host.ts";
import { SimNetwork } from "./network.ts";
import type { Segment } from "./segment.ts";
import { WINDOW_BYTES } from "./host.ts";

const PORT = 9_999;
const SERVER = "10.0.0.1";
const NO_DEADLINE = new AbortController().signal;

/** A server at 10.0.0.1 that accepts one connection of a client at 10.0.0.2. */
class Pair {
  readonly time = new SimTime();
  readonly network: SimNetwork;
  readonly segment: Segment;
  readonly server: SimHost;
  readonly client: SimHost;
  serving: SimProcess;
  readonly calling: SimProcess;

  constructor(seed = "pair") {
    this.network = new SimNetwork(this.time, new SimChance(seed));
    this.segment = this.network.segment({ prefix: "10.0.0.0", prefixLength: 24, gateway: SERVER });
    this.server = this.host("server", SERVER);
    this.client = this.host("client", "10.0.0.2");
    this.serving = this.server.boot();
    this.calling = this.client.boot();
  }

  host(name: string, address: string): SimHost {
    const host = this.network.host(name);
    host.attach(this.segment, { address });
    return host;
  }

  connect(address = SERVER, signal: AbortSignal = NO_DEADLINE): Promise<Stream> {
    return this.calling.tcp.connect({ address, port: PORT }, signal);
  }

  /** Both ends of a new connection, client's end first. */
  async streams(): Promise<readonly [near: Stream, far: Stream]> {
    const listener = this.serving.tcp.listen({ address: SERVER, port: PORT });
    const [near, far] = await this.time.drive(Promise.all([this.connect(), listener.accept()]));
    listener.close();
    assert(far !== null);
    return [near, far];
  }
}

interface Watched {
  state: "waits" | "done" | NetworkReason | "other error";
}

/** What a promise comes to, looked at without waiting. */
function watch(work: Promise<unknown>): Watched {
  const watched: Watched = { state: "waits" };
  work.then(
    () => watched.state = "done",
    (error) => watched.state = error instanceof NetworkError ? error.reason : "other error",
  );
  return watched;
}

/** Reads until the end, null, or until the stream breaks. */
function watchAll(stream: Stream): { text: string; end: "none" | "end" | "broken" } {
  const watched: { text: string; end: "none" | "end" | "broken" } = { text: "", end: "none" };
  const readOn = async () => {
    const buffer = new Uint8Array(1_000);
    for (let count = await stream.read(buffer); count !== null; count = await stream.read(buffer)) {
      watched.text += new TextDecoder().decode(buffer.subarray(0, count));
    }
  };
  readOn().then(() => watched.end = "end", () => watched.end = "broken");
  return watched;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function failure(pair: Pair, work: Promise<unknown>): Promise<readonly [NetworkReason, number]> {
  const startMs = pair.time.nowMs;
  const { reason } = await assertRejects(() => pair.time.drive(work), NetworkError);
  return [reason, Math.round((pair.time.nowMs - startMs) / 1_000)];
}

Deno.test("SimTcp fails to connect as Linux does: reason, and after how many seconds", async () => {
  const pair = new Pair();
  const other = pair.host("other", "10.0.0.3");
  assertEquals(await failure(pair, pair.connect()), ["refused", 0]);
  assertEquals(await failure(pair, pair.connect("10.0.0.77")), ["unreachable", 3]);
  assertEquals(await failure(pair, pair.connect("198.51.100.7")), ["silent", 127]);
  pair.segment.isolate(true);
  assertEquals(await failure(pair, pair.connect("10.0.0.3")), ["unreachable", 3]);
  pair.segment.isolate(false);
  pair.segment.block(pair.client, other);
  assertEquals(await failure(pair, pair.connect("10.0.0.3")), ["silent", 127]);
  other.powerOff();
  assertEquals(await failure(pair, pair.connect("10.0.0.3")), ["unreachable", 3]);
  pair.segment.link(pair.client, "silent");
  assertEquals(await failure(pair, pair.connect()), ["silent", 127]);
  pair.segment.link(pair.client, "down");
  assertEquals(await failure(pair, pair.connect()), ["unreachable", 0]);
  assertEquals(pair.client.openCount, 0);
});

Deno.test("SimTcp connects once a partition has healed", async () => {
  const pair = new Pair();
  const listener = pair.serving.tcp.listen({ address: "0.0.0.0", port: PORT });
  pair.segment.partition([pair.client], [pair.server]);
  const connecting = watch(pair.connect());
  const accepting = watch(listener.accept());
  await pair.time.runFor(10_000);
  assertEquals([connecting.state, accepting.state], ["waits", "waits"]);
  pair.segment.heal();
  await pair.time.runFor(10_000);
  assertEquals([connecting.state, accepting.state], ["done", "done"]);
});

Deno.test("SimTcp that gives up connecting leaves nothing open, wherever the try was", async () => {
  for (const [afterMs, latencyMs] of [[0.5, 1], [1.5, 1], [500, 1]] as const) {
    const pair = new Pair();
    pair.segment.change({ latencyMs: [latencyMs, latencyMs] });
    const listener = pair.serving.tcp.listen({ address: SERVER, port: PORT });
    const accepting = listener.accept().then((far) => far === null ? "none" : watchAll(far));
    if (afterMs > 100) pair.segment.block(pair.client, pair.server);
    const deadline = new AbortController();
    const connecting = watch(pair.connect(SERVER, deadline.signal));
    await pair.time.runFor(afterMs);
    deadline.abort();
    await pair.time.runFor(200_000);
    assertEquals([connecting.state, pair.client.openCount], ["other error", 0]);
    listener.close();
    const accepted = await pair.time.drive(accepting);
    if (accepted !== "none") assertEquals(accepted, { text: "", end: "broken" });
  }
});

Deno.test("SimTcp holds a number of connections for a listener that does not accept", async () => {
  const pair = new Pair();
  pair.serving.tcp.listen({ address: SERVER, port: PORT });
  const connecting = Array.from({ length: 130 }, () => watch(pair.connect()));
  await pair.time.runFor(100);
  assertEquals(connecting.filter(({ state }) => state === "done").length, 128);
});

Deno.test("SimTcp ends connections that a closed listener had not accepted", async () => {
  const pair = new Pair();
  const listener = pair.serving.tcp.listen({ address: SERVER, port: PORT });
  const near = await pair.time.drive(pair.connect());
  const reading = watchAll(near);
  listener.close();
  await pair.time.runFor(100);
  assertEquals(reading.end, "broken");
});

Deno.test("SimStream cuts what is written in other ways for other seeds", async () => {
  const sizesOf = async (seed: string) => {
    const pair = new Pair(seed);
    const [near, far] = await pair.streams();
    const sizes: number[] = [];
    const readOn = async () => {
      for (;;) sizes.push(await far.read(new Uint8Array(100_000)) ?? 0);
    };
    readOn();
    await near.write(new Uint8Array(50_000));
    await pair.time.runFor(1_000);
    assertEquals(sizes.reduce((sum, size) => sum + size), 50_000);
    return sizes;
  };
  const sizes = await sizesOf("one");
  assertGreater(sizes.length, 1);
  assertEquals(await sizesOf("one"), sizes);
  assert(JSON.stringify(await sizesOf("two")) !== JSON.stringify(sizes));
});

Deno.test("SimStream lets a write wait until the reader has read half a window", async () => {
  const pair = new Pair();
  const [near, far] = await pair.streams();
  await pair.time.drive(near.write(new Uint8Array(WINDOW_BYTES)));
  const writing = watch(near.write(new Uint8Array(1_000)));
  await pair.time.runFor(60_000);
  assertEquals(writing.state, "waits");
  let readBytes = await readSome(far);
  await pair.time.runFor(1);
  assertEquals(writing.state, "waits");
  while (readBytes < WINDOW_BYTES / 2) readBytes += await readSome(far);
  await pair.time.runFor(1);
  assertEquals(writing.state, "done");

  async function readSome(stream: Stream): Promise<number> {
    return await pair.time.drive(stream.read(new Uint8Array(1_000))) ?? 0;
  }
});

Deno.test("SimStream keeps data for the time of a partition and carries it after", async () => {
  const pair = new Pair();
  const [near, far] = await pair.streams();
  const reading = watchAll(far);
  await near.write(bytesOf("before, "));
  await pair.time.runFor(100);
  await near.write(bytesOf("under way, "));
  pair.segment.block(pair.client, pair.server);
  await near.write(bytesOf("during, "));
  await pair.time.runFor(30_000);
  assertEquals(reading, { text: "before, ", end: "none" });
  pair.segment.heal();
  await near.write(bytesOf("after"));
  near.close();
  await pair.time.runFor(60_000);
  assertEquals(reading, { text: "before, under way, during, after", end: "end" });
});

Deno.test("SimStream carries everything in order, whatever the network does meanwhile", async () => {
  for (let seed = 0; seed < 50; seed++) {
    const pair = new Pair(`weather ${seed}`);
    const chance = new SimChance(`weather ${seed}`);
    const [near, far] = await pair.streams();
    const reading = watchAll(far);
    const written: string[] = [];
    for (let step = 0; step < 30; step++) {
      const text = `${step},`.repeat(1 + chance.int(200));
      written.push(text);
      await near.write(bytesOf(text));
      chance.pick([
        () => pair.segment.block(pair.client, pair.server),
        () => pair.segment.link(pair.client, chance.pick(["silent", "down"])),
        () => pair.segment.change({ latencyMs: [0, chance.int(100)] }),
        () => {
          pair.segment.heal();
          pair.segment.link(pair.client, "up");
        },
      ])();
      await pair.time.runFor(chance.int(500));
      assert(written.join("").startsWith(reading.text), `seed ${seed}: not what was written`);
    }
    near.close();
    pair.segment.heal();
    pair.segment.link(pair.client, "up");
    await pair.time.runFor(300_000);
    assertEquals(reading, { text: written.join(""), end: "end" }, `seed ${seed}`);
  }
});

Deno.test("SimStream breaks after a quarter of an hour without an answer", async () => {
  const pair = new Pair();
  const [near, far] = await pair.streams();
  pair.segment.block(pair.client, pair.server);
  await near.write(bytesOf("anybody?"));
  const reading = watchAll(near);
  await pair.time.runFor(924_000);
  assertEquals(reading.end, "none");
  await pair.time.runFor(1_000);
  assertEquals(reading.end, "broken");
  pair.segment.heal();
  const other = watchAll(far);
  await far.write(bytesOf("you?"));
  await pair.time.runFor(1_000);
  assertEquals(other, { text: "", end: "broken" });
});

Deno.test("SimStream is reset when its side closes with bytes unread, and what it had not sent is lost", async () => {
  const pair = new Pair();
  const [near, far] = await pair.streams();
  await near.write(bytesOf("unread"));
  await pair.time.runFor(100);
  const reading = watchAll(near);
  await far.write(bytesOf("lost"));
  far.close();
  await pair.time.runFor(100);
  assertEquals(reading, { text: "", end: "broken" });
});

Deno.test("SimStream is reset when it writes to a side that has closed", async () => {
  const pair = new Pair();
  const [near, far] = await pair.streams();
  far.close();
  const reading = watchAll(near);
  await pair.time.runFor(100);
  assertEquals(reading.end, "end");
  await near.write(bytesOf("into the void"));
  await pair.time.runFor(100);
  await assertRejects(() => near.write(bytesOf("more")), NetworkError);
});

Deno.test("SimStream breaks when its address has passed to another machine", async () => {
  const pair = new Pair();
  const [near] = await pair.streams();
  pair.server.attach(pair.segment, { address: "10.0.0.9" });
  const reading = watchAll(near);
  await near.write(bytesOf("are you there?"));
  await pair.time.runFor(10_000);
  assertEquals(reading.end, "none");
  pair.host("successor", SERVER);
  await pair.time.runFor(30_000);
  assertEquals(reading.end, "broken");
});

Deno.test("SimStream allows one read and one write at a time", async () => {
  const pair = new Pair();
  const [near] = await pair.streams();
  watch(near.read(new Uint8Array(1)));
  assertThrows(() => near.read(new Uint8Array(1)), Error, "Two reads");
  watch(near.write(new Uint8Array(WINDOW_BYTES + 1)));
  assertThrows(() => near.write(new Uint8Array(1)), Error, "Two writes");
});

Deno.test("SimProcess that is killed ends its connections for others at once; its own calls never come back", async () => {
  const pair = new Pair();
  const [near, far] = await pair.streams();
  const listener = pair.serving.tcp.listen({ address: SERVER, port: PORT });
  const socket = pair.serving.udp.open({ address: "0.0.0.0", port: PORT }, { shared: false });
  const calls = [watch(far.read(new Uint8Array(9))), watch(listener.accept()), watch(socket.receive())];
  const reading = watchAll(near);
  pair.serving.kill();
  calls.push(watch(far.write(bytesOf("x"))), watch(pair.serving.tcp.connect(near.local, NO_DEADLINE)));
  await pair.time.runFor(100);
  assertEquals(reading.end, "end");
  assertEquals(calls.map(({ state }) => state), calls.map(() => "waits"));
  assertEquals([pair.serving.openCount, pair.server.openCount], [0, 0]);
  assertThrows(() => pair.serving.tcp.listen({ address: SERVER, port: PORT }), NetworkError);
  assertEquals(await failure(pair, pair.connect()), ["refused", 0]);
});

Deno.test("SimHost runs a new process on the ports of a killed one, beside others that live on", async () => {
  const pair = new Pair();
  await pair.streams();
  const bystander = pair.server.boot();
  const listener = bystander.tcp.listen({ address: "0.0.0.0", port: 8_888 });
  pair.serving.kill();
  pair.serving = pair.server.boot();
  const [near, far] = await pair.streams();
  await near.write(bytesOf("again"));
  assertEquals(await pair.time.drive(far.read(new Uint8Array(9))) !== null, true);
  assertEquals([bystander.openCount, pair.serving.openCount], [1, 1]);
  const accepting = listener.accept();
  await pair.time.drive(pair.calling.tcp.connect({ address: SERVER, port: 8_888 }, NO_DEADLINE));
  assert(await pair.time.drive(accepting) !== null);
});

Deno.test("SimHost that loses power is silent; its peers find out when it runs again and knows nothing", async () => {
  const pair = new Pair();
  const [near] = await pair.streams();
  const reading = watchAll(near);
  pair.server.powerOff();
  await near.write(bytesOf("hello?"));
  await pair.time.runFor(10_000);
  assertEquals(reading.end, "none");
  assertThrows(() => pair.server.boot(), Error, "is off");
  pair.server.powerOn();
  pair.serving = pair.server.boot();
  await pair.time.runFor(30_000);
  assertEquals(reading.end, "broken");
  await pair.streams();
});

Deno.test("SimHost counts its open sockets down to zero", async () => {
  const pair = new Pair();
  const [near, far] = await pair.streams();
  const listener = pair.serving.tcp.listen({ address: SERVER, port: PORT });
  const socket = pair.calling.udp.open({ address: "0.0.0.0", port: 0 }, { shared: false });
  assertEquals([pair.server.openCount, pair.client.openCount], [2, 2]);
  for (const open of [near, far, listener, socket]) open.close();
  assertEquals([pair.server.openCount, pair.client.openCount], [0, 0]);
});

Deno.test("SimNetwork counts connects and bytes of streams", async () => {
  const pair = new Pair();
  const [near] = await pair.streams();
  await near.write(new Uint8Array(1_000));
  assertEquals([pair.client.traffic.connects, pair.client.traffic.streamBytes], [1, 1_000]);
  assertEquals(pair.segment.traffic.streamBytes, 1_000);
});
