/** A host with its door open, and visitors on the same network: for tests of the handoff from both sides. */

import { dial, type Dialled } from "../../src/client/dial.ts";
import { type Arrival, type Door, type DoorOptions, openDoor } from "../../src/host/door.ts";
import type { Endpoint, Stream } from "../../src/ports.ts";
import { Reading } from "../net/connection.ts";
import { SimChance } from "../sim/chance.ts";
import { type SimClock, SimTime } from "../sim/clock.ts";
import type { SimHost, SimProcess } from "../sim/host.ts";
import { SimNetwork } from "../sim/network.ts";
import type { Segment } from "../sim/segment.ts";

/** Where the door is. */
export const DOOR: Endpoint = { address: "10.0.0.1", port: 9999 };

/** One machine with a process on it. */
export interface Place {
  readonly host: SimHost;
  readonly process: SimProcess;
  readonly clock: SimClock;
}

/** A raw connection: what a program that is not earshot, or not honest, does. */
export interface Visit {
  readonly stream: Stream;
  /** What came back. */
  readonly reading: Reading;
}

/** A world with one host. */
export class Street {
  readonly time = new SimTime();
  readonly segment: Segment;
  readonly hall: Place;
  readonly arrivals: Arrival[] = [];
  readonly #network: SimNetwork;
  readonly #seed: string | number;
  #doorRun: Promise<void> = Promise.resolve();

  constructor(seed: string | number = 1) {
    this.#seed = seed;
    this.#network = new SimNetwork(this.time, new SimChance(seed));
    this.segment = this.#network.segment({ prefix: "10.0.0.0", prefixLength: 16 });
    this.hall = this.place(DOOR.address);
  }

  /** A machine on the street. */
  place(address: string): Place {
    const host = this.#network.host(address);
    host.attach(this.segment, { address });
    return { host, process: host.boot(), clock: this.time.clock() };
  }

  /** Opens the door of the hall and serves it. */
  open(changes: Partial<DoorOptions> = {}): Door {
    const { process, clock } = this.hall;
    const door = openDoor({
      tcp: process.tcp,
      clock,
      chance: new SimChance(`door ${this.#seed}`),
      port: DOOR.port,
      isExact: false,
      sessionCount: () => 0,
      sessionsFromThereCount: () => 0,
      onArrival: (arrival) => this.arrivals.push(arrival),
      ...changes,
    });
    this.#doorRun = door.run();
    return door;
  }

  /** Ends the door, and waits until its `run` has ended. */
  async shut(door: Door): Promise<void> {
    door.close();
    await this.time.drive(this.#doorRun);
  }

  /** The run of the door that was opened last. */
  get served(): Promise<void> {
    return this.#doorRun;
  }

  /** Timers and sockets that the hall has. */
  get openInHall(): number {
    return this.hall.process.openCount + this.hall.clock.armedCount;
  }

  /** Dials as a client does, letting time go on meanwhile. */
  dial(
    from: Place,
    to: Endpoint = DOOR,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Dialled> {
    return this.time.drive(dial(to, { tcp: from.process.tcp, clock: from.clock, signal }));
  }

  /** Connects and says something, as anything on a network may. */
  async visit(from: Place, to: Endpoint, bytes: string | Uint8Array = ""): Promise<Visit> {
    const connecting = from.process.tcp.connect(to, new AbortController().signal);
    const stream = await this.time.drive(connecting);
    const said = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    if (said.length > 0) await this.time.drive(stream.write(said));
    return { stream, reading: new Reading(stream, from.clock) };
  }

  /** Asks for a session as a client does, and gives the answer's port and ticket. */
  async ask(from: Place): Promise<{ readonly port: number; readonly ticket: string }> {
    const { stream, reading } = await this.visit(from, DOOR, "EARSHOT/1 HELLO\n");
    await this.time.runUntil(() => reading.end !== "open", 1_000);
    stream.close();
    const [, port, ticket] = /^EARSHOT\/1 PORT (\d+) TICKET ([0-9a-f]{32})\n$/.exec(reading.text) ?? [];
    if (port === undefined || ticket === undefined) throw new Error(`No port in "${reading.text}"`);
    return { port: Number(port), ticket };
  }
}
