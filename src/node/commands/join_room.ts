/** Joins rooms: gets the entries from a member, then writes our join behind all of them. */

import { SESSION_PORT_MIN } from "../../encoding/network_address.ts";
import { type Message, message } from "../../messages/message.ts";
import { findNetwork } from "../../discovery/destinations.ts";
import { DiskError, UsageError, WorldError } from "../../errors.ts";
import type { Interfaces } from "../../ports/network.ts";
import type { PeerId } from "../../room/id.ts";
import type { RoomLink } from "../../room/invite_link.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import type { Connect } from "./connect.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { PeerPolicy } from "../peers/peer_policy.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Sessions } from "../peers/sessions.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { ConditionWaiters } from "../support/condition_waiters.ts";

/** Time for a room's entries to arrive before we join. */
export const JOIN_MS_MAX = 10_000;
/** Time for a peer that may not know the room at all. */
const ASK_MS_MAX = 2_000;
/** Peers that are asked for a room whose inviter is not present. */
const ASKED_MAX = 16;

export interface JoinRoomParts {
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly connectionManager: ConnectionManager;
  readonly connect: Connect;
  readonly autoContacts: AutoContacts;
  readonly entryAuthor: EntryAuthor;
  readonly waiters: ConditionWaiters;
  readonly interfaces: Interfaces;
  /** Ends what is under way when the node stops. */
  readonly signal: AbortSignal;
  readonly policy: PeerPolicy;
}

/** How to use a link. */
export interface LinkUse {
  /** Whether the user named the link. Otherwise we dial on our own networks only: a link must not send us elsewhere. */
  readonly isAsked: boolean;
  /** Peers that are likely to have the room. */
  readonly likely?: readonly PeerId[];
}

/** The joins of one node. */
export class JoinRoom {
  readonly #parts: JoinRoomParts;

  constructor(parts: JoinRoomParts) {
    this.#parts = parts;
  }

  /** Joins the room of a link: through the peer that made the link, else through another peer that has the room. @throws {WorldError}, {UsageError}. */
  async joinByLink(link: RoomLink, { isAsked, likely = [] }: LinkUse): Promise<LocalRoom> {
    const { rooms, connectionManager } = this.#parts;
    const localRoom = link.secret === null
      ? rooms.openForJoin(link.room)
      : rooms.openByInvitation(link.room, link.secret);
    const { inviter, trouble } = await this.#findInviter(link, isAsked);
    if (inviter !== null && isAsked) connectionManager.resume(inviter);
    const hosts = [...inviter === null ? [] : [inviter], ...this.#listCandidates({ isAsked, likely })];
    for (const host of new Set(hosts)) {
      if (!await this.joinAt(localRoom, { host, msMax: host === inviter ? JOIN_MS_MAX : ASK_MS_MAX })) {
        continue;
      }
      if (isAsked && host === inviter) this.#parts.autoContacts.add(host);
      await this.#saveSecret(localRoom);
      return localRoom;
    }
    await rooms.drop(link.room);
    throw new WorldError(message("join.nobody-admits", { trouble }));
  }

  /** Joins an invite-only room again that we left, through any member. @throws {WorldError}. */
  async rejoin(localRoom: LocalRoom): Promise<LocalRoom> {
    const { rooms, peerDirectory } = this.#parts;
    const secret = rooms.files.secretOf(localRoom.replica.id);
    if (secret !== undefined) rooms.openByInvitation(localRoom.replica.id, secret);
    const here = peerDirectory.listPresent();
    for (const host of localRoom.otherMembers.filter((peer) => here.includes(peer)).slice(0, ASKED_MAX)) {
      if (await this.joinAt(localRoom, { host, msMax: ASK_MS_MAX })) return localRoom;
    }
    // We have the room's entries, so no member needs to let us in; newer entries come with the next member.
    await this.#writeJoin(localRoom);
    return localRoom;
  }

  /** False if the room's entries do not arrive in time, or the peer refuses. Our join is written behind all of them, not in the middle of the past. */
  async joinAt(
    localRoom: LocalRoom,
    { host, msMax }: { readonly host: PeerId; readonly msMax: number },
  ): Promise<boolean> {
    const { connectionManager, waiters, sessions, signal } = this.#parts;
    const { id } = localRoom.replica;
    if (signal.aborted) throw new WorldError(message("join.stopping"));
    connectionManager.joinAt(id, host);
    try {
      const isHere = () => {
        const connection = sessions.connections.get(host);
        return localRoom.replica.info !== undefined && connection !== undefined &&
          localRoom.sync.hasAllOf(connection);
      };
      await waiters.waitUntil(() => isHere() || connectionManager.hasRefused(host, id), msMax);
      if (isHere()) {
        await this.#writeJoin(localRoom);
        return true;
      }
      const connection = sessions.connections.get(host);
      // The peer may not be a member: entries of others must not be sent to it.
      if (connection !== undefined) localRoom.sync.forget(connection);
      return false;
    } finally {
      connectionManager.endJoin(id);
    }
  }

  async #writeJoin(localRoom: LocalRoom): Promise<void> {
    // The same join may run twice, and the first is done.
    if (localRoom.isIn) return;
    await this.#parts.entryAuthor.write(localRoom, {
      kind: "join",
      body: localRoom.proof.text,
      doing: message("doing.join"),
    });
  }

  async #saveSecret(localRoom: LocalRoom): Promise<void> {
    try {
      await this.#parts.rooms.files.saveSecret(localRoom.replica.id);
    } catch (error) {
      // We are in. Without the secret we cannot invite, but other members can.
      if (!(error instanceof DiskError)) throw error;
    }
  }

  /** The peer that made the link, if it can be reached, and the sentence for the case that it does not help. */
  async #findInviter(
    { endpoint, keyStart }: RoomLink,
    isAsked: boolean,
  ): Promise<{ readonly inviter: PeerId | null; readonly trouble: Message }> {
    const { peerDirectory, connect, interfaces } = this.#parts;
    const helpless = (peer: PeerId) => ({
      inviter: peer,
      trouble: message("join.inviter-ignorant", { inviter: peerDirectory.labelOf(peer) }),
    });
    const here = peerDirectory.listPresent().find((peer) => peer.startsWith(keyStart));
    if (here !== undefined) return helpless(here);
    const isNear = endpoint.port >= SESSION_PORT_MIN &&
      findNetwork(endpoint.address, interfaces.list()) !== null;
    if (!isAsked && !isNear) return { inviter: null, trouble: message("join.inviter-away") };
    try {
      const { peer } = await connect.dialAt(endpoint);
      if (peer?.startsWith(keyStart)) return helpless(peer);
      return {
        inviter: null,
        trouble: message("join.inviter-replaced", { ...endpoint }),
      };
    } catch (error) {
      if (!(error instanceof WorldError || error instanceof UsageError)) throw error;
      return { inviter: null, trouble: error.details };
    }
  }

  /**
   * Peers to ask for a room, the most likely first. Each learns that the room exists. So if the user did not name the link, only
   * members of the old room, contacts, and peers that share a room with us are asked.
   */
  #listCandidates({ isAsked, likely = [] }: LinkUse): readonly PeerId[] {
    const { peerDirectory, rooms, autoContacts, policy } = this.#parts;
    const isInRoom = (peer: PeerId) =>
      rooms.list().some(({ isIn, replica }) =>
        isIn && replica.info?.access !== "direct" && replica.isIn(peer)
      );
    const rank = (peer: PeerId) =>
      likely.includes(peer) ? 0 : autoContacts.has(peer) || isInRoom(peer) ? 1 : isAsked ? 2 : null;
    return peerDirectory.listPresent().flatMap((peer) => {
      const place = policy.isAvoided(peer) ? null : rank(peer);
      return place === null ? [] : [{ peer, place }];
    }).toSorted((left, right) => left.place - right.place).slice(0, ASKED_MAX).map(({ peer }) => peer);
  }
}
