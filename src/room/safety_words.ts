/**
 * The words that two users compare to be sure that nobody sits between them: six of 2,048, from both keys. Who reads
 * them aloud reads 66 bits.
 *
 * Against whom: somebody in the middle shows Alice a key of his own as Bob's, and Bob another as Alice's. Both users
 * then see words, Alice those of (her key, M), Bob those of (N, his key), and these have to be equal. M and N are his to
 * choose, so he need not hit given words (2^66 tries), only find one equal pair among two lists: 2^33 tries on each
 * side, 2^34 in all. A bare SHA-256 would make that a minute's work of one graphics card. So each try costs one scrypt of
 * 32 MiB: at 80 ms of a core, 2^34 of them are 44 years of one core, or 16 days of a thousand with 32 GiB for themselves,
 * and that for this one pair of users, since both keys go into each try. It has to be done before the two compare, and
 * the words show nothing of it. What would change the numbers: hardware made for scrypt, or an attack worth the price;
 * a scanned code, which compares the whole keys, does not have this limit.
 */

import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Crypto } from "../ports/crypto.ts";
import { type PeerId, toPeerKey } from "./id.ts";

/** Words of a phrase. */
export const SAFETY_WORDS_COUNT = 6;

/** Each word stands for that: 2^11 words. */
const WORD_BITS = 11n;
const WORD_MASK = (1n << WORD_BITS) - 1n;
const ALL_WORDS_BITS = BigInt(SAFETY_WORDS_COUNT) * WORD_BITS;
/** 32 MiB, 80 ms on a desktop's core in Deno 2.9 and 190 ms in 2.4. Both users must compute the same: another cost is another version. */
const SCRYPT_OPTIONS = {
  salt: new TextEncoder().encode("earshot 1 words"),
  cost: 2 ** 15,
  blockSize: 8,
  parallelization: 1,
  sizeBytes: 16,
} as const;

/** The words of these two peers, the same whoever asks. Takes some 100 ms. */
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
