/** Comes into rooms: asks somebody for what was said there, and writes our join behind all of it. */

import { networkOf } from "../discovery/targets.ts";
import { DiskError, UsageError, WorldError } from "../errors.ts";
import type { Interfaces } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import type { RoomLink } from "../room/link.ts";
import { HANDOFF_PORT_MIN } from "../wire/handoff.ts";
import type { Authoring } from "./authoring.ts";
import { type Connecting, place } from "./connecting.ts";
import type { ContactKeeper } from "./contact_keeper.ts";
import type { People } from "./people.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Sessions } from "./sessions.ts";
import type { Steering } from "./steering.ts";
import type { Waiters } from "./waiters.ts";

/** Time for a room's entries to come when we join it. */
export const JOIN_MS_MAX = 10_000;
/** Time for somebody who may have a room, or may never have heard of it. */
const ASK_MS_MAX = 2_000;
/** Peers who are asked for a room whose inviter is not here. */
const ASKED_MAX = 16;

/** What entering needs. */
export interface EnteringParts {
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly people: People;
  readonly steering: Steering;
  readonly connecting: Connecting;
  readonly contacts: ContactKeeper;
  readonly authoring: Authoring;
  readonly waiters: Waiters;
  readonly interfaces: Interfaces;
  /** Ends what is under way when the node stops. */
  readonly signal: AbortSignal;
  /** Keeps the peer as a contact: the user takes its word. */
  befriend(peer: PeerId): void;
  /** Whether the user wants no session with that peer. */
  isAvoided(peer: PeerId): boolean;
}

/** How a link is followed. */
export interface Following {
  /** The user named the link. Otherwise we knock on our own networks only: a link must not send us elsewhere. */
  readonly isAsked: boolean;
  /** Who is likely to have the room. */
  readonly likely?: readonly PeerId[];
}

/** The ways into rooms of one node. */
export class Entering {
  readonly #parts: EnteringParts;

  /** Reads all from its parts, at each call. */
  constructor(parts: EnteringParts) {
    this.#parts = parts;
  }

  /** Joins the room of a link, in which we are not: at whoever made it, wherever that peer is now; else at somebody who has the room. @throws {WorldError}, {UsageError}. */
  async joinBy(link: RoomLink, { isAsked, likely = [] }: Following): Promise<RoomKeeper> {
    const { rooms, connecting } = this.#parts;
    const keeper = link.secret === null ? rooms.joining(link.room) : rooms.joiningBy(link.room, link.secret);
    const { inviter, trouble } = await this.#inviterOf(link, isAsked);
    if (inviter !== null && isAsked) connecting.resume(inviter);
    const hosts = [...inviter === null ? [] : [inviter], ...this.#mayHave({ isAsked, likely })];
    for (const host of new Set(hosts)) {
      if (!await this.joinAt(keeper, { host, msMax: host === inviter ? JOIN_MS_MAX : ASK_MS_MAX })) continue;
      if (isAsked && host === inviter) this.#parts.befriend(host);
      await this.#keepSecret(keeper);
      return keeper;
    }
    await rooms.drop(link.room);
    throw new WorldError(
      `Cannot join that room: nobody who is here lets us in. ${trouble}. ` +
        "Try again when its members are near, or ask for a new link",
    );
  }

  /** Comes back into a room by invitation that we have left, at any of its members. @throws {WorldError}. */
  async comeBack(keeper: RoomKeeper): Promise<RoomKeeper> {
    const { rooms, people } = this.#parts;
    const secret = rooms.secretOf(keeper.replica.id);
    if (secret !== undefined) rooms.joiningBy(keeper.replica.id, secret);
    const here = people.here();
    for (const host of keeper.others.filter((peer) => here.includes(peer)).slice(0, ASKED_MAX)) {
      if (await this.joinAt(keeper, { host, msMax: ASK_MS_MAX })) return keeper;
    }
    // Nobody has to let us in whose feed is here: what is said meanwhile comes with the next member.
    await this.#writeJoin(keeper);
    return keeper;
  }

  /** False if the room's entries do not come in time, or the peer has no part in it. Our join is written behind all of them, so it does not stand in the middle of the past. */
  async joinAt(
    keeper: RoomKeeper,
    { host, msMax }: { readonly host: PeerId; readonly msMax: number },
  ): Promise<boolean> {
    const { steering, waiters, sessions, signal } = this.#parts;
    const { id } = keeper.replica;
    if (signal.aborted) throw new WorldError("Cannot join that room: this earshot is stopping");
    steering.joinAt(id, host);
    try {
      const isHere = () => {
        const link = sessions.links.get(host);
        return keeper.replica.info !== undefined && link !== undefined && keeper.hasAllOf(link);
      };
      await waiters.until(() => isHere() || steering.hasRefused(host, id), msMax);
      if (isHere()) {
        await this.#writeJoin(keeper);
        return true;
      }
      const link = sessions.links.get(host);
      // It may not be what it was taken for: nothing that comes from others goes to it.
      if (link !== undefined) keeper.forget(link);
      return false;
    } finally {
      steering.endJoin(id);
    }
  }

  async #writeJoin(keeper: RoomKeeper): Promise<void> {
    // Somebody may have asked for the same twice, and the first is through.
    if (keeper.isIn) return;
    await this.#parts.authoring.write(keeper, {
      kind: "join",
      body: keeper.joinBody,
      doing: "join the room",
    });
  }

  async #keepSecret(keeper: RoomKeeper): Promise<void> {
    try {
      await this.#parts.rooms.saveSecret(keeper.replica.id);
    } catch (error) {
      // We are in; who cannot invite asks another member for a link.
      if (!(error instanceof DiskError)) throw error;
    }
  }

  /** Who made the link, if that peer can be reached; and what to say if it does not help. */
  async #inviterOf(
    { endpoint, keyStart }: RoomLink,
    isAsked: boolean,
  ): Promise<{ readonly inviter: PeerId | null; readonly trouble: string }> {
    const { people, connecting, interfaces } = this.#parts;
    const helpless = (peer: PeerId) => ({
      inviter: peer,
      trouble: `${people.labelOf(peer)}, who made the link, does not know the room or not its secret`,
    });
    const here = people.here().find((peer) => peer.startsWith(keyStart));
    if (here !== undefined) return helpless(here);
    const isNear = endpoint.port >= HANDOFF_PORT_MIN &&
      networkOf(endpoint.address, interfaces.list()) !== null;
    if (!isAsked && !isNear) return { inviter: null, trouble: "Who made the link is not here" };
    try {
      const { peer } = await connecting.dialAt(endpoint);
      if (peer?.startsWith(keyStart)) return helpless(peer);
      return { inviter: null, trouble: `At ${place(endpoint)} is somebody else than who made the link` };
    } catch (error) {
      if (!(error instanceof WorldError || error instanceof UsageError)) throw error;
      return { inviter: null, trouble: error.message };
    }
  }

  /**
   * Whom to ask for a room, the likeliest first. Whoever is asked learns that there is one: where the user did not name the
   * link, only those who were in the old room, contacts, and who is in a room with us.
   */
  #mayHave({ isAsked, likely = [] }: Following): readonly PeerId[] {
    const { people, rooms, contacts, isAvoided } = this.#parts;
    const isInRoom = (peer: PeerId) =>
      rooms.list().some(({ isIn, replica }) =>
        isIn && replica.info?.access !== "direct" && replica.isIn(peer)
      );
    const rank = (peer: PeerId) =>
      likely.includes(peer) ? 0 : contacts.has(peer) || isInRoom(peer) ? 1 : isAsked ? 2 : null;
    return people.here().flatMap((peer) => {
      const place = isAvoided(peer) ? null : rank(peer);
      return place === null ? [] : [{ peer, place }];
    }).toSorted((left, right) => left.place - right.place).slice(0, ASKED_MAX).map(({ peer }) => peer);
  }
}
