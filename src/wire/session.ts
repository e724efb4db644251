/**
 * One session, from the first byte after the ticket to the last: the Noise handshake, the proof of identity, then
 * records in frames. Bytes and the time go in; effects come out of `receive` and `tick`, bytes out of `takeOutput`.
 *     greeting ── the handshake is done, the peer's proof is valid ──▶ open ──▶ closed
 *         └────────────── a wrong message, proof or key, or 5 s ──────────────▲
 * Invariants: only handshake frames are accepted before "open"; nothing is sent after "closed"; a frame that does not
 * decrypt ends the session, because TCP does not corrupt data, so it was tampered with.
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

/** Time for the whole handshake. A slower peer is dropped, so that half-open sessions cost little (slow loris). */
export const HANDSHAKE_MS_MAX = 5_000;
/** Streams that one peer may open to us: one per room that it hosts for us. */
export const STREAMS_MAX = 256;

/** The kind of handshake frames, the only ones before the session is open. */
export const HANDSHAKE_FRAME = 0;
/** The kind of frames with sealed records. */
export const RECORDS_FRAME = 1;
/** The greatest frame length before the peer is known. A handshake message has at most 32 + 48 + 102 + 16 bytes. */
export const HANDSHAKE_FRAME_BYTES_MAX = 512;
const FRAME_HEAD_BYTES = 3;
/** The part of a frame that is left for records. */
const PLAIN_BYTES_MAX = FRAME_LENGTH_MAX - 1 - TAG_BYTES;
const NOTHING = new Uint8Array(0);
/** Joins queued pieces before sealing; shared by all sessions in turn. */
const SCRATCH = new Uint8Array(PLAIN_BYTES_MAX);
const SIGNATURE_BYTES = 64;
/** Bytes of incomplete records over all streams of a session: two of the longest at once. */
const PARTIAL_BYTES_MAX = 512 * 1024;
const PROOF_LABEL = "earshot identity 1\0";

/** The inputs of a session. */
export interface SessionOptions {
  readonly role: "initiator" | "responder";
  readonly crypto: Crypto;
  /** Our identity. */
  readonly signer: Signer;
  /** Our Noise key, created at each start of the node. */
  readonly staticKey: DhKey;
  /** 32 fresh random bytes. */
  readonly ephemeral: Uint8Array;
  /** The bytes of the handoff: a session diverted to another handoff fails. */
  readonly prologue: Uint8Array;
  /** Distinguishes this start of our node from others. */
  readonly instance: number;
  /** The only acceptable peer. */
  readonly expected?: PeerId;
}

/** Actions for the caller to perform, in order. */
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

/** The state machine of one session. */
export class Session {
  readonly #options: SessionOptions;
  readonly #framer = new Framer({ lengthMax: HANDSHAKE_FRAME_BYTES_MAX });
  readonly #assembler = new RecordAssembler();
  readonly #streams = new Map<number, StreamReader>();
  readonly #handshakeOut: Uint8Array[] = [];
  readonly #plainOut = new SendQueue();
  /** Whole records that wait until all others are sent. */
  readonly #bulkOut: Uint8Array[] = [];
  #bulkBytes = 0;
  #partialBytes = 0;
  #state: State;

  /** The initiator's first message is ready immediately. */
  constructor(options: SessionOptions, nowMs: number) {
    this.#options = options;
    const { role, crypto, prologue, staticKey, ephemeral } = options;
    const noise = new Handshake({ role, crypto, prologue, staticKey, ephemeral });
    this.#state = { at: "greeting", noise, untilMs: nowMs + HANDSHAKE_MS_MAX };
    if (role === "initiator") this.#sendHandshake(noise, new Uint8Array(0));
  }

  /** When to call `tick`; null once closed. */
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
    // Bytes that wait when the session ends are never sent, so nothing may wait for them.
    return this.#state.at === "open" ? this.#bulkBytes : 0;
  }

  /** Whether `takeOutput` or `takeBulk` would return bytes. */
  get hasOutput(): boolean {
    return this.#handshakeOut.length > 0 || !this.#plainOut.isEmpty || this.bulkBytes > 0;
  }

  /** Processes bytes from the peer. */
  receive(bytes: Uint8Array, nowMs: number): SessionEffect[] {
    return this.#onBytes(() => this.#framer.push(bytes), nowMs);
  }

  /** The buffer to read the peer's bytes into; report the count to `commit`. Avoids a copy. */
  reserve(): Uint8Array {
    return this.#framer.reserve();
  }

  /** Processes `count` bytes that were read into the last `reserve`. */
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

  /** Handles the time: the handshake's deadline, or the heartbeat. */
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

  /** Our disk was slow and nothing was read meanwhile, so the silence is not the peer's. */
  excuseSilence(nowMs: number): void {
    if (this.#state.at === "open") this.#state.heartbeat.noteReceived(nowMs);
  }

  /** Queues a record. A peer that does not read is disconnected here, and resumes by vector. */
  send(record: WireRecord): SessionEffect[] {
    return this.#state.at === "open" ? this.sendEncoded(encodeRecord(record)) : [];
  }

  /** Queues an encoded record. */
  sendEncoded(record: Uint8Array): SessionEffect[] {
    if (this.#state.at !== "open" || this.#plainOut.push(record)) return [];
    return [this.#close(new ProtocolError("too-far-behind"), { byPeer: false })];
  }

  /**
   * Queues a record after all records of `send`, present and future: pieces of files. The sender keeps `bulkBytes`
   * small.
   */
  sendBulk(record: WireRecord): void {
    if (this.#state.at !== "open") return;
    const bytes = encodeRecord(record);
    this.#bulkOut.push(bytes);
    this.#bulkBytes += bytes.length;
  }

  /** Ends the session from our side. The next `takeOutput` still contains the reason. */
  close(code: ProtocolCode): SessionEffect[] {
    return this.#isClosed ? [] : [this.#close(new ProtocolError(code), { byPeer: false })];
  }

  /** All waiting bytes, sealed as frames for one write, in their own memory. Empty if there are none. */
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
   * Seals bulk records into that buffer, as many as fit, and returns the number of bytes. Only whole records: a later
   * `send` must not land inside one. Write them after `takeOutput`. The buffer must fit at least one record.
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

  /** Bytes beside the session's own frames were written to this peer, so no ping is needed. */
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

  /**
   * Our key, our signature of our Noise key, and our instance. The signature covers the role too, so a proof cannot
   * be reflected.
   */
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

  /** Seals directly into the output: intermediate copies become garbage that stays in memory for a while. */
  #sealQueued(send: CipherState): Uint8Array {
    const frames = new Uint8Array(computeSealedBytes(this.#plainOut.sizeBytes));
    let at = 0;
    while (!this.#plainOut.isEmpty) {
      at += sealFrame(this.#plainOut.take(PLAIN_BYTES_MAX, SCRATCH), send, frames.subarray(at));
    }
    return frames;
  }
}

/** Seals one frame to the front of `into`; returns its size. */
function sealFrame(plain: Uint8Array, send: CipherState, into: Uint8Array): number {
  const head = into.subarray(0, FRAME_HEAD_BYTES);
  writeFrameHead(head, RECORDS_FRAME, plain.length + TAG_BYTES);
  return FRAME_HEAD_BYTES + send.seal(plain, head, into.subarray(FRAME_HEAD_BYTES)).length;
}

/** The size of that many plain bytes as frames. */
function computeSealedBytes(plainBytes: number): number {
  return plainBytes + Math.ceil(plainBytes / PLAIN_BYTES_MAX) * (FRAME_HEAD_BYTES + TAG_BYTES);
}

function encodeProofInput(role: "initiator" | "responder", noiseKey: Uint8Array): Uint8Array {
  return new ByteWriter().bytes(new TextEncoder().encode(`${PROOF_LABEL}${role}\0`)).bytes(noiseKey).finish();
}
