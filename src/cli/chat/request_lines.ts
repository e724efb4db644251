/** The quiet lines about a stranger or an invitation, with the possible answers. Pure. */

import { ID_START_CHARS_MIN } from "../../node/peers/peer_directory.ts";
import type { InvitationRow, RequestRow } from "../../api/commands.ts";
import { measureCells, sanitizeLine } from "../../text/sanitize.ts";
import type { Style } from "../format/style.ts";

/** Cells of a title in a sentence. */
const TITLE_CELLS_MAX = 32;
/** Cells of a stranger's first words: enough to know what it is about. */
const REQUEST_CELLS_MAX = 60;

/** The lines for a request to talk, or for an invitation. */
export function formatNewRequest(one: RequestRow | InvitationRow, { dim }: Style): readonly string[] {
  if ("title" in one) {
    // The start of the id names the room, too; nobody would type a title this long.
    const isShort = measureCells(one.title) <= TITLE_CELLS_MAX;
    const room = isShort ? one.title : one.roomId.slice(0, ID_START_CHARS_MIN * 2);
    const title = sanitizeLine(one.title, { maxCells: TITLE_CELLS_MAX });
    return [`* ${one.from.name} invites you to #${title}.`, dim(`  To go there: /join ${room}`)];
  }
  const { name, id } = one.peer;
  const first = one.rows.find((row) => !row.notice)?.text.split("\n")[0] ?? "";
  const said = sanitizeLine(first, { maxCells: REQUEST_CELLS_MAX });
  return [
    `* ${name} (${id.slice(0, 4)}…) wants to talk to you${said === "" ? "." : `: "${said}"`}`,
    dim(`  /accept ${name}, /ignore ${name} or /block ${name}`),
  ];
}
