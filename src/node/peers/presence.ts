/** Whether this node's user is away, and which peers are typing. Told inside sessions only, never by datagram. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import type { Connection } from "../../net/connection.ts";
import type { Clock } from "../../ports/time.ts";
import { byteLength } from "../../encoding/utf8.ts";
import type { RoomId } from "../../room/id.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import type { EventHub } from "../support/event_hub.ts";
import type { PeerDirectory } from "./peer_directory.ts";
import type { LocalProfile } from "./local_profile.ts";
import type { RequestPolicy } from "./request_policy.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Sessions } from "./sessions.ts";
import type { Command, Replies } from "../../api/commands.ts";

/** UTF-8 bytes of the text that says why a user is away: the maximum of the one-byte length in a profile. */
export const AWAY_BYTES_MAX = 255;
/** Time between two typing events of one peer in one room; screens show each a little longer. */
export const TYPING_MS_MIN = 1_000;
const AWAY = "away";

export interface PresenceParts {
  readonly clock: Clock;
  readonly hub: EventHub;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly requestPolicy: RequestPolicy;
  readonly localProfile: LocalProfile;
}

/** The presence of one node's user. */
export class Presence {
  readonly #parts: PresenceParts;
  readonly #heardAtMs = new WeakMap<Connection, Map<RoomId, number>>();

  /** The user is here. */
  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  /** Sets why the user is away; null when the user is back. @throws {UsageError} for a text that is too long. */
  setAway({ text }: Extract<Command, { do: "away" }>): Replies["away"] {
    const away = text === null ? null : sanitizeLine(text.trim()) || AWAY;
    const sizeBytes = byteLength(away ?? "");
    if (sizeBytes > AWAY_BYTES_MAX) {
      throw new UsageError(message("away.too-long", { length: sizeBytes, max: AWAY_BYTES_MAX }));
    }
    this.#parts.localProfile.setAway(away);
    return { text: away };
  }

  /** Tells the connected members that the user is typing. */
  typing({ room }: Extract<Command, { do: "typing" }>): Replies["typing"] {
    const { rooms, sessions, requestPolicy } = this.#parts;
    const localRoom = rooms.get(room);
    if (localRoom === undefined || !localRoom.isIn || requestPolicy.isRequest(localRoom)) return {};
    for (const [peer, connection] of sessions.connections) {
      if (localRoom.replica.isIn(peer)) connection.send({ type: "typing", room });
    }
    return {};
  }

  /** A peer tells that its user types in that room. */
  onTyping(connection: Connection, localRoom: LocalRoom): void {
    const { clock, hub, peerDirectory, requestPolicy } = this.#parts;
    const { peer } = connection;
    const { id } = localRoom.replica;
    if (peer === undefined || !localRoom.replica.isIn(peer) || requestPolicy.isRequest(localRoom)) return;
    const heard = this.#heardAtMs.get(connection) ?? new Map<RoomId, number>();
    this.#heardAtMs.set(connection, heard);
    const nowMs = clock.nowMs();
    if (nowMs - (heard.get(id) ?? -Infinity) < TYPING_MS_MIN) return;
    heard.set(id, nowMs);
    hub.publish({ event: "typing", roomId: id, peer, name: peerDirectory.labelOf(peer) });
  }
}
