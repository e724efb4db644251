/** Puts the page together: its state, and the controllers around it. */

import type {
  AddressBar,
  FileTransport,
  Notifier,
  PageClock,
  PageStorage,
  PageWindow,
} from "../browser/ports.ts";
import { NodeSocket, type NodeSocketPorts } from "../connection/node_socket.ts";
import type { AppState } from "../state/app_state.ts";
import { type AppController, createAppController } from "./app_controller.ts";
import { type ConversationController, createConversationController } from "./conversation_controller.ts";
import { createDrafts } from "./drafts_controller.ts";
import { createMessageSender, type MessageSender } from "./message_sender.ts";
import { createNodeClient, type NodeClient } from "./node_client.ts";
import { createNodeLists, type NodeLists } from "./node_lists.ts";
import { createNotifications } from "./notifications.ts";
import { createOffersController, type OffersController } from "./offers_controller.ts";
import { createPreferences, type PreferencesController } from "./preferences.ts";
import { createRouting, type Routing } from "./routing.ts";
import { createToast, type ShowToast } from "./toast.ts";
import { createUploadController, type UploadController } from "./upload_controller.ts";

/** The browser. */
export interface BrowserPorts {
  readonly socket: NodeSocketPorts;
  readonly clock: PageClock;
  readonly storage: PageStorage;
  readonly window: PageWindow;
  readonly address: AddressBar;
  readonly notifier: Notifier;
  readonly files: FileTransport;
  enter(token: string): Promise<boolean>;
}

/** What views know: the state, and who changes it. */
export interface PageApp {
  readonly state: AppState;
  readonly app: AppController;
  readonly node: NodeClient;
  readonly lists: NodeLists;
  readonly routing: Routing;
  readonly conversation: ConversationController;
  readonly messages: MessageSender;
  readonly offers: OffersController;
  readonly uploads: UploadController;
  readonly preferences: PreferencesController;
  readonly showToast: ShowToast;
}

/** Makes the page around its state and starts it. The stored settings apply before this returns. */
export function startApp(state: AppState, ports: BrowserPorts): PageApp {
  const { clock, storage, window, address, files } = ports;
  const showToast = createToast({ state, clock });
  const node = createNodeClient({
    openSocket: (listener) => new NodeSocket(ports.socket, listener),
    showToast,
  });
  const lists = createNodeLists({ node, state, clock });
  const routing = createRouting({ state, address });
  const preferences = createPreferences({ state, storage, window });
  const drafts = createDrafts({ state, storage });
  const conversation = createConversationController({ node, state, clock, window, routing });
  const messages = createMessageSender({ node, state, clock, drafts, conversation, showToast });
  const offers = createOffersController({ node, state, clock, files, window, showToast });
  const uploads = createUploadController({ node, state, clock, files, window, conversation });
  const notifications = createNotifications({ state, clock, notifier: ports.notifier });
  const app = createAppController({
    node,
    state,
    clock,
    window,
    address,
    enter: ports.enter,
    routing,
    lists,
    conversation,
    offers,
    uploads,
    notifications,
    showToast,
  });
  preferences.start();
  drafts.start();
  void app.start();
  return {
    state,
    app,
    node,
    lists,
    routing,
    conversation,
    messages,
    offers,
    uploads,
    preferences,
    showToast,
  };
}
