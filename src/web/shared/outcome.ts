/** Runs commands for the control address and the page, and describes their outcome. */

import { UsageError, WorldError } from "../../errors.ts";
import type { Command, Replies } from "../../api/commands.ts";
import type { NodeApi } from "../../api/node_api.ts";
import { formatForShell } from "../../messages/format_message.ts";
import { type Message, message } from "../../messages/message.ts";
import type { CommandError } from "./live_protocol.ts";

/** The reply, or the error. */
export type CommandOutcome = { readonly reply: Replies[keyof Replies] } | { readonly error: CommandError };

/** The parts that commands run on. */
export interface OutcomeOptions {
  readonly runner: NodeApi;
  /** Aborts when the node's time is up: commands under way fail with that reason. */
  readonly stopped: AbortSignal;
  /** Hears of bugs. The caller is only told that there was one. */
  onBug(error: unknown): void;
}

/** Runs the command. Never rejects. */
export async function toCommandOutcome(
  command: Command,
  { runner, stopped, onBug }: OutcomeOptions,
): Promise<CommandOutcome> {
  try {
    const reply = await unlessStopped(runner.run(command), stopped);
    if (reply !== null) return { reply };
    return { error: toCommandError("stopped", message("node.stopped")) };
  } catch (error) {
    if (error instanceof UsageError) return { error: toCommandError("usage", error.details) };
    if (error instanceof WorldError) return { error: toCommandError("world", error.details) };
    onBug(error);
    return { error: toCommandError("world", message("node.bug")) };
  }
}

/** The message as an error of the control address and of the page's socket. */
export function toCommandError(kind: CommandError["kind"], details: Message): CommandError {
  return { kind, message: formatForShell(details), ...details };
}

/** The reply, or null if the node stops first. */
async function unlessStopped<T>(reply: Promise<T>, stopped: AbortSignal): Promise<T | null> {
  const end = Promise.withResolvers<null>();
  const onStop = () => end.resolve(null);
  if (stopped.aborted) onStop();
  stopped.addEventListener("abort", onStop);
  try {
    return await Promise.race([reply, end.promise]);
  } finally {
    stopped.removeEventListener("abort", onStop);
  }
}
