/**
 * The secret of an invite-only room, with which members invite others. A member that loses it stays a member, and
 * can get a new link from another one.
 */

import type { Disk } from "../../ports/storage.ts";
import { decodeBase32, encodeBase32 } from "../../encoding/base32.ts";
import { INVITATION_SECRET_BYTES } from "../../room/invitation.ts";
import { replaceFile } from "../files/atomic_write.ts";

/** The secret; null if there is no file, or no valid secret in it. @throws {DiskError}. */
export async function loadSecret(disk: Disk, path: string): Promise<Uint8Array | null> {
  const bytes = await disk.read(path);
  return bytes === null
    ? null
    : decodeBase32(new TextDecoder().decode(bytes).trim(), INVITATION_SECRET_BYTES);
}

/** Saves the secret. @throws {DiskError}. */
export async function saveSecret(
  disk: Disk,
  { path, secret }: { readonly path: string; readonly secret: Uint8Array },
): Promise<void> {
  await replaceFile(disk, { path, bytes: new TextEncoder().encode(`${encodeBase32(secret)}\n`) });
}
