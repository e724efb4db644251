/** Saves who holds our entries, for the receipts after the next start. */

import type { Clock, Timer } from "../../ports/time.ts";
import type { PeerId } from "../../room/id.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";

/** Receipts are saved at most this often. */
const SAVE_MS = 2_000;

export interface HolderCacheParts {
  readonly me: PeerId;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly tasks: BackgroundTasks;
}

/** The holder caches of one node's rooms. */
export class HolderCache {
  readonly #parts: HolderCacheParts;
  readonly #timer: Timer;
  readonly #unsaved = new Set<LocalRoom>();

  constructor(parts: HolderCacheParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.#save());
  }

  /** The room's receipts changed. */
  saveSoon(localRoom: LocalRoom): void {
    if (this.#unsaved.size === 0) this.#timer.wakeAt(this.#parts.clock.nowMs() + SAVE_MS);
    this.#unsaved.add(localRoom);
  }

  /** Saves what is unsaved, as tasks, and stops the timer. */
  close(): void {
    this.#timer[Symbol.dispose]();
    this.#save();
  }

  #save(): void {
    const { me, rooms, tasks } = this.#parts;
    for (const { replica: { id }, receipts } of this.#unsaved) {
      tasks.track(rooms.files.saveHolders(id, receipts.holdersOf(me)));
    }
    this.#unsaved.clear();
  }
}
