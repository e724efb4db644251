/**
 * The content of an offer as one canonical text, whose SHA-256 is in the offer's entry (docs/protocol.md, "Files").
 *     earshot files 1
 *     PIECE_BYTES
 *     COUNT
 *     SIZE PATH        for each file, in the order of the paths
 *     HASH             for each piece, SHA-256 as base64url
 * All files are concatenated, and that byte string is split into pieces, so ten thousand small files are handled like
 * one large one. Each arriving piece is verified by its hash, whichever peer sends it.
 */

import { ProtocolError } from "../errors.ts";
import type { Crypto } from "../ports/crypto.ts";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { byteLength } from "../encoding/utf8.ts";
import { MANIFEST_BYTES_MAX, OFFER_BYTES_MAX, OFFER_FILES_MAX } from "../room/file_offer.ts";

/** Bytes of the smallest pieces, used for offers of up to 1,024 of them. */
export const PIECE_BYTES_MIN = 256 * 1024;
/** Bytes of the largest pieces: a few are in memory at once. */
export const PIECE_SIZE_MAX = 4 * 1024 * 1024;
/** UTF-8 bytes of a path within a folder. */
export const PATH_BYTES_MAX = 1_024;
/** UTF-8 bytes of one path segment, which is what systems allow. */
export const PART_BYTES_MAX = 255;
/** Levels of nested folders. */
export const DEPTH_MAX = 32;
/** Above this number of pieces, the next piece size is used. */
const PIECES_WANTED = 1_024;
const HEAD = "earshot files 1";
const HASH_BYTES = 32;
const HASH_CHARS = 43;
const NUMBER = /^(?:0|[1-9]\d{0,15})$/;
// deno-lint-ignore no-control-regex -- A line of the manifest ends at one of these, and no system needs them in names.
const UNFIT = /[\x00-\x1f\x7f]/;

/** A file of an offer. */
export interface ManifestFile {
  /** The author's path: foreign text. One segment for a file that is offered by itself. */
  readonly path: readonly string[];
  readonly sizeBytes: number;
}

/** An offer's content. */
export interface Manifest {
  readonly pieceBytes: number;
  readonly files: readonly ManifestFile[];
  /** 32 bytes for each piece. */
  readonly hashes: readonly Uint8Array[];
  /** Total bytes of all files. */
  readonly sizeBytes: number;
}

/**
 * The piece size for that many bytes. It yields some hundred pieces, so that manifests stay small and a lost piece
 * costs little.
 */
export function choosePieceBytes(sizeBytes: number): number {
  let pieceBytes = PIECE_BYTES_MIN;
  while (pieceBytes < PIECE_SIZE_MAX && sizeBytes > pieceBytes * PIECES_WANTED) pieceBytes *= 2;
  return pieceBytes;
}

/** Total bytes of these files. */
export function sumFileBytes(files: readonly Pick<ManifestFile, "sizeBytes">[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Bytes of the piece with that number; the last one may be smaller. */
export function computePieceBytes({ pieceBytes, sizeBytes }: Manifest, piece: number): number {
  return Math.min(pieceBytes, sizeBytes - piece * pieceBytes);
}

/** The number of pieces in that many bytes. */
export function countPieces(sizeBytes: number, pieceBytes: number): number {
  return Math.ceil(sizeBytes / pieceBytes);
}

/** Orders files by their paths as text. */
export function comparePaths(left: readonly string[], right: readonly string[]): number {
  const [one, other] = [left.join("/"), right.join("/")];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The manifest's bytes. @throws {RangeError} if `decodeManifest` would refuse it. */
export function encodeManifest(manifest: Omit<Manifest, "sizeBytes">): Uint8Array {
  const { pieceBytes, files, hashes } = manifest;
  const lines = [
    HEAD,
    `${pieceBytes}`,
    `${files.length}`,
    ...files.map(({ path, sizeBytes }) => `${sizeBytes} ${path.join("/")}`),
    ...hashes.map(encodeBase64Url),
  ];
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  try {
    decodeManifest(bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new RangeError(`Cannot offer that: ${error.message}`);
  }
  return bytes;
}

/** The manifest in these bytes. @throws {ProtocolError} "bad-record" if no honest author creates it. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  if (bytes.length > MANIFEST_BYTES_MAX) throw manifestError("it is too long");
  const lines = splitManifest(bytes);
  const [head, piece = "", count = ""] = lines;
  if (head !== HEAD) throw manifestError("it is of another kind");
  const pieceBytes = parseNumber(piece);
  if (
    pieceBytes < PIECE_BYTES_MIN || pieceBytes > PIECE_SIZE_MAX || !Number.isInteger(Math.log2(pieceBytes))
  ) {
    throw manifestError(`pieces of ${pieceBytes} bytes`);
  }
  const filesCount = parseNumber(count);
  if (filesCount < 1 || filesCount > OFFER_FILES_MAX) throw manifestError(`${filesCount} files`);
  const files = lines.slice(3, 3 + filesCount).map(parseFileLine);
  if (files.length < filesCount) throw manifestError("it is cut short");
  checkPaths(files);
  const sizeBytes = sumFileBytes(files);
  if (sizeBytes > OFFER_BYTES_MAX) throw manifestError("its files are too large");
  const hashLines = lines.slice(3 + filesCount);
  if (hashLines.length !== countPieces(sizeBytes, pieceBytes)) {
    throw manifestError(`${hashLines.length} hashes`);
  }
  return { pieceBytes, files, hashes: hashLines.map(parseHashLine), sizeBytes };
}

/** The text that identifies these bytes in an offer's entry. */
export function hashManifest(bytes: Uint8Array, crypto: Crypto): string {
  return encodeBase64Url(crypto.sha256(bytes));
}

function splitManifest(bytes: Uint8Array): string[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw manifestError("it is not UTF-8");
  }
  const lines = text.split("\n");
  if (lines.pop() !== "") throw manifestError("its last line does not end");
  return lines;
}

function parseFileLine(line: string): ManifestFile {
  const gap = line.indexOf(" ");
  const sizeBytes = parseNumber(line.slice(0, Math.max(gap, 0)));
  const text = line.slice(gap + 1);
  const path = text.split("/");
  const isFit = !UNFIT.test(text) && byteLength(text) <= PATH_BYTES_MAX && path.length <= DEPTH_MAX &&
    path.every((part) => part !== "" && part !== "." && part !== ".." && byteLength(part) <= PART_BYTES_MAX);
  if (!isFit) throw manifestError("a path that is none");
  return { path, sizeBytes };
}

/** Paths are in order, so each appears once; and no path is both a file and a folder. */
function checkPaths(files: readonly ManifestFile[]): void {
  const folders = new Set<string>();
  const names = new Set<string>();
  for (const [index, { path }] of files.entries()) {
    const before = files[index - 1];
    if (before !== undefined && comparePaths(before.path, path) >= 0) {
      throw manifestError("paths out of order");
    }
    for (let depth = 1; depth < path.length; depth++) folders.add(path.slice(0, depth).join("/"));
    names.add(path.join("/"));
  }
  for (const folder of folders) if (names.has(folder)) throw manifestError("a file that is a folder too");
}

function parseHashLine(line: string): Uint8Array {
  const hash = line.length === HASH_CHARS ? decodeBase64Url(line, HASH_BYTES) : null;
  if (hash === null) throw manifestError("a hash that is none");
  return hash;
}

function parseNumber(text: string): number {
  if (!NUMBER.test(text)) throw manifestError("a number that is none");
  return Number(text);
}

function manifestError(detail: string): ProtocolError {
  return new ProtocolError("bad-record", `a manifest: ${detail}`);
}
