/**
 * A conversation as text to read, print and compare. The same entries give the same bytes for every member (in one
 * time zone), so it does not contain when or by whom it was made. Each line begins in one of three ways, and no
 * member's text can imitate another one:
 *     # about the conversation
 *     2026-11-20 14:03:22  alice: hello        or  2026-11-20 14:03:22  * alice joined
 * A time that comes twice, when clocks are set back, has its distance from UTC behind it: 2026-10-25 02:30:00+02:00
 *                          (blanks)            continues the text before
 */

/** One record of a transcript, in any output format. */
export interface TranscriptLine {
  /** The author's clock, Unix ms. */
  readonly wallMs: number;
  readonly kind: "text" | "notice";
  /** The author's name, already safe for terminals. */
  readonly label: string;
  /** The message, or the notice without its label. Already safe; may have several lines. */
  readonly text: string;
}

/** The content of a transcript. */
export interface Transcript {
  readonly title: string;
  readonly roomId: string;
  /** Of the whole conversation, even if only a part is exported. */
  readonly fingerprint: string;
  /** Messages and notices in the whole conversation. */
  readonly totalCount: number;
  /** The exported records, in the order of the room. */
  readonly lines: readonly TranscriptLine[];
  /** The requested start, Unix ms. */
  readonly sinceMs?: number;
  /** The requested end, Unix ms. */
  readonly untilMs?: number;
}

/** As wide as a time, for values that are not a valid time. */
const NO_TIME = "????-??-?? ??:??:??";
/** Clocks are set back by half an hour to two hours. */
const SET_BACK_MS_MAX = 3 * 3_600_000;
const INDENT = " ".repeat(NO_TIME.length + 2);
/** Everything that some program treats as a line end. */
export const LINE_ENDS = /\r\n|[\n\r\v\f\x85\u2028\u2029]/;

/** The transcript in the local time zone; ends with a line end. */
export function renderTranscript(transcript: Transcript): string {
  return [...transcriptParts(transcript)].join("");
}

/** The same in parts, at least one for each line of the conversation: a long one can be written with pauses. */
export function* transcriptParts(transcript: Transcript): Generator<string> {
  const { title, roomId, lines, sinceMs, untilMs } = transcript;
  yield `# ${joinLines(title)}\n# room ${roomId}\n# times of ${formatUtcOffsets(transcript)}\n`;
  if (sinceMs !== undefined) yield `# from ${formatLocalTime(sinceMs)}\n`;
  if (untilMs !== undefined) yield `# until ${formatLocalTime(untilMs)}\n`;
  for (const line of lines) yield formatRecord(line).map((one) => `${one}\n`).join("");
  yield `# ${formatFooter(transcript)}\n`;
}

/** The last line of a transcript: the number of records, and the fingerprint to compare. */
export function formatFooter({ fingerprint, totalCount, lines }: Transcript): string {
  const part = lines.length === totalCount ? "" : ` of ${totalCount}`;
  return `${formatCount(lines.length)}${part} · fingerprint ${groupByFour(fingerprint)}`;
}

/**
 * How far the local times at the first and at the last line are from UTC, such as "UTC+01:00 and UTC+02:00". Names of
 * time zones would differ between systems that show the same times.
 */
export function formatUtcOffsets(
  { lines, sinceMs, untilMs }: Pick<Transcript, "lines" | "sinceMs" | "untilMs">,
): string {
  const ends = [lines[0]?.wallMs ?? sinceMs ?? untilMs ?? 0, lines.at(-1)?.wallMs ?? untilMs ?? sinceMs ?? 0];
  const offsets = ends.map((wallMs) => -new Date(wallMs).getTimezoneOffset()).filter(Number.isFinite);
  const texts = offsets.map((minutes) => minutes === 0 ? "UTC" : `UTC${formatUtcDistance(minutes)}`);
  return texts.length === 0 ? "unknown zones" : [...new Set(texts)].join(" and ");
}

/**
 * "2026-11-20 14:03:22" in the local time zone; question marks outside the years 1970 to 9999. A time that comes twice
 * that day ends in its distance from UTC, such as "+02:00".
 */
export function formatLocalTime(wallMs: number): string {
  const at = new Date(wallMs);
  const year = at.getFullYear();
  // NaN for values that a Date cannot hold.
  if (!(year >= 1970 && year <= 9999)) return NO_TIME;
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${year}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const distance = isRepeated(at) ? formatUtcDistance(-at.getTimezoneOffset()) : "";
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${distance}`;
}

/** Whether clocks show the same time at another moment, because they were set back. */
function isRepeated(at: Date): boolean {
  const offsetMinutes = at.getTimezoneOffset();
  return [-1, 1].some((side) => {
    const otherOffset = new Date(at.getTime() + side * SET_BACK_MS_MAX).getTimezoneOffset();
    const twin = new Date(at.getTime() + (otherOffset - offsetMinutes) * 60_000);
    return otherOffset !== offsetMinutes && twin.getTimezoneOffset() === otherOffset;
  });
}

function formatUtcDistance(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function formatRecord({ wallMs, kind, label, text }: TranscriptLine): string[] {
  const [first = "", ...more] = text.split(LINE_ENDS);
  const who = quoteAmbiguousLabel(joinLines(label));
  const start = kind === "text" ? `${who}: ${first}` : `* ${who} ${first}`;
  return [`${formatLocalTime(wallMs)}  ${start}`, ...more.map((line) => INDENT + line)];
}

/**
 * Quotes a label that could be read as the start of a text or as a notice. Rooms reject such names; feeds of other
 * programs may contain them.
 */
export function quoteAmbiguousLabel(label: string): string {
  return /^$|^[*"]|:/.test(label) ? `"${label.replaceAll('"', "'")}"` : label;
}

/** The text with each line end replaced by a space. */
export function joinLines(text: string): string {
  return text.split(LINE_ENDS).join(" ");
}

function formatCount(count: number): string {
  return count === 1 ? "1 message or notice" : `${count} messages and notices`;
}

function groupByFour(fingerprint: string): string {
  return (fingerprint.replaceAll(/\s/g, "").match(/.{1,4}/gu) ?? []).join(" ");
}
