/**
 * Links to rooms: `earshot://ADDRESS:PORT/ROOM/SECRET/KEY`. Where somebody can be reached who has the room; its id; its secret in
 * base32, "-" where anybody may join; the start of that somebody's key, so that nobody else at the address is taken for them.
 * Upper and lower case mean the same: in capitals a link needs the smaller kind of QR code (ISO/IEC 18004, alphanumeric mode).
 */

import type { Endpoint } from "../ports/network.ts";
import { decodeBase32, encodeBase32, parseRoomId, type PeerId, type RoomId } from "./id.ts";
import { INVITATION_SECRET_BYTES } from "./invitation.ts";

/** Characters of the key in a link: 80 bits, so that another key with this start is out of reach. */
export const LINK_KEY_CHARS = 16;
/** UTF-16 units of a text that is looked at: far above the longest link. */
const LINK_UNITS_MAX = 256;

const SCHEME = "earshot://";
const NO_SECRET = "-";
const SHAPE =
  /^earshot:\/\/(?:\[([0-9a-f:.]+)\]|(\d{1,3}(?:\.\d{1,3}){3})):(\d{1,5})\/([a-z2-7]+)\/([a-z2-7]+|-)\/([a-z2-7]+)\/?$/;
/** TCP and UDP have 16 bits for a port. */
const PORT_MAX = 65_535;

/** What a link says. */
export interface RoomLink {
  readonly endpoint: Endpoint;
  readonly room: RoomId;
  /** Null for a room that anybody may join. */
  readonly secret: Uint8Array | null;
  /** How the id of whoever made the link begins. */
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

/** Whether the text is meant as a link. */
export function isLink(text: string): boolean {
  return trimLink(text).startsWith(SCHEME);
}

/** What the text says; null if it is no whole link. Blanks, quotes and brackets around it, as copying brings them along, do not matter. */
export function parseLink(text: string): RoomLink | null {
  const [, six, four, portText, roomText = "", secretText = "", keyStart = ""] = SHAPE.exec(trimLink(text)) ??
    [];
  const address = six ?? four;
  const port = Number(portText);
  const room = parseRoomId(roomText);
  const secret = secretText === NO_SECRET ? null : decodeBase32(secretText, INVITATION_SECRET_BYTES);
  if (address === undefined || room === null || keyStart.length !== LINK_KEY_CHARS) return null;
  if (port < 1 || port > PORT_MAX || (secret === null && secretText !== NO_SECRET)) return null;
  return { endpoint: { address, port }, room, secret, keyStart };
}

function trimLink(text: string): string {
  return text.length > LINK_UNITS_MAX ? "" : text.toLowerCase().replace(/^[\s"'<([]+|[\s"'>)\].,]+$/g, "");
}
