/**
 * What is heard of one peer: "someone at this address says …". One key can be heard from several places and, replayed or
 * cloned, with several instances at once. The rules:
 *
 * - a beacon with a new counter of the current instance tells name, rooms and a direct address;
 * - the same counter again (by another interface, or a replay) adds at most an address, ranked behind the direct ones;
 * - an older counter adds nothing;
 * - another instance takes over when the current one missed its beat, or at once if it started later and speaks from a
 *   direct address of the current one; else it adds at most an address.
 */

import type { Endpoint } from "../ports/network.ts";
import type { Beacon } from "./beacon.ts";
import { BEAT_MAX_MS, BEAT_MIN_MS } from "./announce_timer.ts";

/** Addresses of one peer; the worst ranked is dropped. */
export const HEARD_ADDRESSES_MAX = 8;
/** Beats without a beacon until a peer is asked by unicast, once each, whether it is still there: broadcast may not reach us. */
const ASK_AFTER_BEATS: readonly number[] = [1.25, 1.75, 2.5];
/** Beats without a beacon until a peer, or one of its addresses, is forgotten. */
const FORGET_AFTER_BEATS = 3;

/** What a beacon did. */
export type PeerChange =
  | "new" // not heard before, or silent since
  | "restarted" // another instance took over
  | "changed" // name, rooms, port or addresses are others
  | "known" // still there
  | "ignored"; // a replay or a latecomer

/** A beacon whose signature is good, and where it came from. */
export interface HeardBeacon {
  readonly beacon: Beacon;
  readonly from: Endpoint;
}

/** One address of a peer. */
export interface HeardAddress {
  readonly from: Endpoint;
  readonly rendezvousPort: number;
  readonly heardAtMs: number;
  /** Brought news, not only a copy of what had been heard already. */
  readonly isDirect: boolean;
}

/** All that is heard of one peer. */
export interface PeerRecord {
  /** The one that is believed. */
  readonly beacon: Beacon;
  /** The best first. */
  readonly addresses: readonly HeardAddress[];
  /** When something new was heard; copies do not count, or replays could keep anybody alive. */
  readonly heardAtMs: number;
  /** False once it is overdue for too long. */
  readonly isHeard: boolean;
  readonly askedCount: number;
}

/** What is heard after one more beacon; `before` is undefined for a peer that was not known. */
export function noteBeacon(
  before: PeerRecord | undefined,
  { beacon, from, nowMs }: HeardBeacon & { readonly nowMs: number },
): { readonly hearsay: PeerRecord; readonly change: PeerChange } {
  const place: HeardAddress = {
    from,
    rendezvousPort: beacon.rendezvousPort,
    heardAtMs: nowMs,
    isDirect: true,
  };
  const after = applyBeacon(before, { beacon, place });
  if (before === undefined) return { hearsay: after, change: "new" };
  if (beacon.instance !== before.beacon.instance) {
    if (!canTakeOver(before, { beacon, from, nowMs })) return addCopyAddress(before, place);
    return { hearsay: after, change: before.isHeard ? "restarted" : "new" };
  }
  if (beacon.counter < before.beacon.counter) return { hearsay: before, change: "ignored" };
  if (beacon.counter === before.beacon.counter) return addCopyAddress(before, place);
  if (!before.isHeard) return { hearsay: after, change: "new" };
  const isSame = isSameProfile(beacon, before.beacon) &&
    before.addresses.some((other) => isSameAddress(other, place));
  return { hearsay: after, change: isSame ? "known" : "changed" };
}

/** When the peer is to be asked by unicast next. */
export function computeAskAtMs({ beacon, heardAtMs, askedCount }: PeerRecord): number {
  return heardAtMs + (ASK_AFTER_BEATS[askedCount] ?? Infinity) * clampBeatMs(beacon);
}

/** Whether it was asked for the last time. */
export function hasUsedAllAsks({ askedCount }: PeerRecord): boolean {
  return askedCount >= ASK_AFTER_BEATS.length;
}

/** When the peer counts as gone. */
export function computeForgetAtMs({ beacon, heardAtMs }: PeerRecord): number {
  return heardAtMs + FORGET_AFTER_BEATS * clampBeatMs(beacon);
}

function applyBeacon(
  before: PeerRecord | undefined,
  { beacon, place }: { readonly beacon: Beacon; readonly place: HeardAddress },
): PeerRecord {
  const silentAtMs = place.heardAtMs - FORGET_AFTER_BEATS * clampBeatMs(beacon);
  // Addresses that have been silent for as long as a peer may be are of a network that it left.
  const others = (before?.addresses ?? []).filter((other) =>
    other.from.address !== place.from.address && other.heardAtMs > silentAtMs
  );
  return {
    beacon,
    addresses: rankAddresses([place, ...others]),
    heardAtMs: place.heardAtMs,
    isHeard: true,
    askedCount: 0,
  };
}

/** Adds an address at most: nothing else that the beacon says is believed. */
function addCopyAddress(
  before: PeerRecord,
  place: HeardAddress,
): { readonly hearsay: PeerRecord; readonly change: PeerChange } {
  const same = before.addresses.find((other) => other.from.address === place.from.address);
  if (same?.isDirect) return { hearsay: before, change: "ignored" };
  const others = before.addresses.filter((other) => other !== same);
  const places = rankAddresses([...others, { ...place, isDirect: false }]);
  const isKnown = same !== undefined && isSameAddress(same, place);
  return { hearsay: { ...before, addresses: places }, change: isKnown ? "known" : "changed" };
}

function canTakeOver(
  before: PeerRecord,
  { beacon, from, nowMs }: HeardBeacon & { readonly nowMs: number },
): boolean {
  if (!before.isHeard || nowMs > before.heardAtMs + clampBeatMs(before.beacon)) return true;
  const isFromThere = before.addresses.some((place) => place.isDirect && place.from.address === from.address);
  // A later start from the same address is a restart; an earlier one is a replay, or a machine whose clock went back.
  return isFromThere && beacon.instance > before.beacon.instance;
}

function isSameAddress(left: HeardAddress, right: HeardAddress): boolean {
  return left.from.address === right.from.address && left.rendezvousPort === right.rendezvousPort;
}

function isSameProfile(left: Beacon, right: Beacon): boolean {
  if (left.name !== right.name || left.rendezvousPort !== right.rendezvousPort) return false;
  if (left.merit !== right.merit) return false;
  if (left.roomsCount !== right.roomsCount || left.rooms.length !== right.rooms.length) return false;
  return left.rooms.every((room, index) => {
    const other = right.rooms[index];
    return room.id === other?.id && room.title === other.title && room.memberCount === other.memberCount;
  });
}

/** Direct addresses before copies, so that no replay can push one out; then the freshest first. */
function rankAddresses(places: readonly HeardAddress[]): readonly HeardAddress[] {
  const sorted = places.toSorted((left, right) =>
    Number(right.isDirect) - Number(left.isDirect) || right.heardAtMs - left.heardAtMs
  );
  return sorted.slice(0, HEARD_ADDRESSES_MAX);
}

/** The beat that the peer told, within what an honest one can tell. */
function clampBeatMs(beacon: Beacon): number {
  return Math.min(Math.max(beacon.beatSeconds * 1_000, BEAT_MIN_MS), BEAT_MAX_MS);
}
