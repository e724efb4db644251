/** Estimates the height of an item before it is rendered. A good estimate keeps the log still while the user scrolls. Pure. */

import type { FileRow } from "../../../api/files.ts";
import type { LogItem } from "./items.ts";
import { hasPicture, isUnderWay } from "./offers.ts";
import { shortenText } from "./text_size.ts";

/** Pixels, as log.css has them. */
const LINE = 24;
const PADDING = 6;
const NAME = 33;
const STATE = 18;
const NOTICE = 25.5;
const DAY = 58;
const NEW = 35;
const MORE = 32;
/** An offer with one row of buttons, and its optional parts. */
const OFFER = 112;
const PICTURE = 248;
const BAR = 14;
const BADGE = 30;
/** Width beside the text. */
const BESIDE = 112;
/** Pixels of the widest text column, as in the style. */
const TEXT_WIDTH_MAX = 736;
/** Average width of a letter. Wide scripts have twice of it. */
const LETTER = 7.9;
const WIDE = /[\u1100-\u11FF\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFF00-\uFF60\u{1F000}-\u{1FAFF}]/gu;

/** The height in pixels, in a log of that width. `file`: the offered file, if it is known. */
export function estimateHeight(
  item: LogItem,
  { logWidth, file }: { readonly logWidth: number; readonly file?: FileRow | undefined },
): number {
  switch (item.kind) {
    case "start":
    case "day":
      return DAY;
    case "new":
      return NEW;
    case "notice":
      return NOTICE;
    case "offer":
      return (file === undefined ? OFFER : estimateOfferHeight(file)) + PADDING + (item.isFirst ? NAME : 0) +
        (item.isStateShown ? STATE : 0);
    case "message": {
      const short = shortenText(item.row.text);
      const lines = countTextLines(short ?? item.row.text, Math.min(logWidth - BESIDE, TEXT_WIDTH_MAX));
      return lines * LINE + PADDING + (item.isFirst ? NAME : 0) + (item.isStateShown ? STATE : 0) +
        (short === null ? 0 : MORE);
    }
  }
}

function estimateOfferHeight(file: FileRow): number {
  return OFFER + (hasPicture(file) ? PICTURE : 0) + (isUnderWay(file) ? BAR : 0) +
    (file.isProgram ? BADGE : 0);
}

function countTextLines(text: string, width: number): number {
  const perLine = Math.max(width / LETTER, 1);
  return text.split("\n").reduce((sum, line) => {
    const letters = line.length + (line.match(WIDE)?.length ?? 0);
    return sum + Math.max(Math.ceil(letters / perLine), 1);
  }, 0);
}
