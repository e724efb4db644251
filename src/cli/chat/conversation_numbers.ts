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

  /** What rooms there are; those of the user get a number. */
  learn(rooms: readonly RoomRow[]): void {
    for (const room of rooms) {
      this.#rooms.set(room.id, room);
      if (isOurs(room) && !this.#numbers.has(room.id)) this.#numbers.set(room.id, this.#numbers.size + 1);
    }
  }

  /** The room as it was last told; undefined before that. */
  room(id: RoomId): RoomRow | undefined {
    return this.#rooms.get(id);
  }

  /** All that was told. */
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

  /** The conversation of ours that a user means by its number, title or the start of its id; with "#" never a direct one. */
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

  /** The one room that we are in, if it is the only one: nobody has to say which. */
  onlyRoom(): RoomRow | undefined {
    const rooms = this.ours.filter(({ room }) => !room.direct);
    return rooms.length === 1 ? rooms[0]?.room : undefined;
  }

  /** Others than the open one with something unread. */
  unread(openId: RoomId | null): readonly NumberedConversation[] {
    return this.ours.filter(({ room }) => room.unread > 0 && room.id !== openId);
  }
}

/** What a stranger began is not the user's conversation before it is accepted. */
function isOurs({ joined, request }: RoomRow): boolean {
  return joined && !request;
}

/** How to go there by a key, for the first ten, or by a command. */
export function formatGoHint({ number }: NumberedConversation): string {
  return number <= 10 ? `Alt+${number % 10} or /go ${number}` : `/go ${number}`;
}
