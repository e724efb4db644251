/** What our conversations with others say of rooms by invitation: who invited us where, and who moved a room. */

import type { Entry } from "../room/entry.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import { formatLink, parseLink, type RoomLink } from "../room/link.ts";
import { parseRoomId } from "../room/id.ts";
import type { Conversations } from "./conversations.ts";
import type { Rooms } from "./rooms.ts";

/** An invitation that we have not followed yet. */
export interface Invitation {
  readonly link: RoomLink;
  /** Foreign text. */
  readonly title: string;
  readonly from: PeerId;
  /** The room of ours that moved there, if it did. */
  readonly movedFrom: RoomId | null;
}

/** What invitations are read from. */
export interface InvitationsParts {
  readonly rooms: Rooms;
  readonly conversations: Conversations;
}

/** The body of an entry that invites: to be read by `invitationIn`. */
export function invitationBody(
  link: Parameters<typeof formatLink>[0],
  { title, movedFrom }: { readonly title: string; readonly movedFrom: RoomId | null },
): readonly string[] {
  return [formatLink(link), title, ...movedFrom === null ? [] : [movedFrom]];
}

/** The invitations that a node has got. */
export class Invitations {
  readonly #parts: InvitationsParts;

  /** Reads all from its parts, at each call. */
  constructor(parts: InvitationsParts) {
    this.#parts = parts;
  }

  /** Invitations to rooms in which we never were; of several to one room the newest. */
  pending(): readonly Invitation[] {
    const { rooms, conversations } = this.#parts;
    const pending = new Map<RoomId, Invitation>();
    for (const keeper of rooms.list()) {
      const other = conversations.otherOf(keeper);
      if (other === undefined) continue;
      for (const entry of keeper.entries) {
        const invitation = entry.author === other ? invitationIn(entry) : null;
        if (invitation !== null && !this.#isFollowed(invitation.link.room)) {
          pending.set(invitation.link.room, invitation);
        }
      }
    }
    return [...pending.values()];
  }

  /** Those by which a member moved a room of ours, with us: the room itself says that it did. */
  moves(): readonly Invitation[] {
    return this.pending().filter(({ movedFrom, from, link }) => {
      const old = movedFrom === null ? undefined : this.#parts.rooms.get(movedFrom);
      const isSaid = (entry: Entry) =>
        entry.kind === "move" && entry.author === from && entry.body === link.room;
      return old?.isIn === true && old.entries.some(isSaid);
    });
  }

  #isFollowed(room: RoomId): boolean {
    return (this.#parts.rooms.get(room)?.replica.entries.length ?? 0) > 0;
  }
}

/** What the entry invites to, or null. */
function invitationIn({ kind, body, author }: Entry): Invitation | null {
  if (kind !== "invite" || typeof body === "string") return null;
  const [text = "", title = "", movedFrom = ""] = body;
  const link = parseLink(text);
  return link === null ? null : { link, title, from: author, movedFrom: parseRoomId(movedFrom) };
}
