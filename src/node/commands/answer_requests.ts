/** The user's answers to requests: list, accept and ignore them. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import type { PeerId } from "../../room/id.ts";
import { TITLE_CHARS_MAX } from "../../text/name.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { toViewLines } from "../../room/room_view.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { RequestPolicy } from "../peers/request_policy.ts";
import type { ConversationDirectory } from "../views/conversation_directory.ts";
import type { ReceivedInvitations } from "./received_invitations.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Command, Replies } from "../../api/commands.ts";

export interface RequestsParts {
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly conversations: ConversationDirectory;
  readonly contacts: ContactsFile;
  readonly requestPolicy: RequestPolicy;
  readonly invitations: ReceivedInvitations;
  readonly autoContacts: AutoContacts;
}

/** The requests at one node. */
export class Requests {
  readonly #parts: RequestsParts;

  constructor(parts: RequestsParts) {
    this.#parts = parts;
  }

  /** The waiting conversations and invitations. */
  list(): Replies["requests"] {
    const { conversations, peerDirectory, invitations, requestPolicy } = this.#parts;
    const requests = this.#listWaiting().map(([peer, localRoom]) => ({
      peer: peerDirectory.toRow(peer),
      roomId: localRoom.replica.id,
      rows: conversations.toLogRows(localRoom, toViewLines(localRoom.entries)),
    }));
    const invited = invitations.listPending().filter(({ from }) => requestPolicy.isWelcome(from)).map((
      one,
    ) => ({
      roomId: one.link.room,
      title: sanitizeLine(one.title, { maxCells: TITLE_CHARS_MAX }),
      from: peerDirectory.toRow(one.from),
    }));
    return { requests, invitations: invited };
  }

  /** Accepts the request. @throws {UsageError} if no request of that peer waits, {WorldError} if the contact cannot be saved. */
  async accept({ peer }: Extract<Command, { do: "accept" }>): Promise<Replies["accept"]> {
    const { conversations, peerDirectory, contacts, autoContacts } = this.#parts;
    // Ignored peers count, because users change their minds. A blocked peer must be unblocked first.
    const begun = this.#listBegun().filter(([other]) => contacts.contacts.get(other)?.isBlocked !== true);
    const [id, localRoom] = this.#find(peer, begun);
    autoContacts.add(id);
    await contacts.save();
    return { peer: peerDirectory.toRow(id), room: conversations.toRow(localRoom) };
  }

  /** Hides the request until the user writes to that peer. @throws {UsageError}, {WorldError} if that cannot be saved. */
  async ignore({ peer }: Extract<Command, { do: "ignore" }>): Promise<Replies["ignore"]> {
    const { peerDirectory, contacts } = this.#parts;
    const [id] = this.#find(peer, this.#listWaiting());
    const row = peerDirectory.toRow(id);
    contacts.upsert(id, { isIgnored: true });
    await contacts.save();
    return { peer: row };
  }

  /** Conversations that others began and the user has not answered. One with an invitation alone is listed as an invitation. */
  #listBegun(): readonly (readonly [PeerId, LocalRoom])[] {
    const { rooms, requestPolicy } = this.#parts;
    const isBegun = (localRoom: LocalRoom) =>
      requestPolicy.isRequest(localRoom) && localRoom.entries.some(({ kind }) => kind !== "invite");
    return rooms.list().filter(isBegun).flatMap((localRoom) => {
      const other = localRoom.directPeer;
      return other === undefined ? [] : [[other, localRoom] as const];
    });
  }

  #listWaiting(): readonly (readonly [PeerId, LocalRoom])[] {
    return this.#listBegun().filter(([peer]) => this.#parts.requestPolicy.isWelcome(peer));
  }

  #find(
    text: string,
    among: readonly (readonly [PeerId, LocalRoom])[],
  ): readonly [PeerId, LocalRoom] {
    const { peerDirectory } = this.#parts;
    const found = peerDirectory.find(text);
    const request = among.find(([peer]) => peer === found);
    if (request !== undefined) return request;
    const name = peerDirectory.labelOf(found);
    const names = among.map(([peer]) => peerDirectory.labelOf(peer));
    throw new UsageError(
      names.length === 0 ? message("request.none", { name }) : message("request.others", { name, names }),
    );
  }
}
