/**
 * What is to be acknowledged in one room, gathered until the timer sends it: how far our own disk got, for those whom
 * we follow, and how far members' disks got in an author's feed, for that author. Vectors only ever say what a disk has.
 */

import type { PeerId } from "../../room/id.ts";
import type { Vector } from "../../room/version_vector.ts";

/** The news since the last time. */
export class AckBatch {
  readonly #grown = new Set<PeerId>();
  /** Feeds that have begun, and of which only their authors are told. */
  readonly #begun = new Set<PeerId>();
  readonly #progress = new Map<PeerId, Map<PeerId, number>>();

  /** Whether anything is to be said. */
  get isEmpty(): boolean {
    return this.#grown.size === 0 && this.#begun.size === 0 && this.#progress.size === 0;
  }

  /** Our disk has more of that author's feed. */
  noteGrowth(author: PeerId): void {
    this.#grown.add(author);
  }

  /** Our disk has the join that begins that author's feed. */
  noteBeginning(author: PeerId): void {
    this.#begun.add(author);
  }

  /** That member's disk has that author's feed up to the number; the author wants to know. */
  noteProgress(author: PeerId, member: PeerId, number: number): void {
    const progress = this.#progress.get(author) ?? new Map<PeerId, number>();
    this.#progress.set(author, progress.set(member, number));
  }

  /** Takes all out: the feeds that grew here, and for each author who got how far in its feed. */
  take(me: PeerId, held: Vector): { readonly have: Vector; seenBy(author: PeerId): Vector } {
    const have = new Map([...this.#grown].map((author) => [author, held.get(author) ?? 0]));
    const told = new Set([...this.#grown, ...this.#begun]);
    const progress = new Map(this.#progress);
    this.#grown.clear();
    this.#begun.clear();
    this.#progress.clear();
    const seenBy = (author: PeerId) => {
      const seen = progress.get(author) ?? new Map<PeerId, number>();
      return told.has(author) ? seen.set(me, held.get(author) ?? 0) : seen;
    };
    return { have, seenBy };
  }
}
