/** What vectors prove about entries: kept here, on another device, on every member's. Receipts are never sent as such. */

import type { PeerId } from "./id.ts";

/** How far one of our own entries has come. */
export type ReceiptState = "kept" | "passed" | "everywhere";

/** Pairs of member and author that are remembered: those of a room of a thousand. Claims cost a peer nothing, so there is an end; beyond it receipts stay behind. */
export const MEMBER_VECTOR_PAIRS_MAX = 1024 * 1024;
/** No feed has more entries, and no row can say more. */
const NUMBER_MAX = 2 ** 32 - 1;
/** Entries for which a row has space at first; it doubles when it is full. */
const ROW_MIN = 8;

/**
 * How far each other member's disk holds each feed of one room, as far as we have heard. It may be behind, never ahead.
 * A row of numbers for each member, four bytes a pair: as maps the pairs of a thousand members would take 50 MB.
 */
export class MemberVectors {
  readonly #columns = new Map<PeerId, number>();
  readonly #byMember = new Map<PeerId, Uint32Array>();
  #count = 0;

  /** That member holds the author's feed up to the number. True if that is news. */
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

  /** How far that member holds that feed. */
  get(member: PeerId, author: PeerId): number {
    const place = this.#columns.get(author);
    return place === undefined ? 0 : this.#byMember.get(member)?.[place] ?? 0;
  }

  /** How far that author's feed has come, where `others` are the members in the room now, without the author: alone, nobody is everybody. */
  computeMarks(author: PeerId, others: readonly PeerId[]): ReceiptMarks {
    let passed = 0;
    const place = this.#columns.get(author);
    if (place === undefined) return { passed, everywhere: 0 };
    for (const row of this.#byMember.values()) passed = Math.max(passed, row[place] ?? 0);
    let everywhere = others.length === 0 ? 0 : passed;
    for (const member of others) everywhere = Math.min(everywhere, this.#byMember.get(member)?.[place] ?? 0);
    return { passed, everywhere };
  }

  /** Who holds how much of that author's feed. */
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

/** Up to which of our entries each state holds. */
export interface ReceiptMarks {
  readonly passed: number;
  readonly everywhere: number;
}

/** The most that anybody holds of a feed. */
export function findHighest(numbers: Iterable<number>): number {
  let most = 0;
  // Not Math.max of them all: whoever claims enough holders would overflow its arguments.
  for (const number of numbers) most = Math.max(most, number);
  return most;
}

/** The state of our entry of that number. */
export function toReceiptState(number: number, { passed, everywhere }: ReceiptMarks): ReceiptState {
  return number <= everywhere ? "everywhere" : number <= passed ? "passed" : "kept";
}
