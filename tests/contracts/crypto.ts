/** What every implementation of the Crypto port must do; published vectors first. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Crypto } from "../../src/ports/crypto.ts";

/** RFC 8032, section 7.1, tests 1 to 3. */
const ED25519 = [
  {
    seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    data: "",
    signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555" +
      "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    data: "72",
    signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0" +
      "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    data: "af82",
    signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1" +
      "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
];

/**
 * "Taming the many EdDSAs" (Chalkias and others), cases 0 and 1 (a key of small order), 6 and 7 (S not reduced) and
 * 8 (R not canonical); last, the neutral element as a key, under which any text is signed.
 */
const ED25519_REFUSED = [
  {
    publicKey: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    data: "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
    signature: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a" + "00".repeat(32),
  },
  {
    publicKey: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    data: "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
    signature: "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43" +
      "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
  },
  {
    publicKey: "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
    data: "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
    signature: "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e" +
      "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
  },
  {
    publicKey: "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
    data: "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
    signature: "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942" +
      "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
  },
  {
    publicKey: "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
    data: "fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a",
    signature: "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" +
      "454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607",
  },
  {
    publicKey: "01" + "00".repeat(31),
    data: "00",
    signature: "01" + "00".repeat(63),
  },
];

/** RFC 7748: both vectors of section 5.2, then section 6.1 from either side. */
const X25519 = [
  {
    secret: "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
    theirs: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
    shared: "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
  },
  {
    secret: "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
    theirs: "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
    shared: "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
  },
  {
    secret: "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
    theirs: "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    shared: "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  },
  {
    secret: "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
    theirs: "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
    shared: "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  },
];

/** Every X25519 point of low order, as the field's elements 0, 1, both of order 8, p−1, p, p+1. */
const X25519_LOW_ORDER = [
  "00".repeat(32),
  "01" + "00".repeat(31),
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ec" + "ff".repeat(30) + "7f",
  "ed" + "ff".repeat(30) + "7f",
  "ee" + "ff".repeat(30) + "7f",
];

/** FIPS 180-4 examples. */
const SHA256 = [
  { data: "", hash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
  { data: "abc", hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
  {
    data: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    hash: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  },
];

/** RFC 4231, cases 1, 2 and 6 (a key longer than the block). */
const HMAC = [
  {
    key: "0b".repeat(20),
    data: "Hi There",
    mac: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  },
  {
    key: "4a656665",
    data: "what do ya want for nothing?",
    mac: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  },
  {
    key: "aa".repeat(131),
    data: "Test Using Larger Than Block-Size Key - Hash Key First",
    mac: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  },
];

/** RFC 7914, section 12; without the last one, which takes a GiB. */
const SCRYPT = [
  {
    secret: "",
    options: { salt: utf8(""), cost: 16, blockSize: 1, parallelization: 1, sizeBytes: 64 },
    key: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442" +
      "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
  },
  {
    secret: "password",
    options: { salt: utf8("NaCl"), cost: 1_024, blockSize: 8, parallelization: 16, sizeBytes: 64 },
    key: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162" +
      "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
  },
  {
    secret: "pleaseletmein",
    options: { salt: utf8("SodiumChloride"), cost: 16_384, blockSize: 8, parallelization: 1, sizeBytes: 64 },
    key: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2" +
      "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
  },
];

/** RFC 8439, section 2.8.2. */
const AEAD = {
  key: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
  nonce: "070000004041424344454647",
  associated: "50515253c0c1c2c3c4c5c6c7",
  plain: "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, " +
    "sunscreen would be it.",
  sealed: "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6" +
    "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36" +
    "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc" +
    "3ff4def08e4b7a9de576d26586cec64b6116" + "1ae10b594f09e26a7e902ecbd0600691",
};

/** Registers the contract's tests for one implementation. */
export function cryptoContract(name: string, make: () => Crypto): void {
  const crypto = make();
  hashContract(name, crypto);
  stretchContract(name, crypto);
  signatureContract(name, crypto);
  agreementContract(name, crypto);
  aeadContract(name, crypto);
}

function hashContract(name: string, crypto: Crypto): void {
  Deno.test(`${name} hashes as FIPS 180-4 says`, () => {
    for (const { data, hash } of SHA256) assertEquals(crypto.sha256(utf8(data)), hex(hash));
  });

  Deno.test(`${name} authenticates as RFC 4231 says, with short and long keys`, () => {
    for (const { key, data, mac } of HMAC) assertEquals(crypto.hmacSha256(hex(key), utf8(data)), hex(mac));
  });
}

function stretchContract(name: string, crypto: Crypto): void {
  Deno.test(`${name} stretches as RFC 7914 says`, () => {
    for (const { secret, options, key } of SCRYPT) {
      assertEquals(crypto.scrypt(utf8(secret), options), hex(key));
    }
  });

  Deno.test(`${name} gives the beginning of what it would give more of, from 10 to 64 bytes`, () => {
    const options = { salt: utf8("salt"), cost: 16, blockSize: 1, parallelization: 1 };
    const all = crypto.scrypt(utf8("x"), { ...options, sizeBytes: 64 });
    assertEquals(crypto.scrypt(utf8("x"), { ...options, sizeBytes: 10 }), all.slice(0, 10));
    for (const sizeBytes of [0, 9, 65, 10.5, NaN]) {
      assertThrows(() => crypto.scrypt(utf8("x"), { ...options, sizeBytes }), RangeError);
    }
  });

  Deno.test(`${name} refuses to stretch at a cost that is no power of two, or beyond a sane memory`, () => {
    const options = { salt: utf8("salt"), blockSize: 8, parallelization: 1, sizeBytes: 32 };
    for (const cost of [0, 1, -2, 1.5, 1_000, 2 ** 30, NaN, Infinity]) {
      assertThrows(() => crypto.scrypt(utf8("x"), { ...options, cost }), RangeError, `cost ${cost}`);
    }
  });
}

function signatureContract(name: string, crypto: Crypto): void {
  Deno.test(`${name} signs and verifies as RFC 8032 says`, () => {
    for (const { seed, publicKey, data, signature } of ED25519) {
      const signer = crypto.signer(hex(seed));
      assertEquals(signer.publicKey, hex(publicKey));
      assertEquals(signer.sign(hex(data)), hex(signature));
      assert(crypto.verify(hex(publicKey), hex(data), hex(signature)));
    }
  });

  Deno.test(`${name} refuses a signature when a bit of key, data or signature is another`, () => {
    const signer = crypto.signer(new Uint8Array(32).fill(1));
    const data = utf8("hello");
    const good = { key: signer.publicKey, data, signature: signer.sign(data) };
    for (const changed of flippedBits(good.key)) assert(!crypto.verify(changed, good.data, good.signature));
    for (const changed of flippedBits(good.data)) assert(!crypto.verify(good.key, changed, good.signature));
    for (const changed of flippedBits(good.signature)) assert(!crypto.verify(good.key, good.data, changed));
    assert(crypto.verify(good.key, good.data, good.signature));
  });

  Deno.test(`${name} refuses keys of small order and signatures that are not canonical`, () => {
    for (const { publicKey, data, signature } of ED25519_REFUSED) {
      assert(!crypto.verify(hex(publicKey), hex(data), hex(signature)));
    }
  });

  Deno.test(`${name} verifies nothing, and throws nothing, for keys and signatures of any other length`, () => {
    const signer = crypto.signer(new Uint8Array(32));
    const { publicKey } = signer;
    const signature = signer.sign(utf8("x"));
    for (const size of [0, 1, 31, 33, 64]) {
      assert(!crypto.verify(resized(publicKey, size), utf8("x"), signature));
    }
    for (const size of [0, 1, 32, 63, 65]) {
      assert(!crypto.verify(publicKey, utf8("x"), resized(signature, size)));
    }
  });

  Deno.test(`${name} verifies what any key signed, and only for that key`, () => {
    fc.assert(fc.property(bytes(32), bytes(32), fc.uint8Array({ maxLength: 300 }), (seed, other, data) => {
      const signer = crypto.signer(seed);
      const signature = signer.sign(data);
      assert(crypto.verify(signer.publicKey, data, signature));
      const otherKey = crypto.signer(other).publicKey;
      assertEquals(crypto.verify(otherKey, data, signature), String(other) === String(seed));
    }));
  });

  Deno.test(`${name} verifies alike with more keys than it remembers`, () => {
    const signers = Array.from(
      { length: 300 },
      (_, index) => crypto.signer(new Uint8Array(32).fill(index % 256, index >> 8)),
    );
    for (let round = 0; round < 2; round++) {
      for (const signer of signers) {
        assert(crypto.verify(signer.publicKey, utf8("x"), signer.sign(utf8("x"))));
      }
    }
  });
}

function agreementContract(name: string, crypto: Crypto): void {
  Deno.test(`${name} agrees as RFC 7748 says`, () => {
    for (const { secret, theirs, shared } of X25519) {
      assertEquals(crypto.dhKey(hex(secret)).agree(hex(theirs)), hex(shared));
    }
    assertEquals(
      crypto.dhKey(hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")).publicKey,
      hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
    );
  });

  Deno.test(`${name} agrees on nothing with a point of low order, its top bit set or not`, () => {
    const key = crypto.dhKey(new Uint8Array(32).fill(7));
    for (const point of X25519_LOW_ORDER) {
      const plain = hex(point);
      assertEquals(key.agree(plain), null, point);
      const withTopBit = plain.with(31, (plain.at(31) ?? 0) | 0x80);
      assertEquals(key.agree(withTopBit), null, point);
    }
  });

  Deno.test(`${name} gives both sides one secret`, () => {
    fc.assert(fc.property(bytes(32), bytes(32), (one, other) => {
      const [ours, theirs] = [crypto.dhKey(one), crypto.dhKey(other)];
      const shared = ours.agree(theirs.publicKey);
      assertEquals(shared?.length, 32);
      assertEquals(shared, theirs.agree(ours.publicKey));
    }));
  });

  Deno.test(`${name} throws for secrets and keys that are not 32 bytes: that is a bug of the caller`, () => {
    for (const size of [0, 31, 33]) {
      assertThrows(() => crypto.signer(new Uint8Array(size)), RangeError);
      assertThrows(() => crypto.dhKey(new Uint8Array(size)), RangeError);
      assertThrows(() => crypto.dhKey(new Uint8Array(32)).agree(new Uint8Array(size)), RangeError);
      assertThrows(() => crypto.aead(new Uint8Array(size)), RangeError);
    }
  });
}

function aeadContract(name: string, crypto: Crypto): void {
  const { key, nonce, associated, plain, sealed } = {
    key: hex(AEAD.key),
    nonce: hex(AEAD.nonce),
    associated: hex(AEAD.associated),
    plain: utf8(AEAD.plain),
    sealed: hex(AEAD.sealed),
  };

  Deno.test(`${name} seals and opens as RFC 8439 says`, () => {
    const aead = crypto.aead(key);
    assertEquals(aead.seal(nonce, plain, associated), sealed);
    assertEquals(aead.open(nonce, sealed, associated), plain);
  });

  Deno.test(`${name} opens nothing of which a bit changed: text, tag, associated data, nonce or key`, () => {
    const aead = crypto.aead(key);
    for (const changed of flippedBits(sealed)) assertEquals(aead.open(nonce, changed, associated), null);
    for (const changed of flippedBits(associated)) assertEquals(aead.open(nonce, sealed, changed), null);
    for (const changed of flippedBits(nonce)) assertEquals(aead.open(changed, sealed, associated), null);
    for (const changed of flippedBits(key)) {
      assertEquals(crypto.aead(changed).open(nonce, sealed, associated), null);
    }
  });

  Deno.test(`${name} opens nothing that was cut or made longer`, () => {
    const aead = crypto.aead(key);
    for (let size = 0; size < sealed.length; size++) {
      assertEquals(aead.open(nonce, sealed.subarray(0, size), associated), null);
    }
    assertEquals(aead.open(nonce, resized(sealed, sealed.length + 1), associated), null);
    assertEquals(aead.open(nonce, sealed, resized(associated, associated.length + 1)), null);
  });

  Deno.test(`${name} seals to the front of a buffer, and opens where the box lies`, () => {
    for (const size of [0, 1, 4_095, 4_096, 65_000]) {
      const data = new Uint8Array(size).map((_, index) => index % 251);
      const aead = crypto.aead(key);
      const box = aead.seal(nonce, data, associated);
      const buffer = new Uint8Array(size + 20).fill(7);
      assertEquals(aead.seal(nonce, data, associated, buffer), box);
      assertEquals(buffer, Uint8Array.from([...box, 7, 7, 7, 7]));
      const lying = buffer.subarray(0, box.length);
      assertEquals(aead.open(nonce, lying, associated.subarray(1), lying), null);
      assertEquals(lying, box);
      const opened = aead.open(nonce, lying, associated, lying);
      assertEquals(opened, data);
      assertEquals(opened?.buffer, buffer.buffer);
    }
  });

  Deno.test(`${name} opens what it sealed, of any size, and leaves what it was given unchanged`, () => {
    const sizes = [0, 1, 15, 16, 17, 63, 64, 65, 255, 65_535];
    for (const size of sizes) {
      const data = Uint8Array.from({ length: size }, (_, index) => index % 251);
      const before = data.slice();
      const aead = crypto.aead(key);
      const box = aead.seal(nonce, data, new Uint8Array(0));
      assertEquals(box.length, size + 16);
      const kept = box.slice();
      assertEquals(aead.open(nonce, box, new Uint8Array(0)), before);
      assertEquals(data, before);
      assertEquals(box, kept);
    }
  });

  Deno.test(`${name} keeps its key when the caller's bytes change`, () => {
    const mine = key.slice();
    const aead = crypto.aead(mine);
    mine.fill(0);
    assertEquals(aead.seal(nonce, plain, associated), sealed);
  });
}

function bytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

function* flippedBits(original: Uint8Array): Generator<Uint8Array> {
  for (const [index, byte] of original.entries()) {
    for (const bit of [0x01, 0x80]) yield original.with(index, byte ^ bit);
  }
}

function resized(original: Uint8Array, size: number): Uint8Array {
  const changed = new Uint8Array(size);
  changed.set(original.subarray(0, size));
  return changed;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
