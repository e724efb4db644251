/** Tokens of one-time links. Each lets one browser in, once, while this node runs. */

import type { Chance, Crypto } from "../../ports/crypto.ts";
import { decodeBase64Url, encodeBase64Url } from "../../encoding/base64url.ts";
import { SECRET_BYTES } from "../shared/live_protocol.ts";

/** Valid tokens at once. A further one makes the oldest invalid. */
export const TOKENS_MAX = 16;

/** The valid tokens. */
export class EntryTokens {
  readonly #ports: { readonly chance: Chance; readonly crypto: Crypto };
  /** By the hash of the token, so that the time of a look-up tells nothing about it. The value is the token's `onGone`. */
  readonly #hashes = new Map<string, () => void>();

  constructor(ports: { readonly chance: Chance; readonly crypto: Crypto }) {
    this.#ports = ports;
  }

  /** Makes a token. `onGone` is called when it has been used or has become invalid. */
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

  /** Whether the token is valid. It is invalid from then on. */
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
