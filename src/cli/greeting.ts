/** The first lines of a chat: who we are, who is here, and where one can talk. Pure. */

import type { NodeEvent, PeerRow, RoomRow } from "../node/vocabulary.ts";
import { roomName } from "./screen.ts";

/** What is to be told. */
export interface Greeting {
  readonly ready: Extract<NodeEvent, { readonly event: "ready" }>;
  /** The home was made just now. */
  readonly isNew: boolean;
  readonly peers: readonly PeerRow[];
  readonly outlook: string;
  readonly rooms: readonly RoomRow[];
}

/** The greeting as lines. */
export function greetingLines({ ready, isNew, peers, outlook, rooms }: Greeting): readonly string[] {
  const open = rooms.filter((room) => !room.direct);
  return [
    `You are ${ready.name}${isNew ? ". Another name: /nick NAME" : ""} (TCP port ${ready.port}).`,
    peers.length === 0
      ? `Nobody is here yet. ${outlook}`.trimEnd()
      : `Here: ${peers.map((peer) => peer.name).join(", ")}.`,
    ...open.length === 0 ? [] : [`Rooms: ${open.map(described).join(", ")}.`],
  ];
}

function described(room: RoomRow): string {
  return room.joined ? `${roomName(room)} (joined)` : roomName(room);
}
