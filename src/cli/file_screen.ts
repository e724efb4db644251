/** Offers of files as lines. */

import type { FileRow } from "../node/file_row.ts";
import { sizeText } from "../room/offer.ts";

/** What became of a file that the user asked for; nothing while it is on its way. */
export function fileNewsLines(file: FileRow): readonly string[] {
  if (file.mine) return [];
  if (file.state === "here" && file.path !== null) {
    return [`* "${file.name}" of ${file.from} is here (${sizeText(file.sizeBytes)}): ${file.path}`];
  }
  if (file.state === "failed" && file.problem !== null) return [`! ${file.problem}`];
  return [];
}
