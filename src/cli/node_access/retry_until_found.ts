/** Retries commands on a node that has just started: it finds peers and rooms within a second or two. */

import { UsageError } from "../../errors.ts";
import type { Command, ReplyTo } from "../../api/commands.ts";
import type { ConnectedNode } from "./connect_node.ts";
import type { Environment } from "../environment/environment.ts";
import { sleep } from "../environment/abortable.ts";

/** How long an unknown name may still be found. */
const SEARCH_MS = 3_000;
/** How long to listen before the first reply: an answer to each hello of the first burst fits in. */
export const LISTEN_MS = 1_500;
/** Between two tries. */
const RETRY_MS = 150;

/** Runs the command; retries it on a node of this process while the name may still be found. @throws {UsageError}, {WorldError} as the node does. */
export async function runUntilFound<C extends Command>(
  environment: Environment,
  connected: ConnectedNode,
  command: C,
): Promise<ReplyTo<C>> {
  return await retryUntilFound(
    environment,
    searchUntilMs(environment, connected),
    () => connected.runner.run(command),
  );
}

/** Until when a name may still be found. A node that ran before this process already knows everybody here. */
export function searchUntilMs({ ports: { clock } }: Environment, { own }: ConnectedNode): number {
  return clock.nowMs() + (own === null ? 0 : SEARCH_MS);
}

/** Retries `run` until then. @throws {UsageError}, {WorldError} as `run` does. */
export async function retryUntilFound<T>(
  environment: Environment,
  untilMs: number,
  run: () => Promise<T>,
): Promise<T> {
  const { clock } = environment.ports;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof UsageError) || clock.nowMs() >= untilMs) throw error;
    }
    await sleep(clock, RETRY_MS, environment.signal);
    environment.signal.throwIfAborted();
  }
}

/** Gives a node of this process time to find peers. */
export async function listenFirst(environment: Environment, connected: ConnectedNode): Promise<void> {
  if (connected.own !== null) await sleep(environment.ports.clock, LISTEN_MS, environment.signal);
}
