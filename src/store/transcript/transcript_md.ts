/**
 * A conversation as Markdown (CommonMark). Each message is one list item that contains all of its lines.
 * No message can contain markup, HTML or a link, whichever program displays it. The same entries give the same bytes
 * for every member (in one time zone).
 */

import {
  formatFooter,
  formatLocalTime,
  formatUtcOffsets,
  joinLines,
  LINE_ENDS,
  quoteAmbiguousLabel,
  type Transcript,
  type TranscriptLine,
} from "./transcript.ts";

/**
 * Separators between words that could be links. Stars and backslashes occur in no address, and some programs read
 * them even in code.
 */
const GAPS = /([\s<>`*\\]+)/;
/** Words that some program turns into a link. */
const LINK_LIKE = /\/\/|@|www\.|(?:mailto|xmpp|tel|javascript|data):|[\p{L}\p{N}]\.\p{L}{2}/iu;
/** Markup at any position, of CommonMark and of the dialects with formulas, attributes and footnotes. */
const MARKUP = /[\\`*_[\]{}|~$^#]/g;
/** Markup at the start of a line: lists, underlined headings, definitions. */
const LINE_START = /^(?:[-+=:]|(\d+)([.)]))/;
const NO_BREAK_SPACE = "\u00A0";

/** The transcript as Markdown; ends with a line end. */
export function renderMarkdown(transcript: Transcript): string {
  return [...markdownParts(transcript)].join("");
}

/** The same in parts, at least one for each line of the conversation: a long one can be written with pauses. */
export function* markdownParts(transcript: Transcript): Generator<string> {
  const { title, roomId, lines, sinceMs, untilMs } = transcript;
  const range = [
    ...sinceMs === undefined ? [] : [`from ${formatLocalTime(sinceMs)}`],
    ...untilMs === undefined ? [] : [`until ${formatLocalTime(untilMs)}`],
  ];
  yield `# ${escapeLine(joinLines(title))}\n\n${
    [`Room \`${roomId}\``, `times of ${formatUtcOffsets(transcript)}`, ...range].join(", ")
  }\n`;
  // A heading for each new day, and what was said then.
  let day = "";
  for (const line of lines) {
    const [date = "", time = ""] = formatLocalTime(line.wallMs).split(" ");
    const heading = date === day ? [] : ["", `## ${date}`, ""];
    day = date;
    yield [...heading, ...renderItem(line, time)].map((one) => `${one}\n`).join("");
  }
  yield `\n---\n\n${formatFooter(transcript)}\n`;
}

function renderItem({ kind, label, text }: TranscriptLine, time: string): string[] {
  const who = escapeLine(quoteAmbiguousLabel(joinLines(label).trim()));
  const [first = "", ...more] = text.split(LINE_ENDS).map(escapeLine);
  const start = kind === "text" ? `- ${time} **${who}**: ${first}` : `- ${time} *${who}* ${first}`;
  // A backslash at the end breaks the line; blanks before the next line keep it in the item.
  return [start, ...more.map((line) => `  ${line === "" ? NO_BREAK_SPACE : line}`)]
    .map((line, index) => index < more.length ? `${line}\\` : line);
}

/**
 * Escapes one line of foreign text, so that it appears as written. A possible link becomes code, which is never a
 * link.
 */
function escapeLine(line: string): string {
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  const words = line.slice(indent).trimEnd().split(GAPS);
  const safe = words.map((word) => LINK_LIKE.test(word) ? `\`${word}\`` : escapeMarkup(word));
  return NO_BREAK_SPACE.repeat(indent) + escapeLineStart(safe.join(""));
}

function escapeMarkup(text: string): string {
  return text.replaceAll(MARKUP, "\\$&").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  );
}

function escapeLineStart(line: string): string {
  return line.replace(
    LINE_START,
    (start, digits = "", mark = "") => mark === "" ? `\\${start}` : `${digits}\\${mark}`,
  );
}
