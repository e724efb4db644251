/**
 * log.index, beside a long log: the head of every entry, so that a start reads only the index and the end of the log.
 * Blocks that are only ever appended; all numbers are big-endian:
 *     "EIX1"  length of what follows (4)  first half of its SHA-256 (16)
 *     first byte in the log (6), first half of the SHA-256 of the log's bytes from there on (16)
 *     texts (2): length (1), UTF-8               authors, names and kinds
 *     lines (4): bytes without line end (4), 0 an entry or 1 a line beside them (1)
 *                author, name, kind (2 each), number (4), clock (8), wallMs (8), hash (16)
 * It is a cache. A block that was changed, or whose part of the log was changed, is ignored with all blocks after it,
 * and the log is read from there on.
 */

import type { Crypto } from "../../ports/crypto.ts";
import { decodeBase64Url, encodeBase64Url } from "../../encoding/base64url.ts";
import type { Entry } from "../../room/entry.ts";
import { parsePeerId } from "../../room/id.ts";
import { bytesEqual } from "../../encoding/bytes_equal.ts";

const MAGIC = 0x45_49_58_31;
const SUM_BYTES = 16;
const HEAD_BYTES = 4 + 4 + SUM_BYTES;
const HASH_BYTES = 16;
/** Bytes of the index for each line of the log, its texts aside. */
export const INDEX_LINE_BYTES = 4 + 1 + 3 * 2 + 4 + 8 + 8 + HASH_BYTES;
const UTF8_OUT = new TextEncoder();
const UTF8_IN = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A line of a log with its entry. */
export interface IndexInputLine {
  readonly entry: Entry;
  /** Whether it is not one of the room's entries: it proves a fork, or is a duplicate. */
  readonly isBeside: boolean;
}

/** The same with its byte offset. */
export interface PlacedLine extends IndexInputLine {
  readonly atByte: number;
}

/** The indexed facts of a line. */
export interface IndexedLine {
  readonly head: Pick<
    Entry,
    "author" | "number" | "clock" | "wallMs" | "kind" | "name" | "hash" | "sizeBytes"
  >;
  readonly isBeside: boolean;
  readonly atByte: number;
}

/** A decoded block. */
export interface IndexBlock {
  /** In the order of the log, without gaps; never empty. */
  readonly lines: readonly IndexedLine[];
  /** Their first byte in the log … */
  readonly fromByte: number;
  /** … and their end, including the last line end. */
  readonly endByte: number;
  /** The hash of these bytes of the log. */
  readonly logSum: Uint8Array;
  /** The end of the block in the index. */
  readonly endInIndex: number;
}

/** The first half of the SHA-256, to detect changed bytes. */
export function computeSum(bytes: Uint8Array, crypto: Pick<Crypto, "sha256">): Uint8Array {
  return crypto.sha256(bytes).subarray(0, SUM_BYTES);
}

/** The end of consecutive lines in the log, including the last line end. */
export function findEnd(lines: readonly (PlacedLine | IndexedLine)[]): number {
  const last = lines.at(-1);
  if (last === undefined) return 0;
  return last.atByte + ("entry" in last ? last.entry : last.head).sizeBytes + 1;
}

/** Encodes consecutive lines whose bytes in the log have that hash. @throws {RangeError} above 65,535 different texts. */
export function encodeBlock(
  lines: readonly PlacedLine[],
  { logSum, crypto }: { readonly logSum: Uint8Array; readonly crypto: Pick<Crypto, "sha256"> },
): Uint8Array {
  const texts = new Map<string, number>();
  const numberOf = (text: string) => {
    const number = texts.get(text) ?? texts.size;
    texts.set(text, number);
    return number;
  };
  const rows = lines.map(({ entry }) => [numberOf(entry.author), numberOf(entry.name), numberOf(entry.kind)]);
  if (texts.size > 0xffff) throw new RangeError(`${texts.size} texts do not fit into a block`);
  const encoded = [...texts.keys()].map((text) => UTF8_OUT.encode(text));
  const textBytes = encoded.reduce((sum, { length }) => sum + 1 + length, 0);
  const bytes = new Uint8Array(
    HEAD_BYTES + 6 + SUM_BYTES + 2 + textBytes + 4 + lines.length * INDEX_LINE_BYTES,
  );
  const view = new DataView(bytes.buffer);
  let at = HEAD_BYTES;
  const u8 = (value: number) => view.setUint8(at++, value);
  const u16 = (value: number) => view.setUint16((at += 2) - 2, value);
  const u32 = (value: number) => view.setUint32((at += 4) - 4, value);
  const f64 = (value: number) => view.setFloat64((at += 8) - 8, value);
  const put = (part: Uint8Array) => {
    bytes.set(part, at);
    at += part.length;
  };
  const fromByte = lines[0]?.atByte ?? 0;
  u16(Math.floor(fromByte / 2 ** 32));
  u32(fromByte % 2 ** 32);
  put(logSum);
  u16(encoded.length);
  for (const text of encoded) {
    u8(text.length);
    put(text);
  }
  u32(lines.length);
  lines.forEach(({ entry, isBeside }, index) => {
    u32(entry.sizeBytes);
    u8(isBeside ? 1 : 0);
    for (const number of rows[index] ?? []) u16(number);
    u32(entry.number);
    f64(entry.clock);
    f64(entry.wallMs);
    put(decodeBase64Url(entry.hash, HASH_BYTES) ?? new Uint8Array(HASH_BYTES));
  });
  view.setUint32(0, MAGIC);
  view.setUint32(4, bytes.length - HEAD_BYTES);
  bytes.set(computeSum(bytes.subarray(HEAD_BYTES), crypto), 8);
  return bytes;
}

/** The blocks in order, up to the first that is torn, damaged or does not continue the previous one. */
export function* decodeBlocks(bytes: Uint8Array, crypto: Pick<Crypto, "sha256">): Generator<IndexBlock> {
  let before: IndexBlock | undefined;
  while (true) {
    const content = decodeContent(bytes.subarray(before?.endInIndex ?? 0), crypto);
    const block = content === null ? null : decodeBlock(content, before);
    if (block === null) return;
    yield block;
    before = block;
  }
}

/** The content of a block with a valid hash, otherwise null. */
function decodeContent(bytes: Uint8Array, crypto: Pick<Crypto, "sha256">): Uint8Array | null {
  if (bytes.length < HEAD_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint32(4);
  if (view.getUint32(0) !== MAGIC || length > bytes.length - HEAD_BYTES) return null;
  const content = bytes.subarray(HEAD_BYTES, HEAD_BYTES + length);
  return bytesEqual(computeSum(content, crypto), bytes.subarray(8, HEAD_BYTES)) ? content : null;
}

/** Decodes a block with a valid hash. Null if it does not continue the previous one. */
function decodeBlock(content: Uint8Array, before: IndexBlock | undefined): IndexBlock | null {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  let at = 0;
  const u8 = () => view.getUint8(at++);
  const u16 = () => view.getUint16((at += 2) - 2);
  const u32 = () => view.getUint32((at += 4) - 4);
  const f64 = () => view.getFloat64((at += 8) - 8);
  const take = (length: number) => content.subarray(at, at += length);
  const fromByte = u16() * 2 ** 32 + u32();
  if (fromByte !== (before?.endByte ?? 0)) return null;
  const logSum = take(SUM_BYTES);
  let atByte = fromByte;
  const texts = Array.from({ length: u16() }, () => UTF8_IN.decode(take(u8())));
  const lines: IndexedLine[] = [];
  for (let left = u32(); left > 0; left--) {
    const sizeBytes = u32();
    const isBeside = u8() === 1;
    const author = parsePeerId(texts[u16()] ?? "");
    const [name = "", kind = ""] = [texts[u16()], texts[u16()]];
    const [number, clock, wallMs] = [u32(), f64(), f64()];
    const hash = encodeBase64Url(take(HASH_BYTES));
    if (author === null) return null;
    lines.push({ head: { author, number, clock, wallMs, kind, name, hash, sizeBytes }, isBeside, atByte });
    atByte += sizeBytes + 1;
  }
  if (lines.length === 0) return null;
  const endInIndex = (before?.endInIndex ?? 0) + HEAD_BYTES + content.length;
  return { lines, fromByte, endByte: atByte, logSum, endInIndex };
}
