/** Finds links in foreign text: http and https alone, so that nothing else is ever followed. Pure. */

/** A piece of text, or a link, as it is written. */
export type LinkedPiece = { readonly text: string; readonly href: string | null };

/** Links in one message; further ones stay text. */
const LINKS_MAX = 100;
/** UTF-16 units of a link; a longer one stays text. */
const LINK_UNITS_MAX = 2_048;
const CANDIDATE = /\bhttps?:\/\/[^\s<>"'`“”„«»‹›]+/giu;
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
    const href = parseHref(link);
    if (href === null) continue;
    if (index > at) pieces.push({ text: text.slice(at, index), href: null });
    pieces.push({ text: link, href });
    at = index + link.length;
    count++;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), href: null });
  return pieces;
}

/** The address that the browser opens; null if it is no link. A user name before the host is usually a trap, so it is no link. */
function parseHref(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const { protocol, username, password, href } = new URL(link);
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
