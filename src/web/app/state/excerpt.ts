/** Finds the part of a long message that a search has matched. Pure. */

/** A match with the text around it. The three together are a part of the message. */
export interface Excerpt {
  readonly before: string;
  /** The match as it is written. Empty if only the node finds it (by width or ligatures). */
  readonly hit: string;
  readonly after: string;
}

const BEFORE_CHARS = 60;
const AFTER_CHARS = 160;

/** Finds the excerpt, regardless of case. */
export function findExcerpt(text: string, wanted: string): Excerpt {
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  // If lower case has another length, positions in it are not those of the text.
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
