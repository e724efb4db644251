/** Notices about faulty authors of one room. Each kind is limited, because one device may use many keys. */

import { FEED_ENTRIES_MAX } from "../../room/feed.ts";
import type { Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import { AUTHORS_MAX, type Replica } from "../../room/replica.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { TAG_CHARS_MIN } from "../../room/room_view.ts";

/** Authors that one kind of notice names; further ones are left out. */
const TOLD_MAX = 3;

export interface RoomNoticesParts {
  readonly me: PeerId;
  readonly replica: Replica;
  /** A sentence for the user. */
  onTrouble(text: string): void;
}

/** The troubles of one room. */
export class RoomNotices {
  readonly #parts: RoomNoticesParts;
  readonly #full = new Set<PeerId>();
  #forkedCount = 0;
  #isCrowdedTold = false;

  constructor(parts: RoomNoticesParts) {
    this.#parts = parts;
  }

  /** The author signed two branches. */
  reportFork(entry: Entry): void {
    const { me, onTrouble } = this.#parts;
    if (++this.#forkedCount > TOLD_MAX) return;
    const { author, number } = entry;
    onTrouble(
      author === me
        ? `Two different lines were signed with your key as number ${number}${this.#where()}: does another device have a copy ` +
          "of this home? The line that came first stays, both are kept"
        : `${
          formatTaggedName(entry)
        } has signed two different lines as number ${number}${this.#where()}: do not rely on what they say there. ` +
          "The line that came first is shown, both are kept",
    );
  }

  /** The entry is left out: its author has written all that fits, or the room has all authors that fit. */
  reportLeftOut(entry: Entry, why: "full" | "crowded"): void {
    if (why === "crowded") return this.#reportCrowded();
    if (this.#full.has(entry.author) || this.#full.size >= TOLD_MAX) return;
    this.#full.add(entry.author);
    this.#parts.onTrouble(
      `${formatTaggedName(entry)} has written all that fits into one room${this.#where()} ` +
        `(${FEED_ENTRIES_MAX} lines, or as much in long ones): what they add is left out`,
    );
  }

  #reportCrowded(): void {
    if (this.#isCrowdedTold) return;
    this.#isCrowdedTold = true;
    this.#parts.onTrouble(
      `${AUTHORS_MAX} keys have written${this.#where()}, and no more fit: newcomers are left out. ` +
        "To go on without those who crowd it, open a room by invitation (earshot host TITLE --invited) and invite whom you know",
    );
  }

  #where(): string {
    const { info } = this.#parts.replica;
    return info === undefined || info.access === "direct" ? "" : ` in "${sanitizeLine(info.title)}"`;
  }
}

/** The name with its tag: names are free, and the notice must not point to another author. */
export function formatTaggedName({ name, author }: Pick<Entry, "name" | "author">): string {
  return `${sanitizeLine(name)}·${author.slice(0, TAG_CHARS_MIN)}`;
}
