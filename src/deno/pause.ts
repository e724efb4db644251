/** A wait between two attempts that its owner can end early, so that no timer is left. */
export class Pause {
  #end: (() => void) | null = null;

  /** Resolves after that time, or when the pause ends. One wait at a time. */
  wait(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timeout = setTimeout(resolve, durationMs);
      this.#end = () => {
        clearTimeout(timeout);
        resolve();
      };
    });
  }

  /** Ends the current wait, if any. */
  end(): void {
    this.#end?.();
  }
}
