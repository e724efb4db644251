/** What an entry of kind `file` says: that its author offers a file or a folder, and the hash by which all of it is checked. */

import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import type { Body } from "./entry.ts";
import { findExtension, formatFileName, isProgramName } from "../text/file_name.ts";

/** The kind of entries that offer files. */
export const OFFER_KIND = "file";
/** The media type of a folder, as freedesktop.org calls it. */
export const FOLDER_TYPE = "inode/directory";
/** Bytes that one offer may have in all: with the largest pieces its manifest stays below its limit. */
export const OFFER_BYTES_MAX = 2 ** 40;
/** Files of one offer. */
export const OFFER_FILES_MAX = 100_000;
/** Bytes of a manifest: it is held in memory. */
export const MANIFEST_BYTES_MAX = 24 * 1024 * 1024;
/** UTF-16 units of a name; names of files have at most 255 of them on all systems. */
export const OFFER_NAME_UNITS_MAX = 255;
const HASH_BYTES = 32;
const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/;
const NUMBER = /^(?:0|[1-9]\d{0,15})$/;

/** An offer as its author says it. Nothing of it is proved before the manifest is here. */
export interface Offer {
  /** Foreign text; see file_name.ts. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly filesCount: number;
  /** A media type; that of a folder for a folder. */
  readonly type: string;
  readonly manifestBytes: number;
  /** SHA-256 of the manifest, 32 bytes as base64url: what tells this content from others. */
  readonly manifest: string;
}

/** The body of an entry that makes the offer. */
export function encodeOffer(offer: Offer): readonly string[] {
  const { name, sizeBytes, filesCount, type, manifestBytes, manifest } = offer;
  return [name, `${sizeBytes}`, `${filesCount}`, type, `${manifestBytes}`, manifest];
}

/** The offer that a body makes; null for what is none. Further parts are of a later version, and ignored. */
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

/** Whether it is a folder. */
export function isFolderOffer({ type }: Pick<Offer, "type">): boolean {
  return type === FOLDER_TYPE;
}

/** The offer in a sentence that begins with its author's name. */
export function formatOffer(offer: Offer): string {
  const { name, sizeBytes, filesCount } = offer;
  const shown = `"${formatFileName(name)}"`;
  const size = formatSize(sizeBytes);
  if (isFolderOffer(offer)) {
    return `offers the folder ${shown} (${filesCount === 1 ? "1 file" : `${filesCount} files`}, ${size})`;
  }
  return `offers ${shown} (${isProgramName(name) ? `a program, "${findExtension(name)}", ` : ""}${size})`;
}

/** Bytes as people read them: "940 bytes", "1.2 MB"; powers of ten, as file managers and phones count. */
export function formatSize(bytes: number): string {
  if (bytes < 1_000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value >= 99.5 ? value.toFixed(0) : value >= 9.95 ? value.toFixed(0) : value.toFixed(1)} ${
    units[unit]
  }`;
}
