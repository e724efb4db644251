/** Work that nobody waits for until its owner ends. */
export class BackgroundTasks {
  readonly #onBug: (error: unknown) => void;
  readonly #all = new Set<Promise<void>>();

  /** What work throws is a bug. */
  constructor(onBug: (error: unknown) => void) {
    this.#onBug = onBug;
  }

  /** It is under way. */
  track(work: Promise<void>): void {
    const tracked = work.catch(this.#onBug).finally(() => this.#all.delete(tracked));
    this.#all.add(tracked);
  }

  /** Resolves when all that is under way now has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#all);
  }
}
