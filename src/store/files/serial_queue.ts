/** Runs calls one after the other: of a file that takes one at a time, or stands at one place. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Begins when all calls before it have ended, however they did. */
  run<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last.then(call);
    this.#last = result.catch(() => {});
    return result;
  }
}
