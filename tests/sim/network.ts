/**
 * A simulated network: machines, segments that they attach to, and all that goes wrong between them. Processes on the
 * machines use it by the ports of the program (`host.boot()` gives them), and can not tell the difference; that is what
 * tests/contracts hold it to. Where systems differ, it behaves like Linux, or like the harshest.
 *
 *     const time = new SimTime();
 *     const network = new SimNetwork(time, new SimChance(seed));
 *     const hotspot = network.segment({ prefix: "192.168.43.0", prefixLength: 24, gateway: "192.168.43.1" });
 *     const alice = network.host("alice");
 *     alice.attach(hotspot, { address: "192.168.43.1" });
 *     const { tcp, udp, interfaces } = alice.boot();
 */

import type { SimChance } from "./chance.ts";
import type { SimTime } from "./clock.ts";
import { SimHost } from "./host.ts";
import { Segment, type SegmentOptions } from "./segment.ts";

/** Machines and what connects them. */
export class SimNetwork {
  readonly #time: SimTime;
  readonly #chance: SimChance;
  readonly #names = new Set<string>();

  constructor(time: SimTime, chance: SimChance) {
    this.#time = time;
    this.#chance = chance;
  }

  /** A new machine, switched on, attached to nothing but its loopback. */
  host(name: string): SimHost {
    if (this.#names.has(name)) throw new RangeError(`There is a host "${name}" already`);
    this.#names.add(name);
    return new SimHost(name, { time: this.#time, chance: this.#chance.fork(`host ${name}`) });
  }

  /** A new segment that carries well, unless told otherwise. */
  segment(options: SegmentOptions): Segment {
    return new Segment(options);
  }
}
