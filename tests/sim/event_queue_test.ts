import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { EventQueue } from "./event_queue.ts";

Deno.test("EventQueue gives events by moment, then in the order of adding, without the cancelled ones", () => {
  const event = fc.record({ atMs: fc.nat(20), isCancelled: fc.boolean() });
  fc.assert(fc.property(fc.array(event, { maxLength: 200 }), (events) => {
    const queue = new EventQueue();
    const ran: number[] = [];
    const added = events.map(({ atMs }, index) => queue.add(atMs, () => ran.push(index)));
    events.forEach(({ isCancelled }, index) => isCancelled && added[index]?.cancel());
    for (let next = queue.takeNext(20); next !== null; next = queue.takeNext(20)) next.run();
    const expected = events.map(({ atMs, isCancelled }, index) => ({ atMs, isCancelled, index }))
      .filter(({ isCancelled }) => !isCancelled)
      .sort((one, other) => one.atMs - other.atMs || one.index - other.index)
      .map(({ index }) => index);
    assertEquals(ran, expected);
  }));
});

Deno.test("EventQueue gives nothing that is later than asked for", () => {
  const queue = new EventQueue();
  queue.add(5, () => {});
  assertEquals(queue.takeNext(4.999), null);
  assertEquals(queue.takeNext(5)?.atMs, 5);
  assertEquals(queue.takeNext(Infinity), null);
});
