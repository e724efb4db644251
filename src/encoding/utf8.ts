/** Sizes of text as UTF-8. */

/** The length that counts for limits. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
