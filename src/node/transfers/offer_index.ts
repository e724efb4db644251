/** The offers in our rooms, found by the names and ids that screens and peers use. */

import { hintAt } from "../../messages/command_names.ts";
import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import type { Entry } from "../../room/entry.ts";
import { formatFileName, toFileNameKey } from "../../text/file_name.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import { encodeOffer, type Offer, OFFER_KIND, parseOffer } from "../../room/file_offer.ts";
import type { LocalRoom } from "../room/local_room.ts";

/**
 * Listed offers of one author in one room, so that one author cannot fill the list. A node refuses to offer more
 * (`countFree`). Of an author whose node does not refuse, the oldest are dropped.
 */
export const OFFERS_OF_AUTHOR_MAX = 1_000;

/** Listed offers of one room; beyond it the oldest offer of the author with the most is dropped. */
export const OFFERS_OF_ROOM_MAX = 5_000;

/** An entry that offers files. */
export interface KnownOffer {
  readonly id: string;
  /** For users to type. */
  readonly number: number;
  readonly localRoom: LocalRoom;
  readonly entry: Entry;
  readonly offer: Offer;
}

/** The key of a content in a room, as peers request it. */
export function toContentKey(room: RoomId, manifest: string): string {
  return `${room}/${manifest}`;
}

/** The key of an offer in a room by all its fields: two equal offers are downloaded once. */
export function toOfferKey(room: RoomId, offer: Offer): string {
  return `${room}/${JSON.stringify(encodeOffer(offer))}`;
}

/** All offers of one node. */
export class OfferIndex {
  readonly #byId = new Map<string, KnownOffer>();
  readonly #byRoom = new Map<RoomId, { count: number; readonly byAuthor: Map<PeerId, KnownOffer[]> }>();
  readonly #byContent = new Map<string, Set<KnownOffer>>();
  #count = 0;

  /** Adds the offers among entries on our disk, and returns the new ones. */
  note(localRoom: LocalRoom, entries: readonly Entry[]): readonly KnownOffer[] {
    const added = entries.flatMap((entry) => {
      if (entry.kind !== OFFER_KIND || this.#byId.has(entry.hash)) return [];
      const offer = parseOffer(entry.body);
      return offer === null
        ? []
        : [this.#add({ id: entry.hash, number: ++this.#count, localRoom, entry, offer })];
    });
    // Of very many at once, some are dropped again by now.
    return added.filter(({ id }) => this.#byId.has(id));
  }

  /** All offers, oldest first. */
  list(): readonly KnownOffer[] {
    return [...this.#byId.values()];
  }

  /** The offer with that id. */
  get(id: string): KnownOffer | undefined {
    return this.#byId.get(id);
  }

  /** The offers of one content, oldest first. */
  findByContent(room: RoomId, manifest: string): readonly KnownOffer[] {
    return [...this.#byContent.get(toContentKey(room, manifest)) ?? []];
  }

  /** Whether the content is offered in that room. */
  has(room: RoomId, manifest: string): boolean {
    return this.#byContent.has(toContentKey(room, manifest));
  }

  /** The number of offers that the author can add in that room before an older one would be dropped. */
  countFree(room: RoomId, author: PeerId): number {
    const inRoom = this.#byRoom.get(room);
    const ofAuthor = inRoom?.byAuthor.get(author)?.length ?? 0;
    return Math.max(0, Math.min(OFFERS_OF_AUTHOR_MAX - ofAuthor, OFFERS_OF_ROOM_MAX - (inRoom?.count ?? 0)));
  }

  /** Finds the offer that a user means by its id, its number or its name (the newest counts). @throws {UsageError}. */
  find(text: string, among: readonly KnownOffer[]): KnownOffer {
    const byId = this.#byId.get(text);
    if (byId !== undefined) return byId;
    const byNumber = /^\d{1,9}$/.test(text) ? among.find(({ number }) => number === Number(text)) : undefined;
    if (byNumber !== undefined) return byNumber;
    const key = toFileNameKey(text);
    const isCalled = ({ offer: { name } }: KnownOffer) =>
      toFileNameKey(name) === key || toFileNameKey(formatFileName(name)) === key;
    const named = among.findLast(isCalled);
    if (named !== undefined) return named;
    const beginning = among.filter(({ offer: { name } }) =>
      key !== "" && toFileNameKey(name).startsWith(key)
    );
    const [only] = beginning;
    if (only !== undefined && beginning.length === 1) return only;
    throw new UsageError(message("get.unknown", { name: formatFileName(text) }, hintAt("files")));
  }

  #add(known: KnownOffer): KnownOffer {
    const { room, author } = known.entry;
    const inRoom = this.#byRoom.get(room) ?? { count: 0, byAuthor: new Map<PeerId, KnownOffer[]>() };
    this.#byRoom.set(room, inRoom);
    const ofAuthor = inRoom.byAuthor.get(author) ?? [];
    inRoom.byAuthor.set(author, ofAuthor);
    ofAuthor.push(known);
    inRoom.count++;
    this.#byId.set(known.id, known);
    const key = toContentKey(room, known.offer.manifest);
    this.#byContent.set(key, (this.#byContent.get(key) ?? new Set()).add(known));
    if (ofAuthor.length > OFFERS_OF_AUTHOR_MAX) this.#remove(ofAuthor.shift());
    if (inRoom.count > OFFERS_OF_ROOM_MAX) {
      this.#remove(
        [...inRoom.byAuthor.values()].reduce((most, one) => one.length > most.length ? one : most).shift(),
      );
    }
    return known;
  }

  #remove(known: KnownOffer | undefined): void {
    if (known === undefined) return;
    const key = toContentKey(known.entry.room, known.offer.manifest);
    const inRoom = this.#byRoom.get(known.entry.room);
    if (inRoom !== undefined) inRoom.count--;
    this.#byId.delete(known.id);
    const ofContent = this.#byContent.get(key);
    ofContent?.delete(known);
    if (ofContent?.size === 0) this.#byContent.delete(key);
  }
}
