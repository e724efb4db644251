/** The host role of one room: new entries are sealed once into a stream that every follower's connection reads. */

import type { Chance, Crypto } from "../ports/crypto.ts";
import type { Connection } from "../net/connection.ts";
import type { Entry } from "../room/entry.ts";
import type { RoomId } from "../room/id.ts";
import { encodeRecord } from "../wire/record.ts";
import { RoomStream } from "../wire/broadcast_stream.ts";
import { PAGE_BYTES_MAX } from "../wire/peer_sync.ts";

const STREAM_KEY_BYTES = 32;

/** The inputs of a relay. */
export interface RelayParts {
  /** Distinguishes this room's stream from the node's others. */
  readonly number: number;
  readonly chance: Chance;
  readonly crypto: Crypto;
}

/** Distributes one room's entries to the attached connections. */
export class Relay {
  readonly #room: RoomId;
  readonly #parts: RelayParts;
  /** Undefined before the first hosting term. */
  #stream: RoomStream | undefined;
  readonly #followers = new Set<Connection>();

  constructor(room: RoomId, parts: RelayParts) {
    this.#room = room;
    this.#parts = parts;
  }

  /** The connections that the stream serves now. */
  get followers(): ReadonlySet<Connection> {
    return this.#followers;
  }

  /** Serves a follower that has all earlier entries. The first one starts a hosting term, which has its own key. */
  attach(connection: Connection): void {
    if (this.#stream === undefined || this.#followers.size === 0) this.#stream = this.#createStream();
    const { number, key, counter } = this.#stream;
    connection.send({ type: "stream", room: this.#room, stream: number, key, counter });
    if (!connection.isOpen) return; // That record exceeded its send queue.
    connection.attach(number, this.#stream.follow());
    this.#followers.add(connection);
  }

  /** Stops serving the connection. */
  detach(connection: Connection): void {
    if (!this.#followers.delete(connection)) return;
    connection.detach(this.#parts.number);
  }

  /** Passes new entries on to all followers. It waits for none of them: a slow follower delays only its own cursor. */
  publish(entries: readonly Entry[]): void {
    const stream = this.#stream;
    if (stream === undefined || this.#followers.size === 0) return;
    for (const lines of splitIntoPages(entries)) {
      stream.append(encodeRecord({ type: "entries", room: this.#room, lines }));
    }
    for (const connection of this.#followers) connection.onStreamAppended();
  }

  #createStream(): RoomStream {
    const { number, chance, crypto } = this.#parts;
    return new RoomStream({ number, key: chance.bytes(STREAM_KEY_BYTES), crypto });
  }
}

/** Splits lines into groups that fit into a record. */
function* splitIntoPages(entries: readonly Entry[]): Generator<string[]> {
  let lines: string[] = [];
  let bytes = 0;
  for (const { line, sizeBytes } of entries) {
    lines.push(line);
    bytes += sizeBytes;
    if (bytes < PAGE_BYTES_MAX) continue;
    yield lines;
    lines = [];
    bytes = 0;
  }
  if (lines.length > 0) yield lines;
}
