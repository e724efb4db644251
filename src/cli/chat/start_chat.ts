/** Starts the chat in a terminal or over a pipe, with the running node or a new one. */

import { message } from "../../messages/message.ts";
import { waitForAbort } from "../environment/abortable.ts";
import { WorldError } from "../../errors.ts";
import { toHomePaths } from "../../store/home/paths.ts";
import { ChatSession } from "./chat_session.ts";
import { type CommandContext, withNode } from "../node_access/command_context.ts";
import { type ChatUi, createPlainChatUi } from "../terminal/chat_ui.ts";
import type { Printable } from "../format/output.ts";
import { openPage } from "../node_access/open_page.ts";
import type { ConnectedNode } from "../node_access/connect_node.ts";
import { Interrupted } from "../environment/environment.ts";
import { ChatView } from "./chat_view.ts";
import type { SlashCommand } from "./slash_command.ts";
import { TerminalUi } from "../terminal/terminal_ui.ts";

/** Chats until the user quits. Opens the conversation `to` first. Returns the exit code: 1 if a piped line failed. @throws {WorldError} without a node. */
export async function startChat(
  context: CommandContext,
  { to, slashes }: { readonly to: string | null; readonly slashes: readonly SlashCommand[] },
): Promise<number> {
  const { environment, home } = context;
  const isNew = await environment.ports.disk.read(toHomePaths(home).identity) === null;
  try {
    return await withNode(
      context,
      { network: true, lasting: true, own: false },
      (connected) => runChat(context, { connected, isNew, to, slashes }),
    );
  } catch (error) {
    if (error instanceof Interrupted) return 0;
    throw error;
  }
}

async function runChat(
  context: CommandContext,
  { connected, isNew, to, slashes }: {
    readonly connected: ConnectedNode;
    readonly isNew: boolean;
    readonly to: string | null;
    readonly slashes: readonly SlashCommand[];
  },
): Promise<number> {
  const { environment, output, globalOptions } = context;
  const leaving = new AbortController();
  const events = connected.runner.events(AbortSignal.any([environment.signal, leaving.signal]))
    [Symbol.asyncIterator]();
  const ui = createChatUi(context);
  try {
    const first = await events.next();
    if (first.done === true || first.value.event !== "ready") {
      throw new WorldError(message("chat.node-stopped"));
    }
    const ready = first.value;
    const { isInTerminal } = environment.console;
    const chatView = new ChatView({
      me: ready.id,
      style: ui.output.style,
      columns: () => ui.output.columns,
      nowMs: () => environment.ports.clock.nowMs(),
      isEchoed: isInTerminal && !ui.isPainted,
      hasStatus: ui.isPainted,
      isForPerson: isInTerminal,
    });
    const parts = { environment, runner: connected.runner, ui, chatView, slashes };
    using session = new ChatSession(parts, {
      connected,
      ready,
      isTypingTold: !globalOptions.isTypingOff,
      slashes,
    });
    const greeted = openPageOfChat(context, connected).then((page) => session.greet({ isNew, to, page }));
    const heard = greeted.then(async () => {
      for (let next = await events.next(); next.done !== true; next = await events.next()) {
        await session.onEvent(next.value);
      }
      return "gone" as const;
    });
    const gone = Promise.race([
      heard,
      ...connected.own === null ? [] : [connected.own.ended.then(() => "gone" as const)],
    ]);
    const typed = greeted.then(() => session.obey());
    const left = ui.quit.then(() => "quit" as const);
    // Gives the terminal back before all work under way has ended.
    const aborted = waitForAbort(environment.signal).then(() => "gone" as const);
    const end = await Promise.race([typed, left, gone, session.failed, aborted]);
    if (end === "never-began") await gone;
    if (end === "ended") await session.linger();
    if (end === "quit" || end === "ended") await session.markRead();
    await ui.end();
    if (end === "gone" && !environment.signal.aborted) await output.note("The node was stopped.");
    return session.hasFailed && end === "ended" ? 1 : 0;
  } finally {
    leaving.abort();
    await ui.end();
  }
}

/** Opens the page of a node that starts with this chat: in a browser for a person, never for a script. */
async function openPageOfChat(
  { environment, globalOptions, output }: CommandContext,
  { own, page }: ConnectedNode,
): Promise<Printable | null> {
  if (own === null || page === null || output.isQuiet) return null;
  const { isInTerminal, isOutTerminal } = environment.console;
  const isForPerson = isInTerminal && isOutTerminal && !output.isJson;
  return await openPage(environment, { page, isBrowserWanted: isForPerson && !globalOptions.isBrowserOff });
}

/** Paints in a terminal, unless the options refuse that. */
function createChatUi({ environment, output, globalOptions }: CommandContext): ChatUi {
  const { console } = environment;
  const { terminal } = console;
  if (terminal === null || globalOptions.isPlain || output.isJson || output.isQuiet) {
    return createPlainChatUi(console, output);
  }
  return new TerminalUi(console, terminal, { hasColor: output.style.hasColor });
}
