/** Finds and opens conversations in a chat. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { parseEndpoint } from "../../node/support/address.ts";
import type { Replies, RoomRow } from "../../api/commands.ts";
import { toNameKey } from "../../text/name.ts";
import { formatConnectReply, formatJoinReply } from "../format/replies.ts";
import type { ChatParts } from "./chat_parts.ts";
import { formatRoomName } from "../format/entries.ts";
import { ROWS_MIN } from "../format/displayed_entries.ts";
import { formatConversationName } from "./status_line.ts";

/** Lines of a conversation that are shown when it is opened; more where more is unread. */
const LINES = 10;
/** Unread lines that opening a conversation shows; further ones are only counted. */
const UNREAD_LINES_MAX = 100;
const LINK = /^earshot:/i;

/** Opens conversations. */
export class ConversationOpener {
  readonly #parts: ChatParts;

  /** Nothing is open. */
  constructor(parts: ChatParts) {
    this.#parts = parts;
  }

  /** Opens the conversation with its last lines, and marks the previous one as read. */
  async open(room: RoomRow): Promise<void> {
    const { runner, chatView, ui } = this.#parts;
    if (chatView.open !== null && chatView.open.id !== room.id) await this.markRead();
    chatView.turnTo(room);
    ui.turnTo(room.id);
    if (ui.output.isJson) return;
    const { rows } = await runner.run({ do: "log", to: room.id, last: ROWS_MIN, markRead: true });
    const count = Math.max(LINES, Math.min(room.unread, UNREAD_LINES_MAX));
    await ui.output.lines([
      ...this.#separator(room),
      ...chatView.opening(rows, { count, unread: room.unread }),
    ]);
  }

  /** Closes the open conversation. */
  close(): void {
    this.#parts.chatView.turnTo(null);
    this.#parts.ui.turnTo(null);
  }

  /** Marks the open conversation as read. */
  async markRead(): Promise<void> {
    const { runner, chatView, ui } = this.#parts;
    if (chatView.open === null || ui.output.isJson) return;
    await runner.run({ do: "log", to: chatView.open.id, last: 0, markRead: true });
  }

  /** Opens a room that the user has joined. */
  async enter(entered: Replies["join"]): Promise<void> {
    await this.#parts.ui.output.show(formatJoinReply(entered));
    await this.open(entered.room);
  }

  /** Opens one of the user's rooms, or joins another one. @throws as the node does. */
  async join(text: string): Promise<void> {
    const ours = LINK.test(text) ? undefined : await this.#find(text);
    if (ours !== undefined) return await this.enter({ room: ours, note: null });
    await this.enter(await this.#parts.runner.run({ do: "join", room: text }));
  }

  /** Opens the direct conversation with a peer, or begins it. @throws {UsageError} if no peer has that name. */
  async openWith(peer: string): Promise<void> {
    const { room } = await this.#parts.runner.run({ do: "log", to: peer, last: 0 });
    const known = await this.#find(room.id);
    await this.open(known ?? room);
  }

  /** Connects, and opens the direct conversation with that peer. @throws as the node does. */
  async connect(to: string, port: number | null): Promise<void> {
    const { runner, ui } = this.#parts;
    const connected = await runner.run({ do: "connect", to, ...(port !== null && { port }) });
    await ui.output.show(formatConnectReply(connected));
    if (!ui.output.isJson) await this.openWith(connected.peer.id);
  }

  /** Opens a conversation by its number, title or name; null opens the next one with unread messages. @throws {UsageError}. */
  async go(text: string | null): Promise<void> {
    const { chatView } = this.#parts;
    if (text === null) return await this.open(await this.#nextUnread());
    const found = await this.#find(text);
    if (found !== undefined) return await this.open(found);
    if (/^\d+$/.test(text)) {
      const names = chatView.numbers.ours.map(formatConversationName);
      throw new UsageError(
        names.length === 0
          ? message("chat.no-conversations")
          : message("chat.no-number", { number: text, names }),
      );
    }
    const key = toNameKey(text.replace(/^#/, ""));
    const beginning = chatView.numbers.ours.filter(({ room }) => toNameKey(room.title).startsWith(key));
    const [only] = beginning;
    if (only !== undefined && beginning.length === 1) return await this.open(only.room);
    if (beginning.length > 1) {
      throw new UsageError(message("chat.several", { names: beginning.map(formatConversationName) }));
    }
    await this.openWith(text);
  }

  /** Opens the conversation that the command line names: a link, an address, a room, or a person. @throws {UsageError}. */
  async openNamed(text: string): Promise<void> {
    if (LINK.test(text)) return await this.join(text);
    const place = parseEndpoint(text);
    if (place !== null) return await this.connect(place.address, place.port);
    const { chatView } = this.#parts;
    const ours = await this.#find(text);
    if (ours !== undefined) return await this.open(ours);
    const isNearby = chatView.numbers.rooms.some((room) =>
      !room.direct && !room.joined && toRoomKey(formatRoomName(room)) === toRoomKey(text)
    );
    await (isNearby ? this.join(text) : this.go(text));
  }

  async #find(text: string): Promise<RoomRow | undefined> {
    const { runner, chatView } = this.#parts;
    chatView.learn((await runner.run({ do: "rooms" })).rooms);
    return chatView.numbers.find(text);
  }

  async #nextUnread(): Promise<RoomRow> {
    const { chatView } = this.#parts;
    await this.#find("");
    const unread = chatView.numbers.unread(chatView.open?.id ?? null);
    const here = chatView.open === null ? 0 : chatView.numbers.place(chatView.open.id)?.number ?? 0;
    const next = unread.find(({ number }) => number > here) ?? unread[0];
    if (next === undefined) throw new UsageError(message("chat.none-unread"));
    return next.room;
  }

  /** Where several conversations follow each other in one scrollback. */
  #separator(room: RoomRow): readonly string[] {
    const { chatView, ui } = this.#parts;
    const place = chatView.numbers.place(room.id);
    return ui.isPainted
      ? [
        ui.output.style.dim(
          `--- ${place === null ? formatRoomName(room) : formatConversationName(place)} ---`,
        ),
      ]
      : [];
  }
}

function toRoomKey(text: string): string {
  return toNameKey(text.replace(/^#/, ""));
}
