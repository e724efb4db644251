/**
 * What a screen or an export shows of a room, computed from its entries alone: the same entries give the same lines
 * everywhere.
 */

import { encodeBase32 } from "../encoding/base32.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { PeerId } from "./id.ts";
import type { Entry } from "./entry.ts";
import {
  NAME_CHARS_MAX,
  parseName,
  RESERVED_IN_NAMES,
  TITLE_CHARS_MAX,
  toLookalikeKeys,
} from "../text/name.ts";
import { formatOffer, OFFER_KIND, parseOffer } from "./file_offer.ts";
import { sanitizeLine, sanitizeText } from "../text/sanitize.ts";

/** One line of a conversation, safe to print. */
export interface ViewLine {
  readonly entry: Entry;
  /** The author's name at that time, made distinct from equal names in the room. */
  readonly label: string;
  /** A notice such as "* alice joined". It reads as a sentence that begins with the label. */
  readonly isNotice: boolean;
  /** The message, or the notice without its label. May have several lines. */
  readonly text: string;
}

/** Characters of a key that distinguish two peers with one name. */
export const TAG_CHARS_MIN = 4;
const FINGERPRINT_BYTES = 10;
const UNKNOWN = "sent something that this version of earshot cannot show";

/**
 * Assigns a label to every author: the name, followed by the start of the key if names in the room are equal or look
 * alike ("alice·k3fw").
 */
export class Labels {
  readonly #authors = new Map<string, Set<PeerId>>();
  /** The same authors in the order of their ids, where a tag was asked for since the last of them came. */
  readonly #sorted = new Map<string, readonly PeerId[]>();
  /** Names come again with each entry: to look their keys up takes a tenth of the time. */
  readonly #keys: Map<string, readonly string[]>;

  /** `keys` are those of names met before: labels that are made again and again share one map. */
  constructor(keys: Map<string, readonly string[]> = new Map()) {
    this.#keys = keys;
  }

  /** Records that the author uses, or used, that name. */
  note(author: PeerId, name: string): void {
    for (const key of this.#keysOf(name)) {
      const authors = this.#authors.get(key) ?? new Set();
      if (authors.has(author)) continue;
      this.#authors.set(key, authors.add(author));
      this.#sorted.delete(key);
    }
  }

  /**
   * The label, safe to print. A name that `parseName` rejects always gets the tag, so that it cannot imitate a tagged
   * name.
   */
  format(author: PeerId, name: string): string {
    const parsed = parseName(name);
    const plain = "name" in parsed ? parsed.name : null;
    if (plain !== null && this.findLookalike(author, name) === null) return plain;
    const length = Math.max(TAG_CHARS_MIN, ...this.#keysOf(name).map((key) => this.#tagChars(author, key)));
    return `${plain ?? sanitizeName(name)}·${author.slice(0, length)}`;
  }

  /** One other author that goes, or went, by that name or one that looks like it; the first that was noted. */
  findLookalike(author: PeerId, name: string): PeerId | null {
    for (const key of this.#keysOf(name)) {
      for (const other of this.#authors.get(key) ?? []) if (other !== author) return other;
    }
    return null;
  }

  /** Characters of the id that no other author with that key has: one more than the neighbours in order share with it. */
  #tagChars(author: PeerId, key: string): number {
    const sorted = this.#sorted.get(key) ?? [...this.#authors.get(key) ?? []].sort(compareIds);
    this.#sorted.set(key, sorted);
    const index = findIndexOf(sorted, author);
    const next = sorted[index] === author ? sorted[index + 1] : sorted[index];
    const shared = Math.max(sharedStart(author, sorted[index - 1]), sharedStart(author, next));
    return Math.min(author.length, shared + 1);
  }

  #keysOf(name: string): readonly string[] {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const keys = toLookalikeKeys(name);
    this.#keys.set(name, keys);
    return keys;
  }
}

function compareIds(left: PeerId, right: PeerId): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Where the id stands in a sorted list, or would. */
function findIndexOf(sorted: readonly PeerId[], id: PeerId): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many characters both ids begin with; 0 without another. */
function sharedStart(id: PeerId, other: PeerId | undefined): number {
  if (other === undefined) return 0;
  let length = 0;
  while (length < id.length && id[length] === other[length]) length++;
  return length;
}

/** The lines of a room, in its order. */
export function toViewLines(entries: readonly Entry[]): ViewLine[] {
  const view = new RoomView(entries);
  return entries.map((entry) => view.next(entry));
}

/** The lines of a room, one after the other. */
export class RoomView {
  readonly #labels = new Labels();
  readonly #names = new Map<PeerId, string>();

  /** `entries`: all of the room. Their texts are not looked at. */
  constructor(entries: readonly Entry[]) {
    for (const entry of entries) this.#labels.note(entry.author, entry.name);
  }

  /** The line of the next entry, in the room's order. */
  next(entry: Entry): ViewLine {
    const before = this.#names.get(entry.author);
    this.#names.set(entry.author, entry.name);
    return toViewLine(entry, before, this.#labels);
  }
}

/** One entry as a line. `nameBefore` is the name on the author's previous entry. */
export function toViewLine(entry: Entry, nameBefore: string | undefined, labels: Labels): ViewLine {
  const label = labels.format(entry.author, entry.name);
  if (entry.kind === "text" && typeof entry.body === "string") {
    return { entry, label, isNotice: false, text: sanitizeText(entry.body) };
  }
  if (entry.kind === "name" && nameBefore !== undefined) {
    const before = labels.format(entry.author, nameBefore);
    return { entry, label: before, isNotice: true, text: `is now known as ${label}` };
  }
  return { entry, label, isNotice: true, text: formatNotice(entry) };
}

/** 16 characters that are equal exactly if the entries are equal: 80 bits of a hash over all of them in order. */
export function computeFingerprint(entries: readonly Entry[], crypto: Crypto): string {
  const hash = crypto.sha256(new TextEncoder().encode(entries.map((entry) => entry.hash).join("\n")));
  return encodeBase32(hash.subarray(0, FINGERPRINT_BYTES));
}

function formatNotice(entry: Entry): string {
  switch (entry.kind) {
    case "room":
      return `opened the room "${formatBodyTitle(entry, 0)}"`;
    case "join":
      return "joined";
    case "leave":
      return "left";
    case "name":
      return `is now known as ${sanitizeLine(entry.name)}`;
    case "invite":
      return `sent an invitation to the room "${formatBodyTitle(entry, 1)}"`;
    case "move":
      return "moved to a new room";
    case OFFER_KIND: {
      const offer = parseOffer(entry.body);
      return offer === null ? UNKNOWN : formatOffer(offer);
    }
    default:
      return UNKNOWN;
  }
}

/**
 * A title inside a body, limited to the length of a valid one. The part before it may be a link, which would let its
 * reader join, so it is never shown.
 */
function formatBodyTitle({ body }: Entry, index: number): string {
  return sanitizeLine(typeof body === "string" ? "" : body[index] ?? "", { maxCells: TITLE_CHARS_MAX });
}

/**
 * An invalid name for display: nothing in it looks like the end of a name or like a tag, and it cannot push the tag
 * off the screen.
 */
function sanitizeName(name: string): string {
  const plain = name.replaceAll(new RegExp(RESERVED_IN_NAMES, "gu"), ".").replace(/\p{Zs}+/gu, " ")
    .replace(/^ | $/g, "");
  return sanitizeLine(plain, { maxCells: NAME_CHARS_MAX });
}
