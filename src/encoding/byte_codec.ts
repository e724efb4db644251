/** Numbers, bytes and text in fixed big-endian layouts. Every read is checked. */

import { ProtocolError } from "../errors.ts";
import type { ProtocolCode } from "../errors.ts";

const UTF8_OUT = new TextEncoder();
/** `ignoreBOM` keeps the mark: without it a leading U+FEFF would vanish, and two encodings would decode to one text. */
const UTF8_IN = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * By size in bytes: the smallest number that does not fit. Computed once, because every pair of every vector needs
 * it.
 */
const LIMITS = Array.from({ length: 7 }, (_, size) => 256 ** size);

/**
 * Writes values one after the other. @throws {RangeError} for a value that does not fit its field, which is a bug of
 * the caller.
 */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  /** `sizeHint`: bytes to reserve. The buffer grows when needed. */
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

  /** The bytes as they are, without a length prefix. */
  bytes(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** A u8 length and the text in UTF-8. Lone surrogates become U+FFFD. @throws {RangeError} above 255 bytes. */
  text8(text: string): this {
    const utf8 = UTF8_OUT.encode(text);
    return this.u8(utf8.length).bytes(utf8);
  }

  /** A copy of the written bytes. The writer can continue. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** The written bytes without a copy. Do not use the writer afterwards. */
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
      rest = Math.floor(rest / 256); // Not a shift: u48 exceeds 32 bits.
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

/**
 * Reads values one after the other from foreign bytes. @throws {ProtocolError} with the given code for anything that
 * does not fit.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #code: ProtocolCode;
  #at = 0;

  /** Returned views share memory with `bytes`. */
  constructor(bytes: Uint8Array, code: ProtocolCode = "bad-record") {
    this.#bytes = bytes;
    this.#code = code;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** @throws {ProtocolError} if the input ends early, as in every read below. */
  u8(): number {
    return this.#number(1);
  }

  /** @throws {ProtocolError} if the input ends early. */
  u16(): number {
    return this.#number(2);
  }

  /** @throws {ProtocolError} if the input ends early. */
  u24(): number {
    return this.#number(3);
  }

  /** @throws {ProtocolError} if the input ends early. */
  u32(): number {
    return this.#number(4);
  }

  /** @throws {ProtocolError} if the input ends early. */
  u48(): number {
    return this.#number(6);
  }

  /** The next bytes, as a view. @throws {ProtocolError} if the input ends early. */
  bytes(size: number): Uint8Array {
    if (size > this.remaining) throw new ProtocolError(this.#code, "it is cut short");
    const view = this.#bytes.subarray(this.#at, this.#at + size);
    this.#at += size;
    return view;
  }

  /** All remaining bytes, as a view; may be empty. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** `size` bytes of UTF-8. @throws {ProtocolError} if the input ends early or is not UTF-8. */
  text(size: number): string {
    const utf8 = this.bytes(size);
    try {
      return UTF8_IN.decode(utf8);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new ProtocolError(this.#code, "a text is not UTF-8");
    }
  }

  /** A u8 length and that many bytes of UTF-8. @throws {ProtocolError} if the input ends early or is not UTF-8. */
  text8(): string {
    return this.text(this.u8());
  }

  /** Call this last. Extra bytes are refused, so that each value has exactly one encoding. @throws {ProtocolError}. */
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

/** All parts in one new array. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Below this size the call costs more than it saves. */
const RELEASE_BYTES_MIN = 4 * 1024;

/**
 * Frees a large buffer immediately and leaves it empty. Garbage collection of a file's hundreds of megabytes took a
 * third of a sender's processor time. Views of a larger buffer are left alone.
 */
export function releaseBytes({ buffer, length }: Uint8Array): void {
  if (length >= RELEASE_BYTES_MIN && buffer.byteLength === length && buffer instanceof ArrayBuffer) {
    buffer.transfer(0);
  }
}
