/** How long a text may be. Pure. */

/** UTF-8 bytes of a message; the node's own limit (room/entry.ts), which a test compares. */
export const TEXT_BYTES_MAX = 64 * 1024;
/** From here on the composer says how long the text is. */
export const TEXT_BYTES_SHOWN_FROM = 48 * 1024;
/** UTF-16 units of a message that are shown before the user asks for all of it. */
export const TEXT_UNITS_SHOWN = 3_000;
/** Lines of it. */
export const TEXT_LINES_SHOWN = 30;

/** UTF-8 bytes. */
export function countBytes(text: string): number {
  // One unit is three bytes at most: short texts need no encoder.
  return text.length * 3 < TEXT_BYTES_SHOWN_FROM ? text.length : new TextEncoder().encode(text).length;
}

/** The beginning of a long text, whole characters; null if it is short enough to be shown. */
export function shortenText(text: string): string | null {
  const lines = text.split("\n", TEXT_LINES_SHOWN + 1);
  if (text.length <= TEXT_UNITS_SHOWN && lines.length <= TEXT_LINES_SHOWN) return null;
  const short = lines.slice(0, TEXT_LINES_SHOWN).join("\n").slice(0, TEXT_UNITS_SHOWN);
  return short.replace(/[\uD800-\uDBFF]$/, "");
}
