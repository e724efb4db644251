/** Where events of rooms go: the listener above all rooms. */

import type { Connection } from "../../net/connection.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { LocalProfile } from "../peers/local_profile.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { PeerExchange } from "../peers/peer_exchange.ts";
import type { LocalRoom, RoomChange } from "../room/local_room.ts";
import type { RoomListener } from "../room/room_listener.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { ConditionWaiters } from "../support/condition_waiters.ts";
import type { Quotas } from "../support/quotas.ts";
import type { EventPublisher } from "../views/event_publisher.ts";
import type { HolderCache } from "./holder_cache.ts";
import type { NewEntryRouter } from "./new_entry_router.ts";
import type { PeerRouter } from "./peer_router.ts";

export interface RoomRouterParts {
  readonly rooms: Rooms;
  readonly quotas: Quotas;
  readonly peerDirectory: PeerDirectory;
  readonly connectionManager: ConnectionManager;
  readonly peerExchange: PeerExchange;
  readonly localProfile: LocalProfile;
  readonly entryAuthor: EntryAuthor;
  readonly newEntryRouter: NewEntryRouter;
  readonly holderCache: HolderCache;
  readonly peerRouter: PeerRouter;
  readonly publisher: EventPublisher;
  readonly waiters: ConditionWaiters;
}

/** The listener above the rooms of one node. */
export class RoomRouter implements RoomListener {
  readonly #parts: RoomRouterParts;

  constructor(parts: RoomRouterParts) {
    this.#parts = parts;
  }

  onChange(localRoom: LocalRoom, change: RoomChange): void {
    const { publisher, connectionManager, waiters } = this.#parts;
    const { id } = localRoom.replica;
    switch (change.kind) {
      case "held":
        this.#parts.newEntryRouter.onHeld(localRoom, change.entries);
        break;
      case "receipts":
        publisher.onReceipts(localRoom);
        this.#parts.holderCache.saveSoon(localRoom);
        connectionManager.schedule();
        break;
      case "met":
        connectionManager.noteMet(change.peer, id);
        break;
      case "led":
        connectionManager.schedule();
        break;
      case "refused":
        connectionManager.noteRefused(change.peer, id);
        break;
      case "attached":
        this.#parts.peerExchange.introduce(localRoom, change.connection);
        break;
      case "level":
        // A name that the user took at the start is announced only now: this home may be an old one, whose next number is taken.
        this.#parts.entryAuthor.announceNameSoon(localRoom);
        break;
    }
    waiters.recheck();
  }

  onWork(connection: Connection, points: number): void {
    this.#parts.quotas.charge(connection, points);
  }

  onLoaded(localRoom: LocalRoom | undefined): void {
    const { publisher, newEntryRouter, localProfile, peerRouter } = this.#parts;
    if (localRoom !== undefined) {
      publisher.onRoom(localRoom);
      newEntryRouter.onLoaded(localRoom);
    }
    localProfile.tell();
    // Also for a log that only a present peer can identify.
    peerRouter.onPeers();
  }

  onHosts(changed: readonly RoomId[]): void {
    const { rooms, publisher, localProfile } = this.#parts;
    for (const id of changed) {
      const localRoom = rooms.get(id);
      if (localRoom !== undefined) publisher.onRoom(localRoom);
    }
    localProfile.tell();
  }

  nameOf(peer: PeerId): string {
    return this.#parts.peerDirectory.nameOf(peer);
  }
}
