/** What people read of conversations: entries and events as lines. Pure; the texts in them were made safe by the node. */

import { formatFileEvent } from "./file_events.ts";
import type { LogRow, NodeEvent, PeerRow, RoomRow } from "../../api/commands.ts";
import { formatLocalTime, quoteAmbiguousLabel } from "../../store/transcript/transcript.ts";
import { pickAuthorStyle } from "./author_colors.ts";
import { commandHint, type HintContext } from "./command_hints.ts";
import { ID_CHARS } from "../../messages/command_names.ts";
import type { Style } from "./style.ts";
import { wrapText } from "./wrap.ts";

/** Behind a time of "14:03" and two blanks, further lines of a message begin here, so that none can look like another's. */
export const INDENT = " ".repeat(7);

/** What lines are made for. */
export interface FormatContext extends HintContext {
  /** Wall time. */
  readonly nowMs: number;
  readonly style: Style;
  /** Cells of a line of the terminal; null where nothing is to be cut, as in a pipe. */
  readonly columns: number | null;
}

/** How to show entries: without a width, lines are as long as they are. */
export interface LineLook {
  readonly style: Style;
  readonly columns?: number | null;
}

/** A conversation: a line for each new day, and times within it. */
export function formatLog(rows: readonly LogRow[], look: LineLook): readonly string[] {
  return daysOf(rows, { ...look, roomOf: () => undefined });
}

/** Entries of several conversations, each with its room: as it is typed where it is among `rooms`, or by its title. */
export function formatSearchResults(
  rows: readonly LogRow[],
  { rooms, ...look }: LineLook & { readonly rooms: readonly RoomRow[] },
): readonly string[] {
  const names = new Map(rooms.map((room) => [room.id, formatRoomName(room)]));
  return daysOf(rows, { ...look, roomOf: ({ room, roomId }) => names.get(roomId) ?? room });
}

function daysOf(
  rows: readonly LogRow[],
  { roomOf, ...look }: LineLook & { roomOf(row: LogRow): string | undefined },
): readonly string[] {
  let day = "";
  return rows.flatMap((row) => {
    const before = day;
    day = formatDay(row);
    const room = roomOf(row);
    const lines = formatEntry(row, { ...look, ...(room !== undefined && { room }) });
    return day === before ? lines : [look.style.dim(day), ...lines];
  });
}

/** One entry. `room` stands before it where several conversations are shown together. */
export function formatEntry(
  row: LogRow,
  { style: plain, room, columns = null }: LineLook & { readonly room?: string },
): readonly string[] {
  const style = pickAuthorStyle(plain, row.author);
  const time = formatLocalTime(Date.parse(row.time)).slice(11, 16);
  const where = room === undefined ? "" : `[${bracketless(room)}] `;
  const name = quoteAmbiguousLabel(row.name);
  const who = row.notice ? `* ${name} ` : `${name}: `;
  const text = row.state === "kept" && !row.notice ? `${row.text}  (kept here only)` : row.text;
  const [first = "", ...more] = `${where}${who}${text}`.split("\n").flatMap((line) =>
    columns === null ? [line] : wrapText(line, columns - INDENT.length)
  );
  const rest = more.map((line) => INDENT + line);
  if (row.notice) return [`${style.dim(time)}  ${style.dim(first)}`, ...rest.map((line) => style.dim(line))];
  return marked([`${style.dim(time)}  ${painted(first, { where, who, style })}`, ...rest], row, style);
}

/** The first line with the room and the name in their colours, if it was not broken within them. */
function painted(
  line: string,
  { where, who, style }: { readonly where: string; readonly who: string; readonly style: Style },
): string {
  if (!line.startsWith(where + who)) return line;
  const room = where === "" ? "" : `${style.dim(where.trimEnd())} `;
  return `${room}${style.strong(who.trimEnd())} ${line.slice(where.length + who.length)}`;
}

function marked(lines: readonly string[], { state }: LogRow, style: Style): readonly string[] {
  const last = lines.at(-1) ?? "";
  const mark = "(kept here only)";
  if (state !== "kept" || !last.endsWith(mark)) return lines;
  return [...lines.slice(0, -1), `${last.slice(0, -mark.length)}${style.dim(mark)}`];
}

/** A room's title within brackets, which cannot end them. */
function bracketless(title: string): string {
  return title.replaceAll("[", "(").replaceAll("]", ")");
}

/** The local day of an entry, such as "2026-11-20". */
export function formatDay(row: LogRow): string {
  return formatLocalTime(Date.parse(row.time)).slice(0, 10);
}

/** What happens at a node, for those who only watch; empty for what is not worth a line. */
export function formatEvent(event: NodeEvent, look: LineLook & HintContext): readonly string[] {
  switch (event.event) {
    case "ready":
      return [readyLine(event)];
    case "peer":
      return formatPeerChange(event);
    case "entry":
      // That nobody has our line yet is no news at this moment.
      return formatEntry({ ...event.row, state: null }, { ...look, room: event.row.room });
    case "request":
      return [`* ${event.from.name} asks for you: ${commandHint("requests", "", look)}`];
    case "notice":
      return [`! ${event.text}`];
    case "file":
      return formatFileEvent(event.file, look);
    case "room":
    case "state":
    case "typing":
    case "reading":
      return [];
  }
}

/** Somebody came or went. */
export function formatPeerChange({ change, peer }: Extract<NodeEvent, { event: "peer" }>): readonly string[] {
  const from = peer.address === null ? "" : ` (${peer.address})`;
  if (change === "new") return [`* ${peer.name} is here${from}`];
  return change === "gone" ? [`* ${peer.name} is not here any more`] : [];
}

/** What to call a room where it can be typed. */
export function formatRoomName({ title, direct }: Pick<RoomRow, "title" | "direct">): string {
  return direct ? title : `#${title}`;
}

/** What a room is like, behind its name. */
export function formatRoomNote({ members, host, joined, direct, invited, request, unread }: RoomRow): string {
  const notes = [
    direct ? "direct" : formatCount(members, "member"),
    ...invited ? ["invite-only"] : [],
    ...request ? ["not answered yet"] : [],
    ...direct || host === null ? [] : [`hosted by ${host}`],
    ...direct || joined ? [] : ["not joined"],
    ...unread > 0 ? [`${unread} unread`] : [],
  ];
  return notes.join(", ");
}

/** Somebody, so that no other is meant: the name, and the start of the id. */
export function formatPeer({ name, id }: Pick<PeerRow, "name" | "id">): string {
  return `${name} (${id.slice(0, ID_CHARS)})`;
}

/** An address and a port, as they can be typed. */
export function formatAddress(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** "1 member", "2 members". */
export function formatCount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function readyLine({ name, id, port, discoveryPort }: Extract<NodeEvent, { event: "ready" }>): string {
  return `${formatPeer({ name, id })} is ready on TCP port ${port}, UDP port ${
    discoveryPort ?? "none"
  }. Ctrl-C ends it`;
}
