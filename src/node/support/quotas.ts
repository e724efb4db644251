/**
 * How much of this node the peers of one device get. Everything that they say costs points; whoever has spent them is read
 * more slowly, and its own system holds back what it sends. So nothing is lost or asked for twice, honest peers never
 * notice, and a flood neither starves other sessions nor is relayed faster than everybody can take it.
 *
 * By address, because keys are free; on loopback by key, because all nodes of this machine share the address.
 */

import type { Connection } from "../../net/connection.ts";
import type { Clock } from "../../ports/time.ts";
import type { Entry } from "../../room/entry.ts";
import type { WireRecord } from "../../wire/record.ts";

/** Points that a device may spend at once: enough for a member that comes back after 100,000 entries, and some. */
export const POINTS_BURST = 131_072;
/** Points that it gets back: far above what people write, and what a slow phone can still check (some 4 % of a laptop's core). */
export const POINTS_PER_SECOND = 256;
/** What the host of a room relays to us counts so much less: it passes on what all others said, and has limited each of them. */
export const HOST_DISCOUNT = 8;
/** A line of an entry costs a point for each started KiB, new or not: what a chat line takes to check and to keep. */
export const POINT_BYTES = 1_024;
/** Who comes and goes makes everybody look who is in the room, and tell it. */
export const MEMBERSHIP_POINTS = 16;
/** The first entry of an author: places in a room are few, and keys are free. */
export const NEWCOMER_POINTS = 64;
/** A `meet` may be answered with two vectors of the whole room. */
export const MEET_POINTS = 64;
/** Other records that make the node look at all its rooms and peers, and a new session. */
export const LOOK_POINTS = 16;
/** So many parts of files that somebody asks for cost a point: each is read and sent when nothing else is to be, and answers are bounded (see serving.ts). */
export const WANTS_A_POINT = 16;
/** What no honest node says costs its device this on top of the session: four seconds. */
export const OFFENCE_POINTS = 1_024;
/** The user hears of one device at most this often. */
export const QUOTA_NOTICE_MS = 60_000;
/** Devices remembered; the one that was silent longest is forgotten, so made-up addresses cost a fixed amount. */
const DEVICES_MAX = 1_024;
const PAIRS_A_POINT = 64;

/** A connection as the quotas see it. */
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

  /** `onExceeded` hears of a device that is read slowly from now on. */
  constructor(clock: Clock, onExceeded: (connection: ChargedConnection) => void) {
    this.#clock = clock;
    this.#onExceeded = onExceeded;
  }

  /** The connection's peer has caused so much work. If its device has spent all, the connection rests. */
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
    const key = address.startsWith("127.") || address === "::1" ? connection.peer ?? address : address;
    const share = this.#shares.get(key) ?? { points: POINTS_BURST, atMs: nowMs, toldAtMs: -Infinity };
    const refill = (nowMs - share.atMs) * POINTS_PER_SECOND / 1_000;
    share.points = Math.min(POINTS_BURST, share.points + refill);
    share.atMs = nowMs;
    // Set anew, so that the map's first key is the one that has been silent longest.
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

/** What it takes to read a record, whatever comes of it. */
export function countPoints(record: WireRecord): number {
  switch (record.type) {
    case "entries":
      return record.lines.reduce((sum, line) => sum + 1 + Math.floor(line.length / POINT_BYTES), 0);
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
      // We asked for it, and ask only for what we can take.
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

/** What a new entry costs on top of its line. */
export function countNewEntryPoints({ number, kind }: Pick<Entry, "number" | "kind">): number {
  if (number === 1) return NEWCOMER_POINTS;
  return kind === "text" ? 0 : MEMBERSHIP_POINTS;
}
