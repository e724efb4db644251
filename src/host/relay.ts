/** The host role of one room: what is new is sealed once into a stream that every follower's connection reads. */

import type { Chance, Crypto } from "../ports/crypto.ts";
import type { Connection } from "../net/connection.ts";
import type { Entry } from "../room/entry.ts";
import type { RoomId } from "../room/id.ts";
import { encodeRecord } from "../wire/record.ts";
import { RoomStream } from "../wire/broadcast_stream.ts";
import { PAGE_BYTES_MAX } from "../wire/peer_sync.ts";

const STREAM_KEY_BYTES = 32;

/** What a relay works with. */
export interface RelayParts {
  /** Tells this room's stream from the node's others. */
  readonly number: number;
  readonly chance: Chance;
  readonly crypto: Crypto;
}

/** Fans one room's entries out to the links that are attached. */
export class Relay {
  readonly #room: RoomId;
  readonly #parts: RelayParts;
  /** Undefined before the first hosting term. */
  #stream: RoomStream | undefined;
  readonly #followers = new Set<Connection>();

  /** Serves nobody yet. */
  constructor(room: RoomId, parts: RelayParts) {
    this.#room = room;
    this.#parts = parts;
  }

  /** Links that the stream serves now. */
  get followers(): ReadonlySet<Connection> {
    return this.#followers;
  }

  /** Serves a follower that has all that came before. The first one begins a hosting term, with a key of its own. */
  attach(connection: Connection): void {
    if (this.#stream === undefined || this.#followers.size === 0) this.#stream = this.#createStream();
    const { number, key, counter } = this.#stream;
    connection.send({ type: "stream", room: this.#room, stream: number, key, counter });
    if (!connection.isOpen) return; // That record was the one too much for it.
    connection.attach(number, this.#stream.follow());
    this.#followers.add(connection);
  }

  /** Stops serving it. */
  detach(connection: Connection): void {
    if (!this.#followers.delete(connection)) return;
    connection.detach(this.#parts.number);
  }

  /** Passes new entries on to all. No follower is waited for: a slow one costs only its own cursor. */
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

/** Lines in groups that fit into a record. */
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
