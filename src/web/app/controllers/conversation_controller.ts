/** The open conversation: reads its log in pages, follows what happens in it, and marks it as read. */

import type { EntryPlace, LogRow, NodeEvent, Replies } from "../../../api/commands.ts";
import type { PageClock, PageWindow } from "../browser/ports.ts";
import { CommandFailure } from "../connection/node_socket.ts";
import { type AppState, findRoom, hasLog, type OpenConversation } from "../state/app_state.ts";
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
import type { NodeClient } from "./node_client.ts";
import type { Routing } from "./routing.ts";

/** Rows before the first unread one that are read with it. */
const CONTEXT_ROWS = 20;
/** Time until a doubtful end is read again: other rows may still be on their way. */
const REREAD_MS = 250;
/** Time between two reads of the members. */
const MEMBERS_MS = 300;
/** Time between two reports of what the user has read. */
const MARK_READ_MS = 500;

/** The open conversation. */
export interface ConversationController {
  /** Whether the user sees the newest rows now. */
  isReading(): boolean;
  /** Reads and shows the conversation with that id of the route. */
  open(to: string): Promise<void>;
  /** Goes to a conversation, at one of its rows, and highlights the row. */
  openAt(to: string, place: EntryPlace): void;
  close(): void;
  /** Reads the end again: after a lost connection, or when the user comes back. */
  reload(): Promise<void>;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Whether the newest row is in sight. */
  setAtEnd(isAtEnd: boolean): void;
  /** Scrolls to the newest row. */
  goToEnd(): Promise<void>;
  /** Shows the end, after something of the user's own was sent to that conversation. */
  followSent(to: string): Promise<void>;
  /** New entries of any conversation. */
  onEntries(rows: readonly LogRow[]): void;
  /** An event that may concern the open conversation. */
  onEvent(event: Extract<NodeEvent, { event: "peer" | "room" | "state" }>): void;
}

interface Parts {
  readonly node: NodeClient;
  readonly state: AppState;
  readonly clock: PageClock;
  readonly window: Pick<PageWindow, "isSeen">;
  readonly routing: Pick<Routing, "go">;
}

/** Makes the controller. */
export function createConversationController(
  { node, state, clock, window, routing }: Parts,
): ConversationController {
  const { conversation, conversationProblem, members, rooms, scrollTarget, openId } = state;
  let isAtEnd = true;
  let isLoading = false;
  /** The row at which a conversation opens next, instead of at the end or the first unread row. */
  let wanted: { readonly to: string; readonly place: EntryPlace } | null = null;
  const readMembersSoon = createDelayed(clock, MEMBERS_MS, () => void node.tryRun(readMembers));
  const rereadSoon = createDelayed(clock, REREAD_MS, () => void reload());
  const markReadSoon = createDelayed(clock, MARK_READ_MS, () => {
    if (isReading()) void node.tryRun(markRead);
  });

  function isReading(): boolean {
    return isAtEnd && window.isSeen() && conversation.value !== null;
  }

  async function open(to: string): Promise<void> {
    const known = findRoom(state, to);
    const place = wanted?.to === to ? wanted.place : null;
    wanted = null;
    conversationProblem.value = null;
    if (
      known !== null && !known.joined && !known.direct && known.host !== null &&
      !state.latestRows.value.has(known.id)
    ) {
      // A peer hosts it and we have not joined: there is nothing to read.
      show({ to, room: known, rows: [], isStart: true, isEnd: true }, { place: null, unread: 0 });
      return;
    }
    const unread = known?.unread ?? 0;
    const last = Math.min(Math.max(PAGE_ROWS, unread + CONTEXT_ROWS), ROWS_MAX);
    try {
      const reply = await node.run({
        do: "log",
        to: known?.id ?? to,
        last,
        markRead: false,
        ...place !== null && { around: place },
      });
      if (openId.value !== to) return;
      show({ to, ...reply }, { place, unread });
      // A user who looks at an old row has not read the new ones.
      await Promise.all([readMembers(), place === null ? markRead() : undefined]);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      if (openId.value === to) {
        conversation.value = null;
        conversationProblem.value = error.message;
      }
    }
  }

  function openAt(to: string, place: EntryPlace): void {
    const { value: current } = conversation;
    const isShown = current?.to === to &&
      current.section.rows.some((row) => toRowKey(row) === toRowKey(place));
    if (isShown) {
      scrollTarget.value = { key: toRowKey(place), isMarked: true };
    } else {
      wanted = { to, place };
      if (current?.to === to) conversation.value = null;
    }
    routing.go({ at: "conversation", to });
  }

  function show(
    { to, room, ...section }: { readonly to: string } & Replies["log"],
    { place, unread }: { readonly place: EntryPlace | null; readonly unread: number },
  ): void {
    const newFrom = place === null ? findFirstUnread(section.rows, unread) : null;
    isAtEnd = place === null && newFrom === null;
    members.value = [];
    conversation.value = { to, room, section, newFrom, belowCount: 0 };
    scrollTarget.value = place !== null
      ? { key: toRowKey(place), isMarked: true }
      : { key: newFrom === null ? "end" : "new", isMarked: false };
  }

  function close(): void {
    conversation.value = null;
    conversationProblem.value = null;
    members.value = [];
  }

  async function reload(): Promise<void> {
    const before = conversation.value;
    if (before === null || !before.section.isEnd) return;
    await node.tryRun(async () => {
      if (!hasLog(before)) return;
      // All held rows and one page more: a late row may belong anywhere among them.
      const last = Math.min(before.section.rows.length + PAGE_ROWS, ROWS_MAX);
      const { room, ...section } = await node.run({ do: "log", to: before.room.id, last, markRead: false });
      const { value: now } = conversation;
      if (now?.to !== before.to || !now.section.isEnd) return;
      conversation.value = { ...now, room, section };
      await Promise.all([readMembers(), isReading() ? markRead() : undefined]);
    });
  }

  async function load(side: "before" | "after"): Promise<void> {
    const { value: current } = conversation;
    if (current === null || isLoading) return;
    const edge = findEdge(current.section, side);
    const isAll = side === "before" ? current.section.isStart : current.section.isEnd;
    if (edge === undefined || isAll) return;
    isLoading = true;
    await node.tryRun(async () => {
      const part: LogSection = await node.run({
        do: "log",
        to: current.room.id,
        last: PAGE_ROWS,
        markRead: false,
        [side]: toEntryPlace(edge),
      });
      const { value: now } = conversation;
      if (now?.to !== current.to) return;
      // Another section of the log may have replaced this one meanwhile.
      if (toRowKey(findEdge(now.section, side) ?? edge) !== toRowKey(edge)) return;
      const section = side === "before" ? withOlder(now.section, part) : withNewer(now.section, part);
      conversation.value = { ...now, section };
    });
    isLoading = false;
  }

  function setAtEnd(is: boolean): void {
    if (is === isAtEnd) return;
    isAtEnd = is;
    const { value: current } = conversation;
    if (!is || current === null || !current.section.isEnd) return;
    if (current.belowCount > 0) conversation.value = { ...current, belowCount: 0 };
    if (isReading()) void node.tryRun(markRead);
  }

  async function goToEnd(): Promise<void> {
    const { value: current } = conversation;
    if (current === null) return;
    if (!current.section.isEnd) await open(current.to);
    scrollTarget.value = { key: "end", isMarked: false };
  }

  async function followSent(to: string): Promise<void> {
    if (conversation.value?.to !== to) return;
    if (!conversation.value.section.isEnd) await open(to);
    conversation.value = conversation.value && { ...conversation.value, newFrom: null, belowCount: 0 };
    scrollTarget.value = { key: "end", isMarked: false };
  }

  function onEntries(rows: readonly LogRow[]): void {
    const { value: current } = conversation;
    const added = rows.filter(({ roomId }) => roomId === current?.room.id);
    if (current === null || added.length === 0) return;
    if (added.some((row) => isDoubtful(current.section, row))) rereadSoon();
    const section = added.reduce(withNewRow, current.section);
    const foreign = added.filter((row) => row.state === null && isMessage(row));
    const [first] = foreign;
    const isMissed = first !== undefined && !isReading();
    const newFrom = isMissed && (current.newFrom === null || isAtEnd) && current.belowCount === 0
      ? toRowKey(first)
      : current.newFrom;
    const belowCount = isAtEnd && section.isEnd ? 0 : current.belowCount + foreign.length;
    conversation.value = { ...current, section, newFrom, belowCount };
    if (isReading()) markReadSoon();
    // Notices tell of members that join, leave or change their name.
    if (!added.every(isMessage)) readMembersSoon();
  }

  function onEvent(event: Extract<NodeEvent, { event: "peer" | "room" | "state" }>): void {
    const { value: current } = conversation;
    if (current === null) return;
    switch (event.event) {
      case "state":
        if (event.roomId === current.room.id) {
          conversation.value = { ...current, section: withReceipts(current.section, event) };
        }
        return;
      case "room":
        if (event.room.id !== current.room.id) return;
        conversation.value = { ...current, room: event.room };
        return readMembersSoon();
      case "peer":
        members.value = members.value.map((member) =>
          member.id === event.peer.id ? { ...member, ...event.peer, name: member.name } : member
        );
        return;
    }
  }

  async function readMembers(): Promise<void> {
    const { value: current } = conversation;
    if (current === null || !hasLog(current)) return;
    const reply = await node.run({ do: "members", room: current.room.id });
    if (conversation.value?.to !== current.to) return;
    members.value = reply.members;
    conversation.value = { ...conversation.value, room: reply.room };
  }

  async function markRead(): Promise<void> {
    const { value: current } = conversation;
    if (current === null || !hasLog(current) || !window.isSeen()) return;
    const { room } = await node.run({ do: "log", to: current.room.id, last: 1, markRead: true });
    rooms.value = withRead(withRoom(rooms.value, room), room.id);
  }

  return {
    isReading,
    open,
    openAt,
    close,
    reload,
    loadOlder: () => load("before"),
    loadNewer: () => load("after"),
    setAtEnd,
    goToEnd,
    followSent,
    onEntries,
    onEvent,
  };
}

/** The key of the first of `unread` unread messages; null if there is none, or if it is older than these rows. */
function findFirstUnread(rows: readonly LogRow[], unread: number): string | null {
  let left = unread;
  for (const row of unread > 0 ? rows.toReversed() : []) {
    if (row.state === null && isMessage(row) && --left === 0) return toRowKey(row);
  }
  return null;
}

function findEdge({ rows }: OpenConversation["section"], side: "before" | "after"): LogRow | undefined {
  return side === "before" ? rows[0] : rows.at(-1);
}

/** Runs once after that time, however often it is called meanwhile. */
function createDelayed(clock: PageClock, ms: number, run: () => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    clock.runLater(ms, () => {
      isWaiting = false;
      run();
    });
  };
}
