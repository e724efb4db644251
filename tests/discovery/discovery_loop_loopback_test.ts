/** The watch with the real sockets, clock and crypto, inside this machine: everything is bound and sent to 127.0.0.0/8. */

import { assertEquals } from "@std/assert";
import { denoChance } from "../../src/deno/chance.ts";
import { denoClock } from "../../src/deno/clock.ts";
import { denoTcp } from "../../src/deno/tcp.ts";
import { denoUdp } from "../../src/deno/udp.ts";
import { type DiscoveryLoop, startDiscovery } from "../../src/discovery/discovery_loop.ts";
import type { Udp } from "../../src/ports/network.ts";
import { toPeerId } from "../../src/room/id.ts";
import { crypto, signerOf } from "../fixtures/discovery/beacons.ts";
import { profileOf } from "../fixtures/discovery/simulated_lan.ts";

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
): { discovery: DiscoveryLoop; heard: Promise<void> } {
  const signer = signerOf(number);
  const heard = Promise.withResolvers<void>();
  const discovery: DiscoveryLoop = startDiscovery({
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
    id: toPeerId(signer.publicKey),
    instance: number,
    discoveryPort: options.port,
    profile: profileOf(`Node ${number}`),
    knownEndpoints: () => [],
    onHeardAgain: () => {},
    onChange: () => {
      if (discovery.peers.list().some((peer) => peer.claimedName === options.waitFor)) heard.resolve();
    },
    onEndpoint: () => {},
  }, new AbortController().signal);
  return { discovery, heard: heard.promise };
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
    assertEquals(one.discovery.port, port);
    const [peer] = one.discovery.peers.list();
    assertEquals(peer?.endpoints, [{ address: "127.0.0.1", port: 9999 }]);
    assertEquals(one.discovery.status().localsCount, 1);
    await one.discovery[Symbol.asyncDispose]();
    await two.discovery[Symbol.asyncDispose]();
  },
});
