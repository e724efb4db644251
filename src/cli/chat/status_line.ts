/** The line above the input: the open conversation, its members, and news from elsewhere. Pure. */

import type { MemberRow } from "../../api/commands.ts";
import type { ReceiptState } from "../../room/receipts.ts";
import { measureCells, sanitizeLine } from "../../text/sanitize.ts";
import { formatCount, formatRoomName } from "../format/entries.ts";
import type { StatusSnapshot } from "./status_snapshot.ts";
import type { NumberedConversation } from "./conversation_numbers.ts";

/** The content of the status line. */
export interface StatusView {
  readonly status: StatusSnapshot;
  /** Where typed lines go; null for nowhere. */
  readonly open: OpenPlace | null;
  /** Conversations with something unread. */
  readonly unread: readonly NumberedConversation[];
  /** Names of the typing peers in the open conversation. */
  readonly typing: readonly string[];
  /** The progress of downloads; null without one. */
  readonly files: string | null;
}

/** One that is open has a number only if it is the user's, which one that was just left is not. */
type OpenPlace = Pick<NumberedConversation, "room"> & { readonly number: number | null };

/** Names that are told before the others are only counted. */
const NAMES_MAX = 3;
/** Cells of a name or title in it; a longer one is cut. */
const NAME_CELLS_MAX = 20;
const GAP = " · ";
/** How far the newest own message has come, from the longest form to the shortest. */
const STATES: Readonly<Record<ReceiptState, readonly string[]>> = {
  kept: ["not delivered yet", "waiting"],
  passed: ["delivered to some", "some"],
  everywhere: ["delivered to everyone", "delivered"],
};

/** A part of the line; those of the highest rank stay longest where it is narrow. */
interface Part {
  readonly rank: number;
  /** From the longest form to the shortest. */
  readonly forms: readonly string[];
}

/** The line in at most `columns` cells: first all parts that fit in their shortest form, then the most important ones in their longest. */
export function formatStatusLine(view: StatusView, columns: number): string {
  const parts = listParts(view).filter(({ forms }) => forms.length > 0);
  const chosen = new Map<Part, string>();
  const line = () => `[${parts.flatMap((part) => chosen.get(part) ?? []).join(GAP)}]`;
  const byRank = parts.toSorted((left, right) => right.rank - left.rank);
  for (const part of byRank) {
    chosen.set(part, part.forms.at(-1) ?? "");
    if (measureCells(line()) > columns && chosen.size > 1) chosen.delete(part);
  }
  for (const part of byRank.filter((each) => chosen.has(each))) {
    for (const form of part.forms) {
      chosen.set(part, form);
      if (measureCells(line()) <= columns) break;
    }
  }
  return sanitizeLine(line(), { maxCells: columns });
}

function listParts({ status, open, unread, typing, files }: StatusView): readonly Part[] {
  const { requestNames, away, peers, members } = status;
  const others = peers.filter((peer) => members.every(({ id }) => id !== peer.id)).length;
  return [
    { rank: 9, forms: open === null ? ["no conversation open"] : [formatConversationName(open)] },
    { rank: 4, forms: open === null ? [`${peers.length} nearby`] : formatPeople(open, status) },
    { rank: 7, forms: formatTyping(typing) },
    { rank: 2, forms: files === null ? [] : [files] },
    { rank: 8, forms: formatUnread(unread) },
    { rank: 6, forms: requestNames.length === 0 ? [] : [formatCount(requestNames.length, "request")] },
    {
      rank: 3,
      forms: away === null ? [] : [`you are away${away === "" ? "" : `: ${cutName(away)}`}`, "you: away"],
    },
    { rank: 5, forms: open === null ? [] : formatDeliveryState(status) },
    { rank: 1, forms: open === null || open.room.direct || others === 0 ? [] : [`${others} more nearby`] },
  ];
}

function formatPeople({ room }: OpenPlace, { members }: StatusSnapshot): readonly string[] {
  const others = members.filter(({ me }) => !me);
  if (!room.direct) {
    const here = others.filter(isHere);
    const count = `${here.length + 1} here`;
    return here.length === 0 ? ["nobody else is here"] : [`${count}: ${named(here)}`, count];
  }
  const [other] = others;
  if (other === undefined) return [];
  if (other.away !== null && isHere(other)) {
    return [`away${other.away === "" ? "" : `: ${cutName(other.away)}`}`, "away"];
  }
  return [isHere(other) ? "here" : "not here"];
}

function isHere({ here, connected }: MemberRow): boolean {
  return here || connected;
}

function named(members: readonly MemberRow[]): string {
  const names = members.slice(0, NAMES_MAX).map(({ name, away }) =>
    `${cutName(name)}${away === null ? "" : " (away)"}`
  );
  const more = members.length - names.length;
  return more === 0 ? names.join(", ") : `${names.join(", ")} +${more}`;
}

function formatTyping(names: readonly string[]): readonly string[] {
  const [first = "", second = ""] = names.map(cutName);
  if (names.length === 0) return [];
  if (names.length === 1) return [`${first} is typing…`, "typing…"];
  if (names.length === 2) return [`${first} and ${second} are typing…`, "typing…"];
  return [`${names.length} are typing…`, "typing…"];
}

function formatUnread(unread: readonly NumberedConversation[]): readonly string[] {
  if (unread.length === 0) return [];
  const all = unread.map((place) => `${formatConversationName(place)} ${place.room.unread}`);
  const numbers = unread.map(({ number, room }) => `${number}:${room.unread}`);
  const few = (texts: readonly string[]) =>
    texts.length <= NAMES_MAX
      ? texts.join(", ")
      : `${texts.slice(0, NAMES_MAX).join(", ")} +${texts.length - NAMES_MAX}`;
  const sum = unread.reduce((total, { room }) => total + room.unread, 0);
  return [`unread ${few(all)}`, `unread ${few(numbers)}`, `${sum} unread`];
}

function formatDeliveryState({ last, waitingCount }: StatusSnapshot): readonly string[] {
  if (last === null) return [];
  if (waitingCount > 1) return [`${waitingCount} not delivered yet`, `${waitingCount} waiting`];
  return STATES[last];
}

/** A conversation with its number, as it can be typed behind /go. */
export function formatConversationName({ number, room }: OpenPlace): string {
  return `${number === null ? "" : `${number}:`}${cutName(formatRoomName(room))}`;
}

function cutName(text: string): string {
  return sanitizeLine(text, { maxCells: NAME_CELLS_MAX });
}
