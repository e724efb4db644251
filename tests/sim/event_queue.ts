/** What is to happen, as a binary heap ordered by moment, then by when it was added. */

/** Something that is to happen. */
export interface SimEvent {
  readonly atMs: number;
  /** It will not happen. Harmless if it has. */
  cancel(): void;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  /** Its place in the heap; -1 once it is out. */
  place: number;
}

/** Events in the order in which they happen. */
export class EventQueue {
  readonly #heap: Entry[] = [];
  #addedCount = 0;

  add(atMs: number, run: () => void): SimEvent {
    const entry: Entry = { atMs, order: this.#addedCount++, run, place: -1 };
    this.#rise(entry, this.#heap.length);
    return { atMs, cancel: () => this.#remove(entry) };
  }

  /** Takes the next event out, unless it is later than that or there is none. */
  takeNext(untilMs: number): { readonly atMs: number; readonly run: () => void } | null {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > untilMs) return null;
    this.#remove(first);
    return first;
  }

  #remove(entry: Entry): void {
    if (entry.place < 0) return;
    const hole = entry.place;
    const last = this.#heap.pop();
    entry.place = -1;
    if (last === undefined || last === entry) return;
    // The last entry fills the hole; it may belong further up or further down from there.
    this.#rise(last, hole);
    this.#sink(last, last.place);
  }

  /** Puts an entry at a free place, or above it. */
  #rise(entry: Entry, place: number): void {
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.#heap[parentPlace];
      if (parent === undefined || !isBefore(entry, parent)) break;
      this.#put(parent, place);
      place = parentPlace;
    }
    this.#put(entry, place);
  }

  #sink(entry: Entry, place: number): void {
    for (;;) {
      const left = this.#heap[2 * place + 1];
      const right = this.#heap[2 * place + 2];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, entry)) break;
      const childPlace = child.place;
      this.#put(child, place);
      place = childPlace;
    }
    this.#put(entry, place);
  }

  #put(entry: Entry, place: number): void {
    this.#heap[place] = entry;
    entry.place = place;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
