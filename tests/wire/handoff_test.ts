import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  encodeBusy,
  encodeHello,
  encodePort,
  encodePrologue,
  encodeTicket,
  type LineRead,
  LineReader,
  parseAnswer,
  parseHello,
  parseTicket,
  type Ticket,
  toTicket,
} from "../../src/wire/handoff.ts";

const TICKET = toTicket(Uint8Array.from({ length: 16 }, (_, index) => index * 17));
const TICKET_TEXT = "00112233445566778899aabbccddeeff";

Deno.test("the lines of a handoff are these bytes, and are read again as what they say", () => {
  assertEquals(TICKET, TICKET_TEXT as Ticket);
  assertEquals(text(encodeHello()), "EARSHOT/1 HELLO\n");
  assertEquals(text(encodePort(51_823, TICKET)), `EARSHOT/1 PORT 51823 TICKET ${TICKET_TEXT}\n`);
  assertEquals(text(encodeBusy(800)), "EARSHOT/1 BUSY 800\n");
  assertEquals(text(encodeTicket(TICKET)), `EARSHOT/1 TICKET ${TICKET_TEXT}\n`);

  assertEquals(parseHello(lineOf(encodeHello())), { kind: "hello" });
  const port = parseAnswer(lineOf(encodePort(51_823, TICKET)));
  assertEquals(port, { kind: "port", port: 51_823, ticket: TICKET });
  assertEquals(parseAnswer(lineOf(encodeBusy(800))), { kind: "busy", retryMs: 800 });
  assertEquals(parseTicket(lineOf(encodeTicket(TICKET))), { kind: "ticket", ticket: TICKET });
});

Deno.test("handoffPrologue is all three lines", () => {
  assertEquals(
    text(encodePrologue(51_823, TICKET)),
    `EARSHOT/1 HELLO\nEARSHOT/1 PORT 51823 TICKET ${TICKET_TEXT}\nEARSHOT/1 TICKET ${TICKET_TEXT}\n`,
  );
});

Deno.test("parseAnswer takes ports from 1024 to 65535 and waits from 1 to 60000 ms, no others", () => {
  for (const port of [1_024, 9_999, 65_535]) {
    assertEquals(parseAnswer(`EARSHOT/1 PORT ${port} TICKET ${TICKET_TEXT}`), {
      kind: "port",
      port,
      ticket: TICKET,
    });
  }
  for (
    const port of ["0", "22", "80", "1023", "65536", "99999", "100000", "01024", "-1", "1e4", "", "0x1000"]
  ) {
    assertEquals(parseAnswer(`EARSHOT/1 PORT ${port} TICKET ${TICKET_TEXT}`), { kind: "not-earshot" }, port);
  }
  for (const retryMs of [1, 800, 60_000]) {
    assertEquals(parseAnswer(`EARSHOT/1 BUSY ${retryMs}`), { kind: "busy", retryMs });
  }
  for (const retryMs of ["0", "60001", "100000", "08", "-5", "1.5", ""]) {
    assertEquals(parseAnswer(`EARSHOT/1 BUSY ${retryMs}`), { kind: "not-earshot" }, retryMs);
  }
});

Deno.test("encodePort, encodeBusy and ticketOf refuse what no client would take", () => {
  for (const port of [0, 80, 1_023, 65_536, 2_000.5]) {
    assertThrows(() => encodePort(port, TICKET), RangeError);
  }
  for (const retryMs of [0, -1, 60_001, 0.5]) assertThrows(() => encodeBusy(retryMs), RangeError);
  for (const size of [0, 15, 17]) assertThrows(() => toTicket(new Uint8Array(size)), RangeError);
});

const OTHER_VERSIONS: readonly (readonly [line: string, version: string])[] = [
  ["EARSHOT/2 HELLO", "2"],
  ["EARSHOT/2", "2"],
  ["EARSHOT/12 PORT 51823 TICKET x", "12"],
  ["EARSHOT/9999 whatever follows", "9999"],
];

const FOREIGN: readonly string[] = [
  "",
  "GET / HTTP/1.1\r",
  "HTTP/1.1 400 Bad Request\r",
  "SSH-2.0-OpenSSH_9.2p1 Debian-2\r",
  "220 mail.example ESMTP\r",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "EARSHOT/1",
  "EARSHOT/1 ",
  "EARSHOT/1 WHAT",
  "EARSHOT/1 HELLO ",
  "EARSHOT/1 HELLO\r",
  "EARSHOT/1  HELLO",
  " EARSHOT/1 HELLO",
  "earshot/1 hello",
  "EARSHOT/01 HELLO",
  "EARSHOT/0 HELLO",
  "EARSHOT/-2 HELLO",
  "EARSHOT/99999 HELLO",
  "EARSHOT/2x HELLO",
  `EARSHOT/1 PORT 51823 TICKET ${TICKET_TEXT.toUpperCase()}`,
  `EARSHOT/1 PORT 51823 TICKET ${TICKET_TEXT}0`,
  `EARSHOT/1 PORT 51823 TICKET ${TICKET_TEXT.slice(1)}`,
  `EARSHOT/1 PORT 51823 TICKET ${TICKET_TEXT}\r`,
  `EARSHOT/1 PORT 51823`,
  `EARSHOT/1 TICKET ${TICKET_TEXT}\r`,
  `EARSHOT/1 TICKET ${TICKET_TEXT.replace("0", "g")}`,
  "EARSHOT/1 BUSY",
  "EARSHOT/1 BUSY 800 ms",
];

Deno.test("every parser of the handoff tells another version from what is no earshot at all", () => {
  for (const parse of [parseHello, parseAnswer, parseTicket]) {
    for (const [line, version] of OTHER_VERSIONS) {
      assertEquals(parse(line), { kind: "other-version", version }, line);
    }
    for (const line of FOREIGN) assertEquals(parse(line), { kind: "not-earshot" }, JSON.stringify(line));
  }
});

Deno.test("each place takes its own lines only", () => {
  const hello = lineOf(encodeHello());
  const port = lineOf(encodePort(51_823, TICKET));
  const busy = lineOf(encodeBusy(800));
  const ticket = lineOf(encodeTicket(TICKET));
  for (const line of [port, busy, ticket]) assertEquals(parseHello(line).kind, "not-earshot");
  for (const line of [hello, ticket]) assertEquals(parseAnswer(line).kind, "not-earshot");
  for (const line of [hello, port, busy]) assertEquals(parseTicket(line).kind, "not-earshot");
});

Deno.test("LineReader gives the line and the bytes behind it, however they arrive", () => {
  const stream = Uint8Array.from([...encodeTicket(TICKET), 0, 33, 0, 255, 10, 1]);
  const expected = { line: `EARSHOT/1 TICKET ${TICKET_TEXT}`, rest: [0, 33, 0, 255, 10, 1] };
  assertEquals(readLine([stream]), expected);
  assertEquals(readLine([...stream].map((byte) => Uint8Array.of(byte))), expected);
  for (let cut = 0; cut <= stream.length; cut++) {
    assertEquals(readLine([stream.subarray(0, cut), stream.subarray(cut)]), expected);
  }
});

Deno.test("LineReader waits without a newline", () => {
  const reader = new LineReader();
  for (const byte of encodeHello().slice(0, -1)) {
    assertEquals(reader.push(Uint8Array.of(byte)), { kind: "waiting" });
  }
  assertEquals(reader.push(new Uint8Array(0)), { kind: "waiting" });
});

Deno.test("LineReader gives up at 64 bytes without a newline, for good", () => {
  const longest = new LineReader();
  assertEquals(longest.push(new Uint8Array(63).fill(65)), { kind: "waiting" });
  assertEquals(longest.push(Uint8Array.of(10)), {
    kind: "line",
    line: "A".repeat(63),
    rest: new Uint8Array(0),
  });

  for (const chunks of [[64], [63, 1], [1_000_000], [30, 34]]) {
    const reader = new LineReader();
    const reads = chunks.map((size) => reader.push(new Uint8Array(size).fill(65)));
    assertEquals(reads.at(-1), { kind: "too-long" });
    assertEquals(reader.push(Uint8Array.of(10)), { kind: "too-long" });
  }
  assertEquals(new LineReader().push(Uint8Array.from([...new Uint8Array(64).fill(65), 10])), {
    kind: "too-long",
  });
});

Deno.test("LineReader keeps foreign bytes foreign", () => {
  const read = new LineReader().push(Uint8Array.of(0x16, 0xc3, 0xa9, 0xff, 10));
  assertEquals(read, { kind: "line", line: "\x16\xc3\xa9\xff", rest: new Uint8Array(0) });
});

Deno.test("LineReader's rest does not change with the chunk that it came in", () => {
  const chunk = Uint8Array.of(65, 10, 1, 2);
  const read = new LineReader().push(chunk);
  chunk.fill(0);
  assert(read.kind === "line");
  assertEquals([...read.rest], [1, 2]);
});

Deno.test("the handoff's parsers answer to any bytes", () => {
  const lines = [encodeHello(), encodePort(51_823, TICKET), encodeBusy(800), encodeTicket(TICKET)];
  const mutated = fc.tuple(fc.constantFrom(...lines), fc.nat(), fc.integer({ min: 0, max: 255 }))
    .map(([line, at, byte]) => line.with(at % line.length, byte));
  fc.assert(fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 100 })), (bytes) => {
    const read = new LineReader().push(bytes);
    if (read.kind !== "line") return;
    for (const parse of [parseHello, parseAnswer, parseTicket]) {
      const { kind } = parse(read.line);
      const isOurs = kind !== "not-earshot" && kind !== "other-version";
      if (isOurs) assert(/^EARSHOT\/1 [A-Z]+/.test(read.line));
    }
  }));
});

function readLine(chunks: readonly Uint8Array[]): { line: string; rest: number[] } {
  const reader = new LineReader();
  let read: LineRead = { kind: "waiting" };
  const rest: number[] = [];
  for (const chunk of chunks) {
    if (read.kind === "line") {
      rest.push(...chunk);
      continue;
    }
    read = reader.push(chunk);
    if (read.kind === "line") rest.push(...read.rest);
  }
  assert(read.kind === "line");
  return { line: read.line, rest };
}

function lineOf(bytes: Uint8Array): string {
  return text(bytes).slice(0, -1);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
