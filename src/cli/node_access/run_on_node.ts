/** Asks a node: the one that runs with this home, or one of this process that goes away with the command. */

import { WorldError } from "../../errors.ts";
import { parseEndpoint } from "../../node/support/address.ts";
import type { Command, ReplyTo } from "../../api/commands.ts";
import { isLink } from "../../room/invite_link.ts";
import { type CommandContext, withNode } from "./command_context.ts";
import { findNode } from "./connect_node.ts";
import { listenFirst, runUntilFound } from "./retry_until_found.ts";

/** For what only looks into the home, or writes into it what can wait for the next meeting. */
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

/** For what tells how it is here. */
export async function runAfterListening<C extends Command>(
  context: CommandContext,
  command: C,
): Promise<ReplyTo<C>> {
  return await withNode(context, { network: true, lasting: false, own: false }, async (connected) => {
    await listenFirst(context.environment, connected);
    return await connected.runner.run(command);
  });
}

/** For what means somebody or something here, which may still turn up. */
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

/** What others take part in, while the node is there. */
type Shared = Extract<Command, { readonly do: "host" | "join" | "connect" | "invite" | "renew" }>;

/** For what others take part in. */
export async function runOnline<C extends Shared>(context: CommandContext, command: C): Promise<ReplyTo<C>> {
  return await withNode(context, { network: true, lasting: false, own: false }, async (connected) => {
    const reply = isByName(command)
      ? await runUntilFound(context.environment, connected, command)
      : await connected.runner.run(command);
    if (connected.own !== null) await context.output.note(formatStayNote(command));
    return reply;
  });
}

/** What ends with this command, and how it would stay. */
function formatStayNote(command: Shared): string {
  const isLink = command.do === "invite" || command.do === "renew";
  const what = isLink ? "The link works" : "Others can reach you";
  return `${what} only while earshot is running: start it with "earshot".`;
}

/** For what has a meaning only while a node runs. @throws {WorldError} if none does. */
export async function runOnRunningNode<C extends Command>(
  context: CommandContext,
  command: C,
): Promise<ReplyTo<C>> {
  const { environment, home } = context;
  await using connected = await findNode(environment, home);
  if (connected !== null) return await connected.runner.run(command);
  throw new WorldError(`No earshot is running with the home "${home}". Start it with "earshot"`);
}

/** Whoever bears the name may still turn up; nobody does so at an address. */
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
