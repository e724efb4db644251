/** Lists of people and rooms: what events change in them, in which order they stand. Pure. */

import type { LogRow, NodeEvent, PeerRow, RoomRow } from "../../../api/commands.ts";
import { isMessage } from "./rows.ts";

/** Somebody came, changed or went. */
export function withPeer(
  peers: readonly PeerRow[],
  { change, peer }: Extract<NodeEvent, { event: "peer" }>,
): readonly PeerRow[] {
  const others = peers.filter(({ id }) => id !== peer.id);
  return change === "gone" ? others : [...others, peer];
}

/** A room as it is now. */
export function withRoom(rooms: readonly RoomRow[], room: RoomRow): readonly RoomRow[] {
  if (room.request) return rooms.filter(({ id }) => id !== room.id);
  const at = rooms.findIndex(({ id }) => id === room.id);
  return at === -1 ? [...rooms, room] : rooms.with(at, room);
}

/** A message came: it is unread, unless it is ours or somebody reads it right now. */
export function withUnread(
  rooms: readonly RoomRow[],
  row: LogRow,
  { isSeen, me }: { readonly isSeen: boolean; readonly me: string },
): readonly RoomRow[] {
  if (isSeen || !isMessage(row) || row.author === me) return rooms;
  return rooms.map((room) => room.id === row.roomId ? { ...room, unread: room.unread + 1 } : room);
}

/** Everything in it was read. */
export function withRead(rooms: readonly RoomRow[], id: string): readonly RoomRow[] {
  return rooms.some((room) => room.id === id && room.unread > 0)
    ? rooms.map((room) => room.id === id ? { ...room, unread: 0 } : room)
    : rooms;
}

/** Our conversations, the one in which something was said last at the top; those that were left at the end. */
export function listConversations(
  rooms: readonly RoomRow[],
  lasts: ReadonlyMap<string, LogRow>,
): readonly RoomRow[] {
  const own = rooms.filter((room) => room.direct || room.joined || lasts.has(room.id));
  const timeOf = ({ id }: RoomRow) => lasts.get(id)?.time ?? "";
  return own.toSorted((left, right) =>
    Number(isLeft(left)) - Number(isLeft(right)) || timeOf(right).localeCompare(timeOf(left)) ||
    left.title.localeCompare(right.title)
  );
}

/** Rooms that others relay, and of which we have nothing. */
export function listNearbyRooms(
  rooms: readonly RoomRow[],
  lasts: ReadonlyMap<string, LogRow>,
): readonly RoomRow[] {
  return rooms.filter((room) => !room.direct && !room.joined && !lasts.has(room.id) && room.host !== null)
    .toSorted((left, right) => left.title.localeCompare(right.title));
}

/** Whoever is here, without whom the user blocked: contacts first, then by name. */
export function listPeople(peers: readonly PeerRow[]): readonly PeerRow[] {
  return peers.filter(({ blocked }) => !blocked).toSorted((left, right) =>
    Number(right.contact) - Number(left.contact) || left.name.localeCompare(right.name) ||
    left.id.localeCompare(right.id)
  );
}

/** A room that we left. */
export function isLeft({ direct, joined }: RoomRow): boolean {
  return !direct && !joined;
}

/** All that is unread. */
export function countUnread(rooms: readonly RoomRow[]): number {
  return rooms.reduce((sum, { unread }) => sum + unread, 0);
}

/** The page's title: how much is unread stands first, where a tab shows it. */
export function formatPageTitle(
  { unread, place }: { readonly unread: number; readonly place: string | null },
): string {
  const count = unread === 0 ? "" : `(${unread > 99 ? "99+" : unread}) `;
  return `${count}${place === null ? "" : `${place} · `}earshot`;
}

/** A name and the letters behind its dot, which tell two of one name apart. */
export function splitTag(name: string): { readonly plain: string; readonly tag: string | null } {
  const at = name.lastIndexOf("·");
  return at <= 0 ? { plain: name, tag: null } : { plain: name.slice(0, at), tag: name.slice(at + 1) };
}

/** One of so many colours, the same for one key everywhere. */
export function pickHue(id: string, count: number): number {
  let sum = 0;
  for (const char of id.slice(0, 12)) sum = (sum * 31 + char.charCodeAt(0)) % 65_521;
  return sum % count;
}
