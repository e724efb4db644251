/** What the node above its rooms is told. */

import type { PeerId, RoomId } from "../../room/id.ts";
import type { LocalRoom, LocalRoomListener } from "./local_room.ts";

/** The listener above all rooms. */
export interface RoomListener extends LocalRoomListener {
  /** A log was loaded while the node runs. The room is undefined if the log does not tell which room it is of. */
  onLoaded(localRoom: LocalRoom | undefined): void;
  /** These rooms have another host than before, or none. */
  onHosts(rooms: readonly RoomId[]): void;
  /** What to call the folder of the direct conversation with that peer. */
  nameOf(peer: PeerId): string;
}
