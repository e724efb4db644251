/** What vectors prove about entries: kept here, on another device, on every member's. Receipts are never sent as such. */

import type { PeerId } from "./id.ts";
import type { Vector } from "./vector.ts";

/** How far one of our own entries has come. */
export type ReceiptState = "kept" | "passed" | "everywhere";

/** Pairs of member and author that are remembered. Claims cost a peer nothing, so there is an end; beyond it receipts stay behind. */
export const HOLDINGS_MAX = 256 * 1024;

/** How far each other member's disk holds each feed of one room, as far as we have heard. It may be behind, never ahead. */
export class Holdings {
  readonly #byMember = new Map<PeerId, Map<PeerId, number>>();
  #count = 0;

  /** That member holds the author's feed up to the number. True if that is news. */
  note(member: PeerId, author: PeerId, number: number): boolean {
    const held = this.#byMember.get(member) ?? new Map<PeerId, number>();
    if (number <= (held.get(author) ?? 0)) return false;
    if (!held.has(author) && ++this.#count > HOLDINGS_MAX) return false;
    this.#byMember.set(member, held.set(author, number));
    return true;
  }

  /** How far that member holds that feed. */
  of(member: PeerId, author: PeerId): number {
    return this.#byMember.get(member)?.get(author) ?? 0;
  }

  /** Who holds how much of that author's feed. */
  about(author: PeerId): Map<PeerId, number> {
    const about = new Map<PeerId, number>();
    for (const [member, held] of this.#byMember) {
      const number = held.get(author);
      if (number !== undefined) about.set(member, number);
    }
    return about;
  }
}

/** Up to which of our entries each state holds. */
export interface ReceiptMarks {
  readonly passed: number;
  readonly everywhere: number;
}

/** The marks, from who holds how much of our feed. `others` are the members in the room now, without us: alone, nobody is everybody. */
export function receiptMarks(holders: Vector, others: readonly PeerId[]): ReceiptMarks {
  let passed = 0;
  // Not Math.max of them all: whoever claims enough holders would overflow its arguments.
  for (const number of holders.values()) passed = Math.max(passed, number);
  const everywhere = others.length === 0 ? 0 : Math.min(...others.map((member) => holders.get(member) ?? 0));
  return { passed, everywhere };
}

/** The state of our entry of that number. */
export function receiptState(number: number, { passed, everywhere }: ReceiptMarks): ReceiptState {
  return number <= everywhere ? "everywhere" : number <= passed ? "passed" : "kept";
}
