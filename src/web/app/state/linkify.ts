/** Finds links in foreign text: web and mail addresses, and links to rooms. Nothing else is ever followed. Pure. */

/** A piece of text, or a link, as it is written. The page itself opens a link to a room. */
export interface LinkedPiece {
  readonly text: string;
  /** The http, https or mailto address that the browser opens; null for text and for links to rooms. */
  readonly href: string | null;
  readonly isRoom: boolean;
}

/** Links in one message; further ones stay text. */
const LINKS_MAX = 100;
/** UTF-16 units of a link; a longer one stays text. */
const LINK_UNITS_MAX = 2_048;
/** Ends a link: blanks, quotes, and the brackets and marks of Chinese and Japanese, which stand beside words without a blank. */
const END = "\\s<>\"'`“”„«»‹›、。，．！？；：（）［］｛｝「」『』【】〔〕〖〗《》〈〉｡｢｣､";
const LABEL = "[a-z0-9-]{1,63}";
const CANDIDATE = new RegExp(
  [
    `\\b(?:https?|earshot)://[^${END}]+`,
    `(?<![\\w@./:-])www\\.[\\p{L}\\p{N}-]{1,63}\\.[^${END}]+`,
    `(?<![\\w.+@/:-])[\\w.+-]{1,64}@${LABEL}(?:\\.${LABEL}){1,8}(?![\\w@]|\\.\\w)`,
    `(?<![\\w@./:-])(?:\\d{1,3}\\.){3}\\d{1,3}:\\d{1,5}(?![\\w:]|\\.\\w)(?:[/?#][^${END}]*)?`,
  ].join("|"),
  "giu",
);
/** The scheme, an address and a room. The node checks the rest. */
const ROOM_LINK = /^earshot:\/\/[^/]+\/[^/]/iu;
/** Marks that end a sentence, not a link. */
const TRAILING = ".,:;!?…·";
/** Closing brackets with their opening ones. */
const BRACKETS = [[")", "("], ["]", "["], ["}", "{"]] as const;

/** Splits the text into pieces that together are the text. */
export function linkify(text: string): readonly LinkedPiece[] {
  const pieces: LinkedPiece[] = [];
  let at = 0;
  let count = 0;
  for (const { 0: found, index } of text.matchAll(CANDIDATE)) {
    if (found.length > LINK_UNITS_MAX || count >= LINKS_MAX) continue;
    const link = withoutTrailing(found);
    const isRoom = ROOM_LINK.test(link);
    const href = isRoom ? null : parseHref(link);
    if (href === null && !isRoom) continue;
    if (index > at) pieces.push({ text: text.slice(at, index), href: null, isRoom: false });
    pieces.push({ text: link, href, isRoom });
    at = index + link.length;
    count++;
  }
  if (at < text.length || pieces.length === 0) {
    pieces.push({ text: text.slice(at), href: null, isRoom: false });
  }
  return pieces;
}

/** The address that the browser opens; null if it is no link. A user name before the host is usually a trap, so it is no link. */
function parseHref(link: string): string | null {
  const hasScheme = /^(?:https?|earshot):\/\//iu.test(link);
  if (!hasScheme && link.includes("@") && !/[/:]/u.test(link)) return `mailto:${link}`;
  const address = hasScheme ? link : `http://${link}`;
  if (!URL.canParse(address)) return null;
  const { protocol, username, password, href } = new URL(address);
  if (protocol !== "http:" && protocol !== "https:") return null;
  return username === "" && password === "" ? href : null;
}

/** Removes marks at the end, and brackets that the link does not open. It looks at each character once, so that a hostile text costs little. */
function withoutTrailing(found: string): string {
  const surplus = new Map<string, number>(
    BRACKETS.map(([close, open]) => [close, count(found, close) - count(found, open)]),
  );
  let end = found.length;
  for (; end > 0; end--) {
    const char = found.charAt(end - 1);
    const left = surplus.get(char);
    if (left === undefined ? !TRAILING.includes(char) : left <= 0) break;
    if (left !== undefined) surplus.set(char, left - 1);
  }
  return found.slice(0, end);
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}
