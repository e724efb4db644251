/** Discovery of a crowd on one simulated network: how soon everybody knows everybody, and what goes over the air. */

import { Buffer } from "node:buffer";
import { denoCrypto } from "../src/deno/crypto.ts";
import { UNPINNED_PEERS_MAX } from "../src/discovery/peer_table.ts";
import { type DiscoveryLoop, startDiscovery } from "../src/discovery/discovery_loop.ts";
import type { Crypto } from "../src/ports/crypto.ts";
import { toPeerId } from "../src/room/id.ts";
import { SimChance } from "../tests/sim/chance.ts";
import { SimTime } from "../tests/sim/clock.ts";
import { SimNetwork } from "../tests/sim/network.ts";
import type { Segment, Traffic } from "../tests/sim/segment.ts";

/** How closely the moment is looked for at which all know all. */
const STEP_MS = 50;
/** Of the bursts at the start, behind the last node. */
const BURST_SECONDS = 5;
/** Until then they do, or it is said that they do not. */
const COMPLETE_MS_MAX = 60_000;
/** When the quiet is measured, and for how long. */
const QUIET_FROM_MS = 300_000;
/** As long as the slowest beat, which all who started together have at the same time. */
const QUIET_MS = 300_000;
const FIRST_HOST = 2;
const SIGNATURES_KNOWN_MAX = 100_000;
const { compare } = Buffer;

/** What is on the air; a broadcast counts once. */
export interface AirTime {
  readonly datagramsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** What a crowd came to. */
export interface SimulatedDiscovery {
  readonly nodes: number;
  readonly withinMs: number;
  /** How many others each can know: all, up to the bound on strangers. */
  readonly knownMax: number;
  /** Simulated milliseconds from the start of the last until each knows so many; null if not within a minute. */
  readonly completeMs: number | null;
  /** How many others the one knew then that knew the fewest. */
  readonly knownLeast: number;
  /** While they start, and five seconds more. */
  readonly atStart: AirTime;
  /** In the busiest second of those. */
  readonly busiest: AirTime;
  /** In the five minutes after five minutes. */
  readonly later: AirTime;
}

/** All start on one Wi-Fi cell without losses, with packets of 1 to 5 ms, evenly within that time. Nobody knows anybody. */
export async function simulateDiscovery(
  { nodes, withinMs, seed }: { readonly nodes: number; readonly withinMs: number; readonly seed: string },
): Promise<SimulatedDiscovery> {
  const time = new SimTime();
  const chance = new SimChance(seed);
  const network = new SimNetwork(time, chance);
  const cell = network.segment({ prefix: "10.77.0.0", prefixLength: 16 });
  const crypto = rememberingCrypto();
  const ending = new AbortController();
  const watches: DiscoveryLoop[] = [];
  const start = (index: number) => {
    const host = network.host(`host ${index}`);
    const number = index + FIRST_HOST;
    host.attach(cell, { address: `10.77.${number >> 8}.${number & 0xff}` });
    const { tcp, udp, interfaces } = host.boot();
    const clock = time.clock();
    const signer = crypto.signer(seedOf(number));
    watches.push(startDiscovery({
      ports: { clock, chance: chance.fork(`node ${index}`), crypto, tcp, udp, interfaces },
      signer,
      id: toPeerId(signer.publicKey),
      instance: clock.wallMs(),
      discoveryPort: 9999,
      profile: { name: `Node ${number}`, rendezvousPort: 9999, merit: 1, rooms: [] },
      knownEndpoints: () => [],
      onChange: () => {},
      onHeardAgain: () => {},
      onEndpoint: () => {},
    }, ending.signal));
  };
  for (let index = 0; index < nodes; index++) {
    time.schedule(withinMs * (index + 1) / nodes, () => start(index));
  }
  const knownMax = Math.min(nodes - 1, UNPINNED_PEERS_MAX);
  const air = new Air(cell, time);
  let completeMs: number | null = null;
  const seconds: AirTime[] = [];
  const startSeconds = withinMs / 1000 + BURST_SECONDS;
  while (time.nowMs < withinMs + COMPLETE_MS_MAX && (completeMs === null || seconds.length < startSeconds)) {
    await time.runFor(STEP_MS);
    if (
      completeMs === null && watches.length === nodes &&
      watches.every((discovery) => knownBy(discovery) >= knownMax)
    ) {
      completeMs = time.nowMs - withinMs;
    }
    if (seconds.length < startSeconds && time.nowMs >= (seconds.length + 1) * 1000) seconds.push(air.lap());
  }
  const knownLeast = Math.min(...watches.map(knownBy));
  await time.run(withinMs + QUIET_FROM_MS);
  air.lap();
  await time.runFor(QUIET_MS);
  const later = air.lap();
  for (const discovery of watches) await time.drive(discovery[Symbol.asyncDispose]());
  const mean = (of: (second: AirTime) => number) =>
    seconds.reduce((sum, second) => sum + of(second), 0) / seconds.length;
  return {
    nodes,
    withinMs,
    knownMax,
    completeMs,
    knownLeast,
    atStart: {
      datagramsPerSecond: mean((second) => second.datagramsPerSecond),
      bytesPerSecond: mean((second) => second.bytesPerSecond),
    },
    busiest: seconds.reduce((left, right) => left.bytesPerSecond > right.bytesPerSecond ? left : right),
    later,
  };
}

function knownBy(discovery: DiscoveryLoop): number {
  return discovery.peers.list().reduce((sum, { isHeard }) => sum + (isHeard ? 1 : 0), 0);
}

/** What went over the air since the last look. */
class Air {
  readonly #cell: Segment;
  readonly #time: SimTime;
  #before: Traffic;
  #fromMs: number;

  constructor(cell: Segment, time: SimTime) {
    this.#cell = cell;
    this.#time = time;
    this.#before = { ...cell.traffic };
    this.#fromMs = time.nowMs;
  }

  lap(): AirTime {
    const { traffic } = this.#cell;
    const seconds = (this.#time.nowMs - this.#fromMs) / 1000;
    const lap = {
      datagramsPerSecond: (traffic.datagrams - this.#before.datagrams) / seconds,
      bytesPerSecond: (traffic.datagramBytes - this.#before.datagramBytes) / seconds,
    };
    this.#before = { ...traffic };
    this.#fromMs = this.#time.nowMs;
    return lap;
  }
}

/** Each beacon is heard by a thousand nodes of this one process: its signature is checked by the first. What nodes do is the same. */
function rememberingCrypto(): Crypto {
  const crypto = denoCrypto();
  /** By the signature; what was signed is compared. */
  const known = new Map<string, { readonly publicKey: Uint8Array; readonly data: Uint8Array }>();
  return {
    ...crypto,
    verify(publicKey, data, signature) {
      const name = Buffer.from(signature).toString("latin1");
      const good = known.get(name);
      if (good !== undefined && compare(good.publicKey, publicKey) === 0 && compare(good.data, data) === 0) {
        return true;
      }
      const isGood = crypto.verify(publicKey, data, signature);
      if (known.size > SIGNATURES_KNOWN_MAX) known.clear();
      if (isGood) known.set(name, { publicKey: publicKey.slice(), data: data.slice() });
      return isGood;
    },
  };
}

function seedOf(number: number): Uint8Array {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, number);
  return seed;
}
