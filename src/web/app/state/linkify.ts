/** Finds links in foreign text: http and https alone, so that nothing else is ever followed. Pure. */

/** A stretch of text, or a link that is shown as it is written. */
export type Piece = { readonly text: string; readonly href: string | null };

/** Links in one message; further ones stay text. */
const LINKS_MAX = 100;
/** UTF-16 units of a link; a longer one stays text. */
const LINK_UNITS_MAX = 2_048;
const CANDIDATE = /\bhttps?:\/\/[^\s<>"'`“”„«»‹›]+/giu;
/** What ends a sentence rather than a link. */
const TRAILING = /[.,:;!?…·]+$/u;

/** The text in pieces; together they are the text again. */
export function linkPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let count = 0;
  for (const { 0: found, index } of text.matchAll(CANDIDATE)) {
    if (found.length > LINK_UNITS_MAX || count >= LINKS_MAX) continue;
    const link = withoutTrailing(found);
    const href = hrefOf(link);
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
function hrefOf(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const { protocol, username, password, href } = new URL(link);
  if (protocol !== "http:" && protocol !== "https:") return null;
  return username === "" && password === "" ? href : null;
}

/** Without marks at its end, and without a bracket that is not opened in it. */
function withoutTrailing(found: string): string {
  let link = found.replace(TRAILING, "");
  for (const [open, close] of [["(", ")"], ["[", "]"], ["{", "}"]] as const) {
    while (link.endsWith(close) && count(link, close) > count(link, open)) {
      link = link.slice(0, -1).replace(TRAILING, "");
    }
  }
  return link;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}
