/** identity.json: the key of this node. The seed is the identity, so no message here ever contains it. */

import { message } from "../../messages/message.ts";
import { WorldError } from "../../errors.ts";
import type { Chance, Crypto, Signer } from "../../ports/crypto.ts";
import type { Disk } from "../../ports/storage.ts";
import { parseJson } from "../../encoding/json.ts";
import { decodeBase64Url, encodeBase64Url } from "../../encoding/base64url.ts";
import { type PeerId, toPeerId } from "../../room/id.ts";
import { replaceFile } from "../files/atomic_write.ts";
import { formatDiskError } from "../files/disk_error_text.ts";

const VERSION = 1;
const SEED_BYTES = 32;

/** The id of this node, and its signing key. */
export interface Identity {
  readonly id: PeerId;
  readonly signer: Signer;
}

/** The inputs for loading an identity. */
export interface IdentityOptions {
  readonly path: string;
  readonly crypto: Pick<Crypto, "signer">;
}

/**
 * Loads the identity, or creates one from fresh random bytes if there is no file. The caller must hold the home's
 * lock. @throws {WorldError} if the file is damaged (it is kept as it is) or the disk fails.
 */
export async function loadOrCreateIdentity(
  disk: Disk,
  { path, crypto, chance }: IdentityOptions & { readonly chance: Pick<Chance, "bytes"> },
): Promise<Identity & { readonly isNew: boolean }> {
  const known = await loadIdentity(disk, { path, crypto });
  if (known !== null) return { ...known, isNew: false };
  const seed = chance.bytes(SEED_BYTES);
  const signer = crypto.signer(seed);
  const id = toPeerId(signer.publicKey);
  const text = JSON.stringify({ version: VERSION, seed: encodeBase64Url(seed), id });
  const bytes = new TextEncoder().encode(`${text}\n`);
  await formatDiskError(message("doing.save-identity", { path }), () => replaceFile(disk, { path, bytes }));
  return { id, signer, isNew: true };
}

/** The identity in that file, or null if there is no file. @throws {WorldError} as `loadOrCreateIdentity`. */
export async function loadIdentity(disk: Disk, { path, crypto }: IdentityOptions): Promise<Identity | null> {
  const bytes = await formatDiskError(message("doing.read-identity", { path }), () => disk.read(path));
  if (bytes === null) return null;
  const parsed = parseIdentity(bytes, crypto);
  if ("signer" in parsed) return parsed;
  throw new WorldError(message("identity.damaged", { path, problem: parsed.problem }));
}

function parseIdentity(
  bytes: Uint8Array,
  crypto: Pick<Crypto, "signer">,
): Identity | { readonly problem: string } {
  const value = parseJson(new TextDecoder().decode(bytes));
  if (typeof value !== "object" || value === null) return { problem: "it is not a JSON object" };
  if (!("version" in value) || value.version !== VERSION) return { problem: "its version is not 1" };
  const seed = "seed" in value && typeof value.seed === "string"
    ? decodeBase64Url(value.seed, SEED_BYTES)
    : null;
  if (seed === null) return { problem: `its seed is not ${SEED_BYTES} bytes in base64url` };
  const signer = crypto.signer(seed);
  const id = toPeerId(signer.publicKey);
  if (!("id" in value) || value.id !== id) return { problem: "its seed and its id do not belong together" };
  return { id, signer };
}
