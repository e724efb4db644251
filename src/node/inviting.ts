/** Invites to rooms, and moves a room with all but some of its members. */

import { UsageError, WorldError } from "../errors.ts";
import type { Endpoint } from "../ports.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import { formatLink } from "../room/link.ts";
import { explained } from "../store/trouble.ts";
import type { Authoring } from "./authoring.ts";
import { type Conversations, requireIn } from "./conversations.ts";
import { invitationBody, invitationIn } from "./invitations.ts";
import type { People } from "./people.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Steering } from "./steering.ts";
import type { Command, Replies } from "./vocabulary.ts";

/** What inviting needs. */
export interface InvitingParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly people: People;
  readonly conversations: Conversations;
  readonly authoring: Authoring;
  readonly steering: Steering;
  /** Where others on the network can reach us; null without a network. */
  ownEndpoint(): Endpoint | null;
  /** What we are called now. */
  myName(): string;
}

/** The invitations that one node gives. */
export class Inviting {
  readonly #parts: InvitingParts;

  /** Reads all from its parts, at each call. */
  constructor(parts: InvitingParts) {
    this.#parts = parts;
  }

  /** The link of a room of ours; it is sent to those peers, in their conversations with us. @throws {WorldError}, {UsageError}. */
  async invite({ room, peers }: Extract<Command, { do: "invite" }>): Promise<Replies["invite"]> {
    const { people, conversations } = this.#parts;
    const keeper = this.#roomOf(room, "invite anybody");
    const guests = peers.map((peer) => people.find(peer));
    const blocked = people.rows(guests).find((row) => row.blocked);
    if (blocked !== undefined) throw new UsageError(`Cannot invite ${blocked.name}: you have blocked them`);
    const link = this.#linkTo(keeper);
    for (const guest of guests) await this.#tell(guest, { keeper, link, movedFrom: null });
    return { room: conversations.row(keeper), link: formatLink(link), told: this.#namesOf(guests) };
  }

  /**
   * Moves to a new room of the same title, by invitation, with all other members but some: whoever is left out, or found the
   * old link, stays behind. What was cut short (a full disk) goes on when it is asked for again. @throws {WorldError}, {UsageError}.
   */
  async renew({ room, without }: Extract<Command, { do: "renew" }>): Promise<Replies["renew"]> {
    const { people, conversations, authoring, steering } = this.#parts;
    const old = this.#roomOf(room, "move to a new room");
    const left = without.map((peer) => people.find(peer));
    const stranger = left.find((peer) => !old.others.includes(peer));
    if (stranger !== undefined) {
      throw new UsageError(`${people.labelOf(stranger)} is not in "${conversations.titleOf(old)}"`);
    }
    if (this.#parts.ownEndpoint() === null) throw offline();
    const keeper = this.#begunMoveFrom(old) ?? await this.#beginMove(old);
    const link = this.#linkTo(keeper);
    const guests = old.others.filter((peer) => !left.includes(peer));
    for (const guest of guests.filter((peer) => !this.#isTold(peer, keeper))) {
      await this.#tell(guest, { keeper, link, movedFrom: old.replica.id });
    }
    if (old.isIn) await authoring.write(old, { kind: "leave", body: "", doing: "leave the old room" });
    steering.decide();
    return { room: conversations.row(keeper), link: formatLink(link), told: this.#namesOf(guests) };
  }

  /** The new room of a move that we began and did not end. */
  #begunMoveFrom(old: RoomKeeper): RoomKeeper | undefined {
    const { me, rooms } = this.#parts;
    const begun = old.entries.findLast(({ kind, author }) => kind === "move" && author === me);
    return rooms.list().find(({ isIn, replica }) => isIn && replica.id === begun?.body);
  }

  async #beginMove(old: RoomKeeper): Promise<RoomKeeper> {
    const { rooms, conversations, authoring, myName } = this.#parts;
    const title = old.replica.info?.title ?? "";
    const keeper = await explained(
      `open the new room "${conversations.titleOf(old)}"`,
      () => rooms.create({ title, name: myName(), isInvited: true }),
    );
    await authoring.write(old, { kind: "move", body: keeper.replica.id, doing: "tell of the new room" });
    return keeper;
  }

  #isTold(guest: PeerId, { replica: { id } }: RoomKeeper): boolean {
    const { me, rooms } = this.#parts;
    return rooms.direct(guest).entries.some((entry) =>
      entry.author === me && invitationIn(entry)?.link.room === id
    );
  }

  async #tell(
    guest: PeerId,
    { keeper, link, movedFrom }: {
      readonly keeper: RoomKeeper;
      readonly link: Parameters<typeof formatLink>[0];
      readonly movedFrom: RoomId | null;
    },
  ): Promise<void> {
    const { rooms, authoring } = this.#parts;
    const body = invitationBody(link, { title: keeper.replica.info?.title ?? "", movedFrom });
    await authoring.write(rooms.direct(guest), { kind: "invite", body, doing: "send the invitation" });
  }

  #roomOf(text: string, doing: string): RoomKeeper {
    const { conversations } = this.#parts;
    const keeper = conversations.find(text.startsWith("#") ? text : `#${text}`);
    if (keeper.replica.info?.access === "direct") {
      throw new UsageError(`Cannot ${doing}: that is a conversation of two. Open a room first`);
    }
    requireIn(keeper, doing);
    return keeper;
  }

  #linkTo(keeper: RoomKeeper): Parameters<typeof formatLink>[0] {
    const { me, rooms, conversations, ownEndpoint } = this.#parts;
    const { id, info } = keeper.replica;
    const endpoint = ownEndpoint();
    if (endpoint === null) throw offline();
    const secret = rooms.secretOf(id) ?? null;
    if (info?.access === "invited" && secret === null) {
      throw new WorldError(
        `The secret of "${conversations.titleOf(keeper)}" is not in this home any more. ` +
          "You are still a member; ask another one for a link",
      );
    }
    return { endpoint, room: id, secret, peer: me };
  }

  #namesOf(peers: readonly PeerId[]): string[] {
    return peers.map((peer) => this.#parts.people.labelOf(peer));
  }
}

function offline(): WorldError {
  return new WorldError(
    'A link says where you can be reached, and this earshot is not on a network. Start it with "earshot" first',
  );
}
