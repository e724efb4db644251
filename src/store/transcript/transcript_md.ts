/**
 * A conversation as Markdown (CommonMark). Each message is one item of a list, and all of its further lines stand within
 * that item; nothing in a message is markup, HTML or a link, whichever program shows it. The same entries give the same
 * bytes for every member (in one time zone).
 */

import {
  formatFooter,
  formatLocalTime,
  joinLines,
  LINE_ENDS,
  quoteAmbiguousLabel,
  type Transcript,
  type TranscriptLine,
} from "./transcript.ts";

/** What parts words, as far as links go. Stars and backslashes are in no address, and some programs see them through code. */
const GAPS = /([\s<>`*\\]+)/;
/** A word with this in it is made a link of by some program or other. */
const LINK_LIKE = /\/\/|@|www\.|(?:mailto|xmpp|tel|javascript|data):|[\p{L}\p{N}]\.\p{L}{2}/iu;
/** Markup anywhere in a line, of CommonMark and of the dialects with formulas, attributes and footnotes. */
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
  yield `# ${escapeLine(joinLines(title))}\n\n${[`Room \`${roomId}\``, ...range].join(", ")}\n`;
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
  // A backslash at its end breaks the line; the blanks before the next one keep it in the item.
  return [start, ...more.map((line) => `  ${line === "" ? NO_BREAK_SPACE : line}`)]
    .map((line, index) => index < more.length ? `${line}\\` : line);
}

/** One line of foreign text, so that it is shown as it stands. What looks like a link stands as code, where nothing is one. */
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
