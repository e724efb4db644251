/** Replies in both forms: lines for people, objects for scripts. Pure. */

import type { Replies } from "../node/vocabulary.ts";
import type { Shown } from "./output.ts";
import {
  contactLines,
  logLines,
  type Now,
  peerLines,
  roomLines,
  roomName,
  roomNote,
  statusLines,
} from "./screen.ts";

/** Who is here. */
export function peersShown(reply: Replies["peers"], now: Now): Shown {
  return { rows: reply.peers, lines: peerLines(reply, now) };
}

/** The rooms. */
export function roomsShown(reply: Replies["rooms"], now: Now): Shown {
  return { rows: reply.rooms, lines: roomLines(reply, now) };
}

/** The contacts. */
export function contactsShown(reply: Replies["contacts"], now: Now): Shown {
  return { rows: reply.contacts, lines: contactLines(reply, now) };
}

/** How the node does. */
export function statusShown(reply: Replies["status"]): Shown {
  return { rows: [reply], lines: statusLines(reply) };
}

/** What was said. */
export function logShown({ room, rows }: Replies["log"], now: Pick<Now, "style">): Shown {
  const empty = [`Nothing was said in ${roomName(room)} yet.`];
  return { rows, lines: rows.length === 0 ? empty : logLines(rows, now) };
}

/** A room that we are in now, by hosting or joining it. */
export function enteredShown(
  { room, note }: { readonly room: Replies["host"]["room"]; readonly note: string | null },
): Shown {
  const lines = [
    `You are in ${roomName(room)} (${roomNote({ ...room, unread: 0 })}).`,
    ...note === null ? [] : [`${note}.`],
  ];
  return { rows: [{ ...room, note }], lines };
}

/** A room that we left. */
export function leftShown({ room }: Replies["leave"]): Shown {
  return { rows: [room], lines: [`You have left ${roomName(room)}. What was said in it is kept.`] };
}

/** Somebody we are connected to now. */
export function connectedShown({ peer, rooms }: Replies["connect"]): Shown {
  const titles = rooms.map(roomName).join(", ");
  const relays = titles === "" ? "relays no room" : `relays ${titles}`;
  return {
    rows: [{ peer, rooms }],
    lines: [`Connected to ${peer.name} (${peer.id.slice(0, 8)}), who ${relays}.`],
  };
}

/** Our new name. */
export function namedShown({ name }: Replies["nick"]): Shown {
  return { rows: [{ name }], lines: [`Others see you as ${name} now.`] };
}
