/**
 * One signed, numbered line that a member wrote in a room, and the rules that it satisfies by itself. Its text
 * format: entry_encoding.ts.
 */

import { byteLength } from "../encoding/utf8.ts";
import type { Crypto, Signer } from "../ports/crypto.ts";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import {
  detachText,
  ENTRY_VERSION,
  formatLine,
  formatSignedText,
  isCanonicalText,
  parseBody,
  parseSignature,
  parseSignedText,
} from "./entry_encoding.ts";
import {
  parsePeerId,
  parseRoomId,
  type PeerId,
  ROOM_ID_BYTES,
  type RoomId,
  toPeerId,
  toPeerKey,
  toRoomId,
} from "./id.ts";

/**
 * UTF-8 bytes of a line; a longer one is refused before parsing. A text of the maximum length fits unless most of it
 * needs escapes.
 */
export const ENTRY_LINE_BYTES_MAX = 128 * 1024;
/** UTF-8 bytes of a message: enough for a pasted log, too few to stall a screen. */
export const TEXT_BYTES_MAX = 64 * 1024;
/**
 * UTF-8 bytes of a body within its line, including escapes: what the other fields leave at their longest, rounded
 * down.
 */
export const BODY_BYTES_MAX = ENTRY_LINE_BYTES_MAX - 1024;
/**
 * UTF-16 units of a name in an entry. Looser than `parseName`, so that a stricter rule of a later version never
 * splits replicas.
 */
export const ENTRY_NAME_UNITS_MAX = 64;
/** Strings in a body that is a list. */
export const BODY_PARTS_MAX = 64;
/**
 * How far an entry's clock may exceed that of its author's previous entry. Without this limit one member could
 * exhaust the clock (2^53) with one entry, and nothing could be ordered after it. With the limit that takes two
 * million entries.
 */
export const CLOCK_JUMP_MAX = 2 ** 32;
/** Bytes of an entry's hash: the first half of its SHA-256. */
const HASH_BYTES = 16;
const SIGNATURE_BYTES = 64;
const UTF8 = new TextEncoder();
/** Reused buffer for lines to hash and verify, which need the bytes only briefly. Longer lines get their own array. */
const scratch = new Uint8Array(4 * 1024);

/** The body of an entry: text, or a short list of texts. */
export type Body = string | readonly string[];

/** An entry with a valid shape. `isSigned` checks that its author signed it. */
export interface Entry {
  readonly room: RoomId;
  readonly author: PeerId;
  /** 1, 2, 3 … in the author's feed. */
  readonly number: number;
  /** Hash of the previous entry of the feed; empty for number 1. */
  readonly prev: string;
  /** Lamport clock: one more than the highest clock that the author knew in the room. */
  readonly clock: number;
  /** The author's wall clock, Unix ms. Displayed, never trusted. */
  readonly wallMs: number;
  /** "room", "join", "leave", "name", "text" and others. Kinds of later versions are kept and passed on. */
  readonly kind: string;
  /** The author's name at that time; foreign text. */
  readonly name: string;
  /** @throws {DiskError} if the body was released from memory and cannot be read again. */
  readonly body: Body;
  /** 22 base64url characters. */
  readonly hash: string;
  /**
   * The whole line without newline. Formatted on each access: storing it beside the fields would double a room's
   * memory. @throws {DiskError} as `body`.
   */
  readonly line: string;
  /** UTF-8 bytes of the line. */
  readonly sizeBytes: number;
}

/** The part of an entry that always stays in memory. */
export type EntryHead = Omit<Entry, "line" | "body">;

/** A file of entry lines. */
export interface LineFile {
  /** The line that begins at that byte. @throws {DiskError} if it cannot be read, or is a different entry. */
  lineAt(atByte: number, entry: Pick<Entry, "sizeBytes" | "hash">): string;
}

/** The fields that an author chooses. */
export interface EntryDraft {
  /** Null for the entry that creates a room: its hash is the room's id. */
  readonly room: RoomId | null;
  readonly number: number;
  readonly prev: string;
  readonly clock: number;
  readonly wallMs: number;
  readonly kind: string;
  readonly name: string;
  readonly body: Body;
}

/** Why a line is not a valid entry. */
export type EntryProblem = "too-long" | "not-an-entry" | "other-version" | "out-of-range";

/** Signs a draft. */
export function writeEntry(draft: EntryDraft, signer: Signer, crypto: Crypto): Entry {
  const author = toPeerId(signer.publicKey);
  const signed = formatSignedText({ ...draft, author }, draft.room ?? "");
  const signature = encodeBase64Url(signer.sign(new TextEncoder().encode(signed)));
  const entry = readEntry(formatLine(signed, signature), crypto);
  if ("problem" in entry) throw new RangeError(`Cannot write this entry: ${entry.problem}`);
  return entry;
}

/**
 * Parses a line and checks its shape and limits. It does not check the signature, because duplicates need no check.
 * `isOnItsWay` keeps the line in memory until `dropLine`, for entries whose line is needed repeatedly.
 */
export function readEntry(
  line: string,
  crypto: Crypto,
  options: { readonly isOnItsWay: boolean } = { isOnItsWay: false },
): Entry | { readonly problem: EntryProblem } {
  // A UTF-16 unit has at most three bytes, so only long lines need the exact count.
  if (
    line.length > ENTRY_LINE_BYTES_MAX ||
    line.length * 3 > ENTRY_LINE_BYTES_MAX && byteLength(line) > ENTRY_LINE_BYTES_MAX
  ) {
    return { problem: "too-long" };
  }
  const signed = parseSignedText(line);
  if (signed === null) return { problem: "not-an-entry" };
  let fields: unknown;
  try {
    fields = JSON.parse(signed);
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: "not-an-entry" };
    throw error;
  }
  if (!Array.isArray(fields)) return { problem: "not-an-entry" };
  if (fields[0] !== ENTRY_VERSION) {
    return { problem: typeof fields[0] === "number" ? "other-version" : "not-an-entry" };
  }
  if (fields.length !== 10) return { problem: "not-an-entry" };
  const [, room, author, number, prev, clock, wallMs, kind, name, body] = fields;
  if (typeof room !== "string" || typeof author !== "string" || typeof prev !== "string") {
    return { problem: "not-an-entry" };
  }
  if (typeof kind !== "string" || typeof name !== "string" || !isBody(body)) {
    return { problem: "not-an-entry" };
  }
  if (!isCount(number) || !isCount(clock) || !Number.isSafeInteger(wallMs)) {
    return { problem: "out-of-range" };
  }
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(kind) || name.length === 0 || name.length > ENTRY_NAME_UNITS_MAX) {
    return { problem: "out-of-range" };
  }
  const authorId = parsePeerId(author);
  const bytes = encodeScratch(line);
  const hash = crypto.sha256(bytes).subarray(0, HASH_BYTES);
  const roomId = room === "" ? toRoomId(hash.subarray(0, ROOM_ID_BYTES)) : parseRoomId(room);
  if (authorId === null || roomId === null) return { problem: "not-an-entry" };
  if ((room === "") !== (kind === "room") || (kind === "room" && number !== 1)) {
    return { problem: "out-of-range" };
  }
  // This places the entry that creates a room first in its order: nobody can join a room before it exists.
  if ((kind === "room" && clock !== 1) || (kind === "join" && clock === 1)) {
    return { problem: "out-of-range" };
  }
  if ((number === 1) !== (prev === "") || (number > 1 && decodeBase64Url(prev, HASH_BYTES) === null)) {
    return { problem: "out-of-range" };
  }
  const signature = parseSignature(line);
  if (!isCanonicalText(signed, fields) || !/^[\w-]*$/.test(signature)) return { problem: "not-an-entry" };
  const read = { room: roomId, author: authorId, number, prev, clock, wallMs, kind, name };
  const entry = new ReadEntry(
    { ...read, hash: encodeBase64Url(hash), sizeBytes: bytes.length },
    { body, signature: detachText(signature) },
  );
  if (options.isOnItsWay) entry.keepLine(line);
  return entry;
}

/** Frees the stored line, once the entry is on disk and sent. */
export function dropLine(entry: Entry): void {
  if (entry instanceof ReadEntry) entry.dropLine();
}

/** Records that the entry's line is in that file, starting at that byte. */
export function attachFile(entry: Entry, file: LineFile, atByte: number): void {
  if (entry instanceof ReadEntry) entry.attachFile(file, atByte);
}

/** At which byte of its log the entry's line begins; Infinity while it is in none. */
export function logPlace(entry: Entry): number {
  return entry instanceof ReadEntry ? entry.logPlace : Infinity;
}

/**
 * Reads back the texts of those entries whose texts have left the memory, in the order of the log, so that neighbours are read
 * together. The returned function lets them leave again. @throws {DiskError}; then none of them stays.
 */
export function recallTexts(entries: readonly Entry[]): () => void {
  const absent = entries.filter((entry) => entry instanceof ReadEntry && !entry.hasText) as ReadEntry[];
  const releaseAll = () => {
    for (const entry of absent) if (entry.hasText) entry.release();
  };
  try {
    for (const entry of absent.sort((left, right) => left.logPlace - right.logPlace)) entry.recall();
  } catch (error) {
    releaseAll();
    throw error;
  }
  return releaseAll;
}

/** Body and signature leave the memory, and are read again when somebody asks. The entry must be in a file. */
export function releaseText(entry: Entry): void {
  if (entry instanceof ReadEntry) entry.release();
}

/** Shares equal strings with the previous entry of the same feed. */
export function shareTexts(entry: Entry, before: Entry): void {
  if (entry instanceof ReadEntry) entry.shareTexts(before);
}

/** An entry whose head is known and whose line is in that file, starting at that byte. */
export function restoreEntry(head: EntryHead, file: LineFile, atByte: number): Entry {
  const entry = new ReadEntry(head, null);
  entry.attachFile(file, atByte);
  return entry;
}

/** The hash of an entry, from the bytes of its line. */
export function hashLine(line: Uint8Array, crypto: Pick<Crypto, "sha256">): string {
  return encodeBase64Url(crypto.sha256(line).subarray(0, HASH_BYTES));
}

/** Whether the author signed the entry. */
export function isSigned(entry: Entry, crypto: Crypto): boolean {
  const { line } = entry;
  const signed = parseSignedText(line);
  const signature = decodeBase64Url(parseSignature(line), SIGNATURE_BYTES);
  if (signed === null || signature === null) return false;
  return crypto.verify(toPeerKey(entry.author), encodeScratch(signed), signature);
}

/** The order of a room: clock, then author, then number. The hash only separates the two branches of a fork. */
export function compareEntries(left: Entry, right: Entry): number {
  return left.clock - right.clock || compareText(left.author, right.author) || left.number - right.number ||
    compareText(left.hash, right.hash);
}

/** The index of the entry in a list sorted by `compareEntries`, or the index at which to insert it. */
export function findPosition(entry: Entry, ordered: readonly Entry[]): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = ordered[middle];
    if (at !== undefined && compareEntries(at, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The result is valid until the next call. */
function encodeScratch(text: string): Uint8Array {
  if (text.length * 3 > scratch.length) return UTF8.encode(text);
  return scratch.subarray(0, UTF8.encodeInto(text, scratch).written);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** An entry with all fields in memory, or with its large fields in a file. */
class ReadEntry implements Entry {
  readonly room: RoomId;
  readonly author: PeerId;
  readonly number: number;
  prev: string;
  readonly clock: number;
  readonly wallMs: number;
  kind: string;
  name: string;
  readonly hash: string;
  readonly sizeBytes: number;
  /** Null if it must be read from the file. */
  #body: Body | null;
  #signature: string | null;
  /** Set until `dropLine`. */
  #line: string | null = null;
  #file: LineFile | null = null;
  #atByte = 0;

  constructor(head: EntryHead, rest: { readonly body: Body; readonly signature: string } | null) {
    this.room = head.room;
    this.author = head.author;
    this.number = head.number;
    this.prev = head.prev;
    this.clock = head.clock;
    this.wallMs = head.wallMs;
    this.kind = head.kind;
    this.name = head.name;
    this.hash = head.hash;
    this.sizeBytes = head.sizeBytes;
    this.#body = rest?.body ?? null;
    this.#signature = rest?.signature ?? null;
  }

  get body(): Body {
    return this.#body ?? parseBody(this.#lineInFile());
  }

  get line(): string {
    if (this.#line !== null) return this.#line;
    if (this.#body === null || this.#signature === null) return this.#lineInFile();
    // The entry that creates a room cannot contain its id, which is its own hash.
    return formatLine(formatSignedText(this, this.kind === "room" ? "" : this.room), this.#signature);
  }

  keepLine(line: string): void {
    this.#line = line;
  }

  dropLine(): void {
    this.#line = null;
  }

  attachFile(file: LineFile, atByte: number): void {
    this.#file = file;
    this.#atByte = atByte;
  }

  get logPlace(): number {
    return this.#file === null ? Infinity : this.#atByte;
  }

  get hasText(): boolean {
    return this.#body !== null;
  }

  recall(): void {
    const line = this.#lineInFile();
    this.#body = parseBody(line);
    this.#signature = detachText(parseSignature(line));
  }

  release(): void {
    if (this.#file === null) throw new Error("An entry that no file has cannot leave the memory");
    this.#body = this.#signature = null;
  }

  shareTexts(before: Entry): void {
    this.prev = before.hash;
    if (this.kind === before.kind) this.kind = before.kind;
    if (this.name === before.name) this.name = before.name;
  }

  #lineInFile(): string {
    if (this.#file === null) throw new Error("An entry that no file has left the memory");
    return this.#file.lineAt(this.#atByte, this);
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}

function isBody(value: unknown): value is Body {
  if (typeof value === "string") return true;
  return Array.isArray(value) && value.length <= BODY_PARTS_MAX &&
    value.every((part) => typeof part === "string");
}
