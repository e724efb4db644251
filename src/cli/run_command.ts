/** Runs one command, from its words to its exit code. */

import { WorldError } from "../errors.ts";
import type { Replies } from "../api/commands.ts";
import { runQuery } from "./commands/query.ts";
import { formatContactsReply, formatLogReply, formatPeersReply } from "./format/replies.ts";
import { parseCommandLine } from "./command_line/parse_command_line.ts";
import { runOffline } from "./node_access/run_on_node.ts";
import { CrashLog } from "./node_access/crash_log.ts";
import { startChat } from "./chat/start_chat.ts";
import { type CommandContext, toFormatContext, withNode } from "./node_access/command_context.ts";
import { doctor } from "./commands/doctor.ts";
import { getFile, listFiles, offerFiles, stopFile } from "./commands/files.ts";
import { exportConversation } from "./commands/export.ts";
import { toExitCode } from "./exit_code.ts";
import { followLog, runNode, showPage } from "./commands/node_and_log.ts";
import { renderConfigHelp, renderHelp, renderOverview } from "./help/help.ts";
import { runGive } from "./commands/give.ts";
import { install, uninstall } from "./commands/install.ts";
import type { Invocation } from "./command_line/invocation.ts";
import { renderManual } from "./help/manual.ts";
import { Output } from "./format/output.ts";
import { formatBrokenContact } from "./format/people.ts";
import { portableHome } from "./commands/portable.ts";
import { findNode, waitUntilFree } from "./node_access/connect_node.ts";
import { sendMessage } from "./commands/send.ts";
import type { GlobalOptions } from "./command_line/global_options.ts";
import { renderCompletions } from "./help/completions.ts";
import { listenFirst } from "./node_access/retry_until_found.ts";
import type { Environment } from "./environment/environment.ts";

const DONE = 0;
/** Time for a node that was told to stop. */
const STOP_MS_MAX = 3_000;

/** Runs what the words say; the exit code: 0 done, 1 failed, 2 wrong usage, 3 not yet, above 128 ended by a signal. */
export async function runEarshot(environment: Environment, words: readonly string[]): Promise<number> {
  // Whether JSON is wanted counts even where the words make no sense.
  let output = outputOf(environment, {
    isJson: words.includes("--json"),
    isQuiet: false,
    isColorRefused: true,
  });
  let crashLog: CrashLog | undefined;
  try {
    const { invocation, globalOptions } = parseCommandLine(words, {
      nowMs: environment.ports.clock.wallMs(),
    });
    output = outputOf(environment, globalOptions);
    if (isExplained(invocation)) return await explain(invocation, { environment, output });
    const home = await homeOf(globalOptions, environment);
    crashLog = new CrashLog(environment, home);
    return await runCommand(invocation, { environment, output, globalOptions, home, crashLog });
  } catch (error) {
    return await toExitCode(error, { output, crashLog });
  }
}

/** Absolute. @throws {WorldError} where there is no place for it. */
async function homeOf({ home, isPortable }: GlobalOptions, environment: Environment): Promise<string> {
  return isPortable
    ? await portableHome(environment)
    : environment.absolutePath(home ?? environment.defaultHome());
}

/** What needs no home and no node. */
type Explained = Extract<
  Invocation,
  { readonly do: "help" | "config-help" | "manual" | "version" | "completions" }
>;

function isExplained(invocation: Invocation): invocation is Explained {
  return ["help", "config-help", "manual", "version", "completions"].includes(invocation.do);
}

async function explain(
  invocation: Explained,
  { environment, output }: { readonly environment: Environment; readonly output: Output },
): Promise<number> {
  switch (invocation.do) {
    case "version":
      await output.show({
        rows: [{ version: environment.version }],
        lines: [`earshot ${environment.version}`],
      });
      break;
    case "completions":
      await output.lines(renderCompletions(invocation.shell).trimEnd().split("\n"));
      break;
    case "config-help":
      await output.lines(renderConfigHelp());
      break;
    case "manual":
      await output.lines(
        renderManual({ version: environment.version, nowMs: environment.ports.clock.wallMs() }),
      );
      break;
    case "help":
      await output.lines(invocation.about === null ? renderOverview() : renderHelp(invocation.about));
  }
  return DONE;
}

async function runCommand(
  invocation: Exclude<Invocation, Explained>,
  context: CommandContext,
): Promise<number> {
  switch (invocation.do) {
    case "chat":
      return isByDoubleClick(invocation, context)
        ? await showPage(context)
        : await startChat(context, invocation.to);
    case "node":
      return await runNode(context);
    case "page":
      return await showPage(context);
    case "give":
      return await runGive(invocation, context);
    case "doctor":
      return await doctor(invocation, context);
    case "send":
      return await sendMessage(invocation, context);
    case "file":
      return await offerFiles(invocation, context);
    case "files":
      return await listFiles(invocation, context);
    case "get":
      return await getFile(invocation, context);
    case "pause":
    case "cancel":
      return await stopFile(invocation, context);
    case "log":
      return invocation.follow ? await followLog(invocation, context) : await showLog(invocation, context);
    case "export":
      return await exportConversation(invocation, context);
    case "stop":
      return await stop(context);
    case "rescan":
      return await rescan(context);
    case "install":
      return await install(invocation, context);
    case "uninstall":
      return await uninstall(invocation, context);
    case "contacts":
      return await showContacts(context);
    default:
      await context.output.show(await runQuery(invocation, context));
      return DONE;
  }
}

/** A file manager gives a program no terminal: what is left to show is the page, also of an earshot that runs already. */
function isByDoubleClick(
  { to }: Extract<Invocation, { do: "chat" }>,
  { environment: { console, desktop }, globalOptions: { isBrowserOff, isPageOff } }: CommandContext,
): boolean {
  const isSeen = console.hasInput || console.isOutTerminal || !desktop.isThere;
  return to === null && !isSeen && !isBrowserOff && !isPageOff;
}

function outputOf(
  environment: Environment,
  { isJson, isQuiet, isColorRefused }: Pick<GlobalOptions, "isJson" | "isQuiet" | "isColorRefused">,
): Output {
  const columns = environment.console.terminal?.size().columns ?? null;
  return new Output(environment.console, {
    isJson,
    isQuiet,
    hasColor: environment.isColorAllowed && !isColorRefused,
    columns,
  });
}

async function showLog(
  { to, last }: Extract<Invocation, { do: "log" }>,
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  // A script that looks has not read it for its user.
  const log = await runOffline(context, {
    do: "log",
    to,
    ...(last !== null && { last }),
    markRead: !output.isJson,
  });
  await output.show(formatLogReply(log, output));
  return DONE;
}

async function showContacts(context: CommandContext): Promise<number> {
  const { output } = context;
  const reply: Replies["contacts"] = await runOffline(context, { do: "contacts" });
  await output.show(formatContactsReply(reply, toFormatContext(context)));
  for (const broken of reply.broken) await output.warn(formatBrokenContact(broken));
  return DONE;
}

async function rescan(context: CommandContext): Promise<number> {
  const { output } = context;
  await withNode(context, { network: true, lasting: false, own: false }, async (connected) => {
    await connected.runner.run({ do: "rescan" });
    if (connected.own === null) {
      return await output.note('Looking again. See who is there with "earshot peers".');
    }
    await listenFirst(context.environment, connected);
    await output.show(
      formatPeersReply(await connected.runner.run({ do: "peers" }), toFormatContext(context)),
    );
  });
  return DONE;
}

async function stop({ environment, output, home }: CommandContext): Promise<number> {
  const running = await findNode(environment, home);
  if (running === null) throw new WorldError(`No earshot runs with the home "${home}"`);
  await running.runner.run({ do: "stop" });
  if (!await waitUntilFree(environment, home, STOP_MS_MAX)) {
    throw new WorldError(`earshot (process ${running.file?.pid}) was told to stop, but has not ended yet`);
  }
  await output.note("Stopped.");
  return DONE;
}
