/** The bytes that wait to be written to one peer. */

/**
 * Bytes that may wait for one peer before its session ends ("too-far-behind"); it resumes by vector. So one slow
 * phone cannot fill the memory.
 */
export const SEND_QUEUE_BYTES_MAX = 4 * 1024 * 1024;

/** A bounded queue of byte chunks, taken out in larger pieces: one write for several chunks. */
export class SendQueue {
  #chunks: Uint8Array[] = [];
  /**
   * The first chunk not fully taken, and the start of its rest. Taken chunks are dropped in bulk: `shift` for each
   * would be quadratic.
   */
  #head = 0;
  #headOffset = 0;
  #sizeBytes = 0;

  /** Bytes waiting. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#sizeBytes === 0;
  }

  /**
   * Queues the bytes, which must not change afterwards. Returns false if they do not fit: then nothing was queued,
   * and the session must end.
   */
  push(bytes: Uint8Array): boolean {
    if (this.#sizeBytes + bytes.length > SEND_QUEUE_BYTES_MAX) return false;
    if (bytes.length > 0) this.#chunks.push(bytes);
    this.#sizeBytes += bytes.length;
    return true;
  }

  /**
   * Takes the oldest bytes, at most `maxBytes`; empty if none wait. A single chunk is returned without a copy;
   * several are joined in `scratch`, which must have `maxBytes` bytes.
   */
  take(maxBytes: number, scratch: Uint8Array): Uint8Array {
    const size = Math.min(maxBytes, this.#sizeBytes);
    const first = this.#takeSlice(size);
    if (first.length === size) return first;
    const taken = scratch.subarray(0, size);
    taken.set(first);
    for (let at = first.length; at < size;) {
      const slice = this.#takeSlice(size - at);
      taken.set(slice, at);
      at += slice.length;
    }
    return taken;
  }

  /** At most `maxBytes` of the oldest chunk. */
  #takeSlice(maxBytes: number): Uint8Array {
    const chunk = this.#chunks[this.#head];
    if (chunk === undefined || maxBytes <= 0) return new Uint8Array(0);
    const slice = chunk.subarray(this.#headOffset, this.#headOffset + maxBytes);
    this.#headOffset += slice.length;
    this.#sizeBytes -= slice.length;
    if (this.#headOffset === chunk.length) this.#dropHead();
    return slice;
  }

  #dropHead(): void {
    this.#head++;
    this.#headOffset = 0;
    if (this.#head * 2 <= this.#chunks.length) return;
    this.#chunks = this.#chunks.slice(this.#head);
    this.#head = 0;
  }
}
