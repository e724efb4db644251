/** Passes events to screens. Events are hints: a screen that is too slow loses some, and reads the state again. */

import type { NodeEvent } from "../../api/commands.ts";

/** Events that may wait for one screen. Beyond it the oldest are dropped. */
export const EVENTS_WAITING_MAX = 1_000;

interface Listener {
  readonly queue: NodeEvent[];
  wake: (() => void) | undefined;
}

/** The events of one node, for any number of screens. */
export class EventHub {
  readonly #listeners = new Set<Listener>();
  #isClosed = false;

  /** Whether any screen listens; without one there is no need to build an event. */
  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  /** Queues the event for each listener. Never waits. */
  publish(event: NodeEvent): void {
    for (const listener of this.#listeners) {
      listener.queue.push(event);
      if (listener.queue.length > EVENTS_WAITING_MAX) listener.queue.shift();
      listener.wake?.();
    }
  }

  /** Yields the given events, then all events from this call on, until the signal or `close`. The signal also frees a listener that was never read. */
  listen(signal: AbortSignal, ...first: NodeEvent[]): AsyncIterable<NodeEvent> {
    const listener: Listener = { queue: first, wake: undefined };
    if (!signal.aborted) this.#listeners.add(listener);
    signal.addEventListener("abort", () => {
      this.#listeners.delete(listener);
      listener.wake?.();
    }, { once: true });
    return this.#drain(listener, signal);
  }

  /** Ends all listeners once they have read their queues. */
  close(): void {
    this.#isClosed = true;
    for (const listener of this.#listeners) listener.wake?.();
  }

  async *#drain(listener: Listener, signal: AbortSignal): AsyncGenerator<NodeEvent> {
    try {
      while (!signal.aborted) {
        yield* listener.queue.splice(0);
        if (this.#isClosed && listener.queue.length === 0) return;
        if (listener.queue.length > 0 || signal.aborted) continue;
        await new Promise<void>((resolve) => listener.wake = resolve);
        listener.wake = undefined;
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }
}
