/** Rows of a log for tests. */

import type { LogRow } from "../../../src/node/vocabulary.ts";
import type { PeerId, RoomId } from "../../../src/room/id.ts";

/** A message of somebody, in the morning of a day. */
export function rowOf(author: string, number: number, change: Partial<LogRow> = {}): LogRow {
  return {
    room: "Attic",
    roomId: "room" as RoomId,
    author: author as PeerId,
    name: author,
    number,
    kind: "text",
    text: `${author} ${number}`,
    notice: false,
    time: "2026-11-20T08:00:00.000Z",
    state: null,
    ...change,
  };
}
