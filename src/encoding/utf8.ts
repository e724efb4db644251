/** The size of text in UTF-8. */

/** The number of UTF-8 bytes, which is what limits count. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
