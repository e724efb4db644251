/** Invites peers to rooms, and moves a room without some of its members. */

import { type Message, message } from "../../messages/message.ts";
import { UsageError, WorldError } from "../../errors.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import { formatLink } from "../../room/invite_link.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import { type ConversationDirectory, requireIn } from "../views/conversation_directory.ts";
import { encodeInvitation, parseInvitation } from "./received_invitations.ts";
import type { LocalNetwork } from "../peers/local_network.ts";
import type { LocalName } from "../rooms/local_name.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { Command, Replies } from "../../api/commands.ts";

export interface InviteParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly conversations: ConversationDirectory;
  readonly entryAuthor: EntryAuthor;
  readonly connectionManager: ConnectionManager;
  readonly network: LocalNetwork;
  readonly name: LocalName;
}

/** The invitations that one node sends. */
export class Invite {
  readonly #parts: InviteParts;

  constructor(parts: InviteParts) {
    this.#parts = parts;
  }

  /** The link of a room of ours. It is also sent to those peers, in their direct conversations. @throws {WorldError}, {UsageError}. */
  async invite({ room, peers }: Extract<Command, { do: "invite" }>): Promise<Replies["invite"]> {
    const { peerDirectory, conversations } = this.#parts;
    const localRoom = this.#roomOf(room, message("doing.invite"));
    const guests = peers.map((peer) => peerDirectory.find(peer));
    const blocked = peerDirectory.toRows(guests).find((row) => row.blocked);
    if (blocked !== undefined) throw new UsageError(message("invite.blocked", { name: blocked.name }));
    const link = this.#linkTo(localRoom);
    for (const guest of guests) await this.#tell(guest, { localRoom, link, movedFrom: null });
    return { room: conversations.toRow(localRoom), link: formatLink(link), told: this.#namesOf(guests) };
  }

  /**
   * Moves to a new invite-only room with the same title, and invites all other members but the named ones. These, and users of
   * the old link, stay behind. A move that was interrupted (a full disk) goes on with the next call. @throws {WorldError}, {UsageError}.
   */
  async renew({ room, without }: Extract<Command, { do: "renew" }>): Promise<Replies["renew"]> {
    const { peerDirectory, conversations, entryAuthor, connectionManager } = this.#parts;
    const old = this.#roomOf(room, message("doing.move"));
    const left = without.map((peer) => peerDirectory.find(peer));
    const stranger = left.find((peer) => !old.otherMembers.includes(peer));
    if (stranger !== undefined) {
      throw new UsageError(
        message("invite.not-member", {
          name: peerDirectory.labelOf(stranger),
          room: conversations.titleOf(old),
        }),
      );
    }
    if (this.#parts.network.ownEndpoint === null) throw makeOfflineError();
    const localRoom = this.#findBegunMove(old) ?? await this.#beginMove(old);
    const link = this.#linkTo(localRoom);
    const guests = old.otherMembers.filter((peer) => !left.includes(peer));
    for (const guest of guests.filter((peer) => !this.#isTold(peer, localRoom))) {
      await this.#tell(guest, { localRoom, link, movedFrom: old.replica.id });
    }
    if (old.isIn) {
      await entryAuthor.write(old, { kind: "leave", body: "", doing: message("doing.leave-old") });
    }
    connectionManager.decide();
    return { room: conversations.toRow(localRoom), link: formatLink(link), told: this.#namesOf(guests) };
  }

  /** The new room of a move that we began and did not finish. */
  #findBegunMove(old: LocalRoom): LocalRoom | undefined {
    const { me, rooms } = this.#parts;
    const begun = old.entries.findLast(({ kind, author }) => kind === "move" && author === me);
    return rooms.list().find(({ isIn, replica }) => isIn && replica.id === begun?.body);
  }

  async #beginMove(old: LocalRoom): Promise<LocalRoom> {
    const { rooms, conversations, entryAuthor, name } = this.#parts;
    const title = old.replica.info?.title ?? "";
    const localRoom = await formatDiskError(
      message("doing.open-room", { room: conversations.titleOf(old) }),
      () => rooms.create({ title, name: name.current, isInvited: true }),
    );
    await entryAuthor.write(old, {
      kind: "move",
      body: localRoom.replica.id,
      doing: message("doing.tell-move"),
    });
    return localRoom;
  }

  #isTold(guest: PeerId, { replica: { id } }: LocalRoom): boolean {
    const { me, rooms } = this.#parts;
    return rooms.openDirect(guest).entries.some((entry) =>
      entry.author === me && parseInvitation(entry)?.link.room === id
    );
  }

  async #tell(
    guest: PeerId,
    { localRoom, link, movedFrom }: {
      readonly localRoom: LocalRoom;
      readonly link: Parameters<typeof formatLink>[0];
      readonly movedFrom: RoomId | null;
    },
  ): Promise<void> {
    const { rooms, entryAuthor } = this.#parts;
    const body = encodeInvitation(link, { title: localRoom.replica.info?.title ?? "", movedFrom });
    await entryAuthor.write(rooms.openDirect(guest), {
      kind: "invite",
      body,
      doing: message("doing.send-invitation"),
    });
  }

  #roomOf(text: string, doing: Message): LocalRoom {
    const { conversations } = this.#parts;
    const localRoom = conversations.find(text.startsWith("#") ? text : `#${text}`);
    if (localRoom.replica.info?.access === "direct") {
      throw new UsageError(message("write.direct", { doing }));
    }
    requireIn(localRoom, doing);
    return localRoom;
  }

  #linkTo(localRoom: LocalRoom): Parameters<typeof formatLink>[0] {
    const { me, rooms, conversations, network } = this.#parts;
    const { id, info } = localRoom.replica;
    const endpoint = network.ownEndpoint;
    if (endpoint === null) throw makeOfflineError();
    const secret = rooms.files.secretOf(id) ?? null;
    if (info?.access === "invited" && secret === null) {
      throw new WorldError(message("invite.secret-lost", { room: conversations.titleOf(localRoom) }));
    }
    return { endpoint, room: id, secret, peer: me };
  }

  #namesOf(peers: readonly PeerId[]): string[] {
    return peers.map((peer) => this.#parts.peerDirectory.labelOf(peer));
  }
}

function makeOfflineError(): WorldError {
  return new WorldError(message("invite.offline"));
}
