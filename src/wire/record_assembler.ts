/** Reassembles records from the plaintext of frames, which may split them anywhere. */

import { ProtocolError } from "../errors.ts";
import { ByteReader, concatBytes } from "../encoding/byte_codec.ts";
import { decodeRecord, RECORD_BYTES_MAX, RECORD_HEAD_BYTES, type WireRecord } from "./record.ts";

/** Buffers plaintext until records are whole. A record in many pieces is joined once. */
export class RecordAssembler {
  #pieces: Uint8Array[] = [];
  #bufferedBytes = 0;
  /** Bytes needed before any record can be whole. */
  #neededBytes = RECORD_HEAD_BYTES;

  /** Bytes of an incomplete record. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** The records that these bytes complete. @throws {ProtocolError} "bad-record", "too-much". */
  push(plain: Uint8Array): WireRecord[] {
    this.#pieces.push(plain);
    this.#bufferedBytes += plain.length;
    if (this.#bufferedBytes < this.#neededBytes) {
      // The caller reuses the memory.
      this.#pieces[this.#pieces.length - 1] = plain.slice();
      return [];
    }
    const [first] = this.#pieces;
    const bytes = this.#pieces.length === 1 && first !== undefined ? first : concatBytes(this.#pieces);
    const records: WireRecord[] = [];
    let at = 0;
    this.#neededBytes = RECORD_HEAD_BYTES;
    while (bytes.length - at >= RECORD_HEAD_BYTES) {
      const head = new ByteReader(bytes.subarray(at, at + RECORD_HEAD_BYTES));
      const type = head.u8();
      const length = head.u24();
      if (length > RECORD_BYTES_MAX) throw new ProtocolError("too-much", `a record of ${length} bytes`);
      this.#neededBytes = RECORD_HEAD_BYTES + length;
      if (bytes.length - at < this.#neededBytes) break;
      const record = decodeRecord(type, bytes.subarray(at + RECORD_HEAD_BYTES, at + this.#neededBytes));
      if (record !== null) records.push(record);
      at += this.#neededBytes;
      this.#neededBytes = RECORD_HEAD_BYTES;
    }
    this.#pieces = at < bytes.length ? [bytes.slice(at)] : [];
    this.#bufferedBytes = bytes.length - at;
    return records;
  }
}
