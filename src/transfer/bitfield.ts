/** Which pieces of a content are there: one bit each, the first in the highest bit of the first byte. */

/** A set of the numbers 0 to `count` − 1. */
export class Bitfield {
  readonly count: number;
  readonly #bytes: Uint8Array;
  #setCount = 0;

  /** Empty. */
  constructor(count: number) {
    this.count = count;
    this.#bytes = new Uint8Array(Math.ceil(count / 8));
  }

  /** All of them. */
  static full(count: number): Bitfield {
    const bits = new Bitfield(count);
    for (let index = 0; index < count; index++) bits.add(index);
    return bits;
  }

  /** What the bytes say, or null if they are not those of so many bits: too few or too many, or with bits behind the last. */
  static parse(bytes: Uint8Array, count: number): Bitfield | null {
    if (bytes.length !== Math.ceil(count / 8)) return null;
    const unused = bytes.length * 8 - count;
    if (unused > 0 && ((bytes.at(-1) ?? 0) & ((1 << unused) - 1)) !== 0) return null;
    const bits = new Bitfield(count);
    bits.#bytes.set(bytes);
    for (const byte of bytes) for (let rest = byte; rest > 0; rest &= rest - 1) bits.#setCount++;
    return bits;
  }

  /** How many are in it. */
  get setCount(): number {
    return this.#setCount;
  }

  /** Whether all are in it. */
  get isFull(): boolean {
    return this.#setCount === this.count;
  }

  has(index: number): boolean {
    return ((this.#bytes[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
  }

  /** Puts one in; again is harmless. */
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
