/** The one link of the page, and how everything asks by it. */

import type { Command, NodeEvent, ReplyTo } from "../../../api/commands.ts";
import { runLater } from "../browser/browser_window.ts";
import { SOCKET_PORTS } from "../browser/socket_ports.ts";
import { CommandFailure, NodeSocket, type SocketState } from "../connection/node_socket.ts";
import * as store from "../state/app_state.ts";
import { translate, translateMessage } from "../i18n/i18n.ts";

const NOTICE_MS = 8_000;

/** Who hears what the link reports. */
export interface NodeListener {
  onState(state: SocketState): void;
  onEvent(event: NodeEvent): void;
}

let listener: NodeListener | null = null;
let forgetNotice = () => {};

const socket = new NodeSocket(SOCKET_PORTS, {
  onState: (state) => listener?.onState(state),
  onEvent: (event) => listener?.onEvent(event),
  says: (what) => translate(what === "unknown" ? "link.unknown" : "link.notSent"),
});

/** Connects, and reports to the listener from now on. */
export function startLink(to: NodeListener): void {
  listener = to;
  socket.connect();
}

/** Tries to connect now. */
export function connectNow(): void {
  socket.connect();
}

/** Finds out whether the node is still there. */
export function wakeLink(): void {
  socket.wake();
}

/** Asks the node. @throws {CommandFailure} with a sentence for the user. */
export async function run<C extends Command>(command: C): Promise<ReplyTo<C>> {
  try {
    return await socket.run(command);
  } catch (error) {
    if (!(error instanceof CommandFailure) || error.details === null) throw error;
    throw new CommandFailure(error.kind, translateMessage(error.details), error.details);
  }
}

/** Asks for something that has no place of its own for a problem: it is told at the edge. Null if it failed. */
export async function tryRun<T>(deed: () => Promise<T>): Promise<T | null> {
  try {
    return await deed();
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    // That the connection is lost is told at the top of the page already.
    if (error.kind !== "link") tell(error.message, { isProblem: true });
    return null;
  }
}

/** Shows a sentence for a while. */
export function tell(text: string, { isProblem = false }: { readonly isProblem?: boolean } = {}): void {
  forgetNotice();
  store.toast.value = { text, isProblem };
  forgetNotice = runLater(NOTICE_MS, () => store.toast.value = null);
}
