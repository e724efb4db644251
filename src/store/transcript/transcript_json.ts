/**
 * A conversation as JSON: one object, with one entry on each line of the file. Nothing is lost (`raw` is what the author
 * signed, but for links of invitations), and nothing in it does harm where the file is shown or opened: what is not to be seen, or could be markup or a
 * formula, is written as JSON's own escapes, which read back as what they were. The same entries give the same bytes for
 * every member, in every time zone.
 */

import type { Access } from "../../room/access.ts";
import type { Body, Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import type { Transcript, TranscriptLine } from "./transcript.ts";

/** Goes up when something in it changes its meaning. */
const FORMAT = 1;
/** Controls, formats, what is hidden or private, and line ends that are not JSON's. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{DI}\p{Noncharacter_Code_Point}\u2028\u2029\uFFF9-\uFFFB]/gu;
/** Marks without a letter, and piles of them. */
const MARKS = /(?<=["\s]|\p{M}{4})\p{M}/gu;
/** Where a spreadsheet, which splits at these, would take a cell for a formula. */
const FORMULA = /(?<=["',;|]\s*)[=+@-]/g;
const HTML = /[<>]/g;

/** Somebody who has written in the conversation. */
export interface TranscriptMember {
  readonly id: PeerId;
  /** The last label. */
  readonly name: string;
  readonly isIn: boolean;
}

/** A record with all that its author signed. */
export interface TranscriptEntry extends TranscriptLine {
  readonly entry: Omit<Entry, "body" | "line">;
  readonly body: Body;
  /** ISO 8601; what a clock cannot mean is at the end of what it can. */
  readonly time: string;
}

/** What to write. */
export interface FullTranscript extends Transcript {
  readonly access: Access;
  readonly members: readonly TranscriptMember[];
  readonly lines: readonly TranscriptEntry[];
}

/** The transcript as JSON; ends with a line end. */
export function renderJson(transcript: FullTranscript): string {
  return [...jsonParts(transcript)].join("");
}

/** The same in parts, at least one for each line of the conversation: a long one can be written with pauses. */
export function* jsonParts(transcript: FullTranscript): Generator<string> {
  const { title, roomId, access, fingerprint, totalCount, members, lines, sinceMs, untilMs } = transcript;
  const room = { id: roomId, title, access, fingerprint };
  const part = { count: lines.length, total: totalCount, sinceMs: sinceMs ?? null, untilMs: untilMs ?? null };
  yield [
    "{",
    `"earshot": ${FORMAT},`,
    `"room": ${encodeHarmless(room)},`,
    `"part": ${encodeHarmless(part)},`,
    `"members": ${formatList(members.map(({ id, name, isIn }) => ({ id, name, in: isIn })))},`,
    `"entries": [`,
  ].join("\n");
  let isFirst = true;
  for (const line of lines) {
    yield `${isFirst ? "" : ","}\n${encodeHarmless(toEntryObject(line))}`;
    isFirst = false;
  }
  yield isFirst ? "]\n}\n" : "\n]\n}\n";
}

function toEntryObject({ entry, body, label, text, time }: TranscriptEntry): unknown {
  const { author, number, clock, kind, name, wallMs } = entry;
  return {
    author,
    name: label,
    number,
    clock,
    time,
    kind,
    text,
    raw: { name, wallMs, body: redactInvitation(body, kind) },
  };
}

/** The link of an invitation is left out: files are passed on, and whoever reads it could come in. */
function redactInvitation(body: Body, kind: string): Body | readonly (string | null)[] {
  if (kind !== "invite") return body;
  return typeof body === "string" ? [null] : [null, ...body.slice(1)];
}

function formatList(values: readonly unknown[]): string {
  return values.length === 0 ? "[]" : `[\n${values.map(encodeHarmless).join(",\n")}\n]`;
}

function encodeHarmless(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll(UNSEEN, unicodeEscape)
    .replaceAll(MARKS, unicodeEscape)
    .replaceAll(HTML, unicodeEscape)
    .replaceAll(FORMULA, unicodeEscape);
}

/** As JSON writes it: UTF-16 units of four digits. */
function unicodeEscape(char: string): string {
  return char.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}
