/** Rooms, and the node itself, as lines. Pure. */

import type { Replies, RoomRow, StatusReply } from "../node/vocabulary.ts";
import { type Column, columns, table } from "./columns.ts";
import { howTo, ID_CHARS } from "./how_to.ts";
import { awayText } from "./people_screen.ts";
import { counted, type Now, peerText, roomName } from "./screen.ts";

const COLUMNS: readonly Column[] = [
  { head: "ROOM", cellsMin: 8, rank: 0 },
  { head: "ID", cellsMin: ID_CHARS, rank: 3 },
  { head: "MEMBERS", cellsMin: 7, rank: 2 },
  { head: "HOST", cellsMin: 6, rank: 4 },
  { head: "", cellsMin: 8, rank: 1 },
];

/** The rooms, or what to do if there is none. */
export function roomLines({ rooms, outlook }: Replies["rooms"], now: Now): readonly string[] {
  if (rooms.length === 0) {
    const title = now.isChat === true ? "TITLE" : '"TITLE"';
    return [`There is no room yet. Open one: ${howTo("host", title, now)}. ${outlook}`.trimEnd()];
  }
  return table(COLUMNS, rooms.map(roomCells), now);
}

/** How the node does. */
export function statusLines(status: StatusReply): readonly string[] {
  const { id, name, version, pid, home, port, discoveryPort, sessions, peers, rooms, away } = status;
  const ports = port === null ? "none" : `TCP ${port}, UDP ${discoveryPort ?? "none"}`;
  return columns([
    ["Name", peerText({ name, id })],
    ...away === null ? [] : [["Presence", awayText(away)]],
    ["Version", `earshot ${version}, process ${pid}`],
    ["Home", home],
    ["Ports", ports],
    ["Others", `${peers} here, ${counted(sessions, "session")}, ${counted(rooms, "room")} joined`],
    ...status.interfaces.map((each) => ["Interface", `${each.name} (${each.address}): ${each.state}`]),
    ...status.outlook === "" ? [] : [["Network", status.outlook]],
    ...status.giving.map((address) => ["Giving", `earshot itself, at ${address}`]),
    ...status.notices.map((notice) => ["Notice", notice]),
  ]);
}

function roomCells(room: RoomRow): readonly string[] {
  const notes = [
    ...room.unread > 0 ? [`${room.unread} unread`] : [],
    ...room.direct ? [room.request ? "not answered yet" : "direct"] : [room.joined ? "joined" : "not joined"],
    ...room.invited ? ["by invitation"] : [],
  ];
  return [
    roomName(room),
    room.id.slice(0, ID_CHARS),
    String(room.members),
    room.host ?? "-",
    notes.join(", "),
  ];
}
