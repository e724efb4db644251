/**
 * What one session does about one room: compare vectors, send what the other lacks, then pass on what is new.
 * One `Meeting` for each room and session; it knows vectors and entries, neither bytes nor rooms' contents.
 *
 *     apart ── we or they say "meet" ──▶ met: what the other lacks goes out in pages, each read when the link has room for it
 *     met, and one of us follows the other ──▶ new entries are queued as they come
 *     met, they follow us, and the queue is empty ──▶ attached: new entries reach them through the room's stream
 *
 * Invariants: a feed's entries are sent in order and once; nothing of our own is sent that our disk does not hold. Nothing here
 * grows with the length of the past: of each feed it is known where the peer is.
 */

import { Backlog } from "../room/backlog.ts";
import type { Entry } from "../room/entry.ts";
import type { PeerId } from "../room/id.ts";
import { raiseVector, type Vector } from "../room/version_vector.ts";

/**
 * Bytes of lines that fill a page. With one longest line on top and the line ends it stays within a record: 20 KiB +
 * 128 KiB < 192 KiB.
 */
export const PAGE_BYTES_MAX = 20 * 1024;

/** Authors in a peer's stored vector; twice those of the largest room. */
const PEER_VECTOR_AUTHORS_MAX = 8_192;

/** A room's entries, as far as the peer may be told them now. */
export interface Past {
  /** Everybody who has written. */
  authors(): Iterable<PeerId>;
  /** Whether that author has written. */
  has(author: PeerId): boolean;
  /** The entry of that number, from 1 on. */
  get(author: PeerId, number: number): Entry | undefined;
}

/** Where a room stands with one peer. Of a follower that the stream serves hardly anything is kept. */
export class PeerSync {
  /** How far the peer has each feed, or will have once it got what we sent. */
  readonly #sent = new Map<PeerId, number>();
  readonly #backlog = new Backlog();
  #past: Past | undefined;
  #theyFollow = false;
  #isMet = false;
  #isAttached = false;
  #peerVector = new Map<PeerId, number>();
  /** Whether we asked this peer to relay the room to us. */
  weFollow = false;
  /** Whether the host that we follow ranks before this peer, as last told to the peer … */
  weLead = false;
  /** … and the same statement from the peer. */
  theyLead = false;
  /** What we have yet to say, because the peer has not read what we said before. */
  due: { readonly ask: boolean; readonly again: boolean } | null = null;
  /** Whether that goes for how far others hold the peer's feed, too. */
  isSeenDue = false;
  /** What the peer last showed to be let in. */
  proof: Uint8Array | null = null;

  /** Whether the peer asked us to relay the room to it. */
  get theyFollow(): boolean {
    return this.#theyFollow;
  }

  /** Whether the peer has sent its vector. */
  get isMet(): boolean {
    return this.#isMet;
  }

  /** The peer's last reported vector on disk, limited to useful numbers (see `onMeet`). */
  get peerVector(): Vector {
    return this.#peerVector;
  }

  /** Whether the room's stream delivers new entries to the peer. */
  get isAttached(): boolean {
    return this.#isAttached;
  }

  /** Whether entries are queued. */
  get isBusy(): boolean {
    return !this.#backlog.isEmpty;
  }

  /** Feeds of which it is known how far the peer has them. */
  get feedsCount(): number {
    return this.#sent.size;
  }

  /**
   * The peer says how far its disk is. What it lacks of `past` is to be sent. Only those of its numbers are kept that are `noted`: all vectors of a room of a thousand would take 50 MB.
   */
  onMeet(
    meet: { vector: Vector; follow: boolean; again: boolean },
    past: Past,
    isNoted: (author: PeerId, number: number) => boolean = () => true,
  ): void {
    if (meet.again) {
      this.#sent.clear();
      this.#backlog.clear();
    }
    this.#past = past;
    this.#isMet = true;
    this.#peerVector = new Map([...meet.vector].filter(([author, number]) => isNoted(author, number)));
    this.#theyFollow = meet.follow;
    if (!meet.follow || meet.again) this.#isAttached = false;
    // Authors whom only the peer names may be made up: the last vector's are enough.
    for (const author of this.#sent.keys()) if (!past.has(author)) this.#sent.delete(author);
    raiseVector(this.#sent, meet.vector);
    for (const author of past.authors()) this.#addNextOf(author);
  }

  /** The peer's disk has more entries. */
  onHave(vector: Vector, isNoted: (author: PeerId, number: number) => boolean = () => true): void {
    for (const [author, number] of vector) {
      if (this.#peerVector.size >= PEER_VECTOR_AUTHORS_MAX) return;
      if (isNoted(author, number) && number > (this.#peerVector.get(author) ?? 0)) {
        this.#peerVector.set(author, number);
      }
    }
  }

  /** The peer sent us this entry, so it has it. */
  onReceived(entry: Entry): void {
    if (!this.#isAttached && entry.number > (this.#sent.get(entry.author) ?? 0)) {
      this.#sent.set(entry.author, entry.number);
    }
  }

  /** These entries are new here and may be passed on. */
  onNew(entries: readonly Entry[]): void {
    if (!this.#isMet || this.#isAttached || !(this.#theyFollow || this.weFollow)) return;
    for (const { author } of entries) this.#addNextOf(author);
  }

  /** The next entries to send; empty if there are none. */
  nextPage(): readonly Entry[] {
    const page: Entry[] = [];
    let bytes = 0;
    while (bytes < PAGE_BYTES_MAX) {
      const entry = this.#backlog.take();
      if (entry === undefined) break;
      const { author, number } = entry;
      // Otherwise our disk has refused it since, or the peer has sent it to us.
      if (this.#past?.get(author, number) === entry && number > this.#sentOf(author)) {
        page.push(entry);
        bytes += entry.sizeBytes;
        this.#sent.set(author, number);
      }
      this.#addNextOf(author);
    }
    return page;
  }

  /** The peer has everything and follows us: from now on the stream serves it. */
  attach(): void {
    if (!this.#theyFollow || this.isBusy) {
      throw new Error("Only a follower that has everything can be attached");
    }
    this.#isAttached = true;
    // Entries from the stream are not tracked here. The peer's next `meet` reports what it has.
    this.#sent.clear();
  }

  #addNextOf(author: PeerId): void {
    if (this.#backlog.has(author)) return;
    const next = this.#past?.get(author, this.#sentOf(author) + 1);
    if (next !== undefined) this.#backlog.add(next);
  }

  #sentOf(author: PeerId): number {
    return this.#sent.get(author) ?? 0;
  }
}
