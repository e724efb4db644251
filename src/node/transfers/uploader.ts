/**
 * Sends the parts that peers request of the contents that are here. They go in the second lane of a session, behind all
 * messages, and are read from disk only when that lane is nearly empty: memory does not grow with files or slow peers.
 */

import { DiskError } from "../../errors.ts";
import type { Bitfield } from "../../transfer/bitfield.ts";
import { computePieceBytes, type Manifest } from "../../transfer/manifest.ts";
import type { Connection } from "../../net/connection.ts";
import { BULK_LOW_WATER_BYTES } from "../../net/connection_limits.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import { encodeBase64Url } from "../../encoding/base64url.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import { MANIFEST_PIECE, PIECE_BYTES_MAX } from "../../wire/file_record.ts";
import type { WireRecord } from "../../wire/record.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";

/** Contents that one peer may follow at once; the oldest is dropped. */
export const REQUESTS_WAITING_MAX = 64;
/** Bytes that one peer may have requested and not been sent: far more than an honest one requests. More ends its session. */
export const WANTED_BYTES_MAX = 64 * 1024 * 1024;
/** Parts that it may have requested. */
export const WANTS_MAX = 4_096;
/** Bytes of one part. */
export const WANT_BYTES_MAX = 512 * 1024;
/** Time between two reports to a follower that there is more of a content. */
const MORE_MS = 1_000;

/** A content that can be sent. */
export interface Holding {
  readonly manifestBytes: Uint8Array;
  readonly manifest: Manifest;
  /** Grows during the download. */
  readonly have: Bitfield;
  /** Fills the buffer from that byte of the content on; false if the content is gone. @throws {DiskError}. */
  read(into: Uint8Array, atByte: number): Promise<boolean>;
}

export interface UploaderParts {
  readonly clock: Clock;
  /** Whether the peer may have the content: it is offered in a shared room. */
  mayHave(peer: PeerId, room: RoomId, manifest: string): boolean;
  /** The content as it is offered in that room, checked again; null if it is not here. */
  open(room: RoomId, manifest: string): Promise<Holding | null>;
  /** The content on disk has changed. */
  onBroken(room: RoomId, manifest: string): void;
  readonly tasks: BackgroundTasks;
}

type Want = Extract<WireRecord, { type: "want" }>;

interface FollowedContent {
  readonly room: RoomId;
  readonly manifest: string;
  /** The latest report; undefined before the first. */
  told: string | undefined;
}

interface PeerQueue {
  readonly wishes: Map<number, FollowedContent>;
  readonly wants: Want[];
  wantedBytes: number;
  isSending: boolean;
  /** Bytes are copied into records at once, so one buffer is enough: large ones are expensive to allocate. */
  readonly buffer: Uint8Array;
}

/** The uploader of one node. */
export class Uploader {
  readonly #parts: UploaderParts;
  readonly #queues = new Map<Connection, PeerQueue>();
  /** Contents with more pieces than the followers know of. */
  readonly #grown = new Set<string>();
  readonly #timer: Timer;
  /** Tasks that read files now. */
  readonly #reads = new Set<Promise<void>>();
  #isClosed = false;

  constructor(parts: UploaderParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.#tellGrown());
  }

  /** A peer searches a content. */
  onSeek(connection: Connection, { room, wish, manifest }: Extract<WireRecord, { type: "seek" }>): void {
    if (this.#isClosed) return;
    const queue = this.#queues.get(connection) ??
      {
        wishes: new Map(),
        wants: [],
        wantedBytes: 0,
        isSending: false,
        buffer: new Uint8Array(WANT_BYTES_MAX),
      };
    this.#queues.set(connection, queue);
    queue.wishes.delete(wish);
    queue.wishes.set(wish, { room, manifest: encodeBase64Url(manifest), told: undefined });
    const [oldest] = queue.wishes.keys();
    if (queue.wishes.size > REQUESTS_WAITING_MAX && oldest !== undefined) queue.wishes.delete(oldest);
    this.#track(this.#tellHolding(connection, wish));
  }

  /** A peer requests a part. */
  onWant(connection: Connection, want: Want): void {
    const queue = this.#queues.get(connection);
    if (queue === undefined || !queue.wishes.has(want.wish)) return;
    if (want.length < 1 || want.length > WANT_BYTES_MAX) return connection.close("bad-record");
    if (queue.wants.length >= WANTS_MAX || queue.wantedBytes + want.length > WANTED_BYTES_MAX) {
      return connection.close("too-much");
    }
    queue.wants.push(want);
    queue.wantedBytes += want.length;
    this.#send(connection, queue);
  }

  /** A peer no longer follows a content. */
  onDrop(connection: Connection, wish: number): void {
    this.#queues.get(connection)?.wishes.delete(wish);
  }

  /** The connection can take more. */
  onBulkDrained(connection: Connection): void {
    const queue = this.#queues.get(connection);
    if (queue !== undefined && queue.wants.length > 0) this.#send(connection, queue);
  }

  /** The connection is closed. */
  forget(connection: Connection): void {
    this.#queues.delete(connection);
  }

  /** There is more or less of the content: its followers are told soon. */
  onChange(manifest: string): void {
    if (this.#isClosed) return;
    if (this.#grown.size === 0) this.#timer.wakeAt(this.#parts.clock.nowMs() + MORE_MS);
    this.#grown.add(manifest);
  }

  /** Ends; resolves when no file is being read. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer[Symbol.dispose]();
    this.#queues.clear();
    await Promise.all(this.#reads);
  }

  #track(work: Promise<void>): void {
    const read = this.#parts.tasks.track(work).finally(() => this.#reads.delete(read));
    this.#reads.add(read);
  }

  #tellGrown(): void {
    const grown = new Set(this.#grown);
    this.#grown.clear();
    for (const [connection, queue] of this.#queues) {
      for (const [number, { manifest }] of queue.wishes) {
        if (grown.has(manifest)) this.#track(this.#tellHolding(connection, number));
      }
    }
  }

  async #tellHolding(connection: Connection, number: number): Promise<void> {
    const wish = this.#queues.get(connection)?.wishes.get(number);
    if (wish === undefined) return;
    const holding = this.#mayServe(connection, wish)
      ? await this.#parts.open(wish.room, wish.manifest)
      : null;
    if (this.#queues.get(connection)?.wishes.get(number) !== wish) return;
    const held = holding === null ? "none" : holding.have.isFull ? "all" : holding.have.bytes();
    const told = typeof held === "string" ? held : `some ${holding?.have.setCount}`;
    if (wish.told === told) return;
    wish.told = told;
    connection.send({ type: "holding", wish: number, held });
  }

  #mayServe({ peer }: Connection, { room, manifest }: FollowedContent): boolean {
    return peer !== undefined && this.#parts.mayHave(peer, room, manifest);
  }

  #send(connection: Connection, queue: PeerQueue): void {
    if (queue.isSending || this.#isClosed) return;
    queue.isSending = true;
    this.#track(this.#sendAll(connection, queue).finally(() => queue.isSending = false));
  }

  async #sendAll(connection: Connection, queue: PeerQueue): Promise<void> {
    while (connection.isOpen && !this.#isClosed && connection.bulkBytes < BULK_LOW_WATER_BYTES) {
      const want = queue.wants.shift();
      if (want === undefined) return;
      queue.wantedBytes -= want.length;
      const wish = queue.wishes.get(want.wish);
      if (wish === undefined || !this.#mayServe(connection, wish)) continue;
      const bytes = await this.#readPart(wish, want, queue.buffer);
      if (bytes === null) {
        wish.told = undefined;
        this.#track(this.#tellHolding(connection, want.wish));
        continue;
      }
      for (let at = 0; at < bytes.length; at += PIECE_BYTES_MAX) {
        const { wish, piece, offset } = want;
        connection.sendBulk({
          type: "piece",
          wish,
          piece,
          offset: offset + at,
          bytes: bytes.subarray(at, at + PIECE_BYTES_MAX),
        });
      }
    }
  }

  /** Null for a part that is not here: it may have been a moment ago, so the request is no offence. */
  async #readPart(
    { room, manifest: key }: FollowedContent,
    { piece, offset, length }: Want,
    buffer: Uint8Array,
  ): Promise<Uint8Array | null> {
    const { open, onBroken } = this.#parts;
    const holding = await open(room, key);
    if (holding === null) return null;
    const { manifest, manifestBytes, have } = holding;
    if (piece === MANIFEST_PIECE) {
      return offset + length > manifestBytes.length ? null : manifestBytes.subarray(offset, offset + length);
    }
    const atByte = piece * manifest.pieceBytes + offset;
    if (!have.has(piece) || offset + length > computePieceBytes(manifest, piece)) return null;
    const bytes = buffer.subarray(0, length);
    try {
      if (await holding.read(bytes, atByte)) return bytes;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
    }
    onBroken(room, key);
    return null;
  }
}
