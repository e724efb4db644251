/** Creates the offer of a file or folder: reads all of it once, for the hashes by which others check the pieces. */

import { message } from "../../messages/message.ts";
import { basename, join } from "@std/path";
import { UsageError, WorldError } from "../../errors.ts";
import {
  choosePieceBytes,
  comparePaths,
  countPieces,
  encodeManifest,
  hashManifest,
  sumFileBytes,
} from "../../transfer/manifest.ts";
import { DEPTH_MAX, PART_BYTES_MAX, PATH_BYTES_MAX } from "../../transfer/manifest.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { FileInfo, Files } from "../../ports/storage.ts";
import { byteLength } from "../../encoding/utf8.ts";
import { formatFileName, toSafeFileName } from "../../text/file_name.ts";
import {
  FOLDER_TYPE,
  type Offer,
  OFFER_BYTES_MAX,
  OFFER_FILES_MAX,
  OFFER_NAME_UNITS_MAX,
} from "../../room/file_offer.ts";
import { ContentReader } from "../../store/transfers/content_files.ts";
import type { FileStamp } from "../../store/transfers/transfer_store.ts";
import { readStamps } from "../../store/transfers/partial_download.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import { mediaTypeOf } from "./media_type.ts";

// deno-lint-ignore no-control-regex -- These have no place in a manifest, and no system needs them in names.
const UNFIT = /[\x00-\x1f\x7f]/;

/** A new offer, as it was read from disk. */
export interface CreatedOffer {
  readonly offer: Offer;
  readonly manifestBytes: Uint8Array;
  /** The file or folder itself. */
  readonly place: string;
  readonly stamps: readonly FileStamp[];
  /** The number of things in the folder that cannot be offered: links, devices, names that other systems do not take. */
  readonly skippedCount: number;
}

export interface CreateOfferParts {
  readonly files: Files;
  readonly crypto: Crypto;
  readonly signal: AbortSignal;
  onRead(readBytes: number, sizeBytes: number): void;
}

interface FoundFile {
  readonly path: readonly string[];
  readonly at: string;
  readonly stamp: FileStamp;
}

/** Reads the file or folder. @throws {UsageError} for what cannot be offered, {WorldError}; rejects with the signal's reason. */
export async function createOffer(path: string, parts: CreateOfferParts): Promise<CreatedOffer> {
  return await formatDiskError(
    message("doing.offer-file", { name: formatFileName(basename(path)) }),
    () => readOffered(path, parts),
  );
}

/** Checks that the path is a file or folder, so that a mistake in one of many paths is found before any is offered. @throws {UsageError}, {WorldError}. */
export async function findOffered(place: string, files: Files): Promise<FileInfo> {
  const fact = await formatDiskError(
    message("doing.look-at", { path: formatFileName(place) }),
    () => files.stat(place, { follow: true }),
  );
  const name = basename(place);
  if (fact === null) throw new UsageError(message("offer.nothing-there", { path: formatFileName(place) }));
  if (fact.kind !== "file" && fact.kind !== "folder") {
    throw new UsageError(message("offer.not-a-file", { name: formatFileName(name) }));
  }
  if (name === "" || name.length > OFFER_NAME_UNITS_MAX) {
    throw new UsageError(message("offer.no-name", { path: formatFileName(place) }));
  }
  return fact;
}

async function readOffered(place: string, parts: CreateOfferParts): Promise<CreatedOffer> {
  const { files, crypto, signal, onRead } = parts;
  const fact = await findOffered(place, files);
  const name = basename(place);
  const isFolder = fact.kind === "folder";
  // Only names inside a folder must fit into a manifest's lines; the name of a single file is in the entry.
  const { found, skippedCount } = isFolder
    ? await walk(place, files)
    : { found: [{ path: [toSafeFileName(name)], at: place, stamp: fact }], skippedCount: 0 };
  const sizeBytes = sumFileBytes(found.map(({ stamp }) => stamp));
  checkLimits(name, { count: found.length, sizeBytes });
  const pieceBytes = choosePieceBytes(sizeBytes);
  const reader = new ContentReader(files, found.map(({ at, stamp }) => ({ path: at, ...stamp })));
  const hashes: Uint8Array[] = [];
  try {
    const buffer = new Uint8Array(Math.min(pieceBytes, sizeBytes));
    for (let piece = 0; piece < countPieces(sizeBytes, pieceBytes); piece++) {
      signal.throwIfAborted();
      const bytes = buffer.subarray(0, Math.min(pieceBytes, sizeBytes - piece * pieceBytes));
      if (!await reader.read(bytes, piece * pieceBytes)) throw makeChangedError(name);
      hashes.push(crypto.sha256(bytes));
      onRead(piece * pieceBytes + bytes.length, sizeBytes);
    }
  } finally {
    await reader.close();
  }
  const stamps = await readStamps(files, found.map(({ at }) => at));
  if (!isUnchanged(stamps, found.map(({ stamp }) => stamp))) throw makeChangedError(name);
  const listed = found.map(({ path, stamp }) => ({ path, sizeBytes: stamp.sizeBytes }));
  const manifestBytes = encodeFileList(name, { pieceBytes, files: listed, hashes });
  const offer = {
    name,
    sizeBytes,
    filesCount: found.length,
    type: isFolder ? FOLDER_TYPE : mediaTypeOf(name),
    manifestBytes: manifestBytes.length,
    manifest: hashManifest(manifestBytes, crypto),
  };
  return { offer, manifestBytes, place, stamps, skippedCount };
}

/** @throws {UsageError} if the list of files is longer than others would take. */
function encodeFileList(name: string, manifest: Parameters<typeof encodeManifest>[0]): Uint8Array {
  try {
    return encodeManifest(manifest);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(message("offer.list-too-long", { name: formatFileName(name) }), { cause: error });
  }
}

/** Whether the files are unchanged. */
export function isUnchanged(now: readonly FileStamp[], before: readonly FileStamp[]): boolean {
  return now.length === before.length &&
    now.every(({ sizeBytes, modifiedMs }, index) =>
      sizeBytes === before[index]?.sizeBytes && modifiedMs === before[index]?.modifiedMs
    );
}

/** All files of a folder, in the order of a manifest. Links are not followed: they may lead out of the folder or into a cycle. */
async function walk(
  folder: string,
  files: Files,
): Promise<{ readonly found: readonly FoundFile[]; readonly skippedCount: number }> {
  const found: FoundFile[] = [];
  let skippedCount = 0;
  const visit = async (at: string, path: readonly string[]): Promise<void> => {
    for (const name of await files.list(at)) {
      const inner = [...path, name];
      const fact = await files.stat(join(at, name), { follow: false });
      const isFit = !UNFIT.test(name) && name.isWellFormed() && byteLength(name) <= PART_BYTES_MAX &&
        byteLength(inner.join("/")) <= PATH_BYTES_MAX && inner.length <= DEPTH_MAX;
      if (fact?.kind === "folder" && isFit) await visit(join(at, name), inner);
      else if (fact?.kind === "file" && isFit) found.push({ path: inner, at: join(at, name), stamp: fact });
      else skippedCount++;
      if (found.length > OFFER_FILES_MAX) return;
    }
  };
  await visit(folder, []);
  found.sort((left, right) => comparePaths(left.path, right.path));
  return { found, skippedCount };
}

function checkLimits(
  name: string,
  { count, sizeBytes }: { readonly count: number; readonly sizeBytes: number },
): void {
  const shown = formatFileName(name);
  if (count === 0) throw new UsageError(message("offer.empty", { name: shown }));
  if (count > OFFER_FILES_MAX) {
    throw new UsageError(message("offer.too-many", { name: shown, max: OFFER_FILES_MAX }));
  }
  if (sizeBytes > OFFER_BYTES_MAX) {
    throw new UsageError(message("offer.too-large", { name: shown, size: sizeBytes, max: OFFER_BYTES_MAX }));
  }
}

function makeChangedError(name: string): WorldError {
  return new WorldError(message("offer.changed", { name: formatFileName(name) }));
}

/** A path that cannot be used because the node runs in another folder than its user. */
export function makeNotAbsoluteError(path: string): UsageError {
  return new UsageError(message("path.not-absolute", { path: formatFileName(path) }));
}
