/** The work of one node that has no caller waiting for it. Every promise is awaited, tracked here, or reported here. */
export class BackgroundTasks {
  readonly #onBug: (error: unknown) => void;
  readonly #running = new Set<Promise<void>>();

  /** `onBug` gets each error that a task ends with: a task handles the failures that it expects. */
  constructor(onBug: (error: unknown) => void) {
    this.#onBug = onBug;
  }

  /** Follows a task to its end. The returned promise never rejects. */
  track(work: Promise<void>): Promise<void> {
    const tracked = work.catch(this.report).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return tracked;
  }

  /** Reports a bug. */
  readonly report = (error: unknown): void => this.#onBug(error);

  /** Resolves when all tasks that run now have ended. */
  async waitUntilIdle(): Promise<void> {
    await Promise.all(this.#running);
  }
}
