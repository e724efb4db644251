/**
 * A conversation as JSON: one object, with one entry per line of the file. It is complete (`raw` is what the author
 * signed, except for links of invitations), and displaying or opening it is harmless: invisible characters and
 * possible markup or formulas are written as JSON escapes, which read back unchanged. The same entries give the same
 * bytes for every member, in every time zone.
 */

import type { Access } from "../../room/access.ts";
import type { Body, Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import type { Transcript, TranscriptLine } from "./transcript.ts";

/** Increases when a field changes its meaning. */
const FORMAT = 1;
/** Controls, formats, hidden and private-use characters, and line ends that JSON does not escape. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{DI}\p{Noncharacter_Code_Point}\u2028\u2029\uFFF9-\uFFFB]/gu;
/** Marks without a letter, and piles of marks. */
const MARKS = /(?<=["\s]|\p{M}{4})\p{M}/gu;
/** Positions where a spreadsheet, which splits at these characters, would read a cell as a formula. */
const FORMULA = /(?<=["',;|]\s*)[=+@-]/g;
const HTML = /[<>]/g;

/** A peer that has written in the conversation. */
export interface TranscriptMember {
  readonly id: PeerId;
  /** The last label. */
  readonly name: string;
  readonly isIn: boolean;
}

/** A record with everything that its author signed. */
export interface TranscriptEntry extends TranscriptLine {
  readonly entry: Omit<Entry, "body" | "line">;
  readonly body: Body;
  /** ISO 8601; what a clock cannot mean is at the end of what it can. */
  readonly time: string;
}

/** The content of a JSON transcript. */
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

/** Removes the link of an invitation: exports are passed on, and a link would let their readers join. */
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

/** In JSON notation: one four-digit escape per UTF-16 unit. */
function unicodeEscape(char: string): string {
  return char.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}
