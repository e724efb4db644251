/** What was said, for screens and files. */

import { UsageError } from "../../errors.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Clock } from "../../ports/time.ts";
import type { Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import { sanitizeLine, sanitizeText } from "../../text/sanitize.ts";
import { computeFingerprint, toViewLines } from "../../room/room_view.ts";
import { renderTranscript } from "../../store/transcript/transcript.ts";
import { type FullTranscript, renderJson } from "../../store/transcript/transcript_json.ts";
import { renderMarkdown } from "../../store/transcript/transcript_md.ts";
import { type ConversationDirectory, formatIsoTime } from "./conversation_directory.ts";
import { findHistoryPage, type HistoryPageOptions } from "./history_page.ts";
import { yieldToEventLoop } from "../support/yield.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { AuthorLabels } from "../rooms/author_labels.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Command, ExportFormat, Replies } from "../../api/commands.ts";

/** Lines that are looked at between two turns of everything else, some 5 ms. */
const SEARCHED_A_TURN = 512;
/** Characters of an id that stand for somebody without a name. */
const ID_CHARS = 8;

export interface HistoryParts {
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly conversations: ConversationDirectory;
  readonly authorLabels: AuthorLabels;
  isBlocked(peer: PeerId): boolean;
  /** Whether the conversation waits for the user's answer. */
  isRequest(localRoom: LocalRoom): boolean;
}

/** What was said, for screens and files. */
export class History {
  readonly #parts: HistoryParts;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** The lines of a conversation, oldest first; not those of peers whom the user has blocked. @throws {UsageError}. */
  async log(command: Extract<Command, { do: "log" }>): Promise<Replies["log"]> {
    const { conversations, authorLabels, rooms, isBlocked } = this.#parts;
    const localRoom = conversations.find(command.to);
    const { entries, isStart, isEnd } = findHistoryPage(localRoom.entries, {
      last: command.last ?? Infinity,
      from: findPlace(localRoom, command),
      isShown: (entry) => !isBlocked(entry.author),
    });
    const room = conversations.toRow(localRoom);
    const rows = conversations.toLogRows(localRoom, authorLabels.toLines(localRoom, entries));
    // Whoever scrolls back has not read what is newer.
    if (command.markRead !== false && isEnd) await rooms.markRead(localRoom);
    return { room, rows, isStart, isEnd };
  }

  /** Messages with that text in them, whatever its case and width, oldest first; not what waits for the user's answer. */
  async search(
    { text, last = Infinity }: Extract<Command, { do: "search" }>,
  ): Promise<Replies["search"]> {
    const { clock, conversations, authorLabels, rooms, isBlocked, isRequest } = this.#parts;
    const key = toSearchKey(sanitizeText(text));
    const isHit = ({ kind, body, author }: Entry) =>
      kind === "text" && typeof body === "string" && !isBlocked(author) &&
      toSearchKey(sanitizeText(body)).includes(key);
    const found: { readonly localRoom: LocalRoom; readonly entry: Entry }[] = [];
    for (const localRoom of rooms.list().filter((one) => !isRequest(one))) {
      for (const [index, entry] of [...localRoom.entries].entries()) {
        if (index % SEARCHED_A_TURN === SEARCHED_A_TURN - 1) await yieldToEventLoop(clock);
        if (isHit(entry)) found.push({ localRoom, entry });
      }
    }
    // Rooms have no order among each other but what clocks say.
    found.sort((left, right) => left.entry.wallMs - right.entry.wallMs);
    const rows = [...Map.groupBy(takeNewest(found, last), ({ localRoom }) => localRoom)].flatMap((
      [localRoom, hits],
    ) => conversations.toLogRows(localRoom, authorLabels.toLines(localRoom, hits.map(({ entry }) => entry))));
    rows.sort((left, right) => Date.parse(left.time) - Date.parse(right.time));
    return { rows, count: found.length };
  }

  /** A conversation as a file: all of it, or what lies between two moments. @throws {UsageError}. */
  export(command: Extract<Command, { do: "export" }>): Replies["export"] {
    const { conversations } = this.#parts;
    const localRoom = conversations.find(command.to);
    const transcript = this.#transcript(localRoom, command);
    const text = renderAs(transcript, command.format ?? "txt");
    return { title: conversations.titleOf(localRoom), text, count: transcript.lines.length };
  }

  /** The same from every member who has the same entries: what the user of this node thinks of others is not in it. */
  #transcript(
    { entries, replica }: LocalRoom,
    { sinceMs = -Infinity, untilMs = Infinity }: { readonly sinceMs?: number; readonly untilMs?: number },
  ): FullTranscript {
    const lines = toViewLines(entries);
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
      title: access === "direct" ? names.join(" and ") : sanitizeLine(title),
      roomId: replica.id,
      access,
      fingerprint: computeFingerprint(entries, this.#parts.crypto),
      totalCount: lines.length,
      members,
      lines: chosen.map(({ entry, label, isNotice, text }) => ({
        wallMs: entry.wallMs,
        kind: isNotice ? "notice" : "text",
        label,
        text,
        entry,
        time: formatIsoTime(entry.wallMs),
      })),
      ...(sinceMs !== -Infinity && { sinceMs }),
      ...(untilMs !== Infinity && { untilMs }),
    };
  }
}

/** Where a command wants to look from. @throws {UsageError} if there is no such entry, or more than one. */
function findPlace(
  { replica }: LocalRoom,
  command: Extract<Command, { do: "log" }>,
): HistoryPageOptions["from"] {
  const sides = (["before", "after", "around"] as const).filter((side) => command[side] !== undefined);
  const [side] = sides;
  if (side === undefined) return null;
  if (sides.length > 1) throw new UsageError(`Cannot look both "${sides.join('" and "')}": choose one`);
  const at = command[side];
  const entry: Entry | undefined = at === undefined ? undefined : replica.get(at.author, at.number);
  if (entry === undefined) throw new UsageError("There is no such line in that conversation");
  return { side, entry };
}

function renderAs(transcript: FullTranscript, format: ExportFormat): string {
  switch (format) {
    case "txt":
      return renderTranscript(transcript);
    case "md":
      return renderMarkdown(transcript);
    case "json":
      return renderJson(transcript);
  }
}

/** As `toNameKey`, for texts: they were made safe, so no letter carries marks without end, and this needs time in proportion to their length. */
function toSearchKey(text: string): string {
  return text.normalize("NFKC").toLowerCase().normalize("NFKC");
}

function takeNewest<T>(all: readonly T[], count: number): readonly T[] {
  return count > 0 ? all.slice(-count) : [];
}
