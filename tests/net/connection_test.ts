import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { LOW_WATER_BYTES } from "../../src/net/connection_limits.ts";
import { HANDSHAKE_MS_MAX } from "../../src/wire/session.ts";
import { RoomStream } from "../../src/wire/broadcast_stream.ts";
import { encodeRecord } from "../../src/wire/record.ts";
import { connect, Reading } from "../fixtures/net/stream_pair.ts";
import { CRYPTO, finish, idOf, linkPair, ROOM, saying, startLink } from "../fixtures/net/connection_pair.ts";

Deno.test("Link tells each end who the other is, once", async () => {
  const pair = await linkPair();
  assertEquals(pair.near.owner.opened, [idOf(2)]);
  assertEquals(pair.far.owner.opened, [idOf(1)]);
  assertEquals([pair.near.connection.peer, pair.near.connection.instance], [idOf(2), 2]);
  assertEquals([pair.far.connection.peer, pair.far.connection.instance], [idOf(1), 1]);
  assertEquals([pair.near.connection.isInitiator, pair.far.connection.isInitiator], [true, false]);
  await finish(pair);
  assertEquals(pair.leftovers, 0);
});

Deno.test("Link carries records both ways, whole and in order, however the network cuts them", async () => {
  const texts = fc.array(fc.string({ maxLength: 20_000, size: "max" }).map((text) => `.${text}`), {
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(fc.nat(), texts, texts, async (seed, ours, theirs) => {
      const pair = await linkPair(seed);
      for (const text of ours) pair.near.connection.send(saying(text));
      for (const text of theirs) pair.far.connection.send(saying(text));
      await pair.time.runFor(1_000);
      assertEquals(pair.far.owner.heard.join("\n"), ours.join("\n"));
      assertEquals(pair.near.owner.heard.join("\n"), theirs.join("\n"));
      await finish(pair);
    }),
    { numRuns: 30 },
  );
});

Deno.test("Link takes what came behind the ticket as the first bytes", async () => {
  const connection = await connect();
  const near = startLink(connection, { at: "near" });
  await connection.time.runFor(20);
  const early = new Uint8Array(4_096);
  const count = await connection.time.drive(connection.far.stream.read(early)) ?? 0;
  const far = startLink(connection, { at: "far", early: early.slice(0, count) });
  await connection.time.runFor(100);
  assertEquals([near.connection.isOpen, far.connection.isOpen], [true, true]);
  near.connection.close("leaving");
  await connection.time.drive(Promise.all([near.run, far.run]));
});

Deno.test("Link sends all that was said in one turn in one write", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  await time.runFor(100);
  const stream = new RoomStream({ number: 3, key: new Uint8Array(32).fill(3), crypto: CRYPTO });
  near.connection.send({ type: "stream", room: ROOM, stream: 3, key: stream.key, counter: stream.counter });
  near.connection.attach(3, stream.follow());
  const before = near.stream.writes.length;
  for (let number = 0; number < 100; number++) near.connection.send(saying(`own ${number}`));
  for (let number = 0; number < 100; number++) {
    stream.append(encodeRecord(saying(`shared ${number}`)));
    near.connection.onStreamAppended();
  }
  await time.runFor(50);
  assertEquals(near.stream.writes.length - before, 1);
  assertEquals(far.owner.heard.length, 200);
  assertEquals(far.owner.heard.slice(99, 101), ["own 99", "shared 0"]);
  await finish(pair);
});

Deno.test("Link gathers what is said during a write into the next one", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  far.owner.act = () => new Promise(() => {});
  const big = "x".repeat(100_000);
  for (let number = 0; number < 8; number++) near.connection.send(saying(big));
  await time.runFor(50);
  const before = near.stream.writes.length;
  for (let number = 0; number < 50; number++) {
    near.connection.send(saying(`later ${number}`));
    await time.runFor(1);
  }
  assertEquals(near.stream.writes.length, before, "a write waits, so no other one begins");
  far.process.kill();
  await time.drive(near.run);
});

Deno.test("Link asks its owner for more when little waits, and only then", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  const waiting: number[] = [];
  near.owner.onDrained = () => waiting.push(near.connection.queuedBytes);
  let release = () => {};
  far.owner.act = () => new Promise((resolve) => release = resolve);
  for (let number = 0; number < 20; number++) near.connection.send(saying("x".repeat(100_000)));
  await time.runFor(100);
  for (let number = 0; number < 5; number++) near.connection.send(saying("y".repeat(100_000)));
  far.owner.act = () => undefined;
  release();
  await time.runFor(5_000);
  assertEquals(far.owner.heard.length, 25);
  assert(waiting.length > 0 && waiting.every((bytes) => bytes < LOW_WATER_BYTES), `${waiting}`);
  await finish(pair);
});

Deno.test("Link sends no pings while a stream keeps it busy", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  const stream = new RoomStream({ number: 3, key: new Uint8Array(32).fill(3), crypto: CRYPTO });
  near.connection.send({ type: "stream", room: ROOM, stream: 3, key: stream.key, counter: stream.counter });
  near.connection.attach(3, stream.follow());
  await time.runFor(50);
  const before = near.stream.writes.length;
  for (let number = 0; number < 50; number++) {
    stream.append(encodeRecord(saying(`${number}`)));
    near.connection.onStreamAppended();
    await time.runFor(500);
  }
  assertEquals([near.stream.writes.length - before, far.owner.heard.length], [50, 50]);
  await finish(pair);
});

Deno.test("Link waits for a brake before it reads on, and neither end takes that for silence", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  let release = () => {};
  far.owner.act = (_connection, text) =>
    text === "slow" ? new Promise((resolve) => release = resolve) : undefined;
  for (const text of ["first", "slow", "behind it", "last"]) near.connection.send(saying(text));
  await time.runFor(100);
  near.connection.send(saying("later"));
  await time.runFor(20_000);
  assertEquals(far.owner.heard, ["first", "slow"]);
  assertEquals([near.owner.closed, far.owner.closed], [[], []]);
  release();
  await time.runFor(100);
  assertEquals(far.owner.heard, ["first", "slow", "behind it", "last", "later"]);
  await finish(pair);
});

Deno.test("Link rests behind the record that spent its share, and neither end takes that for silence", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  far.owner.act = (connection, text) => {
    if (text === "much") connection.pauseReading(time.nowMs + 10_000);
    return undefined;
  };
  for (const text of ["first", "much", "behind it"]) near.connection.send(saying(text));
  await time.runFor(9_900);
  near.connection.send(saying("later"));
  assertEquals(far.owner.heard, ["first", "much"]);
  await time.runFor(200);
  assertEquals(far.owner.heard, ["first", "much", "behind it", "later"]);
  assertEquals([near.owner.closed, far.owner.closed], [[], []]);
  await finish(pair);
});

Deno.test("Link rests behind a brake, too, and not longer than it lives", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  far.owner.act = (connection) => {
    connection.pauseReading(time.nowMs + 60_000);
    return Promise.resolve();
  };
  for (const text of ["first", "second"]) near.connection.send(saying(text));
  await time.runFor(5_000);
  assertEquals(far.owner.heard, ["first"]);
  far.connection.close("leaving");
  await time.runFor(1_000);
  assertEquals(near.owner.closed.map(({ code }) => code), ["leaving"]);
  await finish(pair);
});

Deno.test("Link ends quietly when the peer says goodbye behind a rest while pieces of a file wait for it", async () => {
  const { near, far, time } = await linkPair();
  far.owner.act = (connection) => void connection.pauseReading(time.nowMs + 1_000);
  for (let offset = 0; offset < 16 * 60_000; offset += 60_000) {
    far.connection.sendBulk({ type: "piece", wish: 1, piece: 0, offset, bytes: new Uint8Array(60_000) });
  }
  near.connection.send({ type: "typing", room: ROOM });
  near.connection.close("leaving");
  await time.runFor(2_000);
  assertEquals(far.owner.closed.map(({ code, byPeer }) => [code, byPeer]), [["leaving", true]]);
  await far.run;
});

Deno.test("Link lets others have their turn after 32 records, however many came at once", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  const turns: number[] = [];
  let isOurTurn = true;
  far.owner.act = () => {
    if (isOurTurn) {
      turns.push(0);
      isOurTurn = false;
      time.schedule(0, () => isOurTurn = true);
    }
    turns.push((turns.pop() ?? 0) + 1);
    return undefined;
  };
  for (let count = 0; count < 100; count++) near.connection.send(saying(`${count}`));
  await time.runFor(100);
  assertEquals(far.owner.heard.length, 100);
  assertEquals(turns.filter((count) => count > 32), [], "in no turn more");
  await finish(pair);
});

Deno.test("Link keeps quiet connections alive with pings and nothing else", async () => {
  const pair = await linkPair();
  await pair.time.runFor(60_000);
  assertEquals([pair.near.connection.isOpen, pair.far.connection.isOpen], [true, true]);
  assertEquals(pair.near.owner.heard, []);
  const writes = pair.near.stream.writes.length;
  assert(writes >= 55 && writes <= 65, `${writes} writes in a minute`);
  await finish(pair);
});

Deno.test("Link cuts a handshake that stalls at any byte after five seconds, and one that breaks off at once", async () => {
  const flight = await firstFlight();
  for (let cut = 0; cut < flight.length; cut++) {
    for (const how of ["stalls", "breaks off"] as const) {
      const connection = await connect(cut);
      const startMs = connection.time.nowMs;
      const far = startLink(connection, { at: "far" });
      const peer = new Reading(connection.near.stream, connection.near.clock);
      connection.near.stream.write(flight.slice(0, cut));
      if (how === "breaks off") connection.time.schedule(50, () => connection.near.stream.close());
      await connection.time.drive(far.run);
      const [closed] = far.owner.closed;
      assertEquals(far.owner.opened, []);
      assertEquals([far.owner.closed.length, closed?.byPeer], [1, how === "breaks off"], `${how} at ${cut}`);
      assertEquals(closed?.code, how === "stalls" ? "too-slow" : "silent", `${how} at ${cut}`);
      if (how === "stalls") assertEquals(closed?.atMs, startMs + HANDSHAKE_MS_MAX);
      await connection.time.runFor(1_000);
      assert(peer.end !== "open");
      connection.near.stream.close();
      assertEquals(connection.leftovers, 0, `${how} at ${cut}`);
    }
  }
});

Deno.test("Link delivers nothing of a frame that was cut off", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  near.connection.send(saying("whole"));
  await time.runFor(50);
  // The rest of this frame never comes: the sender dies with it half on the way.
  near.connection.send(saying("x".repeat(60_000)));
  await time.runUntil(() => (near.stream.writes.at(-1) ?? 0) > 50_000, 50);
  near.process.kill();
  await time.drive(far.run);
  assertEquals(far.owner.heard.filter((text) => text !== "whole" && text.length !== 60_000), []);
  assertEquals(far.owner.closed.map(({ code, byPeer }) => [code, byPeer]), [["silent", true]]);
});

/** What an initiator sends first: 35 bytes. */
async function firstFlight(): Promise<Uint8Array> {
  const connection = await connect("flight");
  const near = startLink(connection, { at: "near" });
  const reading = new Reading(connection.far.stream, connection.far.clock);
  await connection.time.runFor(100);
  connection.far.process.kill();
  await connection.time.drive(near.run);
  return Uint8Array.from(reading.bytes);
}
