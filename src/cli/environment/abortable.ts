/** Waiting that ends early. */

import type { Clock } from "../../ports/time.ts";

/** Resolves after that many ms, or at once when the signal aborts. */
export async function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const end = Promise.withResolvers<void>();
  using timer = clock.timer(() => end.resolve());
  const onAbort = () => end.resolve();
  timer.wakeAt(clock.nowMs() + ms);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    await end.promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** The outcome of the work, or a rejection with the signal's reason as soon as it aborts; the work is left alone then. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const end = Promise.withResolvers<never>();
  const onAbort = () => end.reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, end.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Resolves when the signal aborts. */
export function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
