import type { Chance } from "../../src/ports/crypto.ts";

/** Steps after seeding, until seeds that are alike give numbers that are not (PractRand does 12 to 18). */
const WARM_UP_STEPS = 15;

/**
 * Randomness that a seed decides: sfc32 of Chris Doty-Humphrey's PractRand, a small fast counting generator. Each part
 * of a simulated world takes its own fork, so that one more draw in one place changes nothing in the others.
 */
export class SimChance implements Chance {
  readonly #seed: string;
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: string | number) {
    this.#seed = String(seed);
    this.#a = hashOf(`a${seed}`);
    this.#b = hashOf(`b${seed}`);
    this.#c = hashOf(`c${seed}`);
    for (let step = 0; step < WARM_UP_STEPS; step++) this.#next();
  }

  /** The chance of a part with that label: the same for a seed and label, however much was drawn from this one. */
  fork(label: string): SimChance {
    return new SimChance(`${this.#seed}/${label}`);
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#next() >>> 24);
  }

  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** A whole number from 0 up to, not including, `below`. */
  int(below: number): number {
    return Math.floor(this.fraction() * below);
  }

  /** A number from min up to, not including, max. */
  between([min, max]: readonly [min: number, max: number]): number {
    return min + this.fraction() * (max - min);
  }

  /** True with that probability; 0 is never, 1 is always. */
  bool(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the list. @throws {RangeError} if it is empty. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError("Nothing to pick from");
    return list[this.int(list.length)] as T;
  }

  /** 32 random bits as a number from 0 up. */
  #next(): number {
    const result = (this.#a + this.#b + this.#count++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }
}

/** FNV-1a, 32 bits: spreads the text of a seed over the generator's state. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
