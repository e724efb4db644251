/** The first lines of a chat: our name, the people here, the rooms, and the next steps. Pure. */

import type { NodeEvent, PeerRow, RoomRow } from "../../api/commands.ts";
import { formatColumns } from "../format/table.ts";
import { formatRoomName } from "../format/entries.ts";

/** What is to be told. */
export interface Greeting {
  readonly ready: Extract<NodeEvent, { readonly event: "ready" }>;
  /** The home was made just now. */
  readonly isNew: boolean;
  readonly peers: readonly PeerRow[];
  readonly outlook: string;
  readonly rooms: readonly RoomRow[];
}

/** Names and titles in one line; the others are only counted. */
const NAMES_MAX = 8;

/** The greeting as lines. */
export function formatGreeting({ ready, isNew, peers, outlook, rooms }: Greeting): readonly string[] {
  const open = rooms.filter((room) => !room.direct);
  return [
    `You are ${ready.name} (TCP port ${ready.port}).${isNew ? " Another name: /nick NAME" : ""}`,
    peers.length === 0
      ? `Nobody is here yet. ${outlook}`.trimEnd()
      : `Here: ${joinFirstNames(peers.map((peer) => peer.name))}.`,
    ...open.length === 0 ? [] : [`Rooms: ${joinFirstNames(open.map(formatRoom))}.`],
  ];
}

/** The next steps where no conversation is open. */
export function formatNextSteps({ peers, rooms }: Pick<Greeting, "peers" | "rooms">): readonly string[] {
  const [peer] = peers.filter(({ blocked }) => !blocked);
  const room = rooms.find(({ direct, joined }) => !direct && !joined) ?? rooms.find(({ direct }) => !direct);
  const steps = [
    ...peer === undefined ? [] : [[`/msg ${peer.name} hello`, `talk to ${peer.name}`]],
    room === undefined
      ? ["/host Kitchen", "open a room for everybody near"]
      : [`/join ${room.title}`, `talk in the room ${formatRoomName(room)}`],
    ...peer === undefined
      ? [["/connect 192.168.43.1", "reach somebody by address"], [
        "/give on",
        "give earshot to somebody who has none",
      ]]
      : [],
    ["/help", "all that can be typed"],
  ];
  return [
    ...peer === undefined ? ["Others on this network appear here as soon as they start earshot."] : [],
    "No conversation is open. What you can type:",
    ...formatColumns(steps).map((line) => `  ${line}`),
  ];
}

function joinFirstNames(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return more <= 0 ? names.join(", ") : `${names.slice(0, NAMES_MAX).join(", ")} and ${more} more`;
}

function formatRoom(room: RoomRow): string {
  return room.joined ? `${formatRoomName(room)} (joined)` : formatRoomName(room);
}
