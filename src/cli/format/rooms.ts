/** Rooms, and the node itself, as lines. Pure. */

import type { Replies, RoomRow, StatusReply } from "../../api/commands.ts";
import { type Column, formatColumns, formatTable } from "./table.ts";
import { commandHint } from "./command_hints.ts";
import { ID_CHARS } from "../../messages/command_names.ts";
import { formatAway } from "./people.ts";
import { type FormatContext, formatCount, formatPeer, formatRoomName } from "./entries.ts";

const COLUMNS: readonly Column[] = [
  { head: "ROOM", cellsMin: 8, rank: 0 },
  { head: "ID", cellsMin: ID_CHARS, rank: 3 },
  { head: "MEMBERS", cellsMin: 7, rank: 2 },
  { head: "HOST", cellsMin: 6, rank: 4 },
  { head: "", cellsMin: 8, rank: 1 },
];

/** The rooms, or what to do if there is none. */
export function formatRooms({ rooms, outlook }: Replies["rooms"], context: FormatContext): readonly string[] {
  if (rooms.length === 0) {
    const title = context.isChat === true ? "TITLE" : '"TITLE"';
    return [`There is no room yet. Open one: ${commandHint("host", title, context)}. ${outlook}`.trimEnd()];
  }
  return formatTable(COLUMNS, rooms.map(roomCells), context);
}

/** How the node does. */
export function formatStatus(status: StatusReply): readonly string[] {
  const { id, name, version, pid, home, port, discoveryPort, sessions, peers, rooms, away } = status;
  const ports = port === null ? "none" : `TCP ${port}, UDP ${discoveryPort ?? "none"}`;
  return formatColumns([
    ["Name", formatPeer({ name, id })],
    ...away === null ? [] : [["Presence", formatAway(away)]],
    ["Version", `earshot ${version}, process ${pid}`],
    ["Home", home],
    ["Ports", ports],
    ["Others", `${peers} here, ${formatCount(sessions, "session")}, ${formatCount(rooms, "room")} joined`],
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
    ...room.invited ? ["invite-only"] : [],
  ];
  return [
    formatRoomName(room),
    room.id.slice(0, ID_CHARS),
    String(room.members),
    room.host ?? "-",
    notes.join(", "),
  ];
}
