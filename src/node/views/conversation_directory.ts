/** Rooms and direct conversations for screens: their rows and lines, and the names that users type for them. */

import { hintAt } from "../../messages/command_names.ts";
import { type Message, message } from "../../messages/message.ts";
import { UsageError, WorldError } from "../../errors.ts";
import type { Entry } from "../../room/entry.ts";
import { parsePeerId, parseRoomId, type PeerId, type RoomId } from "../../room/id.ts";
import { toNameKey } from "../../text/name.ts";
import { OFFER_KIND, parseOffer } from "../../room/file_offer.ts";
import { toReceiptState } from "../../room/receipts.ts";
import { toSearchKey } from "../../text/search_key.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import type { ViewLine } from "../../room/room_view.ts";
import { hasTitle } from "../../store/home/paths.ts";
import type { HostedRoom } from "../../wire/record.ts";
import { findNearest } from "../support/did_you_mean.ts";
import { ID_START_CHARS_MIN, type PeerDirectory } from "../peers/peer_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { LocalNetwork } from "../peers/local_network.ts";
import type { PeerPolicy } from "../peers/peer_policy.ts";
import type { RequestPolicy } from "../peers/request_policy.ts";
import type { LocalName } from "../rooms/local_name.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Sessions } from "../peers/sessions.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { Command, LogRow, Replies, RoomRow } from "../../api/commands.ts";

/** The latest moment with a four-digit year. */
const TIME_MS_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Nearby rooms in a list: a peer that invents more does not fill the screen. */
const NEARBY_MAX = 256;

/** A room that a present peer hosts. */
export interface NearbyRoom extends HostedRoom {
  /** Peers that claim to host it. */
  readonly hosts: readonly PeerId[];
}

export interface ConversationDirectoryParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly connectionManager: ConnectionManager;
  readonly sessions: Sessions;
  readonly network: LocalNetwork;
  readonly policy: PeerPolicy;
  readonly requestPolicy: RequestPolicy;
  readonly name: LocalName;
}

/** The conversations of one node. */
export class ConversationDirectory {
  readonly #parts: ConversationDirectoryParts;

  constructor(parts: ConversationDirectoryParts) {
    this.#parts = parts;
  }

  /** Rooms that others host: their profiles count more than their beacons. */
  findNearby(): ReadonlyMap<RoomId, NearbyRoom> {
    const { network, sessions, peerDirectory } = this.#parts;
    const nearby = new Map<RoomId, NearbyRoom>();
    const add = (peer: PeerId, rooms: readonly HostedRoom[]) => {
      for (const room of rooms) {
        const hosts = nearby.get(room.id)?.hosts ?? [];
        if (!hosts.includes(peer)) {
          nearby.set(room.id, { ...(nearby.get(room.id) ?? room), hosts: [...hosts, peer] });
        }
      }
    };
    for (const peer of sessions.connections.keys()) add(peer, peerDirectory.profileOf(peer)?.rooms ?? []);
    for (const peer of peerDirectory.listPresent()) add(peer, network.discovery.peers.get(peer)?.rooms ?? []);
    return nearby;
  }

  /** Our conversations with entries, and nearby rooms. */
  listRows(): RoomRow[] {
    const { rooms, requestPolicy } = this.#parts;
    const own = rooms.list().filter((localRoom) =>
      localRoom.replica.entries.length > 0 && !requestPolicy.isRequest(localRoom)
    );
    const labels = this.#parts.peerDirectory.labelsOf(own.flatMap((localRoom) => this.#namedIn(localRoom)));
    return [...own.map((localRoom) => this.#toRow(localRoom, labels)), ...this.listNearbyRows()];
  }

  /** Rooms that others host and of which we have no entries. */
  listNearbyRows(): RoomRow[] {
    const isOurs = (id: RoomId) =>
      this.#parts.rooms.loading.has(id) || (this.#parts.rooms.get(id)?.replica.entries.length ?? 0) > 0;
    const rooms = [...this.findNearby().values()].filter((room) => !isOurs(room.id)).slice(0, NEARBY_MAX);
    const labels = this.#parts.peerDirectory.labelsOf(rooms.flatMap((room) => room.hosts.slice(0, 1)));
    return rooms.map((room) => toNearbyRow(room, labels));
  }

  /** One of our conversations as a row. */
  toRow(localRoom: LocalRoom): RoomRow {
    const { peerDirectory } = this.#parts;
    const named = this.#namedIn(localRoom);
    return this.#toRow(localRoom, new Map(named.map((peer) => [peer, peerDirectory.labelOf(peer)])));
  }

  /** The peers that a row names: the other of a direct conversation, and the host. */
  #namedIn(localRoom: LocalRoom): PeerId[] {
    const host = this.#parts.connectionManager.hostOf(localRoom.replica.id);
    return [localRoom.directPeer, host].filter((peer) => peer !== undefined && peer !== null);
  }

  #toRow(localRoom: LocalRoom, labels: ReadonlyMap<PeerId, string>): RoomRow {
    const { me, connectionManager, rooms, policy, requestPolicy, name } = this.#parts;
    const { replica } = localRoom;
    const host = connectionManager.hostOf(replica.id);
    const isUnread = (entry: Entry) =>
      (entry.kind === "text" || entry.kind === OFFER_KIND) && entry.author !== me &&
      !policy.isBlocked(entry.author);
    return {
      id: replica.id,
      title: localRoom.directPeer === undefined
        ? this.titleOf(localRoom)
        : labels.get(localRoom.directPeer) ?? "",
      direct: replica.info?.access === "direct",
      invited: replica.info?.access === "invited",
      request: requestPolicy.isRequest(localRoom),
      peer: localRoom.directPeer ?? null,
      members: replica.activeMembers().length,
      host: host === null ? null : host === me ? name.current : labels.get(host) ?? null,
      joined: localRoom.isIn,
      unread: localRoom.countBeyond(rooms.files.readUpTo(localRoom), isUnread),
    };
  }

  /** The name on this node's screens: the room's title, or the peer's name. Safe to print. */
  titleOf(localRoom: LocalRoom): string {
    const other = localRoom.directPeer;
    if (other !== undefined) return this.#parts.peerDirectory.labelOf(other);
    return sanitizeLine(localRoom.replica.info?.title ?? "");
  }

  /** The members of a conversation. @throws {UsageError}. */
  listMembers(text: string): Replies["members"] {
    const { me, peerDirectory, connectionManager, name } = this.#parts;
    const localRoom = this.find(text);
    const host = connectionManager.hostOf(localRoom.replica.id);
    const ids = localRoom.replica.activeMembers();
    const members = peerDirectory.toRows(ids).map((row) => ({
      ...row,
      ...(row.id === me && { name: name.current, here: true }),
      me: row.id === me,
      relays: row.id === host,
      forked: localRoom.replica.forks.has(row.id),
    }));
    return { room: this.toRow(localRoom), members };
  }

  /** The lines of a conversation as rows, oldest first. */
  toLogRows(localRoom: LocalRoom, lines: readonly ViewLine[]): LogRow[] {
    const room = this.titleOf(localRoom);
    const { receiptMarks } = localRoom;
    return lines.map(({ entry, label, isNotice, text }) => ({
      room,
      roomId: entry.room,
      author: entry.author,
      name: label,
      number: entry.number,
      kind: entry.kind,
      text,
      notice: isNotice,
      time: formatIsoTime(entry.wallMs),
      state: entry.author === this.#parts.me ? toReceiptState(entry.number, receiptMarks) : null,
      ...(entry.kind === OFFER_KIND && parseOffer(entry.body) !== null && { file: entry.hash }),
    }));
  }

  /**
   * The rooms that `find` needs for that text while logs are being loaded; null if it needs all. To read a log, a folder with
   * that title is enough; a message must not get into another room of that title.
   */
  findMeantRooms(
    { do: deed, to }: Pick<Extract<Command, { do: "log" | "send" }>, "do" | "to">,
  ): readonly RoomId[] | null {
    const { rooms } = this.#parts;
    const room = parseRoomId(to);
    if (room !== null) return [room];
    const peer = parsePeerId(to);
    if (peer !== null) return [rooms.directId(peer)];
    if (deed !== "log" || !to.startsWith("#")) return null;
    const titled = rooms.loading.folders.filter((folder) => hasTitle(folder, to.slice(1)));
    return titled.length === 0 ? null : titled.map(({ id }) => id);
  }

  /**
   * Finds the conversation that a user means: `#title`, a peer's name (creates the conversation if needed), or the start of an id.
   * @throws {UsageError} if none or several match.
   */
  find(text: string): LocalRoom {
    if (text.startsWith("#")) return this.#findRoom(text.slice(1));
    const byId = this.#findByIdStart(text);
    if (byId !== undefined) return byId;
    const { peerDirectory, rooms, me } = this.#parts;
    try {
      const peer = peerDirectory.find(text);
      if (peer === me) throw new UsageError(message("peer.self"));
      return rooms.openDirect(peer);
    } catch (error) {
      // A room's title without "#" is a common mistake.
      const titled = error instanceof UsageError ? this.#findByTitle(text) : [];
      if (titled.length === 0) throw error;
      throw new UsageError(message("peer.is-room", { name: sanitizeLine(text) }));
    }
  }

  #findRoom(text: string): LocalRoom {
    const found = this.#findByTitle(text);
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    if (found.length > 1) {
      const ids = found.map((localRoom) => localRoom.replica.id.slice(0, ID_START_CHARS_MIN * 2));
      throw new UsageError(message("room.ambiguous", { title: sanitizeLine(text), ids }));
    }
    const byId = this.#findByIdStart(text);
    if (byId !== undefined) return byId;
    if ([...this.findNearby().values()].some((room) => toNameKey(room.title) === toNameKey(text))) {
      throw new UsageError(
        message("room.not-joined", { title: sanitizeLine(text) }, hintAt("join", sanitizeLine(text))),
      );
    }
    const titles = this.#parts.rooms.list().map((localRoom) => localRoom.replica.info?.title ?? "").filter((
      title,
    ) => title !== "");
    const suggestion = findNearest(text, titles);
    throw new UsageError(
      suggestion === null
        ? message("room.unknown", { title: sanitizeLine(text) }, hintAt("rooms"))
        : message("room.did-you-mean", { title: sanitizeLine(text), suggestion: sanitizeLine(suggestion) }),
    );
  }

  #findByTitle(text: string): LocalRoom[] {
    const exact = this.#filterByTitle((title) => toNameKey(title) === toNameKey(text));
    const loose = toSearchKey(sanitizeLine(text));
    const all = exact.length > 0
      ? exact
      : this.#filterByTitle((title) => toSearchKey(sanitizeLine(title)) === loose);
    const joined = all.filter((localRoom) => localRoom.isIn);
    return joined.length > 0 ? joined : all;
  }

  #filterByTitle(isMeant: (title: string) => boolean): LocalRoom[] {
    return this.#parts.rooms.list().filter(({ replica: { info, entries } }) =>
      info !== undefined && info.access !== "direct" && entries.length > 0 && isMeant(info.title)
    );
  }

  #findByIdStart(text: string): LocalRoom | undefined {
    if (text.length < ID_START_CHARS_MIN) return undefined;
    const found = this.#parts.rooms.list().filter((localRoom) =>
      localRoom.replica.id.startsWith(text.toLowerCase())
    );
    return found.length === 1 ? found[0] : undefined;
  }
}

function toNearbyRow(room: NearbyRoom, labels: ReadonlyMap<PeerId, string>): RoomRow {
  const [host] = room.hosts;
  return {
    id: room.id,
    title: sanitizeLine(room.title),
    direct: false,
    invited: false,
    request: false,
    peer: null,
    members: room.memberCount,
    host: host === undefined ? null : labels.get(host) ?? null,
    joined: false,
    unread: 0,
  };
}

/** Formats as ISO 8601. Moments out of range become the first or last that it can write. */
export function formatIsoTime(wallMs: number): string {
  return new Date(Math.min(Math.max(wallMs, 0), TIME_MS_MAX)).toISOString();
}

/** Requires that we are in the room. @throws {WorldError}. */
export function requireIn(localRoom: LocalRoom, doing: Message): void {
  if (localRoom.isIn) return;
  throw new WorldError(message("write.left", { doing }));
}
