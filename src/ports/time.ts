/** Time: types only. src/deno reads the system's clock, tests/sim a simulated one; nothing else reads any. */

/** Time. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. For every deadline and order of events. */
  nowMs(): number;
  /** Milliseconds since 1970 as this machine believes; may be wrong by years and may jump. Only to show and to stamp. */
  wallMs(): number;
  /** A timer that calls `run` once at the moment last given to `wakeAt`. Starts unset. */
  timer(run: () => void): Timer;
}

/** One timer, armed again and again. */
export interface Timer extends Disposable {
  /** Arms the timer for a moment of `Clock.nowMs`, in place of the one before; null disarms it. A past moment fires soon, never at once. */
  wakeAt(atMs: number | null): void;
  /** Disarms it for good. */
  [Symbol.dispose](): void;
}
