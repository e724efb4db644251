/** What people read: replies and events as lines. Pure; the texts in them were made safe by the node. */

import type {
  BrokenContact,
  LogRow,
  NodeEvent,
  PeerRow,
  Replies,
  RoomRow,
  StatusReply,
} from "../node/vocabulary.ts";
import { localTime } from "../store/transcript.ts";
import { ago } from "./ago.ts";
import { columns } from "./columns.ts";
import type { Style } from "./style.ts";

/** Characters of an id that are shown: enough to mean one. */
const ID_CHARS = 8;
/** Behind a time of "14:03" and two blanks, further lines of a message begin here, so that none can look like another's. */
const INDENT = " ".repeat(7);

/** Who is here, or what to do if nobody is. */
export function peerLines({ peers, outlook }: Replies["peers"], { nowMs, style }: Now): readonly string[] {
  if (peers.length === 0) return [sentences("Nobody is here yet.", outlook)];
  return table(["NAME", "ID", "ADDRESS", "SEEN", ""], peers.map((peer) => peerCells(peer, nowMs)), style);
}

/** The rooms, or what to do if there is none. */
export function roomLines({ rooms, outlook }: Replies["rooms"], { style }: Now): readonly string[] {
  if (rooms.length === 0) {
    return [sentences('There is no room yet. Open one: earshot host "TITLE".', outlook)];
  }
  return table(["ROOM", "ID", "MEMBERS", "HOST", ""], rooms.map(roomCells), style);
}

/** Whom we have talked to. */
export function contactLines({ contacts }: Replies["contacts"], { nowMs, style }: Now): readonly string[] {
  if (contacts.length === 0) {
    return ["There are no contacts yet. Whoever you talk to becomes one: earshot send NAME TEXT."];
  }
  return table(["NAME", "ID", "ADDRESS", "SEEN", ""], contacts.map((peer) => peerCells(peer, nowMs)), style);
}

/** A line of contacts.dat that is none. */
export function brokenContactLine({ line, reason }: BrokenContact): string {
  return `Line ${line} of contacts.dat is no contact: ${reason}. It is kept as it is`;
}

/** How the node does. */
export function statusLines(status: StatusReply): readonly string[] {
  const { id, name, version, pid, home, port, discoveryPort, sessions, peers, rooms } = status;
  const ports = port === null ? "none" : `TCP ${port}, UDP ${discoveryPort ?? "none"}`;
  return [
    ...columns([
      ["Name", `${name} (${id.slice(0, ID_CHARS)})`],
      ["Version", `earshot ${version}, process ${pid}`],
      ["Home", home],
      ["Ports", ports],
      ["Others", `${peers} here, ${counted(sessions, "session")}, ${counted(rooms, "room")} joined`],
      ...status.interfaces.map((each) => ["Interface", `${each.name} (${each.address}): ${each.state}`]),
      ...status.outlook === "" ? [] : [["Network", status.outlook]],
      ...status.notices.map((notice) => ["Notice", notice]),
    ]),
  ];
}

/** A conversation: a line for each new day, and times within it. */
export function logLines(rows: readonly LogRow[], { style }: Pick<Now, "style">): readonly string[] {
  let day = "";
  return rows.flatMap((row) => {
    const before = day;
    day = dayOf(row);
    return [...day === before ? [] : [style.dim(day)], ...entryLines(row, { style })];
  });
}

/** One entry. `room` stands before it where several conversations are shown together. */
export function entryLines(
  row: LogRow,
  { style, room }: { readonly style: Style; readonly room?: string },
): readonly string[] {
  const time = style.dim(localTime(Date.parse(row.time)).slice(11, 16));
  const where = room === undefined ? "" : `${style.dim(`[${room}]`)} `;
  if (row.notice) return [`${time}  ${where}${style.dim(`* ${row.name} ${row.text}`)}`];
  const [first = "", ...more] = row.text.split("\n");
  const lines = [
    `${time}  ${where}${style.strong(`${row.name}:`)} ${first}`,
    ...more.map((line) => INDENT + line),
  ];
  return row.state === "kept"
    ? [...lines.slice(0, -1), `${lines.at(-1)}  ${style.dim("(kept here only)")}`]
    : lines;
}

/** The local day of an entry, such as "2026-11-20". */
export function dayOf(row: LogRow): string {
  return localTime(Date.parse(row.time)).slice(0, 10);
}

/** What happens at a node, for those who only watch; empty for what is not worth a line. */
export function eventLines(event: NodeEvent, { style }: Pick<Now, "style">): readonly string[] {
  switch (event.event) {
    case "ready":
      return [readyLine(event)];
    case "peer":
      return peerChangeLines(event);
    case "entry":
      // That nobody has our line yet is no news at this moment.
      return entryLines({ ...event.row, state: null }, { style, room: event.row.room });
    case "notice":
      return [`! ${event.text}`];
    case "room":
    case "state":
      return [];
  }
}

/** Somebody came or went. */
export function peerChangeLines({ change, peer }: Extract<NodeEvent, { event: "peer" }>): readonly string[] {
  const from = peer.address === null ? "" : ` (${peer.address})`;
  if (change === "new") return [`* ${peer.name} is here${from}`];
  return change === "gone" ? [`* ${peer.name} is not here any more`] : [];
}

/** What to call a room where it can be typed. */
export function roomName({ title, direct }: Pick<RoomRow, "title" | "direct">): string {
  return direct ? title : `#${title}`;
}

/** What a room is like, behind its name. */
export function roomNote({ members, host, joined, direct, unread }: RoomRow): string {
  const notes = [
    direct ? "direct" : counted(members, "member"),
    ...direct || host === null ? [] : [`relayed by ${host}`],
    ...direct || joined ? [] : ["not joined"],
    ...unread > 0 ? [`${unread} unread`] : [],
  ];
  return notes.join(", ");
}

/** What lines are made for. */
export interface Now {
  /** Wall time. */
  readonly nowMs: number;
  readonly style: Style;
}

function readyLine({ name, id, port, discoveryPort }: Extract<NodeEvent, { event: "ready" }>): string {
  return `${name} (${id.slice(0, ID_CHARS)}) is ready on TCP port ${port}, UDP port ${
    discoveryPort ?? "none"
  }. Ctrl-C ends it`;
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): readonly string[] {
  const [first = "", ...more] = columns([head, ...rows]);
  return [style.dim(first), ...more];
}

function peerCells(peer: PeerRow, nowMs: number): readonly string[] {
  const { id, name, address, port, seen, here, connected, verified, contact } = peer;
  const notes = [
    ...connected ? ["connected"] : here ? ["here"] : [],
    ...verified ? ["verified"] : [],
    ...contact ? ["contact"] : [],
  ];
  return [
    name,
    id.slice(0, ID_CHARS),
    address === null ? "-" : placeText(address, port),
    ago(seen === null ? null : Date.parse(seen), nowMs),
    notes.join(", "),
  ];
}

function roomCells(room: RoomRow): readonly string[] {
  const notes = [
    ...room.direct ? ["direct"] : [room.joined ? "joined" : "not joined"],
    ...room.unread > 0 ? [`${room.unread} unread`] : [],
  ];
  return [
    roomName(room),
    room.id.slice(0, ID_CHARS),
    String(room.members),
    room.host ?? "-",
    notes.join(", "),
  ];
}

function placeText(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
