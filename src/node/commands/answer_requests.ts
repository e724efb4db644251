/** The user's answers to requests: list, accept and ignore them. */

import { UsageError } from "../../errors.ts";
import type { PeerId } from "../../room/id.ts";
import { TITLE_CHARS_MAX } from "../../text/name.ts";
import { safeLine } from "../../text/sanitize.ts";
import { viewLines } from "../../room/room_view.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import type { RequestPolicy } from "../peers/request_policy.ts";
import type { ConversationDirectory } from "../views/conversation_directory.ts";
import type { ReceivedInvitations } from "./received_invitations.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Command, Replies } from "../../api/commands.ts";

/** What requests need. */
export interface RequestsParts {
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly conversations: ConversationDirectory;
  readonly contacts: ContactsFile;
  readonly requestPolicy: RequestPolicy;
  readonly invitations: ReceivedInvitations;
  /** Keeps the peer as a contact, and asks it for what was left out. */
  befriend(peer: PeerId): void;
}

/** The requests at one node. */
export class Requests {
  readonly #parts: RequestsParts;

  /** Reads all from its parts, at each call. */
  constructor(parts: RequestsParts) {
    this.#parts = parts;
  }

  /** Who waits, and which invitations do. */
  rows(): Replies["requests"] {
    const { conversations, peerDirectory, invitations, requestPolicy } = this.#parts;
    const requests = this.#waiting().map(([peer, localRoom]) => ({
      peer: peerDirectory.row(peer),
      roomId: localRoom.replica.id,
      rows: conversations.logRows(localRoom, viewLines(localRoom.entries)),
    }));
    const invited = invitations.pending().filter(({ from }) => requestPolicy.isWelcome(from)).map((one) => ({
      roomId: one.link.room,
      title: safeLine(one.title, { maxCells: TITLE_CHARS_MAX }),
      from: peerDirectory.row(one.from),
    }));
    return { requests, invitations: invited };
  }

  /** Takes the conversation up. @throws {UsageError} if nobody waits who is called so, {WorldError} if that cannot be kept. */
  async accept({ peer }: Extract<Command, { do: "accept" }>): Promise<Replies["accept"]> {
    const { conversations, peerDirectory, contacts, befriend } = this.#parts;
    // Also whom the user ignored: second thoughts are welcome. To talk to whom one blocked, one has to say so.
    const begun = this.#begun().filter(([other]) => contacts.contacts.get(other)?.isBlocked !== true);
    const [id, localRoom] = this.#find(peer, begun);
    befriend(id);
    await contacts.save();
    return { peer: peerDirectory.row(id), room: conversations.row(localRoom) };
  }

  /** Keeps the conversation out of sight, until the user writes to that peer. @throws {UsageError}, {WorldError} if that cannot be kept. */
  async ignore({ peer }: Extract<Command, { do: "ignore" }>): Promise<Replies["ignore"]> {
    const { peerDirectory, contacts } = this.#parts;
    const [id] = this.#find(peer, this.#waiting());
    const row = peerDirectory.row(id);
    contacts.upsert(id, { isIgnored: true });
    await contacts.save();
    return { peer: row };
  }

  /** Conversations that others began and the user has not answered. An invitation alone is none: it is listed as such. */
  #begun(): readonly (readonly [PeerId, LocalRoom])[] {
    const { rooms, requestPolicy } = this.#parts;
    const isBegun = (localRoom: LocalRoom) =>
      requestPolicy.isRequest(localRoom) && localRoom.entries.some(({ kind }) => kind !== "invite");
    return rooms.list().filter(isBegun).flatMap((localRoom) => {
      const other = localRoom.directPeer;
      return other === undefined ? [] : [[other, localRoom] as const];
    });
  }

  #waiting(): readonly (readonly [PeerId, LocalRoom])[] {
    return this.#begun().filter(([peer]) => this.#parts.requestPolicy.isWelcome(peer));
  }

  #find(
    text: string,
    among: readonly (readonly [PeerId, LocalRoom])[],
  ): readonly [PeerId, LocalRoom] {
    const { peerDirectory } = this.#parts;
    const found = peerDirectory.find(text);
    const request = among.find(([peer]) => peer === found);
    if (request !== undefined) return request;
    const names = among.map(([peer]) => peerDirectory.labelOf(peer)).join(", ");
    const hint = names === "" ? "Nobody is" : `There are: ${names}`;
    throw new UsageError(`${peerDirectory.labelOf(found)} is not waiting for an answer. ${hint}`);
  }
}
