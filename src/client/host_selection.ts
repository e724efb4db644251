/**
 * Whom to follow in each room, and whom to dial: a pure function of the ranks and of who can be reached.
 * Everybody computes it from the same member list, so nobody votes; while views differ, entries still flow along
 * whatever sessions there are, and vectors cut what comes twice.
 */

import type { PeerId, RoomId } from "../room/id.ts";

/** Members behind us with whom we keep a session while nobody before us can be reached. */
const DETOUR_DIALS_MAX = 2;
/** Peers that are heard and do not answer, behind which nobody in that room is waited for. */
const UNRESPONSIVE_MAX = 3;

/** What a node knows of one of its rooms. */
export interface RoomNeed {
  readonly room: RoomId;
  readonly isDirect: boolean;
  /** Members, the best host first; we are among them. */
  readonly ranks: readonly PeerId[];
  /** Members who lack something of ours, or may: in a direct conversation, a reason to dial. */
  readonly waiting: readonly PeerId[];
}

/** How a peer can be reached now. */
export interface Reachability {
  /** There is an open session. */
  isOpen(peer: PeerId): boolean;
  /** It was heard on the network lately, and may be dialled: it most likely answers. */
  isHeard(peer: PeerId): boolean;
  /** It was heard on the network lately, and yet did not answer when it was dialled last. */
  isUnresponsive(peer: PeerId): boolean;
  /** There is an address to try, and it may be dialled. */
  hasAddress(peer: PeerId): boolean;
  /** It told us that it follows somebody in that room who stands before us. */
  followsBetterHost(peer: PeerId, room: RoomId): boolean;
  /** It told us that it does not take part in that room (any more). */
  hasRefused(peer: PeerId, room: RoomId): boolean;
}

/** What follows from it. */
export interface HostSelection {
  /** Who relays each room for us: a peer with an open session, ourselves, or null while that is being found out. */
  readonly hosts: ReadonlyMap<RoomId, PeerId | null>;
  /** Whom to dial. */
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

/** In a conversation of two the first in rank relays to the other, if there is a session at all. */
function selectDirectHost(need: RoomNeed, me: PeerId, reach: Reachability): PeerId | null {
  const other = need.ranks.find((peer) => peer !== me);
  return other !== undefined && reach.isOpen(other) ? need.ranks[0] ?? null : null;
}

/**
 * The first in rank that is open, or ourselves when all before us are out of reach. One that was heard is worth the
 * wait until its dial ends; one that only has an old address is tried on the side. So are all behind a few that were
 * heard and did not answer: beacons prove nothing, and ranks come from what nobody can check. Where not everybody reaches
 * everybody, somebody behind us may follow one before us: then we follow them. Nobody comes to follow themselves so: whom
 * they follow stands before us, and each further step leads further to the front.
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

/** Somebody behind us who follows one before us; else ourselves. Two who are near are asked: those who follow us anyway. */
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
