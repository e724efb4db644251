/** Labels of the authors in each room, computed once: a page of a room of 100,000 lines takes no pass over all of them. */

import type { Entry } from "../../room/entry.ts";
import type { RoomId } from "../../room/id.ts";
import { Labels, toViewLine, type ViewLine } from "../../room/room_view.ts";
import type { LocalRoom } from "../room/local_room.ts";

/** The labels of one node's rooms. */
export class AuthorLabels {
  readonly #labels = new Map<RoomId, Labels>();

  /** These entries are new on our disk. */
  note(localRoom: LocalRoom, entries: readonly Entry[]): void {
    const labels = this.#labelsOf(localRoom);
    for (const entry of entries) labels.note(entry.author, entry.name);
  }

  /** The entries as lines, the same as in a view of the whole room. */
  toLines(localRoom: LocalRoom, entries: readonly Entry[]): ViewLine[] {
    const labels = this.#labelsOf(localRoom);
    return entries.map((entry) => {
      const before = localRoom.replica.get(entry.author, entry.number - 1);
      return toViewLine(entry, before?.name, labels);
    });
  }

  #labelsOf(localRoom: LocalRoom): Labels {
    const { id } = localRoom.replica;
    const known = this.#labels.get(id);
    if (known !== undefined) return known;
    const labels = new Labels();
    for (const entry of localRoom.entries) labels.note(entry.author, entry.name);
    this.#labels.set(id, labels);
    return labels;
  }
}
