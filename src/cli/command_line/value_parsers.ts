/** Parses the values of options and arguments. Each function returns the value, or throws a sentence. Pure. */

import { isSessionPortRange, parsePort, PORT_MAX, SESSION_PORT_MIN } from "../../encoding/network_address.ts";
import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { parseEndpoint, RENDEZVOUS_PORT } from "../../node/support/address.ts";
import type { Endpoint, PortRange } from "../../ports/network.ts";
import { TEXT_BYTES_MAX } from "../../room/entry.ts";
import { byteLength } from "../../encoding/utf8.ts";
import { isLink, parseLink } from "../../room/invite_link.ts";
import { parseName } from "../../text/name.ts";
import { quoteToken } from "./tokens.ts";

/** The longest wait: a day. */
const SECONDS_MAX = 24 * 60 * 60;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** A port. `what` begins the sentence, such as "--port". @throws {UsageError}. */
export function parsePortValue(text: string, what: string): number {
  const port = parsePort(text);
  if (port !== null) return port;
  throw new UsageError(message("value.port", { what, max: PORT_MAX, text: quoteToken(text) }));
}

/** A range of ports such as "50000-50100". @throws {UsageError}. */
export function parsePortRange(text: string): PortRange {
  const [, first = "", last = ""] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  const range = { from: Number(first), to: Number(last) };
  if (isSessionPortRange(range.from, range.to)) return range;
  throw new UsageError(
    message("value.session-ports", { min: SESSION_PORT_MIN, max: PORT_MAX, text: quoteToken(text) }),
  );
}

/** A count, from 1. @throws {UsageError}. */
export function parseCount(text: string, what: string): number {
  const count = parseWhole(text);
  if (count !== null && count >= 1) return count;
  throw new UsageError(message("value.count", { what, text: quoteToken(text) }));
}

/** The switch of `give`; empty without a word. @throws {UsageError}. */
export function parseGiveSwitch(
  text: string | undefined,
): { readonly isOn?: boolean; readonly withOthers?: boolean } {
  if (text === undefined) return {};
  const word = text.toLowerCase();
  if (word === "on" || word === "off") return { isOn: word === "on" };
  if (word === "all") return { isOn: true, withOthers: true };
  throw new UsageError(message("value.give", { text: quoteToken(text) }));
}

/** Seconds, as milliseconds; may have a fraction. @throws {UsageError}. */
export function parseSeconds(text: string, what: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (seconds <= SECONDS_MAX) return Math.round(seconds * SECOND_MS);
  throw new UsageError(message("value.seconds", { what, max: SECONDS_MAX, text: quoteToken(text) }));
}

/** An address with its port, from one or two words. @throws {UsageError}. */
export function parseAddressValue(address: string, port: string | undefined): Endpoint {
  const place = checkEndpoint(address);
  if (place === null) throw new UsageError(message("value.address", { text: quoteToken(address) }));
  return port === undefined ? place : { address: place.address, port: parsePortValue(port, "PORT") };
}

/** A room's title, id, address or link, unchanged; an address or a link must be valid. @throws {UsageError}. */
export function parseRoomOrAddress(text: string): string {
  if (!isLink(text)) checkEndpoint(text);
  else if (parseLink(text) === null) throw new UsageError(message("value.link"));
  return text;
}

/** The text of a message. @throws {UsageError} if it is empty or too long. */
export function checkText(text: string): string {
  if (text.trim() === "") throw new UsageError(message("send.empty"));
  const sizeBytes = byteLength(text);
  if (sizeBytes <= TEXT_BYTES_MAX) return text;
  throw new UsageError(message("send.too-long", { length: sizeBytes, max: TEXT_BYTES_MAX }));
}

/** The user's new name. @throws {UsageError}. */
export function parseNameValue(text: string): string {
  const parsed = parseName(text);
  if ("name" in parsed) return parsed.name;
  throw new UsageError(parsed.problem);
}

/** A peer's name, or an address with its port, from one or two words. @throws {UsageError}. */
export function parsePeerOrAddress(
  to: string,
  port: string | undefined,
): { readonly to: string; readonly port: number | null } {
  const place = checkEndpoint(to);
  const beside = port === undefined ? null : parsePortValue(port, "PORT");
  if (place === null || place.address === to) return { to, port: beside };
  return { to: place.address, port: beside ?? place.port };
}

/** The moment of a local time, in ms since 1970. With `edge: "end"` it is the last ms of that day, minute or second. @throws {UsageError}. */
export function parseMoment(
  text: string,
  { what, nowMs, edge }: { readonly what: string; readonly nowMs: number; readonly edge: "start" | "end" },
): number {
  const moment = parseIsoMoment(text) ?? parseLocalMoment(text.trim(), { nowMs, edge });
  if (moment !== null) return moment;
  throw new UsageError(message("value.moment", { what, text: quoteToken(text) }));
}

function checkEndpoint(text: string): Endpoint | null {
  const place = parseEndpoint(text);
  if (place === null || !place.address.includes(":") || isIpv6(place.address)) return place;
  throw new UsageError(
    message("value.ipv6", { text: quoteToken(place.address), port: RENDEZVOUS_PORT }),
  );
}

/** A zone ("%wlan0") is not checked: only the system knows its zones. */
function isIpv6(address: string): boolean {
  return URL.canParse(`http://[${address.replace(/%.+$/, "")}]/`);
}

function parseWhole(text: string): number | null {
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : null;
}

/** With a time zone it means the same moment everywhere. */
function parseIsoMoment(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

function parseLocalMoment(
  text: string,
  { nowMs, edge }: { readonly nowMs: number; readonly edge: "start" | "end" },
): number | null {
  const [first = "", second, ...more] = text.split(/[ T]+/);
  if (more.length > 0) return null;
  const date = DATE.exec(first);
  const time = TIME.exec(date === null ? first : second ?? "");
  if (date === null ? time === null || second !== undefined : second !== undefined && time === null) {
    return null;
  }
  const today = new Date(nowMs);
  const [year, month, day] = date === null
    ? [today.getFullYear(), today.getMonth(), today.getDate()]
    : [Number(date[1]), Number(date[2]) - 1, Number(date[3])];
  const [hour, minute, seconds] = [Number(time?.[1] ?? 0), Number(time?.[2] ?? 0), Number(time?.[3] ?? 0)];
  if (hour > 23 || minute > 59 || seconds > 59) return null;
  const start = new Date(year, month, day, hour, minute, seconds);
  // 30 February would be taken as 2 March.
  if (start.getMonth() !== month || start.getDate() !== day) return null;
  if (edge === "start") return start.getTime();
  if (time === null) return new Date(year, month, day + 1).getTime() - 1;
  return start.getTime() + (time[3] === undefined ? MINUTE_MS : SECOND_MS) - 1;
}
