/** The offers of files in our rooms, found again by what screens and peers call them. */

import { UsageError } from "../errors.ts";
import type { Entry } from "../room/entry.ts";
import { fileNameKey, shownFileName } from "../room/file_name.ts";
import type { RoomId } from "../room/id.ts";
import { type Offer, OFFER_KIND, offerBody, parseOffer } from "../room/offer.ts";
import type { RoomKeeper } from "./room_keeper.ts";

/** Offers of one author in one room that are listed; the oldest go. Nobody fills everybody's list. */
export const OFFERS_OF_AUTHOR_MAX = 200;

/** An entry that offers files. */
export interface KnownOffer {
  readonly id: string;
  /** To be typed. */
  readonly number: number;
  readonly keeper: RoomKeeper;
  readonly entry: Entry;
  readonly offer: Offer;
}

/** What tells one content in one room from all others, as peers ask for it. */
export function contentKey(room: RoomId, manifest: string): string {
  return `${room}/${manifest}`;
}

/** What tells an offer in one room from all that say anything else: two that say the same are fetched once. */
export function offerKey(room: RoomId, offer: Offer): string {
  return `${room}/${JSON.stringify(offerBody(offer))}`;
}

/** All offers of one node. */
export class KnownOffers {
  readonly #byId = new Map<string, KnownOffer>();
  readonly #byAuthor = new Map<string, KnownOffer[]>();
  readonly #contents = new Map<string, number>();
  #count = 0;

  /** These entries are on our disk; the offers among them that were not known. */
  note(keeper: RoomKeeper, entries: readonly Entry[]): readonly KnownOffer[] {
    return entries.flatMap((entry) => {
      if (entry.kind !== OFFER_KIND || this.#byId.has(entry.hash)) return [];
      const offer = parseOffer(entry.body);
      return offer === null
        ? []
        : [this.#add({ id: entry.hash, number: ++this.#count, keeper, entry, offer })];
    });
  }

  /** All, in the order in which they came. */
  list(): readonly KnownOffer[] {
    return [...this.#byId.values()];
  }

  /** Those of one content. */
  ofContent(key: string): readonly KnownOffer[] {
    return this.list().filter(({ entry, offer }) => contentKey(entry.room, offer.manifest) === key);
  }

  /** Whether it is offered in that room. */
  has(room: RoomId, manifest: string): boolean {
    return (this.#contents.get(contentKey(room, manifest)) ?? 0) > 0;
  }

  /** The offer that a user means: by its id, its number, or its name, of which the newest counts. @throws {UsageError}. */
  find(text: string, among: readonly KnownOffer[]): KnownOffer {
    const byId = this.#byId.get(text);
    if (byId !== undefined) return byId;
    const byNumber = /^\d{1,9}$/.test(text) ? among.find(({ number }) => number === Number(text)) : undefined;
    if (byNumber !== undefined) return byNumber;
    const key = fileNameKey(text);
    const isCalled = ({ offer: { name } }: KnownOffer) =>
      fileNameKey(name) === key || fileNameKey(shownFileName(name)) === key;
    const named = among.findLast(isCalled);
    if (named !== undefined) return named;
    const beginning = among.filter(({ offer: { name } }) => key !== "" && fileNameKey(name).startsWith(key));
    const [only] = beginning;
    if (only !== undefined && beginning.length === 1) return only;
    throw new UsageError(
      `There is no file "${shownFileName(text)}" on offer. See what there is with "earshot files"`,
    );
  }

  #add(known: KnownOffer): KnownOffer {
    const { room, author } = known.entry;
    const key = contentKey(room, known.offer.manifest);
    const ofAuthor = this.#byAuthor.get(`${room}/${author}`) ?? [];
    this.#byAuthor.set(`${room}/${author}`, ofAuthor);
    ofAuthor.push(known);
    this.#byId.set(known.id, known);
    this.#contents.set(key, (this.#contents.get(key) ?? 0) + 1);
    if (ofAuthor.length > OFFERS_OF_AUTHOR_MAX) this.#remove(ofAuthor.shift());
    return known;
  }

  #remove(known: KnownOffer | undefined): void {
    if (known === undefined) return;
    const key = contentKey(known.entry.room, known.offer.manifest);
    this.#byId.delete(known.id);
    this.#contents.set(key, (this.#contents.get(key) ?? 1) - 1);
  }
}
