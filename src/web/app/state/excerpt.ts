/** The part of a long message in which something was found. Pure. */

/** Text around what was found; the three together are a part of the message. */
export interface Excerpt {
  readonly before: string;
  /** As it stands there; empty where only the node finds it (by width or ligatures). */
  readonly hit: string;
  readonly after: string;
}

const BEFORE_CHARS = 60;
const AFTER_CHARS = 160;

/** The excerpt, whatever the case of what was looked for. */
export function findExcerpt(text: string, wanted: string): Excerpt {
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  // Where small letters are more or fewer than capitals, the place would be another.
  const isSame = text.toLowerCase().length === text.length;
  if (at === -1 || !isSame || wanted === "") {
    return { before: cutEnd(text, BEFORE_CHARS + AFTER_CHARS), hit: "", after: "" };
  }
  const end = at + wanted.length;
  return {
    before: cutStart(text.slice(0, at), BEFORE_CHARS),
    hit: text.slice(at, end),
    after: cutEnd(text.slice(end), AFTER_CHARS),
  };
}

function cutStart(text: string, max: number): string {
  return text.length <= max ? text : `…${text.slice(-max).replace(/^[\uDC00-\uDFFF]/, "")}`;
}

function cutEnd(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
