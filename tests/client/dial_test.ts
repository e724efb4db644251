/** The client's side of the handoff, against hosts that are not there, not ours or not honest. */

import { formatForShell } from "../../src/messages/format_message.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { describeDialProblem, dial, DialError, type DialProblem } from "../../src/client/dial.ts";
import { NetworkError } from "../../src/errors.ts";
import type { Endpoint, Stream, Tcp } from "../../src/ports/network.ts";
import { DOOR, type Place, Street } from "../fixtures/handoff_network.ts";

const TICKET = "0123456789abcdef0123456789abcdef";

/** Serves the rendezvous port with something else than earshot; gives what was said to it. */
function pretend(street: Street, answer: (stream: Stream) => void): string[] {
  const said: string[] = [];
  const listener = street.hall.process.tcp.listen({ address: "0.0.0.0", port: DOOR.port });
  const serve = async () => {
    for (let stream = await listener.accept(); stream !== null; stream = await listener.accept()) {
      const buffer = new Uint8Array(64);
      const count = await stream.read(buffer);
      said.push(new TextDecoder().decode(buffer.subarray(0, count ?? 0)));
      answer(stream);
    }
  };
  serve().catch(() => {
    // The client went away before it had said anything.
  });
  return said;
}

/** What a dial comes to, how long it took, and that it left nothing open. */
async function outcomeOf(street: Street, to: Endpoint = DOOR): Promise<{ problem: string; tookMs: number }> {
  const ada = street.place("10.0.0.2");
  const startMs = street.time.nowMs;
  const error = await assertRejects(() => street.dial(ada, to), DialError);
  const tookMs = street.time.nowMs - startMs;
  assertEquals(error.endpoint, to);
  assertEquals(error.message, formatForShell(describeDialProblem(error.problem)));
  await street.time.runFor(1_000);
  assertEquals([ada.process.openCount, ada.clock.armedCount], [0, 0], error.problem);
  return { problem: error.problem, tookMs };
}

Deno.test("dial says what is wrong with a host's answer", async () => {
  const answers: readonly [string, DialProblem][] = [
    [`EARSHOT/1 PORT 1023 TICKET ${TICKET}\n`, "not-earshot"],
    [`EARSHOT/1 PORT 22 TICKET ${TICKET}\n`, "not-earshot"],
    [`EARSHOT/1 PORT 0 TICKET ${TICKET}\n`, "not-earshot"],
    [`EARSHOT/1 PORT 65536 TICKET ${TICKET}\n`, "not-earshot"],
    [`EARSHOT/1 PORT 50000 TICKET ${TICKET.slice(1)}\n`, "not-earshot"],
    [`EARSHOT/1 PORT 10.0.0.9:50000 TICKET ${TICKET}\n`, "not-earshot"],
    ["EARSHOT/1 BUSY 0\n", "not-earshot"],
    ["EARSHOT/1 BUSY 60001\n", "not-earshot"],
    ["EARSHOT/1 HELLO\n", "not-earshot"],
    [`EARSHOT/2 PORT 50000 TICKET ${TICKET}\n`, "other-version"],
    ["EARSHOT/2 SORRY\n", "other-version"],
    ["HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "not-earshot"],
    ["\n", "not-earshot"],
    ["x".repeat(5_000), "not-earshot"],
  ];
  for (const [answer, problem] of answers) {
    const street = new Street(answer);
    const said = pretend(street, (stream) => stream.write(new TextEncoder().encode(answer)));
    const outcome = await outcomeOf(street);
    assertEquals(outcome.problem, problem, answer);
    assert(outcome.tookMs < 200, answer);
    assert("EARSHOT/1 HELLO\n".startsWith(said[0] ?? "?"));
  }
});

Deno.test("dial stops reading a host that sends without end and without a newline", async () => {
  const street = new Street();
  let isCut = false;
  pretend(street, (stream) => {
    const pour = (): Promise<void> => stream.write(new Uint8Array(1_000).fill(0x78)).then(pour);
    pour().catch(() => isCut = true);
  });
  assertEquals((await outcomeOf(street)).problem, "not-earshot");
  assert(isCut);
});

Deno.test("dial gives a host that accepts and says nothing, or drips, five seconds", async () => {
  const silent = new Street("silent");
  pretend(silent, () => {});
  assertEquals(await outcomeOf(silent), { problem: "silent", tookMs: 5_000 + (await connectMs("silent")) });
  const dripping = new Street("dripping");
  pretend(dripping, (stream) => {
    const drip = () => {
      stream.write(Uint8Array.of(0x45)).catch(() => {
        // Cut at last.
      });
      dripping.time.schedule(1_000, drip);
    };
    drip();
  });
  const { problem, tookMs } = await outcomeOf(dripping);
  assertEquals(problem, "silent");
  assert(tookMs >= 5_000 && tookMs < 5_050);
});

Deno.test("dial tells a host that closes without an answer", async () => {
  const street = new Street();
  pretend(street, (stream) => stream.close());
  assertEquals((await outcomeOf(street)).problem, "closed");
});

Deno.test("dial tells that nothing listens, nobody is there, nobody answers, or that it is no address", async () => {
  const refusing = await outcomeOf(new Street());
  assertEquals([refusing.problem, refusing.tookMs < 50], ["refused", true]);
  const absent = await outcomeOf(new Street(), { address: "10.0.9.9", port: 9999 });
  assertEquals(absent, { problem: "unreachable", tookMs: 3_000 });
  const elsewhere = await outcomeOf(new Street(), { address: "192.168.7.7", port: 9999 });
  assertEquals(elsewhere, { problem: "unreachable", tookMs: 0 });
  for (const address of ["10.0.0.256", "earshot.example", ""]) {
    const malformed = await outcomeOf(new Street(), { address, port: 9999 });
    assertEquals(malformed, { problem: "malformed", tookMs: 0 }, address);
  }
});

Deno.test("dial gives an address whose packets vanish five seconds", async () => {
  const street = new Street();
  const rendezvous = street.open();
  street.segment.link(street.hall.host, "silent");
  assertEquals(await outcomeOf(street), { problem: "silent", tookMs: 5_000 });
  await street.shut(rendezvous);
});

Deno.test("dial tells when the port that it was sent to refuses, and goes nowhere else", async () => {
  const street = new Street();
  pretend(
    street,
    (stream) => stream.write(new TextEncoder().encode(`EARSHOT/1 PORT 50000 TICKET ${TICKET}\n`)),
  );
  assertEquals((await outcomeOf(street)).problem, "refused");
});

Deno.test("dial closes the fresh connection when it breaks before the ticket is out", async () => {
  const street = new Street();
  const rendezvous = street.open();
  const ada = street.place("10.0.0.2");
  const { tcp } = ada.process;
  const breaking: Tcp = {
    ...tcp,
    async connect(to, signal) {
      const stream = await tcp.connect(to, signal);
      if (to.port === DOOR.port) return stream;
      const { remote, local } = stream;
      const write = () => Promise.reject(new NetworkError("closed", "It broke"));
      return { remote, local, read: (into) => stream.read(into), write, close: () => stream.close() };
    },
  };
  const { signal } = new AbortController();
  const dialling = dial(DOOR, { tcp: breaking, clock: ada.clock, signal });
  const error = await assertRejects(() => street.time.drive(dialling), DialError);
  assertEquals([error.problem, ada.process.openCount, ada.clock.armedCount], ["closed", 0, 0]);
  await street.shut(rendezvous);
});

Deno.test("dial waits as long as a busy host asks, but never longer than five seconds", async () => {
  for (const [asked, waitMs] of [[200, 200], [5_000, 5_000], [60_000, 5_000]] as const) {
    const street = new Street(asked);
    const moments: number[] = [];
    pretend(street, (stream) => {
      moments.push(street.time.nowMs);
      stream.write(new TextEncoder().encode(`EARSHOT/1 BUSY ${asked}\n`));
    });
    assertEquals((await outcomeOf(street)).problem, "busy");
    const waits = moments.slice(1).map((atMs, index) => atMs - (moments[index] ?? 0));
    assertEquals(waits.length, 4);
    assert(waits.every((ms) => ms >= waitMs && ms < waitMs + 50), `${waits}`);
  }
});

Deno.test("dial ends with the signal's reason, whatever it is doing, and leaves nothing open", async () => {
  const doings: readonly [string, (street: Street) => void][] = [
    ["connecting", (street) => street.segment.link(street.hall.host, "silent")],
    ["waiting for the answer", (street) => void pretend(street, () => {})],
    [
      "waiting because it is busy",
      (street) =>
        void pretend(street, (stream) => stream.write(new TextEncoder().encode("EARSHOT/1 BUSY 5000\n"))),
    ],
  ];
  for (const [name, prepare] of doings) {
    const street = new Street(name);
    prepare(street);
    const ada = street.place("10.0.0.2");
    const controller = new AbortController();
    street.time.schedule(1_000, () => controller.abort(new RangeError("Enough")));
    await assertRejects(() => street.dial(ada, DOOR, controller.signal), RangeError, "Enough");
    assertEquals(street.time.nowMs, 1_000, name);
    await street.time.runFor(1_000);
    assertEquals([ada.process.openCount, ada.clock.armedCount], [0, 0], name);
    await assertRejects(() => street.dial(ada, DOOR, controller.signal), RangeError, "Enough");
  }
});

Deno.test("dial aborted at any moment of a handoff leaves nothing open", async () => {
  for (let atMs = 0; atMs < 60; atMs++) {
    const street = new Street("aborting");
    const rendezvous = street.open();
    const ada = street.place("10.0.0.2");
    const controller = new AbortController();
    street.time.schedule(atMs, () => controller.abort(new RangeError("Enough")));
    await dialAndClose(street, ada, controller.signal);
    await street.time.runFor(6_000);
    for (const { stream } of street.arrivals) stream.close();
    assertEquals([ada.process.openCount, ada.clock.armedCount], [0, 0], `${atMs} ms`);
    assertEquals(street.openInHall, 1, `${atMs} ms`);
    await street.shut(rendezvous);
  }
});

async function dialAndClose(street: Street, from: Place, signal: AbortSignal): Promise<void> {
  try {
    (await street.dial(from, DOOR, signal)).stream.close();
  } catch (error) {
    assert(error instanceof RangeError && error.message === "Enough", String(error));
  }
}

/** The time that connecting takes in a street of that seed. */
async function connectMs(seed: string): Promise<number> {
  const street = new Street(seed);
  pretend(street, () => {});
  const { stream } = await street.visit(street.place("10.0.0.2"), DOOR);
  stream.close();
  return street.time.nowMs;
}
