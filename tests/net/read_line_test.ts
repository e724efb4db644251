import { assert, assertEquals } from "@std/assert";
import { HANDOFF_MS_MAX, type LineOutcome, readLine } from "../../src/net/read_line.ts";
import { connect, type StreamPair } from "../fixtures/net/stream_pair.ts";

/** What readLine makes of what the other side does, and when. */
async function outcomeOf(
  act: (connection: StreamPair) => void,
): Promise<{ outcome: LineOutcome; atMs: number; connection: StreamPair }> {
  const connection = await connect();
  const { far, time } = connection;
  const startMs = time.nowMs;
  const reading = readLine(far.stream, far.clock);
  act(connection);
  const outcome = await time.drive(reading);
  return { outcome, atMs: time.nowMs - startMs, connection };
}

function write({ near }: StreamPair, text: string): void {
  near.stream.write(new TextEncoder().encode(text));
}

/** Writes a byte each so many ms, for ever. */
function drip(connection: StreamPair, text: string, everyMs: number): void {
  const { time, near } = connection;
  const [first = " ", ...rest] = text;
  near.stream.write(new TextEncoder().encode(first)).catch(() => {
    // The other side has had enough.
  });
  time.schedule(everyMs, () => drip(connection, rest.join("") || " ", everyMs));
}

Deno.test("readLine gives the line and the bytes behind it", async () => {
  const { outcome, connection } = await outcomeOf((connection) =>
    write(connection, "EARSHOT/1 HELLO\nand more")
  );
  assertEquals(outcome, {
    kind: "line",
    line: "EARSHOT/1 HELLO",
    rest: new TextEncoder().encode("and more"),
  });
  assertEquals(connection.far.clock.armedCount, 0);
});

Deno.test("readLine puts a line together that comes byte by byte", async () => {
  const { outcome } = await outcomeOf((connection) => drip(connection, "EARSHOT/1 HELLO\n", 100));
  assertEquals(outcome, { kind: "line", line: "EARSHOT/1 HELLO", rest: new Uint8Array(0) });
});

Deno.test("readLine gives up after five seconds, however busily somebody drips bytes, and closes", async () => {
  for (const everyMs of [1_000, 100]) {
    const { outcome, atMs, connection } = await outcomeOf((connection) =>
      drip(connection, "EARSHOT/", everyMs)
    );
    assertEquals(outcome.kind, "late", `a byte each ${everyMs} ms`);
    assertEquals(atMs, HANDOFF_MS_MAX);
    assertEquals(connection.far.process.openCount, 0);
    assertEquals(connection.far.clock.armedCount, 0);
  }
});

Deno.test("readLine calls a line of 64 bytes garbage as soon as they are there", async () => {
  const { outcome, atMs } = await outcomeOf((connection) => write(connection, "x".repeat(64)));
  assertEquals(outcome.kind, "garbage");
  assert(atMs < 100);
});

Deno.test("readLine tells when nothing comes any more", async () => {
  const ends: readonly [string, (connection: StreamPair) => void][] = [
    ["closed at once", ({ near }) => near.stream.close()],
    ["closed in the middle", (connection) => {
      write(connection, "EARSHOT/1 HEL");
      connection.near.stream.close();
    }],
    ["killed", ({ near }) => near.process.kill()],
  ];
  for (const [name, act] of ends) {
    const { outcome, connection } = await outcomeOf(act);
    assertEquals(outcome, { kind: "ended" }, name);
    assertEquals(connection.far.clock.armedCount, 0, name);
  }
});
