/** What a room is and whom it lets in. */

import type { Crypto, Signer } from "../ports.ts";
import { encodeBase64Url } from "./base64.ts";
import { byteLength, type Entry, writeEntry } from "./entry.ts";
import { type PeerId, peerKeyOf, ROOM_ID_BYTES, type RoomId, roomIdOf } from "./id.ts";
import { TITLE_BYTES_MAX } from "./name.ts";

/** "open": anyone nearby may join. "direct": the two whose keys make its id. */
export type Access = "open" | "direct";

/** What everybody in a room agrees on, because its id is made of it. */
export interface RoomInfo {
  readonly id: RoomId;
  readonly access: Access;
  /** Foreign text; empty for a direct conversation, which each side names after the other. */
  readonly title: string;
  /** Who may write from the start: the creator, or the two of a direct conversation. */
  readonly founders: readonly PeerId[];
}

/** What the creator of a room decides. */
export interface Founding {
  readonly title: string;
  /** Random bytes: they part rooms of one title and creator. */
  readonly salt: Uint8Array;
  readonly name: string;
  readonly wallMs: number;
}

/** Makes the first entry of an open room; its hash is the room's id. */
export function foundRoom(founding: Founding, signer: Signer, crypto: Crypto): Entry {
  const { title, salt, name, wallMs } = founding;
  const body = [title, "open", encodeBase64Url(salt)];
  return writeEntry(
    { room: null, number: 1, prev: "", clock: 1, wallMs, kind: "room", name, body },
    signer,
    crypto,
  );
}

/**
 * The room that an entry makes, or null if it makes none that this version knows. Of a title only the bytes count, because
 * whoever hosts the room tells it behind a one-byte length; what `parseTitle` asks for beyond that may differ by version.
 */
export function roomOf(entry: Entry): RoomInfo | null {
  if (entry.kind !== "room" || typeof entry.body === "string") return null;
  const [title, access] = entry.body;
  if (title === undefined || title === "" || access !== "open") return null;
  if (byteLength(title) > TITLE_BYTES_MAX) return null;
  return { id: entry.room, access, title, founders: [entry.author] };
}

/** The direct conversation of two peers: both find the same id alone, so it needs no first entry. */
export function directRoom(one: PeerId, other: PeerId, crypto: Crypto): RoomInfo {
  const founders = one < other ? [one, other] : [other, one];
  const label = new TextEncoder().encode("earshot direct 1\0");
  const keys = founders.map(peerKeyOf);
  const bytes = new Uint8Array([...label, ...keys.flatMap((key) => [...key])]);
  return {
    id: roomIdOf(crypto.sha256(bytes).subarray(0, ROOM_ID_BYTES)),
    access: "direct",
    title: "",
    founders,
  };
}
