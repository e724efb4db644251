/**
 * Who may begin a conversation. The first lines of somebody who is no contact wait for the user's answer; whoever is
 * answered, accepted or kept otherwise becomes a contact. To ignore them keeps them out of sight, to block them keeps them out.
 */

import { UsageError } from "../../errors.ts";
import type { PeerId } from "../../room/id.ts";
import { TITLE_CHARS_MAX } from "../../text/name.ts";
import { safeLine } from "../../text/sanitize.ts";
import { viewLines } from "../../room/room_view.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { ConversationDirectory } from "../views/conversation_directory.ts";
import type { ReceivedInvitations } from "./received_invitations.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Command, Replies } from "../../api/commands.ts";

/** Entries of a stranger that are taken in; it keeps the others, and they come when the user accepts. */
export const REQUEST_ENTRIES_MAX = 3;
/** Strangers who may wait for an answer; further ones are as unheard. */
export const REQUESTS_MAX = 64;

/** What requests need. */
export interface RequestsParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly conversations: ConversationDirectory;
  readonly contacts: ContactsFile;
  readonly autoContacts: AutoContacts;
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

  /** Whether it is a conversation that somebody began whom the user has not answered. */
  isRequest(localRoom: LocalRoom): boolean {
    const { me, conversations, autoContacts } = this.#parts;
    const other = conversations.otherOf(localRoom);
    return other !== undefined && !autoContacts.has(other) && localRoom.replica.lastNumber(me) === 0;
  }

  /** Entries of one feed that are taken in for now. */
  feedMax(localRoom: LocalRoom): number {
    return this.isRequest(localRoom) ? REQUEST_ENTRIES_MAX : Infinity;
  }

  /** Whether too many strangers wait for one more. Those whom the user ignored wait for nothing. */
  get isFull(): boolean {
    const { rooms, conversations } = this.#parts;
    const waiting = rooms.list().filter((localRoom) => {
      const other = conversations.otherOf(localRoom);
      return this.isRequest(localRoom) && other !== undefined && this.isWelcome(other);
    });
    return waiting.length >= REQUESTS_MAX;
  }

  /** Whether the user should hear of it: it is no request of somebody whom it ignores. */
  isWelcome(peer: PeerId): boolean {
    const contact = this.#parts.contacts.contacts.get(peer);
    return contact?.isIgnored !== true && contact?.isBlocked !== true;
  }

  /** Who waits, and which invitations do. */
  rows(): Replies["requests"] {
    const { conversations, peerDirectory, invitations } = this.#parts;
    const requests = this.#waiting().map(([peer, localRoom]) => ({
      peer: peerDirectory.row(peer),
      roomId: localRoom.replica.id,
      rows: conversations.logRows(localRoom, viewLines(localRoom.entries)),
    }));
    const invited = invitations.pending().filter(({ from }) => this.isWelcome(from)).map((one) => ({
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
    const { rooms, conversations } = this.#parts;
    const isBegun = (localRoom: LocalRoom) =>
      this.isRequest(localRoom) && localRoom.entries.some(({ kind }) => kind !== "invite");
    return rooms.list().filter(isBegun).flatMap((localRoom) => {
      const other = conversations.otherOf(localRoom);
      return other === undefined ? [] : [[other, localRoom] as const];
    });
  }

  #waiting(): readonly (readonly [PeerId, LocalRoom])[] {
    return this.#begun().filter(([peer]) => this.isWelcome(peer));
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
