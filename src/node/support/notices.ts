/** Sentences for the user about what went wrong: on every screen at once, and later in `status`. */

import type { Clock } from "../../ports/time.ts";
import { formatForShell } from "../../messages/format_message.ts";
import { type Message, message } from "../../messages/message.ts";
import type { EventHub } from "./event_hub.ts";

/** Notices kept for `status`; beyond it the oldest are dropped. */
const NOTICES_MAX = 100;
/** Time between two notices about one subject. */
export const SUBJECT_GAP_MS = 600_000;
/** Subjects remembered; the one told longest ago is dropped. */
const SUBJECTS_MAX = 256;

/** The notices of one node. */
export class Notices {
  readonly #hub: EventHub;
  readonly #clock: Clock;
  readonly #all: Message[] = [];
  #latestText = "";
  readonly #toldSubjects = new Map<string, { readonly atMs: number; repeats: number }>();

  constructor(hub: EventHub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
  }

  /** The latest notices, oldest first. */
  get all(): readonly Message[] {
    return this.#all;
  }

  /**
   * Publishes a notice, unless it repeats the latest one. A notice that others can cause at will has a subject: it is published
   * once in ten minutes, with the number of times that it happened meanwhile.
   */
  add(notice: Message, subject?: string): void {
    if (subject !== undefined) {
      const count = this.#countRepeats(subject);
      if (count === null) return;
      if (count > 0) return this.add(message("notice.repeated", { notice, count }));
    }
    const text = formatForShell(notice);
    if (text === this.#latestText) return;
    this.#latestText = text;
    this.#all.push(notice);
    if (this.#all.length > NOTICES_MAX) this.#all.shift();
    this.#hub.publish({ event: "notice", text, message: notice });
  }

  /** How often that happened since it was published; null if it is not to be published now. */
  #countRepeats(subject: string): number | null {
    const nowMs = this.#clock.nowMs();
    const told = this.#toldSubjects.get(subject);
    if (told !== undefined && nowMs - told.atMs < SUBJECT_GAP_MS) {
      told.repeats++;
      return null;
    }
    this.#toldSubjects.delete(subject);
    this.#toldSubjects.set(subject, { atMs: nowMs, repeats: 0 });
    const [oldest] = this.#toldSubjects.keys();
    if (this.#toldSubjects.size > SUBJECTS_MAX && oldest !== undefined) this.#toldSubjects.delete(oldest);
    return told?.repeats ?? 0;
  }
}
