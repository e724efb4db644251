/** Rooms that open around, as lines: each once, and for a person not too many. Pure. */

import type { RoomRow } from "../../api/commands.ts";
import type { RoomId } from "../../room/id.ts";
import { formatRoomName, formatRoomNote } from "../format/entries.ts";

/** Rooms around that are told of before it is left to /rooms. */
const TOLD_MAX = 5;

/** Which rooms were told of. */
export class RoomLines {
  readonly #isForPerson: boolean;
  readonly #told = new Set<RoomId>();
  #count = 0;

  /** Knows no room. */
  constructor({ isForPerson }: { readonly isForPerson: boolean }) {
    this.#isForPerson = isForPerson;
  }

  /** Rooms that were shown to be here. */
  meet(rooms: readonly RoomRow[]): void {
    for (const { id } of rooms) this.#told.add(id);
  }

  /** What to show of a room that was heard of. */
  lines(room: RoomRow, wasOurs: boolean): readonly string[] {
    const isOld = wasOurs || this.#told.has(room.id);
    this.#told.add(room.id);
    if (isOld || room.joined || room.direct) return [];
    if (this.#isForPerson && ++this.#count > TOLD_MAX) {
      return this.#count > TOLD_MAX + 1 ? [] : ["* More rooms are open here: /rooms shows them"];
    }
    return [`* ${formatRoomName(room)} is open here (${formatRoomNote(room)}). /join ${room.title}`];
  }
}
