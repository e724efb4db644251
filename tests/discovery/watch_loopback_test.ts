/** The watch with the real sockets, clock and crypto, inside this machine: everything is bound and sent to 127.0.0.0/8. */

import { assertEquals } from "@std/assert";
import { denoChance } from "../../src/deno/chance.ts";
import { denoClock } from "../../src/deno/clock.ts";
import { denoTcp } from "../../src/deno/tcp.ts";
import { denoUdp } from "../../src/deno/udp.ts";
import { startWatch, type Watch } from "../../src/discovery/watch.ts";
import type { Udp } from "../../src/ports.ts";
import { peerIdOf } from "../../src/room/id.ts";
import { crypto, signerOf } from "./cast.ts";
import { profileOf } from "./neighbourhood.ts";

const BROADCAST = "127.255.255.255";

/** Real UDP whose sockets on all addresses are on loopback's broadcast address instead: Linux hears broadcasts there too. */
function loopbackUdp(): Udp {
  const udp = denoUdp();
  return {
    open: (at, options) =>
      udp.open({ ...at, address: at.address === "0.0.0.0" ? BROADCAST : at.address }, options),
  };
}

/** Starts a node; the promise is kept once it hears somebody of that name. */
function startNode(
  number: number,
  options: { port: number; waitFor: string },
): { watch: Watch; heard: Promise<void> } {
  const signer = signerOf(number);
  const heard = Promise.withResolvers<void>();
  const watch: Watch = startWatch({
    ports: {
      clock: denoClock(),
      chance: denoChance(),
      crypto,
      tcp: denoTcp(),
      udp: loopbackUdp(),
      interfaces: {
        list: () => [{ name: "lo", address: "127.0.0.1", prefixLength: 8 }],
        gateways: () => Promise.resolve([]),
      },
    },
    signer,
    id: peerIdOf(signer.publicKey),
    instance: number,
    discoveryPort: options.port,
    profile: profileOf(`Node ${number}`),
    known: () => [],
    onAgain: () => {},
    onChange: () => {
      if (watch.peers.list().some((peer) => peer.claimedName === options.waitFor)) heard.resolve();
    },
    onEndpoint: () => {},
  }, new AbortController().signal);
  return { watch, heard: heard.promise };
}

function freePort(): number {
  const socket = loopbackUdp().open({ address: "0.0.0.0", port: 0 }, { shared: true });
  socket.close();
  return socket.port;
}

Deno.test({
  name: "Watch: two nodes hear each other over real sockets, and close all of them",
  // Binding to a broadcast address is a Linux way to stay on loopback.
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const port = freePort();
    const one = startNode(1, { port, waitFor: "Node 2" });
    const two = startNode(2, { port, waitFor: "Node 1" });
    await Promise.all([one.heard, two.heard]);
    assertEquals(one.watch.port, port);
    const [peer] = one.watch.peers.list();
    assertEquals(peer?.endpoints, [{ address: "127.0.0.1", port: 9999 }]);
    assertEquals(one.watch.status().localsCount, 1);
    await one.watch[Symbol.asyncDispose]();
    await two.watch[Symbol.asyncDispose]();
  },
});
