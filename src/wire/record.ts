/**
 * The records of a session. A record is `u8 type · u24 length · payload`. Records follow each other in the plaintext
 * of frames and may be split anywhere between frames. Records of unknown types are skipped, so later versions can add
 * some.
 * Numbers are big-endian. docs/protocol.md has the same table, and a test reads it.
 */

import { assertNever, ProtocolError } from "../errors.ts";
import type { Endpoint } from "../ports/network.ts";
import {
  PEER_ID_BYTES,
  type PeerId,
  ROOM_ID_BYTES,
  type RoomId,
  toPeerId,
  toPeerKey,
  toRoomBytes,
  toRoomId,
} from "../room/id.ts";
import { INVITATION_PROOF_BYTES } from "../room/invitation.ts";
import type { Vector } from "../room/version_vector.ts";
import { ByteReader, ByteWriter } from "../encoding/byte_codec.ts";
import { decodeFilePayload, encodeFilePayload, encodePiece, type FileRecord } from "./file_record.ts";

/**
 * Bytes of a record's payload; a larger one ends the session. Enough for the vector of 4,096 authors and for the
 * longest entry.
 */
export const RECORD_BYTES_MAX = 192 * 1024;
/** Rooms in a profile and peers in an introduction; more end the session. */
export const LIST_MAX = 64;

/** A hosted room, as announced in beacons and profiles. */
export interface HostedRoom {
  readonly id: RoomId;
  /** Empty for an invite-only room. */
  readonly title: string;
  readonly memberCount: number;
}

/** Where a third peer may be reached: an unverified hint. */
export interface Introduction {
  readonly peer: PeerId;
  readonly endpoint: Endpoint;
}

/** All records of a session (docs/protocol.md, "Records"). */
export type WireRecord =
  /** The sender's public profile: the first record, repeated when it changes. */
  | {
    readonly type: "profile";
    readonly name: string;
    /** Why the user is away; empty if present. */
    readonly away: string;
    readonly rendezvousPort: number;
    /** The sender's score as a host, from 0 up. */
    readonly merit: number;
    readonly rooms: readonly HostedRoom[];
  }
  /** Keeps the session alive. */
  | { readonly type: "ping" }
  /** Ends the session; the number is one of PROTOCOL_CODES. */
  | { readonly type: "close"; readonly code: number }
  /**
   * The sender takes part in this room, and its disk has this vector. `follow`: relay the room to me. `leads`: the
   * host that I follow ranks before you. `ask`: answer with your own meet. `again`: forget what you have sent me.
   * `proof`: my invitation to this room.
   */
  | {
    readonly type: "meet";
    readonly room: RoomId;
    readonly follow: boolean;
    readonly leads: boolean;
    readonly ask: boolean;
    readonly again: boolean;
    readonly vector: Vector;
    /** INVITATION_PROOF_BYTES bytes; null if no proof is needed. */
    readonly proof: Uint8Array | null;
  }
  /** Declines a meet. */
  | { readonly type: "refuse"; readonly room: RoomId }
  /** Lines of a room; the lines of each feed are in order. */
  | { readonly type: "entries"; readonly room: RoomId; readonly lines: readonly string[] }
  /** The sender's disk has these feeds up to these numbers. */
  | { readonly type: "have"; readonly room: RoomId; readonly vector: Vector }
  /** These members' disks have the receiver's feed up to these numbers. */
  | { readonly type: "seen"; readonly room: RoomId; readonly members: Vector }
  /**
   * Announces a stream: the room's entries will come sealed with this key in stream frames of this number, starting
   * at this counter.
   */
  | {
    readonly type: "stream";
    readonly room: RoomId;
    readonly stream: number;
    readonly key: Uint8Array;
    readonly counter: number;
  }
  /** Where to reach other members of shared rooms. */
  | { readonly type: "introduce"; readonly peers: readonly Introduction[] }
  /** The sender's user is typing in this room. */
  | { readonly type: "typing"; readonly room: RoomId }
  /** Connect to my rendezvous port, at the address that you see, and report the result. */
  | { readonly type: "try" }
  /** The answer to a try. `hears`: the sender receives your beacons. `wallMs`: the sender's clock, Unix ms. */
  | {
    readonly type: "tried";
    readonly outcome: TryOutcome;
    readonly hears: boolean;
    readonly wallMs: number;
  }
  | FileRecord;

/** The result of a connection to the rendezvous port. "failed" also stands for results of later versions. */
export type TryOutcome = "reached" | "refused" | "silent" | "unreachable" | "failed";

/** The type numbers on the wire. */
export const RECORD_TYPES = {
  profile: 1,
  ping: 2,
  close: 3,
  meet: 4,
  refuse: 5,
  entries: 6,
  have: 7,
  seen: 8,
  stream: 9,
  introduce: 10,
  typing: 11,
  try: 12,
  tried: 13,
  seek: 14,
  holding: 15,
  want: 16,
  piece: 17,
  drop: 18,
} as const satisfies Record<WireRecord["type"], number>;

const TYPES_BY_NUMBER: ReadonlyMap<number, WireRecord["type"]> = new Map(
  (Object.keys(RECORD_TYPES) as WireRecord["type"][]).map((name) => [RECORD_TYPES[name], name]),
);
const OUTCOMES = ["failed", "reached", "refused", "silent", "unreachable"] as const;
const HEARS = 1;
const FOLLOW = 1;
const ASK = 2;
const AGAIN = 4;
const PROOF = 8;
const LEADS = 16;
/** Bytes before the payload. */
export const RECORD_HEAD_BYTES = 4;
const NOTHING = new Uint8Array(0);
const STREAM_KEY_BYTES = 32;
/** Bytes of a peer and a number. */
const VECTOR_PAIR_BYTES = PEER_ID_BYTES + 6;
/** Bytes of room, flags, proof and count. */
const VECTOR_HEAD_BYTES_MAX = ROOM_ID_BYTES + 1 + INVITATION_PROOF_BYTES + 2;
const NEWLINE = "\n";
const UTF8 = new TextEncoder();

/** The record as bytes, including its head. @throws {RangeError} if it is larger than receivers accept. */
export function encodeRecord(record: WireRecord): Uint8Array {
  if (record.type === "entries") return encodeEntries(record);
  if (record.type === "piece") return encodePiece(record);
  const payload = encodePayload(record);
  if (payload.length > RECORD_BYTES_MAX) {
    throw new RangeError(`A ${record.type} record of ${payload.length} bytes is too large`);
  }
  const bytes = new Uint8Array(RECORD_HEAD_BYTES + payload.length);
  writeRecordHead(bytes, record.type);
  bytes.set(payload, RECORD_HEAD_BYTES);
  return bytes;
}

/** Almost all records are entries, and almost all of those ASCII: they are encoded directly into place. */
function encodeEntries({ room, lines }: Extract<WireRecord, { readonly type: "entries" }>): Uint8Array {
  const text = lines.join(NEWLINE);
  const start = RECORD_HEAD_BYTES + ROOM_ID_BYTES;
  let bytes = new Uint8Array(start + text.length);
  if (UTF8.encodeInto(text, bytes.subarray(start)).read < text.length) {
    const utf8 = UTF8.encode(text);
    bytes = new Uint8Array(start + utf8.length);
    bytes.set(utf8, start);
  }
  if (bytes.length - RECORD_HEAD_BYTES > RECORD_BYTES_MAX) {
    throw new RangeError(`An entries record of ${bytes.length - RECORD_HEAD_BYTES} bytes is too large`);
  }
  writeRecordHead(bytes, "entries");
  bytes.set(toRoomBytes(room), RECORD_HEAD_BYTES);
  return bytes;
}

function writeRecordHead(bytes: Uint8Array, type: WireRecord["type"]): void {
  const length = bytes.length - RECORD_HEAD_BYTES;
  bytes[0] = RECORD_TYPES[type];
  bytes[1] = length >> 16;
  bytes[2] = (length >> 8) & 0xff;
  bytes[3] = length & 0xff;
}

function encodePayload(record: Exclude<WireRecord, { readonly type: "entries" }>): Uint8Array {
  const out = new ByteWriter();
  switch (record.type) {
    case "profile":
      out.text8(record.name).text8(record.away).u16(record.rendezvousPort).u8(record.merit).u8(
        record.rooms.length,
      );
      for (const room of record.rooms) {
        out.bytes(toRoomBytes(room.id)).text8(room.title).u16(room.memberCount);
      }
      return out.finish();
    case "ping":
    case "try":
      return out.finish();
    case "tried":
      return out.u8(OUTCOMES.indexOf(record.outcome)).u8(record.hears ? HEARS : 0).u48(record.wallMs)
        .finish();
    case "close":
      return out.u8(record.code).finish();
    case "meet": {
      const flags = (record.follow ? FOLLOW : 0) | (record.leads ? LEADS : 0) | (record.ask ? ASK : 0) |
        (record.again ? AGAIN : 0) |
        (record.proof !== null ? PROOF : 0);
      const head = createVectorWriter(record.vector).bytes(toRoomBytes(record.room)).u8(flags);
      return writeVector(head.bytes(record.proof ?? NOTHING), record.vector).view();
    }
    case "refuse":
    case "typing":
      return out.bytes(toRoomBytes(record.room)).finish();
    case "have":
      return writeVector(createVectorWriter(record.vector).bytes(toRoomBytes(record.room)), record.vector)
        .view();
    case "seen":
      return writeVector(createVectorWriter(record.members).bytes(toRoomBytes(record.room)), record.members)
        .view();
    case "stream":
      return out.bytes(toRoomBytes(record.room)).u32(record.stream).bytes(record.key).u48(record.counter)
        .finish();
    case "introduce":
      out.u8(record.peers.length);
      for (const { peer, endpoint } of record.peers) {
        out.bytes(toPeerKey(peer)).text8(endpoint.address).u16(endpoint.port);
      }
      return out.finish();
    case "seek":
    case "holding":
    case "want":
    case "piece":
    case "drop":
      return encodeFilePayload(record);
    default:
      return assertNever(record);
  }
}

/** The record of that type and payload, or null for an unknown type. @throws {ProtocolError} "bad-record", "too-much". */
export function decodeRecord(type: number, payload: Uint8Array): WireRecord | null {
  const known = TYPES_BY_NUMBER.get(type);
  if (known === undefined) return null;
  const reader = new ByteReader(payload);
  const record = readPayload(known, reader);
  reader.end();
  return record;
}

function readPayload(type: WireRecord["type"], reader: ByteReader): WireRecord {
  switch (type) {
    case "profile": {
      const name = reader.text8();
      const away = reader.text8();
      const rendezvousPort = reader.u16();
      const merit = reader.u8();
      const rooms = readList(
        reader,
        () => ({ id: readRoom(reader), title: reader.text8(), memberCount: reader.u16() }),
      );
      return { type, name, away, rendezvousPort, merit, rooms };
    }
    case "ping":
    case "try":
      return { type };
    case "tried": {
      const outcome = OUTCOMES[reader.u8()] ?? "failed";
      const hears = (reader.u8() & HEARS) !== 0;
      return { type, outcome, hears, wallMs: reader.u48() };
    }
    case "close":
      return { type, code: reader.u8() };
    case "meet": {
      const room = readRoom(reader);
      const flags = reader.u8();
      const proof = (flags & PROOF) === 0 ? null : reader.bytes(INVITATION_PROOF_BYTES).slice();
      const vector = readVector(reader);
      return {
        type,
        room,
        follow: (flags & FOLLOW) !== 0,
        leads: (flags & LEADS) !== 0,
        ask: (flags & ASK) !== 0,
        again: (flags & AGAIN) !== 0,
        vector,
        proof,
      };
    }
    case "refuse":
    case "typing":
      return { type, room: readRoom(reader) };
    case "entries": {
      const room = readRoom(reader);
      const text = reader.text(reader.remaining);
      return { type, room, lines: text === "" ? [] : text.split(NEWLINE) };
    }
    case "have":
      return { type, room: readRoom(reader), vector: readVector(reader) };
    case "seen":
      return { type, room: readRoom(reader), members: readVector(reader) };
    case "stream":
      return {
        type,
        room: readRoom(reader),
        stream: reader.u32(),
        key: reader.bytes(STREAM_KEY_BYTES).slice(),
        counter: reader.u48(),
      };
    case "introduce": {
      const peers = readList(reader, () => ({
        peer: toPeerId(reader.bytes(PEER_ID_BYTES)),
        endpoint: { address: reader.text8(), port: reader.u16() },
      }));
      return { type, peers };
    }
    case "seek":
    case "holding":
    case "want":
    case "piece":
    case "drop":
      return decodeFilePayload(type, reader);
    default:
      return assertNever(type);
  }
}

function readRoom(reader: ByteReader): RoomId {
  return toRoomId(reader.bytes(ROOM_ID_BYTES));
}

function readList<T>(reader: ByteReader, item: () => T): T[] {
  const count = reader.u8();
  if (count > LIST_MAX) throw new ProtocolError("too-much", `a list of ${count}`);
  return Array.from({ length: count }, item);
}

/** Reserves the full size: the vector of a large room takes 38 kB, and every newcomer receives one. */
function createVectorWriter({ size }: Vector): ByteWriter {
  return new ByteWriter(VECTOR_HEAD_BYTES_MAX + size * VECTOR_PAIR_BYTES);
}

function writeVector(out: ByteWriter, vector: Vector): ByteWriter {
  out.u16(vector.size);
  for (const [peer, number] of vector) out.bytes(toPeerKey(peer)).u48(number);
  return out;
}

function readVector(reader: ByteReader): Map<PeerId, number> {
  const vector = new Map<PeerId, number>();
  for (let count = reader.u16(); count > 0; count--) {
    vector.set(toPeerId(reader.bytes(PEER_ID_BYTES)), reader.u48());
  }
  return vector;
}
