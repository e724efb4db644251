/**
 * Who may begin a conversation. The first lines of somebody who is no contact wait for the user's answer; whoever is
 * answered, accepted or kept otherwise becomes a contact. To ignore them keeps them out of sight, to block them keeps them out.
 */

import { UsageError } from "../errors.ts";
import type { PeerId } from "../room/id.ts";
import { TITLE_CHARS_MAX } from "../room/name.ts";
import { safeLine } from "../room/text.ts";
import { viewLines } from "../room/view.ts";
import type { ContactsFile } from "../store/contacts_file.ts";
import type { ContactKeeper } from "./contact_keeper.ts";
import type { Conversations } from "./conversations.ts";
import type { Invitations } from "./invitations.ts";
import type { People } from "./people.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Command, Replies } from "./vocabulary.ts";

/** Entries of a stranger that are taken in; it keeps the others, and they come when the user accepts. */
export const REQUEST_ENTRIES_MAX = 3;
/** Strangers who may wait for an answer; further ones are as unheard. */
export const REQUESTS_MAX = 64;

/** What requests need. */
export interface RequestsParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly people: People;
  readonly conversations: Conversations;
  readonly contacts: ContactsFile;
  readonly contactKeeper: ContactKeeper;
  readonly invitations: Invitations;
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
  isRequest(keeper: RoomKeeper): boolean {
    const { me, conversations, contactKeeper } = this.#parts;
    const other = conversations.otherOf(keeper);
    return other !== undefined && !contactKeeper.has(other) && keeper.replica.lastNumber(me) === 0;
  }

  /** Entries of one feed that are taken in for now. */
  feedMax(keeper: RoomKeeper): number {
    return this.isRequest(keeper) ? REQUEST_ENTRIES_MAX : Infinity;
  }

  /** Whether too many strangers wait for one more. Those whom the user ignored wait for nothing. */
  get isFull(): boolean {
    const { rooms, conversations } = this.#parts;
    const waiting = rooms.list().filter((keeper) => {
      const other = conversations.otherOf(keeper);
      return this.isRequest(keeper) && other !== undefined && this.isWelcome(other);
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
    const { conversations, people, invitations } = this.#parts;
    const requests = this.#waiting().map(([peer, keeper]) => ({
      peer: people.row(peer),
      roomId: keeper.replica.id,
      rows: conversations.logRows(keeper, viewLines(keeper.entries)),
    }));
    const invited = invitations.pending().filter(({ from }) => this.isWelcome(from)).map((one) => ({
      roomId: one.link.room,
      title: safeLine(one.title, { maxCells: TITLE_CHARS_MAX }),
      from: people.row(one.from),
    }));
    return { requests, invitations: invited };
  }

  /** Takes the conversation up. @throws {UsageError} if nobody waits who is called so, {WorldError} if that cannot be kept. */
  async accept({ peer }: Extract<Command, { do: "accept" }>): Promise<Replies["accept"]> {
    const { conversations, people, contacts, befriend } = this.#parts;
    // Also whom the user ignored: second thoughts are welcome. To talk to whom one blocked, one has to say so.
    const begun = this.#begun().filter(([other]) => contacts.contacts.get(other)?.isBlocked !== true);
    const [id, keeper] = this.#find(peer, begun);
    befriend(id);
    await contacts.save();
    return { peer: people.row(id), room: conversations.row(keeper) };
  }

  /** Keeps the conversation out of sight, until the user writes to that peer. @throws {UsageError}, {WorldError} if that cannot be kept. */
  async ignore({ peer }: Extract<Command, { do: "ignore" }>): Promise<Replies["ignore"]> {
    const { people, contacts } = this.#parts;
    const [id] = this.#find(peer, this.#waiting());
    const row = people.row(id);
    contacts.upsert(id, { isIgnored: true });
    await contacts.save();
    return { peer: row };
  }

  /** Conversations that others began and the user has not answered. An invitation alone is none: it is listed as such. */
  #begun(): readonly (readonly [PeerId, RoomKeeper])[] {
    const { rooms, conversations } = this.#parts;
    const isBegun = (keeper: RoomKeeper) =>
      this.isRequest(keeper) && keeper.entries.some(({ kind }) => kind !== "invite");
    return rooms.list().filter(isBegun).flatMap((keeper) => {
      const other = conversations.otherOf(keeper);
      return other === undefined ? [] : [[other, keeper] as const];
    });
  }

  #waiting(): readonly (readonly [PeerId, RoomKeeper])[] {
    return this.#begun().filter(([peer]) => this.isWelcome(peer));
  }

  #find(
    text: string,
    among: readonly (readonly [PeerId, RoomKeeper])[],
  ): readonly [PeerId, RoomKeeper] {
    const { people } = this.#parts;
    const found = people.find(text);
    const request = among.find(([peer]) => peer === found);
    if (request !== undefined) return request;
    const names = among.map(([peer]) => people.labelOf(peer)).join(", ");
    const hint = names === "" ? "Nobody is" : `There are: ${names}`;
    throw new UsageError(`${people.labelOf(found)} is not waiting for an answer. ${hint}`);
  }
}
