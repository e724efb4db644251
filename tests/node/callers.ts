/** Nodes that are nothing but their door and their sessions. */

import { denoCrypto } from "../../src/deno/crypto.ts";
import type { ProtocolCode } from "../../src/errors.ts";
import { type Door, openDoor } from "../../src/host/door.ts";
import type { Link } from "../../src/net/pump.ts";
import { Sessions } from "../../src/node/sessions.ts";
import { type PeerId, peerIdOf } from "../../src/room/id.ts";
import type { Rec } from "../../src/wire/record.ts";
import { SimChance } from "../sim/chance.ts";
import { type SimClock, SimTime } from "../sim/clock.ts";
import type { SimHost, SimProcess } from "../sim/host.ts";
import { SimNetwork } from "../sim/network.ts";
import type { Segment } from "../sim/segment.ts";

const CRYPTO = denoCrypto();
const PORT = 9999;

/** One node: its sessions, and what it was told. */
export class Caller {
  readonly id: PeerId;
  readonly address: string;
  readonly host: SimHost;
  /** "open ada", "closed ada leaving": in order. */
  readonly told: string[] = [];
  readonly heard: string[] = [];
  /** Both, in order. */
  readonly diary: string[] = [];
  readonly bugs: unknown[] = [];
  readonly blocked = new Set<PeerId>();
  readonly paused = new Set<PeerId>();
  readonly #exchange: Exchange;
  readonly #key: number;
  #startCount = 0;
  #process: SimProcess;
  #clock: SimClock;
  #sessions: Sessions;
  #door: Door;

  constructor(exchange: Exchange, options: { readonly key: number; readonly address: string }) {
    this.#exchange = exchange;
    this.#key = options.key;
    this.address = options.address;
    this.id = peerIdOf(signerOf(options.key).publicKey);
    this.host = exchange.network.host(options.address);
    this.host.attach(exchange.segment, { address: options.address });
    this.#process = this.host.boot();
    this.#clock = exchange.time.clock();
    [this.#sessions, this.#door] = this.#start();
  }

  get sessions(): Sessions {
    return this.#sessions;
  }

  /** Timers and sockets. */
  get openCount(): number {
    return this.#process.openCount + this.#clock.armedCount;
  }

  /** kill -9, and a new start at once. */
  restart(): void {
    this.#process.kill();
    this.#clock.stop();
    this.#process = this.host.boot();
    this.#clock = this.#exchange.time.clock();
    [this.#sessions, this.#door] = this.#start();
  }

  dial(other: Caller, expected?: PeerId): Promise<Link> {
    const { signal } = new AbortController();
    const endpoint = { address: other.address, port: PORT };
    return this.#sessions.dial(endpoint, { signal, ...(expected !== undefined && { expected }) });
  }

  /** Says something to a peer that has a session. */
  say(other: Caller, text: string): void {
    this.#sessions.links.get(other.id)?.send({
      type: "profile",
      name: text,
      away: "",
      rendezvousPort: 0,
      merit: 1,
      rooms: [],
    });
  }

  /** Leaves as a node does. */
  async close(): Promise<void> {
    this.#door.close();
    await this.#sessions.close();
  }

  #start(): [Sessions, Door] {
    const chance = new SimChance(`${this.address} ${this.#startCount}`);
    const { tcp } = this.#process;
    const clock = this.#clock;
    const told = (text: string) => {
      this.told.push(text);
      this.diary.push(text);
    };
    const sessions: Sessions = new Sessions({
      tcp,
      clock,
      chance,
      crypto: CRYPTO,
      signer: signerOf(this.#key),
      me: this.id,
      instance: ++this.#startCount,
      isBlocked: (peer) => this.blocked.has(peer),
      isPaused: (peer) => this.paused.has(peer),
      onOpen: (_link, peer) => told(`open ${this.#exchange.nameOf(peer)}`),
      onRecord: (_link, record) => this.#hear(record),
      onDrained: () => {},
      onBulkDrained: () => {},
      onClosed: (_link, peer, { code }) =>
        told(`closed ${this.#exchange.nameOf(peer)} ${code satisfies ProtocolCode}`),
      onBug: (error) => this.bugs.push(error),
    });
    const door = openDoor({
      tcp,
      clock,
      chance,
      port: PORT,
      isExact: true,
      sessionsFromThereCount: () => 0,
      sessionCount: () => sessions.count,
      onArrival: (arrival) => sessions.arrive(arrival),
    });
    door.run().catch((error) => this.bugs.push(error));
    return [sessions, door];
  }

  #hear(record: Rec): undefined {
    if (record.type !== "profile") return;
    this.heard.push(record.name);
    this.diary.push(record.name);
  }
}

/** A network of such nodes. */
export class Exchange {
  readonly time = new SimTime();
  readonly network: SimNetwork;
  readonly segment: Segment;
  readonly #names = new Map<PeerId, string>();

  constructor(seed: string | number = 1, latencyMs: readonly [number, number] = [1, 5]) {
    this.network = new SimNetwork(this.time, new SimChance(seed));
    this.segment = this.network.segment({ prefix: "10.0.0.0", prefixLength: 24, latencyMs });
  }

  /** A node with the key of that number, at 10.0.0.`number` unless told otherwise. */
  caller(name: string, key: number, number = key): Caller {
    const caller = new Caller(this, { key, address: `10.0.0.${number}` });
    this.#names.set(caller.id, name);
    return caller;
  }

  nameOf(peer: PeerId): string {
    return this.#names.get(peer) ?? "?";
  }
}

function signerOf(key: number): ReturnType<typeof CRYPTO.signer> {
  return CRYPTO.signer(new Uint8Array(32).fill(key));
}
