/**
 * A room is sealed once, not once a member: while a node hosts, every entry is sealed with the stream's key into one
 * growing buffer, and each connection writes slices of that same buffer from its own cursor. A member gets the key
 * inside its session, so it is forward secret. Entries are signed by their authors: sharing the key lets nobody speak
 * for another.
 */

import { ProtocolError } from "../errors.ts";
import type { Aead, Crypto } from "../ports/crypto.ts";
import { FRAME_LENGTH_MAX, writeFrameHead } from "./framer.ts";
import { encodeNonce, TAG_BYTES } from "./noise.ts";
import { RecordAssembler } from "./record_assembler.ts";
import type { WireRecord } from "./record.ts";

/** Bytes that a follower may be behind before its session is cut; it resumes by vector. The same bound as for a send queue. */
export const STREAM_LAG_BYTES_MAX = 4 * 1024 * 1024;
/** The frame kind of stream frames; `u32 stream` stands before the ciphertext. */
export const STREAM_FRAME = 2;

const HEAD_BYTES = 3;
const NUMBER_BYTES = 4;
/** The part of a frame that is left for records. */
const PLAIN_BYTES_MAX = FRAME_LENGTH_MAX - 1 - NUMBER_BYTES - TAG_BYTES;
/** Initial size of the buffer for a stream's records. */
const BUFFER_BYTES_MIN = 16 * 1024;
const NOTHING = new Uint8Array(0);

/** The sending half: what a hosting node says in one room, sealed once. */
export class RoomStream {
  readonly number: number;
  readonly key: Uint8Array;
  readonly #aead: Aead;
  readonly #cursors = new Set<Cursor>();
  #counter = 0;
  #buffer = new Uint8Array(BUFFER_BYTES_MIN);
  /** Where the buffer's first byte stands in the stream. */
  #startAt = 0;
  #endAt = 0;
  /** What was taken last, and from where: mostly all followers take the same, and one view of it does for all. */
  #slice = { from: 0, bytes: NOTHING };

  /** `number` tells this node's streams apart; the key is 32 fresh random bytes. */
  constructor(options: { readonly number: number; readonly key: Uint8Array; readonly crypto: Crypto }) {
    this.number = options.number;
    this.key = options.key;
    this.#aead = options.crypto.aead(options.key);
  }

  /** The counter of the next frame: what a new follower starts with. */
  get counter(): number {
    return this.#counter;
  }

  /** Seals records (whole ones, already encoded) for all followers. Without any it only keeps silent: nothing is sealed. */
  append(records: Uint8Array): void {
    if (this.#cursors.size === 0) return;
    for (let at = 0; at < records.length; at += PLAIN_BYTES_MAX) {
      this.#seal(records.subarray(at, at + PLAIN_BYTES_MAX));
    }
  }

  /** A new follower's place: it gets what is appended from now on. */
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

  /** Grows into a new buffer, without what every cursor has passed. The old one stays whole for writes under way. */
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

/** One follower's place in a stream. */
export class Cursor {
  readonly #stream: { endAt(): number; slice(from: number): Uint8Array; forget(): void };
  #at: number;

  /** Made by `RoomStream.follow`. */
  constructor(at: number, stream: { endAt(): number; slice(from: number): Uint8Array; forget(): void }) {
    this.#at = at;
    this.#stream = stream;
  }

  /** Where this follower stands. */
  get at(): number {
    return this.#at;
  }

  /** Bytes not yet taken. */
  get lagBytes(): number {
    return this.#stream.endAt() - this.#at;
  }

  /** All that is new, a view of the shared buffer; empty if nothing is. */
  take(): Uint8Array {
    const slice = this.#stream.slice(this.#at);
    this.#at += slice.length;
    return slice;
  }

  /** Gives the place up, so that nothing is kept for it. */
  close(): void {
    this.#stream.forget();
  }
}

/** The receiving half of one stream. */
export class StreamReader {
  readonly #aead: Aead;
  readonly #assembler = new RecordAssembler();
  #counter: number;

  /** Starts with the key and counter that came inside the session. */
  constructor(options: { readonly key: Uint8Array; readonly counter: number; readonly crypto: Crypto }) {
    this.#aead = options.crypto.aead(options.key);
    this.#counter = options.counter;
  }

  /** Bytes of a record that is not whole yet. */
  get bufferedBytes(): number {
    return this.#assembler.bufferedBytes;
  }

  /**
   * The records that a frame completes: entries and nothing else, because every follower knows the key, and entries are
   * the one thing that nobody can forge with it. @throws {ProtocolError} "bad-frame", "bad-record".
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

/** The number of the stream that a stream frame belongs to. @throws {ProtocolError} "bad-frame". */
export function readStreamNumber(body: Uint8Array): number {
  if (body.length < NUMBER_BYTES + TAG_BYTES) {
    throw new ProtocolError("bad-frame", "a stream frame is too short");
  }
  return new DataView(body.buffer, body.byteOffset).getUint32(0);
}
