/**
 * One node's copy of a room, with all its known feeds. Two replicas with the same entries show the same room.
 * It uses neither files nor sockets: its owner saves accepted entries, or takes them back.
 */

import type { Crypto, Signer } from "../ports/crypto.ts";
import { isAdmitted, readRoomInfo, type RoomInfo } from "./access.ts";
import {
  type Body,
  CLOCK_JUMP_MAX,
  compareEntries,
  type Entry,
  findPosition,
  isSigned,
  writeEntry,
} from "./entry.ts";
import { Feed, type Fit } from "./feed.ts";
import type { PeerId, RoomId } from "./id.ts";
import { isInvitationProof } from "./invitation.ts";
import type { Vector } from "./version_vector.ts";

/**
 * Authors in one room. Entries of further authors are left out, without blame. Far above the largest room measured
 * (1,000).
 */
export const AUTHORS_MAX = 4096;

/**
 * The result of adding an entry. "accepted" is a feed's "next" with a valid signature; "crowded" means that the room
 * has too many authors.
 */
export type AddOutcome = Exclude<Fit, "next"> | "accepted" | "crowded";

/** A peer that has written in the room. */
export interface Member {
  readonly id: PeerId;
  /** Its last name in this room; foreign text. Empty for a founder that has not written. */
  readonly name: string;
  /** Whether it is a member now. */
  readonly isIn: boolean;
}

type AuthorFeed = [id: PeerId, feed: Feed];

/** A copy of one room. */
export class Replica {
  readonly #crypto: Crypto;
  readonly #feeds = new Map<PeerId, Feed>();
  readonly #ordered: Entry[] = [];
  readonly #forks = new Map<PeerId, Entry>();
  /**
   * Caches of all authors in order of arrival and of the current members, computed on demand: sorting a thousand
   * takes a millisecond.
   */
  #authors: AuthorFeed[] | undefined;
  #activeMembers: readonly PeerId[] | undefined;
  readonly id: RoomId;
  #info: RoomInfo | undefined;

  /** An empty copy. A direct conversation is known from its id; any other room once its first entry has arrived. */
  constructor(room: RoomId | RoomInfo, crypto: Crypto) {
    this.#crypto = crypto;
    this.id = typeof room === "string" ? room : room.id;
    if (typeof room !== "string") this.#setFounded(room);
  }

  /** The room's facts; undefined until its first entry has arrived. */
  get info(): RoomInfo | undefined {
    return this.#info;
  }

  /** All entries in the room's order. */
  get entries(): readonly Entry[] {
    return this.#ordered;
  }

  /**
   * Authors that signed two entries with one number, each with an entry of the other branch. With our entry of that
   * number, or of the previous one, it proves the fork.
   */
  get forks(): ReadonlyMap<PeerId, Entry> {
    return this.#forks;
  }

  /** The two entries that prove a fork: ours with the same number or the previous one, and the given one. */
  findForkProof(theirs: Entry): readonly Entry[] {
    const { author, number } = theirs;
    const ours = this.get(author, number) ?? this.get(author, number - 1);
    return ours === undefined ? [] : [ours, theirs];
  }

  /** The fork proofs of all authors except one, up to `charsMax` UTF-16 units in total. */
  listForkProofs(charsMax: number, { except }: { readonly except: PeerId }): readonly Entry[] {
    const proofs: Entry[] = [];
    let chars = 0;
    for (const theirs of this.#forks.values()) {
      if (theirs.author === except) continue;
      const proof = this.findForkProof(theirs);
      chars += proof.reduce((sum, { line }) => sum + line.length, 0);
      if (chars > charsMax) break;
      proofs.push(...proof);
    }
    return proofs;
  }

  /** Why the author's next entry would be left out; null if it would not. */
  findLimit(author: PeerId): "full" | "crowded" | null {
    const feed = this.#feeds.get(author);
    if (feed !== undefined) return feed.isFull ? "full" : null;
    return this.#feeds.size >= AUTHORS_MAX ? "crowded" : null;
  }

  /** The last number of each feed. */
  vector(): Map<PeerId, number> {
    const vector = new Map<PeerId, number>();
    for (const [author, feed] of this.#feeds) {
      if (feed.last !== undefined) vector.set(author, feed.last.number);
    }
    return vector;
  }

  /** The author's entry with that number. */
  get(author: PeerId, number: number): Entry | undefined {
    return this.#feeds.get(author)?.get(number);
  }

  /** The newest entry of that author. */
  last(author: PeerId): Entry | undefined {
    return this.#feeds.get(author)?.last;
  }

  /** The name on the peer's newest entry; undefined if it has written nothing here. */
  lastName(peer: PeerId): string | undefined {
    return this.#feeds.get(peer)?.last?.name;
  }

  /** The name on the newest entry of each author that has written here. */
  *lastNames(): Generator<[author: PeerId, name: string]> {
    for (const [author, { last }] of this.#feeds) if (last !== undefined) yield [author, last.name];
  }

  /** How far one feed goes: 0 without an entry. */
  lastNumber(author: PeerId): number {
    return this.#feeds.get(author)?.last?.number ?? 0;
  }

  /** UTF-8 bytes of that author's lines. */
  feedBytes(author: PeerId): number {
    return this.#feeds.get(author)?.sizeBytes ?? 0;
  }

  /** Everybody who has an entry here. */
  *authors(): Generator<PeerId> {
    for (const [author, feed] of this.#feeds) if (feed.last !== undefined) yield author;
  }

  /** Counts the entries beyond the vector that satisfy the condition. The time depends on those entries only. */
  countBeyond(vector: Vector, isSo: (entry: Entry) => boolean): number {
    let count = 0;
    for (const [author, feed] of this.#feeds) count += feed.countAfter(vector.get(author) ?? 0, isSo);
    return count;
  }

  /** All present and former members, including founders, in order of arrival. */
  members(): readonly Member[] {
    return this.#authorsInOrder().map(([id, feed]) => ({ id, name: feed.last?.name ?? "", isIn: feed.isIn }));
  }

  /** The current members in order of arrival. */
  activeMembers(): readonly PeerId[] {
    return this.#activeMembers ??= this.#authorsInOrder().filter(([, feed]) => feed.isIn).map(([id]) => id);
  }

  #authorsInOrder(): readonly AuthorFeed[] {
    return this.#authors ??= [...this.#feeds].sort(compareArrival);
  }

  /** Whether that peer is a member now. */
  isIn(peer: PeerId): boolean {
    return this.#feeds.get(peer)?.isIn ?? false;
  }

  /**
   * Whether that peer may read the entries. A direct conversation is for its two peers, an invite-only room for
   * peers that have joined or bring a proof (null for none). Until the first entry arrives, nobody may: the room may
   * not be open.
   */
  mayRead(peer: PeerId, proof: Uint8Array | null): boolean {
    const info = this.#info;
    if (info?.access === "open" || info?.founders.includes(peer)) return true;
    if (info?.invitationKey === undefined) return false;
    const claim = { room: this.id, author: peer, key: info.invitationKey };
    return this.#feeds.has(peer) || (proof !== null && isInvitationProof(proof, claim, this.#crypto));
  }

  /**
   * Adds an entry if it is the next of its feed and its author signed it.
   * With `isTrusted` the signature is not checked: a line from our own log that the hash chain after it vouches for.
   */
  accept(entry: Entry, options: { readonly isTrusted: boolean } = { isTrusted: false }): AddOutcome {
    if (entry.room !== this.id) return "refused";
    const feed = this.#feedFor(entry);
    if (typeof feed === "string") return feed;
    const fit = feed.classify(entry);
    if (fit !== "next" && fit !== "fork") return fit;
    // One proof is enough. Checking more would only cost time.
    if (fit === "fork" && this.#forks.has(entry.author)) return fit;
    if (!options.isTrusted && !isSigned(entry, this.#crypto)) return "refused";
    if (this.#info !== undefined && !isAdmitted(entry, this.#info, this.#crypto)) return "refused";
    if (fit === "fork") {
      this.#forks.set(entry.author, entry);
      return "fork";
    }
    this.#add(feed, entry);
    return "accepted";
  }

  /** Signs our next entry in this room and adds it. `foundRoom` creates the first entry of a room. */
  write(
    what: { kind: string; name: string; body: Body; wallMs: number },
    signer: Signer,
    author: PeerId,
  ): Entry {
    const last = this.#feeds.get(author)?.last;
    const clock = Math.min((this.#ordered.at(-1)?.clock ?? 0) + 1, (last?.clock ?? 0) + CLOCK_JUMP_MAX);
    const entry = writeEntry(
      { ...what, room: this.id, number: (last?.number ?? 0) + 1, prev: last?.hash ?? "", clock },
      signer,
      this.#crypto,
    );
    const outcome = this.accept(entry, { isTrusted: true });
    if (outcome !== "accepted") throw new Error(`Our own entry was not accepted: ${outcome}`);
    return entry;
  }

  /**
   * Removes entries that could not be saved, newest first: each must be the last of its feed. @throws {Error}
   * otherwise.
   */
  takeBack(entry: Entry): void {
    const feed = this.#feeds.get(entry.author);
    if (feed?.last?.hash !== entry.hash) throw new Error("Only the last entry of a feed can be taken back");
    feed.removeLast();
    this.#authors = this.#activeMembers = undefined;
    this.#ordered.splice(findPosition(entry, this.#ordered), 1);
    // As if it had never arrived. Without its first entry a room is unknown again: entries accepted now could not be
    // loaded from the log.
    if (entry.kind === "room") this.#info = undefined;
    // An author without entries is not a member, unless it is a founder.
    if (feed.last === undefined && !this.#info?.founders.includes(entry.author)) {
      this.#feeds.delete(entry.author);
    }
  }

  #feedFor(entry: Entry): Feed | "gap" | "refused" | "crowded" {
    const known = this.#feeds.get(entry.author);
    if (known !== undefined) return known;
    if (this.#info === undefined) {
      const info = readRoomInfo(entry);
      if (info === null) return entry.kind === "room" ? "refused" : "gap";
      // The room is known only after the signature is verified; until then nothing is stored.
      return new Feed({ isFounder: true });
    }
    if (this.#info.access === "direct") return "refused";
    if (this.#feeds.size >= AUTHORS_MAX) return "crowded";
    return new Feed({ isFounder: false });
  }

  #add(feed: Feed, entry: Entry): void {
    if (this.#info === undefined) {
      const info = readRoomInfo(entry);
      if (info !== null) this.#info = info;
    }
    this.#feeds.set(entry.author, feed);
    feed.add(entry);
    if (entry.number === 1) this.#noteNewcomer(entry, feed);
    if (entry.kind === "join" || entry.kind === "leave" || entry.number === 1) {
      this.#activeMembers = undefined;
    }
    const last = this.#ordered.at(-1);
    if (last === undefined || compareEntries(last, entry) < 0) this.#ordered.push(entry);
    else this.#ordered.splice(findPosition(entry, this.#ordered), 0, entry);
  }

  /** A new author mostly arrives last; otherwise the order is computed again. */
  #noteNewcomer(entry: Entry, feed: Feed): void {
    const last = this.#authors?.at(-1)?.[1].first;
    const isFounder = this.#info?.founders.includes(entry.author) === true;
    if (last !== undefined && !isFounder && compareEntries(last, entry) < 0) {
      this.#authors?.push([entry.author, feed]);
    } else this.#authors = undefined;
  }

  #setFounded(info: RoomInfo): void {
    this.#info = info;
    this.#authors = this.#activeMembers = undefined;
    for (const founder of info.founders) this.#feeds.set(founder, new Feed({ isFounder: true }));
  }
}

function compareArrival([leftId, left]: AuthorFeed, [rightId, right]: AuthorFeed): number {
  if (left.first !== undefined && right.first !== undefined) return compareEntries(left.first, right.first);
  if (left.first !== undefined) return -1;
  return right.first !== undefined ? 1 : leftId < rightId ? -1 : 1;
}
