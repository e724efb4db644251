/** What follows when the peers that can be reached change. */

import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { RoomMoveFollower } from "../commands/follow_room_moves.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { ConditionWaiters } from "../support/condition_waiters.ts";
import type { EventPublisher } from "../views/event_publisher.ts";

export interface PeerRouterParts {
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly connectionManager: ConnectionManager;
  readonly moveFollower: RoomMoveFollower;
  readonly publisher: EventPublisher;
  readonly waiters: ConditionWaiters;
}

/** Tells all parts about changed peers. */
export class PeerRouter {
  readonly #parts: PeerRouterParts;

  constructor(parts: PeerRouterParts) {
    this.#parts = parts;
  }

  /** A peer came, went, or is known by something else than before. */
  onPeers(): void {
    const { rooms, peerDirectory, connectionManager, waiters, publisher, moveFollower } = this.#parts;
    rooms.identifyLogs(() => peerDirectory.listPresent());
    moveFollower.followNext();
    connectionManager.schedule();
    waiters.recheck();
    publisher.onPeers();
  }

  /** A peer has left. */
  onDeparture(): void {
    this.#parts.publisher.onPeers();
  }
}
