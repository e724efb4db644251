/** Rows of offers as a node tells them, for tests of what screens do with them. */

import type { FileRow } from "../../src/node/file_row.ts";
import type { PeerId, RoomId } from "../../src/room/id.ts";

/** Bob's picture, on offer in the Attic, but for the changes. Its ids are names: only a node looks into them. */
export function fileRowWith(changes: Partial<FileRow> = {}): FileRow {
  return {
    id: "b".repeat(22),
    number: 1,
    roomId: "room" as RoomId,
    room: "Attic",
    author: "bob" as PeerId,
    from: "bob",
    mine: false,
    time: "2026-11-20T12:00:00.000Z",
    name: "cat.png",
    ending: ".png",
    isProgram: false,
    isFolder: false,
    filesCount: 1,
    sizeBytes: 1_000,
    type: "image/png",
    isPicture: true,
    state: "offered",
    gotBytes: 0,
    bytesPerSecond: 0,
    leftMs: null,
    sources: [],
    path: null,
    problem: null,
    ...changes,
  };
}
