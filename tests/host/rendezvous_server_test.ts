import { assert, assertEquals, assertThrows } from "@std/assert";
import { NetworkError } from "../../src/errors.ts";
import { HANDOFF_MS_MAX } from "../../src/net/read_line.ts";
import { DOOR, Street } from "../fixtures/handoff_network.ts";

Deno.test("Door hands a client off to a fresh port, and lets both talk there", async () => {
  const street = new Street();
  const rendezvous = street.open();
  const ada = street.place("10.0.0.2");
  const { stream, prologue } = await street.dial(ada);
  await street.time.runFor(50);
  const [arrival] = street.arrivals;
  assert(arrival !== undefined);
  assertEquals(street.arrivals.length, 1);
  assertEquals(arrival.prologue, prologue);
  assertEquals(arrival.early, new Uint8Array(0));
  assertEquals(arrival.stream.remote.address, "10.0.0.2");
  assertEquals(arrival.stream.local, stream.remote);
  assert(stream.remote.port !== DOOR.port && stream.remote.port >= 1_024);
  await street.time.drive(stream.write(Uint8Array.of(1, 2, 3)));
  const buffer = new Uint8Array(8);
  await street.time.runFor(50);
  assertEquals(await street.time.drive(arrival.stream.read(buffer)), 3);
  assertEquals(street.openInHall, 2, "the rendezvous port and the session");
  await street.shut(rendezvous);
  arrival.stream.close();
  assertEquals(street.openInHall, 0);
});

Deno.test("Door leaves bytes behind the ticket to the session", async () => {
  const street = new Street();
  const rendezvous = street.open();
  const ada = street.place("10.0.0.2");
  const { port, ticket } = await street.ask(ada);
  await street.visit(ada, { ...DOOR, port }, `EARSHOT/1 TICKET ${ticket}\nfirst frame`);
  await street.time.runFor(50);
  const early = street.arrivals.map((arrival) => new TextDecoder().decode(arrival.early));
  assertEquals(early.length, 1);
  assert("first frame".startsWith(early[0] ?? "?"));
  await street.shut(rendezvous);
});

Deno.test("Door gives every session a port and a ticket of its own", async () => {
  const street = new Street();
  const rendezvous = street.open();
  const ada = street.place("10.0.0.2");
  const answers = [await street.ask(ada), await street.ask(ada), await street.ask(ada)];
  assertEquals(new Set(answers.map(({ port }) => port)).size, 3);
  assertEquals(new Set(answers.map(({ ticket }) => ticket)).size, 3);
  await street.shut(rendezvous);
});

Deno.test("Door closes without a word on whatever is not a greeting of ours", async () => {
  const strangers: readonly [string, string | Uint8Array][] = [
    ["HTTP", "GET / HTTP/1.1\r\nHost: 10.0.0.1:9999\r\n\r\n"],
    ["TLS", Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, ...new Uint8Array(200))],
    ["SSH", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["a line without an end", "x".repeat(10_000)],
    ["zeros", new Uint8Array(64)],
    ["only a newline", "\n"],
    ["a greeting with a blank", "EARSHOT/1 HELLO \n"],
    ["a greeting with a return", "EARSHOT/1 HELLO\r\n"],
    ["a greeting in small letters", "earshot/1 hello\n"],
    ["no greeting but a ticket", "EARSHOT/1 TICKET 0123456789abcdef0123456789abcdef\n"],
  ];
  for (const [name, bytes] of strangers) {
    const street = new Street(name);
    const rendezvous = street.open();
    const { reading, stream } = await street.visit(street.place("10.0.0.2"), DOOR, bytes);
    await street.time.runFor(200);
    assert(reading.end !== "open", name);
    assertEquals(reading.text, "", name);
    assertEquals(street.openInHall, 1, name);
    stream.close();
    await street.shut(rendezvous);
    assertEquals([street.arrivals.length, street.openInHall], [0, 0], name);
  }
});

Deno.test("Door answers another version in ours, so that both learn of it", async () => {
  const street = new Street();
  const rendezvous = street.open();
  const { reading } = await street.visit(street.place("10.0.0.2"), DOOR, "EARSHOT/2 HELLO\n");
  await street.time.runFor(200);
  assert(reading.text.startsWith("EARSHOT/1 PORT "), reading.text);
  await street.shut(rendezvous);
});

Deno.test("Door cuts who greets a byte a second after five seconds, and serves others meanwhile", async () => {
  const street = new Street();
  const rendezvous = street.open();
  const { stream, reading } = await street.visit(street.place("10.0.0.2"), DOOR, "E");
  const startMs = street.time.nowMs;
  const drip = (text: string) => {
    stream.write(new TextEncoder().encode(text.slice(0, 1))).catch(() => {
      // Cut at last.
    });
    street.time.schedule(1_000, () => drip(text.slice(1)));
  };
  drip("ARSHOT/1 HELLO\n");
  await street.dial(street.place("10.0.0.3"));
  assert(street.time.nowMs - startMs < 200);
  await street.time.runUntil(() => reading.end !== "open", 10_000);
  const tookMs = street.time.nowMs - startMs;
  assert(tookMs <= HANDOFF_MS_MAX + 20 && tookMs > HANDOFF_MS_MAX - 20, `${tookMs} ms`);
  await street.shut(rendezvous);
});

Deno.test("Door closes the fresh port after five seconds when nobody comes", async () => {
  const street = new Street();
  const rendezvous = street.open();
  const ada = street.place("10.0.0.2");
  const { port } = await street.ask(ada);
  await street.time.runFor(HANDOFF_MS_MAX - 100);
  assertEquals(street.openInHall, 3, "rendezvous port, fresh port and its deadline");
  await street.time.runFor(200);
  assertEquals(street.openInHall, 1);
  const late = await street.visit(ada, { ...DOOR, port }).catch((error) => error);
  assertEquals(late instanceof NetworkError && late.reason, "refused");
  await street.shut(rendezvous);
});

Deno.test("Door refuses a wrong ticket, and the right one after it", async () => {
  const wrong: readonly [string, (ticket: string) => string][] = [
    ["another", () => "EARSHOT/1 TICKET 00000000000000000000000000000000\n"],
    ["in capitals", (ticket) => `EARSHOT/1 TICKET ${ticket.toUpperCase()}A\n`],
    ["too short", (ticket) => `EARSHOT/1 TICKET ${ticket.slice(1)}\n`],
    ["of another version", (ticket) => `EARSHOT/2 TICKET ${ticket}\n`],
    ["a greeting", () => "EARSHOT/1 HELLO\n"],
    ["nothing at all", () => "\n"],
  ];
  for (const [name, line] of wrong) {
    const street = new Street();
    const rendezvous = street.open();
    const ada = street.place("10.0.0.2");
    const { port, ticket } = await street.ask(ada);
    const { reading, stream } = await street.visit(ada, { ...DOOR, port }, line(ticket));
    await street.time.runFor(100);
    assert(reading.end !== "open", name);
    stream.close();
    const again = await street.visit(ada, { ...DOOR, port }).catch((error) => error);
    assertEquals(again instanceof NetworkError && again.reason, "refused", name);
    assertEquals([street.arrivals.length, street.openInHall], [0, 1], name);
    await street.shut(rendezvous);
  }
});

Deno.test("Door takes a ticket once, and one connection at a fresh port", async () => {
  const street = new Street();
  const rendezvous = street.open();
  const ada = street.place("10.0.0.2");
  const { port, ticket } = await street.ask(ada);
  const line = `EARSHOT/1 TICKET ${ticket}\n`;
  const first = await street.visit(ada, { ...DOOR, port }, line);
  await street.time.runFor(100);
  const second = await street.visit(ada, { ...DOOR, port }, line).catch((error) => error);
  assertEquals(second instanceof NetworkError && second.reason, "refused");
  assertEquals(street.arrivals.length, 1);
  assertEquals(first.reading.end, "open");
  const another = await street.ask(ada);
  const reuse = await street.visit(ada, { ...DOOR, port: another.port }, line);
  await street.time.runFor(100);
  assert(reuse.reading.end !== "open");
  assertEquals(street.arrivals.length, 1);
  await street.shut(rendezvous);
});

Deno.test("Door cuts who connects to the fresh port and says nothing after five seconds", async () => {
  const street = new Street();
  const rendezvous = street.open();
  const ada = street.place("10.0.0.2");
  const { port } = await street.ask(ada);
  const { reading } = await street.visit(ada, { ...DOOR, port });
  const startMs = street.time.nowMs;
  await street.time.runUntil(() => reading.end !== "open", 20_000);
  assert(street.time.nowMs - startMs <= HANDOFF_MS_MAX + 20);
  assertEquals([street.arrivals.length, street.openInHall], [0, 1]);
  await street.shut(rendezvous);
});

Deno.test("Door takes the next free port when its own is taken, unless the user named it", async () => {
  const street = new Street();
  const { tcp } = street.hall.process;
  for (const port of [9_999, 10_000]) tcp.listen({ address: "0.0.0.0", port });
  const rendezvous = street.open();
  assertEquals(rendezvous.port, 10_001);
  await street.shut(rendezvous);
  const error = assertThrows(() => street.open({ isExact: true }), NetworkError);
  assertEquals(error.reason, "taken");
});

Deno.test("Door gives up when 32 ports, or all up to the last one, are taken", () => {
  for (const first of [9_999, 65_530]) {
    const street = new Street(first);
    const { tcp } = street.hall.process;
    for (let port = first; port < Math.min(first + 32, 65_536); port++) {
      tcp.listen({ address: "0.0.0.0", port });
    }
    const error = assertThrows(() => street.open({ port: first }), NetworkError);
    assertEquals(error.reason, "taken");
    assertEquals(street.hall.process.openCount, Math.min(32, 65_536 - first));
  }
});

Deno.test("Door does not look for another port where the system forbids one", () => {
  const error = assertThrows(() => new Street().open({ port: 80 }), NetworkError);
  assertEquals(error.reason, "forbidden");
});
