/** Checks a received manifest against its offer. */

import { message } from "../../messages/message.ts";
import { ProtocolError, WorldError } from "../../errors.ts";
import { decodeManifest, type Manifest } from "../../transfer/manifest.ts";
import { formatFileName } from "../../text/file_name.ts";
import { isFolderOffer, type Offer } from "../../room/file_offer.ts";

/** Decodes the manifest. @throws {WorldError} if it is invalid, or does not match the offer. */
export function verifyManifest(bytes: Uint8Array, offer: Offer): Manifest {
  const isSameAsOffered = ({ sizeBytes, files }: Manifest) =>
    sizeBytes === offer.sizeBytes && files.length === offer.filesCount &&
    (isFolderOffer(offer) || files.every(({ path }) => path.length === 1));
  try {
    const manifest = decodeManifest(bytes);
    if (isSameAsOffered(manifest)) return manifest;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  const name = formatFileName(offer.name);
  throw new WorldError(message("get.bad-manifest", { name }));
}
