/** The pieces of a content that are present: one bit each, the first in the highest bit of the first byte. */

/** A set of the numbers 0 to `count` − 1. */
export class Bitfield {
  readonly count: number;
  readonly #bytes: Uint8Array;
  #setCount = 0;

  constructor(count: number) {
    this.count = count;
    this.#bytes = new Uint8Array(Math.ceil(count / 8));
  }

  /** The set of all numbers. */
  static full(count: number): Bitfield {
    const bits = new Bitfield(count);
    for (let index = 0; index < count; index++) bits.add(index);
    return bits;
  }

  /** The set in these bytes, or null if they do not encode `count` bits: a wrong length, or bits set after the last. */
  static parse(bytes: Uint8Array, count: number): Bitfield | null {
    if (bytes.length !== Math.ceil(count / 8)) return null;
    const unused = bytes.length * 8 - count;
    if (unused > 0 && ((bytes.at(-1) ?? 0) & ((1 << unused) - 1)) !== 0) return null;
    const bits = new Bitfield(count);
    bits.#bytes.set(bytes);
    for (const byte of bytes) for (let rest = byte; rest > 0; rest &= rest - 1) bits.#setCount++;
    return bits;
  }

  /** How many numbers are in the set. */
  get setCount(): number {
    return this.#setCount;
  }

  /** Whether all numbers are in the set. */
  get isFull(): boolean {
    return this.#setCount === this.count;
  }

  has(index: number): boolean {
    return ((this.#bytes[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
  }

  /** Adds a number. May be called repeatedly. */
  add(index: number): void {
    if (index < 0 || index >= this.count || this.has(index)) return;
    this.#bytes[index >> 3] = (this.#bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
    this.#setCount++;
  }

  /** A copy of the bytes. */
  bytes(): Uint8Array {
    return this.#bytes.slice();
  }
}
