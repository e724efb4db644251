/**
 * Sends what others want of the contents that are here. Bytes go in the second lane of a session, behind all messages, and
 * are read from the disk only when that lane is nearly empty: memory does not grow with files or with slow readers.
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

/** Contents that one peer follows at once; the oldest goes. */
export const REQUESTS_WAITING_MAX = 64;
/** Bytes that one peer may have asked for and not been sent: far above what an honest one does. More ends its session. */
export const WANTED_BYTES_MAX = 64 * 1024 * 1024;
/** Parts that it may have asked for. */
export const WANTS_MAX = 4_096;
/** Bytes of one part. */
export const WANT_BYTES_MAX = 512 * 1024;
/** Who follows a content hears at most so often that there is more of it. */
const MORE_MS = 1_000;

/** A content that can be sent. */
export interface Holding {
  readonly manifestBytes: Uint8Array;
  readonly manifest: Manifest;
  /** Grows while it is fetched. */
  readonly have: Bitfield;
  /** Fills the buffer from that byte of the content on; false if it is not there any more. @throws {DiskError}. */
  read(into: Uint8Array, atByte: number): Promise<boolean>;
}

export interface UploaderParts {
  readonly clock: Clock;
  /** Whether that peer may have the content: it is offered in a room of both. */
  mayHave(peer: PeerId, room: RoomId, manifest: string): boolean;
  /** The content as it is offered in that room, looked at again; null if it is not here. */
  open(room: RoomId, manifest: string): Promise<Holding | null>;
  /** It is not any more what it was. */
  onBroken(room: RoomId, manifest: string): void;
  readonly tasks: BackgroundTasks;
}

type Want = Extract<WireRecord, { type: "want" }>;

interface FollowedContent {
  readonly room: RoomId;
  readonly manifest: string;
  /** What was told last; undefined for nothing yet. */
  told: string | undefined;
}

interface PeerQueue {
  readonly wishes: Map<number, FollowedContent>;
  readonly wants: Want[];
  wantedBytes: number;
  isSending: boolean;
  /** What is read is copied into records at once, so one buffer will do: large ones are dear to make. */
  readonly buffer: Uint8Array;
}

/** The serving of one node. */
export class Uploader {
  readonly #parts: UploaderParts;
  readonly #queues = new Map<Connection, PeerQueue>();
  /** Contents of which there is more than was told. */
  readonly #grown = new Set<string>();
  readonly #timer: Timer;
  /** What reads files now. */
  readonly #reads = new Set<Promise<void>>();
  #isClosed = false;

  constructor(parts: UploaderParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.#tellGrown());
  }

  /** Somebody looks for a content. */
  onSeek(connection: Connection, { room, wish, manifest }: Extract<WireRecord, { type: "seek" }>): void {
    if (this.#isClosed) return;
    const desk = this.#queues.get(connection) ??
      {
        wishes: new Map(),
        wants: [],
        wantedBytes: 0,
        isSending: false,
        buffer: new Uint8Array(WANT_BYTES_MAX),
      };
    this.#queues.set(connection, desk);
    desk.wishes.delete(wish);
    desk.wishes.set(wish, { room, manifest: encodeBase64Url(manifest), told: undefined });
    const [oldest] = desk.wishes.keys();
    if (desk.wishes.size > REQUESTS_WAITING_MAX && oldest !== undefined) desk.wishes.delete(oldest);
    this.#track(this.#tellHolding(connection, wish));
  }

  /** Somebody asks for a part. */
  onWant(connection: Connection, want: Want): void {
    const desk = this.#queues.get(connection);
    if (desk === undefined || !desk.wishes.has(want.wish)) return;
    if (want.length < 1 || want.length > WANT_BYTES_MAX) return connection.close("bad-record");
    if (desk.wants.length >= WANTS_MAX || desk.wantedBytes + want.length > WANTED_BYTES_MAX) {
      return connection.close("too-much");
    }
    desk.wants.push(want);
    desk.wantedBytes += want.length;
    this.#send(connection, desk);
  }

  /** Somebody follows a content no more. */
  onDrop(connection: Connection, wish: number): void {
    this.#queues.get(connection)?.wishes.delete(wish);
  }

  /** There is room for more on the connection. */
  onBulkDrained(connection: Connection): void {
    const desk = this.#queues.get(connection);
    if (desk !== undefined && desk.wants.length > 0) this.#send(connection, desk);
  }

  /** The connection is closed. */
  forget(connection: Connection): void {
    this.#queues.delete(connection);
  }

  /** There is more of that content, or less: who follows it hears of it soon. */
  onChange(manifest: string): void {
    if (this.#isClosed) return;
    if (this.#grown.size === 0) this.#timer.wakeAt(this.#parts.clock.nowMs() + MORE_MS);
    this.#grown.add(manifest);
  }

  /** Ends; resolves when nothing is being read any more. */
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
    for (const [connection, desk] of this.#queues) {
      for (const [number, { manifest }] of desk.wishes) {
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

  #send(connection: Connection, desk: PeerQueue): void {
    if (desk.isSending || this.#isClosed) return;
    desk.isSending = true;
    this.#track(this.#sendAll(connection, desk).finally(() => desk.isSending = false));
  }

  async #sendAll(connection: Connection, desk: PeerQueue): Promise<void> {
    while (connection.isOpen && !this.#isClosed && connection.bulkBytes < BULK_LOW_WATER_BYTES) {
      const want = desk.wants.shift();
      if (want === undefined) return;
      desk.wantedBytes -= want.length;
      const wish = desk.wishes.get(want.wish);
      if (wish === undefined || !this.#mayServe(connection, wish)) continue;
      const bytes = await this.#readPart(wish, want, desk.buffer);
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

  /** Null for what is not here: it may have been a moment ago, so it is no offence to ask for it. */
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
