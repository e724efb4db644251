/** Whether this node's user is away, and who is typing. Told inside sessions, never by datagram: it is nobody else's business. */

import { UsageError } from "../errors.ts";
import type { Link } from "../net/pump.ts";
import type { Clock } from "../ports.ts";
import { byteLength } from "../room/entry.ts";
import type { RoomId } from "../room/id.ts";
import { safeLine } from "../room/text.ts";
import type { EventHub } from "./event_hub.ts";
import type { People } from "./people.ts";
import type { Requests } from "./requests.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Sessions } from "./sessions.ts";
import type { Command, Replies } from "./vocabulary.ts";

/** UTF-8 bytes of the text that says why somebody is away: what a profile's one-byte length can tell. */
export const AWAY_BYTES_MAX = 255;
/** Between two times that a peer's typing in a room counts; screens show it a little longer. */
export const TYPING_MS_MIN = 1_000;
const AWAY = "away";

/** What presence needs. */
export interface PresenceParts {
  readonly clock: Clock;
  readonly hub: EventHub;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly people: People;
  readonly requests: Requests;
  /** What we say of ourselves is another thing now. */
  onChange(): void;
}

/** The presence of one node's user. */
export class Presence {
  readonly #parts: PresenceParts;
  readonly #heardAtMs = new WeakMap<Link, Map<RoomId, number>>();
  #away: string | null = null;

  /** The user is here. */
  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  /** Why the user is away; null while it is here. */
  get away(): string | null {
    return this.#away;
  }

  /** The user goes away, or comes back. @throws {UsageError} for a text that is too long. */
  setAway({ text }: Extract<Command, { do: "away" }>): Replies["away"] {
    const away = text === null ? null : safeLine(text.trim()) || AWAY;
    const sizeBytes = byteLength(away ?? "");
    if (sizeBytes > AWAY_BYTES_MAX) {
      throw new UsageError(`That text is too long: ${sizeBytes} bytes, and ${AWAY_BYTES_MAX} fit`);
    }
    this.#away = away;
    this.#parts.onChange();
    return { text: away };
  }

  /** Tells the members who are connected that the user is typing. */
  typing({ room }: Extract<Command, { do: "typing" }>): Replies["typing"] {
    const { rooms, sessions, requests } = this.#parts;
    const keeper = rooms.get(room);
    if (keeper === undefined || !keeper.isIn || requests.isRequest(keeper)) return {};
    for (const [peer, link] of sessions.links) {
      if (keeper.replica.isIn(peer)) link.send({ type: "typing", room });
    }
    return {};
  }

  /** A peer says that its user types in that room of ours. */
  onTyping(link: Link, keeper: RoomKeeper): void {
    const { clock, hub, people, requests } = this.#parts;
    const { peer } = link;
    const { id } = keeper.replica;
    if (peer === undefined || !keeper.replica.isIn(peer) || requests.isRequest(keeper)) return;
    const heard = this.#heardAtMs.get(link) ?? new Map<RoomId, number>();
    this.#heardAtMs.set(link, heard);
    const nowMs = clock.nowMs();
    if (nowMs - (heard.get(id) ?? -Infinity) < TYPING_MS_MIN) return;
    heard.set(id, nowMs);
    hub.publish({ event: "typing", roomId: id, peer, name: people.labelOf(peer) });
  }
}
