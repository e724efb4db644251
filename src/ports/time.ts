/**
 * Clocks and timers, as types only. src/deno reads the system's clock and tests/sim a simulated one; nothing else
 * reads a clock.
 */

/** A monotonic clock, a wall clock and timers. */
export interface Clock {
  /** Milliseconds since a fixed moment; never goes back. Use it for all deadlines and for the order of events. */
  nowMs(): number;
  /**
   * Milliseconds since 1970 as this machine believes. It may be wrong by years and may jump: use it only for display
   * and timestamps.
   */
  wallMs(): number;
  /** A timer that calls `run` once at the moment last given to `wakeAt`. Starts disarmed. */
  timer(run: () => void): Timer;
}

/** One timer that can be armed repeatedly. */
export interface Timer extends Disposable {
  /**
   * Arms the timer for a moment of `Clock.nowMs`, replacing the previous one; null disarms it. A past moment fires
   * soon, but never synchronously.
   */
  wakeAt(atMs: number | null): void;
  /** Disarms the timer permanently. */
  [Symbol.dispose](): void;
}
