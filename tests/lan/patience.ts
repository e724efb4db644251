/** Waiting for what another process does: by its signs, with a deadline, never by a sleep that hopes. */

/** How long anything may take here. Far more than it does, so that a busy machine fails no test. */
export const PATIENCE_MS = 30_000;
/** Between two looks at what cannot say itself that it changed. */
const LOOK_MS = 50;

/** The promise's value. @throws {Error} with `problem()` after that many ms. */
export async function within<T>(promise: Promise<T>, problem: () => string, ms = PATIENCE_MS): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${problem()} (waited ${ms} ms)`)), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks again and again, until `look` finds something other than null. @throws {Error} that names `what`, with the last thing that `look` told, after that many ms. */
export async function until<T>(
  what: string,
  look: (tell: (seen: unknown) => void) => Promise<T | null>,
  ms = PATIENCE_MS,
): Promise<T> {
  let seen: unknown;
  const untilMs = performance.now() + ms;
  for (;;) {
    const found = await look((now) => seen = now);
    if (found !== null) return found;
    if (performance.now() >= untilMs) {
      throw new Error(`Never came about: ${what} (waited ${ms} ms). Last seen: ${JSON.stringify(seen)}`);
    }
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
