/** Splits long work, so that the event loop can run other work in between. */

import type { Clock } from "../../ports/time.ts";

/** Resolves after all other work that waits has run. */
export async function yieldToEventLoop(clock: Clock): Promise<void> {
  const turn = Promise.withResolvers<void>();
  using timer = clock.timer(() => turn.resolve());
  timer.wakeAt(clock.nowMs());
  await turn.promise;
}
