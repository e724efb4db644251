/**
 * Acknowledgements of one room, gathered until a timer sends them: how far our own disk is, for the hosts that we follow, and
 * how far members' disks are in an author's feed, for that author. Vectors only ever tell what a disk has.
 */

import type { PeerId } from "../../room/id.ts";
import type { Vector } from "../../room/version_vector.ts";

/** The acknowledgements since the last batch. */
export class AckBatch {
  readonly #grown = new Set<PeerId>();
  /** Feeds that have begun; only their authors are told. */
  readonly #begun = new Set<PeerId>();
  readonly #progress = new Map<PeerId, Map<PeerId, number>>();

  /** Whether there is nothing to send. */
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

  /** The member's disk has the author's feed up to that number; the author is told. */
  noteProgress(author: PeerId, member: PeerId, number: number): void {
    const progress = this.#progress.get(author) ?? new Map<PeerId, number>();
    this.#progress.set(author, progress.set(member, number));
  }

  /** Takes all: the feeds that grew here, and for each author how far each member is in its feed. */
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
