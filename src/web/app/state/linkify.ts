/** Finds links in foreign text: http and https alone, so that nothing else is ever followed. Pure. */

/** A section of text, or a link that is shown as it is written. */
export type LinkedPiece = { readonly text: string; readonly href: string | null };

/** Links in one message; further ones stay text. */
const LINKS_MAX = 100;
/** UTF-16 units of a link; a longer one stays text. */
const LINK_UNITS_MAX = 2_048;
const CANDIDATE = /\bhttps?:\/\/[^\s<>"'`“”„«»‹›]+/giu;
/** What ends a sentence rather than a link. */
const TRAILING = ".,:;!?…·";
/** Closing brackets, and what opens them. */
const BRACKETS = [[")", "("], ["]", "["], ["}", "{"]] as const;

/** The text in pieces; together they are the text again. */
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

/** The address that the browser would open, or null for none. A host with a user name before it is a trap more often than not. */
function parseHref(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const { protocol, username, password, href } = new URL(link);
  if (protocol !== "http:" && protocol !== "https:") return null;
  return username === "" && password === "" ? href : null;
}

/** Without marks at its end, and without brackets that are not opened in it. Looks at each character once: whoever writes links may mean to keep us busy. */
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
