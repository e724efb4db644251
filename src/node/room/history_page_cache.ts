/** Pages of a room's past, encoded once: all new members get the same pages. */

import type { Entry } from "../../room/entry.ts";
import type { RoomId } from "../../room/id.ts";
import { encodeRecord } from "../../wire/record.ts";

/** Pages kept, of about 20 KiB each: the past of a room of 4,000 lines. The page that was used longest ago is dropped. */
const PAGES_MAX = 64;

/** The pages of one room. */
export class HistoryPageCache {
  readonly #room: RoomId;
  /** By first entry. */
  readonly #pages = new Map<
    Entry | undefined,
    { readonly page: readonly Entry[]; readonly bytes: Uint8Array }
  >();

  constructor(room: RoomId) {
    this.#room = room;
  }

  /** Encodes the record of these entries. A page that is not full is not kept: no other peer will need the same one. */
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
