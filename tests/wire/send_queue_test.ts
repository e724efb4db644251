import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { SEND_QUEUE_BYTES_MAX, SendQueue } from "../../src/wire/send_queue.ts";

const SCRATCH = new Uint8Array(SEND_QUEUE_BYTES_MAX);

Deno.test("SendQueue starts empty, and gives nothing then", () => {
  const queue = new SendQueue();
  assert(queue.isEmpty);
  assertEquals(queue.sizeBytes, 0);
  assertEquals(queue.take(100, SCRATCH), new Uint8Array(0));
});

Deno.test("SendQueue joins chunks for one write, in order", () => {
  const queue = filled([[1, 2], [3], [], [4, 5, 6]]);
  assertEquals(queue.sizeBytes, 6);
  assertEquals(queue.take(100, SCRATCH), Uint8Array.of(1, 2, 3, 4, 5, 6));
  assert(queue.isEmpty);
});

Deno.test("SendQueue cuts chunks where a write ends", () => {
  const queue = filled([[1, 2, 3], [4, 5, 6], [7]]);
  assertEquals(queue.take(2, SCRATCH), Uint8Array.of(1, 2));
  assertEquals(queue.take(2, SCRATCH), Uint8Array.of(3, 4));
  assertEquals(queue.sizeBytes, 3);
  assertEquals(queue.take(0, SCRATCH), new Uint8Array(0));
  assertEquals(queue.take(2, SCRATCH), Uint8Array.of(5, 6));
  assertEquals(queue.take(2, SCRATCH), Uint8Array.of(7));
  assert(queue.isEmpty);
});

Deno.test("SendQueue hands on a chunk that is taken alone without copying it", () => {
  const queue = new SendQueue();
  const chunk = Uint8Array.of(1, 2, 3);
  queue.push(chunk);
  queue.push(Uint8Array.of(4));
  assertStrictEquals(queue.take(3, SCRATCH).buffer, chunk.buffer);
});

Deno.test("SendQueue takes bytes up to its limit, and refuses a whole chunk beyond it", () => {
  const queue = new SendQueue();
  assert(queue.push(new Uint8Array(SEND_QUEUE_BYTES_MAX - 1)));
  assertEquals(queue.push(Uint8Array.of(1, 2)), false);
  assertEquals(queue.sizeBytes, 4_194_303);
  assert(queue.push(Uint8Array.of(3)));
  assertEquals(queue.push(Uint8Array.of(4)), false);
  assertEquals(queue.take(SEND_QUEUE_BYTES_MAX, SCRATCH).at(-1), 3);
  assert(queue.push(Uint8Array.of(4)));
});

Deno.test("SendQueue gives out what came in, whatever the pieces", () => {
  const step = fc.oneof(
    fc.record({ push: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ take: fc.integer({ min: 0, max: 90 }) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const queue = new SendQueue();
    const pushed: number[] = [];
    const taken: number[] = [];
    for (const one of steps) {
      if ("push" in one) {
        assert(queue.push(one.push));
        pushed.push(...one.push);
      } else {
        const bytes = queue.take(one.take, SCRATCH);
        assertEquals(bytes.length, Math.min(one.take, pushed.length - taken.length));
        taken.push(...bytes);
      }
      assertEquals(queue.sizeBytes, pushed.length - taken.length);
      assertEquals(queue.isEmpty, pushed.length === taken.length);
    }
    taken.push(...queue.take(Infinity, SCRATCH));
    assertEquals(taken, pushed);
  }));
});

function filled(chunks: readonly (readonly number[])[]): SendQueue {
  const queue = new SendQueue();
  for (const chunk of chunks) assert(queue.push(Uint8Array.from(chunk)));
  return queue;
}
