/** Numbers, bytes and text to and from fixed big-endian layouts. Every read is checked; nothing is guessed. */

import { ProtocolError } from "../errors.ts";
import type { ProtocolCode } from "../errors.ts";

const UTF8_OUT = new TextEncoder();
/** `ignoreBOM` means "keep it": without it a leading U+FEFF would vanish, and two encodings would be one text. */
const UTF8_IN = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** By a number's size in bytes: the least that does not fit. Counted once, for this is done for each pair of each vector. */
const LIMITS = Array.from({ length: 7 }, (_, size) => 256 ** size);

/** Puts values one behind the other. A value that does not fit its field is a bug of the caller: RangeError. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  /** `sizeHint`: bytes to reserve; it grows when needed. */
  constructor(sizeHint = 64) {
    this.#bytes = new Uint8Array(sizeHint);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** 0 to 255. @throws {RangeError}. */
  u8(value: number): this {
    return this.#number(value, 1);
  }

  /** 0 to 65,535. @throws {RangeError}. */
  u16(value: number): this {
    return this.#number(value, 2);
  }

  /** 0 to 2^24 − 1. @throws {RangeError}. */
  u24(value: number): this {
    return this.#number(value, 3);
  }

  /** 0 to 2^32 − 1. @throws {RangeError}. */
  u32(value: number): this {
    return this.#number(value, 4);
  }

  /** 0 to 2^48 − 1: milliseconds since 1970 until the year 10889. @throws {RangeError}. */
  u48(value: number): this {
    return this.#number(value, 6);
  }

  /** The bytes as they are, without a length. */
  bytes(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** A u8 length and that many bytes of UTF-8; lone surrogates become U+FFFD. @throws {RangeError} above 255 bytes. */
  text8(text: string): this {
    const utf8 = UTF8_OUT.encode(text);
    return this.u8(utf8.length).bytes(utf8);
  }

  /** What was written, as a copy; the writer may go on. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** What was written, without a copy; the writer must not go on. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #number(value: number, size: number): this {
    if (!Number.isSafeInteger(value) || value < 0 || value >= (LIMITS[size] ?? 0)) {
      throw new RangeError(`${value} does not fit into ${size} bytes`);
    }
    this.#reserve(size);
    let rest = value;
    for (let index = this.#length + size - 1; index >= this.#length; index--) {
      this.#bytes[index] = rest % 256;
      rest = Math.floor(rest / 256); // Not a shift: u48 does not fit into the 32 bits of one.
    }
    this.#length += size;
    return this;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Takes values one behind the other from foreign bytes. Whatever does not fit ends in a ProtocolError of the given code. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #code: ProtocolCode;
  #at = 0;

  /** Views that the reader returns share memory with `bytes`. */
  constructor(bytes: Uint8Array, code: ProtocolCode = "bad-record") {
    this.#bytes = bytes;
    this.#code = code;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** @throws {ProtocolError} when cut short, as for every read below. */
  u8(): number {
    return this.#number(1);
  }

  /** @throws {ProtocolError} when cut short. */
  u16(): number {
    return this.#number(2);
  }

  /** @throws {ProtocolError} when cut short. */
  u24(): number {
    return this.#number(3);
  }

  /** @throws {ProtocolError} when cut short. */
  u32(): number {
    return this.#number(4);
  }

  /** @throws {ProtocolError} when cut short. */
  u48(): number {
    return this.#number(6);
  }

  /** The next bytes, as a view. @throws {ProtocolError} when cut short. */
  bytes(size: number): Uint8Array {
    if (size > this.remaining) throw new ProtocolError(this.#code, "it is cut short");
    const view = this.#bytes.subarray(this.#at, this.#at + size);
    this.#at += size;
    return view;
  }

  /** All that is left, as a view; perhaps empty. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** That many bytes of UTF-8. @throws {ProtocolError} when cut short or not UTF-8. */
  text(size: number): string {
    const utf8 = this.bytes(size);
    try {
      return UTF8_IN.decode(utf8);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new ProtocolError(this.#code, "a text is not UTF-8");
    }
  }

  /** A u8 length and that many bytes of UTF-8. @throws {ProtocolError} when cut short or not UTF-8. */
  text8(): string {
    return this.text(this.u8());
  }

  /** To be called last: nothing may follow, or one meaning would have many encodings. @throws {ProtocolError}. */
  end(): void {
    if (this.remaining > 0) throw new ProtocolError(this.#code, `${this.remaining} bytes too many`);
  }

  #number(size: number): number {
    if (size > this.remaining) throw new ProtocolError(this.#code, "it is cut short");
    let value = 0;
    const end = this.#at + size;
    for (; this.#at < end; this.#at++) {
      value = value * 256 + (this.#bytes[this.#at] ?? 0);
    }
    return value;
  }
}

/** The parts one behind the other, copied. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Less than that is not worth the call. */
const RELEASE_BYTES_MIN = 4 * 1024;

/**
 * Gives large bytes that nobody looks at any more back at once; they are empty then. A collector that has to find the hundreds
 * of megabytes of a file took a third of a sender's processor time. Views of a larger buffer are left alone.
 */
export function releaseBytes({ buffer, length }: Uint8Array): void {
  if (length >= RELEASE_BYTES_MIN && buffer.byteLength === length && buffer instanceof ArrayBuffer) {
    buffer.transfer(0);
  }
}
