/** Runs one command, from its words to its exit code. */

import { WorldError } from "../errors.ts";
import type { Replies } from "../node/vocabulary.ts";
import { answerTo } from "./answering.ts";
import { contactsShown, logShown, peersShown } from "./answers.ts";
import { parseArgs } from "./args.ts";
import { offline } from "./asking.ts";
import { BugLog } from "./bug_log.ts";
import { chat } from "./chat.ts";
import { type Context, now, withNode } from "./context.ts";
import { doctor } from "./doctor.ts";
import { getFile, listFiles, offerFiles, stopFile } from "./fetching.ts";
import { exportTalk } from "./exporting.ts";
import { exitCodeOf } from "./failure.ts";
import { followLog, runNode, showPage } from "./following.ts";
import { configHelp, helpFor, overview } from "./help.ts";
import { give } from "./giving.ts";
import { install, uninstall } from "./installing.ts";
import type { Invocation } from "./invocation.ts";
import { manual } from "./manual.ts";
import { Output } from "./output.ts";
import { brokenContactLine } from "./people_screen.ts";
import { portableHome } from "./portable.ts";
import { findNode, untilFree } from "./reach.ts";
import { send } from "./sending.ts";
import type { Settings } from "./settings.ts";
import { completionsFor } from "./shell_completions.ts";
import { listenFirst } from "./soon.ts";
import type { Stage } from "./stage.ts";

const DONE = 0;
/** Time for a node that was told to stop. */
const STOP_MS_MAX = 3_000;

/** Runs what the words say; the exit code: 0 done, 1 failed, 2 wrong usage, 3 not yet, above 128 ended by a signal. */
export async function runEarshot(stage: Stage, words: readonly string[]): Promise<number> {
  // Whether JSON is wanted counts even where the words make no sense.
  let output = outputOf(stage, { isJson: words.includes("--json"), isQuiet: false, isColorRefused: true });
  let bugs: BugLog | undefined;
  try {
    const { invocation, settings } = parseArgs(words, { nowMs: stage.ports.clock.wallMs() });
    output = outputOf(stage, settings);
    if (isExplained(invocation)) return await explain(invocation, { stage, output });
    const home = await homeOf(settings, stage);
    bugs = new BugLog(stage, home);
    return await runCommand(invocation, { stage, output, settings, home, bugs });
  } catch (error) {
    return await exitCodeOf(error, { output, bugs });
  }
}

/** Absolute. @throws {WorldError} where there is no place for it. */
async function homeOf({ home, isPortable }: Settings, stage: Stage): Promise<string> {
  return isPortable ? await portableHome(stage) : stage.absolutePath(home ?? stage.defaultHome());
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
  { stage, output }: { readonly stage: Stage; readonly output: Output },
): Promise<number> {
  switch (invocation.do) {
    case "version":
      await output.show({ rows: [{ version: stage.version }], lines: [`earshot ${stage.version}`] });
      break;
    case "completions":
      await output.lines(completionsFor(invocation.shell).trimEnd().split("\n"));
      break;
    case "config-help":
      await output.lines(configHelp());
      break;
    case "manual":
      await output.lines(manual({ version: stage.version, nowMs: stage.ports.clock.wallMs() }));
      break;
    case "help":
      await output.lines(invocation.about === null ? overview() : helpFor(invocation.about));
  }
  return DONE;
}

async function runCommand(
  invocation: Exclude<Invocation, Explained>,
  context: Context,
): Promise<number> {
  switch (invocation.do) {
    case "chat":
      return isByDoubleClick(invocation, context)
        ? await showPage(context)
        : await chat(context, invocation.to);
    case "node":
      return await runNode(context);
    case "page":
      return await showPage(context);
    case "give":
      return await give(invocation, context);
    case "doctor":
      return await doctor(invocation, context);
    case "send":
      return await send(invocation, context);
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
      return await exportTalk(invocation, context);
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
      await context.output.show(await answerTo(invocation, context));
      return DONE;
  }
}

/** A file manager gives a program no terminal: what is left to show is the page, also of an earshot that runs already. */
function isByDoubleClick(
  { to }: Extract<Invocation, { do: "chat" }>,
  { stage: { console, desktop }, settings: { isBrowserOff, isPageOff } }: Context,
): boolean {
  const isSeen = console.hasInput || console.isOutTerminal || !desktop.isThere;
  return to === null && !isSeen && !isBrowserOff && !isPageOff;
}

function outputOf(
  stage: Stage,
  { isJson, isQuiet, isColorRefused }: Pick<Settings, "isJson" | "isQuiet" | "isColorRefused">,
): Output {
  const columns = stage.console.terminal?.size().columns ?? null;
  return new Output(stage.console, {
    isJson,
    isQuiet,
    hasColor: stage.isColorAllowed && !isColorRefused,
    columns,
  });
}

async function showLog({ to, last }: Extract<Invocation, { do: "log" }>, context: Context): Promise<number> {
  const { output } = context;
  // A script that looks has not read it for its user.
  const log = await offline(context, {
    do: "log",
    to,
    ...(last !== null && { last }),
    markRead: !output.isJson,
  });
  await output.show(logShown(log, output));
  return DONE;
}

async function showContacts(context: Context): Promise<number> {
  const { output } = context;
  const reply: Replies["contacts"] = await offline(context, { do: "contacts" });
  await output.show(contactsShown(reply, now(context)));
  for (const broken of reply.broken) await output.warn(brokenContactLine(broken));
  return DONE;
}

async function rescan(context: Context): Promise<number> {
  const { output } = context;
  await withNode(context, { network: true, lasting: false, own: false }, async (reached) => {
    await reached.runner.run({ do: "rescan" });
    if (reached.own === null) {
      return await output.note('Looking again. See who is there with "earshot peers".');
    }
    await listenFirst(context.stage, reached);
    await output.show(peersShown(await reached.runner.run({ do: "peers" }), now(context)));
  });
  return DONE;
}

async function stop({ stage, output, home }: Context): Promise<number> {
  const running = await findNode(stage, home);
  if (running === null) throw new WorldError(`No earshot runs with the home "${home}"`);
  await running.runner.run({ do: "stop" });
  if (!await untilFree(stage, home, STOP_MS_MAX)) {
    throw new WorldError(`earshot (process ${running.file?.pid}) was told to stop, but has not ended yet`);
  }
  await output.note("Stopped.");
  return DONE;
}
