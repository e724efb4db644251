import type { Chance } from "../ports/crypto.ts";

/** The most bytes that one getRandomValues call returns (Web Cryptography API, 10.1.1). */
const RANDOM_BYTES_MAX = 65_536;

/** The system's random numbers. */
export function denoChance(): Chance {
  return { bytes: randomBytes, fraction: () => Math.random() };
}

function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += RANDOM_BYTES_MAX) {
    crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES_MAX));
  }
  return bytes;
}
