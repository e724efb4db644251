/** Lines from standard input, and how it ended. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import type { Console } from "../../ports/terminal.ts";
import { readTextLines } from "../node_access/json_lines.ts";

/** UTF-16 units of a line: no message is longer, and what has no line ends at all is no typing. */
const LINE_UNITS_MAX = 256 * 1024;

/** Each line that is typed or piped in. @throws {UsageError} for an input without lines. */
export async function* readInputLines(console: Console): AsyncGenerator<string> {
  try {
    yield* readTextLines(readChunks(console), { lineUnitsMax: LINE_UNITS_MAX });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(message("input.no-lines", { max: LINE_UNITS_MAX }));
  }
}

async function* readChunks(console: Console): AsyncGenerator<Uint8Array> {
  for (let chunk = await console.read(); chunk !== null; chunk = await console.read()) yield chunk;
}
