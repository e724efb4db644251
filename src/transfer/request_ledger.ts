/**
 * Our open requests to one peer. Any other bytes are refused: a peer that sends unrequested bytes could fill our
 * memory and network.
 */

import { ProtocolError } from "../errors.ts";

/** The open requests of one connection. */
export class RequestLedger {
  /** By wish and piece: the ranges still to come, in order. */
  readonly #open = new Map<string, { offset: number; readonly end: number }[]>();

  /** Records a request for that part. */
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

  /** Records received bytes. @throws {ProtocolError} "bad-record" if they were not requested. */
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
    // The source skipped earlier ranges because it no longer has them. They may not arrive later.
    ranges.splice(0, at);
    range.offset += length;
    if (range.offset < range.end) return;
    ranges.shift();
    if (ranges.length === 0) this.#open.delete(key);
  }
}
