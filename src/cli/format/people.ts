/** People as lines: who is here, contacts, members, requests, and the words to compare. Pure. */

import type { BrokenContact, InvitationRow, MemberRow, PeerRow, Replies } from "../../api/commands.ts";
import { formatAgo } from "../../node/support/relative_time.ts";
import { type Column, formatColumns, formatTable } from "./table.ts";
import { commandHint, toPeerArg, toRoomArg } from "./command_hints.ts";
import { ID_CHARS } from "../../messages/command_names.ts";
import {
  formatAddress,
  type FormatContext,
  formatCount,
  formatLog,
  formatPeer,
  formatRoomName,
} from "./entries.ts";

const NAME = { head: "NAME", cellsMin: 8, rank: 0 } as const satisfies Column;
const ID = { head: "ID", cellsMin: ID_CHARS, rank: 3 } as const satisfies Column;
const ADDRESS = { head: "ADDRESS", cellsMin: 12, rank: 4 } as const satisfies Column;
const SEEN = { head: "SEEN", cellsMin: 8, rank: 2 } as const satisfies Column;
const STATE = { head: "", cellsMin: 8, rank: 1 } as const satisfies Column;
const NOTE = { head: "NOTE", cellsMin: 8, rank: 5 } as const satisfies Column;
/** Words beside each other are compared more easily than a long line. */
const WORDS_A_LINE = 3;

/** Who is here, contacts first, or what to do if nobody is. */
export function formatPeers({ peers, outlook }: Replies["peers"], context: FormatContext): readonly string[] {
  if (peers.length === 0) return [`Nobody is here yet. ${outlook}`.trimEnd(), formatNewcomer(context)];
  // However many strangers there are, friends are found at the top.
  const sorted = peers.toSorted((left, right) => Number(right.contact) - Number(left.contact));
  const rows = sorted.map((peer) => peerCells(peer, { context, more: peer.contact ? ["contact"] : [] }));
  return formatTable([NAME, ID, ADDRESS, SEEN, STATE, NOTE], rows, context);
}

/** How somebody comes here who has no earshot yet. */
export function formatNewcomer(context: FormatContext): string {
  const how = commandHint("give", "on", context);
  return `Somebody has no earshot yet? Give them its file, by "${how}", on a USB stick or by sending it: they run it, nothing else.`;
}

/** The contacts, and addresses whose owners are not known yet; or how to get some. */
export function formatContacts(
  { contacts, places }: Replies["contacts"],
  context: FormatContext,
): readonly string[] {
  if (contacts.length === 0 && places.length === 0) {
    return [
      `There are no contacts yet. Whoever you talk to becomes one: ${
        commandHint("send", "NAME TEXT", context)
      }`,
      `Or keep somebody who is here: ${commandHint("save", "NAME", context)}`,
    ];
  }
  const rows = [
    ...contacts.map((peer) => peerCells(peer, { context, more: [] })),
    ...places.map(({ name, address, port }) => [
      name,
      "",
      formatAddress(address, port),
      "never",
      "not reached yet",
      "",
    ]),
  ];
  return formatTable([NAME, ID, ADDRESS, SEEN, STATE, NOTE], rows, context);
}

/** Who takes part in a conversation. */
export function formatMembers(
  { room, members }: Replies["members"],
  context: FormatContext,
): readonly string[] {
  if (members.length === 0) return [`Nobody is in ${formatRoomName(room)}.`];
  const rows = members.map((member) => memberCells(member, context));
  return [
    `${formatRoomName(room)}: ${formatCount(members.length, "member")}`,
    ...formatTable([NAME, ID, ADDRESS, SEEN, STATE, NOTE], rows, context),
  ];
}

/** What strangers said, and to which rooms we are invited; each with how to answer. */
export function formatRequests(
  { requests, invitations }: Replies["requests"],
  context: FormatContext,
): readonly string[] {
  if (requests.length === 0 && invitations.length === 0) {
    return ["There are no requests: nobody whom you do not know has written to you."];
  }
  return [
    ...requests.flatMap(({ peer, rows }, index) => {
      const typed = toPeerArg(peer, context);
      return [
        ...index === 0 ? [] : [""],
        context.style.strong(`${formatPeer(peer)} ${rows.length === 0 ? "wants to talk to you" : "says"}:`),
        ...formatLog(rows, context),
        ...formatColumns([
          [`  ${commandHint("accept", typed, context)}`, "to talk"],
          [`  ${commandHint("ignore", typed, context)}`, "to let it be; they are not told"],
          [`  ${commandHint("block", typed, context)}`, "to hear nothing of them any more"],
        ]),
      ];
    }),
    ...requests.length > 0 && invitations.length > 0 ? [""] : [],
    ...invitations.flatMap((invitation) => invitationLines(invitation, context)),
  ];
}

/** The words that two users compare, and what to do then. */
export function formatSafetyWords(
  { peer, words }: Replies["words"],
  context: FormatContext,
): readonly string[] {
  const upper = words.map((word) => word.toUpperCase());
  const rows = Array.from(
    { length: Math.ceil(upper.length / WORDS_A_LINE) },
    (_, row) => upper.slice(row * WORDS_A_LINE, (row + 1) * WORDS_A_LINE),
  );
  const wide = formatColumns(rows);
  const isNarrow = context.columns !== null && wide.some((line) => line.length + 4 > (context.columns ?? 0));
  const verify = commandHint("verify", toPeerArg(peer, context), context);
  const [yes, no] = context.isChat === true ? ["yes", "no"] : ["--yes", "--no"];
  return [
    `The words of you and ${formatPeer(peer)}:`,
    "",
    ...(isNarrow ? upper : wide).map((line) => `    ${context.style.strong(line)}`),
    "",
    "Read them to each other, by voice or side by side, not in this chat.",
    `The same on both screens? Nobody is between you:  ${verify} ${yes}`,
    `Not the same? Do not trust this connection:  ${verify} ${no}`,
    ...peer.verified ? [`${peer.name} is verified already.`] : [],
  ];
}

/** A line of contacts.dat that is none. */
export function formatBrokenContact({ line, reason }: BrokenContact): string {
  return `Line ${line} of contacts.dat is no contact: ${reason}. It is kept as it is`;
}

function invitationLines(invitation: InvitationRow, context: FormatContext): readonly string[] {
  const { title, roomId, from } = invitation;
  const join = commandHint("join", toRoomArg({ title, id: roomId }, context), context);
  return [
    context.style.strong(`${formatPeer(from)} invites you to #${title}:`),
    `  ${join}`,
  ];
}

function memberCells(member: MemberRow, context: FormatContext): readonly string[] {
  const more = [
    ...member.relays ? ["host"] : [],
    ...!member.me && member.contact ? ["contact"] : [],
    ...member.forked ? ["signed two different lines as one"] : [],
  ];
  if (!member.me) return peerCells(member, { context, more });
  return [member.name, member.id.slice(0, ID_CHARS), "", "", ["you", ...more].join(", "), ""];
}

/** "away", or with the reason. */
export function formatAway(away: string): string {
  return away === "" || away === "away" ? "away" : `away: ${away}`;
}

/** What matters most stands first: the end may be cut. */
function peerCells(
  peer: PeerRow,
  { context, more }: { readonly context: FormatContext; readonly more: readonly string[] },
): readonly string[] {
  const { id, name, address, port, seen, here, connected, verified, blocked, away, note } = peer;
  const notes = [
    ...blocked ? ["blocked"] : [],
    ...away === null ? [] : [formatAway(away)],
    ...connected ? ["connected"] : here ? ["here"] : [],
    ...verified ? ["verified"] : [],
    ...more,
  ];
  return [
    name,
    id.slice(0, ID_CHARS),
    address === null ? "-" : formatAddress(address, port),
    formatAgo(seen === null ? null : Date.parse(seen), context.nowMs),
    notes.join(", "),
    note,
  ];
}
