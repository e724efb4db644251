/** Simulated machines that run discovery, for the tests of the watch. */

import type { Profile } from "../../src/discovery/beacon.ts";
import { endpointKey } from "../../src/discovery/hearing.ts";
import { startWatch, type Watch, type WatchOptions } from "../../src/discovery/watch.ts";
import type { Endpoint, Udp, UdpSocket } from "../../src/ports.ts";
import { peerIdOf } from "../../src/room/id.ts";
import { SimChance } from "../sim/chance.ts";
import { type SimClock, SimTime } from "../sim/clock.ts";
import type { SimHost, SimProcess } from "../sim/host.ts";
import { SimNetwork } from "../sim/network.ts";
import type { Segment } from "../sim/segment.ts";
import { crypto, signerOf } from "./cast.ts";

/** One node and what it was told. */
export interface Neighbour {
  readonly name: string;
  readonly watch: Watch;
  readonly clock: SimClock;
  readonly process: SimProcess;
  readonly controller: AbortController;
  readonly endpoints: Endpoint[];
  /** Names of the peers that it hears, sorted. */
  readonly heard: string[];
}

/** What differs from a plain node. */
export interface NodeChanges extends Partial<Omit<WatchOptions, "ports">> {
  readonly number?: number;
  readonly wrapUdp?: (udp: Udp) => Udp;
  readonly wallOffsetMs?: number;
}

/** A world of its own for each test; at its end every timer and socket must be gone. */
export class Neighbourhood implements AsyncDisposable {
  readonly time = new SimTime();
  readonly network: SimNetwork;
  readonly #chance: SimChance;
  readonly #nodes: Neighbour[] = [];

  constructor(seed: string | number = 1) {
    this.#chance = new SimChance(seed);
    this.network = new SimNetwork(this.time, this.#chance);
  }

  /** A host on the segment. */
  hostOn(segment: Segment, address: string): SimHost {
    const host = this.network.host(`host ${address}`);
    host.attach(segment, { address });
    return host;
  }

  /** Starts a node. */
  start(name: string, host: SimHost, changes: NodeChanges = {}): Neighbour {
    const { number = this.#nodes.length + 1, wrapUdp = (udp: Udp) => udp, wallOffsetMs = 0, ...options } =
      changes;
    const clock = this.time.clock({ wallOffsetMs });
    const process = host.boot();
    const signer = signerOf(number);
    const endpoints: Endpoint[] = [];
    const controller = new AbortController();
    const watch = startWatch({
      ports: {
        clock,
        chance: this.#chance.fork(`node ${this.#nodes.length}`),
        crypto,
        tcp: process.tcp,
        udp: wrapUdp(process.udp),
        interfaces: process.interfaces,
      },
      signer,
      id: peerIdOf(signer.publicKey),
      instance: clock.wallMs(),
      discoveryPort: 9999,
      profile: profileOf(name),
      known: () => [],
      onChange: () => {},
      onAgain: () => {},
      onEndpoint: (endpoint) => endpoints.push(endpoint),
      ...options,
    }, controller.signal);
    const node = {
      name,
      watch,
      clock,
      process,
      controller,
      endpoints,
      get heard() {
        return watch.peers.list().filter((peer) => peer.isHeard).map((peer) => peer.claimedName).sort();
      },
    };
    this.#nodes.push(node);
    return node;
  }

  /** Ends a node, and says what it left behind: nothing, or this is a leak. */
  async stop(node: Neighbour): Promise<{ readonly sockets: number; readonly timers: number }> {
    await this.time.drive(node.watch[Symbol.asyncDispose]());
    return { sockets: node.process.openCount, timers: node.clock.armedCount };
  }

  /** Whether everybody hears everybody else. */
  get isComplete(): boolean {
    return this.#nodes.every((node) => {
      const others = this.#nodes.filter((other) => other !== node).map((other) => other.name).sort();
      return JSON.stringify(node.heard) === JSON.stringify(others);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes) await this.time.drive(node.watch[Symbol.asyncDispose]());
  }
}

export function profileOf(name: string): Profile {
  return { name, rendezvousPort: 9999, merit: 1, rooms: [] };
}

/** A UDP whose sends to some addresses vanish, or fail. */
export function filteredUdp(udp: Udp, send: (to: Endpoint) => "pass" | "drop" | Error): Udp {
  return {
    open: (at, options) => {
      const socket = udp.open(at, options);
      return {
        port: socket.port,
        receive: () => socket.receive(),
        joinGroup: (group, address) => socket.joinGroup(group, address),
        close: () => socket.close(),
        send: (bytes, to) => {
          const verdict = send(to);
          if (verdict === "pass") return socket.send(bytes, to);
          return verdict === "drop" ? Promise.resolve() : Promise.reject(verdict);
        },
      } satisfies UdpSocket;
    },
  };
}

/** How long Windows lets answers in to a socket that sent a broadcast. */
const WINDOW_MS = 3_000;

/**
 * A firewall without a rule for us, as Windows has it: in comes what answers a unicast from there, and anything within
 * three seconds after a broadcast, at the socket that sent it.
 */
export function firewalledUdp(udp: Udp, nowMs: () => number): Udp {
  return {
    open: (at, options) => {
      const socket = udp.open(at, options);
      const asked = new Set<string>();
      let openUntilMs = -1;
      return {
        port: socket.port,
        joinGroup: (group, address) => socket.joinGroup(group, address),
        close: () => socket.close(),
        send: (bytes, to) => {
          if (isToMany(to)) openUntilMs = nowMs() + WINDOW_MS;
          else asked.add(endpointKey(to));
          return socket.send(bytes, to);
        },
        receive: async () => {
          for (;;) {
            const datagram = await socket.receive();
            if (datagram === null || nowMs() < openUntilMs || asked.has(endpointKey(datagram.from))) {
              return datagram;
            }
          }
        },
      } satisfies UdpSocket;
    },
  };
}

/** Datagrams of 512 bytes to nobody that one socket of Linux holds back, and for how long. Measured. */
const HELD_MAX = 167;
const HELD_MS = 3_000;

/** A UDP that holds back what goes to addresses that nobody has, as Linux does; a socket with too many of them sends nothing. */
export function holdingUdp(
  udp: Udp,
  { time, isThere }: { time: SimTime; isThere: (address: string) => boolean },
): Udp {
  return {
    open: (at, options) => {
      const socket = udp.open(at, options);
      let heldCount = 0;
      let free = Promise.withResolvers<void>();
      const release = () => {
        heldCount--;
        free.resolve();
        free = Promise.withResolvers();
      };
      return {
        port: socket.port,
        receive: () => socket.receive(),
        joinGroup: (group, address) => socket.joinGroup(group, address),
        close: () => socket.close(),
        send: async (bytes, to) => {
          while (heldCount >= HELD_MAX) await free.promise;
          if (isToMany(to) || isThere(to.address)) return await socket.send(bytes, to);
          heldCount++;
          time.schedule(HELD_MS, release);
        },
      } satisfies UdpSocket;
    },
  };
}

/** Broadcast and multicast vanish, as on access points that filter them. */
export function withoutBroadcast(udp: Udp): Udp {
  return filteredUdp(udp, (to) => isToMany(to) ? "drop" : "pass");
}

function isToMany({ address }: Endpoint): boolean {
  return /\.255$|^224\./.test(address);
}
