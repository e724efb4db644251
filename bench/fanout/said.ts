/** What lines say: read once, however many members get them. */

import type { PeerId } from "../../src/room/id.ts";
import { messageTag } from "./tally.ts";

/** The meaning of some lines. */
export interface Said {
  /** Of the messages among them: sender and number, one pair behind the other. */
  readonly tags: Int32Array;
  /** By author: the number of its last entry. A feed's first join is not acknowledged, and not among them. */
  readonly heads: ReadonlyMap<PeerId, number>;
  /** The highest clock. */
  readonly clock: number;
}

/** Reads lines. `isSaid`: whether that sender has signed exactly this line. @throws {Error} for a message that nobody said. */
export function understood(
  lines: readonly string[],
  isSaid: (line: string, tag: { readonly sender: number; readonly number: number }) => boolean,
): Said {
  const tags: number[] = [];
  const heads = new Map<PeerId, number>();
  let highest = 0;
  for (const line of lines) {
    const [, , author, number, , clock, , kind, , body] = JSON.parse(line).e;
    if (number > 1 || kind !== "join") heads.set(author, number);
    highest = Math.max(highest, clock);
    const tag = kind === "text" ? messageTag(body) : null;
    if (tag === null) continue;
    if (!isSaid(line, tag)) throw new Error(`a line that nobody said: ${line}`);
    tags.push(tag.sender, tag.number);
  }
  return { tags: Int32Array.from(tags), heads, clock: highest };
}
