/** Parses the contact lists of older programs: lines `IP PORT NAME`, as users and those programs wrote them. Pure. */

import { parsePort } from "../../encoding/network_address.ts";
import { formatForShell } from "../../messages/format_message.ts";
import { type Message, message } from "../../messages/message.ts";
import type { Endpoint } from "../../ports/network.ts";
import { parseName, suggestName } from "../../text/name.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { parseAddress } from "../../store/contacts/contact_record.ts";
import { RENDEZVOUS_PORT } from "../support/address.ts";
import type { BrokenContact } from "../../api/commands.ts";

/** Characters of an invalid line that are shown. */
const SHOWN_CELLS_MAX = 80;
/** `192.168.1.5:9999` or `[fe80::1]:9999`, blanks, and the rest of the line. */
const WITH_PORT = /^(?:\[([^\s\]]+)\]|([^\s:]+)):(\d+)(?:\s+(.*))?$/;
const WITHOUT_PORT = /^\[?([^\s\]]+)\]?(?:\s+(.*))?$/;

/** One line: a name and an address. */
export interface OldContact extends Endpoint {
  readonly name: string;
}

/** Parses `IP PORT NAME`, `IP:PORT NAME` or `IP NAME` (port 9999) in any text; never fails. Blank lines and lines that begin with "#" are skipped. */
export function parseOldContacts(
  text: string,
): { readonly contacts: readonly OldContact[]; readonly broken: readonly BrokenContact[] } {
  const contacts: OldContact[] = [];
  const broken: BrokenContact[] = [];
  for (const [index, raw] of text.replaceAll("\uFEFF", "").split(/\r\n|\r|\n/).entries()) {
    // Files of old editors end in Ctrl-Z, those of old programs in zero bytes.
    const line = raw.replaceAll("\0", "").replaceAll("\x1A", "").trim();
    if (line === "" || line.startsWith("#")) continue;
    const parsed = parseLine(line);
    if ("reason" in parsed) {
      broken.push({
        line: index + 1,
        text: shown(line),
        reason: formatForShell(parsed.reason),
        reasonMessage: parsed.reason,
      });
    } else contacts.push(parsed);
  }
  return { contacts, broken };
}

/** The contact, or the problem of the line. */
function parseLine(line: string): OldContact | { readonly reason: Message } {
  const given = WITH_PORT.exec(line);
  const plain = WITHOUT_PORT.exec(line);
  const address = given?.[1] ?? given?.[2] ?? plain?.[1] ?? "";
  if (typeof parseAddress(address) !== "string") {
    return { reason: message("import.not-address", { text: shown(address) }) };
  }
  const rest = given?.[4] ?? plain?.[2] ?? "";
  const [, digits, behind = ""] = given === null ? /^(\d+)(?:\s+(.*))?$/.exec(rest) ?? [] : [];
  const portText = given?.[3] ?? digits;
  const port = portText === undefined ? RENDEZVOUS_PORT : parsePort(portText);
  if (port === null) return { reason: message("import.not-port", { text: shown(portText ?? "") }) };
  const name = nameOf(given === null && digits !== undefined ? behind : rest);
  return name === null ? { reason: message("import.no-name") } : { address, port, name };
}

function shown(text: string): string {
  return sanitizeLine(text, { maxCells: SHOWN_CELLS_MAX });
}

/** The name, or the closest valid one ("Bob Smith" → "Bob-Smith"); null if there is none. */
function nameOf(text: string): string | null {
  const words = text.trim().replace(/^"(.*)"$/, "$1").trim();
  if (words === "") return null;
  const parsed = parseName(words);
  return "name" in parsed ? parsed.name : suggestName(words);
}
