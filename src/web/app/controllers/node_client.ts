/** The page's way to its node: commands, and the events of the connection. */

import type { Command, NodeEvent, ReplyTo } from "../../../api/commands.ts";
import {
  CommandFailure,
  type NodeSocket,
  type NodeSocketListener,
  type SocketState,
} from "../connection/node_socket.ts";
import { translate, translateMessage } from "../i18n/i18n.ts";
import type { ShowToast } from "./toast.ts";

/** Hears what happens on the connection. */
export interface NodeListener {
  onState(state: SocketState): void;
  onEvent(event: NodeEvent): void;
}

/** The node, as controllers and views know it. */
export interface NodeClient {
  /** Connects, and reports to the listener from now on. */
  start(listener: NodeListener): void;
  /** Connects at once, unless there is a connection. */
  connect(): void;
  /** Checks that the node still answers, and connects again if not. */
  wake(): void;
  /** Runs a command. @throws {CommandFailure} with a sentence for the user. */
  run<C extends Command>(command: C): Promise<ReplyTo<C>>;
  /** Runs an action that has no place of its own for a problem: a failure becomes a toast. Null if it failed. */
  tryRun<T>(action: () => Promise<T>): Promise<T | null>;
}

/** Makes the client. `openSocket` makes the connection that reports to the given listener. */
export function createNodeClient(
  { openSocket, showToast }: {
    openSocket(listener: NodeSocketListener): Pick<NodeSocket, "connect" | "wake" | "run">;
    readonly showToast: ShowToast;
  },
): NodeClient {
  let listener: NodeListener | null = null;
  const socket = openSocket({
    onState: (state) => listener?.onState(state),
    onEvent: (event) => listener?.onEvent(event),
    describe: (failure) => translate(failure === "unknown" ? "link.unknown" : "link.notSent"),
  });
  return {
    start(to) {
      listener = to;
      socket.connect();
    },
    connect: () => socket.connect(),
    wake: () => socket.wake(),
    async run(command) {
      try {
        return await socket.run(command);
      } catch (error) {
        if (!(error instanceof CommandFailure) || error.details === null) throw error;
        throw new CommandFailure(error.kind, translateMessage(error.details), error.details);
      }
    },
    async tryRun(action) {
      try {
        return await action();
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error;
        // The banner already tells that the connection is lost.
        if (error.kind !== "link") showToast(error.message, { isProblem: true });
        return null;
      }
    },
  };
}
