import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { NetworkError, type NetworkReason } from "../../src/errors.ts";
import type { Datagram, Udp, UdpSocket } from "../../src/ports/network.ts";

/** Two sides to try, and what makes time go on while a promise is awaited. */
export interface UdpWorld {
  readonly near: Udp;
  readonly nearAddress: string;
  readonly far: Udp;
  readonly farAddress: string;
  /** Reaches the far side and whoever else hears broadcasts there. */
  readonly broadcast: string;
  drive<T>(work: Promise<T>): Promise<T>;
}

/** One case; what it opens, it hands to `closing`. */
type Run = (world: UdpWorld, closing: DisposableStack) => Promise<void>;

/** What every Udp does, where no datagram is lost. */
export function udpContract(name: string, make: () => UdpWorld): void {
  for (const [behaviour, run] of [...OPENING, ...CARRYING, ...CLOSING]) {
    Deno.test(`${name} ${behaviour}`, async () => {
      const world = make();
      using closing = new DisposableStack();
      await world.drive(run(world, closing));
    });
  }
}

/** The longest datagram that is passed on. */
const PASSED_BYTES_MAX = 2_048;
/** The longest that IPv4 can carry. */
const SENT_BYTES_MAX = 65_507;
const GROUP = "224.0.0.167";

const OPENING: readonly (readonly [string, Run])[] = [
  ["takes a free port for port 0", (world, closing) => {
    const ports = [openFar(world, closing).port, openFar(world, closing).port];
    assert(ports.every((port) => port > 0));
    assertNotEquals(ports[0], ports[1]);
    return Promise.resolve();
  }],
  ["does not open a port that is taken, unless both sockets share it", (world, closing) => {
    const { far, farAddress: address } = world;
    const alone = openFar(world, closing);
    throws(() => far.open({ address, port: alone.port }, { shared: false }), "taken");
    throws(() => far.open({ address, port: alone.port }, { shared: true }), "taken");
    const first = far.open({ address, port: 0 }, { shared: true });
    closing.defer(() => first.close());
    const second = far.open({ address, port: first.port }, { shared: true });
    closing.defer(() => second.close());
    assertEquals(second.port, first.port);
    throws(() => far.open({ address, port: first.port }, { shared: false }), "taken");
    return Promise.resolve();
  }],
  ["does not open at an address that this machine has not", ({ far }) => {
    // One of the addresses for documentation (RFC 5737), so nobody's.
    throws(() => far.open({ address: "203.0.113.1", port: 0 }, { shared: false }), "unreachable");
    return Promise.resolve();
  }],
  ["refuses what is not an IP address or a port, without asking anybody for it", async (world, closing) => {
    const socket = openNear(world, closing);
    for (const address of ["localhost", "", "1.2.3", "256.1.1.1", "01.2.3.4"]) {
      throws(() => world.far.open({ address, port: 0 }, { shared: false }), "malformed");
      await rejects(socket.send(bytesOf("x"), { address, port: 9 }), "malformed");
    }
    for (const port of [-1, 65_536, 1.5, NaN]) {
      throws(() => world.far.open({ address: world.farAddress, port }, { shared: false }), "malformed");
      await rejects(socket.send(bytesOf("x"), { address: world.farAddress, port }), "malformed");
    }
  }],
  ["joins a group, again without harm, and nothing that is no group", async (world, closing) => {
    const socket = openFar(world, closing);
    await socket.joinGroup(GROUP, world.farAddress);
    await socket.joinGroup(GROUP, world.farAddress);
    await assertRejects(() => socket.joinGroup(world.farAddress, world.farAddress), NetworkError);
    await assertRejects(() => socket.joinGroup(GROUP, "203.0.113.1"), NetworkError);
  }],
];

const CARRYING: readonly (readonly [string, Run])[] = [
  ["carries a datagram to one address, and an answer to where it came from", async (world, closing) => {
    const near = openNear(world, closing);
    const far = openFar(world, closing);
    await near.send(bytesOf("who is there?"), { address: world.farAddress, port: far.port });
    const heard = await receive(far);
    assertEquals(heard, {
      bytes: bytesOf("who is there?"),
      from: { address: world.nearAddress, port: near.port },
    });
    await far.send(bytesOf("me"), heard.from);
    assertEquals(await receive(near), {
      bytes: bytesOf("me"),
      from: { address: world.farAddress, port: far.port },
    });
  }],
  ["carries a broadcast to every socket that shares the port", async (world, closing) => {
    const near = openNear(world, closing);
    const [one, two] = openSharing(world, closing);
    await near.send(bytesOf("all!"), { address: world.broadcast, port: one.port });
    for (const socket of [one, two]) {
      const { bytes, from } = await receive(socket);
      assertEquals(bytes, bytesOf("all!"));
      assertEquals(from, { address: world.nearAddress, port: near.port });
    }
  }],
  ["keeps the bounds of datagrams, also of empty ones", async (world, closing) => {
    const near = openNear(world, closing);
    const far = openFar(world, closing);
    const sizes = [1, 0, 512, 2, 0, PASSED_BYTES_MAX, 3];
    for (const size of sizes) {
      await near.send(new Uint8Array(size).fill(size), { address: world.farAddress, port: far.port });
    }
    for (const size of sizes) assertEquals((await receive(far)).bytes, new Uint8Array(size).fill(size));
  }],
  ["drops datagrams that are longer than any of ours", async (world, closing) => {
    const near = openNear(world, closing);
    const far = openFar(world, closing);
    for (const size of [PASSED_BYTES_MAX + 1, 20_000, 7]) {
      await near.send(new Uint8Array(size), { address: world.farAddress, port: far.port });
    }
    assertEquals((await receive(far)).bytes.length, 7);
  }],
  ["refuses to send more than a datagram holds, and goes on", async (world, closing) => {
    const near = openNear(world, closing);
    const far = openFar(world, closing);
    const to = { address: world.farAddress, port: far.port };
    await rejects(near.send(new Uint8Array(SENT_BYTES_MAX + 1), to), "failed");
    await near.send(bytesOf("small"), to);
    assertEquals((await receive(far)).bytes, bytesOf("small"));
  }],
  ["gives bytes that stay as they are when the next datagram comes", async (world, closing) => {
    const near = openNear(world, closing);
    const far = openFar(world, closing);
    const to = { address: world.farAddress, port: far.port };
    const buffer = bytesOf("first");
    await near.send(buffer, to);
    buffer.set(bytesOf("other"));
    await near.send(buffer, to);
    const [first, second] = [await receive(far), await receive(far)];
    assertEquals(first.bytes, bytesOf("first"));
    assertEquals(second.bytes, bytesOf("other"));
  }],
  ["hears on after a datagram of its own met a closed port", async (world, closing) => {
    const near = openNear(world, closing);
    const far = openFar(world, closing);
    const gone = world.far.open({ address: world.farAddress, port: 0 }, { shared: false });
    gone.close();
    await near.send(bytesOf("anybody?"), { address: world.farAddress, port: gone.port });
    await far.send(bytesOf("me"), { address: world.nearAddress, port: near.port });
    assertEquals((await receive(near)).bytes, bytesOf("me"));
  }],
];

const CLOSING: readonly (readonly [string, Run])[] = [
  ["ends a waiting receive when the socket is closed, and those after it", async (world, closing) => {
    const socket = openFar(world, closing);
    const receiving = socket.receive();
    socket.close();
    socket.close();
    assertEquals(await receiving, null);
    assertEquals(await socket.receive(), null);
  }],
  ["does not send after the socket was closed", async (world, closing) => {
    const socket = openNear(world, closing);
    socket.close();
    await rejects(socket.send(bytesOf("x"), { address: world.farAddress, port: 9 }), "closed");
  }],
];

function openNear({ near, nearAddress }: UdpWorld, closing: DisposableStack): UdpSocket {
  const socket = near.open({ address: nearAddress, port: 0 }, { shared: false });
  closing.defer(() => socket.close());
  return socket;
}

function openFar({ far, farAddress }: UdpWorld, closing: DisposableStack): UdpSocket {
  const socket = far.open({ address: farAddress, port: 0 }, { shared: false });
  closing.defer(() => socket.close());
  return socket;
}

/** Two sockets on one port and any address, as two nodes of a machine have them. They only listen. */
function openSharing({ far }: UdpWorld, closing: DisposableStack): readonly [UdpSocket, UdpSocket] {
  const one = far.open({ address: "0.0.0.0", port: 0 }, { shared: true });
  closing.defer(() => one.close());
  const two = far.open({ address: "0.0.0.0", port: one.port }, { shared: true });
  closing.defer(() => two.close());
  return [one, two];
}

async function receive(socket: UdpSocket): Promise<Datagram> {
  const datagram = await socket.receive();
  assert(datagram !== null);
  return datagram;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function rejects(work: Promise<unknown>, reason: NetworkReason): Promise<void> {
  assertEquals((await assertRejects(() => work, NetworkError)).reason, reason);
}

function throws(run: () => unknown, reason: NetworkReason): void {
  assertEquals(assertThrows(run, NetworkError).reason, reason);
}
