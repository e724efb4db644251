/** The user's conversations by number: the numbers stay as long as the chat does, and the first ten are keys (Alt+1 … Alt+0). Pure. */

import { ID_START_CHARS_MIN } from "../../node/peers/peer_directory.ts";
import type { RoomRow } from "../../api/commands.ts";
import type { RoomId } from "../../room/id.ts";
import { toNameKey } from "../../text/name.ts";

/** A conversation with its number. */
export interface NumberedConversation {
  readonly number: number;
  readonly room: RoomRow;
}

/** The conversations of one chat. */
export class ConversationNumbers {
  readonly #rooms = new Map<RoomId, RoomRow>();
  readonly #numbers = new Map<RoomId, number>();

  /** Learns the rooms; the user's own get a number. */
  learn(rooms: readonly RoomRow[]): void {
    for (const room of rooms) {
      this.#rooms.set(room.id, room);
      if (isOurs(room) && !this.#numbers.has(room.id)) this.#numbers.set(room.id, this.#numbers.size + 1);
    }
  }

  /** The room as it was last seen; undefined before that. */
  room(id: RoomId): RoomRow | undefined {
    return this.#rooms.get(id);
  }

  /** All known rooms. */
  get rooms(): readonly RoomRow[] {
    return [...this.#rooms.values()];
  }

  /** The user's conversations, by number. */
  get ours(): readonly NumberedConversation[] {
    return [...this.#numbers].flatMap(([id, number]) => {
      const room = this.#rooms.get(id);
      return room !== undefined && isOurs(room) ? [{ number, room }] : [];
    });
  }

  /** The conversation of ours with that id. */
  place(id: RoomId): NumberedConversation | null {
    return this.ours.find(({ room }) => room.id === id) ?? null;
  }

  /** Finds a conversation of the user by its number, title or the start of its id; with "#" never a direct one. */
  find(text: string): RoomRow | undefined {
    const key = toNameKey(text.replace(/^#/, ""));
    const mine = this.ours.filter(({ room }) => !(room.direct && text.startsWith("#")));
    const byTitle = mine.filter(({ room }) => toNameKey(room.title) === key);
    if (byTitle.length > 0) return byTitle.length === 1 ? byTitle[0]?.room : undefined;
    const byNumber = mine.find(({ number }) => String(number) === text);
    if (byNumber !== undefined) return byNumber.room;
    if (key.length < ID_START_CHARS_MIN) return undefined;
    const byId = mine.filter(({ room }) => room.id.startsWith(key));
    return byId.length === 1 ? byId[0]?.room : undefined;
  }

  /** The user's only room, or undefined if there are several. */
  onlyRoom(): RoomRow | undefined {
    const rooms = this.ours.filter(({ room }) => !room.direct);
    return rooms.length === 1 ? rooms[0]?.room : undefined;
  }

  /** Conversations with unread messages, without the open one. */
  unread(openId: RoomId | null): readonly NumberedConversation[] {
    return this.ours.filter(({ room }) => room.unread > 0 && room.id !== openId);
  }
}

/** A stranger's conversation is not the user's before it is accepted. */
function isOurs({ joined, request }: RoomRow): boolean {
  return joined && !request;
}

/** The key for the first ten conversations, or the command that opens it. */
export function formatGoHint({ number }: NumberedConversation): string {
  return number <= 10 ? `Alt+${number % 10} or /go ${number}` : `/go ${number}`;
}
