/** A log's bytes as lines. A line counts once its line end is there: what stands behind the last one is torn. */

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** Byte order mark (U+FEFF), which some editors put before the first line. */
const MARK = [0xef, 0xbb, 0xbf] as const;

/** A log, taken apart. */
export interface SplitLines {
  /** All whole lines without their ends (`\n` or `\r\n`), empty ones too, so that index + 1 is the number an editor shows. Bytes that are not UTF-8 become U+FFFD. */
  readonly lines: readonly string[];
  /** Where each of them begins. */
  readonly atBytes: readonly number[];
  /** How many bytes the whole lines take, ends included. */
  readonly wholeBytes: number;
  /** What stands behind the last line end; empty in a log that is whole. */
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
