/** What went wrong with authors of one room, in plain words; each kind a few times, for whoever has many keys has much to tell. */

import { hintAt } from "../../messages/command_names.ts";
import { type Message, message } from "../../messages/message.ts";
import { FEED_ENTRIES_MAX } from "../../room/feed.ts";
import type { Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import { AUTHORS_MAX, type Replica } from "../../room/replica.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { TAG_CHARS_MIN } from "../../room/room_view.ts";

/** Authors of whom the same is told; it is the same then of further ones. */
const TOLD_MAX = 3;

export interface RoomNoticesParts {
  readonly me: PeerId;
  readonly replica: Replica;
  /** A sentence for the user. */
  onTrouble(notice: Message): void;
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
        ? message("notice.forked-own", { number, place: this.#place() })
        : message("notice.forked", { author: formatTaggedName(entry), number, place: this.#place() }),
    );
  }

  /** The entry stays outside: its author has written all that fits, or the room has all the authors that fit. */
  reportLeftOut(entry: Entry, why: "full" | "crowded"): void {
    if (why === "crowded") return this.#reportCrowded();
    if (this.#full.has(entry.author) || this.#full.size >= TOLD_MAX) return;
    this.#full.add(entry.author);
    this.#parts.onTrouble(
      message("notice.feed-full", {
        author: formatTaggedName(entry),
        place: this.#place(),
        max: FEED_ENTRIES_MAX,
      }),
    );
  }

  #reportCrowded(): void {
    if (this.#isCrowdedTold) return;
    this.#isCrowdedTold = true;
    this.#parts.onTrouble(
      message(
        "notice.crowded",
        { max: AUTHORS_MAX, place: this.#place() },
        hintAt("host", "TITLE", "--invited"),
      ),
    );
  }

  #place(): string | Message {
    const { info } = this.#parts.replica;
    return info === undefined || info.access === "direct"
      ? message("place.direct")
      : `#${sanitizeLine(info.title)}`;
  }
}

/** The name with its tag: names are free, and the notice must not point to another author. */
export function formatTaggedName({ name, author }: Pick<Entry, "name" | "author">): string {
  return `${sanitizeLine(name)}·${author.slice(0, TAG_CHARS_MIN)}`;
}
