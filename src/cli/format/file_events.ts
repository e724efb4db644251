/** What happens to files, as lines. Pure. */

import type { FileRow } from "../../api/files.ts";
import { formatSize } from "../../room/file_offer.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { commandHint, type HintContext } from "./command_hints.ts";

/** What can be done with a file that was just offered, and what became of one that the user asked for; nothing while it is on its way. */
export function formatFileEvent(file: FileRow, place: HintContext): readonly string[] {
  if (file.mine) return [];
  if (file.state === "offered") return [`  ${commandHint("get", `${file.number}`, place)} fetches it`];
  if (file.state === "here" && file.path !== null) {
    return [
      `* "${file.name}" of ${file.from} is here (${formatSize(file.sizeBytes)}): ${sanitizeLine(file.path)}`,
    ];
  }
  if (file.state === "failed" && file.problem !== null) return [`! ${sanitizeLine(file.problem)}`];
  return [];
}
