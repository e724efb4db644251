/** What happens to files, as lines. Pure. */

import type { FileRow } from "../node/file_row.ts";
import { sizeText } from "../room/offer.ts";
import { safeLine } from "../room/text.ts";
import { howTo, type Place } from "./how_to.ts";

/** What can be done with a file that was just offered, and what became of one that the user asked for; nothing while it is on its way. */
export function fileNewsLines(file: FileRow, place: Place): readonly string[] {
  if (file.mine) return [];
  if (file.state === "offered") return [`  ${howTo("get", `${file.number}`, place)} fetches it`];
  if (file.state === "here" && file.path !== null) {
    return [`* "${file.name}" of ${file.from} is here (${sizeText(file.sizeBytes)}): ${safeLine(file.path)}`];
  }
  if (file.state === "failed" && file.problem !== null) return [`! ${safeLine(file.problem)}`];
  return [];
}
