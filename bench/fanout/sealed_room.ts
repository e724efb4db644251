/**
 * What a room's stream says, opened once. All members get the same sealed bytes: the first one that has a frame opens it,
 * with the key that it got inside its own session, and holds its lines against those that were signed; whoever gets it later
 * only has to have the same bytes, under the same key and number. So each member is known to have got each line.
 */

import { Buffer } from "node:buffer";
import { denoCrypto } from "../../src/deno/crypto.ts";
import type { Aead } from "../../src/ports/crypto.ts";
import { RecordAssembler } from "../../src/wire/record_assembler.ts";
import { encodeNonce } from "../../src/wire/noise.ts";
import type { Said } from "./said.ts";

const HEAD_BYTES = 7;
/** Frames after which it is looked which ones all have. */
const PRUNED_EVERY = 32;

/** A frame that was opened, and what its lines say. */
export interface OpenedFrame extends Said {
  readonly sealed: Uint8Array;
}

/** One stream: a key, and the frames sealed with it. */
export class SealedRoom {
  readonly #aead: Aead;
  readonly #understand: (lines: readonly string[]) => Said;
  readonly #frames = new Map<number, OpenedFrame>();
  /** Where each member is. */
  readonly #readers: { counter: number }[] = [];
  #pruneFrom: number;
  /** Nothing is forgotten while members may still come: whose key is on its way starts at an older frame. */
  isComplete = false;

  /** `understand` reads the lines of a frame, once, and refuses those that nobody said. */
  constructor(
    { key, counter }: { readonly key: Uint8Array; readonly counter: number },
    understand: (lines: readonly string[]) => Said,
  ) {
    this.#understand = understand;
    this.#aead = denoCrypto().aead(key);
    this.#pruneFrom = counter;
  }

  /** A member reads from that frame on. */
  follow(reader: { counter: number }): void {
    this.#readers.push(reader);
  }

  /** The frame of that number, as a member got it. @throws {Error} if it is not what the others got. */
  read(counter: number, frame: Uint8Array): OpenedFrame {
    const known = this.#frames.get(counter);
    if (known === undefined) return this.#open(counter, frame);
    if (Buffer.compare(known.sealed, frame) !== 0) {
      throw new Error(`frame ${counter} differs from the others'`);
    }
    return known;
  }

  #open(counter: number, frame: Uint8Array): OpenedFrame {
    const plain = this.#aead.open(
      encodeNonce(counter),
      frame.subarray(HEAD_BYTES),
      frame.subarray(0, HEAD_BYTES),
    );
    if (plain === null) throw new Error(`frame ${counter} does not open`);
    // A host seals whole records; where a long one is cut, what it says would have to be read in order.
    const assembler = new RecordAssembler();
    const records = assembler.push(plain);
    if (assembler.bufferedBytes > 0) throw new Error(`frame ${counter} ends within a record`);
    const lines = records.flatMap((record) => record.type === "entries" ? record.lines : []);
    const opened = { sealed: frame.slice(), ...this.#understand(lines) };
    this.#frames.set(counter, opened);
    if (this.isComplete && counter % PRUNED_EVERY === 0) this.#prune();
    return opened;
  }

  #prune(): void {
    const doneBelow = Math.min(...this.#readers.map((reader) => reader.counter));
    for (; this.#pruneFrom < doneBelow; this.#pruneFrom++) this.#frames.delete(this.#pruneFrom);
  }
}
