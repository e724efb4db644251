/**
 * The loop of every connection: bytes ↔ session machine, with one reader, one writer and one timer.
 * Everything sent in one turn of the event loop goes out in one write, and at most one write waits in the system.
 */

import type { ProtocolCode, ProtocolError } from "../errors.ts";
import { NetworkError, ProtocolError as ProtocolFailure } from "../errors.ts";
import type { Endpoint, Stream } from "../ports/network.ts";
import type { Clock, Timer } from "../ports/time.ts";
import type { PeerId } from "../room/id.ts";
import { concatBytes, releaseBytes } from "../encoding/byte_codec.ts";
import type { WireRecord } from "../wire/record.ts";
import {
  BULK_BYTES_PER_WRITE,
  BULK_LOW_WATER_BYTES,
  CLOSE_MS_MAX,
  DRAIN_BUFFER_BYTES,
  LOW_WATER_BYTES,
  TURN_MS_MAX,
  TURN_RECORDS_MAX,
  WRITE_BUFFER_BYTES,
  WRITE_MS_MAX,
} from "./connection_limits.ts";
import type { Session, SessionEffect } from "../wire/session.ts";
import { type Cursor, STREAM_LAG_BYTES_MAX } from "../wire/broadcast_stream.ts";

/** What the owner of a link is told. Calls come in order, never after `onClosed`. */
export interface ConnectionListener {
  /** The peer has proved its identity. */
  onOpen(connection: Connection): void;
  /** A record arrived. Reading stops until the promise resolves, which slows the peer down to the speed of our disk. */
  onRecord(connection: Connection, record: WireRecord): Promise<void> | undefined;
  /** There is room for more records. */
  onDrained(connection: Connection): void;
  /** There is room for more bytes of files. */
  onBulkDrained(connection: Connection): void;
  /** The connection is closed; its `peer` is undefined if it never opened. Called exactly once. */
  onClosed(connection: Connection, error: ProtocolError, options: { readonly byPeer: boolean }): void;
}

/** One session on one stream. `run` ends when both are closed. */
export class Connection {
  readonly #stream: Stream;
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #owner: ConnectionListener;
  readonly #cursors = new Map<number, Cursor>();
  readonly isInitiator: boolean;
  #peer: PeerId | undefined;
  #instance = 0;
  #openedAtMs = 0;
  /** There may be something to write. */
  #isDirty = true;
  /** A write is pending or about to start, or writing has ended. */
  #isWriting = true;
  /** When the write under way began; Infinity while there is none. */
  #writingSinceMs = Infinity;
  #isWritingOwn = false;
  /** The buffer to release once it is written. */
  #writing: Uint8Array | undefined;
  #isWritingBulk = false;
  /** Resolves when everything is written. */
  readonly #written = Promise.withResolvers<void>();
  #writeBuffer: Uint8Array | undefined;
  #isClosed = false;
  #isWaiting = false;
  /** Reading is paused until this moment. */
  #pausedUntilMs = -Infinity;
  readonly #ended = Promise.withResolvers<void>();
  #timer: Timer | undefined;
  #closeByMs = 0;

  constructor(parts: {
    readonly stream: Stream;
    readonly session: Session;
    readonly clock: Clock;
    readonly owner: ConnectionListener;
    readonly isInitiator: boolean;
  }) {
    this.#stream = parts.stream;
    this.#session = parts.session;
    this.#clock = parts.clock;
    this.#owner = parts.owner;
    this.isInitiator = parts.isInitiator;
  }

  /** The peer at the other end; undefined until it has proved its identity. */
  get peer(): PeerId | undefined {
    return this.#peer;
  }

  /** Distinguishes this start of the peer's node from others. */
  get instance(): number {
    return this.#instance;
  }

  /** When the peer had proved its identity, by `Clock.nowMs`. */
  get openedAtMs(): number {
    return this.#openedAtMs;
  }

  /** The address of the other end. */
  get remote(): Endpoint {
    return this.#stream.remote;
  }

  /** The port that the handoff's host opened for this connection: the one fact about it that is equal at both ends. */
  get sessionPort(): number {
    return this.isInitiator ? this.#stream.remote.port : this.#stream.local.port;
  }

  /** Bytes that wait here for the peer. */
  get queuedBytes(): number {
    return this.#session.queuedBytes;
  }

  /** Bytes in memory for the peer: what waits to be written, and what of its records is not whole yet. */
  get heldBytes(): number {
    return this.#session.queuedBytes + this.#session.bulkBytes + this.#session.unfinishedBytes;
  }

  /** Bytes of files among them: they wait behind all others. */
  get bulkBytes(): number {
    return this.#session.bulkBytes;
  }

  /** Whether it carries records. */
  get isOpen(): boolean {
    return this.#peer !== undefined && !this.#isClosed;
  }

  /** Queues a record for the next write of this turn. Once closed it does nothing: the next meeting sends the rest. */
  send(record: WireRecord): void {
    this.#perform(this.#session.send(record));
    this.#markDirty();
  }

  /** Queues an encoded record; its bytes must not change afterwards. */
  sendEncoded(record: Uint8Array): void {
    this.#perform(this.#session.sendEncoded(record));
    this.#markDirty();
  }

  /** Queues a record after all others, present and future: a part of a file. */
  sendBulk(record: WireRecord): void {
    this.#session.sendBulk(record);
    this.#markDirty();
  }

  /** Sends the stream's bytes after the cursor to this peer too. Its key was sent before in a record. */
  attach(streamNumber: number, cursor: Cursor): void {
    this.detach(streamNumber);
    if (this.#isClosed) cursor.close();
    else this.#cursors.set(streamNumber, cursor);
  }

  /** Ends what `attach` began. */
  detach(streamNumber: number): void {
    this.#cursors.get(streamNumber)?.close();
    this.#cursors.delete(streamNumber);
  }

  /** Bytes were appended to an attached stream. */
  onStreamAppended(): void {
    for (const cursor of this.#cursors.values()) {
      if (cursor.lagBytes > STREAM_LAG_BYTES_MAX) return this.close("too-far-behind");
    }
    this.#markDirty();
  }

  /** Pauses reading until that moment: the peer has used up its share. Its own system then holds its data back. */
  pauseReading(untilMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
  }

  /** Ends the connection and tells the peer why. May be called repeatedly. */
  close(code: ProtocolCode): void {
    this.#perform(this.#session.close(code));
    this.#markDirty();
  }

  /** Runs the connection until it ends. `early` are the bytes that came after the ticket. Never throws because of peers or networks. */
  async run(early: Uint8Array): Promise<void> {
    using timer = this.#clock.timer(() => this.#onTimer());
    this.#timer = timer;
    this.#rearm();
    const loops = [this.#orFail(this.#read(early)), this.#orFail(this.#written.promise)];
    this.#write();
    const ends = await Promise.allSettled(loops);
    this.#stream.close();
    const fault = ends.find((end) => end.status === "rejected");
    if (fault !== undefined) throw fault.reason;
  }

  /** A bug of ours ends the whole connection: one that writes but no longer reads would mislead the peer. */
  async #orFail(loop: Promise<void>): Promise<void> {
    try {
      await loop;
    } catch (error) {
      this.close("failed");
      throw error;
    }
  }

  #onTimer(): void {
    if (this.#isClosed) return this.#stream.close();
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#writingSinceMs >= WRITE_MS_MAX) this.close("too-far-behind");
    if (this.#isWaiting) this.#session.excuseSilence(nowMs);
    this.#perform(this.#session.tick(nowMs));
    this.#markDirty();
    this.#rearm();
  }

  #rearm(): void {
    this.#timer?.wakeAt(this.#isClosed ? this.#closeByMs : this.#session.wakeAtMs);
  }

  async #read(early: Uint8Array): Promise<void> {
    let effects = this.#session.receive(early, this.#clock.nowMs());
    while (!this.#isClosed) {
      const brake = this.#perform(effects);
      if (brake !== undefined) await brake;
      this.#rearm();
      // Usually there is nothing to answer, so the writer is not woken for each read.
      if (this.#session.hasOutput) this.#markDirty();
      if (this.#isClosed) break;
      const count = await this.#readSome(this.#session.reserve());
      if (count === null) {
        return this.#end(new ProtocolFailure("silent", "the connection closed"), { byPeer: true });
      }
      effects = this.#session.commit(count, this.#clock.nowMs());
    }
    const buffer = new Uint8Array(DRAIN_BUFFER_BYTES);
    // Closing with unread input would reset the connection and lose our last bytes.
    while (await this.#readSome(buffer) !== null);
  }

  /** What to wait for behind the record of that index in a turn: a rest, or that the other links had theirs. */
  #pauseAfter(index: number, sinceMs: number): Promise<void> | undefined {
    const nowMs = this.#clock.nowMs();
    const isTurnOver = (index + 1) % TURN_RECORDS_MAX === 0 || nowMs - sinceMs >= TURN_MS_MAX;
    if (nowMs < this.#pausedUntilMs) return this.#pauseUntil(this.#pausedUntilMs);
    return isTurnOver ? this.#pauseUntil(nowMs) : undefined;
  }

  async #pauseUntil(untilMs: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    using timer = this.#clock.timer(() => over.resolve());
    timer.wakeAt(untilMs);
    await Promise.race([over.promise, this.#ended.promise]);
  }

  /** Every connection constantly has such a read pending, so it allocates as little as possible. */
  #readSome(buffer: Uint8Array): Promise<number | null> {
    return this.#stream.read(buffer).catch(toEndOfStream);
  }

  /**
   * Starts the next write. Without bytes, writing pauses, or ends if the connection has ended. It is not an async
   * loop:
   * a host does this for each member and message, and the promises of a loop took as long as all decisions here.
   */
  readonly #write = (): void => {
    try {
      this.#isDirty = false;
      const bytes = this.#gather();
      const isOurs = this.#isWritingOwn && bytes.buffer !== this.#writeBuffer?.buffer;
      this.#writing = isOurs ? bytes : undefined;
      if (bytes.length > 0) {
        this.#writingSinceMs = this.#clock.nowMs();
        this.#stream.write(bytes).then(this.#onWritten, this.#onUnwritten);
      } else if (this.#isClosed) this.#written.resolve();
      else this.#isWriting = false;
    } catch (error) {
      this.#written.reject(error);
    }
  };

  readonly #onWritten = (): void => {
    this.#writingSinceMs = Infinity;
    try {
      if (this.#writing !== undefined) releaseBytes(this.#writing);
      this.#writing = undefined;
      // A stream keeps no backlog here, so nothing waits for room after its bytes.
      if (this.#isWritingOwn && this.isOpen && this.queuedBytes < LOW_WATER_BYTES) {
        this.#owner.onDrained(this);
      }
      if (this.#isWritingBulk && this.isOpen && this.bulkBytes < BULK_LOW_WATER_BYTES) {
        this.#owner.onBulkDrained(this);
      }
    } catch (error) {
      this.#written.reject(error);
      return;
    }
    if (this.#isDirty || this.#isClosed) this.#write();
    else this.#isWriting = false;
  };

  readonly #onUnwritten = (error: unknown): void => {
    if (!(error instanceof NetworkError)) return this.#written.reject(error);
    this.#end(new ProtocolFailure("silent", "the connection broke"), { byPeer: true });
    this.#written.resolve();
  };

  /** The bytes of one write. The session's own frames come first, because a stream's key precedes the stream. */
  #gather(): Uint8Array {
    const nowMs = this.#clock.nowMs();
    const own = this.#session.takeOutput(nowMs);
    this.#isWritingOwn = own.length > 0;
    let bytes = own;
    for (const cursor of this.#cursors.values()) {
      const slice = cursor.take();
      if (slice.length === 0) continue;
      this.#session.noteSent(nowMs);
      // Usually a room's slice is everything, and is written without a copy.
      bytes = bytes.length === 0 ? slice : concatBytes([bytes, slice]);
    }
    // Messages and rooms first; files fill the rest.
    this.#isWritingBulk = this.bulkBytes > 0;
    if (this.#isWritingBulk) bytes = this.#addBulk(bytes, nowMs);
    if (this.bulkBytes > 0) this.#isDirty = true;
    return bytes;
  }

  /** Sealed directly into the write buffer. At most one write is pending, so one buffer is enough. */
  #addBulk(first: Uint8Array, nowMs: number): Uint8Array {
    const room = WRITE_BUFFER_BYTES - first.length;
    // It is large enough for one write already.
    if (room < BULK_BYTES_PER_WRITE) return first;
    this.#writeBuffer ??= new Uint8Array(WRITE_BUFFER_BYTES);
    this.#writeBuffer.set(first);
    const bulk = this.#writeBuffer.subarray(first.length, first.length + BULK_BYTES_PER_WRITE);
    return this.#writeBuffer.subarray(0, first.length + this.#session.takeBulk(bulk, nowMs));
  }

  /** Performs effects in order. Waits for each record whose handler returns a promise. */
  #perform(effects: readonly SessionEffect[]): Promise<void> | undefined {
    const sinceMs = effects.length > 1 ? this.#clock.nowMs() : Infinity;
    for (let index = 0; index < effects.length; index++) {
      const effect = effects[index];
      if (effect === undefined) continue;
      if (effect.kind === "opened") {
        this.#peer = effect.peer;
        this.#instance = effect.instance;
        this.#openedAtMs = this.#clock.nowMs();
        this.#owner.onOpen(this);
      } else if (effect.kind === "closed") {
        this.#end(effect.error, { byPeer: effect.byPeer });
      } else if (!this.#isClosed) {
        const brake = this.#owner.onRecord(this, effect.record);
        const pause = this.#pauseAfter(index, sinceMs);
        if (brake !== undefined || pause !== undefined) {
          return this.#waitFor([brake, pause], effects.slice(index + 1));
        }
      }
    }
    return undefined;
  }

  async #waitFor(
    brakes: readonly (Promise<void> | undefined)[],
    rest: readonly SessionEffect[],
  ): Promise<void> {
    this.#isWaiting = true;
    try {
      await Promise.race([Promise.all(brakes), this.#ended.promise]);
    } finally {
      this.#isWaiting = false;
      this.#session.excuseSilence(this.#clock.nowMs());
    }
    await this.#perform(rest);
  }

  #end(error: ProtocolError, { byPeer }: { byPeer: boolean }): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const number of [...this.#cursors.keys()]) this.detach(number);
    this.#closeByMs = this.#clock.nowMs() + CLOSE_MS_MAX;
    this.#rearm();
    this.#markDirty();
    this.#ended.resolve();
    if (byPeer) this.#stream.close();
    this.#owner.onClosed(this, error, { byPeer });
  }

  #markDirty(): void {
    this.#isDirty = true;
    if (this.#isWriting) return;
    this.#isWriting = true;
    // At the end of the turn, with everything sent by then.
    queueMicrotask(this.#write);
  }
}

/** A failed network ends the input. */
function toEndOfStream(error: unknown): null {
  if (error instanceof NetworkError) return null;
  throw error;
}
