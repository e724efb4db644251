/** Sentences for the user about what went wrong: on every screen at once, and later in `status`. */

import type { EventHub } from "./event_hub.ts";

/** Notices kept for `status`; beyond it the oldest are dropped. */
const NOTICES_MAX = 100;

/** The notices of one node. */
export class Notices {
  readonly #hub: EventHub;
  readonly #all: string[] = [];

  constructor(hub: EventHub) {
    this.#hub = hub;
  }

  /** The latest notices, oldest first. */
  get all(): readonly string[] {
    return this.#all;
  }

  /** Publishes a notice, unless it repeats the latest one. */
  add(text: string): void {
    if (this.#all.at(-1) === text) return;
    this.#all.push(text);
    if (this.#all.length > NOTICES_MAX) this.#all.shift();
    this.#hub.publish({ event: "notice", text });
  }
}
