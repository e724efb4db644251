/**
 * Frames on a stream: `u16 length · u8 kind · body`, where the length counts kind and body (1 to 65,535).
 * A frame says how long it is and what kind it is, no more; what may come when is the session's to know.
 */

import { ProtocolError } from "../errors.ts";

/** Bytes before a frame's body. They are authenticated with it (see Framer.next). */
export const FRAME_HEADER_BYTES = 3;
/** The greatest length that a header can say. A frame of that size is the largest; files travel in many. */
export const FRAME_LENGTH_MAX = 65_535;
/** Bytes of the largest body. */
export const FRAME_BODY_BYTES_MAX = FRAME_LENGTH_MAX - 1;

const LENGTH_BYTES = 2;
/** Initial size of the buffer for what has been read. */
const CAPACITY_MIN = 1_024;
/** A buffer larger than this is given back once it is empty and reads are small again: a quiet connection costs little. */
const CAPACITY_KEPT_MAX = 16 * 1_024;
/** Bytes that are offered for a read; a full read doubles them, small ones halve them again. */
const SPACE_MIN = 2 * 1_024;
/** The most bytes that one read may bring. */
const SPACE_MAX = 256 * 1_024;

/** One frame as it came. Body and header are views into the framer, valid until its next `push`. */
export interface Frame {
  readonly kind: number;
  readonly body: Uint8Array;
  /** The 3 bytes before the body: what the cipher takes as associated data. */
  readonly header: Uint8Array;
}

/**
 * Cuts a stream into frames, however it arrives.
 *
 * What is read goes right into its `space`, and frames are views of that: no byte is copied, but those of a frame that is cut.
 * The space follows what comes: a connection with little to say has 2 KiB, one that fills it with each read up to 256.
 * Invariant: #start <= #end <= #buffer.length; the bytes between are those not yet returned.
 */
export class Framer {
  #buffer: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #lengthMax: number;
  #spaceBytes = SPACE_MIN;

  /** `lengthMax`: the greatest length accepted in a header, until it is raised. */
  constructor(options: { readonly lengthMax?: number } = {}) {
    this.#lengthMax = options.lengthMax ?? FRAME_LENGTH_MAX;
  }

  /** Bytes held that `next` has not returned. */
  get bufferedBytes(): number {
    return this.#end - this.#start;
  }

  /** Sets a greater limit, for the frames that `next` has not returned yet: once the peer is known. */
  raiseLimit(lengthMax: number): void {
    this.#lengthMax = lengthMax;
  }

  /** Where to read to; then say by `took` how much it was. Frames returned before are no longer valid. */
  reserve(): Uint8Array {
    if (this.bufferedBytes === 0 && this.#buffer.length > 2 * this.#spaceBytes) {
      this.#buffer = new Uint8Array(0);
    }
    this.#makeRoom(this.#spaceBytes);
    return this.#buffer.subarray(this.#end, this.#end + this.#spaceBytes);
  }

  /** So many bytes were read into the `space` that was given last. Call `next` until null after each. */
  commit(count: number): void {
    this.#end += count;
    if (count === this.#spaceBytes) this.#spaceBytes = Math.min(SPACE_MAX, this.#spaceBytes * 2);
    else if (count < this.#spaceBytes / 8) this.#spaceBytes = Math.max(SPACE_MIN, this.#spaceBytes / 2);
  }

  /** Takes what was read. Frames returned before are no longer valid. Call `next` until null after each. */
  push(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next whole frame, or null until more is pushed.
   * @throws {ProtocolError} "bad-frame" for a length of 0 or above the limit, as soon as the length is here; and again at every further call.
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
   * Makes `size` bytes free behind #end. What is held moves to the front only when it is at most half of the buffer,
   * else the buffer doubles: so each byte is moved a constant number of times, however the stream is cut.
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

/** Writes the 3 bytes before a body to the front of `into`: for a frame that is sealed with them. @throws {RangeError} for a body above 65,534 bytes. */
export function writeFrameHead(into: Uint8Array, kind: number, bodyBytes: number): void {
  if (bodyBytes > FRAME_BODY_BYTES_MAX) {
    throw new RangeError(`A frame's body has at most ${FRAME_BODY_BYTES_MAX} bytes`);
  }
  const length = bodyBytes + 1;
  into[0] = length >> 8;
  into[1] = length & 0xff;
  into[LENGTH_BYTES] = kind;
}
