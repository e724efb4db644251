/**
 * contacts.dat as a value: lines, of which some are contacts. Made to be edited by hand, so whatever is not a contact
 * (comments, blank lines, lines with mistakes, lines of a later version) stays where it is, byte for byte, and so does
 * every contact that is not changed.
 */

import type { PeerId } from "../room/id.ts";
import { nameKey } from "../room/name.ts";
import {
  changeContact,
  type Contact,
  type ContactChanges,
  CONTACTS_HEADER,
  formatContactLine,
  newContact,
  parseContactLine,
} from "./contact_line.ts";

/** The version that this earshot reads and writes. */
export const CONTACTS_VERSION = 1;

/** A line that was meant as a contact and is none. */
export interface ContactProblem {
  /** From 1, as editors count. */
  readonly lineNumber: number;
  readonly text: string;
  /** Why: the middle of a sentence. */
  readonly reason: string;
}

interface Line {
  /** As it stands in the file, with its line end; null for a contact that is new or was changed. */
  readonly raw: Uint8Array | null;
  /** The contact that this line is of, if it is of one. */
  readonly id: PeerId | null;
  /** Whether an earlier line has that contact already, and this one does not count. */
  readonly isRepeat: boolean;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const HEADER = /^# earshot contacts (\d+)/;

/** Reads a contacts.dat; never fails. */
export function parseContacts(bytes: Uint8Array): Contacts {
  return new Contacts(bytes);
}

/** The contacts, and all else that stands in the file. */
export class Contacts {
  /** What the first line says the file's version is; ours if it says nothing. */
  readonly version: number;
  /** Lines that are no contacts although they should be, as of reading. */
  readonly problems: readonly ContactProblem[];
  readonly #lineEnd: string;
  readonly #contacts = new Map<PeerId, Contact>();
  #lines: Line[] = [];

  /** For `parseContacts`. */
  constructor(bytes: Uint8Array) {
    const raws = rawLines(bytes);
    const first = raws[0] ?? new Uint8Array(0);
    this.version = Number(HEADER.exec(textOf(first) ?? "")?.[1] ?? CONTACTS_VERSION);
    this.#lineEnd = first.at(-2) === RETURN ? "\r\n" : "\n";
    const problems: ContactProblem[] = [];
    for (const [index, raw] of raws.entries()) {
      const reason = this.#take(raw);
      if (reason !== null) problems.push({ lineNumber: index + 1, text: lossyTextOf(raw), reason });
    }
    this.problems = problems;
  }

  /** All contacts: first those of the file in its order, then new ones. */
  get all(): readonly Contact[] {
    return [...this.#contacts.values()];
  }

  /** The contact of that id. */
  get(id: PeerId): Contact | undefined {
    return this.#contacts.get(id);
  }

  /** Those whom the user calls so; if nobody, those who call themselves so: nobody gets at a label by taking it as a name. */
  byName(text: string): readonly Contact[] {
    const key = nameKey(text.trim());
    if (key === "") return [];
    const labelled = this.all.filter((contact) => nameKey(contact.label) === key);
    return labelled.length > 0 ? labelled : this.all.filter((contact) => nameKey(contact.name) === key);
  }

  /** Changes the contact, or adds it at the end. */
  upsert(id: PeerId, changes: ContactChanges): Contact {
    const before = this.#contacts.get(id);
    const contact = changeContact(before ?? newContact(id), changes);
    const line: Line = { raw: null, id, isRepeat: false };
    if (before === undefined) this.#lines.push(line);
    else if (formatContactLine(before) !== formatContactLine(contact)) {
      this.#lines = this.#lines.map((old) => old.id === id && !old.isRepeat ? line : old);
    }
    this.#contacts.set(id, contact);
    return contact;
  }

  /** Removes the contact, and the lines that repeat it: one of them would count next time. False if there is none. */
  remove(id: PeerId): boolean {
    this.#lines = this.#lines.filter((line) => line.id !== id);
    return this.#contacts.delete(id);
  }

  /** The file's bytes. A new file gets a header line. */
  format(): Uint8Array {
    const chunks: Uint8Array[] = [];
    if (this.#lines.every((line) => line.raw === null)) chunks.push(this.#lineOf(CONTACTS_HEADER));
    for (const { raw, id } of this.#lines) {
      const contact = id === null ? undefined : this.#contacts.get(id);
      // The last line of the file that was read may lack its end.
      if (chunks.length > 0 && chunks.at(-1)?.at(-1) !== NEWLINE) chunks.push(this.#lineOf(""));
      if (raw !== null) chunks.push(raw);
      else if (contact !== undefined) chunks.push(this.#lineOf(formatContactLine(contact)));
    }
    return joined(chunks);
  }

  /** Adds a line of the file; returns what is wrong with it. */
  #take(raw: Uint8Array): string | null {
    const keep = (id: PeerId | null, isRepeat = false) => this.#lines.push({ raw, id, isRepeat });
    const text = textOf(raw);
    const contact = text === null || isComment(text) ? null : parseContactLine(text);
    if (contact === null || "problem" in contact) {
      keep(null);
      return text === null ? "it is not UTF-8 text" : contact?.problem ?? null;
    }
    const isRepeat = this.#contacts.has(contact.id);
    keep(contact.id, isRepeat);
    if (isRepeat) return "an earlier line has the same id, and counts";
    this.#contacts.set(contact.id, contact);
    return null;
  }

  #lineOf(text: string): Uint8Array {
    return new TextEncoder().encode(text + this.#lineEnd);
  }
}

/** A label may begin with "#" too, but behind a blank and before tabs. */
function isComment(line: string): boolean {
  return line.trim() === "" || line.startsWith("#") ||
    (line.trimStart().startsWith("#") && !line.includes("\t"));
}

/** The lines with their ends; the last one may have none. */
function rawLines(bytes: Uint8Array): Uint8Array[] {
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
function textOf(raw: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(raw).replace(/\r?\n$/, "");
  } catch (error) {
    // What the decoder throws for bytes that are not UTF-8.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function lossyTextOf(raw: Uint8Array): string {
  return new TextDecoder().decode(raw).replace(/\r?\n$/, "");
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
