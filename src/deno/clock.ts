import type { Clock, Timer } from "../ports/time.ts";

/** The longest delay of setTimeout; a longer one would fire immediately (HTML, "timers"). */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

/** The system's clocks. An armed timer keeps the process alive, as setTimeout does. */
export function denoClock(): Clock {
  return {
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    timer: (run) => new TimeoutTimer(run),
  };
}

/**
 * A heartbeat moves its deadline with every received record, so a later moment leaves the timeout as it is:
 * if it fires too early, it is armed again for the rest. This also covers delays above the limit, and systems whose timeouts fire a fraction of a
 * millisecond early.
 */
class TimeoutTimer implements Timer {
  readonly #run: () => void;
  #wakeAtMs: number | null = null;
  #timeout: ReturnType<typeof setTimeout> | undefined;
  #timeoutAtMs = 0;
  #isDisposed = false;

  constructor(run: () => void) {
    this.#run = run;
  }

  wakeAt(atMs: number | null): void {
    if (this.#isDisposed) return;
    this.#wakeAtMs = atMs;
    if (atMs === null) this.#clear();
    else if (this.#timeout === undefined || atMs < this.#timeoutAtMs) this.#arm(atMs);
  }

  [Symbol.dispose](): void {
    this.wakeAt(null);
    this.#isDisposed = true;
  }

  #arm(atMs: number): void {
    this.#clear();
    this.#timeoutAtMs = atMs;
    const delayMs = Math.min(Math.max(0, atMs - performance.now()), TIMEOUT_MS_MAX);
    this.#timeout = setTimeout(() => this.#onTimeout(), delayMs);
  }

  #onTimeout(): void {
    this.#timeout = undefined;
    const atMs = this.#wakeAtMs;
    if (atMs === null) return;
    if (performance.now() < atMs) {
      this.#arm(atMs);
      return;
    }
    this.#wakeAtMs = null;
    this.#run();
  }

  #clear(): void {
    clearTimeout(this.#timeout);
    this.#timeout = undefined;
  }
}
