/** What was said, for screens and files. */

import { UsageError } from "../errors.ts";
import type { Clock, Crypto } from "../ports.ts";
import type { Entry } from "../room/entry.ts";
import type { PeerId } from "../room/id.ts";
import { safeLine, safeText } from "../room/text.ts";
import { fingerprint, viewLines } from "../room/view.ts";
import { renderTranscript } from "../store/transcript.ts";
import { type FullTranscript, renderJson } from "../store/transcript_json.ts";
import { renderMarkdown } from "../store/transcript_md.ts";
import { type Conversations, isoTime } from "./conversations.ts";
import { windowOf, type WindowOptions } from "./log_window.ts";
import { pause } from "./pause.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { RoomLabels } from "./room_labels.ts";
import type { Rooms } from "./rooms.ts";
import type { Command, ExportFormat, Replies } from "./vocabulary.ts";

/** Lines that are looked at between two turns of everything else, some 5 ms. */
const SEARCHED_A_TURN = 512;
/** Characters of an id that stand for somebody without a name. */
const ID_CHARS = 8;

/** What the Reading needs. */
export interface ReadingParts {
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly conversations: Conversations;
  readonly labels: RoomLabels;
  isBlocked(peer: PeerId): boolean;
  /** Whether the conversation waits for the user's answer. */
  isRequest(keeper: RoomKeeper): boolean;
}

/** What was said, for screens and files. */
export class Reading {
  readonly #parts: ReadingParts;

  /** Reads all from its parts, at each call. */
  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  /** The lines of a conversation, oldest first; not those of peers whom the user has blocked. @throws {UsageError}. */
  async log(command: Extract<Command, { do: "log" }>): Promise<Replies["log"]> {
    const { conversations, labels, rooms, isBlocked } = this.#parts;
    const keeper = conversations.find(command.to);
    const { entries, isStart, isEnd } = windowOf(keeper.entries, {
      last: command.last ?? Infinity,
      from: placeIn(keeper, command),
      isShown: (entry) => !isBlocked(entry.author),
    });
    const room = conversations.row(keeper);
    const rows = conversations.logRows(keeper, labels.lines(keeper, entries));
    // Whoever scrolls back has not read what is newer.
    if (command.markRead !== false && isEnd) await rooms.markRead(keeper);
    return { room, rows, isStart, isEnd };
  }

  /** Messages with that text in them, whatever its case and width, oldest first; not what waits for the user's answer. */
  async search(
    { text, last = Infinity }: Extract<Command, { do: "search" }>,
  ): Promise<Replies["search"]> {
    const { clock, conversations, labels, rooms, isBlocked, isRequest } = this.#parts;
    const key = searchKey(safeText(text));
    const isHit = ({ kind, body, author }: Entry) =>
      kind === "text" && typeof body === "string" && !isBlocked(author) &&
      searchKey(safeText(body)).includes(key);
    const found: { readonly keeper: RoomKeeper; readonly entry: Entry }[] = [];
    for (const keeper of rooms.list().filter((one) => !isRequest(one))) {
      for (const [index, entry] of [...keeper.entries].entries()) {
        if (index % SEARCHED_A_TURN === SEARCHED_A_TURN - 1) await pause(clock);
        if (isHit(entry)) found.push({ keeper, entry });
      }
    }
    // Rooms have no order among each other but what clocks say.
    found.sort((left, right) => left.entry.wallMs - right.entry.wallMs);
    const rows = [...Map.groupBy(newest(found, last), ({ keeper }) => keeper)].flatMap(([keeper, hits]) =>
      conversations.logRows(keeper, labels.lines(keeper, hits.map(({ entry }) => entry)))
    );
    rows.sort((left, right) => Date.parse(left.time) - Date.parse(right.time));
    return { rows, count: found.length };
  }

  /** A conversation as a file: all of it, or what lies between two moments. @throws {UsageError}. */
  export(command: Extract<Command, { do: "export" }>): Replies["export"] {
    const { conversations } = this.#parts;
    const keeper = conversations.find(command.to);
    const transcript = this.#transcript(keeper, command);
    const text = rendered(transcript, command.format ?? "txt");
    return { title: conversations.titleOf(keeper), text, count: transcript.lines.length };
  }

  /** The same from every member who has the same entries: what the user of this node thinks of others is not in it. */
  #transcript(
    { entries, replica }: RoomKeeper,
    { sinceMs = -Infinity, untilMs = Infinity }: { readonly sinceMs?: number; readonly untilMs?: number },
  ): FullTranscript {
    const lines = viewLines(entries);
    const chosen = lines.filter(({ entry: { wallMs } }) => wallMs >= sinceMs && wallMs <= untilMs);
    const labels = new Map(lines.map(({ entry, label }) => [entry.author, label]));
    const members = replica.members().map(({ id, isIn }) => ({
      id,
      isIn,
      name: labels.get(id) ?? id.slice(0, ID_CHARS),
    }));
    const { access = "open", title = "", founders = [] } = replica.info ?? {};
    // A direct conversation has two names for its two sides; its transcript names both, in the order of their keys.
    const names = founders.map((founder) => labels.get(founder) ?? founder.slice(0, ID_CHARS));
    return {
      title: access === "direct" ? names.join(" and ") : safeLine(title),
      roomId: replica.id,
      access,
      fingerprint: fingerprint(entries, this.#parts.crypto),
      totalCount: lines.length,
      members,
      lines: chosen.map(({ entry, label, isNotice, text }) => ({
        wallMs: entry.wallMs,
        kind: isNotice ? "notice" : "text",
        label,
        text,
        entry,
        time: isoTime(entry.wallMs),
      })),
      ...(sinceMs !== -Infinity && { sinceMs }),
      ...(untilMs !== Infinity && { untilMs }),
    };
  }
}

/** Where a command wants to look from. @throws {UsageError} if there is no such entry, or more than one. */
function placeIn(
  { replica }: RoomKeeper,
  command: Extract<Command, { do: "log" }>,
): WindowOptions["from"] {
  const sides = (["before", "after", "around"] as const).filter((side) => command[side] !== undefined);
  const [side] = sides;
  if (side === undefined) return null;
  if (sides.length > 1) throw new UsageError(`Cannot look both "${sides.join('" and "')}": choose one`);
  const at = command[side];
  const entry: Entry | undefined = at === undefined ? undefined : replica.get(at.author, at.number);
  if (entry === undefined) throw new UsageError("There is no such line in that conversation");
  return { side, entry };
}

function rendered(transcript: FullTranscript, format: ExportFormat): string {
  switch (format) {
    case "txt":
      return renderTranscript(transcript);
    case "md":
      return renderMarkdown(transcript);
    case "json":
      return renderJson(transcript);
  }
}

/** As `nameKey`, for texts: they were made safe, so no letter carries marks without end, and this needs time in proportion to their length. */
function searchKey(text: string): string {
  return text.normalize("NFKC").toLowerCase().normalize("NFKC");
}

function newest<T>(all: readonly T[], count: number): readonly T[] {
  return count > 0 ? all.slice(-count) : [];
}
