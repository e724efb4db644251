/** Invitations in our direct conversations, and those of them that move a room of ours. */

import type { Entry } from "../../room/entry.ts";
import { parseRoomId, type PeerId, type RoomId } from "../../room/id.ts";
import { formatLink, parseLink, type RoomLink } from "../../room/invite_link.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { ConversationDirectory } from "../views/conversation_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";

/** An invitation that a peer sent us. */
export interface Invitation {
  readonly link: RoomLink;
  /** Foreign text. */
  readonly title: string;
  readonly from: PeerId;
  /** The room that moved to the new one; null for a plain invitation. */
  readonly movedFrom: RoomId | null;
}

/** What invitations are read from. */
export interface ReceivedInvitationsParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly conversations: ConversationDirectory;
  readonly autoContacts: AutoContacts;
}

/** Encodes the body of an entry that invites, for `parseInvitation`. */
export function encodeInvitation(
  link: Parameters<typeof formatLink>[0],
  { title, movedFrom }: { readonly title: string; readonly movedFrom: RoomId | null },
): readonly string[] {
  return [formatLink(link), title, ...movedFrom === null ? [] : [movedFrom]];
}

/** Parses the invitation in an entry; null if there is none. */
export function parseInvitation({ kind, body, author }: Entry): Invitation | null {
  if (kind !== "invite" || typeof body === "string") return null;
  const [text = "", title = "", movedFrom = ""] = body;
  const link = parseLink(text);
  return link === null ? null : { link, title, from: author, movedFrom: parseRoomId(movedFrom) };
}

/** The invitations that one node received. */
export class ReceivedInvitations {
  readonly #parts: ReceivedInvitationsParts;

  constructor(parts: ReceivedInvitationsParts) {
    this.#parts = parts;
  }

  /** Invitations to rooms that we are not in. Of several by one peer to one room, the newest. */
  listOpen(): readonly Invitation[] {
    const open = new Map<string, Invitation>();
    for (const invitation of this.#listAll()) {
      const { link, from } = invitation;
      if (this.#parts.rooms.get(link.room)?.isIn !== true) open.set(`${link.room} ${from}`, invitation);
    }
    return [...open.values()];
  }

  /** Invitations to rooms that we never were in. */
  listPending(): readonly Invitation[] {
    return this.listOpen().filter(({ link }) => !this.#wasIn(link.room));
  }

  /**
   * Invitations by which a contact moved a room of ours, and which we have not followed to the end. Only contacts count, because
   * any member could announce a move. The move must also be announced in the old room, for all members to see.
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

  /** Author and new room of each move that was announced in the room after our latest join. */
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
