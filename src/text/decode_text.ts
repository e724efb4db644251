/** Reads text files of unknown origin. */

/** The encodings that are told apart. Windows-1252 stands for every older encoding of one byte a character. */
export type TextEncodingName = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/**
 * The text without its byte order mark, and its encoding: UTF-16 with a mark, or without one when it begins with a
 * character below U+0100; else UTF-8; else Windows-1252, which fits any bytes. Invalid UTF-16 becomes U+FFFD.
 */
export function decodeText(
  bytes: Uint8Array,
): { readonly text: string; readonly encoding: TextEncodingName } {
  const encoding = detectEncoding(bytes);
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

function detectEncoding(bytes: Uint8Array): TextEncodingName {
  const [first = 1, second = 1] = bytes;
  if (first === 0xff && second === 0xfe || first !== 0 && second === 0) return "utf-16le";
  if (first === 0xfe && second === 0xff || first === 0 && second !== 0) return "utf-16be";
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return "utf-8";
  } catch (error) {
    // The one error of a fatal decoder: the bytes are no UTF-8.
    if (!(error instanceof TypeError)) throw error;
    return "windows-1252";
  }
}
