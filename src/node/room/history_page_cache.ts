/** Pages of a room's past, encoded once: all who come for the first time get the same. */

import type { Entry } from "../../room/entry.ts";
import type { RoomId } from "../../room/id.ts";
import { encodeRecord } from "../../wire/record.ts";

/** Pages that are kept, 20 KiB each and rarely more: the past of a room of 4,000 lines. The one that was asked for longest ago goes. */
const PAGES_MAX = 64;

/** The pages of one room. */
export class HistoryPageCache {
  readonly #room: RoomId;
  /** By their first entries: who comes for the first time gets the same pages as all others. */
  readonly #pages = new Map<
    Entry | undefined,
    { readonly page: readonly Entry[]; readonly bytes: Uint8Array }
  >();

  constructor(room: RoomId) {
    this.#room = room;
  }

  /** The record of these entries. A page that is not full yet will not be asked for again, and is not kept. */
  encode(page: readonly Entry[], { isFull }: { readonly isFull: boolean }): Uint8Array {
    const [first] = page;
    const known = this.#pages.get(first);
    const bytes = known !== undefined && isSame(known.page, page)
      ? known.bytes
      : encodeRecord({ type: "entries", room: this.#room, lines: page.map(({ line }) => line) });
    if (!isFull) return bytes;
    this.#pages.delete(first);
    this.#pages.set(first, { page, bytes });
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > PAGES_MAX) this.#pages.delete(oldest);
    return bytes;
  }
}

function isSame(left: readonly Entry[], right: readonly Entry[]): boolean {
  return left.length === right.length && left.every((entry, index) => entry === right[index]);
}
