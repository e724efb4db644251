/**
 * Randomness and cryptographic primitives, as types only. src/deno and tests/sim implement them; tests/contracts
 * holds both to the same contract.
 */

/** A source of randomness. */
export interface Chance {
  /** `count` cryptographically secure random bytes. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1) for jitter. Never use it for keys. */
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
  /** The shared secret, 32 bytes. Null if the other key has low order, which makes the secret all zeros. */
  agree(theirPublicKey: Uint8Array): Uint8Array | null;
}

/** ChaCha20-Poly1305 (RFC 8439) under one key. */
export interface Aead {
  /**
   * Returns the ciphertext followed by its 16-byte tag, written to the front of `into` if given. The nonce has 12
   * bytes and is never reused.
   */
  seal(nonce: Uint8Array, plain: Uint8Array, associated: Uint8Array, into?: Uint8Array): Uint8Array;
  /**
   * Returns the plaintext, or null if the tag does not match. Writes to the front of `into` if given; `into` may be
   * `sealed` itself.
   */
  open(nonce: Uint8Array, sealed: Uint8Array, associated: Uint8Array, into?: Uint8Array): Uint8Array | null;
}

/** The cost parameters of scrypt (RFC 7914). It needs 128 · cost · blockSize bytes of memory. */
export interface ScryptOptions {
  readonly salt: Uint8Array;
  /** N, a power of two. */
  readonly cost: number;
  /** r. */
  readonly blockSize: number;
  /** p. */
  readonly parallelization: number;
  /** Size of the result: 10 to 64 bytes, the range that all implementations support. */
  readonly sizeBytes: number;
}

/** Cryptographic primitives. All are synchronous, and none is implemented by hand. */
export interface Crypto {
  /** SHA-256 (FIPS 180-4), 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /** HMAC-SHA-256 (RFC 2104), 32 bytes. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** scrypt (RFC 7914), slow on purpose: keep it off busy paths. @throws {RangeError} for options out of range. */
  scrypt(secret: Uint8Array, options: ScryptOptions): Uint8Array;
  /** The Ed25519 key of a 32-byte seed. */
  signer(seed: Uint8Array): Signer;
  /** Whether the Ed25519 signature is valid. Returns false for malformed keys and signatures; never throws. */
  verify(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean;
  /** The X25519 key of a 32-byte secret. */
  dhKey(secret: Uint8Array): DhKey;
  /** The cipher of a 32-byte key. */
  aead(key: Uint8Array): Aead;
}
