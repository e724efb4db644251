/**
 * Links to rooms: `earshot://ADDRESS:PORT/ROOM/SECRET/KEY`. ADDRESS and PORT reach a member; ROOM is the room's id;
 * SECRET is in base32, or "-" for an open room; KEY is the start of that member's key, so that no other peer at the
 * address is accepted.
 * Case does not matter: in capitals a link fits the smaller kind of QR code (ISO/IEC 18004, alphanumeric mode).
 */

import { decodeBase32, encodeBase32 } from "../encoding/base32.ts";
import { parsePort } from "../encoding/network_address.ts";
import type { Endpoint } from "../ports/network.ts";
import { parseRoomId, type PeerId, type RoomId } from "./id.ts";
import { INVITATION_SECRET_BYTES } from "./invitation.ts";

/** Key characters in a link: 80 bits, so a second key with this start is infeasible. */
export const LINK_KEY_CHARS = 16;
/** UTF-16 units of a text that is examined: far above the longest link. */
const LINK_UNITS_MAX = 256;

const SCHEME = "earshot://";
const NO_SECRET = "-";
const SHAPE =
  /^earshot:\/\/(?:\[([0-9a-f:.]+)\]|(\d{1,3}(?:\.\d{1,3}){3})):(\d{1,5})\/([a-z2-7]+)\/([a-z2-7]+|-)\/([a-z2-7]+)\/?$/;

/** The parts of a link. */
export interface RoomLink {
  readonly endpoint: Endpoint;
  readonly room: RoomId;
  /** Null for an open room. */
  readonly secret: Uint8Array | null;
  /** The first characters of the id of the link's creator. */
  readonly keyStart: string;
}

/** The link, in lower case. */
export function formatLink(
  { endpoint, room, secret, peer }: Omit<RoomLink, "keyStart"> & { readonly peer: PeerId },
): string {
  const { address, port } = endpoint;
  const host = address.includes(":") ? `[${address}]` : address;
  const key = peer.slice(0, LINK_KEY_CHARS);
  return `${SCHEME}${host}:${port}/${room}/${secret === null ? NO_SECRET : encodeBase32(secret)}/${key}`;
}

/** Whether the text looks like a link. */
export function isLink(text: string): boolean {
  return trimLink(text).startsWith(SCHEME);
}

/**
 * The link in the text, or null if it is incomplete. Blanks, quotes and brackets that copying adds around it are
 * ignored.
 */
export function parseLink(text: string): RoomLink | null {
  const parts = SHAPE.exec(trimLink(text)) ?? [];
  const [, six, four, portText = "", roomText = "", secretText = "", keyStart = ""] = parts;
  const address = six ?? four;
  const port = parsePort(portText);
  const room = parseRoomId(roomText);
  const secret = secretText === NO_SECRET ? null : decodeBase32(secretText, INVITATION_SECRET_BYTES);
  if (address === undefined || room === null || keyStart.length !== LINK_KEY_CHARS) return null;
  if (port === null || (secret === null && secretText !== NO_SECRET)) return null;
  return { endpoint: { address, port }, room, secret, keyStart };
}

function trimLink(text: string): string {
  return text.length > LINK_UNITS_MAX ? "" : text.toLowerCase().replace(/^[\s"'<([]+|[\s"'>)\].,]+$/g, "");
}
