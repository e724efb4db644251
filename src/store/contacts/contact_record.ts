/** One line of contacts.dat: a contact, or an address without a known key. */

import { isPort, parsePort, PORT_MAX } from "../../encoding/network_address.ts";
import { parsePeerId, type PeerId } from "../../room/id.ts";
import { sanitizeLine } from "../../text/sanitize.ts";

/** The column names, and the first line of the file for users who edit it. */
export const CONTACTS_HEADER =
  "# earshot contacts 1: label\tid\taddress\tport\tflags\tadded\tseen\tname\tnote";
/** Characters of a text in a line; longer ones are cut. */
export const CONTACT_TEXT_CHARS_MAX = 500;

const COLUMN_COUNT = 9;
/** Means "nothing", because editors strip empty columns at the end of a line. */
const NONE = "-";
const KNOWN_FLAGS: readonly string[] = ["verified", "blocked", "ignored"];
/** The last moment with a four-digit year. */
const TIME_MS_MAX = Date.UTC(9999, 11, 31, 23, 59, 59);

/** A peer that the user keeps, blocks or ignores. */
export interface Contact {
  readonly id: PeerId;
  /** The user's own name for the peer; "" for none. */
  readonly label: string;
  /** The last known IP address. */
  readonly address: string | null;
  /** The last known rendezvous port. */
  readonly port: number | null;
  /** Whether the two users have compared keys. */
  readonly isVerified: boolean;
  /** Whether the user wants no messages from this peer. */
  readonly isBlocked: boolean;
  /** Whether the user declined this unknown peer. Such a line is not a contact. */
  readonly isIgnored: boolean;
  /** Flags that this version does not know; kept unchanged. */
  readonly otherFlags: readonly string[];
  /** Wall time, whole seconds. */
  readonly addedAtMs: number | null;
  /** Wall time, whole seconds. */
  readonly seenAtMs: number | null;
  /** The peer's own name; "" if unknown. Foreign text. */
  readonly name: string;
  /** The user's note. */
  readonly note: string;
}

/**
 * The address of a contact of earlier programs, which stored `IP PORT NAME` and no key. Its line has "-" for an id.
 * The format's version is still 1: a reader that does not know such lines treats them as mistakes, and keeps them
 * where they are, byte for byte.
 */
export interface PlannedAddress {
  /** The user's name for the peer at that address; never "". */
  readonly label: string;
  readonly address: string;
  readonly port: number;
  /** Wall time, whole seconds. */
  readonly addedAtMs: number | null;
  /** The user's note. */
  readonly note: string;
}

/** The changeable fields of a contact. */
export type ContactChanges = Partial<Omit<Contact, "id" | "otherFlags">>;

/** A contact with nothing but its id. */
export function createContact(id: PeerId): Contact {
  return {
    id,
    label: "",
    address: null,
    port: null,
    isVerified: false,
    isBlocked: false,
    isIgnored: false,
    otherFlags: [],
    addedAtMs: null,
    seenAtMs: null,
    name: "",
    note: "",
  };
}

/**
 * The changed contact in the form that the file can store: texts without tabs and line breaks, times in whole
 * seconds. Invalid addresses and ports are left out.
 */
export function changeContact(contact: Contact, changes: ContactChanges): Contact {
  const { label, name, note, address, port, addedAtMs, seenAtMs, ...rest } = { ...contact, ...changes };
  return {
    ...rest,
    address: parseAddress(address ?? NONE) ?? null,
    port: isPort(port) ? port : null,
    label: cleanText(label),
    name: cleanText(name),
    note: cleanText(note),
    addedAtMs: cleanTime(addedAtMs),
    seenAtMs: cleanTime(seenAtMs),
  };
}

/** The address in the form that the file can store, or null if its label or address is invalid. */
export function cleanPlannedAddress(place: PlannedAddress): PlannedAddress | null {
  const label = cleanText(place.label);
  const address = parseAddress(place.address) ?? null;
  const { port } = place;
  if (label === "" || address === null || !isPort(port)) return null;
  return { label, address, port, addedAtMs: cleanTime(place.addedAtMs), note: cleanText(place.note) };
}

/**
 * The contact or address in a line, or why it is neither, as the middle of a sentence. Missing columns at the end are
 * empty.
 */
export function parseContactLine(line: string): Contact | PlannedAddress | { readonly problem: string } {
  const columns = line.split("\t").map((column) => column.trim());
  if (columns.length > COLUMN_COUNT) {
    return { problem: `it has ${columns.length} columns, not ${COLUMN_COUNT}` };
  }
  const [label = "", idText = "", addressText = "", portText = "", flagsText = ""] = columns;
  const [addedText = "", seenText = "", name = "", note = ""] = columns.slice(5);
  const id = isNothing(idText) ? null : parsePeerId(idText.toLowerCase());
  if (id === null && !isNothing(idText)) return { problem: `"${idText}" is not the id of a peer` };
  const address = parseAddress(addressText);
  if (address === undefined) return { problem: `"${addressText}" is not an IP address` };
  const port = isNothing(portText) ? null : parsePort(portText);
  if (port === null && !isNothing(portText)) {
    return { problem: `"${portText}" is not a port from 1 to ${PORT_MAX}` };
  }
  const addedAtMs = parseTime(addedText);
  if (addedAtMs === undefined) {
    return { problem: `"${addedText}" is not a time such as 2026-11-20T14:03:22Z` };
  }
  const seenAtMs = parseTime(seenText);
  if (seenAtMs === undefined) return { problem: `"${seenText}" is not a time such as 2026-11-20T14:03:22Z` };
  if (id === null) {
    const place = address === null || port === null
      ? null
      : cleanPlannedAddress({ label, address, port, addedAtMs, note });
    return place ?? { problem: "it has no id, and without one it takes a label, an address and a port" };
  }
  const plain = { ...createContact(id), ...parseFlags(flagsText) };
  return changeContact(plain, { label, address, port, addedAtMs, seenAtMs, name, note });
}

/** The line, without a line end. */
export function formatContactLine(contact: Contact): string {
  const flags = [
    ...contact.isVerified ? ["verified"] : [],
    ...contact.isBlocked ? ["blocked"] : [],
    ...contact.isIgnored ? ["ignored"] : [],
    ...contact.otherFlags,
  ];
  return [
    formatLabel(contact.label),
    contact.id,
    contact.address ?? NONE,
    contact.port ?? NONE,
    flags.join(",") || NONE,
    formatTime(contact.addedAtMs),
    formatTime(contact.seenAtMs),
    contact.name || NONE,
    contact.note || NONE,
  ].join("\t");
}

/** The line, without a line end. */
export function formatPlannedAddressLine({ label, address, port, addedAtMs, note }: PlannedAddress): string {
  const added = formatTime(addedAtMs);
  return [formatLabel(label), NONE, address, port, NONE, added, NONE, NONE, note || NONE].join("\t");
}

/** A label that begins with "#" would turn the line into a comment. Reading trims the added blank. */
function formatLabel(label: string): string {
  return label.startsWith("#") ? ` ${label}` : label || NONE;
}

function cleanText(text: string): string {
  // Users look at the file with editors and with `cat`.
  const plain = sanitizeLine(text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim());
  const short = [...plain.slice(0, 2 * CONTACT_TEXT_CHARS_MAX)].slice(0, CONTACT_TEXT_CHARS_MAX).join("")
    .trim();
  return short === NONE ? "" : short;
}

function cleanTime(atMs: number | null): number | null {
  if (atMs === null || !Number.isFinite(atMs)) return null;
  return Math.floor(Math.min(Math.max(atMs, 0), TIME_MS_MAX) / 1_000) * 1_000;
}

function formatTime(atMs: number | null): string {
  return atMs === null ? NONE : new Date(atMs).toISOString().replace(".000Z", "Z");
}

function isNothing(text: string): boolean {
  return text === "" || text === NONE;
}

/** Undefined for an invalid time. A date alone, as people write it, means its first moment in UTC. */
function parseTime(text: string): number | null | undefined {
  if (isNothing(text)) return null;
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const atMs = isIso ? Date.parse(text) : NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** Null for nothing, undefined for an invalid IP address. */
export function parseAddress(text: string): string | null | undefined {
  if (isNothing(text)) return null;
  const parts = text.split(".");
  const isIpv4 = parts.length === 4 &&
    parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  // A rough check: only the system's own parser knows all of IPv6. It refuses the rest on connecting.
  const isIpv6 = /^[0-9a-f.]*:[0-9a-f:.]+(%\w+)?$/i.test(text);
  return isIpv4 || isIpv6 ? text : undefined;
}

function parseFlags(text: string): Pick<Contact, "isVerified" | "isBlocked" | "isIgnored" | "otherFlags"> {
  const flags = text.split(",").map((flag) => flag.trim().toLowerCase()).filter((flag) => !isNothing(flag));
  return {
    isVerified: flags.includes("verified"),
    isBlocked: flags.includes("blocked"),
    isIgnored: flags.includes("ignored"),
    otherFlags: flags.filter((flag) => !KNOWN_FLAGS.includes(flag)),
  };
}
