/**
 * The UDP packet that announces a node (docs/protocol.md, "Beacons"): a fixed big-endian layout, signed with the
 * sender's key.
 *     4   "ERSH"
 *     1   version, 1
 *     1   kind: 1 hello, 2 answer, 3 beat
 *     32  the sender's Ed25519 key
 *     6   instance: wall clock in ms when the node started; a different one means a restart
 *     4   counter: grows with every beacon of the instance
 *     2   beat: seconds until the next unsolicited beacon at the latest
 *     2   rendezvous port
 *     1   the device's host score, from 0 up
 *     1+n name, UTF-8
 *     2   rooms that the sender hosts
 *     1   rooms in this beacon, each: 16 id · 2 members · 1+n title (empty: by invitation)
 *         zeros up to 512 bytes in total, in hellos and beats only
 *     64  Ed25519 signature of the label and of everything before it
 * All nodes answer a hello; nodes that do not know the sender answer a beat; nobody answers an answer. The first two
 * are padded, so no reply is longer than its request: forging a source address gains nothing.
 * There is no goodbye: a datagram can announce a presence, never an absence.
 */

import { ProtocolError } from "../errors.ts";
import type { Crypto, Signer } from "../ports/crypto.ts";
import { PEER_ID_BYTES, type PeerId, ROOM_ID_BYTES, toPeerId, toRoomBytes, toRoomId } from "../room/id.ts";
import { ByteReader, ByteWriter } from "../encoding/byte_codec.ts";
import type { HostedRoom } from "../wire/record.ts";
import { SERVICE_PORTS_END } from "./destinations.ts";

/** The longest beacon. It is below every MTU in use, so it is never fragmented. */
export const BEACON_BYTES_MAX = 512;
/** UTF-8 bytes of a name; longer ones are cut. */
export const NAME_BYTES_MAX = 128;
/** UTF-8 bytes of a room's title; longer ones are cut here and complete in the session. */
export const TITLE_BYTES_MAX = 128;

const VERSION = 1;
const KINDS = { hello: 1, answer: 2, beat: 3 } as const;
const MAGIC = new TextEncoder().encode("ERSH");
/** After magic, version and kind. */
const KEY_AT = MAGIC.length + 2;
/** Separates these signatures from all others made with the same key. */
const LABEL = new TextEncoder().encode("earshot beacon 1\0");
const SIGNATURE_BYTES = 64;
/** The part of a beacon that the signature covers. */
const SIGNED_BYTES_MAX = BEACON_BYTES_MAX - SIGNATURE_BYTES;

/** The reason why it was sent. */
export type BeaconKind = keyof typeof KINDS;

/** A node's public facts. */
export interface Profile {
  readonly name: string;
  readonly rendezvousPort: number;
  /** The device's host score, from 0 up. */
  readonly merit: number;
  readonly rooms: readonly HostedRoom[];
}

/** The sender's fields. */
export interface BeaconDraft extends Profile {
  readonly kind: BeaconKind;
  /** Wall clock in ms at the node's start. */
  readonly instance: number;
  readonly counter: number;
  readonly beatSeconds: number;
}

/** A decoded beacon with a valid signature. Its texts are foreign. */
export interface Beacon extends BeaconDraft {
  readonly id: PeerId;
  /** All rooms that the sender hosts; `rooms` contains those that fitted. */
  readonly roomsCount: number;
}

/** Why a datagram is not a valid beacon. */
export interface BeaconProblem {
  readonly problem: "not-earshot" | "other-version" | "malformed" | "bad-signature";
}

/** The bytes to send; `BEACON_BYTES_MAX` of them for hellos and beats. Rooms that do not fit are left out but counted. */
export function encodeBeacon(draft: BeaconDraft, signer: Signer): Uint8Array {
  const head = new ByteWriter(BEACON_BYTES_MAX).bytes(MAGIC).u8(VERSION).u8(KINDS[draft.kind]).bytes(
    signer.publicKey,
  )
    .u48(draft.instance).u32(draft.counter).u16(draft.beatSeconds).u16(draft.rendezvousPort).u8(draft.merit);
  const name = cutUtf8(draft.name, NAME_BYTES_MAX);
  head.u8(name.length).bytes(name).u16(Math.min(draft.rooms.length, 0xffff));
  const rooms = new ByteWriter();
  let roomsCount = 0;
  for (const { id, title, memberCount } of draft.rooms) {
    const titleBytes = cutUtf8(title, TITLE_BYTES_MAX);
    const length = head.length + 1 + rooms.length + ROOM_ID_BYTES + 3 + titleBytes.length;
    if (length > SIGNED_BYTES_MAX || roomsCount === 0xff) continue;
    rooms.bytes(toRoomBytes(id)).u16(Math.min(memberCount, 0xffff)).u8(titleBytes.length).bytes(titleBytes);
    roomsCount++;
  }
  const signed = head.u8(roomsCount).bytes(rooms.finish());
  if (draft.kind !== "answer") signed.bytes(new Uint8Array(SIGNED_BYTES_MAX - signed.length));
  const bytes = signed.finish();
  return signed.bytes(signer.sign(addLabel(bytes))).finish();
}

/** The sender that the bytes claim, without any check; null if they are not a beacon. */
export function parseClaimedId(bytes: Uint8Array): PeerId | null {
  if (!startsWithMagic(bytes) || bytes.length < KEY_AT + PEER_ID_BYTES) return null;
  return toPeerId(bytes.subarray(KEY_AT, KEY_AT + PEER_ID_BYTES));
}

/** Decodes a datagram. The signature is checked last, because that costs most. */
export function decodeBeacon(bytes: Uint8Array, crypto: Crypto): Beacon | BeaconProblem {
  if (!startsWithMagic(bytes)) return { problem: "not-earshot" };
  if (bytes[MAGIC.length] !== VERSION) return { problem: "other-version" };
  if (bytes.length > BEACON_BYTES_MAX || bytes.length < SIGNATURE_BYTES) return { problem: "malformed" };
  const signed = bytes.subarray(0, -SIGNATURE_BYTES);
  const key = signed.subarray(KEY_AT, KEY_AT + PEER_ID_BYTES);
  let beacon: Beacon;
  try {
    beacon = readSigned(signed);
  } catch (error) {
    if (error instanceof ProtocolError) return { problem: "malformed" };
    throw error;
  }
  const isGood = crypto.verify(key, addLabel(signed), bytes.subarray(-SIGNATURE_BYTES));
  return isGood ? beacon : { problem: "bad-signature" };
}

/** @throws {ProtocolError} for anything that `encodeBeacon` would not write. */
function readSigned(signed: Uint8Array): Beacon {
  const reader = new ByteReader(signed);
  reader.bytes(MAGIC.length + 1);
  const kind = parseKind(reader.u8());
  const id = toPeerId(reader.bytes(PEER_ID_BYTES));
  const instance = reader.u48();
  const counter = reader.u32();
  const beatSeconds = reader.u16();
  const rendezvousPort = reader.u16();
  // Otherwise a forged beacon could direct our connections at a different service.
  if (rendezvousPort < SERVICE_PORTS_END) throw malformedError("a rendezvous port of a system service");
  const merit = reader.u8();
  const name = readText(reader, NAME_BYTES_MAX);
  const roomsCount = reader.u16();
  const rooms: HostedRoom[] = [];
  for (let left = reader.u8(); left > 0; left--) {
    const id = toRoomId(reader.bytes(ROOM_ID_BYTES));
    const memberCount = reader.u16();
    rooms.push({ id, title: readText(reader, TITLE_BYTES_MAX), memberCount });
  }
  if (rooms.length > roomsCount) throw malformedError("more rooms than it counts");
  if (kind !== "answer") {
    if (signed.length !== SIGNED_BYTES_MAX) throw malformedError("not padded");
    if (reader.rest().some((byte) => byte !== 0)) throw malformedError("padded with something");
  }
  reader.end();
  return { kind, id, instance, counter, beatSeconds, rendezvousPort, merit, name, rooms, roomsCount };
}

function parseKind(wire: number): BeaconKind {
  for (const kind of ["hello", "answer", "beat"] as const) if (KINDS[kind] === wire) return kind;
  throw malformedError(`kind ${wire}`);
}

function readText(reader: ByteReader, bytesMax: number): string {
  const length = reader.u8();
  if (length > bytesMax) throw malformedError("a text that is too long");
  return reader.text(length);
}

function malformedError(detail: string): ProtocolError {
  return new ProtocolError("bad-record", detail);
}

function startsWithMagic(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

function addLabel(signed: Uint8Array): Uint8Array {
  return new ByteWriter(LABEL.length + signed.length).bytes(LABEL).bytes(signed).finish();
}

/** As many whole characters as fit. */
function cutUtf8(text: string, bytesMax: number): Uint8Array {
  const bytes = new Uint8Array(bytesMax);
  return bytes.subarray(0, new TextEncoder().encodeInto(text, bytes).written);
}
