/** This device's clock. */

import type { PageClock } from "./ports.ts";

/** The clock of the browser. */
export const PAGE_CLOCK: PageClock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  runLater(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  runEvery(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};
