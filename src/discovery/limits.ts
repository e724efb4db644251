/**
 * How much strangers may make us work and send. Whoever floods is dropped before any signature is checked; whoever forges a
 * source address gets at most a trickle sent there, never longer than what it sent itself.
 */

import type { Datagram, Endpoint } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import { isSameBytes } from "../room/same_bytes.ts";

/** Tokens that come back with time, up to a burst. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Datagrams from one address that are looked at; a burst of hellos of a few nodes on one machine fits. */
const CHECKS_PER_ADDRESS: Rate = { perSecond: 20, burst: 60 };
/** Datagrams in all that are looked at: 2 % of a core for signatures, and a newcomer hears 400 answers at once. */
const CHECKS_IN_ALL: Rate = { perSecond: 200, burst: 400 };
/** What a datagram that is no beacon, or a forged one, costs its address beyond its one check. */
const CHECKS_PER_OFFENCE = 3;
/** Answers to one address; its nodes try again within their bursts. */
const ANSWERS_PER_ADDRESS: Rate = { perSecond: 5, burst: 10 };
/** Answers in all: 25 kB a second at most. */
const ANSWERS_IN_ALL: Rate = { perSecond: 50, burst: 100 };
/** The copies of one hello (broadcast, multicast, two of our addresses) get one answer. */
const ANSWER_GAP_MS = 300;
/** So long after a good beacon its very bytes from the same socket are a copy; later they are a replay, and the table's to judge. */
const COPY_MS_MAX = 300;
/** Addresses, and answers given, that are remembered; the oldest is forgotten. Against more addresses the limits in all hold. */
const REMEMBERED_MAX = 1_024;

interface Good {
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

/** Whom an answer would go to. */
export interface Asker {
  readonly id: PeerId;
  readonly instance: number;
  readonly from: Endpoint;
}

/** The limits of one node. */
export class Limits {
  readonly #checks = new Bucket(CHECKS_IN_ALL);
  readonly #answers = new Bucket(ANSWERS_IN_ALL);
  readonly #checksOf = new Recent<Bucket>();
  readonly #answersOf = new Recent<Bucket>();
  readonly #answeredAtMs = new Recent<number>();
  readonly #good = new Recent<Good>();

  /**
   * Whether it is a copy of a good beacon: each is sent by broadcast, by directed broadcast and to a group. It says nothing new,
   * so it costs a comparison instead of a signature, and a room full of nodes that start together hears three times as many.
   */
  isCopy({ bytes, from }: Datagram, nowMs: number): boolean {
    const good = this.#good.get(socketOf(from));
    return good !== undefined && nowMs - good.atMs < COPY_MS_MAX && isSameBytes(good.bytes, bytes);
  }

  /** It was a good beacon. */
  noteGood({ bytes, from }: Datagram, nowMs: number): void {
    this.#good.set(socketOf(from), { bytes: bytes.slice(), atMs: nowMs });
  }

  /** Whether a datagram from there may be looked at. */
  mayCheck(address: string, nowMs: number): boolean {
    return this.#checksOf.of(address, () => new Bucket(CHECKS_PER_ADDRESS)).take(nowMs) &&
      this.#checks.take(nowMs);
  }

  /** A datagram from there was no beacon, or a forged one. */
  blame(address: string): void {
    this.#checksOf.of(address, () => new Bucket(CHECKS_PER_ADDRESS)).drain(CHECKS_PER_OFFENCE);
  }

  /** Whether to answer now; counts as an answer if so. */
  mayAnswer({ id, instance, from }: Asker, nowMs: number): boolean {
    // By port as well: on a machine with two nodes the answer to one copy may reach only the other node.
    const asker = `${id} ${instance} ${from.address} ${from.port}`;
    if (nowMs < this.#answeredAtMs.of(asker, () => -Infinity) + ANSWER_GAP_MS) return false;
    const mayGoThere = this.#answersOf.of(from.address, () => new Bucket(ANSWERS_PER_ADDRESS)).take(nowMs);
    if (!mayGoThere || !this.#answers.take(nowMs)) return false;
    this.#answeredAtMs.set(asker, nowMs);
    return true;
  }
}

/** A token bucket. Starts full. */
class Bucket {
  readonly #rate: Rate;
  #tokens: number;
  #countedAtMs = -Infinity;

  constructor(rate: Rate) {
    this.#rate = rate;
    this.#tokens = rate.burst;
  }

  /** Takes one token if there is one. Who is refused loses nothing, or a steady flood would keep the bucket empty for ever. */
  take(nowMs: number): boolean {
    const grownTokens = (nowMs - this.#countedAtMs) / 1_000 * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + grownTokens);
    this.#countedAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Takes so many tokens, or what is left. */
  drain(count: number): void {
    this.#tokens = Math.max(0, this.#tokens - count);
  }
}

/** A map of the last `REMEMBERED_MAX` keys used. */
class Recent<Value> {
  readonly #values = new Map<string, Value>();

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  of(key: string, make: () => Value): Value {
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

function socketOf({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}
