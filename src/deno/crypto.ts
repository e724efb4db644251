/**
 * The cryptographic primitives, from node:crypto; ChaCha20-Poly1305 from @noble/ciphers where this Deno has no
 * native one (2.4.2). Nothing here is an algorithm of ours: it converts keys and chooses the implementation.
 */

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { Buffer } from "node:buffer";
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  type KeyObject,
  scryptSync,
  sign as signWith,
  verify as verifyWith,
} from "node:crypto";
import process from "node:process";
import type { Aead, Crypto, DhKey, ScryptOptions, Signer } from "../ports/crypto.ts";

/** Public keys kept in their imported form (importing costs a quarter of a verification). Above it, the longest unused goes. */
export const VERIFY_KEYS_MAX = 256;

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TAG_BYTES = 16;
/** Deno 2.4 refuses results of any other size, Deno 2.9 does not: here they are alike. */
const SCRYPT_BYTES = { min: 10, max: 64 } as const;
/** More memory than that is a mistake. */
const SCRYPT_MEMORY_BYTES_MAX = 256 * 1024 * 1024;
/** What is less is left to the collector. */
const RELEASED_BYTES_MIN = 4 * 1024;
const CIPHER = "chacha20-poly1305";

/** DER around a raw key (RFC 8410): all that differs between keys is the 32 bytes behind these. */
const DER = {
  ed25519Private: Buffer.from("302e020100300506032b657004220420", "hex"),
  ed25519Public: Buffer.from("302a300506032b6570032100", "hex"),
  x25519Private: Buffer.from("302e020100300506032b656e04220420", "hex"),
  x25519Public: Buffer.from("302a300506032b656e032100", "hex"),
} as const;

/**
 * The Ed25519 points of small order, sign bit cleared: 0, 1, both of order 8, p−1, and 0 and 1 written as p and p+1.
 * Under such a key one signature is good for any text, so it proves nothing, yet RFC 8032 lets it pass.
 */
const SMALL_ORDER_KEYS: ReadonlySet<string> = new Set([
  "00".repeat(32),
  "01" + "00".repeat(31),
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ec" + "ff".repeat(30) + "7f",
  "ed" + "ff".repeat(30) + "7f",
  "ee" + "ff".repeat(30) + "7f",
]);

/** The primitives of this machine; `aead` replaces the choice of cipher (the tests run the contract with either). */
export function denoCrypto(options: { readonly aead?: (key: Uint8Array) => Aead } = {}): Crypto {
  silenceHmacWarning();
  return {
    // In one call and as hex: an object for each hash, and a Buffer for its result, take longer than the hash of a line.
    sha256: (data) => decodeHex(hash("sha256", data, "hex")),
    hmacSha256: (key, data) => copyBytes(createHmac("sha256", key).update(data).digest()),
    scrypt: deriveScrypt,
    signer: createEd25519Signer,
    verify: createEd25519Verifier(),
    dhKey: createX25519Key,
    aead: options.aead ?? (hasNativeAead() ? createNativeAead : createNobleAead),
  };
}

/** Whether this Deno's node:crypto has ChaCha20-Poly1305. A trial, because lists of ciphers have been wrong. */
export function hasNativeAead(): boolean {
  try {
    createCipheriv(CIPHER, new Uint8Array(KEY_BYTES), new Uint8Array(12), { authTagLength: TAG_BYTES })
      .final();
    return true;
  } catch {
    return false; // Nothing is lost: the other implementation does the work.
  }
}

/** ChaCha20-Poly1305 of node:crypto. @throws {RangeError} unless the key has 32 bytes. */
export function createNativeAead(key: Uint8Array): Aead {
  // As bytes: a KeyObject is turned back into them for every frame.
  const secret = requireKeyBytes(key).slice();
  return {
    seal(nonce, plain, associated, into) {
      const cipher = createCipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associated, { plaintextLength: plain.length });
      const sealed = into?.subarray(0, plain.length + TAG_BYTES) ?? new Uint8Array(plain.length + TAG_BYTES);
      const made = cipher.update(plain);
      sealed.set(made);
      release(made);
      cipher.final();
      sealed.set(cipher.getAuthTag(), plain.length);
      return sealed;
    },
    open(nonce, sealed, associated, into) {
      const plainLength = sealed.length - TAG_BYTES;
      if (plainLength < 0) return null;
      const decipher = createDecipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(associated, { plaintextLength: plainLength });
      decipher.setAuthTag(sealed.subarray(plainLength));
      const plain = decipher.update(sealed.subarray(0, plainLength));
      try {
        decipher.final();
      } catch {
        return null; // It throws for nothing but a wrong tag; `plain` is dropped unread.
      }
      if (into === undefined) return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
      into.set(plain);
      release(plain);
      return into.subarray(0, plainLength);
    },
  };
}

/** ChaCha20-Poly1305 of @noble/ciphers. @throws {RangeError} unless the key has 32 bytes. */
export function createNobleAead(key: Uint8Array): Aead {
  const secret = requireKeyBytes(key).slice();
  return {
    seal(nonce, plain, associated, into) {
      const sealed = chacha20poly1305(secret, nonce, associated).encrypt(plain);
      into?.set(sealed);
      return into?.subarray(0, sealed.length) ?? sealed;
    },
    open(nonce, sealed, associated, into) {
      if (sealed.length < TAG_BYTES) return null;
      const cipher = chacha20poly1305(secret, nonce, associated);
      try {
        const plain = cipher.decrypt(sealed);
        into?.set(plain);
        return into?.subarray(0, plain.length) ?? plain;
      } catch {
        return null; // Lengths are checked by now: what is left to throw for is a wrong tag.
      }
    },
  };
}

function deriveScrypt(secret: Uint8Array, options: ScryptOptions): Uint8Array {
  const { salt, cost, blockSize, parallelization, sizeBytes } = options;
  const isPowerOfTwo = Number.isSafeInteger(cost) && cost > 1 && Number.isInteger(Math.log2(cost));
  const memoryBytes = 128 * cost * blockSize;
  if (!isPowerOfTwo || memoryBytes > SCRYPT_MEMORY_BYTES_MAX) {
    throw new RangeError(`scrypt cannot take the cost ${cost} with the block size ${blockSize}`);
  }
  if (!Number.isInteger(sizeBytes) || sizeBytes < SCRYPT_BYTES.min || sizeBytes > SCRYPT_BYTES.max) {
    throw new RangeError(`scrypt gives ${SCRYPT_BYTES.min} to ${SCRYPT_BYTES.max} bytes, not ${sizeBytes}`);
  }
  // The limit counts more than the table; twice that is enough for any parallelization in use.
  const maxmem = 2 * SCRYPT_MEMORY_BYTES_MAX;
  return copyBytes(scryptSync(secret, salt, sizeBytes, { cost, blockSize, parallelization, maxmem }));
}

function createEd25519Signer(seed: Uint8Array): Signer {
  const secret = importPrivateKey(DER.ed25519Private, seed);
  return {
    publicKey: exportPublicKey(secret),
    sign: (data) => copyBytes(signWith(null, data, secret)),
  };
}

function createEd25519Verifier(): Crypto["verify"] {
  const imported = new Map<string, KeyObject>();
  const importKey = (publicKey: Uint8Array): KeyObject | null => {
    // Not spread into arguments: that goes by an iterator, and takes as long as all the rest here.
    const name: string = Reflect.apply(String.fromCharCode, null, publicKey);
    const known = imported.get(name);
    if (known !== undefined) {
      imported.delete(name); // Back to the young end of the map, whose first key is the longest unused.
      imported.set(name, known);
      return known;
    }
    if (isOfSmallOrder(publicKey)) return null;
    const key = importPublicKey(DER.ed25519Public, publicKey);
    if (key === null) return null;
    const [oldest] = imported.keys();
    if (imported.size >= VERIFY_KEYS_MAX && oldest !== undefined) imported.delete(oldest);
    imported.set(name, key);
    return key;
  };
  return (publicKey, data, signature) => {
    if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
    const key = importKey(publicKey);
    return key !== null && verifyWith(null, data, key, signature);
  };
}

function isOfSmallOrder(publicKey: Uint8Array): boolean {
  const unsigned = Buffer.from(publicKey);
  unsigned[KEY_BYTES - 1] = (unsigned[KEY_BYTES - 1] ?? 0) & 0x7f;
  return SMALL_ORDER_KEYS.has(unsigned.toString("hex"));
}

function createX25519Key(secret: Uint8Array): DhKey {
  const privateKey = importPrivateKey(DER.x25519Private, secret);
  return {
    publicKey: exportPublicKey(privateKey),
    agree(theirPublicKey) {
      const publicKey = importPublicKey(DER.x25519Public, requireKeyBytes(theirPublicKey));
      if (publicKey === null) return null;
      let shared: Uint8Array;
      try {
        shared = copyBytes(diffieHellman({ privateKey, publicKey }));
      } catch {
        return null; // With both keys imported, Deno 2.9 throws for nothing but an all-zero result; 2.4 returns it.
      }
      let bits = 0; // All bytes are looked at, so that the time tells nothing (RFC 7748, section 6.1).
      for (const byte of shared) bits |= byte;
      return bits === 0 ? null : shared;
    },
  };
}

function importPrivateKey(prefix: Uint8Array, secret: Uint8Array): KeyObject {
  const key = Buffer.concat([prefix, requireKeyBytes(secret)]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

/** Null for bytes that are no point of the curve. */
function importPublicKey(prefix: Uint8Array, raw: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.concat([prefix, raw]), format: "der", type: "spki" });
  } catch {
    return null; // The frame around the 32 bytes is a constant, so it is they that are wrong.
  }
}

function exportPublicKey(secret: KeyObject): Uint8Array {
  const der = createPublicKey(secret).export({ format: "der", type: "spki" });
  return copyBytes(der.subarray(der.length - KEY_BYTES));
}

function requireKeyBytes(key: Uint8Array): Uint8Array {
  if (key.length !== KEY_BYTES) throw new RangeError(`A key has ${KEY_BYTES} bytes, not ${key.length}`);
  return key;
}

function decodeHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = parseHexDigit(hex.charCodeAt(2 * index)) << 4 |
      parseHexDigit(hex.charCodeAt(2 * index + 1));
  }
  return bytes;
}

/** Of a lower-case digit's character code. */
function parseHexDigit(code: number): number {
  return code <= 0x39 ? code - 0x30 : code - 0x57;
}

/** As `release` of wire/bytes.ts: what the cipher made and was copied from is given back at once. */
function release({ buffer, length }: Uint8Array): void {
  if (length >= RELEASED_BYTES_MIN && buffer.byteLength === length && buffer instanceof ArrayBuffer) {
    buffer.transfer(0);
  }
}

/** A Uint8Array of its own: a Buffer may share memory with others, and its `slice` is a view. */
function copyBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer);
}

/** Deno 2.4 warns once, on stderr, of a deprecated constructor that its own createHmac uses (DEP0181): not for users' eyes. */
function silenceHmacWarning(): void {
  const before = Reflect.get(process, "noDeprecation");
  Reflect.set(process, "noDeprecation", true);
  createHmac("sha256", new Uint8Array(KEY_BYTES)).digest();
  Reflect.set(process, "noDeprecation", before);
}
