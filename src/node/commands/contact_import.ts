/** Parses contact lists of other programs: lines `IP PORT NAME`, tables, vCards, and earshot's own contacts.dat. Pure. */

import { parsePort, PORT_MAX } from "../../encoding/network_address.ts";
import { formatForShell } from "../../messages/format_message.ts";
import { type Message, message } from "../../messages/message.ts";
import type { Endpoint } from "../../ports/network.ts";
import { parseName, suggestName } from "../../text/name.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { type Contact, parseAddress, parseContactLine } from "../../store/contacts/contact_record.ts";
import { RENDEZVOUS_PORT } from "../support/address.ts";
import type { BrokenContact } from "../../api/commands.ts";
import { CARD_BEGIN, parseContactCard } from "./contact_card.ts";
import { findTable, readTableRow, type Table } from "./contact_table.ts";

/** Characters of an invalid line that are shown. */
const SHOWN_CELLS_MAX = 80;
const PLACE = /^(?:\[([^\s\]]+)\]|([^\s:]+)):(\d+)$/;
/** The first word, an optional port, and the rest of the line. */
const ADDRESS_FIRST = /^(\S+)(?:\s+:?(\d+))?(?:\s+(.*))?$/;

/** One line: a name and an address. */
export interface OldContact extends Endpoint {
  readonly name: string;
  /** Absent without one. */
  readonly note?: string;
}

/** What a list contains. */
export interface ContactList {
  readonly contacts: readonly OldContact[];
  /** Contacts with a known key, of another contacts.dat. */
  readonly peers: readonly Contact[];
  readonly broken: readonly BrokenContact[];
}

type Parsed = OldContact | { readonly peer: Contact } | { readonly reason: Message };

/**
 * Parses any text, each line or card by its form; never fails. Blank lines, a table's header and lines that begin with
 * "#" are skipped. Without a port it is 9999; without a name the address becomes one.
 */
export function parseOldContacts(text: string): ContactList {
  const contacts: OldContact[] = [];
  const peers: Contact[] = [];
  const broken: BrokenContact[] = [];
  // Files of old editors end in Ctrl-Z, those of old programs in zero bytes.
  const lines = text.replaceAll("\uFEFF", "").split(/\r\n|\r|\n/)
    .map((raw) => raw.replaceAll("\0", "").replaceAll("\x1A", ""));
  let table: Table | null = null;
  let isFirst = true;
  for (let index = 0; index < lines.length; index++) {
    const line = (lines[index] ?? "").trim();
    if (line === "" || line.startsWith("#")) continue;
    if (isFirst) table = findTable(line);
    const isHeader = isFirst && table !== null;
    isFirst = false;
    if (isHeader) continue;
    const lineNumber = index + 1;
    let parsed: Parsed;
    if (CARD_BEGIN.test(line)) {
      const card = parseContactCard(lines.slice(index));
      index += card.lineCount - 1;
      parsed = card.place === null
        ? { reason: message("import.card-without-address") }
        : toContact({ place: card.place, port: undefined, name: card.name ?? "" });
    } else parsed = parseLine(line, table);
    if ("peer" in parsed) peers.push(parsed.peer);
    else if ("name" in parsed) contacts.push(parsed);
    else {
      broken.push({
        line: lineNumber,
        text: shown(line),
        reason: formatForShell(parsed.reason),
        reasonMessage: parsed.reason,
      });
    }
  }
  return { contacts, peers, broken };
}

function parseLine(line: string, table: Table | null): Parsed {
  const stored = parseStoredLine(line);
  if (stored !== null) return stored;
  const row = readTableRow(line, { table, isPlace: isPlaceLike });
  if (row !== null) return toContact(row);
  const [, place = "", port, name = ""] = ADDRESS_FIRST.exec(line) ?? [];
  if (!isPlaceLike(place)) {
    const nameFirst = parseNameFirst(line);
    if (nameFirst !== null) return nameFirst;
  }
  // After "10.0.0.1:9999" a number is a name.
  if (port !== undefined && PLACE.test(place)) {
    return toContact({ place, port: undefined, name: `${port} ${name}` });
  }
  return toContact({ place, port, name });
}

/** `NAME IP PORT`, `NAME IP:PORT` or `NAME IP`; null for anything else. */
function parseNameFirst(line: string): Parsed | null {
  const words = line.split(/\s+/);
  const last = words.at(-1) ?? "";
  const isPort = /^:?\d+$/.test(last) && isPlaceLike(words.at(-2) ?? "");
  const place = isPort ? words.at(-2) ?? "" : last;
  if (words.length < 2 || !isPlaceLike(place)) return null;
  const name = words.slice(0, isPort ? -2 : -1).join(" ");
  return toContact({ place, port: isPort ? last.replace(":", "") : undefined, name });
}

/** A line of another contacts.dat; null if it is not one. */
function parseStoredLine(line: string): Parsed | null {
  const columns = line.split("\t");
  if (columns.length < 4) return null;
  const stored = parseContactLine(line);
  if ("problem" in stored) return null;
  if ("id" in stored) return { peer: stored };
  const { label: name, address, port, note } = stored;
  return { name, address, port, ...note !== "" && { note } };
}

/** Whether the text is an address, with or without a port, or one with zeros in front. */
function isPlaceLike(text: string): boolean {
  const { address } = splitPlace(text);
  return isAddress(address) || stripZeros(address) !== null;
}

function splitPlace(text: string): { readonly address: string; readonly port: string | undefined } {
  const given = PLACE.exec(text);
  if (given !== null) return { address: given[1] ?? given[2] ?? "", port: given[3] };
  return { address: text.replace(/^\[(.*)\]$/, "$1"), port: undefined };
}

function toContact(
  { place, port: portBeside, name, note = "" }: {
    readonly place: string;
    readonly port: string | undefined;
    readonly name: string;
    readonly note?: string;
  },
): OldContact | { readonly reason: Message } {
  const { address, port: portWithin } = splitPlace(place);
  if (!isAddress(address)) {
    const suggestion = stripZeros(address);
    return {
      reason: suggestion === null
        ? message("import.not-address", { text: shown(address) })
        : message("import.leading-zeros", { text: shown(address), suggestion }),
    };
  }
  const portText = portWithin ?? portBeside;
  const port = portText === undefined ? RENDEZVOUS_PORT : parsePort(portText);
  if (port === null) {
    return { reason: message("import.not-port", { text: shown(portText ?? ""), max: PORT_MAX }) };
  }
  return {
    address,
    port,
    name: toValidName(name) ?? suggestName(`at-${address}`),
    ...note !== "" && { note },
  };
}

function isAddress(text: string): boolean {
  return typeof parseAddress(text) === "string";
}

/** The IPv4 address without zeros in front of its numbers; null if the text is none with such zeros. */
function stripZeros(text: string): string | null {
  if (!/^0*\d{1,3}(?:\.0*\d{1,3}){3}$/.test(text)) return null;
  const stripped = text.split(".").map(Number).join(".");
  return stripped !== text && isAddress(stripped) ? stripped : null;
}

function shown(text: string): string {
  return sanitizeLine(text, { maxCells: SHOWN_CELLS_MAX });
}

/** The name, or the closest valid one ("Bob Smith" → "Bob-Smith"); null if there is none. */
function toValidName(text: string): string | null {
  const words = text.trim().replace(/^"(.*)"$/, "$1").trim();
  if (words === "") return null;
  const parsed = parseName(words);
  return "name" in parsed ? parsed.name : suggestName(words);
}
