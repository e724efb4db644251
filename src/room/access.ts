/** What a room is and whom it lets in. */

import type { Crypto, Signer } from "../ports/crypto.ts";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { type Entry, writeEntry } from "./entry.ts";
import { byteLength } from "../encoding/utf8.ts";
import { type PeerId, ROOM_ID_BYTES, type RoomId, toPeerKey, toRoomId } from "./id.ts";
import {
  deriveInvitationSigner,
  INVITATION_KEY_BYTES,
  INVITATION_PROOF_BYTES,
  isInvitationProof,
} from "./invitation.ts";
import { TITLE_BYTES_MAX } from "../text/name.ts";

/** "open": anyone nearby may join. "invited": whoever proves to know its secret. "direct": the two whose keys make its id. */
export type Access = "open" | "invited" | "direct";

/** What everybody in a room agrees on, because its id is made of it. */
export interface RoomInfo {
  readonly id: RoomId;
  readonly access: Access;
  /** Foreign text; empty for a direct conversation, which each side names after the other. */
  readonly title: string;
  /** Who may write from the start: the creator, or the two of a direct conversation. */
  readonly founders: readonly PeerId[];
  /** Of a room by invitation: whoever joins proves to know the secret behind this key. */
  readonly invitationKey?: Uint8Array;
}

/** What the creator of a room decides. */
export interface RoomCreation {
  readonly title: string;
  /** Random bytes: they part rooms of one title and creator. */
  readonly salt: Uint8Array;
  readonly name: string;
  readonly wallMs: number;
  /** Makes it a room by invitation; nobody gets in without it. */
  readonly secret?: Uint8Array;
}

/** Makes the first entry of a room; its hash is the room's id. */
export function foundRoom(founding: RoomCreation, signer: Signer, crypto: Crypto): Entry {
  const { title, salt, name, wallMs, secret } = founding;
  const access = secret === undefined
    ? ["open", encodeBase64Url(salt)]
    : ["invited", encodeBase64Url(salt), encodeBase64Url(deriveInvitationSigner(secret, crypto).publicKey)];
  return writeEntry(
    { room: null, number: 1, prev: "", clock: 1, wallMs, kind: "room", name, body: [title, ...access] },
    signer,
    crypto,
  );
}

/**
 * The room that an entry makes, or null if it makes none that this version knows. Of a title only the bytes count, because
 * whoever hosts the room tells it behind a one-byte length; what `parseTitle` asks for beyond that may differ by version.
 */
export function readRoomInfo(entry: Entry): RoomInfo | null {
  if (entry.kind !== "room" || typeof entry.body === "string") return null;
  const [title, access, , key = ""] = entry.body;
  if (title === undefined || title === "" || byteLength(title) > TITLE_BYTES_MAX) return null;
  const info = { id: entry.room, title, founders: [entry.author] };
  if (access === "open") return { ...info, access };
  const invitationKey = decodeBase64Url(key, INVITATION_KEY_BYTES);
  return access === "invited" && invitationKey !== null ? { ...info, access, invitationKey } : null;
}

/** Whether the entry may stand in the room: into a room by invitation nobody comes without a proof that is their own. */
export function isAdmitted(entry: Entry, { id, invitationKey }: RoomInfo, crypto: Crypto): boolean {
  if (entry.kind !== "join" || invitationKey === undefined) return true;
  const proof = readProof(entry);
  return proof !== null &&
    isInvitationProof(proof, { room: id, author: entry.author, key: invitationKey }, crypto);
}

/** The proof that a join brings, or null. */
export function readProof({ body }: Entry): Uint8Array | null {
  return typeof body === "string" ? decodeBase64Url(body, INVITATION_PROOF_BYTES) : null;
}

/** The direct conversation of two peers: both find the same id alone, so it needs no first entry. */
export function deriveDirectRoom(one: PeerId, other: PeerId, crypto: Crypto): RoomInfo {
  const founders = one < other ? [one, other] : [other, one];
  const label = new TextEncoder().encode("earshot direct 1\0");
  const keys = founders.map(toPeerKey);
  const bytes = new Uint8Array([...label, ...keys.flatMap((key) => [...key])]);
  return {
    id: toRoomId(crypto.sha256(bytes).subarray(0, ROOM_ID_BYTES)),
    access: "direct",
    title: "",
    founders,
  };
}
