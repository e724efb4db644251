/**
 * The body of a `file` entry: its author offers a file or folder, identified by a manifest hash that verifies all of
 * it (docs/protocol.md, "Files").
 */

import { ENGLISH, formatBytes } from "../messages/format_message.ts";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import type { Body } from "./entry.ts";
import { findExtension, formatFileName, isProgramName } from "../text/file_name.ts";

/** The kind of entries that offer files. */
export const OFFER_KIND = "file";
/** The media type of a folder, as defined by freedesktop.org. */
export const FOLDER_TYPE = "inode/directory";
/** Total bytes of one offer. With the largest pieces its manifest stays within its limit. */
export const OFFER_BYTES_MAX = 2 ** 40;
/** Files in one offer. */
export const OFFER_FILES_MAX = 100_000;
/** Bytes of a manifest, which is kept in memory. */
export const MANIFEST_BYTES_MAX = 24 * 1024 * 1024;
/** UTF-16 units of a name. All systems limit file names to 255. */
export const OFFER_NAME_UNITS_MAX = 255;
const HASH_BYTES = 32;
const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/;
const NUMBER = /^(?:0|[1-9]\d{0,15})$/;

/** An offer as its author describes it. The manifest proves it later. */
export interface Offer {
  /** Foreign text; see file_name.ts. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly filesCount: number;
  /** A media type; FOLDER_TYPE for a folder. */
  readonly type: string;
  readonly manifestBytes: number;
  /** SHA-256 of the manifest, 32 bytes as base64url. It identifies the content. */
  readonly manifest: string;
}

/** The body of the offer's entry. */
export function encodeOffer(offer: Offer): readonly string[] {
  const { name, sizeBytes, filesCount, type, manifestBytes, manifest } = offer;
  return [name, `${sizeBytes}`, `${filesCount}`, type, `${manifestBytes}`, manifest];
}

/**
 * The offer in a body, or null if the body is not a valid offer. Extra parts belong to later versions and are
 * ignored.
 */
export function parseOffer(body: Body): Offer | null {
  if (typeof body === "string") return null;
  const [name = "", size = "", files = "", type = "", manifestSize = "", manifest = ""] = body;
  const numbers = [size, files, manifestSize];
  if (!numbers.every((text) => NUMBER.test(text)) || !TYPE.test(type)) return null;
  const [sizeBytes = 0, filesCount = 0, manifestBytes = 0] = numbers.map(Number);
  if (name === "" || name.length > OFFER_NAME_UNITS_MAX) return null;
  if (sizeBytes > OFFER_BYTES_MAX || manifestBytes > MANIFEST_BYTES_MAX || manifestBytes < 1) return null;
  if (filesCount < 1 || filesCount > OFFER_FILES_MAX || filesCount > 1 && type !== FOLDER_TYPE) return null;
  const hash = decodeBase64Url(manifest, HASH_BYTES);
  if (hash === null || encodeBase64Url(hash) !== manifest) return null;
  return { name, sizeBytes, filesCount, type, manifestBytes, manifest };
}

/** Whether the offer is a folder. */
export function isFolderOffer({ type }: Pick<Offer, "type">): boolean {
  return type === FOLDER_TYPE;
}

/** The offer as the rest of a sentence that begins with its author's name. */
export function formatOffer(offer: Offer): string {
  const { name, sizeBytes, filesCount } = offer;
  const shown = `"${formatFileName(name)}"`;
  const size = formatSize(sizeBytes);
  if (isFolderOffer(offer)) {
    return `offers the folder ${shown} (${filesCount === 1 ? "1 file" : `${filesCount} files`}, ${size})`;
  }
  return `offers ${shown} (${isProgramName(name) ? `a program, "${findExtension(name)}", ` : ""}${size})`;
}

/** Bytes as people read them in English: "940 bytes", "1.2 MB". */
export function formatSize(bytes: number): string {
  return formatBytes(bytes, ENGLISH);
}
