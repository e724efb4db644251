/** The open conversation: its rows in pages, what is read, what is sent. */

import type { EntryPlace, LogRow, NodeEvent, Replies } from "../../../api/commands.ts";
import { run, tryRun } from "./node_client.ts";
import { isPageSeen, nowMs, runLater } from "../browser/browser_window.ts";
import { keepDraft } from "./preferences.ts";
import { CommandFailure } from "../connection/node_socket.ts";
import { withRead, withRoom } from "../state/roster.ts";
import {
  isDoubtful,
  isMessage,
  type LogSection,
  PAGE_ROWS,
  ROWS_MAX,
  toEntryPlace,
  toRowKey,
  withNewer,
  withNewRow,
  withOlder,
  withReceipts,
} from "../state/rows.ts";
import * as store from "../state/app_state.ts";
import { TYPING_SENT_MS } from "../state/typists.ts";

/** Rows before the first unread one that are read with it. */
const CONTEXT_ROWS = 20;
/** Doubtful ends are read again once, after what comes together has come. */
const DOUBT_MS = 250;
/** Who takes part is read at most so often. */
const MEMBERS_MS = 300;
/** What was read is told to the node at most so often. */
const READ_MS = 500;

let isAtEnd = true;
let isLoading = false;
let isDoubted = false;
let isTellingRead = false;
let isReadingMembers = false;
let typingToldMs = -Infinity;
/** Where the next opening goes, if not to the end or what is new. */
let wanted: { readonly to: string; readonly place: EntryPlace } | null = null;

/** Whether somebody reads the newest rows right now. */
export function isReading(): boolean {
  return isAtEnd && isPageSeen() && store.conversation.value !== null;
}

/** Opens the conversation that the route names. */
export async function openConversation(to: string): Promise<void> {
  const known = store.findRoom(to);
  const place = wanted?.to === to ? wanted.place : null;
  wanted = null;
  store.conversationProblem.value = null;
  if (
    known !== null && !known.joined && !known.direct && known.host !== null &&
    !store.latestRows.value.has(known.id)
  ) {
    // It is somebody else's: there is nothing to read before it is joined.
    show({ to, room: known, rows: [], isStart: true, isEnd: true }, { place: null, unread: 0 });
    return;
  }
  const unread = known?.unread ?? 0;
  const last = Math.min(Math.max(PAGE_ROWS, unread + CONTEXT_ROWS), ROWS_MAX);
  try {
    const reply = await run({
      do: "log",
      to: known?.id ?? to,
      last,
      markRead: false,
      ...place !== null && { around: place },
    });
    if (store.openId.value !== to) return;
    show({ to, ...reply }, { place, unread });
    // Whoever looks at an old line has not read the new ones.
    await Promise.all([readMembers(), place === null ? tellRead() : undefined]);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    if (store.openId.value === to) {
      store.conversation.value = null;
      store.conversationProblem.value = error.message;
    }
  }
}

/** Opens a conversation at one of its rows, and marks that. */
export function openAt(to: string, place: EntryPlace, open: (to: string) => void): void {
  const { value: talk } = store.conversation;
  if (talk?.to === to && talk.stretch.rows.some((row) => toRowKey(row) === toRowKey(place))) {
    store.scrollTarget.value = { key: toRowKey(place), isMarked: true };
    return open(to);
  }
  wanted = { to, place };
  if (talk?.to === to) store.conversation.value = null;
  open(to);
}

/** Nothing is open any more. */
export function closeConversation(): void {
  store.conversation.value = null;
  store.conversationProblem.value = null;
  store.members.value = [];
}

/** Reads the end again: after the connection was lost, when somebody comes back, when rows may be missing. */
export async function reloadConversation(): Promise<void> {
  const before = store.conversation.value;
  if (before === null || !before.stretch.isEnd) return;
  await tryRun(async () => {
    if (!hasLog(before)) return;
    // All that is held, and what may have come: a row that was late may stand anywhere in it.
    const last = Math.min(before.stretch.rows.length + PAGE_ROWS, ROWS_MAX);
    const { room, ...stretch } = await run({ do: "log", to: before.room.id, last, markRead: false });
    const { value: now } = store.conversation;
    if (now?.to !== before.to || !now.stretch.isEnd) return;
    store.conversation.value = { ...now, room, stretch };
    await Promise.all([readMembers(), isReading() ? tellRead() : undefined]);
  });
}

/** Older rows, if there are any. */
export async function loadOlder(): Promise<void> {
  await load("before");
}

/** Newer rows, if there are any. */
export async function loadNewer(): Promise<void> {
  await load("after");
}

/** Whether the newest row is in sight. */
export function setAtEnd(is: boolean): void {
  if (is === isAtEnd) return;
  isAtEnd = is;
  const { value: talk } = store.conversation;
  if (!is || talk === null || !talk.stretch.isEnd) return;
  if (talk.belowCount > 0) store.conversation.value = { ...talk, belowCount: 0 };
  if (isReading()) void tryRun(tellRead);
}

/** Goes to the newest row, however far that is. */
export async function goToEnd(): Promise<void> {
  const { value: talk } = store.conversation;
  if (talk === null) return;
  if (!talk.stretch.isEnd) await openConversation(talk.to);
  store.scrollTarget.value = { key: "end", isMarked: false };
}

/** Says it. @throws {CommandFailure}; then it was not kept. */
export async function sendText(to: string, text: string): Promise<void> {
  const { value: talk } = store.conversation;
  typingToldMs = -Infinity;
  await run({ do: "send", to: talk?.to === to ? talk.room.id : to, text });
  await followSent(to);
}

/** Something of ours came into that conversation: its end is shown, if it is open. */
export async function followSent(to: string): Promise<void> {
  if (store.conversation.value?.to === to) {
    if (!store.conversation.value.stretch.isEnd) await openConversation(to);
    store.conversation.value = store.conversation.value &&
      { ...store.conversation.value, newFrom: null, belowCount: 0 };
    store.scrollTarget.value = { key: "end", isMarked: false };
  }
}

/** The user types: kept, and told to the others now and then. */
export function onTyped(to: string, text: string): void {
  keepDraft(to, text);
  const { value: talk } = store.conversation;
  const isTold = store.preferences.value.isTypingTold && text !== "" && talk?.to === to &&
    store.connection.value.at === "open";
  if (!isTold || nowMs() - typingToldMs < TYPING_SENT_MS) return;
  typingToldMs = nowMs();
  // Nobody misses a hint that did not get through.
  run({ do: "typing", room: talk.room.id }).catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error;
  });
}

/** Entries came, in whatever conversation. */
export function onTalkEntries(rows: readonly LogRow[]): void {
  const { value: talk } = store.conversation;
  const news = rows.filter(({ roomId }) => roomId === talk?.room.id);
  if (talk === null || news.length === 0) return;
  if (news.some((row) => isDoubtful(talk.stretch, row))) readAgainSoon();
  const stretch = news.reduce(withNewRow, talk.stretch);
  const foreign = news.filter((row) => row.state === null && isMessage(row));
  const [first] = foreign;
  const isMissed = first !== undefined && !isReading();
  const newFrom = isMissed && (talk.newFrom === null || isAtEnd) && talk.belowCount === 0
    ? toRowKey(first)
    : talk.newFrom;
  const belowCount = isAtEnd && stretch.isEnd ? 0 : talk.belowCount + foreign.length;
  store.conversation.value = { ...talk, stretch, newFrom, belowCount };
  if (isReading()) tellReadSoon();
  if (!news.every(isMessage)) readMembersSoon();
}

/** What else happened may concern it. */
export function onTalkEvent(event: Extract<NodeEvent, { event: "peer" | "room" | "state" }>): void {
  const { value: talk } = store.conversation;
  if (talk === null) return;
  switch (event.event) {
    case "state":
      if (event.roomId === talk.room.id) {
        store.conversation.value = { ...talk, stretch: withReceipts(talk.stretch, event) };
      }
      return;
    case "room":
      if (event.room.id !== talk.room.id) return;
      store.conversation.value = { ...talk, room: event.room };
      return readMembersSoon();
    case "peer":
      store.members.value = store.members.value.map((member) =>
        member.id === event.peer.id ? { ...member, ...event.peer, name: member.name } : member
      );
      return;
  }
}

/** Who takes part. */
export async function readMembers(): Promise<void> {
  const { value: talk } = store.conversation;
  if (talk === null || !hasLog(talk)) return;
  const { members, room } = await run({ do: "members", room: talk.room.id });
  if (store.conversation.value?.to !== talk.to) return;
  store.members.value = members;
  store.conversation.value = { ...store.conversation.value, room };
}

function show(
  { to, room, ...stretch }: { readonly to: string } & Replies["log"],
  { place, unread }: { readonly place: EntryPlace | null; readonly unread: number },
): void {
  const newFrom = place === null ? firstNew(stretch.rows, unread) : null;
  isAtEnd = place === null && newFrom === null;
  store.members.value = [];
  store.conversation.value = { to, room, stretch, newFrom, belowCount: 0 };
  store.scrollTarget.value = place !== null
    ? { key: toRowKey(place), isMarked: true }
    : { key: newFrom === null ? "end" : "new", isMarked: false };
}

/** The key of the first of so many unread messages; null if none is, or more than are here. */
function firstNew(rows: readonly LogRow[], unread: number): string | null {
  let left = unread;
  for (const row of unread > 0 ? rows.toReversed() : []) {
    if (row.state === null && isMessage(row) && --left === 0) return toRowKey(row);
  }
  return null;
}

async function load(side: "before" | "after"): Promise<void> {
  const { value: talk } = store.conversation;
  const edge = side === "before" ? talk?.stretch.rows[0] : talk?.stretch.rows.at(-1);
  const isAll = side === "before" ? talk?.stretch.isStart : talk?.stretch.isEnd;
  if (talk === null || edge === undefined || isAll !== false || isLoading) return;
  isLoading = true;
  await tryRun(async () => {
    const part: LogSection = await run({
      do: "log",
      to: talk.room.id,
      last: PAGE_ROWS,
      markRead: false,
      [side]: toEntryPlace(edge),
    });
    const { value: now } = store.conversation;
    if (now?.to !== talk.to) return;
    const { rows } = now.stretch;
    // Meanwhile another part of the log may have come in its place.
    if (toRowKey((side === "before" ? rows[0] : rows.at(-1)) ?? edge) !== toRowKey(edge)) return;
    const stretch = side === "before" ? withOlder(now.stretch, part) : withNewer(now.stretch, part);
    store.conversation.value = { ...now, stretch };
  });
  isLoading = false;
}

/** Many may join at once: who is there is read again once. */
function readMembersSoon(): void {
  if (isReadingMembers) return;
  isReadingMembers = true;
  runLater(MEMBERS_MS, () => {
    isReadingMembers = false;
    void tryRun(readMembers);
  });
}

function readAgainSoon(): void {
  if (isDoubted) return;
  isDoubted = true;
  runLater(DOUBT_MS, () => {
    isDoubted = false;
    void reloadConversation();
  });
}

function tellReadSoon(): void {
  if (isTellingRead) return;
  isTellingRead = true;
  runLater(READ_MS, () => {
    isTellingRead = false;
    if (isReading()) void tryRun(tellRead);
  });
}

async function tellRead(): Promise<void> {
  const { value: talk } = store.conversation;
  if (talk === null || !hasLog(talk) || !isPageSeen()) return;
  const { room } = await run({ do: "log", to: talk.room.id, last: 1, markRead: true });
  store.rooms.value = withRead(withRoom(store.rooms.value, room), room.id);
}

/** Whether it is a conversation of ours: a room that somebody else relays has no log here before it is joined. */
export function hasLog({ room, stretch }: store.OpenConversation): boolean {
  return room.joined || room.direct || stretch.rows.length > 0;
}
