/** A wait between two tries that ends early when its owner closes, so that nothing is left behind. */
export class Pause {
  #end: (() => void) | null = null;

  /** Resolves after the time, or when the pause is ended. One wait at a time. */
  wait(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timeout = setTimeout(resolve, durationMs);
      this.#end = () => {
        clearTimeout(timeout);
        resolve();
      };
    });
  }

  /** Ends the wait under way; without one, harmless. */
  end(): void {
    this.#end?.();
  }
}
