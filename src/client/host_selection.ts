/**
 * Which host to follow in each room, and which peers to dial: a pure function of ranks and reachability.
 * All members compute it from the same member list, so nobody votes. While their views differ, entries still flow
 * along any open session, and vectors remove duplicates.
 */

import type { PeerId, RoomId } from "../room/id.ts";

/** Members ranked after us with which we keep a session while nobody ranked before us is reachable. */
const DETOUR_DIALS_MAX = 2;
/** Unresponsive peers in a room after which no further peer is waited for. */
const UNRESPONSIVE_MAX = 3;

/** The facts about one of our rooms. */
export interface RoomNeed {
  readonly room: RoomId;
  readonly isDirect: boolean;
  /** Members including us, best host first. */
  readonly ranks: readonly PeerId[];
  /** Members that lack entries of ours, or may lack some: in a direct conversation, a reason to dial. */
  readonly waiting: readonly PeerId[];
}

/** How a peer can be reached now. */
export interface Reachability {
  /** It has an open session. */
  isOpen(peer: PeerId): boolean;
  /** It was heard on the network recently and may be dialled, so it most likely answers. */
  isHeard(peer: PeerId): boolean;
  /** It was heard recently, but the last dial to it failed. */
  isUnresponsive(peer: PeerId): boolean;
  /** It has a known address and may be dialled. */
  hasAddress(peer: PeerId): boolean;
  /** It told us that it follows a host of that room that ranks before us. */
  followsBetterHost(peer: PeerId, room: RoomId): boolean;
  /** It told us that it is not, or no longer, in that room. */
  hasRefused(peer: PeerId, room: RoomId): boolean;
}

/** The decisions for all rooms. */
export interface HostSelection {
  /** The host of each room: a peer with an open session, ourselves, or null while that is undecided. */
  readonly hosts: ReadonlyMap<RoomId, PeerId | null>;
  /** The peers to dial. */
  readonly dial: ReadonlySet<PeerId>;
}

/** Decides for all rooms. */
export function selectHosts(me: PeerId, rooms: readonly RoomNeed[], reach: Reachability): HostSelection {
  const hosts = new Map<RoomId, PeerId | null>();
  const dial = new Set<PeerId>();
  for (const need of rooms) {
    if (need.isDirect) {
      hosts.set(need.room, selectDirectHost(need, me, reach));
      for (const peer of need.waiting) if (canDial(peer, reach)) dial.add(peer);
    } else {
      hosts.set(need.room, selectRoomHost(need, { me, reach, dial }));
    }
  }
  return { hosts, dial };
}

/** In a direct conversation the first in rank relays to the other, if they have a session. */
function selectDirectHost(need: RoomNeed, me: PeerId, reach: Reachability): PeerId | null {
  const other = need.ranks.find((peer) => peer !== me);
  return other !== undefined && reach.isOpen(other) ? need.ranks[0] ?? null : null;
}

/**
 * The first in rank with an open session, or ourselves if nobody before us is reachable. A peer that was heard is
 * waited for until its dial ends; one with only an old address is dialled without waiting. After a few unresponsive
 * peers nobody is waited for, because beacons prove nothing and nobody can verify ranks. If not all members reach
 * each other, a member after us may follow a host before us, and then we follow that member. This makes no circle:
 * the host that it follows ranks before us, and each further step leads further to the front.
 */
function selectRoomHost(
  need: RoomNeed,
  given: { me: PeerId; reach: Reachability; dial: Set<PeerId> },
): PeerId | null {
  const { me, reach, dial } = given;
  let deafCount = 0;
  for (const peer of need.ranks) {
    if (peer === me) return selectDetour(need, given);
    if (reach.hasRefused(peer, need.room)) continue;
    if (reach.isOpen(peer)) return peer;
    if (canDial(peer, reach)) dial.add(peer);
    if (reach.isUnresponsive(peer)) deafCount++;
    if (reach.isHeard(peer) && deafCount < UNRESPONSIVE_MAX) return null;
  }
  return null;
}

/**
 * A member after us that follows a host before us; otherwise ourselves. We dial up to two nearby ones: they follow us
 * anyway.
 */
function selectDetour(
  { room, ranks }: RoomNeed,
  { me, reach, dial }: { me: PeerId; reach: Reachability; dial: Set<PeerId> },
): PeerId {
  const place = ranks.indexOf(me);
  if (ranks.slice(0, place).every((peer) => reach.hasRefused(peer, room))) return me;
  const behind = ranks.slice(place + 1).filter((peer) => !reach.hasRefused(peer, room));
  const near = behind.filter((peer) => reach.isOpen(peer) || reach.isHeard(peer));
  for (const peer of near.slice(0, DETOUR_DIALS_MAX)) if (canDial(peer, reach)) dial.add(peer);
  return behind.find((peer) => reach.isOpen(peer) && reach.followsBetterHost(peer, room)) ?? me;
}

function canDial(peer: PeerId, reach: Reachability): boolean {
  return !reach.isOpen(peer) && (reach.isHeard(peer) || reach.hasAddress(peer));
}
