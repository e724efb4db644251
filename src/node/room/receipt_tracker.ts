/** How far entries have come: who holds what of one room, as vectors tell it, and what we tell others of that. */

import type { Connection } from "../../net/connection.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import type { PeerId } from "../../room/id.ts";
import { findHighest, MemberVectors, type ReceiptMarks } from "../../room/receipts.ts";
import type { Entry } from "../../room/entry.ts";
import type { Replica } from "../../room/replica.ts";
import type { Vector } from "../../room/version_vector.ts";
import type { PeerSync } from "../../wire/peer_sync.ts";
import { AckBatch } from "./ack_batch.ts";

/** Acknowledgements wait this long for others to travel with: few records a second in a busy room, no delay that anybody sees in a quiet one. */
export const ACK_MS = 25;
/**
 * In a room of many they wait so long for each member: all members' acknowledgements come to one host, and each is told on
 * to its author. 500 of them a second, however large the room, and in one of a thousand a receipt is two seconds late.
 */
export const ACK_MS_A_MEMBER = 2;
/** … and longer in rooms of up to a few hundred, whose host would else open as many acknowledgements as lines: up to half a second is no wait yet. */
const ACK_MS_A_MEMBER_SOON = 5;
/** Upper bound of that delay. */
const ACK_MS_SOON = 500;
/**
 * How long a member is believed who claims to hold more of our own feed than we do: time enough to send it. Nobody else
 * is believed after one who was and sent nothing, for keys are free: a lie must not keep us from writing. In a
 * conversation of two it keeps us from writing to the liar alone, so it ends when the peer says otherwise.
 */
export const CLAIM_MS_MAX = 10_000;

/** Members noted before their join came: as many as may join in the time that it takes. */
const EARLY_HOLDERS_MAX = 256;

/** How long acknowledgements wait in a room of so many members. */
export function ackDelayMs(memberCount: number): number {
  const soonMs = Math.min(ACK_MS_A_MEMBER_SOON * memberCount, ACK_MS_SOON);
  return Math.max(ACK_MS, soonMs, ACK_MS_A_MEMBER * memberCount);
}

export interface ReceiptTrackerParts {
  readonly me: PeerId;
  readonly clock: Clock;
  readonly replica: Replica;
  /** Who held how much of our feed at the last stop. */
  readonly holders: Vector;
  /** Where the room stands with each session. */
  readonly peerSyncs: ReadonlyMap<Connection, PeerSync>;
  /** How far our disk has each feed. */
  held(): Vector;
  /** Somebody's disk has more of our feed. */
  onProgress(): void;
}

/** The receipts of one room. */
export class ReceiptTracker {
  readonly #parts: ReceiptTrackerParts;
  readonly #holdings = new MemberVectors();
  readonly #ackBatch = new AckBatch();
  readonly #timer: Timer;
  /** What our own cache says that others had of our feed at the last stop, until they say it themselves: what we never number over. */
  readonly #floors: Map<PeerId, number>;
  /** Members of whom somebody told us how far they have our feed, before their join came. */
  readonly #earlyHolders = new Map<PeerId, number>();
  #claim: { readonly number: number; readonly untilMs: number } | undefined;
  #isArmed = false;

  constructor(parts: ReceiptTrackerParts) {
    this.#parts = parts;
    for (const [member, number] of parts.holders) this.#holdings.note(member, parts.me, number);
    this.#floors = new Map(parts.holders);
    this.#timer = parts.clock.timer(() => this.flush());
  }

  /** Who holds how much of that author's feed. */
  holdersOf(author: PeerId): Map<PeerId, number> {
    return this.#holdings.listMembers(author);
  }

  /** How far our own entries have come, where `others` are in the room now. */
  findMarks(others: readonly PeerId[]): ReceiptMarks {
    return this.#holdings.computeMarks(this.#parts.me, others);
  }

  /** Whether the member's disk lacks something of ours, as far as we have heard. */
  lacks(member: PeerId): boolean {
    const { me, held } = this.#parts;
    return this.#holdings.get(member, me) < (held().get(me) ?? 0);
  }

  /** Others hold more of our feed than we do: this home is older than they are, and must not number over them. */
  get isBehindItself(): boolean {
    const { me, clock, replica } = this.#parts;
    const claim = this.#claim;
    const claimed = claim !== undefined && clock.nowMs() < claim.untilMs ? claim.number : 0;
    return Math.max(findHighest(this.#floors.values()), claimed) > replica.lastNumber(me);
  }

  /** The peer says how far its whole disk is: if it has less of our feed than at the last stop, its home was lost, and we need not wait for that. */
  onMeet(peer: PeerId, vector: Vector): void {
    const floor = this.#floors.get(peer);
    if (this.#isDirect) this.#claim = undefined;
    if (floor !== undefined) this.#floors.set(peer, Math.min(floor, vector.get(this.#parts.me) ?? 0));
    this.onVector(peer, vector);
  }

  /** The peer's disk has got that far. Of our own feed a member may claim more than we have: then it will send it to us now, or it lies. */
  onVector(peer: PeerId, vector: Vector): void {
    const { me, onProgress } = this.#parts;
    this.#believe(peer, vector.get(me) ?? 0);
    let isProgress = false;
    for (const [author, number] of vector) isProgress = this.#note(peer, author, number) || isProgress;
    if (isProgress) onProgress();
    this.#arm();
  }

  /** The peer says how far others' disks have our feed. Believed from members alone: a stranger could make every line seem to be everywhere. */
  onSeen(peer: PeerId, members: Vector): void {
    const { me, replica, onProgress } = this.#parts;
    if (!replica.isIn(peer)) return;
    let isProgress = false;
    for (const [member, number] of members) {
      if (!this.#isKnown(member) && this.#earlyHolders.size < EARLY_HOLDERS_MAX) {
        this.#earlyHolders.set(member, number);
      }
      isProgress = this.#note(member, me, number) || isProgress;
    }
    if (isProgress) onProgress();
  }

  /** Our disk has these. What peers said earlier about feeds and members that we did not know yet counts from now on. */
  onHeld(entries: readonly Entry[]): void {
    const { me, peerSyncs, onProgress } = this.#parts;
    let isProgress = false;
    // Of any other author what was said counted when it was said.
    const fresh = new Set<PeerId>();
    for (const entry of entries) {
      const { author, number } = entry;
      if (isBeginning(entry)) this.#ackBatch.noteBeginning(author);
      else this.#ackBatch.noteGrowth(author);
      if (number === 1 || author === me) fresh.add(author);
      if (number !== 1) continue;
      isProgress = this.#note(author, me, this.#earlyHolders.get(author) ?? 0) || isProgress;
      this.#earlyHolders.delete(author);
    }
    if (fresh.size > 0) isProgress = this.#recount(fresh, peerSyncs) || isProgress;
    if (isProgress) onProgress();
    this.#arm();
  }

  #recount(fresh: ReadonlySet<PeerId>, peerSyncs: ReadonlyMap<Connection, PeerSync>): boolean {
    let isProgress = false;
    for (const [{ peer }, { peerVector: theirs }] of peerSyncs) {
      if (peer === undefined) continue;
      const news = fresh.has(peer) ? [...theirs.keys()] : fresh;
      for (const author of news) isProgress = this.#note(peer, author, theirs.get(author) ?? 0) || isProgress;
    }
    return isProgress;
  }

  /** Sends the acknowledgements that are due. */
  flush(): void {
    this.#isArmed = false;
    const { me, held, peerSyncs, replica: { id } } = this.#parts;
    const { have, seenBy } = this.#ackBatch.take(me, held());
    // Those as well who have not said yet how far they are: what we said to them may be from before our disk had this.
    for (const [connection, peerSync] of peerSyncs) {
      if (connection.peer === undefined) continue;
      const members = seenBy(connection.peer);
      if (members.size > 0) connection.send({ type: "seen", room: id, members });
      // A follower hears of its own feed only: what else we have, it gets from us.
      if (!peerSync.theyFollow && have.size > 0) connection.send({ type: "have", room: id, vector: have });
    }
  }

  /** Stops the timer. */
  close(): void {
    this.#timer[Symbol.dispose]();
  }

  #believe(peer: PeerId, claimed: number): void {
    const { me, clock, replica } = this.#parts;
    if (this.#claim !== undefined && this.#claim.number <= replica.lastNumber(me)) this.#claim = undefined;
    if (this.#claim !== undefined || claimed <= replica.lastNumber(me) || !replica.isIn(peer)) return;
    const forMs = this.#isDirect ? Infinity : CLAIM_MS_MAX;
    this.#claim = { number: claimed, untilMs: clock.nowMs() + forMs };
  }

  /**
   * True if that is news about our own feed. Only members and authors of the room are noted, so nobody fills our memory
   * with made-up ones; and of our own feed nobody can hold more than our disk has given away.
   */
  #note(member: PeerId, author: PeerId, claimed: number): boolean {
    const { me, held, replica } = this.#parts;
    const number = author === me ? Math.min(claimed, held().get(me) ?? 0) : claimed;
    if (member === me || number === 0 || !this.#isKnown(member) || !this.#isKnown(author)) return false;
    if (number === 1 && author !== me && isBeginning(replica.get(author, 1))) return false;
    if (!this.#holdings.note(member, author, number)) return false;
    if (author === me) return true;
    if (author !== member) this.#ackBatch.noteProgress(author, member, number);
    return false;
  }

  get #isDirect(): boolean {
    return this.#parts.replica.info?.access === "direct";
  }

  #isKnown(peer: PeerId): boolean {
    const { replica } = this.#parts;
    return replica.isIn(peer) || replica.lastNumber(peer) > 0;
  }

  #arm(): void {
    if (this.#isArmed || this.#ackBatch.isEmpty) return;
    this.#isArmed = true;
    const { clock, replica } = this.#parts;
    this.#timer.wakeAt(clock.nowMs() + ackDelayMs(replica.activeMembers().length));
  }
}

/**
 * Whether it says no more than that its author has come. How far such a line has got nobody wants to know, and in a room of a
 * thousand it would be a million acknowledgements; the next line's are for both.
 */
function isBeginning(entry: Entry | undefined): boolean {
  return entry?.number === 1 && entry.kind === "join";
}
