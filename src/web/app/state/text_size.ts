/** Limits and sizes of messages. Pure. */

/** UTF-8 bytes of a message. The node has the same limit (room/entry.ts); a test compares them. */
export const TEXT_BYTES_MAX = 64 * 1024;
/** From this size on the composer shows the size. */
export const TEXT_BYTES_SHOWN_FROM = 48 * 1024;
/** UTF-16 units of a message that are shown before the user expands it. */
export const TEXT_UNITS_SHOWN = 3_000;
/** Lines of a message that are shown before the user expands it. */
export const TEXT_LINES_SHOWN = 30;

/** Counts UTF-8 bytes. */
export function countBytes(text: string): number {
  // A unit has at most three bytes, so short texts need no encoder.
  return text.length * 3 < TEXT_BYTES_SHOWN_FROM ? text.length : new TextEncoder().encode(text).length;
}

/** Cuts a long text at a whole character; null if the text is short enough. */
export function shortenText(text: string): string | null {
  const lines = text.split("\n", TEXT_LINES_SHOWN + 1);
  if (text.length <= TEXT_UNITS_SHOWN && lines.length <= TEXT_LINES_SHOWN) return null;
  const short = lines.slice(0, TEXT_LINES_SHOWN).join("\n").slice(0, TEXT_UNITS_SHOWN);
  return short.replace(/[\uD800-\uDBFF]$/, "");
}
