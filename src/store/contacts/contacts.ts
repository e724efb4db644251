/**
 * contacts.dat as a value: lines, of which some are contacts and some are addresses. It is made for editing by hand,
 * so all other lines (comments, blank ones, mistakes, those of a later version) stay where they are, byte for byte,
 * and so does everything unchanged.
 */

import { concatBytes } from "../../encoding/byte_codec.ts";
import type { PeerId } from "../../room/id.ts";
import { toNameKey } from "../../text/name.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { toSearchKey } from "../../text/search_key.ts";
import {
  changeContact,
  cleanPlannedAddress,
  type Contact,
  type ContactChanges,
  CONTACTS_HEADER,
  createContact,
  formatContactLine,
  formatPlannedAddressLine,
  parseContactLine,
  type PlannedAddress,
} from "./contact_record.ts";

/** The version that this program reads and writes. */
export const CONTACTS_VERSION = 1;

/** A line that looks like a contact and is invalid. */
export interface ContactProblem {
  /** From 1, as in editors. */
  readonly lineNumber: number;
  readonly text: string;
  /** The reason, as the middle of a sentence. */
  readonly reason: string;
}

interface Line {
  /** The bytes in the file with the line end; null for a new or changed line. */
  readonly raw: Uint8Array | null;
  /** The contact's id or the address's key, if the line is one. */
  readonly key: PeerId | PlannedAddressKey | null;
  /** Whether an earlier line has the same contact or address, so that this one does not count. */
  readonly isRepeat: boolean;
}

/** Identifies an address. Never equal to an id, which contains no blanks. */
type PlannedAddressKey = `${string} ${number} ${string}`;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const HEADER = /^# earshot contacts (\d+)/;

/** The key of an address: two names for one address are two entries, and so are two addresses of one name. */
export function toPlannedAddressKey(
  { address, port, label }: Pick<PlannedAddress, "address" | "port" | "label">,
): PlannedAddressKey {
  return `${address.toLowerCase()} ${port} ${toNameKey(label)}`;
}

/** Parses a contacts.dat. Never fails. */
export function parseContacts(bytes: Uint8Array): Contacts {
  return new Contacts(bytes);
}

/** The contacts, the addresses, and everything else in the file. */
export class Contacts {
  /** The version named in the first line; ours if there is none. */
  readonly version: number;
  /** Invalid lines that look like contacts, as of reading. */
  readonly problems: readonly ContactProblem[];
  readonly #lineEnd: string;
  readonly #contacts = new Map<string, Contact>();
  readonly #plannedAddresses = new Map<string, PlannedAddress>();
  #lines: Line[] = [];
  #revision = 0;

  /** For `parseContacts`. */
  constructor(bytes: Uint8Array) {
    const raws = splitRawLines(bytes);
    const first = raws[0] ?? new Uint8Array(0);
    this.version = Number(HEADER.exec(decodeLine(first) ?? "")?.[1] ?? CONTACTS_VERSION);
    this.#lineEnd = first.at(-2) === RETURN ? "\r\n" : "\n";
    const problems: ContactProblem[] = [];
    for (const [index, raw] of raws.entries()) {
      const reason = this.#take(raw);
      if (reason !== null) problems.push({ lineNumber: index + 1, text: decodeLineLossy(raw), reason });
    }
    this.problems = problems;
  }

  /** Another number after each change of a contact. */
  get revision(): number {
    return this.#revision;
  }

  /** All contacts: first those of the file in its order, then new ones. Nobody who is only ignored. */
  get all(): readonly Contact[] {
    return [...this.#contacts.values()].filter((contact) => !contact.isIgnored);
  }

  /** Peers that are listed only because the user ignored or blocked them as strangers. */
  get ignored(): readonly Contact[] {
    return [...this.#contacts.values()].filter((contact) => contact.isIgnored);
  }

  /** All addresses, in the same order. */
  get plannedAddresses(): readonly PlannedAddress[] {
    return [...this.#plannedAddresses.values()];
  }

  /** The stored contact or ignored peer with that id. */
  get(id: PeerId): Contact | undefined {
    return this.#contacts.get(id);
  }

  /**
   * The contacts with that label; if there are none, those with that name. So no peer can claim a label by taking it
   * as its name. If there are none either, accents and vowel points are ignored: "jose" finds "José".
   */
  findByName(text: string): readonly Contact[] {
    const key = toNameKey(text.trim());
    if (key === "") return [];
    const labelled = this.all.filter((contact) => toNameKey(contact.label) === key);
    if (labelled.length > 0) return labelled;
    const named = this.all.filter((contact) => toNameKey(contact.name) === key);
    if (named.length > 0) return named;
    const loose = toSearchKey(sanitizeLine(text.trim()));
    return this.all.filter(({ label, name }) => toSearchKey(sanitizeLine(label || name)) === loose);
  }

  /** Changes the contact, or adds it at the end. */
  upsert(id: PeerId, changes: ContactChanges): Contact {
    const before = this.#contacts.get(id);
    const contact = changeContact(before ?? createContact(id), changes);
    const line: Line = { raw: null, key: id, isRepeat: false };
    if (before === undefined) this.#lines.push(line);
    else if (formatContactLine(before) !== formatContactLine(contact)) {
      this.#lines = this.#lines.map((old) => old.key === id && !old.isRepeat ? line : old);
    }
    this.#contacts.set(id, contact);
    this.#revision++;
    return contact;
  }

  /**
   * Removes the contact and the lines that repeat it, because one of those would count next time. False if there is
   * none.
   */
  remove(id: PeerId): boolean {
    this.#lines = this.#lines.filter((line) => line.key !== id);
    this.#revision++;
    return this.#contacts.delete(id);
  }

  /** Appends the address. False if it exists already, or cannot be stored (see `cleanPlannedAddress`). */
  addPlannedAddress(place: PlannedAddress): boolean {
    const clean = cleanPlannedAddress(place);
    if (clean === null) return false;
    const key = toPlannedAddressKey(clean);
    if (this.#plannedAddresses.has(key)) return false;
    this.#plannedAddresses.set(key, clean);
    this.#lines.push({ raw: null, key, isRepeat: false });
    return true;
  }

  /** Removes the address and the lines that repeat it. False if there is none. */
  removePlannedAddress(place: PlannedAddress): boolean {
    const key = toPlannedAddressKey(place);
    this.#lines = this.#lines.filter((line) => line.key !== key);
    return this.#plannedAddresses.delete(key);
  }

  /** The bytes of the file. A new file starts with a header line. */
  format(): Uint8Array {
    const chunks: Uint8Array[] = [];
    if (this.#lines.every((line) => line.raw === null)) chunks.push(this.#encodeLine(CONTACTS_HEADER));
    for (const { raw, key } of this.#lines) {
      // The last line of the file may lack a line end.
      if (chunks.length > 0 && chunks.at(-1)?.at(-1) !== NEWLINE) chunks.push(this.#encodeLine(""));
      if (raw !== null) chunks.push(raw);
      else if (key !== null) chunks.push(this.#encodeLine(this.#formatByKey(key)));
    }
    return concatBytes(chunks);
  }

  /** Adds a line of the file. Returns its problem, if any. */
  #take(raw: Uint8Array): string | null {
    const keep = (key: Line["key"], isRepeat = false) => this.#lines.push({ raw, key, isRepeat });
    const text = decodeLine(raw);
    const parsed = text === null || isComment(text) ? null : parseContactLine(text);
    if (parsed === null || "problem" in parsed) {
      keep(null);
      return text === null ? "it is not UTF-8 text" : parsed?.problem ?? null;
    }
    const key = "id" in parsed ? parsed.id : toPlannedAddressKey(parsed);
    const isRepeat = this.#contacts.has(key) || this.#plannedAddresses.has(key);
    keep(key, isRepeat);
    if (isRepeat) return `an earlier line has the same ${"id" in parsed ? "id" : "place"}, and counts`;
    if ("id" in parsed) this.#contacts.set(key, parsed);
    else this.#plannedAddresses.set(key, parsed);
    return null;
  }

  #formatByKey(key: string): string {
    const contact = this.#contacts.get(key);
    const place = this.#plannedAddresses.get(key);
    return contact !== undefined
      ? formatContactLine(contact)
      : place !== undefined
      ? formatPlannedAddressLine(place)
      : "";
  }

  #encodeLine(text: string): Uint8Array {
    return new TextEncoder().encode(text + this.#lineEnd);
  }
}

/** A label may begin with "#" too, but after a blank and before tabs. */
function isComment(line: string): boolean {
  return line.trim() === "" || line.startsWith("#") ||
    (line.trimStart().startsWith("#") && !line.includes("\t"));
}

/** The lines with their ends. The last one may have none. */
function splitRawLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, start);
    const next = end === -1 ? bytes.length : end + 1;
    lines.push(bytes.slice(start, next));
    start = next;
  }
  return lines;
}

/** The line without its end and without a byte order mark; null if it is not UTF-8. */
function decodeLine(raw: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(raw).replace(/\r?\n$/, "");
  } catch (error) {
    // The decoder throws this for invalid UTF-8.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function decodeLineLossy(raw: Uint8Array): string {
  return new TextDecoder().decode(raw).replace(/\r?\n$/, "");
}
