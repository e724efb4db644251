/**
 * Handles received datagrams. Each is a hint from an unknown sender: it is dropped unless it comes from a device of
 * one of our networks, within the limits and with a valid signature. Then it updates the table, and may get one
 * answer.
 */

import type { Crypto } from "../ports/crypto.ts";
import type { Datagram, Endpoint, NetInterface } from "../ports/network.ts";
import type { PeerId } from "../room/id.ts";
import { type Beacon, decodeBeacon, parseClaimedId } from "./beacon.ts";
import { RateLimits } from "./rate_limits.ts";
import type { PeerChange } from "./peer_record.ts";
import type { PeerTable } from "./peer_table.ts";
import { computeSpreadMs, isCrowd } from "./delayed_replies.ts";
import { classifyInterface, findNetwork, SERVICE_PORTS_END } from "./destinations.ts";

/**
 * In a crowd a sender is ignored for this time: the copies of its burst within it repeat the first one, and later
 * copies bring the news. That saves two of five signature checks in the first moment.
 */
const REPEAT_MS = 300;

/** Beacons of another version count when a device has sent them for so long: beyond a burst, within two beats. */
export const OTHER_VERSION_MS_MIN = 10_000;
/** Devices that are remembered for that. */
const OTHER_VERSIONS_MAX = 64;

/** Reactions to a datagram. */
export type DatagramEffect =
  /** Answer from this interface to exactly that endpoint: behind a firewall only the asking port receives it. */
  | { readonly kind: "answer"; readonly to: Endpoint; readonly by: NetInterface }
  /** More newcomers ask on this interface than can be answered individually: send to all at once. */
  | { readonly kind: "overrun"; readonly by: NetInterface }
  /** The table changed. */
  | { readonly kind: "changed" }
  /** A peer known with the same facts is still present, or is back. */
  | { readonly kind: "again"; readonly id: PeerId }
  /** Our own broadcast arrived on this interface. */
  | { readonly kind: "echo"; readonly by: NetInterface }
  /** Another device was heard. */
  | { readonly kind: "neighbour"; readonly address: string };

/** Dropped datagrams by reason. */
export interface DropCounts {
  /** From outside our networks, from a system port, or from a broadcast address. */
  readonly foreign: number;
  /** Beyond the limits, so not examined. */
  readonly limited: number;
  /** Not a beacon. */
  readonly garbage: number;
  /** Beacons with a bad signature. */
  readonly forged: number;
  /** Beacons of another version of earshot, from devices that have sent them for a while. */
  readonly otherVersion: number;
}

/** Our networks and sockets. */
export interface LocalNetworks {
  readonly networks: readonly NetInterface[];
  /** Our own sockets, as `toEndpointKey` formats them. */
  readonly own: ReadonlySet<string>;
}

/** An endpoint as a key for sets. */
export function toEndpointKey({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}

/** Processes the datagrams of one node. */
export class DatagramHandler {
  readonly #self: { readonly id: PeerId; readonly instance: number };
  readonly #crypto: Crypto;
  readonly #peers: PeerTable;
  readonly #limits = new RateLimits();
  readonly #dropped = { foreign: 0, limited: 0, garbage: 0, forged: 0, otherVersion: 0 };
  #double: { readonly instance: number; readonly counter: number } | null = null;
  #doubleAt: Endpoint | null = null;
  readonly #otherVersionSinceMs = new Map<string, number>();

  constructor(options: {
    readonly id: PeerId;
    readonly instance: number;
    readonly crypto: Crypto;
    readonly peers: PeerTable;
  }) {
    this.#self = options;
    this.#crypto = options.crypto;
    this.#peers = options.peers;
  }

  /** Counts of dropped datagrams so far. */
  get dropped(): DropCounts {
    return { ...this.#dropped };
  }

  /** Where another running node seems to use our key, or null. */
  get doubleAt(): Endpoint | null {
    return this.#doubleAt;
  }

  /** Processes one datagram. Perform the effects in order. */
  handle(
    datagram: Datagram & { readonly place: LocalNetworks },
    nowMs: number,
  ): readonly DatagramEffect[] {
    const { bytes, from, place } = datagram;
    const by = from.port < SERVICE_PORTS_END ? null : findNetwork(from.address, place.networks);
    if (by === null) return this.#drop("foreign");
    if (this.#limits.isCopy(datagram, nowMs)) return [];
    const claimed = parseClaimedId(bytes);
    const heardAtMs = claimed === null ? null : this.#peers.heardAtMs(claimed, from.address);
    const isKnown = heardAtMs !== null;
    if (isKnown && isCrowd(this.#peers.size) && nowMs < heardAtMs + REPEAT_MS) return [];
    if (!this.#limits.mayCheck({ address: from.address, isKnown }, nowMs)) return this.#drop("limited");
    const beacon = decodeBeacon(bytes, this.#crypto);
    if ("problem" in beacon) {
      if (beacon.problem === "other-version") {
        return this.#isOtherVersion(from.address, nowMs) ? this.#drop("otherVersion") : [];
      }
      this.#limits.blame(from.address);
      return this.#drop(beacon.problem === "bad-signature" ? "forged" : "garbage");
    }
    this.#limits.noteGood(datagram, nowMs);
    if (beacon.id === this.#self.id) return this.#handleOwnBeacon(beacon, { from, by });
    const effects: DatagramEffect[] = [];
    const isNeighbour = classifyInterface(by) !== "loopback" &&
      !place.networks.some((own) => own.address === from.address);
    if (isNeighbour) effects.push({ kind: "neighbour", address: from.address });
    const change = this.#peers.upsert({ beacon, from }, nowMs);
    if (change === "known") effects.push({ kind: "again", id: beacon.id });
    else if (change !== "ignored") effects.push({ kind: "changed" });
    // An answer to one of our own sockets would only describe ourselves.
    const isOurs = place.own.has(toEndpointKey(from));
    if (wantsAnswer(beacon, change) && !isOurs) {
      effects.push(...this.#reply(beacon, { from, by, change, nowMs }));
    }
    return effects;
  }

  #reply(
    { id, instance }: Beacon,
    { from, by, change, nowMs }: {
      readonly from: Endpoint;
      readonly by: NetInterface;
      readonly change: PeerChange;
      readonly nowMs: number;
    },
  ): readonly DatagramEffect[] {
    const isNewcomer = isNews(change);
    const asker = { id, instance, from, isNewcomer, spreadMs: computeSpreadMs(this.#peers.size) };
    const reply = this.#limits.decideReply(asker, nowMs);
    if (reply === "answer") return [{ kind: "answer", to: from, by }];
    // Only newcomers may lack our facts. Known peers received them before, or will with our next beacon to all.
    return reply === "overrun" && isNewcomer ? [{ kind: "overrun", by }] : [];
  }

  #handleOwnBeacon(
    beacon: Beacon,
    { from, by }: { readonly from: Endpoint; readonly by: NetInterface },
  ): readonly DatagramEffect[] {
    if (beacon.instance === this.#self.instance) {
      return from.address === by.address ? [{ kind: "echo", by }] : [];
    }
    // A replay of an earlier start of ours has a constant counter; only a running node increases it.
    const last = this.#double;
    if (last?.instance === beacon.instance && beacon.counter > last.counter) this.#doubleAt = from;
    this.#double = beacon;
    return [];
  }

  /** A node goes on saying that it is there. One datagram, or a handful at once, is no node of another version: anybody can send them. */
  #isOtherVersion(address: string, nowMs: number): boolean {
    const sinceMs = this.#otherVersionSinceMs.get(address);
    if (sinceMs !== undefined) return nowMs - sinceMs >= OTHER_VERSION_MS_MIN;
    if (this.#otherVersionSinceMs.size >= OTHER_VERSIONS_MAX) this.#otherVersionSinceMs.clear();
    this.#otherVersionSinceMs.set(address, nowMs);
    return false;
  }

  #drop(reason: keyof DropCounts): readonly DatagramEffect[] {
    this.#dropped[reason]++;
    return [];
  }
}

function wantsAnswer(beacon: Beacon, change: PeerChange): boolean {
  if (beacon.kind === "hello") return true;
  return beacon.kind === "beat" && isNews(change);
}

function isNews(change: PeerChange): boolean {
  return change === "new" || change === "restarted";
}
