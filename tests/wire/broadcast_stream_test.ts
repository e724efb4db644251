import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { type ProtocolCode, ProtocolError } from "../../src/errors.ts";
import { toRoomId } from "../../src/room/id.ts";
import { Framer } from "../../src/wire/framer.ts";
import { encodeRecord, type WireRecord } from "../../src/wire/record.ts";
import {
  type Cursor,
  readStreamNumber,
  RoomStream,
  STREAM_FRAME,
  STREAM_LAG_BYTES_MAX,
  StreamReader,
} from "../../src/wire/broadcast_stream.ts";

const CRYPTO = denoCrypto();
const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const NUMBER = 0x01020304;
const ROOM = toRoomId(new Uint8Array(16).fill(7));

/** Made with Python's ChaCha20Poly1305, not with this code: two frames with the lines "é" and "b". */
const GOLDEN = "002b" + "02" + "01020304" + // length, kind, number of the stream: what is authenticated
  "1eb84223aae1a1d614665b66a8444920ffb6f4f22204" + "b8b2b069333bb8fad0da75640c58fd2b" +
  "002a" + "02" + "01020304" +
  "9957f34eb22da81f2eb1a95b55929e80c27aec0925" + "9933512f655853ef225ae75ba9b123b7";

Deno.test("RoomStream seals the golden frames, and StreamReader opens them", () => {
  const stream = streamOf();
  const cursor = stream.follow();
  stream.append(encodeRecord(entries("é")));
  stream.append(encodeRecord(entries("b")));
  assertEquals(toHex(cursor.take()), GOLDEN);
  assertEquals(opened(readerOf(), fromHex(GOLDEN)), [entries("é"), entries("b")]);
});

Deno.test("RoomStream seals once: all followers get the same bytes of the same buffer", () => {
  const stream = streamOf();
  const [one, other] = [stream.follow(), stream.follow()];
  stream.append(encodeRecord(entries("a")));
  const slices = [one.take(), other.take()];
  assertEquals(slices[0], slices[1]);
  assertStrictEquals(slices[0]?.buffer, slices[1]?.buffer);
});

Deno.test("RoomStream seals nothing while nobody follows", () => {
  const stream = streamOf();
  stream.append(encodeRecord(entries("unheard")));
  assertEquals(stream.counter, 0);
  const cursor = stream.follow();
  assertEquals([cursor.lagBytes, cursor.take().length], [0, 0]);
  cursor.close();
  stream.append(encodeRecord(entries("unheard")));
  assertEquals(stream.counter, 0);
});

Deno.test("Cursor gives what is new, once", () => {
  const stream = streamOf();
  const cursor = stream.follow();
  assertEquals([cursor.at, cursor.lagBytes, cursor.take().length], [0, 0, 0]);
  stream.append(encodeRecord(entries("é")));
  assertEquals([cursor.at, cursor.lagBytes], [0, 45]);
  assertEquals(cursor.take().length, 45);
  assertEquals([cursor.at, cursor.lagBytes, cursor.take().length], [45, 0, 0]);
  stream.append(encodeRecord(entries("b")));
  assertEquals([cursor.lagBytes, cursor.take().length], [44, 44]);
});

Deno.test("Cursor of a late follower starts with the counter of that moment, and with a whole record", () => {
  const stream = streamOf();
  stream.follow();
  stream.append(encodeRecord(entries("early")));
  stream.append(encodeRecord(entries("x".repeat(100_000))));
  assertEquals(stream.counter, 3); // The second record took two frames.
  const reader = readerOf(stream.counter);
  const cursor = stream.follow();
  stream.append(encodeRecord(entries("late")));
  assertEquals(opened(reader, cursor.take()), [entries("late")]);
});

Deno.test("RoomStream cuts records that are larger than a frame, and StreamReader joins them", () => {
  const stream = streamOf();
  const cursor = stream.follow();
  const long = [entries("a".repeat(70_000)), entries("b"), entries("c".repeat(190_000))];
  for (const record of long) stream.append(encodeRecord(record));
  assertEquals(stream.counter, 2 + 1 + 3);
  const bytes = cursor.take();
  assertEquals(opened(readerOf(), bytes), long);
  const reader = readerOf();
  const perFrame = framesOf(bytes).map(({ header, body }) => reader.open(header, body).length);
  assertEquals(perFrame, [0, 1, 1, 0, 0, 1]);
});

Deno.test("Cursor's slices stay as they are while the stream grows and forgets", () => {
  const stream = streamOf();
  const [fast, slow] = [stream.follow(), stream.follow()];
  const slices: Uint8Array[] = [];
  const copies: Uint8Array[] = [];
  for (let turn = 0; turn < 200; turn++) {
    stream.append(encodeRecord(entries(`${turn}`.repeat(100))));
    const slice = fast.take();
    slices.push(slice);
    copies.push(slice.slice());
  }
  assertEquals(slices, copies);
  assertEquals(slow.take(), join(copies));
});

Deno.test("RoomStream keeps no more than what the slowest follower lacks", () => {
  const stream = streamOf();
  const cursor = stream.follow();
  for (let turn = 0; turn < 100; turn++) {
    stream.append(encodeRecord(entries("x".repeat(10_000))));
    assert(cursor.take().buffer.byteLength <= 64 * 1024);
  }
  assertEquals(cursor.at, 100 * 10_043);
});

Deno.test("RoomStream keeps nothing for a follower whose place was closed", () => {
  const stream = streamOf();
  const [fast, slow] = [stream.follow(), stream.follow()];
  const turn = () => {
    stream.append(encodeRecord(entries("x".repeat(10_000))));
    return fast.take().buffer.byteLength;
  };
  let kept = 0;
  while (slow.lagBytes <= STREAM_LAG_BYTES_MAX) kept = turn();
  assert(kept > STREAM_LAG_BYTES_MAX);
  slow.close();
  slow.close();
  while (kept > 64 * 1024) kept = turn(); // It ends: the next growth leaves the old behind.
  assert(fast.at < 3 * STREAM_LAG_BYTES_MAX);
});

/** Frames that must not open, made of the golden ones. */
const WRONG: readonly (readonly [what: string, change: (frames: Uint8Array[]) => Uint8Array[]])[] = [
  ["the second first", ([first, second]) => [second, first].filter((frame) => frame !== undefined)],
  ["the first left out", ([, second]) => [second].filter((frame) => frame !== undefined)],
  ["the first twice", ([first]) => [first, first].filter((frame) => frame !== undefined)],
  ["one of another key", () => [sealedBy({ key: new Uint8Array(32) })]],
  ["one of a later counter", () => [sealedBy({ skip: 1 })]],
];

Deno.test("StreamReader opens frames in their order only, and each once", () => {
  for (const [what, change] of WRONG) {
    const frames = framesOf(fromHex(GOLDEN)).map(({ header, body }) => join([header, body]));
    assertRefused("bad-frame", () => opened(readerOf(), join(change(frames))), what);
  }
  assertRefused("bad-frame", () => opened(readerOf(1), fromHex(GOLDEN)));
});

Deno.test("StreamReader refuses a frame that was changed in any byte, its head and number included", () => {
  const [frame] = framesOf(fromHex(GOLDEN));
  assert(frame !== undefined);
  const whole = join([frame.header, frame.body]);
  for (let at = 0; at < whole.length; at++) {
    for (const bit of [0x01, 0x80]) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ bit;
      assertRefused("bad-frame", () => readerOf().open(changed.subarray(0, 3), changed.subarray(3)), `${at}`);
    }
  }
  for (let size = 0; size < frame.body.length; size++) {
    assertRefused("bad-frame", () => readerOf().open(frame.header, frame.body.subarray(0, size)));
  }
});

Deno.test("StreamReader goes on after a frame that did not open", () => {
  const reader = readerOf();
  const [first, second] = framesOf(fromHex(GOLDEN));
  assert(first !== undefined && second !== undefined);
  assertRefused("bad-frame", () => reader.open(second.header, second.body));
  assertEquals(reader.open(first.header, first.body), [entries("é")]);
});

Deno.test("StreamReader takes entries and nothing else, because every follower knows the key", () => {
  const others: readonly WireRecord[] = [
    { type: "ping" },
    { type: "close", code: 12 },
    { type: "profile", name: "mallory", away: "", rendezvousPort: 9999, merit: 1, rooms: [] },
    {
      type: "meet",
      room: ROOM,
      follow: true,
      leads: false,
      ask: true,
      again: true,
      proof: null,
      vector: new Map(),
    },
    { type: "refuse", room: ROOM },
    { type: "have", room: ROOM, vector: new Map() },
    { type: "seen", room: ROOM, members: new Map() },
    { type: "stream", room: ROOM, stream: 1, key: KEY, counter: 0 },
    { type: "introduce", peers: [] },
  ];
  for (const record of others) {
    for (const bytes of [encodeRecord(record), join([encodeRecord(entries("a")), encodeRecord(record)])]) {
      assertRefused("bad-record", () => opened(readerOf(), sealedBy({ records: bytes })), record.type);
    }
  }
  assertRefused("bad-record", () => opened(readerOf(), sealedBy({ records: fromHex("0200000100") })));
  assertRefused("too-much", () => opened(readerOf(), sealedBy({ records: fromHex("06ffffff") })));
});

Deno.test("StreamReader skips records of a later version", () => {
  const records = join([fromHex("63000003010203"), encodeRecord(entries("a"))]);
  assertEquals(opened(readerOf(), sealedBy({ records })), [entries("a")]);
});

Deno.test("streamNumberOf reads the number, and refuses a body without room for a tag", () => {
  const body = new Uint8Array(20);
  body.set([0xff, 0xfe, 0xfd, 0xfc]);
  assertEquals(readStreamNumber(body), 0xfffefdfc);
  assertEquals(readStreamNumber(Uint8Array.of(9, 9, ...body).subarray(2)), 0xfffefdfc);
  for (let size = 0; size < 20; size++) {
    assertRefused("bad-frame", () => readStreamNumber(body.subarray(0, size)), `${size}`);
  }
});

type Step =
  | { readonly do: "append"; readonly sizes: readonly number[] }
  | { readonly do: "follow" }
  | { readonly do: "take" | "close"; readonly which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      sizes: fc.array(fc.oneof(fc.nat(400), fc.nat(400), fc.nat(20_000), fc.constant(70_000)), {
        maxLength: 4,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ do: "follow" }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("take" as const), which: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("close" as const), which: fc.nat(8) }) },
);

interface Follower {
  readonly cursor: Cursor;
  readonly reader: StreamReader;
  /** What was appended since it came. */
  readonly due: WireRecord[];
  readonly got: WireRecord[];
}

Deno.test("each follower gets exactly the records from its start on, whatever others do", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const stream = streamOf();
    const followers: Follower[] = [];
    const slices: Uint8Array[] = [];
    const copies: Uint8Array[] = [];
    let count = 0;
    const take = (follower: Follower) => {
      const slice = follower.cursor.take();
      slices.push(slice);
      copies.push(slice.slice());
      follower.got.push(...opened(follower.reader, slice));
      assertEquals(follower.cursor.lagBytes, 0);
      assertEquals(follower.got, follower.due);
    };
    for (const one of steps) {
      if (one.do === "append") {
        const records = one.sizes.map((size) => entries(`${count++} ${"x".repeat(size)}`));
        stream.append(join(records.map(encodeRecord)));
        for (const { due } of followers) due.push(...records);
      } else if (one.do === "follow") {
        const reader = readerOf(stream.counter);
        followers.push({ cursor: stream.follow(), reader, due: [], got: [] });
      } else {
        const index = one.which % Math.max(1, followers.length);
        const follower = followers[index];
        if (follower === undefined) continue;
        take(follower);
        if (one.do === "close") followers.splice(index, 1)[0]?.cursor.close();
      }
    }
    for (const follower of followers) take(follower);
    assertEquals(slices, copies);
  }));
});

function streamOf(): RoomStream {
  return new RoomStream({ number: NUMBER, key: KEY, crypto: CRYPTO });
}

function readerOf(counter = 0): StreamReader {
  return new StreamReader({ key: KEY, counter, crypto: CRYPTO });
}

function entries(...lines: string[]): WireRecord {
  return { type: "entries", room: ROOM, lines };
}

/** A frame of a stream that is a little different. */
function sealedBy(
  { key = KEY, skip = 0, records = encodeRecord(entries("a")) }: {
    key?: Uint8Array;
    skip?: number;
    records?: Uint8Array;
  },
): Uint8Array {
  const stream = new RoomStream({ number: NUMBER, key, crypto: CRYPTO });
  stream.follow();
  for (let index = 0; index < skip; index++) stream.append(records);
  const cursor = stream.follow();
  stream.append(records);
  return cursor.take();
}

function framesOf(bytes: Uint8Array): { kind: number; header: Uint8Array; body: Uint8Array }[] {
  const framer = new Framer();
  framer.push(bytes);
  const frames = [];
  for (let frame = framer.next(); frame !== null; frame = framer.next()) {
    frames.push({ kind: frame.kind, header: frame.header.slice(), body: frame.body.slice() });
  }
  assertEquals(framer.bufferedBytes, 0);
  return frames;
}

function opened(reader: StreamReader, bytes: Uint8Array): WireRecord[] {
  return framesOf(bytes).flatMap(({ kind, header, body }) => {
    assertEquals([kind, readStreamNumber(body)], [STREAM_FRAME, NUMBER]);
    return reader.open(header, body);
  });
}

function assertRefused(code: ProtocolCode, call: () => unknown, what?: string): void {
  assertEquals(assertThrows(call, ProtocolError).code, code, what);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
