/**
 * One node's copy of a room: all the feeds that it has. Two replicas with the same entries show the same room.
 * It touches neither files nor sockets: what it accepts, its owner keeps on disk, or takes back.
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

/** Authors in one room; entries of further ones are left out, which is nobody's fault. Far above the largest room measured (1,000). */
export const AUTHORS_MAX = 4096;

/** What became of an entry. "accepted" is what a feed calls "next", with a good signature; "crowded": too many authors, so this replica leaves it out. */
export type AddOutcome = Exclude<Fit, "next"> | "accepted" | "crowded";

/** A peer that has written in the room. */
export interface Member {
  readonly id: PeerId;
  /** The last name that it gave itself here; foreign text. Empty for a founder that has not written yet. */
  readonly name: string;
  /** Whether it takes part now. */
  readonly isIn: boolean;
}

type AuthorFeed = [id: PeerId, feed: Feed];

/** A copy of one room. */
export class Replica {
  readonly #crypto: Crypto;
  readonly #feeds = new Map<PeerId, Feed>();
  readonly #ordered: Entry[] = [];
  readonly #forks = new Map<PeerId, Entry>();
  /** All authors in the order in which they came, and who of them is in: made when somebody asks, since to sort a thousand takes a millisecond. */
  #authors: AuthorFeed[] | undefined;
  #activeMembers: readonly PeerId[] | undefined;
  readonly id: RoomId;
  #info: RoomInfo | undefined;

  /** An empty copy. A direct conversation is known from its id; any other room when its first entry has come. */
  constructor(room: RoomId | RoomInfo, crypto: Crypto) {
    this.#crypto = crypto;
    this.id = typeof room === "string" ? room : room.id;
    if (typeof room !== "string") this.#setFounded(room);
  }

  /** What the room is, or undefined until its first entry has come. */
  get info(): RoomInfo | undefined {
    return this.#info;
  }

  /** All entries in the room's order. */
  get entries(): readonly Entry[] {
    return this.#ordered;
  }

  /** Authors who signed two entries of one number, each with a line of the other branch: with our line of that number, or of the one before, it is the proof. */
  get forks(): ReadonlyMap<PeerId, Entry> {
    return this.#forks;
  }

  /** Two lines that prove a fork: the given one, and ours of the same number or the one before. */
  findForkProof(theirs: Entry): readonly Entry[] {
    const { author, number } = theirs;
    const ours = this.get(author, number) ?? this.get(author, number - 1);
    return ours === undefined ? [] : [ours, theirs];
  }

  /** The proofs of all forks but those of one author, as many as stay below so many UTF-16 units. */
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

  /** Why that author's next entry would be left out; null if nothing keeps it out. */
  findLimit(author: PeerId): "full" | "crowded" | null {
    const feed = this.#feeds.get(author);
    if (feed !== undefined) return feed.isFull ? "full" : null;
    return this.#feeds.size >= AUTHORS_MAX ? "crowded" : null;
  }

  /** How far each feed goes. */
  vector(): Map<PeerId, number> {
    const vector = new Map<PeerId, number>();
    for (const [author, feed] of this.#feeds) {
      if (feed.last !== undefined) vector.set(author, feed.last.number);
    }
    return vector;
  }

  /** The entry of that author and number. */
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

  /** Everybody who has an entry here. */
  *authors(): Generator<PeerId> {
    for (const [author, feed] of this.#feeds) if (feed.last !== undefined) yield author;
  }

  /** How many entries beyond the vector are so: it takes time for those beyond it, not for all that there are. */
  countBeyond(vector: Vector, isSo: (entry: Entry) => boolean): number {
    let count = 0;
    for (const [author, feed] of this.#feeds) count += feed.countAfter(vector.get(author) ?? 0, isSo);
    return count;
  }

  /** Everybody who is or was in the room, founders included, in the order in which they came. */
  members(): readonly Member[] {
    return this.#authorsInOrder().map(([id, feed]) => ({ id, name: feed.last?.name ?? "", isIn: feed.isIn }));
  }

  /** Who is in the room now, in the order in which they came. */
  activeMembers(): readonly PeerId[] {
    return this.#activeMembers ??= this.#authorsInOrder().filter(([, feed]) => feed.isIn).map(([id]) => id);
  }

  #authorsInOrder(): readonly AuthorFeed[] {
    return this.#authors ??= [...this.#feeds].sort(compareArrival);
  }

  /** Whether that peer takes part now. */
  isIn(peer: PeerId): boolean {
    return this.#feeds.get(peer)?.isIn ?? false;
  }

  /**
   * Whether that peer may have the entries: a direct conversation is between two, and a room by invitation for those who
   * have joined it or bring a proof (null for none). While nothing has come, nobody: what comes next may not be for all.
   */
  mayRead(peer: PeerId, proof: Uint8Array | null): boolean {
    const info = this.#info;
    if (info?.access === "open" || info?.founders.includes(peer)) return true;
    if (info?.invitationKey === undefined) return false;
    const claim = { room: this.id, author: peer, key: info.invitationKey };
    return this.#feeds.has(peer) || (proof !== null && isInvitationProof(proof, claim, this.#crypto));
  }

  /**
   * Takes an entry in, if it is the next of its feed and its author signed it.
   * A line from our own log needs no second look at its signature when the chain behind it vouches for it: `isTrusted`.
   */
  accept(entry: Entry, options: { readonly isTrusted: boolean } = { isTrusted: false }): AddOutcome {
    if (entry.room !== this.id) return "refused";
    const feed = this.#feedFor(entry);
    if (typeof feed === "string") return feed;
    const fit = feed.classify(entry);
    if (fit !== "next" && fit !== "fork") return fit;
    // One proof is enough: more of them would only cost us the time to check them.
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

  /** Signs our next entry here and takes it in. The entry that makes a room is `foundRoom`'s. */
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

  /** Takes back entries that could not be kept, newest first: each must be the last of its feed. */
  takeBack(entry: Entry): void {
    const feed = this.#feeds.get(entry.author);
    if (feed?.last?.hash !== entry.hash) throw new Error("Only the last entry of a feed can be taken back");
    feed.removeLast();
    this.#authors = this.#activeMembers = undefined;
    this.#ordered.splice(findPosition(entry, this.#ordered), 1);
    // As if it had never been heard of. Without its first entry a room is unknown again: what would be taken in now could
    // not be read back from the log.
    if (entry.kind === "room") this.#info = undefined;
    // An author without an entry is no member, unless it is a founder.
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
      // The room is known only once the signature holds; until then nothing is remembered.
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

  /** Who comes in mostly comes behind all others; else the order is made anew. */
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
