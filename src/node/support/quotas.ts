/**
 * Limits how much work the peers of one device can cause. Each record costs points. A device without points is read more
 * slowly, and its own system holds back what it sends: nothing is lost or requested twice, and honest peers never notice.
 * A flood neither starves other sessions nor is relayed faster than peers can take it.
 *
 * Devices are told apart by address, because keys are free; on loopback by key, because all nodes there share the address.
 */

import { isLoopback } from "../../encoding/network_address.ts";
import type { Connection } from "../../net/connection.ts";
import type { Clock } from "../../ports/time.ts";
import type { Entry } from "../../room/entry.ts";
import type { Replica } from "../../room/replica.ts";
import type { WireRecord } from "../../wire/record.ts";

/** Points that a device may spend at once: enough for a member that comes back after 100,000 entries. */
export const POINTS_BURST = 131_072;
/** Points that a device regains: far more than people write, and few enough for a slow phone to check (about 4 % of a laptop's core). */
export const POINTS_PER_SECOND = 256;
/**
 * The most that the cost of records is divided by that a room's host relays to us: it relays the entries of all members, and
 * limits each of them. Never for its own lines: everybody can claim to be the best host.
 */
export const HOST_DISCOUNT = 8;
/** A line of an entry costs one point for each started KiB, new or not: the work to check and store one chat line. */
export const POINT_BYTES = 1_024;
/** A join or leave makes every member look up and publish who is in the room. */
export const MEMBERSHIP_POINTS = 16;
/** The first entry of an author: a room has few places, and keys are free. */
export const NEWCOMER_POINTS = 64;
/** A `meet` may be answered with two vectors of the whole room. */
export const MEET_POINTS = 64;
/** A new session, and each other record that makes the node look at all its rooms and peers. */
export const LOOK_POINTS = 16;
/** Requested parts of files for one point: parts are read and sent when nothing else waits, and answers are bounded (see uploader.ts). */
export const WANTS_A_POINT = 16;
/** The price of an offence that no honest node commits: four seconds, besides the end of the session. */
export const OFFENCE_POINTS = 1_024;
/** Time between two notices about one device. */
export const QUOTA_NOTICE_MS = 60_000;
/** Devices remembered. The one that was silent longest is forgotten, so that made-up addresses cost a fixed amount of memory. */
const DEVICES_MAX = 1_024;
const PAIRS_A_POINT = 64;

/** The part of a connection that quotas need. */
export type ChargedConnection = Pick<Connection, "peer" | "remote" | "pauseReading">;

interface Share {
  points: number;
  atMs: number;
  toldAtMs: number;
}

/** The shares of all devices. */
export class Quotas {
  readonly #clock: Clock;
  readonly #onExceeded: (connection: ChargedConnection) => void;
  readonly #shares = new Map<string, Share>();

  /** `onExceeded` is called when a device is read slowly from now on. */
  constructor(clock: Clock, onExceeded: (connection: ChargedConnection) => void) {
    this.#clock = clock;
    this.#onExceeded = onExceeded;
  }

  /** Charges the peer's device. Without points left, reading from the connection pauses. */
  charge(connection: ChargedConnection, points: number): void {
    const nowMs = this.#clock.nowMs();
    const share = this.#shareOf(connection, nowMs);
    share.points -= points;
    if (share.points >= 0) return;
    connection.pauseReading(nowMs - share.points * 1_000 / POINTS_PER_SECOND);
    if (nowMs - share.toldAtMs < QUOTA_NOTICE_MS) return;
    share.toldAtMs = nowMs;
    this.#onExceeded(connection);
  }

  #shareOf(connection: ChargedConnection, nowMs: number): Share {
    const { address } = connection.remote;
    const key = isLoopback(address) ? connection.peer ?? address : address;
    const share = this.#shares.get(key) ?? { points: POINTS_BURST, atMs: nowMs, toldAtMs: -Infinity };
    const refill = (nowMs - share.atMs) * POINTS_PER_SECOND / 1_000;
    share.points = Math.min(POINTS_BURST, share.points + refill);
    share.atMs = nowMs;
    // Inserted again, so that the map's first key is the device that was silent longest.
    this.#shares.delete(key);
    this.#shares.set(key, share);
    if (this.#shares.size > DEVICES_MAX) this.#forgetOldest();
    return share;
  }

  #forgetOldest(): void {
    const [oldest] = this.#shares.keys();
    if (oldest !== undefined) this.#shares.delete(oldest);
  }
}

/** The divisor for entries that the host of that room relays: never more than the number of others whose entries it relays. */
export function computeRelayDiscount(replica: Pick<Replica, "activeMembers">): number {
  return Math.max(1, Math.min(HOST_DISCOUNT, replica.activeMembers().length - 1));
}

/** The points for reading a line. */
export function countLinePoints(line: string): number {
  return 1 + Math.floor(line.length / POINT_BYTES);
}

/** The points for reading a record, whatever follows from it. */
export function countPoints(record: WireRecord): number {
  switch (record.type) {
    case "entries":
      return record.lines.reduce((sum, line) => sum + countLinePoints(line), 0);
    case "have":
      return 1 + Math.floor(record.vector.size / PAIRS_A_POINT);
    case "seen":
      return 1 + Math.floor(record.members.size / PAIRS_A_POINT);
    case "meet":
      return MEET_POINTS;
    case "profile":
    case "introduce":
    case "refuse":
    case "try":
      return LOOK_POINTS;
    case "seek":
      return LOOK_POINTS;
    case "want":
      return 1 / WANTS_A_POINT;
    case "piece":
      // We request only the parts that we can take.
      return 0;
    case "holding":
    case "drop":
    case "ping":
    case "close":
    case "stream":
    case "typing":
    case "tried":
      return 1;
  }
}

/** The points for a new entry, on top of its line. */
export function countNewEntryPoints({ number, kind }: Pick<Entry, "number" | "kind">): number {
  if (number === 1) return NEWCOMER_POINTS;
  return kind === "text" ? 0 : MEMBERSHIP_POINTS;
}
