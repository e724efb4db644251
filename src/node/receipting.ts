/** How far entries have come: who holds what of one room, as vectors tell it, and what we tell others of that. */

import type { Link } from "../net/pump.ts";
import type { Clock, Timer } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import { Holdings, type ReceiptMarks, receiptMarks } from "../room/receipt.ts";
import type { Replica } from "../room/replica.ts";
import type { Vector } from "../room/vector.ts";
import type { Meeting } from "../wire/sync.ts";
import { Acks } from "./acks.ts";

/** Acknowledgements wait this long for others to travel with: few records a second in a busy room, no delay that anybody sees in a quiet one. */
export const ACK_MS = 25;
/** The same in a room that many follow. */
export const ACK_MS_CROWD = 250;
/** From this many sessions on a room is a crowd. */
const CROWD = 50;
/**
 * How long a member is believed who claims to hold more of our own feed than we do, and once each: time enough to send
 * it, too little to keep us from writing with a lie.
 */
export const CLAIM_MS_MAX = 10_000;

/** What receipts are made of. */
export interface ReceiptingParts {
  readonly me: PeerId;
  readonly clock: Clock;
  readonly replica: Replica;
  /** Who held how much of our feed at the last stop. */
  readonly holders: Vector;
  /** Where the room stands with each session. */
  readonly meetings: ReadonlyMap<Link, Meeting>;
  /** How far our disk has each feed. */
  held(): Vector;
  /** Somebody's disk has more of our feed. */
  onNews(): void;
}

/** The receipts of one room. */
export class Receipting {
  readonly #parts: ReceiptingParts;
  readonly #holdings = new Holdings();
  readonly #acks = new Acks();
  readonly #timer: Timer;
  /** What our own cache says that others had of our feed at the last stop: what we never number over. */
  readonly #floor: number;
  readonly #claimants = new Set<PeerId>();
  #claim = { number: 0, untilMs: 0 };
  #isArmed = false;

  /** Starts nothing. */
  constructor(parts: ReceiptingParts) {
    this.#parts = parts;
    for (const [member, number] of parts.holders) this.#holdings.note(member, parts.me, number);
    this.#floor = Math.max(0, ...parts.holders.values());
    this.#timer = parts.clock.timer(() => this.flush());
  }

  /** Who holds how much of that author's feed. */
  about(author: PeerId): Map<PeerId, number> {
    return this.#holdings.about(author);
  }

  /** How far our own entries have come, where `others` are in the room now. */
  marks(others: readonly PeerId[]): ReceiptMarks {
    return receiptMarks(this.#holdings.about(this.#parts.me), others);
  }

  /** Whether the member's disk lacks something of ours, as far as we have heard. */
  lacks(member: PeerId): boolean {
    const { me, held } = this.#parts;
    return this.#holdings.of(member, me) < (held().get(me) ?? 0);
  }

  /** Others hold more of our feed than we do: this home is older than they are, and must not number over them. */
  get isBehindItself(): boolean {
    const { me, clock, replica } = this.#parts;
    const claimed = clock.nowMs() < this.#claim.untilMs ? this.#claim.number : 0;
    return Math.max(this.#floor, claimed) > replica.lastNumber(me);
  }

  /** The peer's disk has got that far. Of our own feed a member may claim more than we have: then it will send it to us now, or it lies. */
  onVector(peer: PeerId, vector: Vector): void {
    const { me, clock, replica } = this.#parts;
    const claimed = vector.get(me) ?? 0;
    if (claimed > replica.lastNumber(me) && replica.isIn(peer) && !this.#claimants.has(peer)) {
      this.#claimants.add(peer);
      this.#claim = { number: claimed, untilMs: clock.nowMs() + CLAIM_MS_MAX };
    }
    for (const [author, number] of vector) this.#note(peer, author, number);
  }

  /** The peer says how far others' disks have our feed. Believed from members alone: a stranger could make every line seem to be everywhere. */
  onSeen(peer: PeerId, members: Vector): void {
    if (!this.#parts.replica.isIn(peer)) return;
    for (const [member, number] of members) this.#note(member, this.#parts.me, number);
  }

  /** Our disk has more of these authors' feeds. */
  onHeld(authors: Iterable<PeerId>): void {
    for (const author of authors) this.#acks.grew(author);
    this.#arm();
  }

  /** Sends the acknowledgements that are due. */
  flush(): void {
    this.#isArmed = false;
    const { me, held, meetings, replica: { id } } = this.#parts;
    const { have, seenBy } = this.#acks.take(me, held());
    for (const [link, meeting] of meetings) {
      if (!meeting.isMet || link.peer === undefined) continue;
      const members = seenBy(link.peer);
      if (members.size > 0) link.send({ type: "seen", room: id, members });
      // A follower hears of its own feed only: what else we have, it gets from us.
      if (!meeting.theyFollow && have.size > 0) link.send({ type: "have", room: id, vector: have });
    }
  }

  /** Stops the timer. */
  close(): void {
    this.#timer[Symbol.dispose]();
  }

  /** Of our own feed nobody can hold more than our disk has given away: a claim beyond that proves nothing. */
  #note(member: PeerId, author: PeerId, claimed: number): void {
    const { me, held, onNews } = this.#parts;
    const number = author === me ? Math.min(claimed, held().get(me) ?? 0) : claimed;
    if (member === me || number === 0 || !this.#holdings.note(member, author, number)) return;
    if (author === me) return onNews();
    if (author === member) return;
    this.#acks.progressed(author, member, number);
    this.#arm();
  }

  #arm(): void {
    if (this.#isArmed || this.#acks.isEmpty) return;
    this.#isArmed = true;
    const { clock, meetings } = this.#parts;
    this.#timer.wakeAt(clock.nowMs() + (meetings.size > CROWD ? ACK_MS_CROWD : ACK_MS));
  }
}
