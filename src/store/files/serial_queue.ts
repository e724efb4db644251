/** Runs calls one after the other, for files that allow one call at a time or have one position. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Starts once all earlier calls have ended, successfully or not. */
  run<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last.then(call);
    this.#last = result.catch(() => {});
    return result;
  }
}
