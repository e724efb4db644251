/** Lines out of a stream of bytes. */

import { parseJson } from "../../encoding/json.ts";

/** Each whole line, without its end ("\n" or "\r\n"), and what stands behind the last one. @throws {RangeError} for a line beyond the limit. */
export async function* readTextLines(
  chunks: AsyncIterable<Uint8Array>,
  { lineUnitsMax }: { readonly lineUnitsMax: number },
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = "";
  for await (const chunk of chunks) {
    const parts = (held + decoder.decode(chunk, { stream: true })).split("\n");
    held = parts.pop() ?? "";
    for (const line of parts) yield line.endsWith("\r") ? line.slice(0, -1) : line;
    if (held.length > lineUnitsMax) throw new RangeError(`A line is longer than ${lineUnitsMax} characters`);
  }
  held += decoder.decode();
  if (held !== "") yield held;
}

/** UTF-16 units of one JSON line: far above the greatest entry. */
const JSON_UNITS_MAX = 4 * 1024 * 1024;

/** Each line as the JSON value in it; a line that was cut off ends the values. */
export async function* readJsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  for await (const line of readTextLines(chunks, { lineUnitsMax: JSON_UNITS_MAX })) {
    const value = parseJson(line);
    if (value === undefined) return;
    yield value;
  }
}
