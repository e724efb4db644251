/**
 * Ids as text: lower-case base32 (RFC 4648, no padding), because people read them aloud and type their first
 * characters.
 */

import { decodeBase32, encodeBase32 } from "../encoding/base32.ts";

declare const PEER: unique symbol;
declare const ROOM: unique symbol;

/** A peer's identity: its 32-byte Ed25519 public key as 52 base32 characters. */
export type PeerId = string & { readonly [PEER]: true };
/** A room's id: 16 bytes as 26 base32 characters. */
export type RoomId = string & { readonly [ROOM]: true };

/** Bytes of a peer's key. */
export const PEER_ID_BYTES = 32;
/** Bytes of a room's id: half of a SHA-256, so a collision of two rooms is infeasible. */
export const ROOM_ID_BYTES = 16;

/** Ids in each cache; a full cache is emptied. It equals the greatest number of authors in a room. */
const REMEMBERED_MAX = 4_096;
/**
 * Every entry repeats the ids of its room and author. A lookup is faster than parsing, and all entries share one
 * string.
 */
const peers = new Map<string, PeerId>();
const rooms = new Map<string, RoomId>();
/** A vector of a large room names all its members, and every member receives one. */
const keys = new Map<PeerId, Uint8Array>();

/** The id of a 32-byte public key. @throws {RangeError} for another length. */
export function toPeerId(publicKey: Uint8Array): PeerId {
  if (publicKey.length !== PEER_ID_BYTES) throw new RangeError(`A peer's key has ${PEER_ID_BYTES} bytes`);
  return encodeBase32(publicKey) as PeerId;
}

/** The public key of an id. Do not modify it. */
export function toPeerKey(id: PeerId): Uint8Array {
  const known = keys.get(id);
  if (known !== undefined) return known;
  const key = decodeBase32(id, PEER_ID_BYTES) ?? new Uint8Array(PEER_ID_BYTES);
  if (keys.size >= REMEMBERED_MAX) keys.clear();
  keys.set(id, key);
  return key;
}

/** The text as a peer's id, or null if it is not one. */
export function parsePeerId(text: string): PeerId | null {
  return peers.get(text) ??
    (decodeBase32(text, PEER_ID_BYTES) === null ? null : remember(text as PeerId, peers));
}

/** The id of a 16-byte room hash. @throws {RangeError} for another length. */
export function toRoomId(bytes: Uint8Array): RoomId {
  if (bytes.length !== ROOM_ID_BYTES) throw new RangeError(`A room's id has ${ROOM_ID_BYTES} bytes`);
  return encodeBase32(bytes) as RoomId;
}

/** The bytes of a room's id. */
export function toRoomBytes(id: RoomId): Uint8Array {
  return decodeBase32(id, ROOM_ID_BYTES) ?? new Uint8Array(ROOM_ID_BYTES);
}

/** The text as a room's id, or null if it is not one. */
export function parseRoomId(text: string): RoomId | null {
  return rooms.get(text) ??
    (decodeBase32(text, ROOM_ID_BYTES) === null ? null : remember(text as RoomId, rooms));
}

function remember<Id extends string>(id: Id, known: Map<string, Id>): Id {
  if (known.size >= REMEMBERED_MAX) known.clear();
  known.set(id, id);
  return id;
}
