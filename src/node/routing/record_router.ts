/** Where records go: to the part that each type is for. All of them cost points (see Quotas). */

import type { Connection } from "../../net/connection.ts";
import type { WireRecord } from "../../wire/record.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { PeerExchange } from "../peers/peer_exchange.ts";
import type { Presence } from "../peers/presence.ts";
import type { ReachabilityCheck } from "../peers/reachability.ts";
import type { Rooms } from "../rooms/rooms.ts";
import { computeRelayDiscount, countPoints, type Quotas } from "../support/quotas.ts";
import type { FileService } from "../transfers/file_service.ts";
import type { ProfileReceiver } from "./profile_receiver.ts";
import type { RoomRecordRouter } from "./room_record_router.ts";

/** Records by which a host relays what others said. */
const RELAYED: ReadonlySet<WireRecord["type"]> = new Set(["entries", "have", "seen"]);

export interface RecordRouterParts {
  readonly rooms: Rooms;
  readonly quotas: Quotas;
  readonly connectionManager: ConnectionManager;
  readonly peerExchange: PeerExchange;
  readonly presence: Presence;
  readonly reachability: ReachabilityCheck;
  readonly fileService: FileService;
  readonly profileReceiver: ProfileReceiver;
  readonly roomRecordRouter: RoomRecordRouter;
}

/** The router of one node's records. */
export class RecordRouter {
  readonly #parts: RecordRouterParts;

  constructor(parts: RecordRouterParts) {
    this.#parts = parts;
  }

  /** A record came. A promise is a brake (see ConnectionListener). */
  onRecord(connection: Connection, record: WireRecord): Promise<void> | undefined {
    this.#charge(connection, record);
    switch (record.type) {
      case "profile":
        this.#parts.profileReceiver.receive(connection, record);
        return undefined;
      case "introduce":
        this.#parts.peerExchange.noteIntroductions(connection, record.peers);
        this.#parts.connectionManager.schedule();
        return undefined;
      case "typing": {
        const localRoom = this.#parts.rooms.get(record.room);
        if (localRoom?.sync.peerSyncs.has(connection)) this.#parts.presence.onTyping(connection, localRoom);
        return undefined;
      }
      case "try":
        this.#parts.reachability.onTry(connection);
        return undefined;
      case "tried":
        this.#parts.reachability.onTried(connection, record);
        return undefined;
      case "meet":
      case "refuse":
      case "entries":
      case "have":
      case "seen":
        return this.#parts.roomRecordRouter.onRecord(connection, record);
      case "seek":
      case "holding":
      case "want":
      case "piece":
      case "drop":
        this.#parts.fileService.onRecord(connection, record);
        return undefined;
      case "ping":
      case "close":
      case "stream":
        return undefined; // The session handles these itself.
    }
  }

  #charge(connection: Connection, record: WireRecord): void {
    const { rooms, quotas } = this.#parts;
    const room = RELAYED.has(record.type) && "room" in record ? rooms.get(record.room) : undefined;
    const isRelayed = room?.sync.peerSyncs.get(connection)?.weFollow === true;
    quotas.charge(connection, countPoints(record) / (isRelayed ? computeRelayDiscount(room.replica) : 1));
  }
}
