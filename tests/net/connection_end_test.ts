/** How links end: by limits, by a word, by silence, by a fault. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { CLOSE_MS_MAX } from "../../src/net/connection_limits.ts";
import { HEARTBEAT_DEAD_MS } from "../../src/wire/heartbeat.ts";
import { SEND_QUEUE_BYTES_MAX } from "../../src/wire/send_queue.ts";
import { encodeRecord } from "../../src/wire/record.ts";
import { RoomStream, STREAM_LAG_BYTES_MAX } from "../../src/wire/broadcast_stream.ts";
import { CRYPTO, type LinkEnd, linkPair, ROOM, saying } from "../fixtures/net/connection_pair.ts";

const FOREVER = () => new Promise<void>(() => {});

function codesOf({ owner }: LinkEnd): [string, boolean][] {
  return owner.closed.map(({ code, byPeer }) => [code, byPeer]);
}

Deno.test("Link cuts a peer that does not read once its queue is full, and ends within 300 ms", async () => {
  const { near, far, time } = await linkPair();
  far.owner.act = FOREVER;
  near.connection.send(saying("x".repeat(100_000)));
  near.connection.send(saying("y".repeat(100_000)));
  near.connection.send(saying("z".repeat(100_000)));
  await time.runFor(100); // Now a write waits for the peer, and all that follows waits here.
  for (let size = 0; size < SEND_QUEUE_BYTES_MAX - 200_000; size += 100_024) {
    near.connection.send(saying("x".repeat(100_000)));
  }
  assertEquals(codesOf(near), []);
  for (let count = 0; count < 3; count++) near.connection.send(saying("x".repeat(100_000)));
  assertEquals(codesOf(near), [["too-far-behind", false]]);
  const cutMs = time.nowMs;
  await time.drive(near.run);
  assertEquals(time.nowMs, cutMs + CLOSE_MS_MAX);
  assertEquals([near.process.openCount, near.clock.armedCount], [0, 0]);
});

Deno.test("Link cuts a follower whose cursor is too far behind; another of the same stream goes on", async () => {
  const [slow, quick] = [await linkPair("slow"), await linkPair("quick")];
  const stream = new RoomStream({ number: 3, key: new Uint8Array(32).fill(3), crypto: CRYPTO });
  for (const { near } of [slow, quick]) {
    near.connection.send({ type: "stream", room: ROOM, stream: 3, key: stream.key, counter: stream.counter });
    near.connection.attach(3, stream.follow());
  }
  slow.far.owner.act = FOREVER;
  let saidCount = 0;
  for (let size = 0; size < STREAM_LAG_BYTES_MAX + 1_000_000; size += 100_000) {
    stream.append(encodeRecord(saying("x".repeat(100_000))));
    saidCount++;
    for (const { near } of [slow, quick]) near.connection.onStreamAppended();
    await slow.time.runFor(10);
    await quick.time.runFor(500);
  }
  assertEquals(codesOf(slow.near), [["too-far-behind", false]]);
  await slow.time.drive(slow.near.run);
  assertEquals(codesOf(quick.near), []);
  assertEquals(quick.far.owner.heard.length, saidCount);
  quick.near.connection.close("leaving");
  await quick.time.drive(Promise.all([quick.near.run, quick.far.run]));
});

Deno.test("Link says what waits and why it ends; both ends are gone at once", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  near.connection.send(saying("one more thing"));
  near.connection.close("leaving");
  const startMs = time.nowMs;
  await time.drive(Promise.all([near.run, far.run]));
  assertEquals(far.owner.heard, ["one more thing"]);
  assertEquals([codesOf(near), codesOf(far)], [[["leaving", false]], [["leaving", true]]]);
  assert(time.nowMs - startMs < 50);
  assertEquals(pair.leftovers, 0);
});

Deno.test("Link closed twice, used after its end or closed by both says so once", async () => {
  const { near, far, time } = await linkPair();
  near.connection.close("leaving");
  near.connection.close("failed");
  far.connection.close("duplicate");
  near.connection.send(saying("too late"));
  near.connection.onStreamAppended();
  await time.drive(Promise.all([near.run, far.run]));
  near.connection.close("failed");
  assertEquals([codesOf(near), codesOf(far)], [[["leaving", false]], [["duplicate", false]]]);
  assertEquals(far.owner.heard, []);
});

Deno.test("Link hears why its peer leaves although both were talking", async () => {
  for (let seed = 0; seed < 40; seed++) {
    const { near, far, time } = await linkPair(`talking ${seed}`, [1, 30]);
    let isTalking = true;
    const talk = () => {
      far.connection.send(saying("and another thing"));
      if (isTalking) time.schedule(3, talk);
    };
    talk();
    await time.runFor(200 + seed);
    near.connection.send(saying("last word"));
    near.connection.close("blocked");
    await time.drive(Promise.all([near.run, far.run]));
    isTalking = false;
    assertEquals(codesOf(far), [["blocked", true]], `seed ${seed}`);
    assertEquals(far.owner.heard, ["last word"], `seed ${seed}`);
  }
});

Deno.test("Link closed by its owner in the middle of a batch delivers nothing more of it", async () => {
  const { near, far, time } = await linkPair();
  far.owner.act = (connection, text) => text === "two" ? void connection.close("bad-record") : undefined;
  for (const text of ["one", "two", "three"]) near.connection.send(saying(text));
  await time.drive(Promise.all([near.run, far.run]));
  assertEquals(far.owner.heard, ["one", "two"]);
  assertEquals([codesOf(near), codesOf(far)], [[["bad-record", true]], [["bad-record", false]]]);
});

Deno.test("Link gives up its places in streams when it ends, and takes no new ones", async () => {
  const { near, far, time } = await linkPair();
  const stream = new RoomStream({ number: 3, key: new Uint8Array(32).fill(3), crypto: CRYPTO });
  near.connection.attach(3, stream.follow());
  near.connection.close("leaving");
  near.connection.attach(4, stream.follow());
  stream.append(encodeRecord(saying("to nobody")));
  assertEquals(stream.counter, 0, "without a follower nothing is sealed");
  await time.drive(Promise.all([near.run, far.run]));
});

Deno.test("Link ends within 300 ms of its close even if the peer does not read at all", async () => {
  const { near, far, time } = await linkPair();
  far.owner.act = FOREVER;
  for (let count = 0; count < 20; count++) near.connection.send(saying("x".repeat(100_000)));
  await time.runFor(500);
  const startMs = time.nowMs;
  near.connection.close("leaving");
  await time.drive(near.run);
  assertEquals(time.nowMs - startMs, CLOSE_MS_MAX);
  assertEquals([near.process.openCount, near.clock.armedCount], [0, 0]);
});

Deno.test("Link that is braked for ever can be closed all the same", async () => {
  const { near, far, time } = await linkPair();
  far.owner.act = FOREVER;
  near.connection.send(saying("anything"));
  await time.runFor(100);
  far.connection.close("leaving");
  await time.drive(Promise.all([near.run, far.run]));
  assertEquals([codesOf(near), codesOf(far)], [[["leaving", true]], [["leaving", false]]]);
});

Deno.test("Link notices within 3 s that its peer is gone without a word", async () => {
  for (const how of ["power", "silent"] as const) {
    for (let seed = 0; seed < 10; seed++) {
      const { near, far, time, segment } = await linkPair(seed);
      await time.runFor(10_000 + 137 * seed);
      const goneMs = time.nowMs;
      if (how === "power") far.host.powerOff();
      else segment.link(far.host, "silent");
      await time.drive(near.run);
      assertEquals(codesOf(near), [["silent", false]], how);
      const tookMs = (near.owner.closed[0]?.atMs ?? 0) - goneMs;
      assert(tookMs > HEARTBEAT_DEAD_MS - 1_100 && tookMs <= HEARTBEAT_DEAD_MS, `${how}: ${tookMs} ms`);
      assertEquals([near.process.openCount, near.clock.armedCount], [0, 0], how);
    }
  }
});

Deno.test("Link notices at once that its peer was killed", async () => {
  const { near, far, time } = await linkPair();
  const goneMs = time.nowMs;
  far.process.kill();
  await time.drive(near.run);
  assertEquals(codesOf(near), [["silent", true]]);
  assert((near.owner.closed[0]?.atMs ?? Infinity) - goneMs < 10);
});

Deno.test("Link with a fault in its owner ends, tells the peer that it failed, and rejects with the fault", async () => {
  const fault = new RangeError("A bug");
  const faults: readonly [string, (end: LinkEnd) => void][] = [
    ["in onRecord", ({ owner }) =>
      owner.act = () => {
        throw fault;
      }],
    ["in a brake", ({ owner }) => owner.act = () => Promise.reject(fault)],
    ["in onDrained", ({ owner, connection }) => {
      owner.onDrained = () => {
        throw fault;
      };
      connection.send(saying("drain"));
    }],
  ];
  for (const [name, spoil] of faults) {
    const { near, far, time } = await linkPair();
    const failing = assertRejects(() => far.run, RangeError, "A bug");
    spoil(far);
    near.connection.send(saying("anything"));
    await time.drive(failing);
    await time.drive(near.run);
    assertEquals(far.owner.closed.map(({ code }) => code), ["failed"], name);
    assertEquals(near.owner.closed.length, 1, name);
    assertEquals([far.process.openCount, far.clock.armedCount], [0, 0], name);
  }
});
