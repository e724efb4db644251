/**
 * The entries of one author in one room, in number order, and what they say of the author.
 *
 *     out ── join (or, for a founder, the start) ──▶ in ── leave ──▶ out
 *
 * Outside only a join is accepted. All rules look at this feed alone, so every replica that has the same entries accepts
 * the same ones, in whatever order they came.
 */

import { CLOCK_JUMP_MAX, type Entry } from "./entry.ts";

/** What an entry is to a feed. */
export type Fit =
  | "next" // it goes behind the last one
  | "duplicate" // it is here already
  | "gap" // some before it are missing
  | "fork" // another entry has its number, or it follows another one than ours: the author signed two branches
  | "refused"; // no honest author writes it

/** One author's entries in one room. */
export class Feed {
  readonly #entries: Entry[] = [];
  readonly #isFounder: boolean;
  #isIn: boolean;

  /** A founder is in from the start and writes no join first. */
  constructor(options: { readonly isFounder: boolean }) {
    this.#isFounder = options.isFounder;
    this.#isIn = options.isFounder;
  }

  /** Whether the author takes part now. */
  get isIn(): boolean {
    return this.#isIn;
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

  /** Entries behind a number, oldest first. */
  after(number: number): readonly Entry[] {
    return this.#entries.slice(number);
  }

  /** What the entry is to this feed. Looks at everything but the signature. */
  fit(entry: Entry): Fit {
    const here = this.get(entry.number);
    if (here !== undefined) return here.hash === entry.hash ? "duplicate" : "fork";
    const last = this.last;
    if (entry.number !== (last?.number ?? 0) + 1) return "gap";
    if (entry.prev !== (last?.hash ?? "")) return "fork";
    const clock = last?.clock ?? 0;
    if (entry.clock <= clock || entry.clock > clock + CLOCK_JUMP_MAX) return "refused";
    return this.#mayWrite(entry.kind) ? "next" : "refused";
  }

  /** Adds an entry that fits as "next". */
  add(entry: Entry): void {
    this.#entries.push(entry);
    this.#follow(entry);
  }

  /** Takes the newest entry back: it could not be kept on disk. */
  drop(): void {
    this.#entries.pop();
    this.#isIn = this.#isFounder;
    for (const entry of this.#entries) this.#follow(entry);
  }

  #mayWrite(kind: string): boolean {
    if (kind === "room") return this.#isFounder && this.#entries.length === 0;
    return kind === "join" ? !this.#isIn : this.#isIn;
  }

  #follow(entry: Entry): void {
    if (entry.kind === "leave") this.#isIn = false;
    if (entry.kind === "join") this.#isIn = true;
  }
}
