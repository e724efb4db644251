/**
 * A conversation as text that can be read, printed and compared. The same entries give the same bytes for every member
 * (in one time zone), so it says nothing of when and by whom it was made. Every line of it begins in one of three ways,
 * and no text of a member can begin another one:
 *
 *     # about the conversation
 *     2026-11-20 14:03:22  alice: hello        or  2026-11-20 14:03:22  * alice joined
 *                          (blanks)            the text before goes on
 */

/** One record of a transcript, whatever it is written as. */
export interface TranscriptLine {
  /** By the author's clock. */
  readonly wallMs: number;
  readonly kind: "text" | "notice";
  /** What the author was called; made safe for terminals already. */
  readonly label: string;
  /** The message, or the notice without its label; made safe already, and may have several lines. */
  readonly text: string;
}

/** What to write. */
export interface Transcript {
  readonly title: string;
  readonly roomId: string;
  /** Of the whole conversation, also where only a part is written. */
  readonly fingerprint: string;
  /** Messages and notices of the whole conversation. */
  readonly totalCount: number;
  /** Those to write, in the order of the room. */
  readonly lines: readonly TranscriptLine[];
  /** Wall time that `lines` begin with, where it was asked for. */
  readonly sinceMs?: number;
  /** Wall time that `lines` end with, where it was asked for. */
  readonly untilMs?: number;
}

/** As wide as a time; for what a clock cannot mean. */
const NO_TIME = "????-??-?? ??:??:??";
const INDENT = " ".repeat(NO_TIME.length + 2);
/** Everything that some program takes for the end of a line. */
export const LINE_ENDS = /\r\n|[\n\r\v\f\x85\u2028\u2029]/;

/** The transcript, in the local time zone; ends with a line end. */
export function renderTranscript(transcript: Transcript): string {
  return [...transcriptParts(transcript)].join("");
}

/** The same in parts, at least one for each line of the conversation: a long one can be written with pauses. */
export function* transcriptParts(transcript: Transcript): Generator<string> {
  const { title, roomId, lines, sinceMs, untilMs } = transcript;
  yield `# ${joinLines(title)}\n# room ${roomId}\n`;
  if (sinceMs !== undefined) yield `# from ${formatLocalTime(sinceMs)}\n`;
  if (untilMs !== undefined) yield `# until ${formatLocalTime(untilMs)}\n`;
  for (const line of lines) yield formatRecord(line).map((one) => `${one}\n`).join("");
  yield `# ${formatFooter(transcript)}\n`;
}

/** How much it is, and what to compare: the last line of a transcript. */
export function formatFooter({ fingerprint, totalCount, lines }: Transcript): string {
  const part = lines.length === totalCount ? "" : ` of ${totalCount}`;
  return `${formatCount(lines.length)}${part} · fingerprint ${groupByFour(fingerprint)}`;
}

/** "2026-11-20 14:03:22" in the local time zone; question marks for a moment outside the years 1970 to 9999. */
export function formatLocalTime(wallMs: number): string {
  const at = new Date(wallMs);
  const year = at.getFullYear();
  // Not a number for what no Date can hold.
  if (!(year >= 1970 && year <= 9999)) return NO_TIME;
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${year}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function formatRecord({ wallMs, kind, label, text }: TranscriptLine): string[] {
  const [first = "", ...more] = text.split(LINE_ENDS);
  const who = quoteAmbiguousLabel(joinLines(label));
  const start = kind === "text" ? `${who}: ${first}` : `* ${who} ${first}`;
  return [`${formatLocalTime(wallMs)}  ${start}`, ...more.map((line) => INDENT + line)];
}

/** A label that could be read as the start of a text or as a notice stands in quotes. Rooms do not admit such names; feeds of other programs may have them. */
export function quoteAmbiguousLabel(label: string): string {
  return /^$|^[*"]|:/.test(label) ? `"${label.replaceAll('"', "'")}"` : label;
}

/** The text without line ends. */
export function joinLines(text: string): string {
  return text.split(LINE_ENDS).join(" ");
}

function formatCount(count: number): string {
  return count === 1 ? "1 message or notice" : `${count} messages and notices`;
}

function groupByFour(fingerprint: string): string {
  return (fingerprint.replaceAll(/\s/g, "").match(/.{1,4}/gu) ?? []).join(" ");
}
