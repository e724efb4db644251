/**
 * Rooms by invitation. A secret of 128 random bits opens the room: an Ed25519 key is made of it, the room's first entry
 * names that key, and whoever joins signs the room's and their own id with it. So everybody can check everybody's join from the
 * entries alone, the secret itself is in none of them, and a proof is good for one peer in one room.
 */

import type { Crypto, Signer } from "../ports/crypto.ts";
import { type PeerId, type RoomId, toPeerKey, toRoomBytes } from "./id.ts";

/** Bytes of a room's secret: too many to be guessed. */
export const INVITATION_SECRET_BYTES = 16;
/** Bytes of the key that is made of it. */
export const INVITATION_KEY_BYTES = 32;
/** Bytes of a proof: one Ed25519 signature. */
export const INVITATION_PROOF_BYTES = 64;

const KEY_LABEL = "earshot invitation key 1";
const PROOF_LABEL = "earshot invitation proof 1\0";

/** Who is to take part where. */
export interface InvitationClaim {
  readonly room: RoomId;
  readonly author: PeerId;
}

/** The key of a secret; its public half stands in the room's first entry. */
export function deriveInvitationSigner(secret: Uint8Array, crypto: Crypto): Signer {
  return crypto.signer(crypto.hmacSha256(secret, new TextEncoder().encode(KEY_LABEL)));
}

/** Proves that the author knows the room's secret. */
export function proveInvitation(secret: Uint8Array, invited: InvitationClaim, crypto: Crypto): Uint8Array {
  return deriveInvitationSigner(secret, crypto).sign(encodeClaim(invited));
}

/** Whether it proves that the author knew the secret of the room with that public key. */
export function isInvitationProof(
  proof: Uint8Array,
  { key, ...invited }: InvitationClaim & { readonly key: Uint8Array },
  crypto: Crypto,
): boolean {
  return crypto.verify(key, encodeClaim(invited), proof);
}

function encodeClaim({ room, author }: InvitationClaim): Uint8Array {
  return new Uint8Array([
    ...new TextEncoder().encode(PROOF_LABEL),
    ...toRoomBytes(room),
    ...toPeerKey(author),
  ]);
}
