/** One member's connection: reads into one buffer, writes what gathered in a turn at once. */

import { NetworkError } from "../../src/errors.ts";
import type { Stream } from "../../src/ports/network.ts";
import { concatBytes } from "../../src/encoding/byte_codec.ts";

/** Room for what a server writes at once, and the rest of the frame before. */
const BUFFER_BYTES_MIN = 64 * 1024;

/** Reads and writes until it is closed. */
export class Wire {
  readonly #stream: Stream;
  readonly #onBytes: (bytes: Uint8Array) => number;
  readonly #onEnd: () => void;
  #waiting: Uint8Array[] = [];
  #isWriting = false;
  #isClosed = false;

  /** `onBytes` takes what is there and says how much of it is done with; the rest comes again with more behind it. */
  constructor(
    stream: Stream,
    parts: { readonly onBytes: (bytes: Uint8Array) => number; readonly onEnd: () => void },
  ) {
    this.#stream = stream;
    this.#onBytes = parts.onBytes;
    this.#onEnd = parts.onEnd;
  }

  /** Reads until the end; a connection that the other side ends is told. */
  async run(): Promise<void> {
    let buffer = new Uint8Array(BUFFER_BYTES_MIN);
    let held = 0;
    try {
      while (true) {
        if (held > buffer.length / 2) {
          const grown = new Uint8Array(buffer.length * 2);
          grown.set(buffer.subarray(0, held));
          buffer = grown;
        }
        const count = await this.#stream.read(buffer.subarray(held));
        if (count === null) break;
        held += count;
        const done = this.#onBytes(buffer.subarray(0, held));
        buffer.copyWithin(0, done, held);
        held -= done;
      }
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
    }
    if (!this.#isClosed) this.#onEnd();
  }

  /** Writes at the end of this turn, with all else that is queued by then. */
  send(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    if (this.#isWriting || this.#isClosed) return;
    this.#isWriting = true;
    queueMicrotask(() => void this.#write());
  }

  close(): void {
    this.#isClosed = true;
    this.#stream.close();
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#stream.write(concatBytes(this.#waiting.splice(0)));
      this.#isWriting = false;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
    }
  }
}
