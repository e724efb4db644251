/** How well this device is suited as a host, checked every minute: a laptop may be plugged in, a cable pulled out. */

import type { Device } from "../../ports/system.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import { computeHostScore, HOST_SCORE_UNKNOWN } from "../../room/host_rank.ts";

/** Time between two checks. A new score may move the host of every room that we are in, so it is not followed to the second. */
export const HOST_SCORE_CHECK_MS = 60_000;

export interface HostScoreParts {
  readonly device: Device;
  readonly clock: Clock;
  readonly tasks: BackgroundTasks;
}

/** The host score of this device. */
export class HostScore {
  readonly #parts: HostScoreParts;
  readonly #timer: Timer;
  #onChange = () => {};
  #current = HOST_SCORE_UNKNOWN;
  #isClosed = false;

  constructor(parts: HostScoreParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.#check());
  }

  /** As of the latest check. */
  get current(): number {
    return this.#current;
  }

  /** Checks the device now and every minute; `onChange` is called for each new score. */
  start(onChange: () => void): void {
    this.#onChange = onChange;
    this.#check();
  }

  /** Ends the checks. */
  close(): void {
    this.#isClosed = true;
    this.#timer[Symbol.dispose]();
  }

  /** Not tracked: to stop, a node does not wait for the programs that a check runs on some systems. */
  #check(): void {
    this.#look().catch(this.#parts.tasks.report);
  }

  async #look(): Promise<void> {
    const { device, clock } = this.#parts;
    const [isOnCable, isOnMains] = await Promise.all([device.isOnCable(), device.isOnMains()]);
    if (this.#isClosed) return;
    this.#timer.wakeAt(clock.nowMs() + HOST_SCORE_CHECK_MS);
    const score = computeHostScore({ isOnCable, isOnMains });
    if (score === this.#current) return;
    this.#current = score;
    this.#onChange();
  }
}
