/** Joins the room that a user means. */

import { hintAt } from "../../messages/command_names.ts";
import { formatForShell } from "../../messages/format_message.ts";
import { type Message, message } from "../../messages/message.ts";
import { UsageError, WorldError } from "../../errors.ts";
import type { Endpoint } from "../../ports/network.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import { isLink, parseLink, type RoomLink } from "../../room/invite_link.ts";
import { toNameKey } from "../../text/name.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { TAG_CHARS_MIN } from "../../room/room_view.ts";
import { parseEndpoint } from "../support/address.ts";
import type { Connect } from "./connect.ts";
import type { ConversationDirectory, NearbyRoom } from "../views/conversation_directory.ts";
import { JOIN_MS_MAX, type JoinRoom } from "./join_room.ts";
import type { Invitation, ReceivedInvitations } from "./received_invitations.ts";
import { findNearest } from "../support/did_you_mean.ts";
import { ID_START_CHARS_MIN, type PeerDirectory } from "../peers/peer_directory.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { LocalName } from "../rooms/local_name.ts";
import type { RequestPolicy } from "../peers/request_policy.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Replies } from "../../api/commands.ts";

/** Characters of an id that tell rooms of one title apart. */
const ID_SHOWN_CHARS = 8;

export interface JoinTargetParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly conversations: ConversationDirectory;
  readonly connect: Connect;
  readonly joinRoom: JoinRoom;
  readonly invitations: ReceivedInvitations;
  readonly requestPolicy: RequestPolicy;
  readonly connectionManager: ConnectionManager;
  readonly name: LocalName;
}

/** The join command of one node. */
export class JoinTarget {
  readonly #parts: JoinTargetParts;

  constructor(parts: JoinTargetParts) {
    this.#parts = parts;
  }

  /** Joins a room by its title, its id, its host's address, or an invitation. @throws {WorldError}, {UsageError}. */
  async join(text: string): Promise<Replies["join"]> {
    const { rooms, joinRoom } = this.#parts;
    const link = isLink(text) ? linkOf(text) : this.#findInvitation(text)?.link;
    if (link !== undefined) {
      const known = rooms.get(link.room);
      return known?.isIn
        ? this.#replyAlreadyIn(known)
        : this.#replyJoined(await joinRoom.joinByLink(link, { isAsked: true }));
    }
    const endpoint = parseEndpoint(text);
    const left = endpoint === null ? this.#findLeftRoom(text) : undefined;
    if (left !== undefined) return this.#replyJoined(await joinRoom.rejoin(left));
    const room = endpoint === null ? this.#findNearbyRoom(text) : await this.#roomAt(endpoint);
    const known = rooms.get(room.id);
    if (known?.isIn) return this.#replyAlreadyIn(known);
    return this.#replyJoined(await this.#joinNearby(room));
  }

  async #joinNearby({ id, title, hosts: [host] }: NearbyRoom): Promise<LocalRoom> {
    const { rooms, peerDirectory, connectionManager, joinRoom } = this.#parts;
    if (host === undefined) {
      throw new WorldError(message("join.nobody-has-it", { title: sanitizeLine(title) }));
    }
    connectionManager.resume(host);
    const localRoom = rooms.get(id) ?? rooms.openForJoin(id);
    if (await joinRoom.joinAt(localRoom, { host, msMax: JOIN_MS_MAX })) return localRoom;
    await rooms.drop(id);
    throw new WorldError(
      message("join.not-sent", {
        title: sanitizeLine(title),
        host: peerDirectory.labelOf(host),
        time: JOIN_MS_MAX,
      }),
    );
  }

  #replyJoined(localRoom: LocalRoom): Replies["join"] {
    return { room: this.#parts.conversations.toRow(localRoom), ...toJoinNote(this.#sameNameNote(localRoom)) };
  }

  #replyAlreadyIn(localRoom: LocalRoom): Replies["join"] {
    return { room: this.#parts.conversations.toRow(localRoom), ...toJoinNote(message("join.already")) };
  }

  /** The invitation to a room of that title or id, unless there is such a room nearby. @throws {UsageError} for several. */
  #findInvitation(text: string): Invitation | undefined {
    const { invitations, conversations, requestPolicy } = this.#parts;
    const wanted = text.replace(/^#/, "");
    const isNamed = (id: RoomId, title: string) =>
      toNameKey(title) === toNameKey(wanted) || isStart(id, wanted);
    if ([...conversations.findNearby().values()].some(({ id, title }) => isNamed(id, title))) {
      return undefined;
    }
    const found = new Map(
      invitations.listOpen().filter(({ link, title, from }) =>
        isNamed(link.room, title) && requestPolicy.isWelcome(from)
      ).map((invitation) => [invitation.link.room, invitation]),
    );
    if (found.size <= 1) return [...found.values()][0];
    const choices = [...found.values()].map(({ link, from }) =>
      `${shortId(link.room)} (${this.#parts.peerDirectory.labelOf(from)})`
    );
    throw new UsageError(message("join.invited-to-several", { title: sanitizeLine(wanted), choices }));
  }

  /** An invite-only room that we left: we still have its secret. */
  #findLeftRoom(text: string): LocalRoom | undefined {
    const wanted = text.replace(/^#/, "");
    return this.#parts.rooms.list().find(({ isIn, replica: { id, info } }) =>
      !isIn && info?.access === "invited" &&
      (toNameKey(info.title) === toNameKey(wanted) || isStart(id, wanted))
    );
  }

  /** The nearby room of that title or id. @throws {UsageError}. */
  #findNearbyRoom(text: string): NearbyRoom {
    const { conversations, rooms } = this.#parts;
    const wanted = text.replace(/^#/, "");
    const nearby = [...conversations.findNearby().values()];
    const titled = nearby.filter((room) => toNameKey(room.title) === toNameKey(wanted));
    const found = titled.length > 0 ? titled : nearby.filter((room) => isStart(room.id, wanted));
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    if (found.length > 1) {
      const choices = found.map((room) => `${shortId(room.id)} (${this.#hostName(room)})`);
      throw new UsageError(message("join.ambiguous", { title: sanitizeLine(wanted), choices }));
    }
    const own = rooms.list().find(({ isIn, replica: { id, info } }) =>
      isIn && (toNameKey(info?.title ?? "") === toNameKey(wanted) || isStart(id, wanted))
    );
    if (own !== undefined) return { id: own.replica.id, title: wanted, memberCount: 0, hosts: [] };
    const suggestion = findNearest(wanted, nearby.map((room) => room.title));
    throw new UsageError(
      suggestion === null
        ? message("join.unknown", { title: sanitizeLine(wanted) }, hintAt("rooms"))
        : message("join.did-you-mean", { title: sanitizeLine(wanted), suggestion: sanitizeLine(suggestion) }),
    );
  }

  #hostName(room: NearbyRoom): string {
    const [host] = room.hosts;
    return host === undefined ? "nobody" : this.#parts.peerDirectory.labelOf(host);
  }

  /** The room that is hosted at an address. */
  async #roomAt(endpoint: Endpoint): Promise<NearbyRoom> {
    const { peer, rooms } = await this.#parts.connect.connectTo(endpoint);
    const [only] = rooms;
    if (only === undefined) {
      throw new WorldError(
        message("join.hosts-none", { peer: peer.name, ...endpoint }, hintAt("send", peer, "TEXT")),
      );
    }
    if (rooms.length > 1) {
      const titles = rooms.map((room) => `#${room.title}`);
      throw new UsageError(message("join.hosts-several", { peer: peer.name, ...endpoint, titles }));
    }
    return { id: only.id, title: only.title, memberCount: only.members, hosts: [peer.id] };
  }

  /** Members with equal names are told apart on each screen; the user should know why. */
  #sameNameNote(localRoom: LocalRoom): Message | null {
    const { me, name: { current: ownName } } = this.#parts;
    const isTwin = ({ id, isIn, name }: { id: PeerId; isIn: boolean; name: string }) =>
      id !== me && isIn && toNameKey(name) === toNameKey(ownName);
    if (!localRoom.replica.members().some(isTwin)) return null;
    const label = `${ownName}·${me.slice(0, TAG_CHARS_MIN)}`;
    return message("join.same-name", { name: ownName, label }, hintAt("nick", "NAME"));
  }
}

function shortId(id: string): string {
  return id.slice(0, ID_SHOWN_CHARS);
}

function toJoinNote(note: Message | null): Pick<Replies["join"], "note" | "noteMessage"> {
  return { note: note === null ? null : formatForShell(note), noteMessage: note };
}

function isStart(id: string, wanted: string): boolean {
  return wanted.length >= ID_START_CHARS_MIN && id.startsWith(wanted.toLowerCase());
}

function linkOf(text: string): RoomLink {
  const link = parseLink(text);
  if (link !== null) return link;
  throw new UsageError(message("join.bad-link"));
}
