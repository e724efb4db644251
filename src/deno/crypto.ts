/**
 * The cryptographic primitives of node:crypto. ChaCha20-Poly1305 comes from @noble/ciphers if this Deno has no native one (2.4.2). No algorithm is
 * implemented here: this file converts keys and selects implementations.
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

/** Cached imported public keys (importing costs a quarter of a verification). A full cache drops the least recently used. */
export const VERIFY_KEYS_MAX = 256;

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TAG_BYTES = 16;
/** Deno 2.4 refuses other sizes and Deno 2.9 does not; here both behave the same. */
const SCRYPT_BYTES = { min: 10, max: 64 } as const;
/** More memory than this is a mistake. */
const SCRYPT_MEMORY_BYTES_MAX = 256 * 1024 * 1024;
/** Smaller buffers are left to the garbage collector. */
const RELEASED_BYTES_MIN = 4 * 1024;
const CIPHER = "chacha20-poly1305";

/** DER prefixes of raw keys (RFC 8410). Only the 32 bytes after them differ between keys. */
const DER = {
  ed25519Private: Buffer.from("302e020100300506032b657004220420", "hex"),
  ed25519Public: Buffer.from("302a300506032b6570032100", "hex"),
  x25519Private: Buffer.from("302e020100300506032b656e04220420", "hex"),
  x25519Public: Buffer.from("302a300506032b656e032100", "hex"),
} as const;

/**
 * The Ed25519 points of small order with the sign bit cleared: 0, 1, both of order 8, p−1, and 0 and 1 encoded as p and p+1.
 * Under such a key one signature is valid for any text, so it proves nothing, yet RFC 8032 accepts it.
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

/** The primitives of this machine. `aead` overrides the cipher, so that tests run the contract with both. */
export function denoCrypto(options: { readonly aead?: (key: Uint8Array) => Aead } = {}): Crypto {
  silenceHmacWarning();
  return {
    // One call with hex output: a hash object and a Buffer for its result take longer than hashing a line.
    sha256: (data) => decodeHex(hash("sha256", data, "hex")),
    hmacSha256: (key, data) => copyBytes(createHmac("sha256", key).update(data).digest()),
    scrypt: deriveScrypt,
    signer: createEd25519Signer,
    verify: createEd25519Verifier(),
    dhKey: createX25519Key,
    aead: options.aead ?? (hasNativeAead() ? createNativeAead : createNobleAead),
  };
}

/** Whether this Deno's node:crypto has ChaCha20-Poly1305. Tested by use, because lists of ciphers have been wrong. */
export function hasNativeAead(): boolean {
  try {
    createCipheriv(CIPHER, new Uint8Array(KEY_BYTES), new Uint8Array(12), { authTagLength: TAG_BYTES })
      .final();
    return true;
  } catch {
    return false; // The other implementation is used instead.
  }
}

/** ChaCha20-Poly1305 of node:crypto. @throws {RangeError} unless the key has 32 bytes. */
export function createNativeAead(key: Uint8Array): Aead {
  // As bytes: a KeyObject would be converted back for every frame.
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
        return null; // It throws only for a wrong tag; `plain` is discarded.
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
        return null; // Lengths were checked, so only a wrong tag is left to throw for.
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
  // The limit counts more than the table. Twice the size is enough for any parallelization in use.
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
    // Not a spread into arguments, which uses an iterator and takes as long as everything else here.
    const name: string = Reflect.apply(String.fromCharCode, null, publicKey);
    const known = imported.get(name);
    if (known !== undefined) {
      imported.delete(name); // Moved to the end of the map, whose first key is the least recently used.
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
        return null; // With both keys imported, Deno 2.9 throws only for an all-zero result; 2.4 returns it.
      }
      let bits = 0; // Examines all bytes, so that the duration reveals nothing (RFC 7748, section 6.1).
      for (const byte of shared) bits |= byte;
      return bits === 0 ? null : shared;
    },
  };
}

function importPrivateKey(prefix: Uint8Array, secret: Uint8Array): KeyObject {
  const key = Buffer.concat([prefix, requireKeyBytes(secret)]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

/** Null for bytes that are not a point of the curve. */
function importPublicKey(prefix: Uint8Array, raw: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.concat([prefix, raw]), format: "der", type: "spki" });
  } catch {
    return null; // The DER prefix is constant, so the 32 bytes are invalid.
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

/** The value of a lower-case hexadecimal digit's character code. */
function parseHexDigit(code: number): number {
  return code <= 0x39 ? code - 0x30 : code - 0x57;
}

/** As `releaseBytes` of encoding/byte_codec.ts, for buffers of the cipher that were copied. src/deno imports only ports and errors. */
function release({ buffer, length }: Uint8Array): void {
  if (length >= RELEASED_BYTES_MIN && buffer.byteLength === length && buffer instanceof ArrayBuffer) {
    buffer.transfer(0);
  }
}

/** An independent Uint8Array: a Buffer may share memory, and its `slice` is a view. */
function copyBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer);
}

/** Deno 2.4 warns once on stderr about a deprecated constructor that its own createHmac uses (DEP0181). Users should not see that. */
function silenceHmacWarning(): void {
  const before = Reflect.get(process, "noDeprecation");
  Reflect.set(process, "noDeprecation", true);
  createHmac("sha256", new Uint8Array(KEY_BYTES)).digest();
  Reflect.set(process, "noDeprecation", before);
}
