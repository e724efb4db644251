import type { Interfaces, NetInterface, Tcp, Udp } from "../../src/ports/network.ts";
import type { Device, System } from "../../src/ports/system.ts";
import { ANY_ADDRESS, isGroup } from "./address.ts";
import type { SimChance } from "./chance.ts";
import type { SimTime } from "./clock.ts";
import { type Life, never } from "./life.ts";
import { type Attachment, noTraffic, Segment, type Traffic } from "./segment.ts";
import { SimStream } from "./stream.ts";
import { SYSTEM } from "./system.ts";
import { TcpStack } from "./tcp.ts";
import { UdpStack } from "./udp.ts";

/** Bytes that were written and not yet read at the other side (both systems' buffers); then a write waits. */
export const WINDOW_BYTES = 256 * 1_024;
const LOOPBACK_ADDRESS = "127.0.0.1";
/** A packet to oneself. */
const LOOPBACK_LATENCY_MS = [0.02, 0.05] as const;

/** The way of a packet: out by which interface, with which address as its sender, and to how many. */
export interface Route {
  readonly via: Attachment;
  readonly source: string;
  readonly cast: "one" | "all" | "group";
}

/** How a host joins a segment. */
export interface AttachOptions {
  readonly address: string;
  /** The default route; by default the segment's gateway, and none for the gateway itself, as DHCP does. */
  readonly gateway?: string | null;
  readonly name?: string;
}

/** One process on a simulated host, seen from outside. Once it is over, its calls never come back. */
export interface SimProcess {
  readonly tcp: Tcp;
  readonly udp: Udp;
  readonly interfaces: Interfaces;
  readonly device: Device;
  readonly system: System;
  /** Sockets that are not closed: zero once all that ran here has ended properly. */
  readonly openCount: number;
  /** Ends it like the system's kill: its peers see its connections end. Stop its clock and its disk too. */
  kill(): void;
}

/** One simulated machine: its interfaces, its routing table, and the processes on it. */
export class SimHost {
  /** What its system tells about it; nodes look once a minute. */
  isOnCable = false;
  isOnMains = true;
  /** What the system says of the disk's space; null for nothing. */
  freeBytes: number | null = null;
  readonly name: string;
  readonly time: SimTime;
  readonly chance: SimChance;
  /** What it sent, loopback apart. */
  readonly traffic: Traffic = noTraffic();
  readonly tcp: TcpStack;
  readonly udp: UdpStack;
  /** So many bytes may wait for its processes on each connection; then whoever sends more waits. */
  windowBytes = WINDOW_BYTES;
  /** How long a read takes here at least: more than nothing on a machine that is busy with something else. */
  readPauseMs = 0;
  /** Its way to itself. */
  readonly loopback: Attachment;
  readonly #lives = new Set<Life>();
  #attachments: readonly Attachment[] = [];
  #attachedCount = 0;
  #isOn = true;

  /** For SimNetwork. */
  constructor(name: string, { time, chance }: { readonly time: SimTime; readonly chance: SimChance }) {
    this.name = name;
    this.time = time;
    this.chance = chance;
    this.tcp = new TcpStack(this);
    this.udp = new UdpStack(this);
    const segment = new Segment({ prefix: "127.0.0.0", prefixLength: 8, latencyMs: LOOPBACK_LATENCY_MS });
    this.loopback = { host: this, segment, name: "lo", address: LOOPBACK_ADDRESS, gateway: null };
    segment.add(this.loopback);
  }

  /** Starts a process; several may run at once. @throws {Error} while the machine is off. */
  boot(): SimProcess {
    if (!this.#isOn) throw new Error(`${this.name} is off`);
    const life: Life = { isOver: false, opened: new Set() };
    this.#lives.add(life);
    return {
      tcp: this.tcp.portOf(life),
      udp: this.udp.portOf(life),
      interfaces: this.#interfacesOf(life),
      device: {
        isOnCable: () => Promise.resolve(this.isOnCable),
        isOnMains: () => Promise.resolve(this.isOnMains),
      },
      system: { ...SYSTEM, readFreeBytes: () => Promise.resolve(this.freeBytes) },
      get openCount() {
        return life.opened.size;
      },
      kill: () => this.#end(life, "orphan"),
    };
  }

  /** Kills every process. */
  kill(): void {
    for (const life of this.#lives) this.#end(life, "orphan");
  }

  /** Its connections (each by that probability) are no more, and the other ends are never told: they stand half open. */
  loseConnections(probability: number): void {
    const opened = [...this.#lives].flatMap((life) => [...life.opened]);
    for (const stream of opened) {
      if (stream instanceof SimStream && this.chance.bool(probability)) stream.lose();
    }
  }

  /** Silence from now on: no connection ends, and nothing answers. */
  powerOff(): void {
    this.#isOn = false;
    for (const life of this.#lives) this.#end(life, "vanish");
  }

  /** The machine runs again, with the network as before and nothing of what ran on it. */
  powerOn(): void {
    this.#isOn = true;
  }

  /** Whether it has power. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Open sockets of all its processes. */
  get openCount(): number {
    return [...this.#lives].reduce((sum, life) => sum + life.opened.size, 0);
  }

  /** Joins a segment. On one that it has joined already, the address changes, as when DHCP gives another. */
  attach(segment: Segment, { address, gateway, name }: AttachOptions): void {
    const before = this.#attachments.find((attachment) => attachment.segment === segment);
    const standard = segment.gateway === address ? null : segment.gateway;
    const attachment = {
      host: this,
      segment,
      address,
      gateway: gateway === undefined ? standard : gateway,
      name: name ?? before?.name ?? `net${this.#attachedCount++}`,
    };
    segment.add(attachment);
    this.#attachments = [...this.#attachments.filter((other) => other !== before), attachment];
  }

  /** Leaves a segment: interface and address are gone. */
  detach(segment: Segment): void {
    segment.remove(this);
    this.#attachments = this.#attachments.filter((other) => other.segment !== segment);
  }

  /** Its interfaces that are not down, loopback first. */
  get attachments(): readonly Attachment[] {
    return [
      this.loopback,
      ...this.#attachments.filter(({ segment }) => segment.stateOf(this) !== "down"),
    ];
  }

  /** Whether packets to that address are for this machine: 127.0.0.0/8 is, whole. */
  owns(address: string): boolean {
    return isLoopback(address) || this.attachments.some((attachment) => attachment.address === address);
  }

  /**
   * What Linux does with a packet from a socket bound to that address (or to any), or null: unreachable. Measured in a
   * network namespace: without a default route, 255.255.255.255 and groups are unreachable, unless the socket is bound
   * to an address; then they leave by that address's interface. All else is routed by its target alone.
   */
  routeOf(bound: string, target: string): Route | null {
    if (bound !== ANY_ADDRESS && !this.owns(bound)) return null;
    const via = this.#interfaceFor(bound, target);
    if (via === null || (isLoopback(bound) && via !== this.loopback)) return null;
    const source = bound !== ANY_ADDRESS ? bound : this.#isOwnLan(target) ? target : via.address;
    return { via, source, cast: castOf(via.segment, target) };
  }

  /** Who receives what goes that way to one address; null if nobody there has it. */
  hostBehind({ via }: Route, target: string): SimHost | null {
    return via === this.loopback ? this : via.segment.hostAt(target);
  }

  /** Counts what leaves the machine. */
  count({ via }: Route, what: Partial<Traffic>): void {
    const counts = via === this.loopback ? [via.segment.traffic] : [via.segment.traffic, this.traffic];
    for (const traffic of counts) {
      traffic.datagrams += what.datagrams ?? 0;
      traffic.datagramBytes += what.datagramBytes ?? 0;
      traffic.connects += what.connects ?? 0;
      traffic.streamBytes += what.streamBytes ?? 0;
    }
  }

  #interfaceFor(bound: string, target: string): Attachment | null {
    if (this.owns(target)) return this.loopback;
    const all = this.attachments;
    const byDefault = all.find(({ gateway }) => gateway !== null) ?? null;
    if (isEverywhere(target)) {
      if (bound === ANY_ADDRESS) return byDefault;
      return all.find(({ address }) => address === bound) ?? this.loopback;
    }
    return all.find(({ segment }) => segment.contains(target)) ?? byDefault;
  }

  #isOwnLan(address: string): boolean {
    return !isLoopback(address) && this.owns(address);
  }

  #interfacesOf(life: Life): Interfaces {
    return {
      list: () => life.isOver ? [] : this.attachments.map(netInterfaceOf),
      gateways: () => life.isOver ? never() : Promise.resolve(this.#gateways()),
    };
  }

  #gateways(): readonly string[] {
    return [...new Set(this.attachments.flatMap(({ gateway }) => gateway === null ? [] : [gateway]))];
  }

  #end(life: Life, how: "orphan" | "vanish"): void {
    life.isOver = true;
    this.#lives.delete(life);
    for (const opened of life.opened) opened[how]();
    life.opened.clear();
  }
}

function netInterfaceOf({ name, address, segment }: Attachment): NetInterface {
  return { name, address, prefixLength: segment.prefixLength };
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.");
}

function castOf(segment: Segment, target: string): Route["cast"] {
  if (target === segment.broadcast || target === "255.255.255.255") return "all";
  return isEverywhere(target) ? "group" : "one";
}

/** The limited broadcast and groups name no network, so the target alone does not say where to. */
function isEverywhere(target: string): boolean {
  return target === "255.255.255.255" || isGroup(target);
}
