/**
 * Limits the work and traffic that unknown senders can cause. Floods are dropped before any signature is checked. A
 * forged source address receives at most a trickle, in datagrams no longer than the forged ones.
 */

import type { Datagram, Endpoint } from "../ports/network.ts";
import type { PeerId } from "../room/id.ts";
import { UNPINNED_PEERS_MAX } from "./peer_table.ts";

/** Tokens that refill over time, up to a burst. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Datagrams per address that are examined. The hellos of several nodes on one machine fit. */
const CHECKS_PER_ADDRESS: Rate = { perSecond: 20, burst: 60 };
/**
 * Datagrams in total that are examined from peers unknown at their address, and as many from known ones: signatures
 * then take 2 % of a core, and a hall of users that start at once is heard completely (0.15 s of a core per node,
 * once). The two are separate, so that a flood of new keys cannot suppress the beats of present peers, and forged
 * beats cannot suppress a newcomer.
 */
const CHECKS_IN_ALL: Rate = { perSecond: 100, burst: UNPINNED_PEERS_MAX };
/** The first datagrams of an address unknown to us: a hello and its copies, and one more each 2.5 seconds. */
const FIRST_PER_ADDRESS: Rate = { perSecond: 0.4, burst: 4 };
/** Of the checks for unknown peers, those kept for first datagrams: so hundreds of addresses that flood suppress no newcomer. */
const RESERVED_FOR_FIRST = 256;
/** Checks that an invalid or forged datagram costs its address in addition. */
const CHECKS_PER_OFFENCE = 3;
/** Answers to one address. Its nodes try again within their bursts. */
const ANSWERS_PER_ADDRESS: Rate = { perSecond: 5, burst: 10 };
/** Answers in total: at most 5 kB per second. One beat informs all further newcomers. */
const ANSWERS_IN_ALL: Rate = { perSecond: 10, burst: 32 };
/** Answers reserved for newcomers: a known peer that asks again mostly has its answer. */
const RESERVED_FOR_NEWCOMERS = 16;
/**
 * The copies of one hello (broadcast, multicast, two of our addresses) get one answer. So do those of a burst where
 * answers are spread over a longer time.
 */
const ANSWER_GAP_MS = 300;
/**
 * Within this time after a valid beacon the same bytes from the same socket are a copy. Later they are a replay,
 * which the table judges.
 */
const COPY_MS_MAX = 300;
/**
 * Addresses, sockets (each node has two) and given answers that are remembered; the oldest is dropped. Beyond that
 * the total limits hold.
 */
const REMEMBERED_MAX = 2 * UNPINNED_PEERS_MAX;

/** As many as a number holds exactly; too many to guess. */
const MARK_BYTES = 6;

interface GoodBeacon {
  readonly mark: number;
  readonly atMs: number;
}

/** The receiver of an answer. */
export interface ReplyTarget {
  readonly id: PeerId;
  readonly instance: number;
  readonly from: Endpoint;
  /** Whether it was not heard before, or not since it started. */
  readonly isNewcomer: boolean;
  /** The time over which answers may be spread. */
  readonly spreadMs: number;
}

/** The limits of one node. */
export class RateLimits {
  readonly #checks = { known: new Bucket(CHECKS_IN_ALL), unknown: new Bucket(CHECKS_IN_ALL) };
  readonly #answers = new Bucket(ANSWERS_IN_ALL);
  readonly #checksOf = new RecentMap<Bucket>();
  readonly #firstOf = new RecentMap<Bucket>();
  readonly #answersOf = new RecentMap<Bucket>();
  readonly #answeredAtMs = new RecentMap<number>();
  readonly #good = new RecentMap<GoodBeacon>();

  /**
   * Whether it is a copy of a valid beacon: each is sent by broadcast, directed broadcast and multicast. A copy
   * brings no news, so it costs a comparison instead of a signature check, and a room of nodes that start together
   * hears three times as many.
   * Only a part of the signature is compared: other bytes with that part are forged, and would have no effect either.
   */
  isCopy({ bytes, from }: Datagram, nowMs: number): boolean {
    const good = this.#good.get(toSocketKey(from));
    return good !== undefined && nowMs - good.atMs < COPY_MS_MAX &&
      good.mark === computeMark(bytes);
  }

  /** Records a valid beacon. */
  noteGood({ bytes, from }: Datagram, nowMs: number): void {
    this.#good.set(toSocketKey(from), { mark: computeMark(bytes), atMs: nowMs });
  }

  /** Whether to examine a datagram from there. `isKnown`: its claimed sender is heard at that address. */
  mayCheck(
    { address, isKnown }: { readonly address: string; readonly isKnown: boolean },
    nowMs: number,
  ): boolean {
    if (!this.#checksOf.getOrCreate(address, () => new Bucket(CHECKS_PER_ADDRESS)).take(nowMs)) return false;
    if (isKnown) return this.#checks.known.take(nowMs);
    const isFirst = this.#firstOf.getOrCreate(address, () => new Bucket(FIRST_PER_ADDRESS)).take(nowMs);
    return this.#checks.unknown.take(nowMs, isFirst ? 0 : RESERVED_FOR_FIRST);
  }

  /** Records an invalid or forged datagram from that address. */
  blame(address: string): void {
    this.#checksOf.getOrCreate(address, () => new Bucket(CHECKS_PER_ADDRESS)).drain(CHECKS_PER_OFFENCE);
  }

  /** Decides about an answer: "answer" counts it; "told": it has one already; "overrun": too many ask. */
  decideReply(
    { id, instance, from, isNewcomer, spreadMs }: ReplyTarget,
    nowMs: number,
  ): "answer" | "told" | "overrun" {
    // By port as well: on a machine with two nodes the answer to one copy may reach only the other node.
    const asker = `${id} ${instance} ${from.address} ${from.port}`;
    const gapMs = Math.max(ANSWER_GAP_MS, spreadMs);
    if (nowMs < (this.#answeredAtMs.get(asker) ?? -Infinity) + gapMs) return "told";
    const mayGoThere = this.#answersOf.getOrCreate(from.address, () => new Bucket(ANSWERS_PER_ADDRESS)).take(
      nowMs,
    );
    if (!mayGoThere || !this.#answers.take(nowMs, isNewcomer ? 0 : RESERVED_FOR_NEWCOMERS)) return "overrun";
    this.#answeredAtMs.set(asker, nowMs);
    return "answer";
  }
}

/** A token bucket. It starts full. */
class Bucket {
  readonly #rate: Rate;
  #tokens: number;
  #countedAtMs = -Infinity;

  constructor(rate: Rate) {
    this.#rate = rate;
    this.#tokens = rate.burst;
  }

  /**
   * Takes one token if one is left beyond the reserved ones. A refusal costs nothing; otherwise a steady flood would
   * keep the bucket empty.
   */
  take(nowMs: number, keptCount = 0): boolean {
    const grownTokens = (nowMs - this.#countedAtMs) / 1_000 * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + grownTokens);
    this.#countedAtMs = nowMs;
    if (this.#tokens < keptCount + 1) return false;
    this.#tokens--;
    return true;
  }

  /** Takes that many tokens, or all that are left. */
  drain(count: number): void {
    this.#tokens = Math.max(0, this.#tokens - count);
  }
}

/** A map of the `REMEMBERED_MAX` most recently used keys. */
class RecentMap<Value> {
  readonly #values = new Map<string, Value>();

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  getOrCreate(key: string, make: () => Value): Value {
    const value = this.#values.get(key) ?? make();
    this.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= REMEMBERED_MAX) return;
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      return;
    }
  }
}

/** The end of the signature as a number. */
function computeMark(bytes: Uint8Array): number {
  let mark = 0;
  for (let at = bytes.length - MARK_BYTES; at < bytes.length; at++) mark = mark * 256 + (bytes[at] ?? 0);
  return mark;
}

function toSocketKey({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}
