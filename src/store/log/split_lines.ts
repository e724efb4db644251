/** Splits a log's bytes into lines. A line counts only with its line end; the bytes after the last one are torn. */

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** Byte order mark (U+FEFF), which some editors write before the first line. */
const MARK = [0xef, 0xbb, 0xbf] as const;

/** A log split into lines. */
export interface SplitLines {
  /**
   * All whole lines without their ends (`\n` or `\r\n`), including empty ones, so that index + 1 is the number in an
   * editor. Bytes that are not UTF-8 become U+FFFD.
   */
  readonly lines: readonly string[];
  /** The byte offset of each line. */
  readonly atBytes: readonly number[];
  /** The bytes of all whole lines, including ends. */
  readonly wholeBytes: number;
  /** The bytes after the last line end; empty in a complete log. */
  readonly torn: Uint8Array;
}

/** Splits a log. Never fails. */
export function splitLines(bytes: Uint8Array): SplitLines {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const lines: string[] = [];
  const atBytes: number[] = [];
  let start = 0;
  let textStart = MARK.every((byte, index) => bytes[index] === byte) ? MARK.length : 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const textEnd = end > textStart && bytes[end - 1] === RETURN ? end - 1 : end;
    lines.push(decoder.decode(bytes.subarray(textStart, textEnd)));
    atBytes.push(textStart);
    start = end + 1;
    textStart = start;
  }
  return { lines, atBytes, wholeBytes: start, torn: bytes.slice(start) };
}
