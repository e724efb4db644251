/** Our requests to peers: tells which download a record belongs to, and rejects parts that we did not request. */

import { ProtocolError } from "../../errors.ts";
import { RequestLedger } from "../../transfer/request_ledger.ts";
import type { PieceRequest } from "../../transfer/piece_scheduler.ts";
import type { Connection } from "../../net/connection.ts";
import { decodeBase64Url } from "../../encoding/base64url.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import type { WireRecord } from "../../wire/record.ts";

const HASH_BYTES = 32;

/** A download that searches a content. */
export interface Seeker {
  readonly room: RoomId;
  readonly manifest: string;
  onHolding(peer: PeerId, held: Extract<WireRecord, { type: "holding" }>["held"]): void;
  onBytes(peer: PeerId, record: Extract<WireRecord, { type: "piece" }>): void;
  onGone(peer: PeerId): void;
}

interface PeerRequests {
  readonly requestLedger: RequestLedger;
  readonly seekers: Map<number, Seeker>;
  count: number;
}

/** The requests of one node. */
export class RequestTable {
  readonly #byConnection = new Map<Connection, PeerRequests>();

  /** Asks the connection's peer whether it has the content. Repeating it is harmless. */
  seek(connection: Connection, seeker: Seeker): void {
    const hash = decodeBase64Url(seeker.manifest, HASH_BYTES);
    if (hash === null) return;
    const requests = this.#byConnection.get(connection) ??
      { requestLedger: new RequestLedger(), seekers: new Map(), count: 0 };
    this.#byConnection.set(connection, requests);
    const wish = findNumber(requests, seeker) ?? ++requests.count;
    requests.seekers.set(wish, seeker);
    connection.send({ type: "seek", room: seeker.room, wish, manifest: hash });
  }

  /** Requests a part. */
  requestPart(connection: Connection, seeker: Seeker, asking: Omit<PieceRequest, "source">): void {
    const requests = this.#byConnection.get(connection);
    const wish = requests === undefined ? undefined : findNumber(requests, seeker);
    if (requests === undefined || wish === undefined) return;
    const { piece, offset, length } = asking;
    requests.requestLedger.note(wish, { piece, offset, length });
    connection.send({ type: "want", wish, piece, offset, length });
  }

  /** Ends the search. Parts that are on their way still come. */
  drop(seeker: Seeker): void {
    for (const [connection, requests] of this.#byConnection) {
      const wish = findNumber(requests, seeker);
      if (wish === undefined) continue;
      requests.seekers.delete(wish);
      connection.send({ type: "drop", wish });
    }
  }

  /** A peer tells what it has. */
  onHolding(connection: Connection, { wish, held }: Extract<WireRecord, { type: "holding" }>): void {
    const seeker = this.#byConnection.get(connection)?.seekers.get(wish);
    if (connection.peer !== undefined) seeker?.onHolding(connection.peer, held);
  }

  /** A part came. One that we did not request ends the session. */
  onPiece(connection: Connection, record: Extract<WireRecord, { type: "piece" }>): void {
    const requests = this.#byConnection.get(connection);
    const { wish, piece, offset, bytes } = record;
    try {
      if (requests === undefined) throw new ProtocolError("bad-record", "bytes that nobody asked for");
      requests.requestLedger.take(wish, { piece, offset, length: bytes.length });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return connection.close(error.code);
    }
    if (connection.peer !== undefined) requests.seekers.get(wish)?.onBytes(connection.peer, record);
  }

  /** The connection is closed. */
  forget(connection: Connection): void {
    const requests = this.#byConnection.get(connection);
    this.#byConnection.delete(connection);
    if (requests === undefined || connection.peer === undefined) return;
    for (const seeker of requests.seekers.values()) seeker.onGone(connection.peer);
  }
}

function findNumber(requests: PeerRequests, seeker: Seeker): number | undefined {
  for (const [wish, one] of requests.seekers) if (one === seeker) return wish;
  return undefined;
}
