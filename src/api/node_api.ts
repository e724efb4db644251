/** A node as a front end sees it: the terminal, the page and the control address know nothing else of one. */

import type { Command, NodeEvent, ReplyTo } from "./commands.ts";

/** Runs commands: a node in this process, or one behind its control address. */
export interface NodeApi {
  /** @throws {WorldError} when it failed, {UsageError} when it cannot be done as asked. */
  run<C extends Command>(command: C): Promise<ReplyTo<C>>;
  /** Events from now on, until the signal. */
  events(signal: AbortSignal): AsyncIterable<NodeEvent>;
}
