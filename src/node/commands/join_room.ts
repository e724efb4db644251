/** Comes into rooms: asks somebody for what was said there, and writes our join behind all of it. */

import { findNetwork } from "../../discovery/destinations.ts";
import { DiskError, UsageError, WorldError } from "../../errors.ts";
import type { Interfaces } from "../../ports/network.ts";
import type { PeerId } from "../../room/id.ts";
import type { RoomLink } from "../../room/invite_link.ts";
import { HANDOFF_PORT_MIN } from "../../wire/handoff.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import { type Connect, formatEndpoint } from "./connect.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { PeerPolicy } from "../peers/peer_policy.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Sessions } from "../peers/sessions.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { ConditionWaiters } from "../support/condition_waiters.ts";

/** Time for a room's entries to come when we join it. */
export const JOIN_MS_MAX = 10_000;
/** Time for somebody who may have a room, or may never have heard of it. */
const ASK_MS_MAX = 2_000;
/** Peers who are asked for a room whose inviter is not here. */
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

/** How a link is followed. */
export interface LinkUse {
  /** The user named the link. Otherwise we knock on our own networks only: a link must not send us elsewhere. */
  readonly isAsked: boolean;
  /** Who is likely to have the room. */
  readonly likely?: readonly PeerId[];
}

/** The ways into rooms of one node. */
export class JoinRoom {
  readonly #parts: JoinRoomParts;

  constructor(parts: JoinRoomParts) {
    this.#parts = parts;
  }

  /** Joins the room of a link, in which we are not: at whoever made it, wherever that peer is now; else at somebody who has the room. @throws {WorldError}, {UsageError}. */
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
    throw new WorldError(
      `Cannot join that room: nobody who is here lets us in. ${trouble}. ` +
        "Try again when its members are near, or ask for a new link",
    );
  }

  /** Comes back into a room by invitation that we have left, at any of its members. @throws {WorldError}. */
  async rejoin(localRoom: LocalRoom): Promise<LocalRoom> {
    const { rooms, peerDirectory } = this.#parts;
    const secret = rooms.files.secretOf(localRoom.replica.id);
    if (secret !== undefined) rooms.openByInvitation(localRoom.replica.id, secret);
    const here = peerDirectory.listPresent();
    for (const host of localRoom.otherMembers.filter((peer) => here.includes(peer)).slice(0, ASKED_MAX)) {
      if (await this.joinAt(localRoom, { host, msMax: ASK_MS_MAX })) return localRoom;
    }
    // Nobody has to let us in whose feed is here: what is said meanwhile comes with the next member.
    await this.#writeJoin(localRoom);
    return localRoom;
  }

  /** False if the room's entries do not come in time, or the peer has no part in it. Our join is written behind all of them, so it does not stand in the middle of the past. */
  async joinAt(
    localRoom: LocalRoom,
    { host, msMax }: { readonly host: PeerId; readonly msMax: number },
  ): Promise<boolean> {
    const { connectionManager, waiters, sessions, signal } = this.#parts;
    const { id } = localRoom.replica;
    if (signal.aborted) throw new WorldError("Cannot join that room: this earshot is stopping");
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
      // It may not be what it was taken for: nothing that comes from others goes to it.
      if (connection !== undefined) localRoom.sync.forget(connection);
      return false;
    } finally {
      connectionManager.endJoin(id);
    }
  }

  async #writeJoin(localRoom: LocalRoom): Promise<void> {
    // Somebody may have asked for the same twice, and the first is through.
    if (localRoom.isIn) return;
    await this.#parts.entryAuthor.write(localRoom, {
      kind: "join",
      body: localRoom.proof.text,
      doing: "join the room",
    });
  }

  async #saveSecret(localRoom: LocalRoom): Promise<void> {
    try {
      await this.#parts.rooms.files.saveSecret(localRoom.replica.id);
    } catch (error) {
      // We are in; who cannot invite asks another member for a link.
      if (!(error instanceof DiskError)) throw error;
    }
  }

  /** Who made the link, if that peer can be reached; and what to say if it does not help. */
  async #findInviter(
    { endpoint, keyStart }: RoomLink,
    isAsked: boolean,
  ): Promise<{ readonly inviter: PeerId | null; readonly trouble: string }> {
    const { peerDirectory, connect, interfaces } = this.#parts;
    const helpless = (peer: PeerId) => ({
      inviter: peer,
      trouble: `${peerDirectory.labelOf(peer)}, who made the link, does not know the room or not its secret`,
    });
    const here = peerDirectory.listPresent().find((peer) => peer.startsWith(keyStart));
    if (here !== undefined) return helpless(here);
    const isNear = endpoint.port >= HANDOFF_PORT_MIN &&
      findNetwork(endpoint.address, interfaces.list()) !== null;
    if (!isAsked && !isNear) return { inviter: null, trouble: "Who made the link is not here" };
    try {
      const { peer } = await connect.dialAt(endpoint);
      if (peer?.startsWith(keyStart)) return helpless(peer);
      return {
        inviter: null,
        trouble: `At ${formatEndpoint(endpoint)} is somebody else than who made the link`,
      };
    } catch (error) {
      if (!(error instanceof WorldError || error instanceof UsageError)) throw error;
      return { inviter: null, trouble: error.message };
    }
  }

  /**
   * Whom to ask for a room, the likeliest first. Whoever is asked learns that there is one: where the user did not name the
   * link, only those who were in the old room, contacts, and who is in a room with us.
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
