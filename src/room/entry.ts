/** One signed, numbered line that one member wrote in a room: what it says, and the rules that it keeps by itself. Its text: entry_line.ts. */

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

/** UTF-8 bytes of a line; a longer one is refused unread. A text of the greatest length fits unless most of it needs escapes. */
export const ENTRY_LINE_BYTES_MAX = 128 * 1024;
/** UTF-8 bytes of a message: room for a pasted log, too little to stall a screen. */
export const TEXT_BYTES_MAX = 64 * 1024;
/** UTF-8 bytes that a body may need inside its line, escapes included: what the other fields leave at their longest, rounded down. */
export const BODY_BYTES_MAX = ENTRY_LINE_BYTES_MAX - 1024;
/** UTF-16 units of a name in an entry. Looser than `parseName`, so that a stricter rule of a later version never splits replicas. */
export const ENTRY_NAME_UNITS_MAX = 64;
/** Strings in a body that is a list. */
export const BODY_PARTS_MAX = 64;
/**
 * How far an entry's clock may be beyond its author's entry before. Without it one member could spend the whole clock
 * (2^53) with one entry, and nothing could be ordered behind it; with it that takes two million entries.
 */
export const CLOCK_JUMP_MAX = 2 ** 32;
/** Bytes of an entry's hash: the first half of its SHA-256. */
const HASH_BYTES = 16;
const SIGNATURE_BYTES = 64;
const UTF8 = new TextEncoder();
/** Where lines are encoded for their hash and their signature, which look at once. Longer ones get an array of their own. */
const scratch = new Uint8Array(4 * 1024);

/** What a body is: text, or a short list of texts. */
export type Body = string | readonly string[];

/** An entry that has the right shape; `isSigned` says whether the author wrote it. */
export interface Entry {
  readonly room: RoomId;
  readonly author: PeerId;
  /** 1, 2, 3 … in the author's feed. */
  readonly number: number;
  /** Hash of the feed's entry before; empty for number 1. */
  readonly prev: string;
  /** Lamport clock: one more than the highest that the author had seen in the room. */
  readonly clock: number;
  /** What the author's wall clock said. Shown, never trusted. */
  readonly wallMs: number;
  /** "room", "join", "leave", "name", "text", or a kind of a later version: kept and passed on, not shown. */
  readonly kind: string;
  /** The author's name at that time; foreign text. */
  readonly name: string;
  /** @throws {DiskError} where it has left the memory and cannot be read. */
  readonly body: Body;
  /** 22 base64url characters. */
  readonly hash: string;
  /** The whole line, without newline. Written anew each time: kept beside the fields it would double what a room takes in memory. @throws {DiskError} as `body`. */
  readonly line: string;
  /** UTF-8 bytes of the line. */
  readonly sizeBytes: number;
}

/** What of an entry is always in memory. */
export type EntryHead = Omit<Entry, "line" | "body">;

/** A file of lines. */
export interface LineFile {
  /** The line that begins there. @throws {DiskError} if it cannot be read, or is not that entry's. */
  lineAt(atByte: number, entry: Pick<Entry, "sizeBytes" | "hash">): string;
}

/** What the author decides. */
export interface EntryDraft {
  /** Null for the entry that makes a room: its hash is the room's id. */
  readonly room: RoomId | null;
  readonly number: number;
  readonly prev: string;
  readonly clock: number;
  readonly wallMs: number;
  readonly kind: string;
  readonly name: string;
  readonly body: Body;
}

/** Why a line is no entry. */
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
 * Reads a line's shape and limits; the signature is not checked here, because duplicates need no check. `isOnItsWay`: its
 * line will be asked for again and again, until `settle`.
 */
export function readEntry(
  line: string,
  crypto: Crypto,
  options: { readonly isOnItsWay: boolean } = { isOnItsWay: false },
): Entry | { readonly problem: EntryProblem } {
  // A UTF-16 unit is at most three bytes, so the exact count is needed only for long lines.
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
  // So the entry that makes a room comes first in its order: nobody joins what is not there yet.
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

/** The entry is kept and passed on: its line may be forgotten. */
export function dropLine(entry: Entry): void {
  if (entry instanceof ReadEntry) entry.dropLine();
}

/** The entry's line is in that file, and begins at that byte. */
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

/** The entry goes on where the other one ends, in the same feed: what both say is kept once. */
export function shareTexts(entry: Entry, before: Entry): void {
  if (entry instanceof ReadEntry) entry.shareTexts(before);
}

/** An entry of which all was known before but what is in that file, from that byte on. */
export function restoreEntry(head: EntryHead, file: LineFile, atByte: number): Entry {
  const entry = new ReadEntry(head, null);
  entry.attachFile(file, atByte);
  return entry;
}

/** The hash of an entry whose line has these bytes. */
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

/** The order of a room: clock, then author, then number; the hash only parts the two branches of a fork. */
export function compareEntries(left: Entry, right: Entry): number {
  return left.clock - right.clock || compareText(left.author, right.author) || left.number - right.number ||
    compareText(left.hash, right.hash);
}

/** Where the entry is, or belongs, in a list in the order of `compareEntries`. */
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

/** Valid until the next call. */
function encodeScratch(text: string): Uint8Array {
  if (text.length * 3 > scratch.length) return UTF8.encode(text);
  return scratch.subarray(0, UTF8.encodeInto(text, scratch).written);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** An entry: all that its line is made of, or all but what takes most room, once that can be read from a file again. */
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
  /** What is null here can be read from the file. */
  #body: Body | null;
  #signature: string | null;
  /** Until `settle`. */
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
    // The entry that makes a room cannot name it: its hash is the room's id.
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
