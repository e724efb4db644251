/**
 * The client's half of a session for a load: the whole handshake, each frame sealed and opened; streams are handed out
 * unopened, because a thousand members of one process would open the same bytes a thousand times (see SealedParty).
 */

import { denoChance } from "../../src/deno/chance.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import type { Signer } from "../../src/ports/crypto.ts";
import { RecordAssembler } from "../../src/wire/record_assembler.ts";
import { ByteWriter, concatBytes } from "../../src/encoding/byte_codec.ts";
import { encodeFrame, FRAME_HEADER_BYTES, writeFrameHead } from "../../src/wire/framer.ts";
import { type CipherState, Handshake, TAG_BYTES } from "../../src/wire/noise.ts";
import { encodeRecord, type WireRecord } from "../../src/wire/record.ts";
import { HANDSHAKE_FRAME, RECORDS_FRAME } from "../../src/wire/session.ts";
import { STREAM_FRAME } from "../../src/wire/broadcast_stream.ts";

const SECRET_BYTES = 32;
const chance = denoChance();
const crypto = denoCrypto();
const staticKey = crypto.dhKey(chance.bytes(SECRET_BYTES));

/** What the owner of a session hears. */
export interface SealedOwner {
  onOpen(): void;
  onRecord(record: WireRecord): void;
  /** A whole stream frame; valid during the call. */
  onStreamFrame(frame: Uint8Array): void;
  /** To be written. */
  onOutput(bytes: Uint8Array): void;
}

/** One session. */
export class SealedSession {
  readonly #owner: SealedOwner;
  readonly #signer: Signer;
  readonly #noise: Handshake;
  readonly #assembler = new RecordAssembler();
  #ciphers: { readonly send: CipherState; readonly receive: CipherState } | undefined;

  /** The first message goes out at once. */
  constructor(
    owner: SealedOwner,
    { signer, prologue }: { readonly signer: Signer; readonly prologue: Uint8Array },
  ) {
    this.#owner = owner;
    this.#signer = signer;
    const ephemeral = chance.bytes(SECRET_BYTES);
    this.#noise = new Handshake({ role: "initiator", crypto, prologue, staticKey, ephemeral });
    owner.onOutput(encodeFrame(HANDSHAKE_FRAME, this.#noise.writeMessage(new Uint8Array(0))));
  }

  send(...records: readonly WireRecord[]): void {
    this.sendEncoded(concatBytes(records.map(encodeRecord)));
  }

  /** Records that are encoded already. */
  sendEncoded(plain: Uint8Array): void {
    if (this.#ciphers === undefined) throw new Error("The session is not open");
    const head = new Uint8Array(FRAME_HEADER_BYTES);
    writeFrameHead(head, RECORDS_FRAME, plain.length + TAG_BYTES);
    this.#owner.onOutput(concatBytes([head, this.#ciphers.send.seal(plain, head)]));
  }

  /** Takes whole frames out of the bytes; how many bytes they were. */
  receive(bytes: Uint8Array): number {
    let at = 0;
    while (bytes.length - at >= FRAME_HEADER_BYTES) {
      const end = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
      if (end > bytes.length) break;
      const frame = bytes.subarray(at, end);
      at = end;
      if (frame[2] === STREAM_FRAME) this.#owner.onStreamFrame(frame);
      else this.#onFrame(frame);
    }
    return at;
  }

  #onFrame(frame: Uint8Array): void {
    const body = frame.subarray(FRAME_HEADER_BYTES);
    if (frame[2] === HANDSHAKE_FRAME) {
      this.#noise.readMessage(body);
      this.#owner.onOutput(encodeFrame(HANDSHAKE_FRAME, this.#noise.writeMessage(this.#proof())));
      this.#ciphers = this.#noise.split();
      return this.#owner.onOpen();
    }
    const plain = this.#ciphers?.receive.open(body, frame.subarray(0, FRAME_HEADER_BYTES));
    for (const record of this.#assembler.push(plain ?? new Uint8Array(0))) this.#owner.onRecord(record);
  }

  #proof(): Uint8Array {
    const label = new TextEncoder().encode("earshot identity 1\0initiator\0");
    const signature = this.#signer.sign(concatBytes([label, staticKey.publicKey]));
    return new ByteWriter().bytes(this.#signer.publicKey).bytes(signature).u48(Date.now()).finish();
  }
}
