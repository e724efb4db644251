/**
 * The entries of one author in one room, in number order, and the author's membership that follows from them.
 *     out ── join (or, for a founder, the start) ──▶ in ── leave ──▶ out
 * While out, only a join is accepted. All rules depend on this feed alone, so replicas with the same entries accept
 * the same ones, in whatever order they arrive.
 */

import { CLOCK_JUMP_MAX, type Entry, shareTexts } from "./entry.ts";

/**
 * Entries of one author in one room; after that only a `leave` is accepted. This is 20 years of 35 messages a day,
 * and limits the memory that one key can take on every member's node. The rule depends on the feed alone, so all
 * replicas stop at the same entry.
 */
export const FEED_ENTRIES_MAX = 262_144;
/** UTF-8 bytes of the author's lines, with the same consequence. */
export const FEED_BYTES_MAX = 128 * 1024 * 1024;

/** The result of comparing an entry with a feed. */
export type Fit =
  | "next" // follows the last entry
  | "duplicate" // is present already
  | "gap" // earlier entries are missing
  | "full" // the author has used up its share of the room
  | "fork" // another entry has this number, or it follows a different entry: the author signed two branches
  | "refused"; // breaks a rule that honest authors keep

/** One author's entries in one room. */
export class Feed {
  readonly #entries: Entry[] = [];
  #isIn: boolean;
  #sizeBytes = 0;

  /** A founder is in from the start and writes no join first. */
  constructor(options: { readonly isFounder: boolean }) {
    this.#isIn = options.isFounder;
  }

  /** UTF-8 bytes of the lines. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Whether the author is a member now. */
  get isIn(): boolean {
    return this.#isIn;
  }

  /** Whether the author can only leave. */
  get isFull(): boolean {
    return this.#entries.length >= FEED_ENTRIES_MAX || this.#sizeBytes >= FEED_BYTES_MAX;
  }

  /** The oldest entry. */
  get first(): Entry | undefined {
    return this.#entries[0];
  }

  /** The newest entry. */
  get last(): Entry | undefined {
    return this.#entries.at(-1);
  }

  /** The entry with that number, counted from 1. */
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

  /** Compares the entry with this feed. Checks everything except the signature. */
  classify(entry: Entry): Fit {
    const here = this.get(entry.number);
    if (here !== undefined) return here.hash === entry.hash ? "duplicate" : "fork";
    const last = this.last;
    const isNext = entry.number === (last?.number ?? 0) + 1;
    // Entries beyond the end never fit, so nobody should ask for those in between.
    if (this.isFull && !(isNext && entry.kind === "leave")) return "full";
    if (!isNext) return "gap";
    if (entry.prev !== (last?.hash ?? "")) return "fork";
    const clock = last?.clock ?? 0;
    if (entry.clock <= clock || entry.clock > clock + CLOCK_JUMP_MAX) return "refused";
    return this.#mayWrite(entry.kind) ? "next" : "refused";
  }

  /** Appends an entry that was classified as "next". */
  add(entry: Entry): void {
    if (this.last !== undefined) shareTexts(entry, this.last);
    this.#entries.push(entry);
    this.#sizeBytes += entry.sizeBytes;
    if (entry.kind === "leave") this.#isIn = false;
    if (entry.kind === "join") this.#isIn = true;
  }

  /** Removes the newest entry because it could not be saved. */
  removeLast(): void {
    const entry = this.#entries.pop();
    if (entry === undefined) return;
    this.#sizeBytes -= entry.sizeBytes;
    // Only a member can leave, and only a non-member can join.
    if (entry.kind === "leave") this.#isIn = true;
    if (entry.kind === "join") this.#isIn = false;
  }

  #mayWrite(kind: string): boolean {
    if (kind === "room") return this.#isIn && this.#entries.length === 0;
    return kind === "join" ? !this.#isIn : this.#isIn;
  }
}
