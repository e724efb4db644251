/**
 * The words that two users compare to rule out an attacker in the middle: six of 2,048, derived from both keys. They
 * carry 66 bits.
 * The attack: an attacker shows Alice a key of his own as Bob's (M), and Bob another as Alice's (N). Alice then sees
 * the words of (her key, M) and Bob those of (N, his key), and they must be equal. The attacker chooses M and N, so
 * he need not hit given words (2^66 tries). He only needs one equal pair among two lists: 2^33 tries on each side,
 * 2^34 in all.
 * With a bare SHA-256 one graphics card needs a minute for that. So each try costs one scrypt of 32 MiB: at 80 ms of
 * a core, 2^34 tries take 44 years of one core, or 16 days of a thousand cores with 32 GiB. Both keys enter each try,
 * so that is the cost for this one pair of users. It must be done before the two compare, and the words do not reveal
 * it.
 * These numbers would change with hardware made for scrypt, or for a target worth the price. A scanned code compares
 * the whole keys and does not have this limit.
 */

import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Crypto } from "../ports/crypto.ts";
import { type PeerId, toPeerKey } from "./id.ts";

/** Words that the users compare. */
export const SAFETY_WORDS_COUNT = 6;

/** Bits per word: 2^11 words. */
const WORD_BITS = 11n;
const WORD_MASK = (1n << WORD_BITS) - 1n;
const ALL_WORDS_BITS = BigInt(SAFETY_WORDS_COUNT) * WORD_BITS;
/**
 * 32 MiB; 80 ms on a desktop core in Deno 2.9 and 190 ms in 2.4. Both users must compute the same words, so a
 * different cost needs a new version.
 */
const SCRYPT_OPTIONS = {
  salt: new TextEncoder().encode("earshot 1 words"),
  cost: 2 ** 15,
  blockSize: 8,
  parallelization: 1,
  sizeBytes: 16,
} as const;

/** The words of these two peers; their order does not matter. Takes about 100 ms. */
export function deriveSafetyWords(one: PeerId, other: PeerId, crypto: Crypto): readonly string[] {
  const [first, second] = one < other ? [one, other] : [other, one];
  const keys = new Uint8Array([...toPeerKey(first), ...toPeerKey(second)]);
  const bytes = crypto.scrypt(keys, SCRYPT_OPTIONS);
  const bits = bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n) >>
    (8n * BigInt(bytes.length) - ALL_WORDS_BITS);
  return Array.from({ length: SAFETY_WORDS_COUNT }, (_, index) => {
    const shift = ALL_WORDS_BITS - WORD_BITS * BigInt(index + 1);
    return findWord(Number(bits >> shift & WORD_MASK));
  });
}

function findWord(index: number): string {
  const word = wordlist[index];
  if (word === undefined) throw new RangeError(`There is no word ${index}`);
  return word;
}
