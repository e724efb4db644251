/** What our conversations with others say of rooms by invitation: who invited us where, and who moved a room of ours. */

import type { Entry } from "../../room/entry.ts";
import { parseRoomId, type PeerId, type RoomId } from "../../room/id.ts";
import { formatLink, parseLink, type RoomLink } from "../../room/invite_link.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { ConversationDirectory } from "../views/conversation_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";

/** An invitation that somebody sent us. */
export interface Invitation {
  readonly link: RoomLink;
  /** Foreign text. */
  readonly title: string;
  readonly from: PeerId;
  /** The room that moved there, if it is said that one did. */
  readonly movedFrom: RoomId | null;
}

/** What invitations are read from. */
export interface ReceivedInvitationsParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly conversations: ConversationDirectory;
  readonly autoContacts: AutoContacts;
}

/** The body of an entry that invites: to be read by `parseInvitation`. */
export function encodeInvitation(
  link: Parameters<typeof formatLink>[0],
  { title, movedFrom }: { readonly title: string; readonly movedFrom: RoomId | null },
): readonly string[] {
  return [formatLink(link), title, ...movedFrom === null ? [] : [movedFrom]];
}

/** What the entry invites to, or null. */
export function parseInvitation({ kind, body, author }: Entry): Invitation | null {
  if (kind !== "invite" || typeof body === "string") return null;
  const [text = "", title = "", movedFrom = ""] = body;
  const link = parseLink(text);
  return link === null ? null : { link, title, from: author, movedFrom: parseRoomId(movedFrom) };
}

/** The invitations that a node has got. */
export class ReceivedInvitations {
  readonly #parts: ReceivedInvitationsParts;

  constructor(parts: ReceivedInvitationsParts) {
    this.#parts = parts;
  }

  /** To rooms in which we are not now; of several of one peer to one room the newest. */
  listOpen(): readonly Invitation[] {
    const open = new Map<string, Invitation>();
    for (const invitation of this.#listAll()) {
      const { link, from } = invitation;
      if (this.#parts.rooms.get(link.room)?.isIn !== true) open.set(`${link.room} ${from}`, invitation);
    }
    return [...open.values()];
  }

  /** To rooms in which we never were. */
  listPending(): readonly Invitation[] {
    return this.listOpen().filter(({ link }) => !this.#wasIn(link.room));
  }

  /**
   * Those by which a friend moved a room of ours, and which we have not followed to the end. A friend, because anybody who
   * gets into a room could say that it moves; and the room itself has to say so too, for all its members to see.
   */
  listMoves(): readonly Invitation[] {
    const { rooms, autoContacts } = this.#parts;
    const said = new Map<RoomId, ReadonlySet<string>>();
    return this.#listAll().filter(({ movedFrom, from, link }) => {
      const old = movedFrom === null ? undefined : rooms.get(movedFrom);
      if (old === undefined || !old.isIn || !autoContacts.has(from)) return false;
      const known = said.get(old.replica.id) ?? this.#findAnnouncedMoves(old);
      said.set(old.replica.id, known);
      return known.has(`${from} ${link.room}`);
    });
  }

  /** Author and new room of each move that the room tells of, and that came behind our own last coming in. */
  #findAnnouncedMoves({ entries }: LocalRoom): ReadonlySet<string> {
    const { me } = this.#parts;
    const cameAt = entries.findLastIndex(({ kind, author }) => kind === "join" && author === me);
    return new Set(
      entries.slice(cameAt + 1).filter(({ kind }) => kind === "move").map(({ author, body }) =>
        `${author} ${body}`
      ),
    );
  }

  #wasIn(room: RoomId): boolean {
    return (this.#parts.rooms.get(room)?.replica.lastNumber(this.#parts.me) ?? 0) > 0;
  }

  #listAll(): Invitation[] {
    const { rooms } = this.#parts;
    return rooms.list().flatMap((localRoom) => {
      const other = localRoom.directPeer;
      if (other === undefined) return [];
      return localRoom.entries.filter(({ author, kind }) => kind === "invite" && author === other)
        .map(parseInvitation).filter((invitation) => invitation !== null);
    });
  }
}
