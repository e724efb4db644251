/** Randomness and cryptographic primitives: types only. src/deno and tests/sim implement them; tests/contracts says what both must do. */

/** Randomness. */
export interface Chance {
  /** Bytes fit for keys. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1) for jitter; not for keys. */
  fraction(): number;
}

/** Signs with one Ed25519 key (RFC 8032). */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(data: Uint8Array): Uint8Array;
}

/** One half of an X25519 exchange (RFC 7748). */
export interface DhKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The shared secret, 32 bytes; null if the other key is of low order (the secret would be all zero). */
  agree(theirPublicKey: Uint8Array): Uint8Array | null;
}

/** ChaCha20-Poly1305 (RFC 8439) under one key. */
export interface Aead {
  /** Ciphertext with its 16-byte tag behind it; at the front of `into`, if that is given. The nonce is 12 bytes and never used twice. */
  seal(nonce: Uint8Array, plain: Uint8Array, associated: Uint8Array, into?: Uint8Array): Uint8Array;
  /** The plaintext, or null if the tag does not fit. At the front of `into`, if that is given; it may be `sealed` itself. */
  open(nonce: Uint8Array, sealed: Uint8Array, associated: Uint8Array, into?: Uint8Array): Uint8Array | null;
}

/** How hard scrypt is to compute (RFC 7914): its memory is 128 · cost · blockSize bytes. */
export interface ScryptOptions {
  readonly salt: Uint8Array;
  /** N: a power of two. */
  readonly cost: number;
  /** r. */
  readonly blockSize: number;
  /** p. */
  readonly parallelization: number;
  /** Of the result: from 10 to 64, which is what all implementations do. */
  readonly sizeBytes: number;
}

/** Cryptographic primitives, all synchronous. Never hand-written. */
export interface Crypto {
  /** SHA-256 (FIPS 180-4), 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /** HMAC-SHA-256 (RFC 2104), 32 bytes. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** scrypt (RFC 7914): slow on purpose, so nothing for a busy path. @throws {RangeError} for options that are out of range. */
  scrypt(secret: Uint8Array, options: ScryptOptions): Uint8Array;
  /** The Ed25519 key of a 32-byte seed. */
  signer(seed: Uint8Array): Signer;
  /** Whether the Ed25519 signature is good. False, never a throw, for keys and signatures that are malformed. */
  verify(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean;
  /** The X25519 key of a 32-byte secret. */
  dhKey(secret: Uint8Array): DhKey;
  /** The cipher of a 32-byte key. */
  aead(key: Uint8Array): Aead;
}
