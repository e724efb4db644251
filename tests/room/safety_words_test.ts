import { assert, assertEquals } from "@std/assert";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Crypto } from "../../src/ports/crypto.ts";
import { PEER_ID_BYTES, type PeerId, toPeerId } from "../../src/room/id.ts";
import { deriveSafetyWords } from "../../src/room/safety_words.ts";
import { ALICE, BOB, CAROL, CRYPTO } from "../fixtures/room/people.ts";

const ENCODER = new TextEncoder();

/** All but the stretching, which is the given bytes instead. */
function stretchingTo(bytes: readonly number[]): { crypto: Crypto; asked: Uint8Array[] } {
  const asked: Uint8Array[] = [];
  const scrypt: Crypto["scrypt"] = (secret, { sizeBytes }) => {
    asked.push(secret);
    return new Uint8Array(sizeBytes).map((_, index) => bytes[index] ?? 0);
  };
  return { crypto: { ...CRYPTO, scrypt }, asked };
}

function idOf(fill: number): PeerId {
  return toPeerId(new Uint8Array(PEER_ID_BYTES).fill(fill));
}

Deno.test("verificationWords gives these two peers these words, in either order", () => {
  const words = "trip social model slam arm egg".split(" ");
  assertEquals(deriveSafetyWords(ALICE.id, BOB.id, CRYPTO), words);
  assertEquals(deriveSafetyWords(BOB.id, ALICE.id, CRYPTO), words);
});

Deno.test("verificationWords gives every pair others", () => {
  const pairs = [[ALICE, BOB], [ALICE, CAROL], [BOB, CAROL], [BOB, BOB]] as const;
  const phrases = pairs.map(([one, other]) => deriveSafetyWords(one.id, other.id, CRYPTO).join(" "));
  assertEquals(new Set(phrases).size, pairs.length);
});

Deno.test("verificationWords is scrypt of the smaller and the greater key, cut to eleven bits a word", () => {
  const stretched = CRYPTO.scrypt(
    new Uint8Array([...new Uint8Array(32).fill(1), ...new Uint8Array(32).fill(2)]),
    {
      salt: ENCODER.encode("earshot 1 words"),
      cost: 32_768,
      blockSize: 8,
      parallelization: 1,
      sizeBytes: 16,
    },
  );
  // Naively: the bits as text.
  const bits = [...stretched].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const words = [0, 11, 22, 33, 44, 55].map((at) => wordlist[parseInt(bits.slice(at, at + 11), 2)] ?? "");
  assertEquals(deriveSafetyWords(idOf(2), idOf(1), CRYPTO), words);
});

Deno.test("verificationWords takes the first 66 bits, the highest first", () => {
  const cases: readonly [bytes: number[], words: string][] = [
    [[], "abandon abandon abandon abandon abandon abandon"],
    [new Array(16).fill(255), "zoo zoo zoo zoo zoo zoo"],
    [[0xff, 0xe0], "zoo abandon abandon abandon abandon abandon"],
    [[0, 0x20], "ability abandon abandon abandon abandon abandon"],
    [[0, 0, 0, 0, 0, 0, 0, 0, 0x40], "abandon abandon abandon abandon abandon ability"],
    [[0, 0, 0, 0, 0, 0, 0, 0, 0x3f, 255, 255], "abandon abandon abandon abandon abandon abandon"],
  ];
  for (const [bytes, words] of cases) {
    const { crypto, asked } = stretchingTo(bytes);
    assertEquals(deriveSafetyWords(idOf(9), idOf(7), crypto).join(" "), words);
    assertEquals(asked, [new Uint8Array([...new Uint8Array(32).fill(7), ...new Uint8Array(32).fill(9)])]);
  }
});

Deno.test("The word list is the one that both users have: 2,048 words that differ in their first four letters", () => {
  const hash = [...CRYPTO.sha256(ENCODER.encode(`${wordlist.join("\n")}\n`))];
  assertEquals(
    hash.map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda",
  );
  assertEquals(new Set(wordlist.map((word) => word.slice(0, 4))).size, 2_048);
  assert(wordlist.every((word) => /^[a-z]{3,8}$/.test(word)));
});
