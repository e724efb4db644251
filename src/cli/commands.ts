/** Runs one command, from its words to its exit code. */

import { dirname, SEPARATOR } from "@std/path";
import { assertNever, UsageError, WorldError } from "../errors.ts";
import type { Command, Replies, ReplyTo } from "../node/vocabulary.ts";
import { parseEndpoint } from "../node/address.ts";
import { writeExport } from "../store/export.ts";
import {
  connectedShown,
  contactsShown,
  enteredShown,
  leftShown,
  logShown,
  namedShown,
  peersShown,
  roomsShown,
  statusShown,
} from "./answers.ts";
import { type Invocation, parseArgs } from "./args.ts";
import { BugLog } from "./bug_log.ts";
import { chat } from "./chat.ts";
import { type Context, now, withNode } from "./context.ts";
import { exitCodeOf } from "./failure.ts";
import { followLog, runNode } from "./following.ts";
import { helpFor, overview } from "./help.ts";
import { Output } from "./output.ts";
import { findNode, type Reached, untilFree } from "./reach.ts";
import { brokenContactLine } from "./screen.ts";
import { send } from "./sending.ts";
import { listenFirst, runSoon } from "./soon.ts";
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
    if (invocation.do === "version" || invocation.do === "help") {
      return await explain(invocation, { stage, output });
    }
    const home = stage.absolutePath(settings.home ?? stage.defaultHome());
    bugs = new BugLog(stage, home);
    return await runCommand(invocation, { stage, output, settings, home, bugs });
  } catch (error) {
    return await exitCodeOf(error, { output, bugs });
  }
}

async function explain(
  invocation: Extract<Invocation, { readonly do: "help" | "version" }>,
  { stage, output }: { readonly stage: Stage; readonly output: Output },
): Promise<number> {
  if (invocation.do === "version") {
    await output.show({ rows: [{ version: stage.version }], lines: [`earshot ${stage.version}`] });
  } else {
    await output.lines(invocation.about === null ? overview() : helpFor(invocation.about));
  }
  return DONE;
}

async function runCommand(
  invocation: Exclude<Invocation, { readonly do: "help" | "version" }>,
  context: Context,
): Promise<number> {
  const { output } = context;
  switch (invocation.do) {
    case "chat":
      return await chat(context);
    case "node":
      return await runNode(context);
    case "send":
      return await send(invocation, context);
    case "log":
      return invocation.follow ? await followLog(invocation, context) : await showLog(invocation, context);
    case "export":
      return await exportLog(invocation, context);
    case "stop":
      return await stop(context);
    case "peers":
      await output.show(peersShown(await afterListening(context, { do: "peers" }), now(context)));
      return DONE;
    case "rooms":
      await output.show(roomsShown(await afterListening(context, { do: "rooms" }), now(context)));
      return DONE;
    case "status":
      await output.show(statusShown(await afterListening(context, { do: "status" })));
      return DONE;
    case "rescan":
      return await rescan(context);
    case "contacts":
      return await showContacts(context);
    case "host":
      await output.show(enteredShown({ ...await online(context, invocation), note: null }));
      return DONE;
    case "join":
      await output.show(enteredShown(await online(context, invocation)));
      return DONE;
    case "connect":
      await output.show(connectedShown(await online(context, invocation)));
      return DONE;
    case "leave":
      await output.show(leftShown(await offline(context, { do: "leave", room: invocation.room })));
      return DONE;
    case "nick":
      await output.show(namedShown(await offline(context, { do: "nick", name: invocation.name })));
      return DONE;
    default:
      return assertNever(invocation);
  }
}

function outputOf(
  stage: Stage,
  { isJson, isQuiet, isColorRefused }: { isJson: boolean; isQuiet: boolean; isColorRefused: boolean },
): Output {
  return new Output(stage.console, { isJson, isQuiet, hasColor: stage.isColorAllowed && !isColorRefused });
}

/** For what only looks into the home, or writes into it what can wait for the next meeting. */
async function offline<C extends Command>(context: Context, command: C): Promise<ReplyTo<C>> {
  return await withNode(
    context,
    { network: false, lasting: false, own: false },
    ({ runner }) => runner.run(command),
  );
}

/** For what tells how it is here. */
async function afterListening<C extends Command>(context: Context, command: C): Promise<ReplyTo<C>> {
  return await withNode(context, { network: true, lasting: false, own: false }, async (reached) => {
    await listenFirst(context.stage, reached);
    return await reached.runner.run(command);
  });
}

/** For what others take part in. */
async function online<C extends Extract<Command, { do: "host" | "join" | "connect" }>>(
  context: Context,
  command: C,
): Promise<ReplyTo<C>> {
  const work = async (reached: Reached): Promise<ReplyTo<C>> => {
    const isByTitle = command.do === "join" && parseEndpoint(command.room) === null;
    const reply = isByTitle
      ? await runSoon(context.stage, reached, command)
      : await reached.runner.run(command);
    if (reached.own !== null) {
      await context.output.note('Others can reach you while earshot runs: start it with "earshot".');
    }
    return reply;
  };
  return await withNode(context, { network: true, lasting: false, own: false }, work);
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

async function exportLog(
  invocation: Extract<Invocation, { do: "export" }>,
  context: Context,
): Promise<number> {
  const { to, sinceMs, untilMs, file, force } = invocation;
  const { output, stage, home } = context;
  const { title, text, count } = await offline(context, {
    do: "export",
    to,
    ...(sinceMs !== null && { sinceMs }),
    ...(untilMs !== null && { untilMs }),
  });
  if (file === null) {
    await output.show({ rows: [{ title, count, text }], lines: text.replace(/\n$/, "").split("\n") });
    return DONE;
  }
  const path = stage.absolutePath(file);
  if (`${dirname(path)}${SEPARATOR}`.startsWith(`${home}${SEPARATOR}`)) {
    throw new UsageError(
      `"${path}" is in earshot's own folder, which is for its own files alone. Nothing was written. Choose another place`,
    );
  }
  await writeExport(stage.ports.disk, { path, text, force });
  const lines = output.isQuiet
    ? []
    : [`${count} ${count === 1 ? "line" : "lines"} of ${title} written to ${path}`];
  await output.show({ rows: [{ title, count, file: path }], lines });
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
