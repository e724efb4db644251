/** What this device is worth as a host, looked at now and then: a laptop is plugged in, a cable pulled out. */

import type { Device } from "../../ports/system.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import { computeHostScore, HOST_SCORE_UNKNOWN } from "../../room/host_rank.ts";

/** Between two looks. A new merit may move the host of every room we are in, so it is not followed to the second. */
export const HOST_SCORE_CHECK_MS = 60_000;

/** The merit of this device. */
export class HostScore {
  readonly #device: Device;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #onBug: (error: unknown) => void;
  readonly #timer: Timer;
  #now = HOST_SCORE_UNKNOWN;
  #isClosed = false;

  constructor(parts: {
    readonly device: Device;
    readonly clock: Clock;
    /** It is another than before. */
    readonly onChange: () => void;
    /** A bug in something that nobody waits for. */
    readonly onBug: (error: unknown) => void;
  }) {
    this.#device = parts.device;
    this.#clock = parts.clock;
    this.#onChange = parts.onChange;
    this.#onBug = parts.onBug;
    this.#timer = parts.clock.timer(() => this.begin());
  }

  /** As it was at the last look. */
  get current(): number {
    return this.#now;
  }

  /** As `look`, without anybody who waits for it. */
  begin(): void {
    void this.look().catch(this.#onBug);
  }

  /** Looks now, and again every minute. */
  async look(): Promise<void> {
    const [isOnCable, isOnMains] = await Promise.all([this.#device.isOnCable(), this.#device.isOnMains()]);
    if (this.#isClosed) return;
    this.#timer.wakeAt(this.#clock.nowMs() + HOST_SCORE_CHECK_MS);
    const merit = computeHostScore({ isOnCable, isOnMains });
    if (merit === this.#now) return;
    this.#now = merit;
    this.#onChange();
  }

  /** Looks no more. */
  close(): void {
    this.#isClosed = true;
    this.#timer[Symbol.dispose]();
  }
}
