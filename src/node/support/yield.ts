/** Long work in pieces. */

import type { Clock } from "../../ports/time.ts";

/** Lets everything else that waits have its turn. */
export async function yieldToEventLoop(clock: Clock): Promise<void> {
  const turn = Promise.withResolvers<void>();
  using timer = clock.timer(() => turn.resolve());
  timer.wakeAt(clock.nowMs());
  await turn.promise;
}
