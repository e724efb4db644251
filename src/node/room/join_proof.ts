/** The proof with which we join, or joined, an invite-only room. */

import { encodeBase64Url } from "../../encoding/base64url.ts";
import { readProof } from "../../room/access.ts";
import type { PeerId } from "../../room/id.ts";
import type { Replica } from "../../room/replica.ts";

/** Our proof for one room. An open room and a direct conversation need none. */
export class JoinProof {
  readonly #me: PeerId;
  readonly #replica: Replica;
  #bytes: Uint8Array | null = null;

  constructor(me: PeerId, replica: Replica) {
    this.#me = me;
    this.#replica = replica;
  }

  /** From now on we join by this proof. */
  set(bytes: Uint8Array): void {
    this.#bytes = bytes;
  }

  /** The proof that was set, else the one of our join; null without either. */
  get bytes(): Uint8Array | null {
    const first = this.#replica.get(this.#me, 1);
    if (first?.kind === "join") this.#bytes ??= readProof(first);
    return this.#bytes;
  }

  /** The body of our join. */
  get text(): string {
    const { bytes } = this;
    return bytes === null ? "" : encodeBase64Url(bytes);
  }
}
