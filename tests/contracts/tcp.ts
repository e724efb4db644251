import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { NetworkError, type NetworkReason } from "../../src/errors.ts";
import type { Listener, Stream, Tcp } from "../../src/ports/network.ts";

/** Two sides to try, and what makes time go on while a promise is awaited. */
export interface TcpWorld {
  readonly client: Tcp;
  readonly server: Tcp;
  /** Where the client finds the server. */
  readonly address: string;
  drive<T>(work: Promise<T>): Promise<T>;
}

/** One case; what it opens, it hands to `closing`. */
type Run = (world: TcpWorld, closing: DisposableStack) => Promise<void>;

/** What every Tcp does. */
export function tcpContract(name: string, make: () => TcpWorld): void {
  for (const [behaviour, run] of [...CONNECTING, ...LISTENING, ...STREAMS, ...CLOSING]) {
    Deno.test(`${name} ${behaviour}`, async () => {
      const world = make();
      using closing = new DisposableStack();
      await world.drive(run(world, closing));
    });
  }
}

const NO_DEADLINE = new AbortController().signal;
/** More than the systems' buffers of both sides hold, so a write of it waits for a reader. */
const MORE_THAN_BUFFERS_BYTES = 64 * 1_024 * 1_024;

const CONNECTING: readonly (readonly [string, Run])[] = [
  ["connects both sides, and each knows the other's endpoint", async (world, closing) => {
    const { near, far, listener } = await connected(world, closing);
    assertEquals(near.remote, { address: world.address, port: listener.port });
    assertEquals(far.local, near.remote);
    assertEquals(far.remote, near.local);
  }],
  ["connects before the other side accepts", async (world, closing) => {
    const listener = listen(world, closing);
    const near = await connect(world, listener.port);
    closing.defer(() => near.close());
    await near.write(bytesOf("early"));
    const far = await accept(listener, closing);
    assertEquals(await readExactly(far, 5), bytesOf("early"));
  }],
  ["is refused where nobody listens", async (world) => {
    const listener = world.server.listen({ address: world.address, port: 0 });
    listener.close();
    await rejects(connect(world, listener.port), "refused");
  }],
  ["refuses what is not an IP address, without asking anybody for it", async ({ client, server }) => {
    for (
      const address of ["localhost", "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "::g"]
    ) {
      await rejects(client.connect({ address, port: 9 }, NO_DEADLINE), "malformed");
      throws(() => server.listen({ address, port: 0 }), "malformed");
    }
  }],
  ["refuses what is not a port", async ({ client, server, address }) => {
    for (const port of [-1, 65_536, 1.5, NaN]) {
      await rejects(client.connect({ address, port }, NO_DEADLINE), "malformed");
      throws(() => server.listen({ address, port }), "malformed");
    }
  }],
  ["does not connect when the signal is aborted already", async (world, closing) => {
    const listener = listen(world, closing);
    const to = { address: world.address, port: listener.port };
    const reason = new Error("changed my mind");
    assertEquals(await rejection(world.client.connect(to, AbortSignal.abort(reason))), reason);
  }],
  ["stops connecting when the signal is aborted", async (world, closing) => {
    const listener = listen(world, closing);
    const to = { address: world.address, port: listener.port };
    const deadline = new AbortController();
    const connecting = world.client.connect(to, deadline.signal);
    deadline.abort("too late");
    assertEquals(await rejection(connecting), "too late");
  }],
  ["leaves a connection alone when the signal is aborted later", async (world, closing) => {
    const listener = listen(world, closing);
    const deadline = new AbortController();
    const near = await world.client.connect({ address: world.address, port: listener.port }, deadline.signal);
    closing.defer(() => near.close());
    deadline.abort();
    const far = await accept(listener, closing);
    await far.write(bytesOf("still here"));
    assertEquals(await readExactly(near, 10), bytesOf("still here"));
  }],
];

const LISTENING: readonly (readonly [string, Run])[] = [
  ["takes a free port for port 0", (world, closing) => {
    const ports = [listen(world, closing).port, listen(world, closing).port];
    assert(ports.every((port) => port > 0));
    assertNotEquals(ports[0], ports[1]);
    return Promise.resolve();
  }],
  ["does not listen at a port that is taken", (world, closing) => {
    const { port } = listen(world, closing);
    throws(() => world.server.listen({ address: world.address, port }), "taken");
    return Promise.resolve();
  }],
  ["accepts several connections in turn", async (world, closing) => {
    const listener = listen(world, closing);
    for (const text of ["one", "two", "six"]) {
      const near = await connect(world, listener.port);
      closing.defer(() => near.close());
      const far = await accept(listener, closing);
      await near.write(bytesOf(text));
      assertEquals(await readExactly(far, 3), bytesOf(text));
    }
  }],
  ["ends a waiting accept when the listener is closed, and those after it", async (world) => {
    const listener = world.server.listen({ address: world.address, port: 0 });
    const accepting = listener.accept();
    listener.close();
    listener.close();
    assertEquals(await accepting, null);
    assertEquals(await listener.accept(), null);
  }],
  ["leaves accepted connections alone when the listener is closed", async (world, closing) => {
    const { near, far, listener } = await connected(world, closing);
    listener.close();
    await near.write(bytesOf("on"));
    assertEquals(await readExactly(far, 2), bytesOf("on"));
  }],
];

const STREAMS: readonly (readonly [string, Run])[] = [
  ["carries bytes there and back", async (world, closing) => {
    const { near, far } = await connected(world, closing);
    await near.write(bytesOf("hello"));
    assertEquals(await readExactly(far, 5), bytesOf("hello"));
    await far.write(bytesOf("hello yourself"));
    assertEquals(await readExactly(near, 14), bytesOf("hello yourself"));
  }],
  ...[1, 2, 7, 100, 1_459, 5_000].map((pieceBytes): readonly [string, Run] => [
    `keeps the order of writes of ${pieceBytes} bytes, however they are read`,
    async (world, closing) => {
      const { near, far } = await connected(world, closing);
      const sent = pattern(5_000);
      const writing = writePieces(near, sent, pieceBytes);
      assertEquals(await readExactly(far, 3_000, { bufferBytes: pieceBytes }), sent.slice(0, 3_000));
      assertEquals(await readExactly(far, 2_000, { bufferBytes: 333 }), sent.slice(3_000));
      await writing;
    },
  ]),
  ["carries a megabyte each way at the same time", async (world, closing) => {
    const { near, far } = await connected(world, closing);
    const sent = pattern(1_000_000);
    const [there, back] = await Promise.all([
      readExactly(far, sent.length),
      readExactly(near, sent.length),
      near.write(sent),
      far.write(sent),
    ]);
    assert(isSame(there, sent));
    assert(isSame(back, sent));
  }],
  ["takes an empty write", async (world, closing) => {
    const { near, far } = await connected(world, closing);
    await near.write(new Uint8Array(0));
    await near.write(bytesOf("x"));
    assertEquals(await readExactly(far, 1), bytesOf("x"));
  }],
  [
    "has taken the bytes when a write resolves, so that the buffer can be used again",
    async (world, closing) => {
      const { near, far } = await connected(world, closing);
      const buffer = new Uint8Array(1_000);
      for (const value of [1, 2, 3]) await near.write(buffer.fill(value));
      const expected = [1, 2, 3].flatMap((value) => Array<number>(1_000).fill(value));
      assertEquals(await readExactly(far, 3_000), Uint8Array.from(expected));
    },
  ],
];

const CLOSING: readonly (readonly [string, Run])[] = [
  ["ends a stream with null, after all that was sent", async (world, closing) => {
    const { near, far } = await connected(world, closing);
    await near.write(pattern(100_000));
    near.close();
    assert(isSame(await readExactly(far, 100_000), pattern(100_000)));
    assertEquals(await far.read(new Uint8Array(10)), null);
    assertEquals(await far.read(new Uint8Array(10)), null);
  }],
  ["fails a waiting read when its own side closes", async (world, closing) => {
    const { near } = await connected(world, closing);
    const reading = near.read(new Uint8Array(10));
    near.close();
    await rejects(reading, "closed");
  }],
  ["fails a write that waits for the reader when its own side closes", async (world, closing) => {
    const { near } = await connected(world, closing);
    const writing = near.write(new Uint8Array(MORE_THAN_BUFFERS_BYTES));
    near.close();
    await rejects(writing, "closed");
  }],
  [
    "fails reads and writes after its own side closed, and closes again without harm",
    async (world, closing) => {
      const { near } = await connected(world, closing);
      near.close();
      near.close();
      await rejects(near.read(new Uint8Array(10)), "closed");
      await rejects(near.write(bytesOf("x")), "closed");
    },
  ],
  ["fails writes sooner or later once the other side closed", async (world, closing) => {
    const { near, far } = await connected(world, closing);
    far.close();
    const writeOn = async () => {
      for (;;) await near.write(new Uint8Array(10_000));
    };
    await rejects(writeOn(), "closed");
  }],
  ["ends a write that waits for the reader once the other side closed", async (world, closing) => {
    const { near, far } = await connected(world, closing);
    const writing = near.write(new Uint8Array(MORE_THAN_BUFFERS_BYTES));
    await readExactly(far, 1);
    far.close();
    await rejects(writing, "closed");
  }],
];

function listen({ server, address }: TcpWorld, closing: DisposableStack): Listener {
  const listener = server.listen({ address, port: 0 });
  closing.defer(() => listener.close());
  return listener;
}

function connect({ client, address }: TcpWorld, port: number): Promise<Stream> {
  return client.connect({ address, port }, NO_DEADLINE);
}

async function accept(listener: Listener, closing: DisposableStack): Promise<Stream> {
  const stream = await listener.accept();
  assert(stream !== null);
  closing.defer(() => stream.close());
  return stream;
}

async function connected(world: TcpWorld, closing: DisposableStack): Promise<{
  readonly near: Stream;
  readonly far: Stream;
  readonly listener: Listener;
}> {
  const listener = listen(world, closing);
  const [near, far] = await Promise.all([connect(world, listener.port), accept(listener, closing)]);
  closing.defer(() => near.close());
  return { near, far, listener };
}

async function writePieces(stream: Stream, bytes: Uint8Array, pieceBytes: number): Promise<void> {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    await stream.write(bytes.subarray(start, start + pieceBytes));
  }
}

async function readExactly(stream: Stream, count: number, { bufferBytes = count } = {}): Promise<Uint8Array> {
  const all = new Uint8Array(count);
  for (let readBytes = 0; readBytes < count;) {
    const got = await stream.read(all.subarray(readBytes, readBytes + bufferBytes));
    assert(got !== null, `the stream ended after ${readBytes} of ${count} bytes`);
    readBytes += got;
  }
  return all;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes whose order shows: no short part of them repeats soon. */
function pattern(count: number): Uint8Array {
  return Uint8Array.from(
    { length: count },
    (_, index) => (index * 7 + (index >> 8) * 13 + (index >> 16)) & 255,
  );
}

/** As assertEquals, which takes seconds for a megabyte. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

async function rejects(work: Promise<unknown>, reason: NetworkReason): Promise<void> {
  assertEquals((await assertRejects(() => work, NetworkError)).reason, reason);
}

function throws(run: () => unknown, reason: NetworkReason): void {
  assertEquals(assertThrows(run, NetworkError).reason, reason);
}

async function rejection(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (reason) {
    return reason;
  }
  throw new Error("It did not reject");
}
