/**
 * Seals a room's entries once for all followers (docs/protocol.md, "Streams"). The host seals every entry with the
 * stream's key into one growing buffer, and each connection writes slices of that buffer from its own cursor. A
 * member receives the key inside its session, so it is forward secret. Authors sign their entries, so sharing the key
 * lets nobody forge one.
 */

import { ProtocolError } from "../errors.ts";
import type { Aead, Crypto } from "../ports/crypto.ts";
import { FRAME_LENGTH_MAX, writeFrameHead } from "./framer.ts";
import { encodeNonce, TAG_BYTES } from "./noise.ts";
import { RecordAssembler } from "./record_assembler.ts";
import type { WireRecord } from "./record.ts";

/**
 * Bytes that a follower may lag behind before its session ends; it resumes by vector. The same limit as for a send
 * queue.
 */
export const STREAM_LAG_BYTES_MAX = 4 * 1024 * 1024;
/** The kind of stream frames. A `u32 stream` precedes the ciphertext. */
export const STREAM_FRAME = 2;

const HEAD_BYTES = 3;
const NUMBER_BYTES = 4;
/** The part of a frame that is left for records. */
const PLAIN_BYTES_MAX = FRAME_LENGTH_MAX - 1 - NUMBER_BYTES - TAG_BYTES;
/** Initial size of the buffer for a stream's records. */
const BUFFER_BYTES_MIN = 16 * 1024;
const NOTHING = new Uint8Array(0);

/** The sending half: the entries of one hosted room, sealed once. */
export class RoomStream {
  readonly number: number;
  readonly key: Uint8Array;
  readonly #aead: Aead;
  readonly #cursors = new Set<Cursor>();
  #counter = 0;
  #buffer = new Uint8Array(BUFFER_BYTES_MIN);
  /** The position of the buffer's first byte in the stream. */
  #startAt = 0;
  #endAt = 0;
  /** The last slice and its start. Most followers take the same slice, so they share one view. */
  #slice = { from: 0, bytes: NOTHING };

  /** `number` distinguishes the streams of this node; the key is 32 fresh random bytes. */
  constructor(options: { readonly number: number; readonly key: Uint8Array; readonly crypto: Crypto }) {
    this.number = options.number;
    this.key = options.key;
    this.#aead = options.crypto.aead(options.key);
  }

  /** The counter of the next frame, with which a new follower starts. */
  get counter(): number {
    return this.#counter;
  }

  /** Seals whole encoded records for all followers. Does nothing without followers. */
  append(records: Uint8Array): void {
    if (this.#cursors.size === 0) return;
    for (let at = 0; at < records.length; at += PLAIN_BYTES_MAX) {
      this.#seal(records.subarray(at, at + PLAIN_BYTES_MAX));
    }
  }

  /** A cursor for a new follower. It receives everything appended from now on. */
  follow(): Cursor {
    const cursor: Cursor = new Cursor(this.#endAt, {
      endAt: () => this.#endAt,
      slice: (from) => this.#sliceFrom(from),
      forget: () => this.#cursors.delete(cursor),
    });
    this.#cursors.add(cursor);
    return cursor;
  }

  #sliceFrom(from: number): Uint8Array {
    const { from: lastFrom, bytes: last } = this.#slice;
    if (from === lastFrom && from + last.length === this.#endAt) return last;
    const bytes = this.#buffer.subarray(from - this.#startAt, this.#endAt - this.#startAt);
    this.#slice = { from, bytes };
    return bytes;
  }

  #seal(plain: Uint8Array): void {
    const length = 1 + NUMBER_BYTES + plain.length + TAG_BYTES;
    const head = new Uint8Array(HEAD_BYTES + NUMBER_BYTES);
    writeFrameHead(head, STREAM_FRAME, length - 1);
    new DataView(head.buffer).setUint32(HEAD_BYTES, this.number);
    const sealed = this.#aead.seal(encodeNonce(this.#counter++), plain, head);
    this.#makeRoom(head.length + sealed.length);
    this.#buffer.set(head, this.#endAt - this.#startAt);
    this.#buffer.set(sealed, this.#endAt - this.#startAt + head.length);
    this.#endAt += head.length + sealed.length;
  }

  /**
   * Moves into a new buffer, without the bytes that every cursor has passed. The old buffer stays intact for pending
   * writes.
   */
  #makeRoom(bytes: number): void {
    if (this.#endAt - this.#startAt + bytes <= this.#buffer.length) return;
    let neededAt = this.#endAt;
    for (const cursor of this.#cursors) neededAt = Math.min(neededAt, cursor.at);
    const live = this.#buffer.subarray(neededAt - this.#startAt, this.#endAt - this.#startAt);
    const grown = new Uint8Array(Math.max(BUFFER_BYTES_MIN, 2 * (live.length + bytes)));
    grown.set(live);
    this.#buffer = grown;
    this.#slice = { from: 0, bytes: NOTHING };
    this.#startAt = neededAt;
  }
}

/** One follower's position in a stream. */
export class Cursor {
  readonly #stream: { endAt(): number; slice(from: number): Uint8Array; forget(): void };
  #at: number;

  /** Created by `RoomStream.follow`. */
  constructor(at: number, stream: { endAt(): number; slice(from: number): Uint8Array; forget(): void }) {
    this.#at = at;
    this.#stream = stream;
  }

  /** The position of this follower. */
  get at(): number {
    return this.#at;
  }

  /** Bytes not taken yet. */
  get lagBytes(): number {
    return this.#stream.endAt() - this.#at;
  }

  /** All new bytes as a view of the shared buffer; empty if there are none. */
  take(): Uint8Array {
    const slice = this.#stream.slice(this.#at);
    this.#at += slice.length;
    return slice;
  }

  /** Removes the cursor, so that no bytes are kept for it. */
  close(): void {
    this.#stream.forget();
  }
}

/** The receiving half of one stream. */
export class StreamReader {
  readonly #aead: Aead;
  readonly #assembler = new RecordAssembler();
  #counter: number;

  /** Starts with the key and counter from the session. */
  constructor(options: { readonly key: Uint8Array; readonly counter: number; readonly crypto: Crypto }) {
    this.#aead = options.crypto.aead(options.key);
    this.#counter = options.counter;
  }

  /** Bytes of an incomplete record. */
  get bufferedBytes(): number {
    return this.#assembler.bufferedBytes;
  }

  /**
   * The records that a frame completes. Only entries are accepted: every follower knows the key, and only entries
   * cannot be forged with it. @throws {ProtocolError} "bad-frame", "bad-record".
   */
  open(header: Uint8Array, body: Uint8Array): WireRecord[] {
    const head = new Uint8Array(HEAD_BYTES + NUMBER_BYTES);
    head.set(header);
    head.set(body.subarray(0, NUMBER_BYTES), HEAD_BYTES);
    const plain = this.#aead.open(encodeNonce(this.#counter), body.subarray(NUMBER_BYTES), head);
    if (plain === null) throw new ProtocolError("bad-frame", "a stream frame does not open");
    this.#counter++;
    const records = this.#assembler.push(plain);
    if (records.some((record) => record.type !== "entries")) {
      throw new ProtocolError("bad-record", "in a stream");
    }
    return records;
  }
}

/** The stream number in the body of a stream frame. @throws {ProtocolError} "bad-frame". */
export function readStreamNumber(body: Uint8Array): number {
  if (body.length < NUMBER_BYTES + TAG_BYTES) {
    throw new ProtocolError("bad-frame", "a stream frame is too short");
  }
  return new DataView(body.buffer, body.byteOffset).getUint32(0);
}
