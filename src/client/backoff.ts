/** How long to wait after a failed dial: the pause doubles, with jitter so that many peers do not return at once. */

/** The first pause. */
export const BACKOFF_MS_MIN = 500;
/** The longest pause. */
export const BACKOFF_MS_MAX = 60_000;

interface Pause {
  readonly failures: number;
  readonly failedAtMs: number;
  readonly untilMs: number;
}

/** Pauses by key, which is a peer's id. */
export class Backoff {
  readonly #pauses = new Map<string, Pause>();

  /** Whether the key may be tried now. */
  isReady(key: string, nowMs: number): boolean {
    return (this.#pauses.get(key)?.untilMs ?? 0) <= nowMs;
  }

  /** When the key last failed, or null if it has not failed since `clear`. */
  failedAtMs(key: string): number | null {
    return this.#pauses.get(key)?.failedAtMs ?? null;
  }

  /** Records a failure. `fraction` in [0, 1) is the jitter; `maxMs` limits this pause. */
  noteFailure(
    key: string,
    options: { readonly nowMs: number; readonly fraction: number; readonly maxMs?: number },
  ): void {
    const { nowMs, fraction, maxMs = BACKOFF_MS_MAX } = options;
    const failures = (this.#pauses.get(key)?.failures ?? 0) + 1;
    const pauseMs = Math.min(maxMs, BACKOFF_MS_MIN * 2 ** Math.min(failures - 1, 16));
    const untilMs = nowMs + pauseMs * (0.75 + fraction / 2);
    this.#pauses.set(key, { failures, failedAtMs: nowMs, untilMs });
  }

  /** Forgets the failures: a dial worked, or there is news of the peer. */
  clear(key: string): void {
    this.#pauses.delete(key);
  }

  /** When the next pause ends, or null if none runs. */
  wakeAtMs(nowMs: number): number | null {
    let wakeAtMs: number | null = null;
    for (const { untilMs } of this.#pauses.values()) {
      if (untilMs > nowMs && (wakeAtMs === null || untilMs < wakeAtMs)) wakeAtMs = untilMs;
    }
    return wakeAtMs;
  }
}
