/** A colour for each author, the same on every screen: from the id, not from the name, which others can take. */

import type { PeerId } from "../../room/id.ts";
import type { Style } from "./style.ts";

/** Of the 16 colours those that can be read on dark and on light: green, blue, magenta, cyan, red; bold, so brighter where it is dark. */
const COLORS = [32, 34, 35, 36, 31] as const;
/** Characters of the id that choose: 20 bits. */
const CHARS = 4;

/** The style with that author's colour for who speaks. */
export function pickAuthorStyle(style: Style, author: PeerId): Style {
  if (!style.hasColor) return style;
  const sum = [...author.slice(0, CHARS)].reduce((total, char) => total * 31 + char.charCodeAt(0), 0);
  const color = COLORS[sum % COLORS.length] ?? COLORS[0];
  return { ...style, strong: (text) => `\x1b[1;${color}m${text}\x1b[0m` };
}
