/**
 * How much strangers may make us work and send. Whoever floods is dropped before any signature is checked; whoever forges a
 * source address gets at most a trickle sent there, never longer than what it sent itself.
 */

import type { Datagram, Endpoint } from "../ports/network.ts";
import type { PeerId } from "../room/id.ts";
import { UNPINNED_PEERS_MAX } from "./peer_table.ts";

/** Tokens that come back with time, up to a burst. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Datagrams from one address that are looked at; a burst of hellos of a few nodes on one machine fits. */
const CHECKS_PER_ADDRESS: Rate = { perSecond: 20, burst: 60 };
/**
 * Datagrams in all that are looked at from those who are not known there, and as many from those who are: 2 % of a core for
 * signatures together, and a hall full of people who start in one moment is heard whole (that costs each node 0.15 s of a core, once).
 * Apart, so that no flood of new keys drowns the beats of those who are here, and none of forged beats a newcomer.
 */
const CHECKS_IN_ALL: Rate = { perSecond: 100, burst: UNPINNED_PEERS_MAX };
/** What a datagram that is no beacon, or a forged one, costs its address beyond its one check. */
const CHECKS_PER_OFFENCE = 3;
/** Answers to one address; its nodes try again within their bursts. */
const ANSWERS_PER_ADDRESS: Rate = { perSecond: 5, burst: 10 };
/** Answers in all: 5 kB a second at most. Newcomers beyond are told by one beat to all of them. */
const ANSWERS_IN_ALL: Rate = { perSecond: 10, burst: 32 };
/** Of these, answers that are kept for newcomers: who is known and asks again mostly has its answer. */
const RESERVED_FOR_NEWCOMERS = 16;
/** The copies of one hello (broadcast, multicast, two of our addresses) get one answer; those of a burst too, where answers are spread out for longer. */
const ANSWER_GAP_MS = 300;
/** So long after a good beacon its very bytes from the same socket are a copy; later they are a replay, and the table's to judge. */
const COPY_MS_MAX = 300;
/** Addresses, sockets (each node has two), and answers given, that are remembered; the oldest is forgotten. Against more the limits in all hold. */
const REMEMBERED_MAX = 2 * UNPINNED_PEERS_MAX;

/** As many as a number holds exactly; not guessed by chance. */
const MARK_BYTES = 6;

interface GoodBeacon {
  readonly mark: number;
  readonly atMs: number;
}

/** Whom an answer would go to. */
export interface ReplyTarget {
  readonly id: PeerId;
  readonly instance: number;
  readonly from: Endpoint;
  /** It was not heard before this, or not since it started. */
  readonly isNewcomer: boolean;
  /** For so long answers may be spread out. */
  readonly spreadMs: number;
}

/** The limits of one node. */
export class RateLimits {
  readonly #checks = { known: new Bucket(CHECKS_IN_ALL), unknown: new Bucket(CHECKS_IN_ALL) };
  readonly #answers = new Bucket(ANSWERS_IN_ALL);
  readonly #checksOf = new RecentMap<Bucket>();
  readonly #answersOf = new RecentMap<Bucket>();
  readonly #answeredAtMs = new RecentMap<number>();
  readonly #good = new RecentMap<GoodBeacon>();

  /**
   * Whether it is a copy of a good beacon: each is sent by broadcast, by directed broadcast and to a group. It says nothing new,
   * so it costs a comparison instead of a signature, and a room full of nodes that start together hears three times as many.
   * Only a mark of its signature is compared: what has the same mark and is no copy is forged, and would lead to nothing either.
   */
  isCopy({ bytes, from }: Datagram, nowMs: number): boolean {
    const good = this.#good.get(toSocketKey(from));
    return good !== undefined && nowMs - good.atMs < COPY_MS_MAX &&
      good.mark === computeMark(bytes);
  }

  /** It was a good beacon. */
  noteGood({ bytes, from }: Datagram, nowMs: number): void {
    this.#good.set(toSocketKey(from), { mark: computeMark(bytes), atMs: nowMs });
  }

  /** Whether a datagram from there may be looked at. `isKnown`: it claims to be of somebody who is heard there. */
  mayCheck(
    { address, isKnown }: { readonly address: string; readonly isKnown: boolean },
    nowMs: number,
  ): boolean {
    return this.#checksOf.getOrCreate(address, () => new Bucket(CHECKS_PER_ADDRESS)).take(nowMs) &&
      this.#checks[isKnown ? "known" : "unknown"].take(nowMs);
  }

  /** A datagram from there was no beacon, or a forged one. */
  blame(address: string): void {
    this.#checksOf.getOrCreate(address, () => new Bucket(CHECKS_PER_ADDRESS)).drain(CHECKS_PER_OFFENCE);
  }

  /** What an asker gets: an answer, which then counts; nothing, because it has one; or nothing, because too many ask. */
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

/** A token bucket. Starts full. */
class Bucket {
  readonly #rate: Rate;
  #tokens: number;
  #countedAtMs = -Infinity;

  constructor(rate: Rate) {
    this.#rate = rate;
    this.#tokens = rate.burst;
  }

  /** Takes one token if there is one beyond those that are kept. Who is refused loses nothing, or a steady flood would keep the bucket empty for ever. */
  take(nowMs: number, keptCount = 0): boolean {
    const grownTokens = (nowMs - this.#countedAtMs) / 1_000 * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + grownTokens);
    this.#countedAtMs = nowMs;
    if (this.#tokens < keptCount + 1) return false;
    this.#tokens--;
    return true;
  }

  /** Takes so many tokens, or what is left. */
  drain(count: number): void {
    this.#tokens = Math.max(0, this.#tokens - count);
  }
}

/** A map of the last `REMEMBERED_MAX` keys used. */
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

/** The end of its signature as a number. */
function computeMark(bytes: Uint8Array): number {
  let mark = 0;
  for (let at = bytes.length - MARK_BYTES; at < bytes.length; at++) mark = mark * 256 + (bytes[at] ?? 0);
  return mark;
}

function toSocketKey({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}
