/** Reads conversations for screens and exports. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Clock } from "../../ports/time.ts";
import { type Entry, recallTexts } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import { toSearchKey } from "../../text/search_key.ts";
import { sanitizeLine, sanitizeText } from "../../text/sanitize.ts";
import { computeFingerprint, RoomView } from "../../room/room_view.ts";
import { transcriptParts } from "../../store/transcript/transcript.ts";
import {
  type FullTranscript,
  jsonParts,
  type TranscriptEntry,
} from "../../store/transcript/transcript_json.ts";
import { markdownParts } from "../../store/transcript/transcript_md.ts";
import { type ConversationDirectory, formatIsoTime } from "./conversation_directory.ts";
import { estimatePlaceTimes, findSplitIndex } from "./room_times.ts";
import { findHistoryPage, type HistoryPageOptions } from "./history_page.ts";
import { yieldToEventLoop } from "../support/yield.ts";
import type { PeerPolicy } from "../peers/peer_policy.ts";
import type { RequestPolicy } from "../peers/request_policy.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { AuthorLabels } from "../rooms/author_labels.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Command, ExportFormat, LogRow, Replies } from "../../api/commands.ts";

/** Lines searched or exported between two turns of other work: about 4 ms. */
const LINES_A_TURN = 512;
/** The same limit in bytes, for long lines. */
const BYTES_A_TURN = 512 * 1024;
/** Characters of an id that stand for an author without a name. */
const ID_CHARS = 8;

export interface HistoryParts {
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly conversations: ConversationDirectory;
  readonly authorLabels: AuthorLabels;
  readonly policy: PeerPolicy;
  readonly requestPolicy: RequestPolicy;
}

/** Reads conversations for screens and exports. */
export class History {
  readonly #parts: HistoryParts;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** The lines of a conversation, oldest first, without those of blocked peers. @throws {UsageError}. */
  async log(command: Extract<Command, { do: "log" }>): Promise<Replies["log"]> {
    const { conversations, authorLabels, rooms, policy } = this.#parts;
    const localRoom = conversations.find(command.to);
    const { entries, isStart, isEnd } = findHistoryPage(localRoom.entries, {
      last: command.last ?? Infinity,
      from: findPlace(localRoom, command),
      isShown: (entry) => !policy.isBlocked(entry.author),
    });
    const rows: LogRow[] = [];
    for await (const part of this.#withTexts(entries)) {
      for (const row of conversations.toLogRows(localRoom, authorLabels.toLines(localRoom, part))) {
        rows.push(row);
      }
    }
    const room = conversations.toRow(localRoom);
    // A user who scrolls back has not read the newer entries.
    if (command.markRead !== false && isEnd) await rooms.files.markRead(localRoom);
    return { room, rows, isStart, isEnd };
  }

  /** Messages that contain the text, without regard to case, width and marks, oldest first. Requests are left out. */
  async search(
    { text, last = Infinity }: Extract<Command, { do: "search" }>,
  ): Promise<Replies["search"]> {
    const { conversations, authorLabels, rooms, policy, requestPolicy } = this.#parts;
    const key = toSearchKey(sanitizeText(text));
    const isHit = ({ kind, body, author }: Entry) =>
      kind === "text" && typeof body === "string" && !policy.isBlocked(author) &&
      toSearchKey(sanitizeText(body)).includes(key);
    const found: { readonly localRoom: LocalRoom; readonly entry: Entry; readonly placeMs: number }[] = [];
    for (const localRoom of rooms.list().filter((one) => !requestPolicy.isRequest(one))) {
      const entries = [...localRoom.entries];
      const placesMs = estimatePlaceTimes(entries);
      let index = 0;
      for await (const part of this.#withTexts(entries)) {
        for (const entry of part) {
          const placeMs = placesMs[index++] ?? 0;
          if (isHit(entry)) found.push({ localRoom, entry, placeMs });
        }
      }
    }
    // Within a room this keeps its order; between rooms only clocks give one.
    found.sort((left, right) => left.placeMs - right.placeMs);
    const newest = takeNewest(found, last);
    const rows = [...Map.groupBy(newest, ({ localRoom }) => localRoom)].flatMap(([localRoom, hits]) =>
      conversations.toLogRows(localRoom, authorLabels.toLines(localRoom, hits.map(({ entry }) => entry)))
        .map((row, index) => ({ row, placeMs: hits[index]?.placeMs ?? 0 }))
    );
    rows.sort((left, right) => left.placeMs - right.placeMs);
    return { rows: rows.map(({ row }) => row), count: found.length };
  }

  /** A conversation as a file: all entries, or those between two moments. @throws {UsageError}. */
  async export(command: Extract<Command, { do: "export" }>): Promise<Replies["export"]> {
    const { conversations, clock } = this.#parts;
    const localRoom = conversations.find(command.to);
    const transcript = await this.#transcript(localRoom, command);
    const parts: string[] = [];
    for (const part of partsOf(transcript, command.format ?? "txt")) {
      if (parts.push(part) % LINES_A_TURN === 0) await yieldToEventLoop(clock);
    }
    return {
      title: conversations.titleOf(localRoom),
      text: parts.join(""),
      count: transcript.lines.length,
    };
  }

  /**
   * The entries in parts of one turn each; other work runs between them. Texts that are not in memory are read back for a whole
   * part, in the order of the log, because authors' clocks may have jumped.
   */
  async *#withTexts(entries: readonly Entry[]): AsyncGenerator<readonly Entry[]> {
    for (let from = 0; from < entries.length;) {
      if (from > 0) await yieldToEventLoop(this.#parts.clock);
      let to = from;
      for (let bytes = 0; to < entries.length && to - from < LINES_A_TURN && bytes < BYTES_A_TURN; to++) {
        bytes += entries[to]?.sizeBytes ?? 0;
      }
      const part = entries.slice(from, to);
      from = to;
      const release = recallTexts(part);
      try {
        yield part;
      } finally {
        release();
      }
    }
  }

  /** The same at every member with the same entries: the user's own labels are not in it. */
  async #transcript(
    { entries, replica }: LocalRoom,
    { sinceMs = -Infinity, untilMs = Infinity }: { readonly sinceMs?: number; readonly untilMs?: number },
  ): Promise<FullTranscript> {
    const all = [...entries];
    const chosen: TranscriptEntry[] = [];
    const labels = new Map<PeerId, string>();
    const view = new RoomView(all);
    const startIndex = findSplitIndex(all, (wallMs) => wallMs >= sinceMs);
    const endIndex = untilMs === Infinity
      ? all.length
      : all.length - findSplitIndex(all.toReversed(), (wallMs) => wallMs <= untilMs);
    let index = -1;
    for await (const part of this.#withTexts(all)) {
      for (const { entry, label, isNotice, text } of part.map((one) => view.next(one))) {
        labels.set(entry.author, label);
        const { wallMs, body } = entry;
        index++;
        if (index < startIndex || index >= endIndex) continue;
        const kind = isNotice ? "notice" : "text";
        chosen.push({ wallMs, kind, label, text, entry, body, time: formatIsoTime(wallMs) });
      }
    }
    const members = replica.members().map(({ id, isIn }) => ({
      id,
      isIn,
      name: labels.get(id) ?? id.slice(0, ID_CHARS),
    }));
    const { access = "open", title = "", founders = [] } = replica.info ?? {};
    // A direct conversation has another name on each side; the transcript has both, in the order of their keys.
    const names = founders.map((founder) => labels.get(founder) ?? founder.slice(0, ID_CHARS));
    return {
      title: access === "direct" ? names.join(" and ") : sanitizeLine(title),
      roomId: replica.id,
      access,
      fingerprint: computeFingerprint(all, this.#parts.crypto),
      totalCount: all.length,
      members,
      lines: chosen,
      ...(sinceMs !== -Infinity && { sinceMs }),
      ...(untilMs !== Infinity && { untilMs }),
    };
  }
}

/** The entry that a command looks from. @throws {UsageError} if there is none, or several are named. */
function findPlace(
  { replica }: LocalRoom,
  command: Extract<Command, { do: "log" }>,
): HistoryPageOptions["from"] {
  const sides = (["before", "after", "around"] as const).filter((side) => command[side] !== undefined);
  const [side] = sides;
  if (side === undefined) return null;
  if (sides.length > 1) throw new UsageError(message("history.several-sides", { sides }));
  const at = command[side];
  const entry: Entry | undefined = at === undefined ? undefined : replica.get(at.author, at.number);
  if (entry === undefined) throw new UsageError(message("history.no-message"));
  return { side, entry };
}

function partsOf(transcript: FullTranscript, format: ExportFormat): Iterable<string> {
  switch (format) {
    case "txt":
      return transcriptParts(transcript);
    case "md":
      return markdownParts(transcript);
    case "json":
      return jsonParts(transcript);
  }
}

function takeNewest<T>(all: readonly T[], count: number): readonly T[] {
  return count > 0 ? all.slice(-count) : [];
}
