import { assertEquals, assertRejects } from "@std/assert";
import { UdpEndpoint } from "../../src/discovery/udp_endpoint.ts";
import { NetworkError } from "../../src/errors.ts";
import type { Datagram, Endpoint, UdpSocket } from "../../src/ports/network.ts";

/** A socket whose sends and receives end when the test says so. */
class FakeSocket implements UdpSocket {
  readonly port = 40_000;
  readonly sends: { to: Endpoint; settle: PromiseWithResolvers<void> }[] = [];
  #receiving = Promise.withResolvers<Datagram | null>();

  send(_bytes: Uint8Array, to: Endpoint): Promise<void> {
    const settle = Promise.withResolvers<void>();
    this.sends.push({ to, settle });
    return settle.promise;
  }

  receive(): Promise<Datagram | null> {
    return this.#receiving.promise;
  }

  deliver(address: string): void {
    this.#receiving.resolve({ bytes: new Uint8Array(1), from: { address, port: 50_000 } });
    this.#receiving = Promise.withResolvers();
  }

  joinGroup(_group: string, interfaceAddress: string): Promise<void> {
    if (interfaceAddress === "10.0.0.1") {
      return Promise.reject(new NetworkError("failed", "No multicast here"));
    }
    return Promise.reject(new TypeError("a bug"));
  }

  close(): void {
    this.#receiving.resolve(null);
  }
}

function to(address: string): Endpoint {
  return { address, port: 9999 };
}

/** One turn of the event loop: every promise that was settled has run its course. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

Deno.test("Post hands over what comes until it is closed", async () => {
  const socket = new FakeSocket();
  const udpEndpoint = new UdpEndpoint(socket);
  const heard: string[] = [];
  const running = udpEndpoint.run(({ from }) => void heard.push(from.address));
  socket.deliver("10.0.0.1");
  await Promise.resolve();
  udpEndpoint.close();
  udpEndpoint.close();
  await running;
  assertEquals([heard, udpEndpoint.isOpen], [["10.0.0.1"], false]);
});

Deno.test("Post ends when the system closes its socket", async () => {
  const socket = new FakeSocket();
  const udpEndpoint = new UdpEndpoint(socket);
  const running = udpEndpoint.run(() => {});
  socket.close();
  await running;
  assertEquals(udpEndpoint.isOpen, false);
});

Deno.test("Post drops what the system does not take, and sends nothing once closed", () => {
  const socket = new FakeSocket();
  const udpEndpoint = new UdpEndpoint(socket);
  for (let count = 0; count < 1_000; count++) udpEndpoint.send(new Uint8Array(1), to("10.0.0.2"));
  assertEquals(socket.sends.length, 256);
  udpEndpoint.close();
  udpEndpoint.send(new Uint8Array(1), to("10.0.0.2"));
  assertEquals(socket.sends.length, 256);
});

Deno.test("Post waits for its sends before it is done", async () => {
  const socket = new FakeSocket();
  const udpEndpoint = new UdpEndpoint(socket);
  let isDone = false;
  const running = udpEndpoint.run(() => {}).then(() => void (isDone = true));
  udpEndpoint.send(new Uint8Array(1), to("10.0.0.2"));
  udpEndpoint.close();
  await turn();
  assertEquals(isDone, false);
  socket.sends[0]?.settle.resolve();
  await running;
});

Deno.test("Post remembers the last failure of each address until a send succeeds", async () => {
  const socket = new FakeSocket();
  const udpEndpoint = new UdpEndpoint(socket);
  const send = async (address: string, error?: NetworkError) => {
    udpEndpoint.send(new Uint8Array(1), to(address));
    const settle = socket.sends.at(-1)?.settle;
    if (error === undefined) settle?.resolve();
    else settle?.reject(error);
    await turn();
  };
  await send("255.255.255.255", new NetworkError("unreachable", "No route"));
  await send("10.0.0.255", new NetworkError("forbidden", "No"));
  await send("10.0.0.2", new NetworkError("closed", "Closed"));
  assertEquals(udpEndpoint.problems, [
    { address: "255.255.255.255", reason: "unreachable" },
    { address: "10.0.0.255", reason: "forbidden" },
  ]);
  await send("10.0.0.255");
  assertEquals(udpEndpoint.problems, [{ address: "255.255.255.255", reason: "unreachable" }]);
  for (let number = 0; number < 50; number++) {
    await send(`10.0.1.${number}`, new NetworkError("unreachable", "No route"));
  }
  assertEquals(udpEndpoint.problems.length, 16);
  await send("255.255.255.255", new NetworkError("forbidden", "No"));
  assertEquals(udpEndpoint.problems[0], { address: "255.255.255.255", reason: "forbidden" });
});

Deno.test("Post ends with a bug of a send, and with one of its reader", async () => {
  const socket = new FakeSocket();
  const udpEndpoint = new UdpEndpoint(socket);
  const running = udpEndpoint.run(() => {});
  udpEndpoint.send(new Uint8Array(1), to("10.0.0.2"));
  socket.sends[0]?.settle.reject(new TypeError("a bug"));
  await assertRejects(() => running, TypeError, "a bug");

  const other = new FakeSocket();
  const reading = new UdpEndpoint(other).run(() => {
    throw new RangeError("another bug");
  });
  other.deliver("10.0.0.1");
  await assertRejects(() => reading, RangeError, "another bug");
});

Deno.test("Post does without a group that an interface refuses", async () => {
  const udpEndpoint = new UdpEndpoint(new FakeSocket());
  await udpEndpoint.join("224.0.0.219", "10.0.0.1");
  await assertRejects(() => udpEndpoint.join("224.0.0.219", "10.0.0.2"), TypeError, "a bug");
});
