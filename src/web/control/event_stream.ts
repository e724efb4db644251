/** Events as a body of JSON lines. */

import type { NodeApi } from "../../api/node_api.ts";

/** The node's events from now on, until the signal, the end of the node, or until the reader leaves. */
export function eventStream(runner: NodeApi, signal: AbortSignal): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const events = runner.events(AbortSignal.any([signal, gone.signal]))[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await events.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
    },
    async cancel() {
      gone.abort();
      await events.return?.();
    },
  });
}
