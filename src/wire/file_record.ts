/** Records about files: which peer has a content, which parts are wanted, and their bytes. A part of record.ts. */

import { ProtocolError } from "../errors.ts";
import { ROOM_ID_BYTES, type RoomId, toRoomBytes, toRoomId } from "../room/id.ts";
import { type ByteReader, ByteWriter } from "../encoding/byte_codec.ts";

/** Bytes of one piece record: with its head it exactly fills a frame. */
export const PIECE_BYTES_MAX = 65_472;
/** Bytes before the data: wish, piece and offset. */
const PIECE_HEAD_BYTES = 12;
/** Requests the manifest when it replaces a piece number. */
export const MANIFEST_PIECE = 0xffff_ffff;

const HOLDING_CODES = { none: 0, all: 1, some: 2 } as const;
const MANIFEST_HASH_BYTES = 32;
/** The type number of a piece record, and the bytes before its payload (see record.ts). */
const PIECE_TYPE = 17;
const HEAD_BYTES = 4;

/** All records about files (docs/protocol.md, "Files"). */
export type FileRecord =
  /**
   * Asks whether the peer has the content with that manifest, offered in the room. Answers carry the number of this
   * wish.
   */
  | {
    readonly type: "seek";
    readonly room: RoomId;
    readonly wish: number;
    readonly manifest: Uint8Array;
  }
  /**
   * How much of the content the sender has. A bitmap has one bit per piece, the first in the highest bit. Sent again
   * when that changes.
   */
  | {
    readonly type: "holding";
    readonly wish: number;
    readonly held: "none" | "all" | Uint8Array;
  }
  /** Requests a part of a piece. */
  | {
    readonly type: "want";
    readonly wish: number;
    readonly piece: number;
    readonly offset: number;
    readonly length: number;
  }
  /** Bytes of a piece from that offset, in answer to a `want`. */
  | {
    readonly type: "piece";
    readonly wish: number;
    readonly piece: number;
    readonly offset: number;
    readonly bytes: Uint8Array;
  }
  /** Ends the wish. */
  | { readonly type: "drop"; readonly wish: number };

/** A whole piece record. It copies the data only once, because a file needs many of these. */
export function encodePiece(
  { wish, piece, offset, bytes }: Extract<FileRecord, { type: "piece" }>,
): Uint8Array {
  const size = HEAD_BYTES + PIECE_HEAD_BYTES + bytes.length;
  return new ByteWriter(size).u8(PIECE_TYPE).u24(PIECE_HEAD_BYTES + bytes.length)
    .u32(wish).u32(piece).u32(offset).bytes(bytes).view();
}

/** The payload of a file record. */
export function encodeFilePayload(record: FileRecord): Uint8Array {
  const out = new ByteWriter();
  switch (record.type) {
    case "seek":
      return out.bytes(toRoomBytes(record.room)).u32(record.wish).bytes(record.manifest).finish();
    case "holding":
      return typeof record.held === "string"
        ? out.u32(record.wish).u8(HOLDING_CODES[record.held]).finish()
        : out.u32(record.wish).u8(HOLDING_CODES.some).bytes(record.held).finish();
    case "want":
      return out.u32(record.wish).u32(record.piece).u32(record.offset).u32(record.length).finish();
    case "piece":
      return encodePiece(record).subarray(HEAD_BYTES);
    case "drop":
      return out.u32(record.wish).finish();
  }
}

/** The record of that type. @throws {ProtocolError} "bad-record". */
export function decodeFilePayload(type: FileRecord["type"], reader: ByteReader): FileRecord {
  switch (type) {
    case "seek":
      return {
        type,
        room: toRoomId(reader.bytes(ROOM_ID_BYTES)),
        wish: reader.u32(),
        manifest: reader.bytes(MANIFEST_HASH_BYTES).slice(),
      };
    case "holding": {
      const wish = reader.u32();
      const how = reader.u8();
      if (how > HOLDING_CODES.some) throw new ProtocolError("bad-record", `a holding of ${how}`);
      return {
        type,
        wish,
        held: how === HOLDING_CODES.some ? reader.rest().slice() : how === HOLDING_CODES.all ? "all" : "none",
      };
    }
    case "want":
      return {
        type,
        wish: reader.u32(),
        piece: reader.u32(),
        offset: reader.u32(),
        length: reader.u32(),
      };
    case "piece":
      // A view: most receivers copy it into their own buffer anyway.
      return {
        type,
        wish: reader.u32(),
        piece: reader.u32(),
        offset: reader.u32(),
        bytes: readPieceBytes(reader),
      };
    case "drop":
      return { type, wish: reader.u32() };
  }
}

function readPieceBytes(reader: ByteReader): Uint8Array {
  if (reader.remaining === 0 || reader.remaining > PIECE_BYTES_MAX) {
    throw new ProtocolError("bad-record", `a piece of ${reader.remaining} bytes`);
  }
  return reader.rest();
}
