/**
 * The entries of one author in one room, in number order, and what they say of the author.
 *
 *     out ── join (or, for a founder, the start) ──▶ in ── leave ──▶ out
 *
 * Outside only a join is accepted. All rules look at this feed alone, so every replica that has the same entries accepts
 * the same ones, in whatever order they came.
 */

import { CLOCK_JUMP_MAX, type Entry, shareTexts } from "./entry.ts";

/**
 * Entries of one author in one room; behind them only a `leave` is accepted. Twenty years of 35 messages a day; what one key can
 * make everybody keep in memory ends here. A rule of the feed alone, so that all replicas end at the same entry.
 */
export const FEED_ENTRIES_MAX = 262_144;
/** UTF-8 bytes of their lines, with the same consequence. */
export const FEED_BYTES_MAX = 128 * 1024 * 1024;

/** What an entry is to a feed. */
export type Fit =
  | "next" // it goes behind the last one
  | "duplicate" // it is here already
  | "gap" // some before it are missing
  | "full" // the author has written all that fits into one room
  | "fork" // another entry has its number, or it follows another one than ours: the author signed two branches
  | "refused"; // no honest author writes it

/** One author's entries in one room. */
export class Feed {
  readonly #entries: Entry[] = [];
  #isIn: boolean;
  #sizeBytes = 0;

  /** A founder is in from the start and writes no join first. */
  constructor(options: { readonly isFounder: boolean }) {
    this.#isIn = options.isFounder;
  }

  /** Whether the author takes part now. */
  get isIn(): boolean {
    return this.#isIn;
  }

  /** Whether the author can write nothing more here but that it leaves. */
  get isFull(): boolean {
    return this.#entries.length >= FEED_ENTRIES_MAX || this.#sizeBytes >= FEED_BYTES_MAX;
  }

  /** The oldest entry: with it the author came in. */
  get first(): Entry | undefined {
    return this.#entries[0];
  }

  /** The newest entry. */
  get last(): Entry | undefined {
    return this.#entries.at(-1);
  }

  /** The entry of that number, from 1 on. */
  get(number: number): Entry | undefined {
    return this.#entries[number - 1];
  }

  /** How many of them are so. */
  countAfter(number: number, isSo: (entry: Entry) => boolean): number {
    let count = 0;
    for (let index = number; index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry !== undefined && isSo(entry)) count++;
    }
    return count;
  }

  /** What the entry is to this feed. Looks at everything but the signature. */
  classify(entry: Entry): Fit {
    const here = this.get(entry.number);
    if (here !== undefined) return here.hash === entry.hash ? "duplicate" : "fork";
    const last = this.last;
    const isNext = entry.number === (last?.number ?? 0) + 1;
    // What is behind the end will never fit: nobody should be asked for what is between.
    if (this.isFull && !(isNext && entry.kind === "leave")) return "full";
    if (!isNext) return "gap";
    if (entry.prev !== (last?.hash ?? "")) return "fork";
    const clock = last?.clock ?? 0;
    if (entry.clock <= clock || entry.clock > clock + CLOCK_JUMP_MAX) return "refused";
    return this.#mayWrite(entry.kind) ? "next" : "refused";
  }

  /** Adds an entry that fits as "next". */
  add(entry: Entry): void {
    if (this.last !== undefined) shareTexts(entry, this.last);
    this.#entries.push(entry);
    this.#sizeBytes += entry.sizeBytes;
    if (entry.kind === "leave") this.#isIn = false;
    if (entry.kind === "join") this.#isIn = true;
  }

  /** Takes the newest entry back: it could not be kept on disk. */
  removeLast(): void {
    const entry = this.#entries.pop();
    if (entry === undefined) return;
    this.#sizeBytes -= entry.sizeBytes;
    // Only who is in can leave, and only who is out can join.
    if (entry.kind === "leave") this.#isIn = true;
    if (entry.kind === "join") this.#isIn = false;
  }

  #mayWrite(kind: string): boolean {
    if (kind === "room") return this.#isIn && this.#entries.length === 0;
    return kind === "join" ? !this.#isIn : this.#isIn;
  }
}
