/** Which room a record about a room goes to, and which rooms we do not share with a peer. */

import type { Connection } from "../../net/connection.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import type { WireRecord } from "../../wire/record.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import { type ConnectionManager, isActive } from "../peers/connection_manager.ts";
import type { RequestPolicy } from "../peers/request_policy.ts";
import type { Sessions } from "../peers/sessions.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";

type RoomRecord = Extract<WireRecord, { readonly room: RoomId }>;

export interface RoomRecordRouterParts {
  readonly rooms: Rooms;
  readonly sessions: Sessions;
  readonly autoContacts: AutoContacts;
  readonly requestPolicy: RequestPolicy;
  readonly connectionManager: ConnectionManager;
}

/** The router of records about rooms. */
export class RoomRecordRouter {
  readonly #parts: RoomRecordRouterParts;

  constructor(parts: RoomRecordRouterParts) {
    this.#parts = parts;
  }

  /** A record about a room came. A promise is a brake (see ConnectionListener). */
  onRecord(connection: Connection, record: RoomRecord): Promise<void> | undefined {
    const { peer } = connection;
    if (peer === undefined) return undefined;
    if (this.#parts.rooms.loading.has(record.room)) return this.#onceLoaded(connection, record);
    const localRoom = this.#findRoom(connection, peer, record.room);
    if (localRoom !== undefined) return localRoom.onRecord(connection, record);
    if (record.type === "meet") connection.send({ type: "refuse", room: record.room });
    return undefined;
  }

  /** The connection waits: later records build on this one. */
  async #onceLoaded(connection: Connection, record: RoomRecord): Promise<void> {
    const { rooms, sessions } = this.#parts;
    await rooms.loading.loadNext(record.room);
    const isOpen = connection.peer !== undefined && sessions.connections.get(connection.peer) === connection;
    // When the node stops, rooms remain that are not loaded.
    if (isOpen && !rooms.loading.has(record.room)) await this.onRecord(connection, record);
  }

  /** Our room of that id, if we are in it, are joining it there, or share it as the direct conversation with the peer. */
  #findRoom(connection: Connection, peer: PeerId, room: RoomId): LocalRoom | undefined {
    const { rooms, autoContacts, requestPolicy, connectionManager } = this.#parts;
    const known = rooms.get(room);
    if (known !== undefined) {
      return known.sync.peerSyncs.has(connection) || isActive(known) ? known : undefined;
    }
    if (rooms.directId(peer) !== room) return undefined;
    const { remote: { address } } = connection;
    if (!autoContacts.has(peer) && !requestPolicy.mayBegin(room, address, rooms.list())) return undefined;
    // A new conversation needs a host, too.
    connectionManager.schedule();
    return rooms.openDirect(peer);
  }
}
