/** What a room is, and which peers may enter it (docs/protocol.md, "Rooms"). */

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

/**
 * "open": anyone nearby may join. "invited": a joining peer proves that it knows the room's secret. "direct": the two
 * peers whose keys form its id.
 */
export type Access = "open" | "invited" | "direct";

/** The facts that all members agree on, because the room's id is derived from them. */
export interface RoomInfo {
  readonly id: RoomId;
  readonly access: Access;
  /** Foreign text; empty for a direct conversation, which each side names after the other. */
  readonly title: string;
  /** Peers that may write from the start: the creator, or both peers of a direct conversation. */
  readonly founders: readonly PeerId[];
  /** Only in an invite-only room: a joining peer proves that it knows the secret behind this key. */
  readonly invitationKey?: Uint8Array;
}

/** The choices of a room's creator. */
export interface RoomCreation {
  readonly title: string;
  /** Random bytes that distinguish rooms with the same title and creator. */
  readonly salt: Uint8Array;
  readonly name: string;
  readonly wallMs: number;
  /** Makes it an invite-only room. Nobody can join without this secret. */
  readonly secret?: Uint8Array;
}

/** Creates the first entry of a room. Its hash is the room's id. */
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
 * The room that this entry creates, or null if this version knows no such room. Only the bytes of a title are
 * limited, because hosts announce it with a one-byte length. Further rules of `parseTitle` may differ between
 * versions.
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

/** Whether the entry is allowed in the room. In an invite-only room a join needs a proof made for its own author. */
export function isAdmitted(entry: Entry, { id, invitationKey }: RoomInfo, crypto: Crypto): boolean {
  if (entry.kind !== "join" || invitationKey === undefined) return true;
  const proof = readProof(entry);
  return proof !== null &&
    isInvitationProof(proof, { room: id, author: entry.author, key: invitationKey }, crypto);
}

/** The invitation proof in a join entry, or null. */
export function readProof({ body }: Entry): Uint8Array | null {
  return typeof body === "string" ? decodeBase64Url(body, INVITATION_PROOF_BYTES) : null;
}

/** The direct conversation of two peers. Each computes the same id alone, so it needs no first entry. */
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
