/**
 * What is to be sent to one peer of a room's past: the next entry of each feed, in the order in which the log has them. So the
 * disk is read from one end to the other, and the memory for it is a place for each feed, however long the feeds are.
 */

import { compareEntries, type Entry, logPlace } from "./entry.ts";
import type { PeerId } from "./id.ts";

interface Place {
  readonly entry: Entry;
  /** When it was added; an entry that reaches the log meanwhile keeps its place here. */
  readonly logPlace: number;
}

/** A heap of entries, at most one of each author. */
export class Backlog {
  readonly #heap: Place[] = [];
  readonly #authors = new Set<PeerId>();

  /** Whether nothing is to be sent. */
  get isEmpty(): boolean {
    return this.#heap.length === 0;
  }

  /** Whether an entry of that author is here. */
  has(author: PeerId): boolean {
    return this.#authors.has(author);
  }

  /** Adds the next entry of an author of whom none is here. */
  add(entry: Entry): void {
    if (this.#authors.has(entry.author)) throw new Error("A backlog has one entry of each author");
    this.#authors.add(entry.author);
    const place = { entry, logPlace: entry.kind === "room" ? -1 : logPlace(entry) };
    let at = this.#heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || compare(parent, place) <= 0) break;
      this.#heap[at] = parent;
      at = above;
    }
    this.#heap[at] = place;
  }

  /** Takes the first entry out: the one that makes the room, then in the order of the log, then of the room. */
  take(): Entry | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    this.#authors.delete(first.entry.author);
    if (this.#heap.length > 0) this.#sink(last);
    return first.entry;
  }

  /** Forgets all. */
  clear(): void {
    this.#heap.length = 0;
    this.#authors.clear();
  }

  #sink(place: Place): void {
    let at = 0;
    while (true) {
      const [left, right] = [this.#heap[2 * at + 1], this.#heap[2 * at + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && compare(right, left) < 0;
      const child = isRight ? right : left;
      if (compare(place, child) <= 0) break;
      this.#heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    this.#heap[at] = place;
  }
}

function compare(left: Place, right: Place): number {
  if (left.logPlace !== right.logPlace) return left.logPlace < right.logPlace ? -1 : 1;
  return compareEntries(left.entry, right.entry);
}
