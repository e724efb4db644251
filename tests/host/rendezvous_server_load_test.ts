/** The door when many come, when no port is left, and when it is closed in the middle. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { DialError } from "../../src/client/dial.ts";
import { NetworkError } from "../../src/errors.ts";
import { SESSIONS_MAX } from "../../src/host/admission.ts";
import type { Listener } from "../../src/ports/network.ts";
import { Reading } from "../fixtures/net/stream_pair.ts";
import { DOOR, Street } from "../fixtures/handoff_network.ts";

const HELLO = "EARSHOT/1 HELLO\n";

Deno.test("Door opens session ports from the range only, and says BUSY while all are taken", async () => {
  const street = new Street();
  const rendezvous = street.open({ sessionPorts: { from: 50_100, to: 50_102 } });
  const ada = street.place("10.0.0.2");
  const ports = [await street.ask(ada), await street.ask(ada), await street.ask(ada)].map(({ port }) => port);
  assertEquals(ports.sort(), [50_100, 50_101, 50_102]);
  const { reading } = await street.visit(ada, DOOR, HELLO);
  await street.time.runFor(100);
  assertEquals(reading.text, "EARSHOT/1 BUSY 2000\n");
  // Nobody came to the three ports, so in five seconds they are free again, and a client waits for that.
  const { stream } = await street.dial(ada);
  assert(stream.remote.port >= 50_100 && stream.remote.port <= 50_102);
  await street.shut(rendezvous);
});

Deno.test("Door says BUSY to a further client when the node has all the sessions that it takes", async () => {
  const street = new Street();
  let sessionCount = SESSIONS_MAX;
  const rendezvous = street.open({ sessionCount: () => sessionCount });
  const ada = street.place("10.0.0.2");
  const { reading } = await street.visit(ada, DOOR, HELLO);
  await street.time.runFor(100);
  assertEquals(reading.text, "EARSHOT/1 BUSY 5000\n");
  street.time.schedule(1_000, () => sessionCount = 7);
  const startMs = street.time.nowMs;
  await street.dial(ada);
  const tookMs = street.time.nowMs - startMs;
  assert(tookMs >= 5_000 && tookMs < 5_100, `${tookMs} ms`);
  await street.shut(rendezvous);
});

Deno.test("Door that stays busy is given up after five tries", async () => {
  const street = new Street();
  const rendezvous = street.open({ sessionCount: () => SESSIONS_MAX });
  const ada = street.place("10.0.0.2");
  const error = await assertRejects(() => street.dial(ada), DialError);
  assertEquals([error.problem, error.endpoint], ["busy", DOOR]);
  assertEquals(Math.round(street.time.nowMs / 1_000), 20, "four waits of five seconds");
  assertEquals([ada.process.openCount, ada.clock.armedCount], [0, 0]);
  await street.shut(rendezvous);
});

Deno.test("Door always gets its BUSY across, however the greeting and the answer cross on the way", async () => {
  for (let seed = 0; seed < 100; seed++) {
    const street = new Street(`busy ${seed}`);
    street.segment.change({ latencyMs: [1, 40] });
    const rendezvous = street.open({ sessionCount: () => SESSIONS_MAX });
    const { reading } = await street.visit(street.place("10.0.0.2"), DOOR, HELLO);
    await street.time.runFor(500);
    assertEquals([reading.text, reading.end], ["EARSHOT/1 BUSY 5000\n", "ended"], `seed ${seed}`);
    await street.shut(rendezvous);
    assertEquals(street.openInHall, 0);
  }
});

Deno.test("Door under a thousand connections from one address serves others, and what runs goes on", async () => {
  for (const greeting of [HELLO, "EARSHOT/1 HEL", ""]) {
    const street = new Street(greeting);
    const rendezvous = street.open();
    const [ada, bob, mallory] = ["10.0.0.2", "10.0.0.3", "10.0.0.66"].map((address) => street.place(address));
    assert(ada !== undefined && bob !== undefined && mallory !== undefined);
    const running = await street.dial(ada);
    await street.time.runFor(50);
    const [session] = street.arrivals;
    assert(session !== undefined);
    const heard = new Reading(session.stream, street.hall.clock);
    for (let count = 0; count < 1_000; count++) {
      mallory.process.tcp.connect(DOOR, new AbortController().signal).then((stream) =>
        stream.write(new TextEncoder().encode(greeting))
      ).catch(() => {
        // Turned away.
      });
    }
    const startMs = street.time.nowMs;
    const talk = (left: number) => {
      if (left === 0) return;
      running.stream.write(Uint8Array.of(left));
      street.time.schedule(100, () => talk(left - 1));
    };
    talk(20);
    await street.dial(bob);
    const tookMs = street.time.nowMs - startMs;
    assert(tookMs < 3_000, `bob waited ${tookMs} ms`);
    assert(street.hall.process.openCount < 200, `${street.hall.process.openCount} sockets`);
    await street.time.runFor(4_000);
    assertEquals(heard.bytes.length, 20);
    await street.time.runFor(10_000);
    assertEquals(street.arrivals.map(({ stream }) => stream.remote.address), ["10.0.0.2", "10.0.0.3"]);
    assertEquals(street.openInHall, 3, "the door and two sessions");
    await street.shut(rendezvous);
  }
});

Deno.test("Door closed at any moment of a handoff leaves no socket and no timer, and its run ends", async () => {
  for (const writeMs of [0, 15]) {
    let endedCount = 0;
    for (let atMs = 0; atMs < 80; atMs++) {
      const street = new Street("closing");
      const { tcp } = street.hall.process;
      const rendezvous = street.open({
        tcp: { ...tcp, listen: (at) => writingSlowly(tcp.listen(at), street, writeMs) },
      });
      const ada = street.place("10.0.0.2");
      let closedMs = Infinity;
      street.time.schedule(atMs, () => {
        closedMs = street.time.nowMs;
        rendezvous.close();
      });
      const dialled = await street.dial(ada).catch((error) => error);
      if (dialled instanceof Error) endedCount++;
      else dialled.stream.close();
      await street.shut(rendezvous);
      for (const { stream } of street.arrivals) stream.close();
      assert(street.time.nowMs <= Math.max(closedMs, 80) + writeMs, `closed at ${atMs} ms`);
      await street.time.runFor(100);
      assertEquals(street.openInHall, 0, `closed at ${atMs} ms`);
      assertEquals(ada.process.openCount + ada.clock.armedCount, 0, `closed at ${atMs} ms`);
    }
    assert(endedCount > 10 && endedCount < 60, `${endedCount} of 80 were ended`);
  }
});

Deno.test("Door closed while visitors dawdle ends at once", async () => {
  const street = new Street();
  const rendezvous = street.open();
  const ada = street.place("10.0.0.2");
  await street.visit(ada, DOOR, "EARSHOT/1 H");
  await street.visit(ada, DOOR);
  const { port } = await street.ask(ada);
  await street.visit(ada, { ...DOOR, port }, "EARSHOT/1 TICK");
  await street.ask(ada);
  await street.time.runFor(20);
  const startMs = street.time.nowMs;
  await street.shut(rendezvous);
  assertEquals(street.time.nowMs, startMs);
  assertEquals([street.arrivals.length, street.openInHall], [0, 0]);
});

Deno.test("Door says BUSY when the system gives it no port: the address is gone, or too much is open", async () => {
  for (const reason of ["unreachable", "failed", "forbidden"] as const) {
    const street = new Street(reason);
    const { tcp } = street.hall.process;
    let isRefusing = true;
    const rendezvous = street.open({
      tcp: {
        ...tcp,
        listen: (at) => {
          if (isRefusing && at.port === 0) throw new NetworkError(reason, "Cannot listen");
          return tcp.listen(at);
        },
      },
    });
    const ada = street.place("10.0.0.2");
    const { reading } = await street.visit(ada, DOOR, HELLO);
    await street.time.runFor(100);
    assertEquals(reading.text, "EARSHOT/1 BUSY 2000\n");
    isRefusing = false;
    await street.dial(ada);
    await street.shut(rendezvous);
  }
});

Deno.test("Door closes when its owner has a fault, and its run rejects with it", async () => {
  const street = new Street();
  street.open({
    onArrival: () => {
      throw new RangeError("A bug");
    },
  });
  const failing = assertRejects(() => street.served, RangeError, "A bug");
  await street.dial(street.place("10.0.0.2"));
  await street.time.drive(failing);
  await street.time.runFor(10);
  assertEquals(street.hall.clock.armedCount, 0);
});

/** A listener whose streams take their time to write, as a busy system does. */
function writingSlowly(listener: Listener, { time }: Street, writeMs: number): Listener {
  return {
    port: listener.port,
    close: () => listener.close(),
    async accept() {
      const stream = await listener.accept();
      return stream === null ? null : {
        remote: stream.remote,
        local: stream.local,
        read: (into) => stream.read(into),
        async write(bytes) {
          await new Promise<void>((resolve) => time.schedule(writeMs, resolve));
          await stream.write(bytes);
        },
        close: () => stream.close(),
      };
    },
  };
}
