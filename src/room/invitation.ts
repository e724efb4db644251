/**
 * Invite-only rooms (docs/protocol.md, "Rooms"). An Ed25519 key is derived from a secret of 128 random bits. The
 * room's first entry contains the public key, and each joining peer signs the ids of the room and of itself with it.
 * So every member can check every join from the entries alone. No entry contains the secret, and a proof is valid for
 * one peer in one room.
 */

import type { Crypto, Signer } from "../ports/crypto.ts";
import { type PeerId, type RoomId, toPeerKey, toRoomBytes } from "./id.ts";

/** Bytes of a room's secret: too many to guess. */
export const INVITATION_SECRET_BYTES = 16;
/** Bytes of the key derived from the secret. */
export const INVITATION_KEY_BYTES = 32;
/** Bytes of a proof: one Ed25519 signature. */
export const INVITATION_PROOF_BYTES = 64;

const KEY_LABEL = "earshot invitation key 1";
const PROOF_LABEL = "earshot invitation proof 1\0";

/** The statement that a proof signs: this peer may join this room. */
export interface InvitationClaim {
  readonly room: RoomId;
  readonly author: PeerId;
}

/** The key derived from a secret. The room's first entry contains its public half. */
export function deriveInvitationSigner(secret: Uint8Array, crypto: Crypto): Signer {
  return crypto.signer(crypto.hmacSha256(secret, new TextEncoder().encode(KEY_LABEL)));
}

/** Creates the proof that the author knows the room's secret. */
export function proveInvitation(secret: Uint8Array, invited: InvitationClaim, crypto: Crypto): Uint8Array {
  return deriveInvitationSigner(secret, crypto).sign(encodeClaim(invited));
}

/** Whether the proof shows that its author knew the secret of the room with that public key. */
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
