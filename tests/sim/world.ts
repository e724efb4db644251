/** Whole nodes on simulated machines: what a test plays with, and what it looks at afterwards. */

import { denoCrypto } from "../../src/deno/crypto.ts";
import { type Node, startNode } from "../../src/node/node.ts";
import type { Command, NodeEvent, ReplyTo } from "../../src/api/commands.ts";
import { SimChance } from "./chance.ts";
import { type SimClock, SimTime } from "./clock.ts";
import { SimDisk } from "./disk.ts";
import type { SimHost, SimProcess } from "./host.ts";
import { SimNetwork } from "./network.ts";
import type { Segment } from "./segment.ts";

/** Where every simulated machine keeps its home. */
export const HOME = "/home/earshot";
const CRYPTO = denoCrypto();
/** So little of logs stays in memory that most of it is read back, and indexes begin early. */
const LOG_LIMITS = { warmBytesMax: 2_000, blockBytes: 1_500 };
/** A clean leave is promised within a second. */
const LEAVE_MS_MAX = 1_000;

/** One machine with at most one running node. */
export class SimMachine {
  readonly name: string;
  readonly host: SimHost;
  readonly disk: SimDisk;
  readonly events: NodeEvent[] = [];
  /** Hears each event as it comes, if set. */
  onEvent: (event: NodeEvent) => void = () => {};
  readonly #world: SimWorld;
  #wallOffsetMs: number;
  #process: SimProcess | undefined;
  #clock: SimClock | undefined;
  #node: Node | undefined;
  #listening = new AbortController();

  constructor(world: SimWorld, options: { readonly name: string; readonly wallOffsetMs: number }) {
    const { name, wallOffsetMs } = options;
    this.name = name;
    this.#world = world;
    this.#wallOffsetMs = wallOffsetMs;
    this.host = world.network.host(name);
    const chance = world.chance.fork(`disk ${name}`);
    this.disk = new SimDisk({
      schedule: (delayMs, run) => void world.time.schedule(delayMs, run),
      fraction: () => chance.fraction(),
    });
  }

  /** The running node. @throws {Error} if none runs. */
  get node(): Node {
    if (this.#node === undefined) throw new Error(`No node runs on ${this.name}`);
    return this.#node;
  }

  /** Whether a node runs. */
  get isUp(): boolean {
    return this.#node !== undefined;
  }

  /** The clock of the running process. */
  get clock(): SimClock | undefined {
    return this.#clock;
  }

  /** Timers, sockets and large files of the last process that are still there: none once it has left properly. */
  get leftovers(): number {
    return (this.#clock?.armedCount ?? 0) + (this.#process?.openCount ?? 0) + this.disk.openCount;
  }

  /** Somebody sets the date, whether a node runs or not. */
  jumpWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
    this.#clock?.jumpWall(byMs);
  }

  /** Starts a node; resolves when it is ready. @throws {WorldError} what the node says if it cannot start. */
  async start(options: { readonly name?: string } = {}): Promise<void> {
    const { time, chance } = this.#world;
    const process = this.#process = this.host.boot();
    const clock = this.#clock = time.clock({ wallOffsetMs: this.#wallOffsetMs });
    const ports = {
      clock,
      chance: chance.fork(`node ${this.name} ${time.nowMs}`),
      crypto: CRYPTO,
      tcp: process.tcp,
      udp: process.udp,
      interfaces: process.interfaces,
      device: process.device,
      system: process.system,
      disk: this.disk.boot(),
      files: this.disk.bootFiles(),
    };
    this.#listening = new AbortController();
    const node = await time.drive(startNode({
      ports,
      home: HOME,
      pid: 1,
      version: "sim",
      name: options.name ?? this.name,
      suggestedName: this.name,
      network: true,
      logLimits: LOG_LIMITS,
    }, this.#listening.signal));
    this.#node = node;
    node.ended.catch((error) => this.#world.bugs.push(error));
    this.#listen(node);
  }

  /** Stops the node properly. */
  async stop(): Promise<void> {
    const node = this.node;
    this.#node = undefined;
    const fromMs = this.#world.time.nowMs;
    await this.#world.time.drive(Promise.resolve(node[Symbol.asyncDispose]()));
    this.#listening.abort();
    const tookMs = this.#world.time.nowMs - fromMs;
    if (tookMs > LEAVE_MS_MAX) throw new Error(`${this.name} took ${tookMs} ms to leave`);
  }

  /** kill -9: what was written stays, connections end. */
  kill(): void {
    this.#process?.kill();
    this.#clock?.stop();
    this.disk.kill();
    this.#node = undefined;
    this.#listening.abort();
  }

  /** The plug is pulled: nothing is said, and what was not synced may be lost. */
  powerOff(): void {
    this.host.powerOff();
    this.#clock?.stop();
    this.disk.crash();
    this.#node = undefined;
    this.#listening.abort();
  }

  /** Runs a command on the node, letting the world go on meanwhile. */
  run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    return this.#world.time.drive(this.node.run(command));
  }

  /** The transcript of a conversation. */
  async export(to: string): Promise<string> {
    return (await this.run({ do: "export", to })).text;
  }

  /** The texts of a conversation, in its order. */
  async texts(to: string): Promise<string[]> {
    const { rows } = await this.run({ do: "log", to });
    return rows.filter((row) => !row.notice).map((row) => row.text);
  }

  async #listen(node: Node): Promise<void> {
    for await (const event of node.events(this.#listening.signal)) {
      this.events.push(event);
      this.onEvent(event);
    }
  }
}

/** A seeded world of machines. */
export class SimWorld {
  readonly time = new SimTime();
  readonly chance: SimChance;
  readonly network: SimNetwork;
  readonly machines: SimMachine[] = [];
  /** What ended a node that nobody stopped. */
  readonly bugs: unknown[] = [];

  constructor(seed: number) {
    this.chance = new SimChance(seed);
    this.network = new SimNetwork(this.time, this.chance.fork("network"));
  }

  /** A hotspot whose owner is the machine that gets address .1. */
  hotspot(
    options: { readonly latencyMs?: readonly [number, number]; readonly datagramLoss?: number } = {},
  ): Segment {
    const gateway = "192.168.43.1";
    return this.network.segment({
      prefix: "192.168.43.0",
      prefixLength: 24,
      gateway,
      latencyMs: [1, 5],
      ...options,
    });
  }

  /** A machine on a segment. */
  machine(
    name: string,
    place?: { readonly segment: Segment; readonly address: string },
    wallOffsetMs = 0,
  ): SimMachine {
    const machine = new SimMachine(this, { name, wallOffsetMs });
    if (place !== undefined) machine.host.attach(place.segment, { address: place.address });
    this.machines.push(machine);
    return machine;
  }
}
