/** Reads the one line of a handoff from a stream, with a deadline. */

import { NetworkError } from "../errors.ts";
import type { Stream } from "../ports/network.ts";
import type { Clock } from "../ports/time.ts";
import { HANDOFF_LINE_BYTES_MAX, LineReader } from "../wire/handoff.ts";

/** Time for each step of a handoff. A slower device is not a node on this network, or is out of reach. */
export const HANDOFF_MS_MAX = 5_000;

/** The line and the bytes after it, or why there is none. "garbage": too long for a handoff line. */
export type LineOutcome =
  | { readonly kind: "line"; readonly line: string; readonly rest: Uint8Array }
  | { readonly kind: "garbage" | "ended" | "late" };

/** Waits for the line. Closes the stream if it is late. */
export async function readLine(stream: Stream, clock: Clock): Promise<LineOutcome> {
  const reader = new LineReader();
  const buffer = new Uint8Array(HANDOFF_LINE_BYTES_MAX);
  let isLate = false;
  using deadline = clock.timer(() => {
    isLate = true;
    stream.close();
  });
  deadline.wakeAt(clock.nowMs() + HANDOFF_MS_MAX);
  try {
    while (true) {
      const count = await stream.read(buffer);
      if (count === null) return { kind: isLate ? "late" : "ended" };
      const read = reader.push(buffer.subarray(0, count));
      if (read.kind === "line") return read;
      if (read.kind === "too-long") return { kind: "garbage" };
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    return { kind: isLate ? "late" : "ended" };
  }
}
