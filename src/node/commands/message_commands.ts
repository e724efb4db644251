/** Commands that write into a conversation, and that wait for receipts. */

import { hintAt } from "../../messages/command_names.ts";
import { message } from "../../messages/message.ts";
import type { Command, Replies } from "../../api/commands.ts";
import { UsageError } from "../../errors.ts";
import { byteLength } from "../../encoding/utf8.ts";
import { BODY_BYTES_MAX, TEXT_BYTES_MAX } from "../../room/entry.ts";
import { encodeEntryText } from "../../room/entry_encoding.ts";
import { toReceiptState } from "../../room/receipts.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { ConditionWaiters } from "../support/condition_waiters.ts";
import { type ConversationDirectory, requireIn } from "../views/conversation_directory.ts";
import type { FileCommands } from "./file_commands.ts";

/** The longest that a screen can wait for a receipt. */
const WAIT_MS_MAX = 24 * 60 * 60 * 1000;

export interface MessageCommandsParts {
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly connectionManager: ConnectionManager;
  readonly conversations: ConversationDirectory;
  readonly entryAuthor: EntryAuthor;
  readonly fileCommands: FileCommands;
  readonly waiters: ConditionWaiters;
}

/** The message commands of one node. */
export class MessageCommands {
  readonly #parts: MessageCommandsParts;

  constructor(parts: MessageCommandsParts) {
    this.#parts = parts;
  }

  /** Writes a text; the reply comes when it is on our disk. @throws {UsageError}, {WorldError}. */
  async send({ to, text }: Extract<Command, { do: "send" }>): Promise<Replies["send"]> {
    const { conversations, entryAuthor } = this.#parts;
    if (text.trim() === "") throw new UsageError(message("send.empty"));
    const size = byteLength(text);
    if (size > TEXT_BYTES_MAX) {
      throw new UsageError(message("send.too-long", { length: size, max: TEXT_BYTES_MAX }));
    }
    const lineSize = byteLength(encodeEntryText(text));
    if (lineSize > BODY_BYTES_MAX) {
      throw new UsageError(message("send.too-long-escaped", { length: lineSize, max: BODY_BYTES_MAX }));
    }
    const localRoom = conversations.find(to);
    requireIn(localRoom, message("doing.send"));
    this.#resumeDirectPeer(localRoom);
    const number = await entryAuthor.write(localRoom, {
      kind: "text",
      body: text,
      doing: message("doing.send"),
    });
    return {
      room: localRoom.replica.id,
      title: conversations.titleOf(localRoom),
      number,
      state: toReceiptState(number, localRoom.receiptMarks),
    };
  }

  /** Offers files. @throws {UsageError}, {WorldError}. */
  async offer(command: Extract<Command, { do: "offer" }>): Promise<Replies["offer"]> {
    this.#resumeDirectPeer(this.#parts.conversations.find(command.to));
    return await this.#parts.fileCommands.offer(command);
  }

  /** Waits until our entry has come as far as asked, at most that many ms. @throws {UsageError} without such a room. */
  async wait(command: Extract<Command, { do: "wait" }>): Promise<Replies["wait"]> {
    const localRoom = this.#parts.rooms.get(command.room);
    if (localRoom === undefined) throw new UsageError(message("room.no-such"));
    const isReached = () => {
      const state = toReceiptState(command.number, localRoom.receiptMarks);
      return state === "everywhere" || state === command.until;
    };
    const reached = await this.#parts.waiters.waitUntil(isReached, Math.min(command.ms, WAIT_MS_MAX));
    return { state: toReceiptState(command.number, localRoom.receiptMarks), isReached: reached };
  }

  /** A user who writes to a peer wants a session with it: this ends a pause. @throws {UsageError} for a blocked peer. */
  #resumeDirectPeer({ directPeer }: LocalRoom): void {
    const { peerDirectory, connectionManager } = this.#parts;
    if (directPeer === undefined) return;
    const row = peerDirectory.toRow(directPeer);
    if (!row.blocked) return connectionManager.resume(directPeer);
    throw new UsageError(message("contact.blocked", { name: row.name }, hintAt("unblock", row)));
  }
}
