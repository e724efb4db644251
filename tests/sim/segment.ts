import { formatIpv4, parseIpv4, type Subnet, toSubnet } from "../../src/discovery/ipv4.ts";
import type { SimChance } from "./chance.ts";
import type { SimHost } from "./host.ts";

/** How well a segment carries. Loss, duplicates and overtaking are chances from 0 to 1, of datagrams only: TCP repairs them. */
export interface Conditions {
  /** Time from one host to another, drawn anew for each packet. */
  readonly latencyMs: readonly [min: number, max: number];
  readonly datagramLoss: number;
  readonly duplicate: number;
  /** How often a datagram comes late, so that later ones overtake it. */
  readonly reorder: number;
}

/** A network as somebody sets it up. */
export interface SegmentOptions extends Partial<Conditions> {
  readonly prefix: string;
  readonly prefixLength: number;
  /** The address of the hotspot's owner or the router: default route of those who attach. It routes nothing further: there is no internet. */
  readonly gateway?: string;
}

/**
 * The state of one host's link. "down": the interface vanishes, and who uses it is told. "silent": all packets vanish and
 * nobody is told, as at the edge of a Wi-Fi cell.
 */
export type LinkState = "up" | "down" | "silent";

/** One host's place on one segment. */
export interface Attachment {
  readonly host: SimHost;
  readonly segment: Segment;
  readonly name: string;
  readonly address: string;
  readonly gateway: string | null;
}

/** What went over the air; a broadcast counts once. */
export interface Traffic {
  datagrams: number;
  datagramBytes: number;
  connects: number;
  streamBytes: number;
}

/** No traffic yet. */
export function noTraffic(): Traffic {
  return { datagrams: 0, datagramBytes: 0, connects: 0, streamBytes: 0 };
}

/** A broadcast is one transmission: it reaches its hearers in so many moments, not in one for each. */
const CAST_MOMENTS = 16;
/** A datagram that comes late does so by up to so many times the longest latency. */
const OVERTAKEN_LATENCIES = 3;

const GOOD: Conditions = { latencyMs: [1, 5], datagramLoss: 0, duplicate: 0, reorder: 0 };

/** One broadcast domain: a Wi-Fi cell, a wired network, or the loopback of one host. */
export class Segment {
  readonly prefixLength: number;
  readonly gateway: string | null;
  /** The directed broadcast address. */
  readonly broadcast: string;
  readonly traffic: Traffic = noTraffic();
  readonly #subnet: Subnet;
  readonly #attachments = new Map<SimHost, Attachment>();
  readonly #hosts = new Map<string, SimHost>();
  readonly #states = new Map<SimHost, LinkState>();
  readonly #blocked = new Map<SimHost, Set<SimHost>>();
  readonly #lastArrivals = new Map<SimHost, Map<SimHost, number>>();
  #conditions: Conditions;
  #isIsolated = false;

  constructor({ prefix, prefixLength, gateway, ...conditions }: SegmentOptions) {
    const subnet = toSubnet({ name: "", address: prefix, prefixLength });
    if (subnet === null) throw new RangeError(`Not a network: ${prefix}/${prefixLength}`);
    this.prefixLength = prefixLength;
    this.gateway = gateway ?? null;
    this.broadcast = formatIpv4(subnet.last);
    this.#subnet = subnet;
    this.#conditions = { ...GOOD, ...conditions };
  }

  /** Carries better or worse from now on. */
  change(conditions: Partial<Conditions>): void {
    this.#conditions = { ...this.#conditions, ...conditions };
  }

  /** Client isolation: each host reaches only the gateway, and the gateway everybody. */
  isolate(isIsolated: boolean): void {
    this.#isIsolated = isIsolated;
  }

  /** Packets between the two vanish, both ways, and nobody is told. */
  block(one: SimHost, other: SimHost): void {
    this.#blockedBy(one).add(other);
    this.#blockedBy(other).add(one);
  }

  /** Packets from one to the other vanish, and nobody is told; the other way they arrive. */
  blockOneWay(from: SimHost, to: SimHost): void {
    this.#blockedBy(from).add(to);
  }

  /** Undoes `block` and `blockOneWay`, both ways. */
  unblock(one: SimHost, other: SimHost): void {
    this.#blockedBy(one).delete(other);
    this.#blockedBy(other).delete(one);
  }

  /** Blocks every pair across the groups; pairs within a group stay as they are. */
  partition(...groups: readonly (readonly SimHost[])[]): void {
    groups.forEach((group, index) => {
      const others = groups.slice(index + 1).flat();
      for (const one of group) for (const other of others) this.block(one, other);
    });
  }

  /** Undoes every `block` and `partition`. */
  heal(): void {
    this.#blocked.clear();
  }

  /** Changes the link of one host. */
  link(host: SimHost, state: LinkState): void {
    this.#states.set(host, state);
  }

  /** The link of one host. */
  stateOf(host: SimHost): LinkState {
    return this.#states.get(host) ?? "up";
  }

  /** For SimHost: takes a host in, under an address that nobody else has here. */
  add(attachment: Attachment): void {
    const { host, address } = attachment;
    if (!this.contains(address)) throw new RangeError(`${address} does not belong to this network`);
    if ((this.hostAt(address) ?? host) !== host) throw new RangeError(`${address} is taken on this network`);
    this.remove(host);
    this.#attachments.set(host, attachment);
    this.#hosts.set(address, host);
  }

  /** For SimHost: the host is no longer here; when it comes back, its link is up. */
  remove(host: SimHost): void {
    const attachment = this.#attachments.get(host);
    if (attachment !== undefined) this.#hosts.delete(attachment.address);
    this.#attachments.delete(host);
    this.#states.delete(host);
  }

  /** Whether the address is one of this network, in use or not. */
  contains(address: string): boolean {
    const value = parseIpv4(address);
    return value !== null && value >= this.#subnet.first && value <= this.#subnet.last;
  }

  /** The host that has the address here. */
  hostAt(address: string): SimHost | null {
    return this.#hosts.get(address) ?? null;
  }

  /** All hosts here, also those that are out of reach. */
  get hosts(): SimHost[] {
    return [...this.#attachments.keys()];
  }

  /** Whether the hosts see each other at all, so that one answers who has an address (ARP). */
  isNeighbour(one: SimHost, other: SimHost): boolean {
    return one.isOn && other.isOn && this.#isAttached(one) && this.#isAttached(other) &&
      (!this.#isIsolated || this.#isGateway(one) || this.#isGateway(other));
  }

  /** Whether a packet from one to the other arrives, if chance is with it. */
  carries(from: SimHost, to: SimHost): boolean {
    return this.isNeighbour(from, to) && this.stateOf(from) === "up" && this.stateOf(to) === "up" &&
      this.#blocked.get(from)?.has(to) !== true;
  }

  /** The time that a packet takes. */
  latencyMs(chance: SimChance): number {
    return chance.between(this.#conditions.latencyMs);
  }

  /** After how long each copy of a datagram arrives; none if it is lost. Those of one pair stay in order, but for `reorder`. */
  arrivals(
    from: SimHost,
    to: SimHost,
    { nowMs, chance, isCast }: { nowMs: number; chance: SimChance; isCast: boolean },
  ): number[] {
    const { datagramLoss, duplicate, reorder, latencyMs } = this.#conditions;
    if (chance.bool(datagramLoss)) return [];
    return Array.from({ length: chance.bool(duplicate) ? 2 : 1 }, () => {
      const delayMs = isCast ? this.#castLatencyMs(chance) : this.latencyMs(chance);
      if (chance.bool(reorder)) return delayMs + latencyMs[1] * OVERTAKEN_LATENCIES * chance.fraction();
      const lasts = entryOf(this.#lastArrivals, from, () => new Map<SimHost, number>());
      const atMs = Math.max(nowMs + delayMs, lasts.get(to) ?? 0);
      lasts.set(to, atMs);
      return atMs - nowMs;
    });
  }

  #castLatencyMs(chance: SimChance): number {
    const [min, max] = this.#conditions.latencyMs;
    return min + (max - min) * (chance.int(CAST_MOMENTS) + 1) / CAST_MOMENTS;
  }

  #isAttached(host: SimHost): boolean {
    return this.#attachments.has(host);
  }

  #isGateway(host: SimHost): boolean {
    return this.#attachments.get(host)?.address === this.gateway;
  }

  #blockedBy(host: SimHost): Set<SimHost> {
    return entryOf(this.#blocked, host, () => new Set<SimHost>());
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
