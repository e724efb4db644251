/** The tokens of one-time links: each lets one browser in, once, while this node runs. */

import type { Chance, Crypto } from "../../ports/crypto.ts";
import { decodeBase64Url, encodeBase64Url } from "../../encoding/base64url.ts";
import { SECRET_BYTES } from "../shared/live_protocol.ts";

/** Tokens that are out at once; beyond it the oldest is worth nothing any more. */
export const TOKENS_MAX = 16;

/** The tokens that are out. */
export class EntryTokens {
  readonly #ports: { readonly chance: Chance; readonly crypto: Crypto };
  /** Their hashes, so that how long a look-up takes says nothing about a token; with whoever waits for its use. */
  readonly #hashes = new Map<string, () => void>();

  /** None is out. */
  constructor(ports: { readonly chance: Chance; readonly crypto: Crypto }) {
    this.#ports = ports;
  }

  /** A new token; `onGone` is called when it is worth nothing any more. */
  issue(onGone: (token: string) => void = () => {}): string {
    const bytes = this.#ports.chance.bytes(SECRET_BYTES);
    const token = encodeBase64Url(bytes);
    this.#hashes.set(this.#hashOf(bytes), () => onGone(token));
    if (this.#hashes.size > TOKENS_MAX) {
      const [oldest] = this.#hashes.keys();
      if (oldest !== undefined) this.#drop(oldest);
    }
    return token;
  }

  /** Whether it is one that is out; it is used up by that. */
  use(token: string): boolean {
    const bytes = decodeBase64Url(token, SECRET_BYTES);
    return bytes !== null && this.#drop(this.#hashOf(bytes));
  }

  #drop(hash: string): boolean {
    const onGone = this.#hashes.get(hash);
    this.#hashes.delete(hash);
    onGone?.();
    return onGone !== undefined;
  }

  #hashOf(bytes: Uint8Array): string {
    return encodeBase64Url(this.#ports.crypto.sha256(bytes));
  }
}
