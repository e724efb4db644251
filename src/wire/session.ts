/**
 * One session, from the first byte behind the ticket to the last: the Noise handshake, the proof of identity, then
 * records in frames. Bytes and the time go in; effects come out of `receive` and `tick`, bytes out of `takeOutput`.
 *
 *     greeting ── the handshake is done, the peer's proof holds ──▶ open ──▶ closed
 *         └────────────── a wrong message, proof or key, or 5 s ──────────────▲
 *
 * Invariants: nothing but handshake frames is accepted before "open"; after "closed" nothing comes out; a frame that
 * does not open ends the session, because TCP does not garble and so somebody did.
 */

import { findProtocolCode, PROTOCOL_CODES, type ProtocolCode, ProtocolError } from "../errors.ts";
import type { Crypto, DhKey, Signer } from "../ports/crypto.ts";
import { PEER_ID_BYTES, type PeerId, toPeerId } from "../room/id.ts";
import { ByteReader, ByteWriter, concatBytes, releaseBytes } from "../encoding/byte_codec.ts";
import { encodeFrame, FRAME_LENGTH_MAX, Framer, writeFrameHead } from "./framer.ts";
import { Heartbeat } from "./heartbeat.ts";
import { type CipherState, Handshake, TAG_BYTES } from "./noise.ts";
import { SendQueue } from "./send_queue.ts";
import { RecordAssembler } from "./record_assembler.ts";
import { encodeRecord, type WireRecord } from "./record.ts";
import { readStreamNumber, STREAM_FRAME, StreamReader } from "./broadcast_stream.ts";

/** Time for the whole handshake. A slower peer is cut, so that half-open sessions cost little (slow loris). */
export const HANDSHAKE_MS_MAX = 5_000;
/** Streams that one peer may open to us: one for each room that it hosts for us. */
export const STREAMS_MAX = 256;

/** The frame kind of handshake messages: the only one before the session is open. */
export const HANDSHAKE_FRAME = 0;
/** The frame kind of sealed records. */
export const RECORDS_FRAME = 1;
/** The greatest frame length before the peer is known. A handshake message is at most 32 + 48 + 102 + 16 bytes; more is not worth buffering. */
export const HANDSHAKE_FRAME_BYTES_MAX = 512;
const FRAME_HEAD_BYTES = 3;
/** The part of a frame that is left for records. */
const PLAIN_BYTES_MAX = FRAME_LENGTH_MAX - 1 - TAG_BYTES;
const NOTHING = new Uint8Array(0);
/** Where what was queued in pieces is put together to be sealed, of all sessions in turn. */
const SCRATCH = new Uint8Array(PLAIN_BYTES_MAX);
const SIGNATURE_BYTES = 64;
/** Bytes of records that are not whole yet, over all streams of a session: room for two of the longest at once. */
const PARTIAL_BYTES_MAX = 512 * 1024;
const PROOF_LABEL = "earshot identity 1\0";

/** What a session needs to begin. */
export interface SessionOptions {
  readonly role: "initiator" | "responder";
  readonly crypto: Crypto;
  /** Our identity. */
  readonly signer: Signer;
  /** Our Noise key; made anew at each start of the node. */
  readonly staticKey: DhKey;
  /** 32 fresh random bytes. */
  readonly ephemeral: Uint8Array;
  /** What both sides saw of the handoff: a session taken elsewhere fails. */
  readonly prologue: Uint8Array;
  /** Tells this start of our node from others. */
  readonly instance: number;
  /** Only this peer will do. */
  readonly expected?: PeerId;
}

/** What the shell must do, in order. */
export type SessionEffect =
  | { readonly kind: "opened"; readonly peer: PeerId; readonly instance: number }
  | { readonly kind: "record"; readonly record: WireRecord }
  | { readonly kind: "closed"; readonly error: ProtocolError; readonly byPeer: boolean };

type State =
  | { readonly at: "greeting"; readonly noise: Handshake; readonly untilMs: number }
  | {
    readonly at: "open";
    readonly send: CipherState;
    readonly receive: CipherState;
    readonly heartbeat: Heartbeat;
  }
  | { readonly at: "closed" };

/** The machine of one session. */
export class Session {
  readonly #options: SessionOptions;
  readonly #framer = new Framer({ lengthMax: HANDSHAKE_FRAME_BYTES_MAX });
  readonly #assembler = new RecordAssembler();
  readonly #streams = new Map<number, StreamReader>();
  readonly #handshakeOut: Uint8Array[] = [];
  readonly #plainOut = new SendQueue();
  /** Whole records that go behind all others. */
  readonly #bulkOut: Uint8Array[] = [];
  #bulkBytes = 0;
  #partialBytes = 0;
  #state: State;

  /** The initiator's first message is ready at once. */
  constructor(options: SessionOptions, nowMs: number) {
    this.#options = options;
    const { role, crypto, prologue, staticKey, ephemeral } = options;
    const noise = new Handshake({ role, crypto, prologue, staticKey, ephemeral });
    this.#state = { at: "greeting", noise, untilMs: nowMs + HANDSHAKE_MS_MAX };
    if (role === "initiator") this.#sendHandshake(noise, new Uint8Array(0));
  }

  /** When `tick` wants to be called; null once closed. */
  get wakeAtMs(): number | null {
    if (this.#state.at === "greeting") return this.#state.untilMs;
    return this.#state.at === "open" ? this.#state.heartbeat.wakeAtMs : null;
  }

  /** Bytes that wait to be sealed. */
  get queuedBytes(): number {
    return this.#plainOut.sizeBytes;
  }

  /** Bytes of frames and records of the peer's that are not whole yet. */
  get unfinishedBytes(): number {
    return this.#framer.bufferedBytes + this.#assembler.bufferedBytes;
  }

  /** Bytes that wait to be sealed behind those. */
  get bulkBytes(): number {
    // What waits when the session ends goes nowhere any more: nobody may wait for its turn.
    return this.#state.at === "open" ? this.#bulkBytes : 0;
  }

  /** Whether `takeOutput` or `takeBulk` would give something. */
  get hasOutput(): boolean {
    return this.#handshakeOut.length > 0 || !this.#plainOut.isEmpty || this.bulkBytes > 0;
  }

  /** Takes bytes from the peer. */
  receive(bytes: Uint8Array, nowMs: number): SessionEffect[] {
    return this.#onBytes(() => this.#framer.push(bytes), nowMs);
  }

  /** Where bytes from the peer are to be read to; then say by `took` how many came. Reading into it spares a copy. */
  reserve(): Uint8Array {
    return this.#framer.reserve();
  }

  /** So many bytes from the peer are in the `space` that was given last. */
  commit(count: number, nowMs: number): SessionEffect[] {
    return this.#onBytes(() => this.#framer.commit(count), nowMs);
  }

  #onBytes(take: () => void, nowMs: number): SessionEffect[] {
    if (this.#state.at === "closed") return [];
    if (this.#state.at === "open") this.#state.heartbeat.noteReceived(nowMs);
    const effects: SessionEffect[] = [];
    try {
      take();
      for (let frame = this.#framer.next(); frame !== null; frame = this.#framer.next()) {
        for (const effect of this.#onFrame(frame, nowMs)) effects.push(effect);
        if (this.#isClosed) break;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      effects.push(this.#close(error, { byPeer: false }));
    }
    return effects;
  }

  /** Looks at the clock: the handshake's deadline, or the heartbeat. */
  tick(nowMs: number): SessionEffect[] {
    if (this.#state.at === "greeting") {
      return nowMs < this.#state.untilMs
        ? []
        : [this.#close(new ProtocolError("too-slow"), { byPeer: false })];
    }
    if (this.#state.at === "closed") return [];
    switch (this.#state.heartbeat.tick(nowMs)) {
      case "ping":
        return this.send({ type: "ping" });
      case "dead":
        return [this.#close(new ProtocolError("silent"), { byPeer: false })];
      case null:
        return [];
    }
  }

  /** Our own disk was slow and nothing was read meanwhile: that is no silence of the peer's. */
  excuseSilence(nowMs: number): void {
    if (this.#state.at === "open") this.#state.heartbeat.noteReceived(nowMs);
  }

  /** Queues a record. A peer that does not read is cut here, and resumes by vector when it comes back. */
  send(record: WireRecord): SessionEffect[] {
    return this.#state.at === "open" ? this.sendEncoded(encodeRecord(record)) : [];
  }

  /** The same of a record that is encoded already. */
  sendEncoded(record: Uint8Array): SessionEffect[] {
    if (this.#state.at !== "open" || this.#plainOut.push(record)) return [];
    return [this.#close(new ProtocolError("too-far-behind"), { byPeer: false })];
  }

  /** Queues a record behind all that `send` queues, now or later: pieces of files. Whoever sends these keeps `bulkBytes` small. */
  sendBulk(record: WireRecord): void {
    if (this.#state.at !== "open") return;
    const bytes = encodeRecord(record);
    this.#bulkOut.push(bytes);
    this.#bulkBytes += bytes.length;
  }

  /** Ends the session from our side; the reason still goes out with the next `takeOutput`. */
  close(code: ProtocolCode): SessionEffect[] {
    return this.#isClosed ? [] : [this.#close(new ProtocolError(code), { byPeer: false })];
  }

  /** All that waits, sealed: one write's worth of frames, in memory of its own. Empty if there is nothing. */
  takeOutput(nowMs: number): Uint8Array {
    if (this.#handshakeOut.length === 0 && this.#plainOut.isEmpty) return NOTHING;
    const frames = this.#handshakeOut.splice(0);
    if (this.#state.at === "open") {
      frames.push(this.#sealQueued(this.#state.send));
      this.#state.heartbeat.noteSent(nowMs);
    }
    const [only] = frames;
    return frames.length === 1 && only !== undefined ? only : concatBytes(frames);
  }

  /**
   * Seals records of the second queue into that buffer, as many as have room: how many bytes that makes. Always whole records: what
   * `send` queues next must not land inside one. To be written behind `takeOutput`. There must be room for one record.
   */
  takeBulk(into: Uint8Array, nowMs: number): number {
    if (this.#state.at !== "open" || this.#bulkBytes === 0) return 0;
    const { send, heartbeat } = this.#state;
    let at = 0;
    let count = 0;
    for (const plain of this.#bulkOut) {
      if (at + computeSealedBytes(plain.length) > into.length) break;
      for (let from = 0; from < plain.length; from += PLAIN_BYTES_MAX) {
        at += sealFrame(plain.subarray(from, from + PLAIN_BYTES_MAX), send, into.subarray(at));
      }
      count++;
      this.#bulkBytes -= plain.length;
      releaseBytes(plain);
    }
    this.#bulkOut.splice(0, count);
    if (count > 0) heartbeat.noteSent(nowMs);
    return at;
  }

  /** Something was written for this peer beside the session's own frames: no ping is needed. */
  noteSent(nowMs: number): void {
    if (this.#state.at === "open") this.#state.heartbeat.noteSent(nowMs);
  }

  get #isClosed(): boolean {
    return this.#state.at === "closed";
  }

  #onFrame(frame: { kind: number; header: Uint8Array; body: Uint8Array }, nowMs: number): SessionEffect[] {
    if (this.#state.at === "greeting") return this.#onHandshake(this.#state.noise, frame, nowMs);
    if (this.#state.at === "closed") return [];
    if (frame.kind === RECORDS_FRAME) {
      const plain = this.#state.receive.open(frame.body, frame.header, frame.body);
      return this.#onRecords(this.#assembler.push(plain));
    }
    if (frame.kind === STREAM_FRAME) {
      const stream = this.#streams.get(readStreamNumber(frame.body));
      if (stream === undefined) throw new ProtocolError("bad-frame", "a stream without a key");
      const before = stream.bufferedBytes;
      const records = stream.open(frame.header, frame.body);
      this.#partialBytes += stream.bufferedBytes - before;
      if (this.#partialBytes > PARTIAL_BYTES_MAX) {
        throw new ProtocolError("too-much", "records that do not end");
      }
      return this.#onRecords(records);
    }
    throw new ProtocolError("bad-frame", `kind ${frame.kind}`);
  }

  #onHandshake(noise: Handshake, frame: { kind: number; body: Uint8Array }, nowMs: number): SessionEffect[] {
    if (frame.kind !== HANDSHAKE_FRAME) throw new ProtocolError("bad-handshake");
    const payload = noise.readMessage(frame.body);
    const isFirst = this.#options.role === "responder" && noise.remoteStatic === null;
    if (isFirst) {
      this.#sendHandshake(noise, this.#createProof());
      return [];
    }
    const { peer, instance } = this.#checkProof(payload, noise.remoteStatic);
    if (!noise.isDone) this.#sendHandshake(noise, this.#createProof());
    const { send, receive } = noise.split();
    this.#framer.raiseLimit(FRAME_LENGTH_MAX);
    this.#state = { at: "open", send, receive, heartbeat: new Heartbeat(nowMs) };
    return [{ kind: "opened", peer, instance }];
  }

  #sendHandshake(noise: Handshake, payload: Uint8Array): void {
    this.#handshakeOut.push(encodeFrame(HANDSHAKE_FRAME, noise.writeMessage(payload)));
  }

  /** Our key, our signature of our Noise key, and our instance. The role is signed too, so a proof cannot be turned round. */
  #createProof(): Uint8Array {
    const { signer, staticKey, role, instance } = this.#options;
    const signature = signer.sign(encodeProofInput(role, staticKey.publicKey));
    return new ByteWriter().bytes(signer.publicKey).bytes(signature).u48(instance).finish();
  }

  #checkProof(payload: Uint8Array, remoteStatic: Uint8Array | null): { peer: PeerId; instance: number } {
    const reader = new ByteReader(payload, "bad-identity");
    const key = reader.bytes(PEER_ID_BYTES);
    const signature = reader.bytes(SIGNATURE_BYTES);
    const instance = reader.u48();
    reader.end();
    const peer = toPeerId(key);
    const { crypto, role, signer, expected } = this.#options;
    const theirRole = role === "initiator" ? "responder" : "initiator";
    if (remoteStatic === null || !crypto.verify(key, encodeProofInput(theirRole, remoteStatic), signature)) {
      throw new ProtocolError("bad-identity");
    }
    if (peer === toPeerId(signer.publicKey)) throw new ProtocolError("self");
    if (expected !== undefined && peer !== expected) throw new ProtocolError("wrong-key");
    return { peer, instance };
  }

  #onRecords(records: readonly WireRecord[]): SessionEffect[] {
    const effects: SessionEffect[] = [];
    for (const record of records) {
      if (record.type === "close") {
        const code = findProtocolCode(record.code) ?? "leaving";
        this.#state = { at: "closed" };
        effects.push({ kind: "closed", error: new ProtocolError(code), byPeer: true });
        return effects;
      }
      if (record.type === "stream") this.#openStream(record);
      else if (record.type !== "ping") effects.push({ kind: "record", record });
    }
    return effects;
  }

  #openStream(record: { stream: number; key: Uint8Array; counter: number }): void {
    if (this.#streams.size >= STREAMS_MAX && !this.#streams.has(record.stream)) {
      throw new ProtocolError("too-much", "streams");
    }
    const { key, counter } = record;
    this.#partialBytes -= this.#streams.get(record.stream)?.bufferedBytes ?? 0;
    this.#streams.set(record.stream, new StreamReader({ key, counter, crypto: this.#options.crypto }));
  }

  #close(error: ProtocolError, { byPeer }: { byPeer: boolean }): SessionEffect {
    if (this.#state.at === "open") {
      const last = encodeRecord({ type: "close", code: PROTOCOL_CODES[error.code].wire });
      const farewell = new Uint8Array(computeSealedBytes(last.length));
      const queued = this.#sealQueued(this.#state.send);
      sealFrame(last, this.#state.send, farewell);
      this.#handshakeOut.push(queued, farewell);
    }
    this.#state = { at: "closed" };
    return { kind: "closed", error, byPeer };
  }

  /** Right to where it is written from: what is copied on the way is garbage that stays in memory for long. */
  #sealQueued(send: CipherState): Uint8Array {
    const frames = new Uint8Array(computeSealedBytes(this.#plainOut.sizeBytes));
    let at = 0;
    while (!this.#plainOut.isEmpty) {
      at += sealFrame(this.#plainOut.take(PLAIN_BYTES_MAX, SCRATCH), send, frames.subarray(at));
    }
    return frames;
  }
}

/** Seals one frame right to the front of `into`; its bytes. */
function sealFrame(plain: Uint8Array, send: CipherState, into: Uint8Array): number {
  const head = into.subarray(0, FRAME_HEAD_BYTES);
  writeFrameHead(head, RECORDS_FRAME, plain.length + TAG_BYTES);
  return FRAME_HEAD_BYTES + send.seal(plain, head, into.subarray(FRAME_HEAD_BYTES)).length;
}

/** What so many bytes are in frames. */
function computeSealedBytes(plainBytes: number): number {
  return plainBytes + Math.ceil(plainBytes / PLAIN_BYTES_MAX) * (FRAME_HEAD_BYTES + TAG_BYTES);
}

function encodeProofInput(role: "initiator" | "responder", noiseKey: Uint8Array): Uint8Array {
  return new ByteWriter().bytes(new TextEncoder().encode(`${PROOF_LABEL}${role}\0`)).bytes(noiseKey).finish();
}
