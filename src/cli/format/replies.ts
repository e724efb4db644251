/** Replies in both forms: lines for people, objects for scripts. Commands and the chat show the same. Pure. */

import { formatForChat } from "../../messages/format_message.ts";
import type { BrokenContact, Replies } from "../../api/commands.ts";
import { commandHint, type HintContext, toPeerArg } from "./command_hints.ts";
import { formatInviteLink, type LinkFormatContext } from "./invite_link.ts";
import type { Printable } from "./output.ts";
import {
  formatAway,
  formatContacts,
  formatMembers,
  formatNewcomer,
  formatPeers,
  formatRequests,
  formatSafetyWords,
} from "./people.ts";
import { formatRooms, formatStatus } from "./rooms.ts";
import {
  formatAddress,
  type FormatContext,
  formatCount,
  formatLog,
  formatPeer,
  formatRoomName,
  formatRoomNote,
  formatSearchResults,
} from "./entries.ts";

/** Who is here. */
export function formatPeersReply(reply: Replies["peers"], context: FormatContext): Printable {
  return { rows: reply.peers, lines: formatPeers(reply, context) };
}

/** The rooms. */
export function formatRoomsReply(reply: Replies["rooms"], context: FormatContext): Printable {
  return { rows: reply.rooms, lines: formatRooms(reply, context) };
}

/** Who takes part in a conversation. */
export function formatMembersReply(reply: Replies["members"], context: FormatContext): Printable {
  return { rows: reply.members, lines: formatMembers(reply, context) };
}

/** The contacts; an address without a known owner has no id. */
export function formatContactsReply(reply: Replies["contacts"], context: FormatContext): Printable {
  const places = reply.places.map((place) => ({ id: null, ...place }));
  return { rows: [...reply.contacts, ...places], lines: formatContacts(reply, context) };
}

/** Somebody whom the user keeps. */
export function formatSaveReply({ peer }: Replies["save"], _now: FormatContext): Printable {
  return { rows: [peer], lines: [`${formatPeer(peer)} is one of your contacts.`] };
}

/** Somebody whom the user keeps no more. */
export function formatForgetReply({ name }: Replies["forget"], _now: FormatContext): Printable {
  return { rows: [{ name }], lines: [`${name} is no contact any more. What was said is kept.`] };
}

/** What the user noted about somebody. */
export function formatNoteReply({ peer }: Replies["note"], _now: FormatContext): Printable {
  const line = peer.note === ""
    ? `The note about ${peer.name} is gone.`
    : `Noted about ${peer.name}: ${peer.note}`;
  return { rows: [peer], lines: [line] };
}

/** Somebody who is blocked, or not any more. */
export function formatBlockReply({ peer }: Replies["block"], context: FormatContext): Printable {
  const unblock = commandHint("unblock", toPeerArg(peer, context), context);
  const lines = peer.blocked
    ? [
      `${formatPeer(peer)} is blocked: you hear nothing of them. If they try, they read that you refuse.`,
      `What they said is kept, but not shown. To undo it: ${unblock}`,
    ]
    : [`${formatPeer(peer)} is not blocked any more.`];
  return { rows: [peer], lines };
}

/** The words that two users compare. */
export function formatWordsReply(reply: Replies["words"], context: FormatContext): Printable {
  return { rows: [reply], lines: formatSafetyWords(reply, context) };
}

/** What came of comparing them. */
export function formatVerifyReply({ peer }: Replies["verify"], _now: FormatContext): Printable {
  const line = peer.verified
    ? `${formatPeer(peer)} is verified: it is who you compared the words with.`
    : `${formatPeer(peer)} is not verified.`;
  return { rows: [peer], lines: [line] };
}

/** What was taken over from an older program. */
export function formatImportReply(
  { added, contacts, knownCount, broken }: Replies["import"],
  context: FormatContext,
): Printable {
  const count = added.length + (contacts?.length ?? 0);
  const known = knownCount === 0 ? "" : ` ${formatCount(knownCount, "line")} said nothing new.`;
  return {
    rows: [{ added, ...contacts !== undefined && { contacts }, knownCount, broken }],
    lines: [
      `${formatCount(count, "contact")} taken over.${known}`,
      ...contacts?.map((peer) => `  ${formatPeer(peer)}`) ?? [],
      ...added.map(({ name, address, port }) => `  ${name}  ${formatAddress(address, port)}`),
      ...formatLeftOut(broken),
      ...added.length === 0
        ? []
        : [`Whoever is there is known once you are connected: ${commandHint("connect", "NAME", context)}`],
    ],
  };
}

/** One line for each kind of complaint, with the first line that has it. */
function formatLeftOut(broken: readonly BrokenContact[]): readonly string[] {
  const kinds = Map.groupBy(broken, ({ reason, reasonMessage }) => reasonMessage?.code ?? reason);
  return [...kinds.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const lines = more.length === 0
      ? `Line ${first.line} was`
      : `Line ${first.line} and ${formatCount(more.length, "line")} like it were`;
    return [`${lines} left out: ${first.reason}`];
  });
}

/** How the node does. */
export function formatStatusReply(reply: Replies["status"], { isChat = false }: HintContext = {}): Printable {
  const notices = isChat ? reply.noticeMessages?.map(formatForChat) ?? reply.notices : reply.notices;
  const lines = formatStatus({ ...reply, notices });
  return { rows: [reply], lines };
}

/** What was said. */
export function formatLogReply(
  { room, rows }: Replies["log"],
  now: Pick<FormatContext, "style" | "columns">,
): Printable {
  const empty = [`Nothing was said in ${formatRoomName(room)} yet.`];
  return { rows, lines: rows.length === 0 ? empty : formatLog(rows, now) };
}

/** What was found in all conversations; `rooms` tells what these are called. */
export function formatSearchReply(
  { rows, count, rooms = [] }: Replies["search"] & Partial<Replies["rooms"]>,
  context: FormatContext,
): Printable {
  if (rows.length === 0) return { rows, lines: ["Nothing that was said has that in it."] };
  const part = rows.length === count ? [] : [`The newest ${rows.length} of ${count}:`];
  return { rows, lines: [...part, ...formatSearchResults(rows, { ...context, rooms })] };
}

/** First messages of strangers, and invitations. */
export function formatRequestsReply(reply: Replies["requests"], context: FormatContext): Printable {
  return {
    rows: [
      ...reply.requests.map((request) => ({ kind: "request", ...request })),
      ...reply.invitations.map((invitation) => ({ kind: "invitation", ...invitation })),
    ],
    lines: formatRequests(reply, context),
  };
}

/** Somebody whose request was accepted. */
export function formatAcceptReply({ peer, room }: Replies["accept"], context: FormatContext): Printable {
  const next = context.isChat === true
    ? "What you type goes to them."
    : `To answer: ${commandHint("send", `${toPeerArg(peer, context)} TEXT`, context)}`;
  return { rows: [{ peer, room }], lines: [`${formatPeer(peer)} is one of your contacts now. ${next}`] };
}

/** Somebody whose request was let be. */
export function formatIgnoreReply({ peer }: Replies["ignore"], context: FormatContext): Printable {
  const block = commandHint("block", toPeerArg(peer, context), context);
  return {
    rows: [peer],
    lines: [
      `What ${formatPeer(peer)} said is set aside; they are not told. To hear nothing more of them: ${block}`,
    ],
  };
}

/** A room that we are in now, by hosting or joining it. */
export function formatJoinReply(
  { room, note }: { readonly room: Replies["host"]["room"]; readonly note: string | null },
): Printable {
  const lines = [
    `You are in ${formatRoomName(room)} (${formatRoomNote({ ...room, unread: 0 })}).`,
    ...note === null ? [] : [`${note}.`],
  ];
  return { rows: [{ ...room, note }], lines };
}

/** A room that we left. */
export function formatLeaveReply({ room }: Replies["leave"]): Printable {
  return { rows: [room], lines: [`You have left ${formatRoomName(room)}. What was said in it is kept.`] };
}

/** A room's link. In a terminal a QR code stands below it, unless it is not wanted. */
export function formatInviteReply(
  { room, link, told }: Replies["invite"],
  now: LinkFormatContext,
): Printable {
  const who = room.invited
    ? `Whoever has this link can join ${formatRoomName(room)}; keep it to those whom you invite:`
    : `Anybody near may join ${formatRoomName(room)}; with this link it is found at once:`;
  // Over a pipe the link is wanted, and whoever refuses the code wants it alone.
  const isForEyes = now.columns !== null && now.isQrRefused !== true;
  return {
    rows: [{ room, link, told }],
    lines: [
      who,
      ...formatInviteLink(link, now),
      ...toldLines(told),
      ...isForEyes ? [formatNewcomer(now)] : [],
    ],
  };
}

/** A room that was moved, with its new link. */
export function formatRenewReply(
  { room, link, told }: Replies["renew"],
  now: LinkFormatContext,
): Printable {
  const lines = [
    `${formatRoomName(room)} has moved to a new room, with a new link; the old one leads nowhere new:`,
    ...formatInviteLink(link, now),
    ...toldLines(told),
  ];
  return { rows: [{ room, link, told }], lines };
}

/** Where others reach us now. */
export function formatListenReply({ port }: Replies["listen"], _now: FormatContext): Printable {
  return { rows: [{ port }], lines: [`Others reach you at TCP port ${port} now.`] };
}

/** Somebody we are connected to now. */
export function formatConnectReply({ peer, rooms }: Replies["connect"]): Printable {
  const titles = rooms.map(formatRoomName).join(", ");
  const hosted = titles === "" ? "is not hosting a room" : `is hosting ${titles}`;
  return { rows: [{ peer, rooms }], lines: [`Connected to ${formatPeer(peer)}, who ${hosted}.`] };
}

/** Somebody we are not connected to any more. */
export function formatDisconnectReply({ peer }: Replies["disconnect"], context: FormatContext): Printable {
  const connect = commandHint("connect", toPeerArg(peer, context), context);
  return { rows: [peer], lines: [`Disconnected from ${formatPeer(peer)}. To connect again: ${connect}`] };
}

/** Our new name. */
export function formatNickReply({ name }: Replies["nick"]): Printable {
  return { rows: [{ name }], lines: [`Others see you as ${name} now.`] };
}

/** Whether we are away. */
export function formatAwayReply({ text }: Replies["away"], context: FormatContext): Printable {
  const line = text === null
    ? "You are back."
    : `You are ${formatAway(text)}. To come back: ${commandHint("back", "", context)}`;
  return { rows: [{ away: text }], lines: [line] };
}

function toldLines(told: readonly string[]): readonly string[] {
  return told.length === 0 ? [] : [`It was sent to ${told.join(", ")}.`];
}
