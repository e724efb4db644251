/** What we look for at others: which fetch a record on a connection is about, and that nothing comes that was not asked for. */

import { ProtocolError } from "../../errors.ts";
import { RequestLedger } from "../../transfer/request_ledger.ts";
import type { PieceRequest } from "../../transfer/piece_scheduler.ts";
import type { Connection } from "../../net/connection.ts";
import { decodeBase64Url } from "../../encoding/base64url.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import type { WireRecord } from "../../wire/record.ts";

const HASH_BYTES = 32;

/** Whoever looks for a content. */
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

/** The wishes of one node. */
export class RequestTable {
  readonly #byConnection = new Map<Connection, PeerRequests>();

  /** Asks the peer on that connection whether it has the content; again is harmless. */
  seek(connection: Connection, seeker: Seeker): void {
    const hash = decodeBase64Url(seeker.manifest, HASH_BYTES);
    if (hash === null) return;
    const desk = this.#byConnection.get(connection) ??
      { requestLedger: new RequestLedger(), seekers: new Map(), count: 0 };
    this.#byConnection.set(connection, desk);
    const wish = findNumber(desk, seeker) ?? ++desk.count;
    desk.seekers.set(wish, seeker);
    connection.send({ type: "seek", room: seeker.room, wish, manifest: hash });
  }

  /** Asks for a part. */
  requestPart(connection: Connection, seeker: Seeker, asking: Omit<PieceRequest, "source">): void {
    const desk = this.#byConnection.get(connection);
    const wish = desk === undefined ? undefined : findNumber(desk, seeker);
    if (desk === undefined || wish === undefined) return;
    const { piece, offset, length } = asking;
    desk.requestLedger.note(wish, { piece, offset, length });
    connection.send({ type: "want", wish, piece, offset, length });
  }

  /** The seeker looks for nothing more. What is on its way still comes. */
  drop(seeker: Seeker): void {
    for (const [connection, desk] of this.#byConnection) {
      const wish = findNumber(desk, seeker);
      if (wish === undefined) continue;
      desk.seekers.delete(wish);
      connection.send({ type: "drop", wish });
    }
  }

  /** A peer says what it has. */
  onHolding(connection: Connection, { wish, held }: Extract<WireRecord, { type: "holding" }>): void {
    const seeker = this.#byConnection.get(connection)?.seekers.get(wish);
    if (connection.peer !== undefined) seeker?.onHolding(connection.peer, held);
  }

  /** Bytes came. Those that nobody asked for end the session. */
  onPiece(connection: Connection, record: Extract<WireRecord, { type: "piece" }>): void {
    const desk = this.#byConnection.get(connection);
    const { wish, piece, offset, bytes } = record;
    try {
      if (desk === undefined) throw new ProtocolError("bad-record", "bytes that nobody asked for");
      desk.requestLedger.take(wish, { piece, offset, length: bytes.length });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return connection.close(error.code);
    }
    if (connection.peer !== undefined) desk.seekers.get(wish)?.onBytes(connection.peer, record);
  }

  /** The connection is closed. */
  forget(connection: Connection): void {
    const desk = this.#byConnection.get(connection);
    this.#byConnection.delete(connection);
    if (desk === undefined || connection.peer === undefined) return;
    for (const seeker of desk.seekers.values()) seeker.onGone(connection.peer);
  }
}

function findNumber(desk: PeerRequests, seeker: Seeker): number | undefined {
  for (const [wish, one] of desk.seekers) if (one === seeker) return wish;
  return undefined;
}
