/** How far entries have come: which member holds which entries of one room, by their vectors, and what we tell others of it. */

import type { Connection } from "../../net/connection.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import type { PeerId } from "../../room/id.ts";
import { findHighest, MemberVectors, type ReceiptMarks } from "../../room/receipts.ts";
import type { Entry } from "../../room/entry.ts";
import type { Replica } from "../../room/replica.ts";
import type { Vector } from "../../room/version_vector.ts";
import type { PeerSync } from "../../wire/peer_sync.ts";
import { AckBatch } from "./ack_batch.ts";

/** Acknowledgements wait this long, to share a record: few records a second in a busy room, no visible delay in a quiet one. */
export const ACK_MS = 25;
/**
 * Extra wait per member in a large room: all acknowledgements come to one host, which tells each on to its author. That makes
 * 500 a second in a room of any size; in a room of a thousand a receipt is two seconds late.
 */
export const ACK_MS_A_MEMBER = 2;
/** Longer in rooms of up to a few hundred members, whose host would open as many acknowledgements as lines otherwise: half a second is no visible wait. */
const ACK_MS_A_MEMBER_SOON = 5;
/** Upper bound of that delay. */
const ACK_MS_SOON = 500;
/**
 * How long a member is believed that claims to hold more of our own feed than we do: enough time to send it. After a claim
 * without entries no other claim is believed, because keys are free and a lie must not keep us from writing. In a direct
 * conversation a lie keeps us only from writing to the liar, so it lasts until the peer takes it back.
 */
export const CLAIM_MS_MAX = 10_000;

/** Members noted before their join came: as many as may join in that time. */
const EARLY_HOLDERS_MAX = 256;

/** How long acknowledgements wait in a room of that size, in ms. */
export function ackDelayMs(memberCount: number): number {
  const soonMs = Math.min(ACK_MS_A_MEMBER_SOON * memberCount, ACK_MS_SOON);
  return Math.max(ACK_MS, soonMs, ACK_MS_A_MEMBER * memberCount);
}

export interface ReceiptTrackerParts {
  readonly me: PeerId;
  readonly clock: Clock;
  readonly replica: Replica;
  /** How much of our feed each member held at the last stop. */
  readonly holders: Vector;
  /** The state of sync with each session. */
  readonly peerSyncs: ReadonlyMap<Connection, PeerSync>;
  /** How far our disk has each feed. */
  held(): Vector;
  /** A member's disk has more of our feed. */
  onProgress(): void;
}

/** The receipts of one room. */
export class ReceiptTracker {
  readonly #parts: ReceiptTrackerParts;
  readonly #holdings = new MemberVectors();
  readonly #ackBatch = new AckBatch();
  readonly #timer: Timer;
  /** How much of our feed others had at the last stop, by our own cache, until they tell it themselves: we never reuse those numbers. */
  readonly #floors: Map<PeerId, number>;
  /** How far members have our feed, as told by others before their join came. */
  readonly #earlyHolders = new Map<PeerId, number>();
  #claim: { readonly number: number; readonly untilMs: number } | undefined;
  #isArmed = false;

  constructor(parts: ReceiptTrackerParts) {
    this.#parts = parts;
    for (const [member, number] of parts.holders) this.#holdings.note(member, parts.me, number);
    this.#floors = new Map(parts.holders);
    this.#timer = parts.clock.timer(() => this.flush());
  }

  /** How much of that author's feed each member holds. */
  holdersOf(author: PeerId): Map<PeerId, number> {
    return this.#holdings.listMembers(author);
  }

  /** How far our own entries have come, with `others` being the other members now. */
  findMarks(others: readonly PeerId[]): ReceiptMarks {
    return this.#holdings.computeMarks(this.#parts.me, others);
  }

  /** Whether the member's disk lacks an entry of ours, as far as we know. */
  lacks(member: PeerId): boolean {
    const { me, held } = this.#parts;
    return this.#holdings.get(member, me) < (held().get(me) ?? 0);
  }

  /** Whether others hold more of our feed than we do: this home is older than their copies, and must not reuse their numbers. */
  get isBehindItself(): boolean {
    const { me, clock, replica } = this.#parts;
    const claim = this.#claim;
    const claimed = claim !== undefined && clock.nowMs() < claim.untilMs ? claim.number : 0;
    return Math.max(findHighest(this.#floors.values()), claimed) > replica.lastNumber(me);
  }

  /** The peer tells how far its whole disk is. If it has less of our feed than at the last stop, its home was lost, and we need not wait for those entries. */
  onMeet(peer: PeerId, vector: Vector): void {
    const floor = this.#floors.get(peer);
    if (this.#isDirect) this.#claim = undefined;
    if (floor !== undefined) this.#floors.set(peer, Math.min(floor, vector.get(this.#parts.me) ?? 0));
    this.onVector(peer, vector);
  }

  /** The peer's disk is that far. A member may claim more of our own feed than we have: then it sends those entries now, or it lies. */
  onVector(peer: PeerId, vector: Vector): void {
    const { me, onProgress } = this.#parts;
    this.#believe(peer, vector.get(me) ?? 0);
    let isProgress = false;
    for (const [author, number] of vector) isProgress = this.#note(peer, author, number) || isProgress;
    if (isProgress) onProgress();
    this.#arm();
  }

  /** The peer tells how far other disks have our feed. Only members are believed: a stranger could make each entry seem to be everywhere. */
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

  /** Our disk has these entries. Earlier claims about feeds and members that we did not know count from now on. */
  onHeld(entries: readonly Entry[]): void {
    const { me, peerSyncs, onProgress } = this.#parts;
    let isProgress = false;
    // Claims about other authors were counted when they came.
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
    // Also to peers that have not told how far they are: our vector may have reached them before our disk had these entries.
    for (const [connection, peerSync] of peerSyncs) {
      if (connection.peer === undefined) continue;
      const members = seenBy(connection.peer);
      if (members.size > 0) connection.send({ type: "seen", room: id, members });
      // A follower is told about its own feed only: all other entries it gets from us.
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
   * Returns whether it is progress of our own feed. Only members and authors of the room are noted, so that invented ones do
   * not fill our memory. Of our own feed a member cannot hold more than our disk has.
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
 * Whether the entry only says that its author joined. Its receipts matter to no user, and in a room of a thousand they would be
 * a million acknowledgements. Those of the author's next entry cover both.
 */
function isBeginning(entry: Entry | undefined): boolean {
  return entry?.number === 1 && entry.kind === "join";
}
