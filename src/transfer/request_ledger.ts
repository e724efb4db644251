/**
 * What we asked one peer to send, and what of it has come. Nothing else may come: who sends bytes that nobody asked for
 * could fill our memory and our network.
 */

import { ProtocolError } from "../errors.ts";

/** Open askings of one link. */
export class RequestLedger {
  /** By wish and piece: what is still to come, in order. */
  readonly #open = new Map<string, { offset: number; readonly end: number }[]>();

  /** We ask for that part. */
  note(wish: number, { piece, offset, length }: {
    readonly piece: number;
    readonly offset: number;
    readonly length: number;
  }): void {
    const key = `${wish}/${piece}`;
    const ranges = this.#open.get(key) ?? [];
    ranges.push({ offset, end: offset + length });
    this.#open.set(key, ranges);
  }

  /** Bytes came. @throws {ProtocolError} "bad-record" if they were not asked for. */
  take(wish: number, { piece, offset, length }: {
    readonly piece: number;
    readonly offset: number;
    readonly length: number;
  }): void {
    const key = `${wish}/${piece}`;
    const ranges = this.#open.get(key);
    const at = ranges?.findIndex((range) => range.offset === offset && offset + length <= range.end) ?? -1;
    const range = ranges?.[at];
    if (ranges === undefined || range === undefined) {
      throw new ProtocolError("bad-record", "bytes that nobody asked for");
    }
    // What was asked for before that, a source passed over: it had it no more. It may not come later.
    ranges.splice(0, at);
    range.offset += length;
    if (range.offset < range.end) return;
    ranges.shift();
    if (ranges.length === 0) this.#open.delete(key);
  }
}
