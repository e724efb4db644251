/** The chat as lines: the open conversation, and the lines for each event. Pure. */

import { formatForChat } from "../../messages/format_message.ts";
import { formatFileEvent } from "../format/file_events.ts";
import type { InvitationRow, LogRow, NodeEvent, PeerRow, RequestRow, RoomRow } from "../../api/commands.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import { FloodFilter } from "./flood_filter.ts";
import { ConversationNumbers, formatGoHint } from "./conversation_numbers.ts";
import { formatNewRequest } from "./request_lines.ts";
import { PresenceLines } from "./presence_lines.ts";
import { DisplayedEntries } from "../format/displayed_entries.ts";
import { RoomLines } from "./room_lines.ts";
import { formatDay, formatEntry, formatRoomName } from "../format/entries.ts";
import { formatConversationName } from "./status_line.ts";
import type { Style } from "../format/style.ts";

/** The options of one screen of a chat. */
export interface ChatViewOptions {
  readonly me: PeerId;
  readonly style: Style;
  /** The cells of a line now; null where lines are not broken. */
  columns(): number | null;
  /** Monotonic time. */
  nowMs(): number;
  /** Whether the terminal itself shows typed lines. */
  readonly isEchoed: boolean;
  /** Whether there is a status line, which counts messages of other conversations. */
  readonly hasStatus: boolean;
  /** Whether a person reads along: floods of lines are limited then. */
  readonly isForPerson: boolean;
}

/** Lines of one message: 64 KiB of line breaks would push all else out of the scrollback. */
const ENTRY_LINES_MAX = 40;

/** One screen of a chat. */
export class ChatView {
  readonly numbers = new ConversationNumbers();
  readonly #options: ChatViewOptions;
  readonly #presenceLines: PresenceLines;
  readonly #roomNews: RoomLines;
  readonly #floodGate: FloodFilter;
  /** Direct conversations that it was said how to answer in. */
  readonly #explained = new Set<RoomId>();
  /** Direct conversations with news that were told of, until they are opened. */
  readonly #announced = new Set<RoomId>();
  /** Entries that were typed here. */
  readonly #typed = new Set<string>();
  /** How far each author's feed was shown when the conversation was opened: events of those entries may still be on their way. */
  #shown = new DisplayedEntries([]);
  /** Entries of the open conversation before which others are missing: events were lost on their way. */
  #beyondGap: LogRow[] = [];
  /** Entries that came while a line that was typed is carried out: its reply says which of them to show. */
  #held: LogRow[] | null = null;
  #openId: RoomId | null = null;
  #day = "";

  /** Nothing is open. */
  constructor(options: ChatViewOptions) {
    this.#options = options;
    this.#presenceLines = new PresenceLines({ isForPerson: options.isForPerson });
    this.#roomNews = new RoomLines({ isForPerson: options.isForPerson });
    this.#floodGate = new FloodFilter(options.style);
  }

  /** Where typed lines go, or null. */
  get open(): RoomRow | null {
    return this.#openId === null ? null : this.numbers.room(this.#openId) ?? null;
  }

  /** Whether the open conversation has to be read again. */
  get hasGap(): boolean {
    return this.#beyondGap.length > 0;
  }

  /** Learns the rooms. Messages of the open one are shown, so none of them is unread. */
  learn(rooms: readonly RoomRow[]): void {
    this.numbers.learn(rooms.map((room) => room.id === this.#openId ? { ...room, unread: 0 } : room));
  }

  /** The peers and rooms that were shown as present. */
  meet(peers: readonly PeerRow[], rooms: readonly RoomRow[]): void {
    this.#presenceLines.meet(peers);
    this.#roomNews.meet(rooms);
  }

  /** The members of the open conversation. */
  setMembers(members: readonly PeerId[]): void {
    this.#presenceLines.setMembers(members);
  }

  /** Opens a conversation, or none. */
  turnTo(room: RoomRow | null): void {
    this.#openId = room?.id ?? null;
    if (room !== null) {
      this.learn([room]);
      this.#announced.delete(room.id);
    }
    this.#day = "";
    this.#shown = new DisplayedEntries([]);
    this.#beyondGap = [];
  }

  /** Holds entries back from now on. */
  hold(): void {
    this.#held ??= [];
  }

  /** The lines of held entries. */
  release(): readonly string[] {
    const held = this.#held ?? [];
    this.#held = null;
    this.#presenceLines.someoneSpoke();
    return held.flatMap((row) => this.#entry(row));
  }

  /** This entry was typed here, so the terminal has shown it already. */
  typed(entry: { readonly room: RoomId; readonly number: number }): void {
    if (this.#options.isEchoed) this.#typed.add(`${entry.room}/${this.#options.me}/${entry.number}`);
  }

  /** The lines for an event. A request has none: its messages have to be read first. */
  onEvent(event: NodeEvent): readonly string[] {
    switch (event.event) {
      case "entry":
        if (this.#held === null) return this.#entry(event.row);
        this.#held.push(event.row);
        return [];
      case "room":
        return this.#room(event.room);
      case "peer":
        return this.#presenceLines.onPeer(event);
      case "notice":
        return [
          this.#options.style.strong(
            `! ${event.message === undefined ? event.text : formatForChat(event.message)}`,
          ),
        ];
      case "file":
        return this.#held !== null && event.file.state === "offered"
          ? []
          : formatFileEvent(event.file, { isChat: true });
      case "ready":
      case "request":
      case "typing":
      case "state":
      case "reading":
        return [];
    }
  }

  /** The last `count` rows of the conversation that was just opened, with a mark before the unread ones. */
  opening(
    rows: readonly LogRow[],
    { count, unread }: { readonly count: number; readonly unread: number },
  ): readonly string[] {
    this.#shown = new DisplayedEntries(rows);
    const firstUnread = unread === 0 ? undefined : this.#fromOthers(rows).at(-unread);
    return rows.slice(-count).flatMap((row) => [
      ...row === firstUnread ? [this.#options.style.strong("--- unread from here ---")] : [],
      ...this.#openEntry(row),
    ]);
  }

  /** The rows of the log that were not shown yet, after events were lost. */
  catchUp(rows: readonly LogRow[]): readonly string[] {
    const missed = [...rows, ...this.#beyondGap].filter((row) => {
      if (this.#shown.has(row)) return false;
      this.#shown.add(row);
      return true;
    });
    this.#beyondGap = [];
    return missed.flatMap((row) => this.#takeTyped(row) ? [] : this.#gated({ ...row, state: null }));
  }

  /** The lines for a request to talk, or for an invitation. */
  requestLines(one: RequestRow | InvitationRow): readonly string[] {
    return formatNewRequest(one, this.#options.style);
  }

  #fromOthers(rows: readonly LogRow[]): readonly LogRow[] {
    return rows.filter((row) => !row.notice && row.author !== this.#options.me);
  }

  #entry(news: LogRow): readonly string[] {
    // Our own line has just been sent, so its delivery state says nothing yet.
    const row = { ...news, state: null };
    if (row.roomId !== this.#openId) return this.#takeTyped(row) ? [] : this.#elsewhere(row);
    if (this.#shown.has(row)) {
      this.#takeTyped(row);
      return [];
    }
    if (this.hasGap || !this.#shown.isNext(row)) {
      this.#beyondGap.push(row);
      return [];
    }
    this.#shown.add(row);
    return this.#takeTyped(row) ? [] : this.#gated(row);
  }

  /** A person is spared a flood; a script wants every line. */
  #gated(row: LogRow): readonly string[] {
    const { isForPerson, me, nowMs } = this.#options;
    if (!isForPerson || row.author === me) return this.#openEntry(row);
    return this.#floodGate.pass(row, nowMs(), () => this.#openEntry(row));
  }

  #takeTyped({ roomId, author, number }: LogRow): boolean {
    return this.#typed.delete(`${roomId}/${author}/${number}`);
  }

  #elsewhere(row: LogRow): readonly string[] {
    const { me, hasStatus } = this.#options;
    const room = this.numbers.room(row.roomId);
    if (room?.request === true && row.author !== me) return [];
    if (!hasStatus || (row.author === me && !row.notice)) return this.#elsewhereInFull(row, room);
    if (room === undefined || row.notice) return [];
    this.numbers.learn([{ ...room, unread: room.unread + 1 }]);
    const place = this.numbers.place(room.id);
    if (!room.direct || place === null || this.#announced.has(room.id)) return [];
    this.#announced.add(room.id);
    return [
      this.#options.style.dim(
        `* ${room.title} wrote to you (${formatConversationName(place)}). To go there: ${
          formatGoHint(place)
        }`,
      ),
    ];
  }

  #elsewhereInFull(row: LogRow, room: RoomRow | undefined): readonly string[] {
    const { style, me, columns } = this.#options;
    const where = room === undefined ? row.room : formatRoomName(room);
    const lines = formatEntry(row, { style, columns: columns(), room: where });
    if (room?.direct !== true || row.author === me || this.#explained.has(room.id)) return lines;
    this.#explained.add(room.id);
    return [
      ...lines,
      style.dim(
        `       (to answer: /msg ${room.title} TEXT; to stay in this conversation: /go ${room.title})`,
      ),
    ];
  }

  #openEntry(row: LogRow): readonly string[] {
    const { style, columns, isForPerson } = this.#options;
    const header = formatDay(row) === this.#day ? [] : [style.dim(formatDay(row))];
    this.#day = formatDay(row);
    if (!row.notice) this.#presenceLines.someoneSpoke();
    const lines = formatEntry(row, { style, columns: columns() });
    if (!isForPerson || lines.length <= ENTRY_LINES_MAX) return [...header, ...lines];
    const moreCount = lines.length - ENTRY_LINES_MAX;
    const more = `       … ${moreCount} more lines; /log 1 shows them all`;
    return [...header, ...lines.slice(0, ENTRY_LINES_MAX), style.dim(more)];
  }

  #room(room: RoomRow): readonly string[] {
    const wasOurs = this.numbers.room(room.id)?.joined === true;
    this.learn([room]);
    const news = this.#roomNews.lines(room, wasOurs);
    const place = this.numbers.place(room.id);
    if (wasOurs || place === null || room.direct) return news;
    // Not typed here: it was moved there, or another screen joined.
    const { isForPerson, style } = this.#options;
    return isForPerson && this.#held === null
      ? [style.dim(`* You are in ${formatRoomName(room)} now. To go there: ${formatGoHint(place)}`)]
      : [];
  }
}
