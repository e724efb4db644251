/**
 * Delivery states derived from vectors: stored here, on another device, or on every member's device. No receipt is
 * sent as such.
 */

import type { PeerId } from "./id.ts";

/** How far one of our own entries has been delivered. */
export type ReceiptState = "kept" | "passed" | "everywhere";

/**
 * Pairs of member and author that are stored: enough for a room of a thousand. Claims cost a peer nothing, so there
 * is a limit; beyond it receipts lag behind.
 */
export const MEMBER_VECTOR_PAIRS_MAX = 1024 * 1024;
/** No feed has more entries, and no row can store a higher number. */
const NUMBER_MAX = 2 ** 32 - 1;
/** Entries for which a row has space at first; it doubles when it is full. */
const ROW_MIN = 8;

/**
 * For each member, how far its disk has each feed of one room, as last reported. The data may be behind, never ahead.
 * One row of numbers per member, four bytes per pair: as maps the pairs of a thousand members would take 50 MB.
 */
export class MemberVectors {
  readonly #columns = new Map<PeerId, number>();
  readonly #byMember = new Map<PeerId, Uint32Array>();
  #count = 0;

  /** Records that the member has the author's feed up to that number. Returns whether that is new. */
  note(member: PeerId, author: PeerId, number: number): boolean {
    const row = this.#byMember.get(member);
    const place = this.#columns.get(author);
    const known = place === undefined ? 0 : row?.[place] ?? 0;
    if (number <= known) return false;
    if (known === 0 && this.#count >= MEMBER_VECTOR_PAIRS_MAX) return false;
    if (known === 0) this.#count++;
    const at = place ?? this.#addAuthor(author);
    const wide = row !== undefined && at < row.length ? row : this.#widenRow(member, at);
    wide[at] = Math.min(number, NUMBER_MAX);
    return true;
  }

  /** How far that member has that feed. */
  get(member: PeerId, author: PeerId): number {
    const place = this.#columns.get(author);
    return place === undefined ? 0 : this.#byMember.get(member)?.[place] ?? 0;
  }

  /**
   * The delivery marks of that author's feed. `others` are the current members except the author; without any,
   * nothing counts as "everywhere".
   */
  computeMarks(author: PeerId, others: readonly PeerId[]): ReceiptMarks {
    let passed = 0;
    const place = this.#columns.get(author);
    if (place === undefined) return { passed, everywhere: 0 };
    for (const row of this.#byMember.values()) passed = Math.max(passed, row[place] ?? 0);
    let everywhere = others.length === 0 ? 0 : passed;
    for (const member of others) everywhere = Math.min(everywhere, this.#byMember.get(member)?.[place] ?? 0);
    return { passed, everywhere };
  }

  /** The members that have part of that author's feed, with the last number of each. */
  listMembers(author: PeerId): Map<PeerId, number> {
    const about = new Map<PeerId, number>();
    const place = this.#columns.get(author);
    if (place === undefined) return about;
    for (const [member, row] of this.#byMember) {
      const number = row[place] ?? 0;
      if (number > 0) about.set(member, number);
    }
    return about;
  }

  #addAuthor(author: PeerId): number {
    const place = this.#columns.size;
    this.#columns.set(author, place);
    return place;
  }

  #widenRow(member: PeerId, place: number): Uint32Array {
    const before = this.#byMember.get(member);
    const row = new Uint32Array(Math.max(ROW_MIN, (place + 1) * 3 >> 1));
    if (before !== undefined) row.set(before);
    this.#byMember.set(member, row);
    return row;
  }
}

/** The last number of our entries in each state. */
export interface ReceiptMarks {
  readonly passed: number;
  readonly everywhere: number;
}

/** The highest of these numbers, or 0. */
export function findHighest(numbers: Iterable<number>): number {
  let most = 0;
  // Not Math.max(...numbers): enough claimed members would overflow its arguments.
  for (const number of numbers) most = Math.max(most, number);
  return most;
}

/** The state of our entry with that number. */
export function toReceiptState(number: number, { passed, everywhere }: ReceiptMarks): ReceiptState {
  return number <= everywhere ? "everywhere" : number <= passed ? "passed" : "kept";
}
