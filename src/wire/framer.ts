/**
 * Frames on a stream: `u16 length · u8 kind · body`. The length counts kind and body (1 to 65,535).
 * The framer knows lengths and kinds only; the session decides which frame may come when.
 */

import { ProtocolError } from "../errors.ts";

/** Bytes before a frame's body. They are authenticated with it (see Framer.next). */
export const FRAME_HEADER_BYTES = 3;
/** The greatest length in a header, and so the largest frame. Files take many frames. */
export const FRAME_LENGTH_MAX = 65_535;
/** Bytes of the largest body. */
export const FRAME_BODY_BYTES_MAX = FRAME_LENGTH_MAX - 1;

const LENGTH_BYTES = 2;
/** Initial size of the buffer for what has been read. */
const CAPACITY_MIN = 1_024;
/** A larger buffer is released once it is empty and reads are small again, so a quiet connection needs little memory. */
const CAPACITY_KEPT_MAX = 16 * 1_024;
/** Bytes offered to one read. A full read doubles the size; a small one halves it. */
const SPACE_MIN = 2 * 1_024;
/** The most bytes that one read may bring. */
const SPACE_MAX = 256 * 1_024;

/** A received frame. Body and header are views, valid until the framer's next `push` or `reserve`. */
export interface Frame {
  readonly kind: number;
  readonly body: Uint8Array;
  /** The 3 bytes before the body: the cipher's associated data. */
  readonly header: Uint8Array;
}

/**
 * Splits a stream into frames, however its bytes arrive.
 * Reads go directly into its buffer and frames are views of it, so only split frames are copied.
 * The offered size adapts: a quiet connection uses 2 KiB, a busy one up to 256 KiB.
 * Invariant: #start <= #end <= #buffer.length; the bytes between are those not yet returned.
 */
export class Framer {
  #buffer: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #lengthMax: number;
  #spaceBytes = SPACE_MIN;

  /** `lengthMax`: the greatest accepted length, until `raiseLimit`. */
  constructor(options: { readonly lengthMax?: number } = {}) {
    this.#lengthMax = options.lengthMax ?? FRAME_LENGTH_MAX;
  }

  /** Received bytes that `next` has not returned. */
  get bufferedBytes(): number {
    return this.#end - this.#start;
  }

  /** Raises the limit for frames that `next` has not returned yet, once the peer is known. */
  raiseLimit(lengthMax: number): void {
    this.#lengthMax = lengthMax;
  }

  /** The buffer for the next read; report the count to `commit`. Invalidates returned frames. */
  reserve(): Uint8Array {
    if (this.bufferedBytes === 0 && this.#buffer.length > 2 * this.#spaceBytes) {
      this.#buffer = new Uint8Array(0);
    }
    this.#makeRoom(this.#spaceBytes);
    return this.#buffer.subarray(this.#end, this.#end + this.#spaceBytes);
  }

  /** Records that `count` bytes were read into the last `reserve`. Then call `next` until it returns null. */
  commit(count: number): void {
    this.#end += count;
    if (count === this.#spaceBytes) this.#spaceBytes = Math.min(SPACE_MAX, this.#spaceBytes * 2);
    else if (count < this.#spaceBytes / 8) this.#spaceBytes = Math.max(SPACE_MIN, this.#spaceBytes / 2);
  }

  /** Adds received bytes. Invalidates returned frames. Then call `next` until it returns null. */
  push(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next whole frame, or null if more bytes are needed.
   * @throws {ProtocolError} "bad-frame" for a length of 0 or above the limit, as soon as the length has arrived, and
   * at every later call.
   */
  next(): Frame | null {
    if (this.bufferedBytes < LENGTH_BYTES) return null;
    const length = ((this.#buffer[this.#start] ?? 0) << 8) | (this.#buffer[this.#start + 1] ?? 0);
    if (length === 0) throw new ProtocolError("bad-frame", "a frame of length 0");
    if (length > this.#lengthMax) {
      throw new ProtocolError("bad-frame", `a frame of length ${length}, with ${this.#lengthMax} allowed`);
    }
    const end = this.#start + LENGTH_BYTES + length;
    if (end > this.#end) return null;
    const header = this.#buffer.subarray(this.#start, this.#start + FRAME_HEADER_BYTES);
    const body = this.#buffer.subarray(this.#start + FRAME_HEADER_BYTES, end);
    this.#start = end;
    return { kind: header[LENGTH_BYTES] ?? 0, body, header };
  }

  /**
   * Makes `size` bytes free after #end. Buffered bytes move to the front only if they fill at most half of the
   * buffer;
   * otherwise it doubles. So each byte moves a constant number of times, however the stream is split.
   */
  #makeRoom(size: number): void {
    const held = this.bufferedBytes;
    if (held === 0) {
      this.#start = this.#end = 0;
      if (this.#buffer.length > CAPACITY_KEPT_MAX && size <= CAPACITY_KEPT_MAX / 4) {
        this.#buffer = new Uint8Array(0);
      }
    }
    if (this.#end + size <= this.#buffer.length) return;
    if (held + size <= this.#buffer.length / 2) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
    } else {
      let capacity = Math.max(CAPACITY_MIN, this.#buffer.length);
      while (capacity < held + size) capacity *= 2;
      if (capacity === this.#buffer.length) capacity *= 2;
      const grown = new Uint8Array(capacity);
      grown.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = grown;
    }
    this.#start = 0;
    this.#end = held;
  }
}

/** One frame as bytes. @throws {RangeError} for a body above 65,534 bytes. */
export function encodeFrame(kind: number, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + body.length);
  writeFrameHead(frame, kind, body.length);
  frame.set(body, FRAME_HEADER_BYTES);
  return frame;
}

/**
 * Writes the 3 bytes before a body to the front of `into`, for a frame sealed with them. @throws {RangeError} for a
 * body above 65,534 bytes.
 */
export function writeFrameHead(into: Uint8Array, kind: number, bodyBytes: number): void {
  if (bodyBytes > FRAME_BODY_BYTES_MAX) {
    throw new RangeError(`A frame's body has at most ${FRAME_BODY_BYTES_MAX} bytes`);
  }
  const length = bodyBytes + 1;
  into[0] = length >> 8;
  into[1] = length & 0xff;
  into[LENGTH_BYTES] = kind;
}
