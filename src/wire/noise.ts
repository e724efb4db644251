/**
 * Noise_XX_25519_ChaChaPoly_SHA256, after "The Noise Protocol Framework", revision 34 (section numbers below).
 * Pure: keys and the ephemeral secret are passed in, and only bytes go in and out. Neither side knows the other's key
 * in advance, and each proves that it holds its own. A passive listener learns neither key; the initiator learns the
 * responder's.
 */

import { ProtocolError } from "../errors.ts";
import type { Aead, Crypto, DhKey } from "../ports/crypto.ts";
import { concatBytes } from "../encoding/byte_codec.ts";

/** The pattern: one row of tokens per message (section 7.5). The initiator writes the first and the third. */
export const XX = [["e"], ["e", "ee", "s", "es"], ["s", "se"]] as const;
/** Bytes that sealing adds. */
export const TAG_BYTES = 16;
/** Bytes of the largest handshake message (section 3). */
export const NOISE_MESSAGE_BYTES_MAX = 65_535;

const PROTOCOL_NAME = "Noise_XX_25519_ChaChaPoly_SHA256";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
/** Offset of the counter, lowest byte first. */
const NONCE_COUNTER_AT = 4;
const NOTHING = new Uint8Array(0);

type Role = "initiator" | "responder";
type Token = typeof XX[number][number];

/** The inputs of a handshake. */
export interface HandshakeOptions {
  readonly role: Role;
  readonly crypto: Crypto;
  /** Data that both sides must have seen identically before; otherwise the handshake fails. */
  readonly prologue: Uint8Array;
  readonly staticKey: DhKey;
  /** 32 random bytes for this handshake alone. Reusing them would undo forward secrecy. */
  readonly ephemeral: Uint8Array;
}

/**
 * One side of a handshake: three messages in turn, then `split`.
 * Any failure ends it for good, and every further call throws. Mistakes of the peer (a changed byte, a message out of
 * turn, a key of low order) are ProtocolError "bad-handshake"; mistakes of the caller are Error.
 */
export class Handshake {
  readonly #role: Role;
  readonly #static: DhKey;
  readonly #ephemeral: DhKey;
  readonly #symmetric: SymmetricState;
  #remoteStatic: Uint8Array | null = null;
  #remoteEphemeral: Uint8Array | null = null;
  /** The row of XX that comes next. */
  #row = 0;
  #state: "running" | "dead" | "split" = "running";

  constructor(options: HandshakeOptions) {
    this.#role = options.role;
    this.#static = options.staticKey;
    this.#ephemeral = options.crypto.dhKey(options.ephemeral);
    this.#symmetric = new SymmetricState(options.crypto);
    this.#symmetric.mixHash(options.prologue);
  }

  /** Whether all three messages were written and read. */
  get isDone(): boolean {
    return this.#state !== "dead" && this.#row === XX.length;
  }

  /**
   * The peer's Noise key, 32 bytes; null before its message arrived. It identifies the holder of the session, not the
   * user.
   */
  get remoteStatic(): Uint8Array | null {
    return this.#remoteStatic;
  }

  /**
   * Binds the whole handshake (section 11.2): 32 bytes, equal on both sides and in no other session. @throws {Error}
   * before the end.
   */
  get handshakeHash(): Uint8Array {
    this.#require(this.isDone, "has no hash before its end");
    return this.#symmetric.hash.slice();
  }

  /**
   * The next message with this payload. The payload of the first message is not encrypted. @throws {Error} out of
   * turn; {RangeError} above 65,535 bytes; {ProtocolError} "bad-handshake".
   */
  writeMessage(payload: Uint8Array): Uint8Array {
    this.#require(this.#isOurTurn, "has no message for us to write");
    return this.#orFail(() => {
      const parts = this.#tokens.map((token) => this.#write(token));
      const message = concatBytes([...parts, this.#symmetric.seal(payload)]);
      if (message.length > NOISE_MESSAGE_BYTES_MAX) {
        throw new RangeError(`${message.length} bytes in one message`);
      }
      this.#row++;
      return message;
    });
  }

  /** The payload of the peer's next message. @throws {ProtocolError} "bad-handshake"; {Error} once dead or split. */
  readMessage(message: Uint8Array): Uint8Array {
    this.#require(this.#state === "running", "is over");
    return this.#orFail(() => {
      if (this.#isOurTurn || this.isDone) throw new ProtocolError("bad-handshake", "a message out of turn");
      if (message.length > NOISE_MESSAGE_BYTES_MAX) {
        throw new ProtocolError("bad-handshake", "a message too long");
      }
      let rest = message;
      for (const token of this.#tokens) rest = rest.subarray(this.#read(token, rest));
      const payload = this.#symmetric.open(rest);
      this.#row++;
      return payload;
    });
  }

  /**
   * The ciphers of the two directions (section 5.3). Callable once: a second pair would reuse nonces. @throws {Error}
   * before the end, or when repeated.
   */
  split(): { readonly send: CipherState; readonly receive: CipherState } {
    this.#require(this.isDone && this.#state === "running", "cannot be split");
    this.#state = "split";
    const [first, second] = this.#symmetric.split();
    return this.#role === "initiator" ? { send: first, receive: second } : { send: second, receive: first };
  }

  get #tokens(): readonly Token[] {
    return XX[this.#row] ?? [];
  }

  get #isOurTurn(): boolean {
    const isInitiatorsTurn = this.#row % 2 === 0;
    return this.#state === "running" && this.#row < XX.length &&
      isInitiatorsTurn === (this.#role === "initiator");
  }

  /** The bytes that the token adds to our message. */
  #write(token: Token): Uint8Array {
    switch (token) {
      case "e":
        this.#symmetric.mixHash(this.#ephemeral.publicKey);
        return this.#ephemeral.publicKey;
      case "s":
        return this.#symmetric.seal(this.#static.publicKey);
      default:
        this.#mix(token);
        return NOTHING;
    }
  }

  /** Processes the token's bytes in the peer's message; returns their number. */
  #read(token: Token, rest: Uint8Array): number {
    switch (token) {
      case "e": {
        this.#remoteEphemeral = takeBytes(rest, KEY_BYTES).slice();
        this.#symmetric.mixHash(this.#remoteEphemeral);
        return KEY_BYTES;
      }
      case "s": {
        this.#remoteStatic = this.#symmetric.open(takeBytes(rest, KEY_BYTES + TAG_BYTES));
        return KEY_BYTES + TAG_BYTES;
      }
      default:
        this.#mix(token);
        return 0;
    }
  }

  /**
   * Mixes in the shared secret of two keys. The token's first letter names the initiator's key, its second the
   * responder's.
   */
  #mix(token: "ee" | "es" | "se"): void {
    const isInitiator = this.#role === "initiator";
    const ours = token[isInitiator ? 0 : 1] === "e" ? this.#ephemeral : this.#static;
    const theirs = token[isInitiator ? 1 : 0] === "e" ? this.#remoteEphemeral : this.#remoteStatic;
    if (theirs === null) throw new Error(`Noise token ${token} needs a key that no token before it brought`);
    const shared = ours.agree(theirs);
    if (shared === null) throw new ProtocolError("bad-handshake", "a key of low order");
    this.#symmetric.mixKey(shared);
  }

  #require(holds: boolean, otherwise: string): void {
    if (!holds) {
      throw new Error(`A Noise handshake ${otherwise} (${this.#role}, row ${this.#row}, ${this.#state})`);
    }
  }

  #orFail(step: () => Uint8Array): Uint8Array {
    try {
      return step();
    } catch (error) {
      this.#state = "dead";
      throw error;
    }
  }
}

/** A key with a counting nonce: one direction of a session (section 5.1). */
export class CipherState {
  readonly #aead: Aead;
  #counter: number;

  /** `counter`: the first nonce, so that tests can reach the limit. */
  constructor(aead: Aead, options: { readonly counter?: number } = {}) {
    this.#aead = aead;
    this.#counter = options.counter ?? 0;
  }

  /**
   * Ciphertext and tag, at the front of `into` if given. @throws {RangeError} after 2^53 messages, because no nonce
   * is used twice.
   */
  seal(plain: Uint8Array, associated: Uint8Array, into?: Uint8Array): Uint8Array {
    const sealed = this.#aead.seal(encodeNonce(this.#counter), plain, associated, into);
    this.#counter++;
    return sealed;
  }

  /**
   * The plaintext, at the front of `into` if given (which may be `sealed`). A failure does not advance the nonce.
   * @throws {ProtocolError} "bad-frame" if the tag does not match: changed, replayed, or out of order.
   */
  open(sealed: Uint8Array, associated: Uint8Array, into?: Uint8Array): Uint8Array {
    const plain = this.#aead.open(encodeNonce(this.#counter), sealed, associated, into);
    if (plain === null) throw new ProtocolError("bad-frame", "it does not open");
    this.#counter++;
    return plain;
  }
}

/**
 * The 12-byte nonce of a counter: 4 zero bytes and a 64-bit little-endian number (section 12.3). @throws {RangeError}
 * from 2^53 on, where numbers are no longer exact.
 */
export function encodeNonce(counter: number): Uint8Array {
  if (!Number.isSafeInteger(counter) || counter < 0) {
    throw new RangeError("The nonces of this key are used up");
  }
  const nonce = new Uint8Array(NONCE_BYTES);
  // Without a DataView: creating one for every frame costs more than the rest of this function.
  let rest = counter;
  for (let at = NONCE_COUNTER_AT; rest > 0; at++) {
    nonce[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return nonce;
}

/** Chaining key, hash and cipher during a handshake (section 5.2). */
class SymmetricState {
  readonly #crypto: Crypto;
  #chainingKey: Uint8Array;
  #hash: Uint8Array;
  #cipher: CipherState | null = null;

  constructor(crypto: Crypto) {
    this.#crypto = crypto;
    this.#hash = new TextEncoder().encode(PROTOCOL_NAME); // Exactly 32 bytes, so it is not hashed.
    this.#chainingKey = this.#hash;
  }

  get hash(): Uint8Array {
    return this.#hash;
  }

  mixHash(data: Uint8Array): void {
    this.#hash = this.#crypto.sha256(concatBytes([this.#hash, data]));
  }

  mixKey(secret: Uint8Array): void {
    const [chainingKey, key] = this.#derive(secret);
    this.#chainingKey = chainingKey;
    this.#cipher = new CipherState(this.#crypto.aead(key));
  }

  /** EncryptAndHash: in clear until there is a key. */
  seal(plain: Uint8Array): Uint8Array {
    const sealed = this.#cipher === null ? plain : this.#cipher.seal(plain, this.#hash);
    this.mixHash(sealed);
    return sealed;
  }

  /** DecryptAndHash. The result shares no memory with `sealed`. @throws {ProtocolError} "bad-handshake". */
  open(sealed: Uint8Array): Uint8Array {
    const plain = this.#cipher === null ? sealed.slice() : this.#openWith(this.#cipher, sealed);
    this.mixHash(sealed);
    return plain;
  }

  split(): [CipherState, CipherState] {
    const [first, second] = this.#derive(NOTHING);
    return [new CipherState(this.#crypto.aead(first)), new CipherState(this.#crypto.aead(second))];
  }

  #openWith(cipher: CipherState, sealed: Uint8Array): Uint8Array {
    try {
      return cipher.open(sealed, this.#hash);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new ProtocolError("bad-handshake", "a part does not open");
    }
  }

  /** HKDF with two outputs (section 4.3). */
  #derive(secret: Uint8Array): [Uint8Array, Uint8Array] {
    const temporary = this.#crypto.hmacSha256(this.#chainingKey, secret);
    const first = this.#crypto.hmacSha256(temporary, Uint8Array.of(1));
    return [first, this.#crypto.hmacSha256(temporary, concatBytes([first, Uint8Array.of(2)]))];
  }
}

function takeBytes(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length < size) throw new ProtocolError("bad-handshake", "a message is cut short");
  return bytes.subarray(0, size);
}
