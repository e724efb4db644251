/** Runs commands on a node: the running one of this home, or one of this process that ends with the command. */

import { message } from "../../messages/message.ts";
import { WorldError } from "../../errors.ts";
import { parseEndpoint } from "../../node/support/address.ts";
import type { Command, ReplyTo } from "../../api/commands.ts";
import { isLink } from "../../room/invite_link.ts";
import { type CommandContext, withNode } from "./command_context.ts";
import { findNode } from "./connect_node.ts";
import { listenFirst, runUntilFound } from "./retry_until_found.ts";

/** Runs a command that only reads or writes the home. */
export async function runOffline<C extends Command>(
  context: CommandContext,
  command: C,
): Promise<ReplyTo<C>> {
  return await withNode(
    context,
    { network: false, lasting: false, own: false },
    ({ runner }) => runner.run(command),
  );
}

/** Runs a command about the network, after listening for a moment. */
export async function runAfterListening<C extends Command>(
  context: CommandContext,
  command: C,
): Promise<ReplyTo<C>> {
  return await withNode(context, { network: true, lasting: false, own: false }, async (connected) => {
    await listenFirst(context.environment, connected);
    return await connected.runner.run(command);
  });
}

/** Runs a command about a peer or room that may not be found yet. */
export async function runWhenFound<C extends Command>(
  context: CommandContext,
  command: C,
): Promise<ReplyTo<C>> {
  return await withNode(
    context,
    { network: true, lasting: false, own: false },
    (connected) => runUntilFound(context.environment, connected, command),
  );
}

/** Commands that others take part in. */
type Shared = Extract<Command, { readonly do: "host" | "join" | "connect" | "invite" | "renew" }>;

/** Runs a command that others take part in. */
export async function runOnline<C extends Shared>(context: CommandContext, command: C): Promise<ReplyTo<C>> {
  return await withNode(context, { network: true, lasting: false, own: false }, async (connected) => {
    const reply = isByName(command)
      ? await runUntilFound(context.environment, connected, command)
      : await connected.runner.run(command);
    if (connected.own !== null) await context.output.note(formatStayNote(command));
    return reply;
  });
}

/** Says that the effect ends with this command, and how to keep it. */
function formatStayNote(command: Shared): string {
  const isLink = command.do === "invite" || command.do === "renew";
  const what = isLink ? "The link works" : "Others can reach you";
  return `${what} only while earshot is running: start it with "earshot".`;
}

/** Runs a command on the running node. @throws {WorldError} if none runs. */
export async function runOnRunningNode<C extends Command>(
  context: CommandContext,
  command: C,
): Promise<ReplyTo<C>> {
  const { environment, home } = context;
  await using connected = await findNode(environment, home);
  if (connected !== null) return await connected.runner.run(command);
  throw new WorldError(message("node.none-start", { home }));
}

/** Whether the command names a peer or room, which may still be found. An address is tried once. */
function isByName(command: Shared): boolean {
  switch (command.do) {
    case "host":
      return false;
    case "join":
      return parseEndpoint(command.room) === null && !isLink(command.room);
    case "connect":
      return parseEndpoint(command.to) === null;
    case "invite":
    case "renew":
      return true;
  }
}
