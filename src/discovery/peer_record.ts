/**
 * What is heard of one peer. One key can be heard from several addresses and, if it is replayed or cloned, with
 * several instances at once. The rules:
 * - a beacon with a new counter of the current instance updates name and rooms, and adds a direct address;
 * - a repeated counter (through another interface, or a replay) adds at most one address, ranked after the direct
 *   ones;
 * - an older counter adds nothing;
 * - another instance takes over if the current one missed its beat, or immediately if it started later and comes from
 *   a direct address of the current one; otherwise it adds at most one address.
 */

import type { Endpoint } from "../ports/network.ts";
import type { Beacon } from "./beacon.ts";
import { BEAT_MAX_MS, BEAT_MIN_MS } from "./announce_timer.ts";

/** Addresses of one peer; the lowest ranked is dropped. */
export const HEARD_ADDRESSES_MAX = 8;
/** Beats without a beacon after which a peer is asked by unicast, once each: its broadcasts may not reach us. */
const ASK_AFTER_BEATS: readonly number[] = [1.25, 1.75, 2.5];
/** Beats without a beacon after which a peer, or one of its addresses, is forgotten. */
const FORGET_AFTER_BEATS = 3;

/** The effect of a beacon. */
export type PeerChange =
  | "new" // not heard before, or silent since
  | "restarted" // another instance took over
  | "changed" // a different name, room, port or address
  | "known" // still present
  | "ignored"; // a replay or a late copy

/** A beacon with a valid signature, and its sender's endpoint. */
export interface HeardBeacon {
  readonly beacon: Beacon;
  readonly from: Endpoint;
}

/** One address of a peer. */
export interface HeardAddress {
  readonly from: Endpoint;
  readonly rendezvousPort: number;
  readonly heardAtMs: number;
  /** Whether it brought news, and not only a copy of an earlier beacon. */
  readonly isDirect: boolean;
}

/** Everything heard of one peer. */
export interface PeerRecord {
  /** The accepted beacon. */
  readonly beacon: Beacon;
  /** Best first. */
  readonly addresses: readonly HeardAddress[];
  /** When news was last heard. Copies do not count; otherwise replays could keep a peer alive. */
  readonly heardAtMs: number;
  /** False once it is overdue for too long. */
  readonly isHeard: boolean;
  readonly askedCount: number;
}

/** The record after one more beacon. `before` is undefined for an unknown peer. */
export function noteBeacon(
  before: PeerRecord | undefined,
  { beacon, from, nowMs }: HeardBeacon & { readonly nowMs: number },
): { readonly record: PeerRecord; readonly change: PeerChange } {
  const place: HeardAddress = {
    from,
    rendezvousPort: beacon.rendezvousPort,
    heardAtMs: nowMs,
    isDirect: true,
  };
  const after = applyBeacon(before, { beacon, place });
  if (before === undefined) return { record: after, change: "new" };
  if (beacon.instance !== before.beacon.instance) {
    if (!canTakeOver(before, { beacon, from, nowMs })) return addCopyAddress(before, place);
    return { record: after, change: before.isHeard ? "restarted" : "new" };
  }
  if (beacon.counter < before.beacon.counter) return { record: before, change: "ignored" };
  if (beacon.counter === before.beacon.counter) return addCopyAddress(before, place);
  if (!before.isHeard) return { record: after, change: "new" };
  const isSame = isSameProfile(beacon, before.beacon) &&
    before.addresses.some((other) => isSameAddress(other, place));
  return { record: after, change: isSame ? "known" : "changed" };
}

/** When to ask the peer by unicast next; Infinity after the last time. */
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
  // Addresses silent for as long as a peer may be belong to a network that it left.
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

/** Adds at most an address: no other content of the beacon is accepted. */
function addCopyAddress(
  before: PeerRecord,
  place: HeardAddress,
): { readonly record: PeerRecord; readonly change: PeerChange } {
  const same = before.addresses.find((other) => other.from.address === place.from.address);
  if (same?.isDirect) return { record: before, change: "ignored" };
  const others = before.addresses.filter((other) => other !== same);
  const places = rankAddresses([...others, { ...place, isDirect: false }]);
  const isKnown = same !== undefined && isSameAddress(same, place);
  return { record: { ...before, addresses: places }, change: isKnown ? "known" : "changed" };
}

function canTakeOver(
  before: PeerRecord,
  { beacon, from, nowMs }: HeardBeacon & { readonly nowMs: number },
): boolean {
  if (!before.isHeard || nowMs > before.heardAtMs + clampBeatMs(before.beacon)) return true;
  const isFromThere = before.addresses.some((place) => place.isDirect && place.from.address === from.address);
  // A later start from the same address is a restart. An earlier one is a replay, or a machine whose clock went back.
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

/** Direct addresses before copies, so that no replay displaces one; then the most recent first. */
function rankAddresses(places: readonly HeardAddress[]): readonly HeardAddress[] {
  const sorted = places.toSorted((left, right) =>
    Number(right.isDirect) - Number(left.isDirect) || right.heardAtMs - left.heardAtMs
  );
  return sorted.slice(0, HEARD_ADDRESSES_MAX);
}

/** The announced beat, limited to what honest peers announce. */
function clampBeatMs(beacon: Beacon): number {
  return Math.min(Math.max(beacon.beatSeconds * 1_000, BEAT_MIN_MS), BEAT_MAX_MS);
}
