/** Lists of peers and rooms: their changes by events, and their order. Pure. */

import type { LogRow, NodeEvent, PeerRow, RoomRow } from "../../../api/commands.ts";
import { compareNames } from "./collation.ts";
import { isMessage } from "./rows.ts";

/** The peers after an event. */
export function withPeer(
  peers: readonly PeerRow[],
  { change, peer }: Extract<NodeEvent, { event: "peer" }>,
): readonly PeerRow[] {
  const others = peers.filter(({ id }) => id !== peer.id);
  return change === "gone" ? others : [...others, peer];
}

/** The rooms with the present row of that room. */
export function withRoom(rooms: readonly RoomRow[], room: RoomRow): readonly RoomRow[] {
  if (room.request) return rooms.filter(({ id }) => id !== room.id);
  const at = rooms.findIndex(({ id }) => id === room.id);
  return at === -1 ? [...rooms, room] : rooms.with(at, room);
}

/** Counts a message as unread, unless it is the user's own or is being read. */
export function withUnread(
  rooms: readonly RoomRow[],
  row: LogRow,
  { isSeen, me }: { readonly isSeen: boolean; readonly me: string },
): readonly RoomRow[] {
  if (isSeen || !isMessage(row) || row.author === me) return rooms;
  return rooms.map((room) => room.id === row.roomId ? { ...room, unread: room.unread + 1 } : room);
}

/** Marks all messages of a room as read. */
export function withRead(rooms: readonly RoomRow[], id: string): readonly RoomRow[] {
  return rooms.some((room) => room.id === id && room.unread > 0)
    ? rooms.map((room) => room.id === id ? { ...room, unread: 0 } : room)
    : rooms;
}

/** Lists the user's conversations: the one with the newest message first, rooms that were left last. */
export function listConversations(
  rooms: readonly RoomRow[],
  lasts: ReadonlyMap<string, LogRow>,
): readonly RoomRow[] {
  const own = rooms.filter((room) => room.direct || room.joined || lasts.has(room.id));
  const timeOf = ({ id }: RoomRow) => lasts.get(id)?.time ?? "";
  return own.toSorted((left, right) =>
    Number(isLeft(left)) - Number(isLeft(right)) || timeOf(right).localeCompare(timeOf(left)) ||
    compareNames(left.title, right.title)
  );
}

/** Lists the rooms that peers host and of which we have no log. */
export function listNearbyRooms(
  rooms: readonly RoomRow[],
  lasts: ReadonlyMap<string, LogRow>,
): readonly RoomRow[] {
  return rooms.filter((room) => !room.direct && !room.joined && !lasts.has(room.id) && room.host !== null)
    .toSorted((left, right) => compareNames(left.title, right.title));
}

/** Lists the peers nearby without blocked ones: contacts first, then by name. */
export function listPeople(peers: readonly PeerRow[]): readonly PeerRow[] {
  return peers.filter(({ blocked }) => !blocked).toSorted((left, right) =>
    Number(right.contact) - Number(left.contact) || compareNames(left.name, right.name) ||
    left.id.localeCompare(right.id)
  );
}

/** Whether the user has left the room. */
export function isLeft({ direct, joined }: RoomRow): boolean {
  return !direct && !joined;
}

/** Counts all unread messages. */
export function countUnread(rooms: readonly RoomRow[]): number {
  return rooms.reduce((sum, { unread }) => sum + unread, 0);
}

/** The page's title. The unread count comes first, where a tab shows it. */
export function formatPageTitle(
  { unread, place }: { readonly unread: number; readonly place: string | null },
): string {
  const count = unread === 0 ? "" : `(${unread > 99 ? "99+" : unread}) `;
  return `${count}${place === null ? "" : `${place} · `}earshot`;
}

/** Splits a name from the letters behind its dot, which tell two peers of one name apart. */
export function splitTag(name: string): { readonly plain: string; readonly tag: string | null } {
  const at = name.lastIndexOf("·");
  return at <= 0 ? { plain: name, tag: null } : { plain: name.slice(0, at), tag: name.slice(at + 1) };
}

/** Picks one of `count` colours, the same for a key everywhere. */
export function pickHue(id: string, count: number): number {
  let sum = 0;
  for (const char of id.slice(0, 12)) sum = (sum * 31 + char.charCodeAt(0)) % 65_521;
  return sum % count;
}
