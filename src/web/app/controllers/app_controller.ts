/** Runs the page: lets the browser in, connects, reads everything after each connect, and applies the node's events. */

import { batch } from "@preact/signals";
import type { LogRow, NodeEvent } from "../../../api/commands.ts";
import type { AddressBar, PageClock, PageWindow } from "../browser/ports.ts";
import type { SocketState } from "../connection/node_socket.ts";
import { translateTold } from "../i18n/i18n.ts";
import { type AppState, findRoom, toConversationId } from "../state/app_state.ts";
import { withPeer, withRoom, withUnread } from "../state/roster.ts";
import { isMessage } from "../state/rows.ts";
import { dropStaleTypists, withoutTypist, withTypist } from "../state/typists.ts";
import type { ConversationController } from "./conversation_controller.ts";
import type { NodeClient } from "./node_client.ts";
import type { NodeLists } from "./node_lists.ts";
import type { Notifications } from "./notifications.ts";
import type { OffersController } from "./offers_controller.ts";
import type { Routing } from "./routing.ts";
import type { ShowToast } from "./toast.ts";
import type { UploadController } from "./upload_controller.ts";

/** Events within this time are applied together, so that a flood causes few renders. */
const EVENTS_MS = 15;
/** Time between two checks whether the node is still there, and reads of what changes without an event. */
const PULSE_MS = 30_000;
/** Times on the screen are written anew this often. */
const TICK_MS = 1_000;
/** Waiting events; with more of them everything is read again instead. */
const EVENTS_MAX = 2_000;

/** The page as a whole. */
export interface AppController {
  /** Starts the page. Resolves when the browser has been let in and the connection begins. */
  start(): Promise<void>;
  /** Goes to the conversation with that peer or in that room. */
  openConversation(to: string): void;
  /** Joins a room and opens it. `room` is an id or a link. @throws {CommandFailure}. */
  join(room: string): Promise<void>;
}

/** What it is made of. */
export interface AppControllerParts {
  readonly node: NodeClient;
  readonly state: AppState;
  readonly clock: PageClock;
  readonly window: PageWindow;
  readonly address: AddressBar;
  /** Exchanges a one-time token for a key; false if it was refused. */
  enter(token: string): Promise<boolean>;
  readonly routing: Routing;
  readonly lists: NodeLists;
  readonly conversation: ConversationController;
  readonly offers: OffersController;
  readonly uploads: UploadController;
  readonly notifications: Notifications;
  readonly showToast: ShowToast;
}

/** Makes the controller. */
export function createAppController(parts: AppControllerParts): AppController {
  const { node, state, clock, window, routing, lists, conversation, offers, showToast } = parts;
  let waiting: NodeEvent[] = [];
  let appliedMs = -Infinity;
  let pulsedMs = -Infinity;

  async function start(): Promise<void> {
    const entering = letIn();
    routing.start(onRoute);
    setNow();
    await entering;
    node.start({ onState, onEvent });
    // A link that is pasted into an open page does not reload it.
    parts.address.onChange(() => void letIn().then((isTried) => isTried && node.connect()));
    offers.start();
    window.onReturn(() => {
      node.wake();
      if (conversation.isReading()) void conversation.reload();
    });
    clock.runEvery(TICK_MS, onTick);
  }

  /** Lets this browser in if the address has a token. Whether it had one. */
  async function letIn(): Promise<boolean> {
    const token = parts.address.takeToken();
    if (token !== null) state.isTokenRefused.value = !await parts.enter(token);
    return token !== null;
  }

  function setNow(): void {
    pulsedMs = clock.elapsedMs();
    state.nowMs.value = clock.nowMs();
  }

  function onTick(): void {
    batch(() => {
      state.typists.value = dropStaleTypists(state.typists.value, clock.elapsedMs());
      if (clock.elapsedMs() - pulsedMs <= PULSE_MS) return;
      setNow();
      node.wake();
      // Peers may have left without notice, and another page may have changed our status.
      for (const list of ["peers", "status"] as const) lists.readSoon(list);
    });
  }

  function onRoute(): void {
    const to = state.openId.value;
    if (to === null) conversation.close();
    else if (
      state.connection.value.at === "open" && state.isLoaded.value && state.conversation.value?.to !== to
    ) void conversation.open(to);
  }

  function onState(connection: SocketState): void {
    const before = state.connection.value;
    state.connection.value = connection;
    if (connection.at === "open") void node.tryRun(readAll);
    if (before.at === "open") state.typists.value = [];
    // A newer node serves a newer page.
    if (connection.at === "shut" && connection.why === "outdated") window.reload();
  }

  async function readAll(): Promise<void> {
    setNow();
    await lists.readAll();
    state.isLoaded.value = true;
    const to = state.openId.value;
    if (to === null) return;
    await (state.conversation.value?.to === to ? conversation.reload() : conversation.open(to));
  }

  function onEvent(event: NodeEvent): void {
    waiting.push(event);
    if (waiting.length > 1) return;
    // The first event after a pause is applied at once: the user waits for it.
    clock.runLater(clock.elapsedMs() - appliedMs > EVENTS_MS ? 0 : EVENTS_MS, () => {
      const events = waiting;
      waiting = [];
      appliedMs = clock.elapsedMs();
      if (events.length > EVENTS_MAX) return void node.tryRun(readAll);
      batch(() => {
        // Rows first: a receipt may come right behind its row.
        conversation.onEntries(events.flatMap((one) => one.event === "entry" ? [one.row] : []));
        for (const one of events) apply(one);
      });
    });
  }

  function apply(event: NodeEvent): void {
    switch (event.event) {
      case "peer":
        state.peers.value = withPeer(state.peers.value, event);
        lists.readSoon("contacts");
        if (event.change !== "changed") lists.readSoon("peers");
        return conversation.onEvent(event);
      case "room":
        state.rooms.value = withRoom(state.rooms.value, event.room);
        return conversation.onEvent(event);
      case "entry":
        return applyEntry(event.row);
      case "state":
        return conversation.onEvent(event);
      case "typing":
        state.typists.value = withTypist(state.typists.value, event, clock.elapsedMs());
        return;
      case "request":
        return lists.readSoon("requests");
      case "file":
        return offers.onFileEvent(event.file);
      case "reading":
        return parts.uploads.onReading(event);
      case "notice":
        return showToast(translateTold(event.text, event.message));
      case "ready":
        return;
    }
  }

  function applyEntry(row: LogRow): void {
    const room = findRoom(state, row.roomId);
    const isOpen = state.conversation.value?.room.id === row.roomId;
    if (room === null) lists.readSoon("rooms");
    state.rooms.value = withUnread(state.rooms.value, row, {
      isSeen: isOpen && conversation.isReading(),
      me: row.state === null ? "" : row.author,
    });
    state.latestRows.value = new Map(state.latestRows.value).set(row.roomId, row);
    state.typists.value = withoutTypist(state.typists.value, row);
    if (row.kind === "invite") lists.readSoon("requests");
    if (row.file !== undefined) offers.onFileEntry(row);
    if (row.state !== null || !isMessage(row)) return;
    if (isOpen) parts.notifications.announce(row);
    if (window.isSeen()) return;
    parts.notifications.notify(row, {
      isDirect: room?.direct ?? false,
      onClick: () => openConversation(room === null ? row.roomId : toConversationId(room)),
    });
  }

  function openConversation(to: string): void {
    routing.go({ at: "conversation", to });
  }

  async function join(room: string): Promise<void> {
    const reply = await node.run({ do: "join", room });
    // Messages from before the user joined do not count as unread.
    state.rooms.value = withRoom(state.rooms.value, { ...reply.room, unread: 0 });
    if (reply.note !== null) showToast(translateTold(reply.note, reply.noteMessage));
    const to = toConversationId(reply.room);
    if (state.openId.value === to) await conversation.open(to);
    else openConversation(to);
  }

  return { start, openConversation, join };
}
