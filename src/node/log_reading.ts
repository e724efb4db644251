/** From the lines of a room's log to what they say of the room, and to what the user hears of those that say nothing. */

import type { Crypto } from "../ports.ts";
import { directRoom, type RoomInfo } from "../room/access.ts";
import { readEntry } from "../room/entry.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import type { ReadLine, ReloadReport } from "../room/reload.ts";
import type { RoomFolder } from "../store/paths.ts";

/** Lines that are read between two turns: everything else waits for these, some 4 ms. */
const LINES_A_TURN = 256;
/** Line numbers named in a notice. */
const LINES_TOLD_MAX = 5;
const COME_BACK = "They are kept as they are; what they said comes back from other members";

/** Reads lines, with a turn for everything else now and then if there is one; null if a turn says that it is over. */
export async function readInTurns(
  lines: readonly string[],
  { crypto, turn }: { readonly crypto: Crypto; readonly turn?: () => Promise<boolean> },
): Promise<readonly ReadLine[] | null> {
  const read: ReadLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (turn !== undefined && index % LINES_A_TURN === 0 && !await turn()) return null;
    read.push(readEntry(line, crypto));
  }
  return read;
}

/** The founding of a direct conversation, which may be with a contact or with who wrote in it; else the id: then the log's first entry tells the rest. */
export function roomOf(
  lines: readonly ReadLine[],
  { id, me, contactIds, crypto }: {
    readonly id: RoomId;
    readonly me: PeerId;
    readonly crypto: Crypto;
    contactIds(): readonly PeerId[];
  },
): RoomInfo | RoomId | undefined {
  const authors = new Set<PeerId>(contactIds());
  for (const entry of lines) {
    if ("problem" in entry) continue;
    if (entry.kind === "room") return id;
    authors.add(entry.author);
  }
  authors.delete(me);
  for (const peer of authors) {
    const info = directRoom(me, peer, crypto);
    if (info.id === id) return info;
  }
  return undefined;
}

/** Tells in sentences what was found in the folder's log beside good entries. */
export function tellDamage(
  { log }: RoomFolder,
  { unreadable, distrustedCount }: ReloadReport,
  onNotice: (text: string) => void,
): void {
  if (unreadable.length > 0) {
    const which = unreadable.slice(0, LINES_TOLD_MAX).join(", ") +
      (unreadable.length > LINES_TOLD_MAX ? ", …" : "");
    onNotice(`Lines of "${log}" cannot be read: ${which}. ${COME_BACK}`);
  }
  if (distrustedCount > 0) {
    onNotice(
      `Lines of "${log}" were changed after they were written: ${distrustedCount} are not shown. ${COME_BACK}`,
    );
  }
}
