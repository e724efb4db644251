/** Where everything is done that the user asks for: reads the state from the node after each connecting, and keeps it up to date by events. */

import { batch } from "@preact/signals";
import type { LogRow, NodeEvent, RoomRow } from "../../../api/commands.ts";
import { connectNow, run, startLink, tell, tryRun, wakeLink } from "./node_client.ts";
import { isPageSeen, nowMs, onNewFragment, onReturn, runEvery, runLater } from "../browser/browser_window.ts";
import { exchangeToken, takeToken } from "../browser/socket_ports.ts";
import { announceRow, notifyOf } from "./notifications.ts";
import { onFileEntry, onFileEvent, startFiles } from "./offers_controller.ts";
import { onReading } from "./upload_controller.ts";
import { loadPreferences } from "./preferences.ts";
import type { SocketState } from "../connection/node_socket.ts";
import { go, startRoutes } from "./routing.ts";
import { isMessage } from "../state/rows.ts";
import { withPeer, withRoom, withUnread } from "../state/roster.ts";
import * as store from "../state/app_state.ts";
import { dropStaleTypists, withoutTypist, withTypist } from "../state/typists.ts";
import {
  closeConversation,
  isReading,
  onTalkEntries,
  onTalkEvent,
  openConversation,
  reloadConversation,
} from "./conversation_controller.ts";
import { translateNodeText } from "../i18n/i18n.ts";

/** Conversations whose newest row is read at the start: as many as a list shows before somebody scrolls. */
const LASTS_MAX = 60;
/** Commands for that under way at once. */
const LASTS_AT_ONCE = 4;
/** Events are taken together after that time: a flood paints no more often. */
const EVENTS_MS = 15;
/** Lists that events do not tell of are read again at most so often. */
const LOOK_AGAIN_MS = 400;
/** While nothing is heard, to find out whether the node is still there, and for what changed without an event. */
const PULSE_MS = 30_000;
/** Events that wait to be shown; beyond it the state is read anew instead. */
const EVENTS_MAX = 2_000;

let waiting: NodeEvent[] = [];
let shownAtMs = -Infinity;
/** What is read as a whole. */
type List = "peers" | "requests" | "contacts" | "rooms" | "status";

const lookingAgain = new Set<List>();

/** Begins everything: lets the browser in if it has a token, and connects. */
export async function startApp(): Promise<void> {
  loadPreferences();
  const entering = letIn();
  startRoutes(onRoute);
  store.nowMs.value = nowMs();
  await entering;
  startLink({ onState, onEvent });
  // A link that is pasted where the page is open already loads nothing anew.
  onNewFragment(() => void letIn().then((isTried) => isTried && connectNow()));
  startFiles();
  onReturn(() => {
    wakeLink();
    if (isReading()) void reloadConversation();
  });
  runEvery(1_000, () => {
    batch(() => {
      store.typists.value = dropStaleTypists(store.typists.value, nowMs());
      if (nowMs() - store.nowMs.value > PULSE_MS) {
        store.nowMs.value = nowMs();
        wakeLink();
        // Who went without a word, and what was changed elsewhere.
        for (const list of ["peers", "status"] as const) soon(list);
      }
    });
  });
}

/** Lets this browser in, if the address brings a token; whether it did. */
async function letIn(): Promise<boolean> {
  const token = takeToken();
  if (token !== null) store.isTokenRefused.value = !await exchangeToken(token);
  return token !== null;
}

/** Opens the conversation with that peer or in that room. */
export function openConversationWith(to: string): void {
  go({ at: "talk", to });
}

/** Joins, and opens it. @throws {CommandFailure}. */
export async function join(room: string): Promise<void> {
  const reply = await run({ do: "join", room });
  // Of what was said before one came nothing counts as missed.
  store.rooms.value = withRoom(store.rooms.value, { ...reply.room, unread: 0 });
  if (reply.note !== null) tell(translateNodeText(reply.note));
  if (store.openId.value === store.toConversationId(reply.room)) {
    await openConversation(store.toConversationId(reply.room));
  } else openConversationWith(store.toConversationId(reply.room));
}

/** Reads everything that may have changed about somebody. */
export async function lookAgain(...what: readonly List[]): Promise<void> {
  await Promise.all(what.map(read));
}

/** Our own state: the name, the network, what went wrong. */
export async function readStatus(): Promise<void> {
  store.status.value = await run({ do: "status" });
}

/** Looks at all that may keep others away; takes some seconds. @throws {CommandFailure}. */
export async function checkUp(): Promise<void> {
  store.checkup.value = await run({ do: "doctor" });
}

/** Rooms, and then what was said last in each. */
export async function readRooms(): Promise<void> {
  await readLasts(await readRoomList());
}

async function readRoomList(): Promise<readonly RoomRow[]> {
  const { rooms } = await run({ do: "rooms" });
  return store.rooms.value = rooms;
}

async function readPeers(): Promise<void> {
  const { peers, outlook } = await run({ do: "peers" });
  store.peers.value = peers;
  store.discoveryStatus.value = outlook;
}

function onState(state: SocketState): void {
  const before = store.connection.value;
  store.connection.value = state;
  if (state.at === "open") void tryRun(readAll);
  if (before.at === "open") store.typists.value = [];
  // The page and its node are of one executable: another version brings another page.
  if (state.at === "shut" && state.why === "outdated") location.reload();
}

async function readAll(): Promise<void> {
  store.nowMs.value = nowMs();
  await Promise.all([readStatus(), readPeers(), read("requests"), read("contacts"), readRooms()]);
  store.isLoaded.value = true;
  const to = store.openId.value;
  if (to !== null) await (store.conversation.value?.to === to ? reloadConversation() : openConversation(to));
}

async function read(what: List): Promise<void> {
  switch (what) {
    case "peers":
      // With the rooms that they relay: no event tells of one that is gone.
      await Promise.all([readPeers(), readRoomList()]);
      return;
    case "rooms":
      return await readRooms();
    case "status":
      return await readStatus();
    case "requests":
      store.requests.value = await run({ do: "requests" });
      return;
    case "contacts":
      store.contacts.value = await run({ do: "contacts" });
      return;
  }
}

/** By each room's own log: a room that somebody else relays and that is not ours has none. */
async function readLasts(rooms: readonly RoomRow[]): Promise<void> {
  const own = rooms.filter((room) => room.joined || room.direct || room.host === null).slice(0, LASTS_MAX);
  const found = new Map<string, LogRow>();
  const next = own.values();
  const worker = async () => {
    for (const { id } of next) {
      const [row] = (await run({ do: "log", to: id, last: 1, markRead: false })).rows;
      if (row !== undefined) found.set(id, row);
    }
  };
  await Promise.all(Array.from({ length: LASTS_AT_ONCE }, worker));
  store.latestRows.value = new Map([...store.latestRows.value, ...found]);
}

function onEvent(event: NodeEvent): void {
  waiting.push(event);
  if (waiting.length > 1) return;
  // The first one after a while is shown at once: somebody waits for it.
  runLater(nowMs() - shownAtMs > EVENTS_MS ? 0 : EVENTS_MS, () => {
    const events = waiting;
    waiting = [];
    shownAtMs = nowMs();
    if (events.length > EVENTS_MAX) return void tryRun(readAll);
    batch(() => {
      // First the rows: how far one has come may be told right behind it.
      onTalkEntries(events.flatMap((one) => one.event === "entry" ? [one.row] : []));
      for (const one of events) show(one);
    });
  });
}

function show(event: NodeEvent): void {
  switch (event.event) {
    case "peer":
      store.peers.value = withPeer(store.peers.value, event);
      soon("contacts");
      if (event.change !== "changed") soon("peers");
      return onTalkEvent(event);
    case "room":
      store.rooms.value = withRoom(store.rooms.value, event.room);
      return onTalkEvent(event);
    case "entry":
      return onEntry(event.row);
    case "state":
      return onTalkEvent(event);
    case "typing":
      store.typists.value = withTypist(store.typists.value, event, nowMs());
      return;
    case "request":
      soon("requests");
      return;
    case "file":
      return onFileEvent(event.file);
    case "reading":
      return onReading(event);
    case "notice":
      return tell(translateNodeText(event.text));
    case "ready":
      return;
  }
}

function onEntry(row: LogRow): void {
  const room = store.findRoom(row.roomId);
  const isOpen = store.conversation.value?.room.id === row.roomId;
  const isHeard = isOpen && isReading();
  if (room === null) soon("rooms");
  store.rooms.value = withUnread(store.rooms.value, row, {
    isSeen: isHeard,
    me: row.state === null ? "" : row.author,
  });
  store.latestRows.value = new Map(store.latestRows.value).set(row.roomId, row);
  store.typists.value = withoutTypist(store.typists.value, row);
  if (row.kind === "invite") soon("requests");
  if (row.file !== undefined) onFileEntry(row);
  if (row.state !== null || !isMessage(row)) return;
  if (isOpen) announceRow(row);
  if (!isPageSeen()) {
    notifyOf(row, {
      isDirect: room?.direct ?? false,
      onClick: () => openConversationWith(room === null ? row.roomId : store.toConversationId(room)),
    });
  }
}

/** Many events change the same list: it is read again once. */
function soon(what: List): void {
  if (lookingAgain.has(what)) return;
  lookingAgain.add(what);
  runLater(LOOK_AGAIN_MS, () => {
    lookingAgain.delete(what);
    if (store.connection.value.at === "open") void tryRun(() => read(what));
  });
}

function onRoute(): void {
  const to = store.openId.value;
  if (to === null) closeConversation();
  else if (
    store.connection.value.at === "open" && store.isLoaded.value && store.conversation.value?.to !== to
  ) {
    void openConversation(to);
  }
}
