import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../src/errors.ts";
import {
  encodeFrame,
  FRAME_BODY_BYTES_MAX,
  FRAME_HEADER_BYTES,
  FRAME_LENGTH_MAX,
  Framer,
  writeFrameHead,
} from "../../src/wire/framer.ts";

const GOLDEN: readonly (readonly [kind: number, body: readonly number[], frame: readonly number[]])[] = [
  [0, [], [0, 1, 0]],
  [1, [9], [0, 2, 1, 9]],
  [255, [1, 2, 3], [0, 4, 255, 1, 2, 3]],
];

Deno.test("encodeFrame and Framer agree on the bytes of a frame", () => {
  for (const [kind, body, frame] of GOLDEN) {
    assertEquals(encodeFrame(kind, Uint8Array.from(body)), Uint8Array.from(frame));
    assertEquals(framesOf([Uint8Array.from(frame)]), [{ kind, body: [...body], header: frame.slice(0, 3) }]);
  }
});

Deno.test("encodeFrame takes the largest body, and refuses a larger one", () => {
  const frame = encodeFrame(7, new Uint8Array(FRAME_BODY_BYTES_MAX));
  assertEquals([...frame.subarray(0, 3)], [255, 255, 7]);
  assertEquals(framesOf([frame]).map(({ body }) => body.length), [65_534]);
  assertThrows(() => encodeFrame(7, new Uint8Array(FRAME_BODY_BYTES_MAX + 1)), RangeError, "65534");
});

Deno.test("writeFrameHead writes the head of a frame that is built in place", () => {
  const into = new Uint8Array(FRAME_HEADER_BYTES + 2);
  writeFrameHead(into, 3, 0x0203);
  assertEquals([...into], [0x02, 0x04, 3, 0, 0]);
});

Deno.test("Framer returns frames however the stream is cut", () => {
  const stream = concat(GOLDEN.map(([, , frame]) => Uint8Array.from(frame)));
  const expected = GOLDEN.map(([kind, body, frame]) => ({
    kind,
    body: [...body],
    header: frame.slice(0, 3),
  }));
  assertEquals(framesOf([stream]), expected);
  assertEquals(framesOf([...stream].map((byte) => Uint8Array.of(byte))), expected);
  for (let cut = 0; cut <= stream.length; cut++) {
    assertEquals(framesOf([stream.subarray(0, cut), stream.subarray(cut)]), expected);
  }
});

Deno.test("Framer waits for the last byte of a frame", () => {
  const frame = encodeFrame(5, Uint8Array.of(1, 2, 3, 4));
  for (let size = 0; size < frame.length; size++) {
    const framer = new Framer();
    framer.push(frame.subarray(0, size));
    assertEquals(framer.next(), null);
    assertEquals(framer.bufferedBytes, size);
  }
});

Deno.test("Framer refuses a frame of length 0, and stays refusing", () => {
  const framer = new Framer();
  framer.push(Uint8Array.of(0, 1, 4, 0, 0));
  assertEquals(framer.next()?.kind, 4);
  for (let again = 0; again < 2; again++) {
    assertEquals(assertThrows(() => framer.next(), ProtocolError).code, "bad-frame");
    framer.push(Uint8Array.of(0, 1, 4));
  }
});

Deno.test("Framer refuses a frame above its limit before buffering it", () => {
  const framer = new Framer({ lengthMax: 1_024 });
  framer.push(Uint8Array.of(0x04, 0x01));
  const error = assertThrows(() => framer.next(), ProtocolError, "length 1025, with 1024 allowed");
  assertEquals(error.code, "bad-frame");
  assertEquals(framer.bufferedBytes, 2);
});

Deno.test("Framer takes a frame of exactly its limit", () => {
  const framer = new Framer({ lengthMax: 1_024 });
  framer.push(encodeFrame(1, new Uint8Array(1_023)));
  assertEquals(framer.next()?.body.length, 1_023);
});

Deno.test("Framer applies a raised limit to what it holds already", () => {
  const framer = new Framer({ lengthMax: 8 });
  framer.push(concat([encodeFrame(1, new Uint8Array(7)), encodeFrame(2, new Uint8Array(500))]));
  assertEquals(framer.next()?.kind, 1);
  framer.raiseLimit(FRAME_LENGTH_MAX);
  assertEquals(framer.next()?.body.length, 500);
});

Deno.test("Framer does not change when the chunk's buffer is used again", () => {
  const framer = new Framer();
  const buffer = encodeFrame(1, Uint8Array.of(1, 2, 3));
  framer.push(buffer.subarray(0, 4));
  buffer.fill(0xff, 0, 4);
  framer.push(buffer.subarray(4));
  buffer.fill(0xff);
  assertEquals([...framer.next()?.body ?? []], [1, 2, 3]);
});

Deno.test("Framer holds one chunk and one frame at most, when it is emptied after each push", () => {
  const framer = new Framer();
  const stream = concat(Array.from({ length: 40 }, (_, index) => encodeFrame(index, new Uint8Array(60_000))));
  let seen = 0;
  for (let at = 0; at < stream.length; at += 4_096) {
    framer.push(stream.subarray(at, at + 4_096));
    assert(framer.bufferedBytes <= 60_003 + 4_096);
    for (let frame = framer.next(); frame !== null; frame = framer.next()) assertEquals(frame.kind, seen++);
  }
  assertEquals(seen, 40);
});

Deno.test("Framer gives space to read to: the frames are in it, without a copy", () => {
  const framer = new Framer();
  const stream = concat([encodeFrame(7, Uint8Array.of(1, 2, 3)), encodeFrame(8, new Uint8Array(9_000))]);
  const kinds: number[] = [];
  for (let at = 0; at < stream.length;) {
    const space = framer.reserve();
    const count = Math.min(space.length, stream.length - at);
    space.set(stream.subarray(at, at + count));
    framer.commit(count);
    at += count;
    for (let frame = framer.next(); frame !== null; frame = framer.next()) {
      if (frame.kind === 7) assertEquals(frame.body.buffer, space.buffer);
      kinds.push(frame.kind);
    }
  }
  assertEquals([kinds, framer.bufferedBytes], [[7, 8], 0]);
});

Deno.test("Framer's space grows while reads fill it, and becomes small again", () => {
  const framer = new Framer();
  const sizes: number[] = [];
  const read = (share: number) => {
    const space = framer.reserve();
    sizes.push(space.length);
    // Frames of 100 bytes, so that none is held long.
    const count = Math.floor(space.length * share);
    const frame = encodeFrame(1, new Uint8Array(97));
    const bytes = concat(Array.from({ length: Math.ceil(count / 100) }, () => frame)).subarray(0, count);
    space.set(bytes);
    framer.commit(count);
    while (framer.next() !== null);
    // The rest of the last frame, so that the next read begins with a new one.
    framer.push(frame.subarray(count % 100 === 0 ? 100 : count % 100));
    while (framer.next() !== null);
  };
  for (let time = 0; time < 8; time++) read(1);
  for (let time = 0; time < 8; time++) read(0.01);
  assertEquals(sizes, [
    2_048,
    4_096,
    8_192,
    16_384,
    32_768,
    65_536,
    131_072,
    262_144,
    262_144,
    131_072,
    65_536,
    32_768,
    16_384,
    8_192,
    4_096,
    2_048,
  ]);
});

const frames = fc.array(
  fc.record({ kind: fc.integer({ min: 0, max: 255 }), body: fc.uint8Array({ maxLength: 3_000 }) }),
  {
    maxLength: 20,
  },
);
const cuts = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 30 });

Deno.test("Framer returns what encodeFrame made, for any frames and any cuts", () => {
  fc.assert(fc.property(frames, cuts, (sent, sizes) => {
    const stream = concat(sent.map(({ kind, body }) => encodeFrame(kind, body)));
    const received = framesOf(cutUp(stream, sizes)).map(({ kind, body }) => ({ kind, body }));
    assertEquals(received, sent.map(({ kind, body }) => ({ kind, body: [...body] })));
  }));
});

Deno.test("Framer ends any garbage in frames, in waiting, or in a ProtocolError", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), cuts, (garbage, sizes) => {
    const framer = new Framer({ lengthMax: 600 });
    try {
      for (const chunk of cutUp(garbage, sizes)) {
        framer.push(chunk);
        for (let frame = framer.next(); frame !== null; frame = framer.next()) {
          assert(frame.body.length < 600);
        }
      }
    } catch (error) {
      assert(error instanceof ProtocolError && error.code === "bad-frame");
    }
  }));
});

function framesOf(chunks: readonly Uint8Array[]): { kind: number; body: number[]; header: number[] }[] {
  const framer = new Framer();
  const found: { kind: number; body: number[]; header: number[] }[] = [];
  for (const chunk of chunks) {
    framer.push(chunk);
    for (let frame = framer.next(); frame !== null; frame = framer.next()) {
      found.push({ kind: frame.kind, body: [...frame.body], header: [...frame.header] });
    }
  }
  assertEquals(framer.bufferedBytes, 0);
  return found;
}

function cutUp(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < stream.length;) {
    const size = sizes[chunks.length % sizes.length] ?? 1;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
