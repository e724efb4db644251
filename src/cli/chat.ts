/** earshot without a command: a node, or the one that runs already, and conversations in a terminal or over a pipe. */

import { WorldError } from "../errors.ts";
import { homePaths } from "../store/paths.ts";
import { ChatSession } from "./chat_session.ts";
import { type Context, withNode } from "./context.ts";
import { type Face, plainFace } from "./face.ts";
import type { Shown } from "./output.ts";
import { enterPage } from "./page.ts";
import type { Reached } from "./reach.ts";
import { Interrupted } from "./stage.ts";
import { Talk } from "./talk.ts";
import { TerminalFace } from "./terminal_face.ts";

/** Chats until the user quits, at first where `to` says; the exit code: 1 if something that was piped in failed. @throws {WorldError} if no node can be had. */
export async function chat(context: Context, to: string | null = null): Promise<number> {
  const { stage, home } = context;
  const isNew = await stage.ports.disk.read(homePaths(home).identity) === null;
  try {
    return await withNode(
      context,
      { network: true, lasting: true, own: false },
      (reached) => talkOver(context, { reached, isNew, to }),
    );
  } catch (error) {
    if (error instanceof Interrupted) return 0;
    throw error;
  }
}

async function talkOver(
  context: Context,
  { reached, isNew, to }: { readonly reached: Reached; readonly isNew: boolean; readonly to: string | null },
): Promise<number> {
  const { stage, output, settings } = context;
  const leaving = new AbortController();
  const events = reached.runner.events(AbortSignal.any([stage.signal, leaving.signal]))
    [Symbol.asyncIterator]();
  const face = faceOf(context);
  try {
    const first = await events.next();
    if (first.done === true || first.value.event !== "ready") {
      throw new WorldError("The node stopped at once");
    }
    const ready = first.value;
    const { isInTerminal } = stage.console;
    const talk = new Talk({
      me: ready.id,
      style: face.output.style,
      columns: () => face.output.columns,
      nowMs: () => stage.ports.clock.nowMs(),
      isEchoed: isInTerminal && !face.isPainted,
      hasStatus: face.isPainted,
      isForPerson: isInTerminal,
    });
    const parts = { stage, runner: reached.runner, face, talk };
    using session = new ChatSession(parts, { reached, ready, isTypingTold: !settings.isTypingOff });
    const greeted = wayIn(context, reached).then((page) => session.greet({ isNew, to, page }));
    const heard = greeted.then(async () => {
      for (let next = await events.next(); next.done !== true; next = await events.next()) {
        await session.onEvent(next.value);
      }
      return "gone" as const;
    });
    const gone = Promise.race([
      heard,
      ...reached.own === null ? [] : [reached.own.ended.then(() => "gone" as const)],
    ]);
    const typed = greeted.then(() => session.obey());
    const left = face.left.then(() => "quit" as const);
    const end = await Promise.race([typed, left, gone, session.failed, aborted(stage.signal)]);
    if (end === "never-began") await gone;
    if (end === "ended") await session.linger();
    if (end === "quit" || end === "ended") await session.markRead();
    await face.end();
    if (end === "gone" && !stage.signal.aborted) await output.note("The node was stopped.");
    return session.hasFailed && end === "ended" ? 1 : 0;
  } finally {
    leaving.abort();
    await face.end();
  }
}

/** The way into the page, of a node that starts with this chat. A browser opens for somebody who sits here, not for a script. */
async function wayIn(
  { stage, settings, output }: Context,
  { own, page }: Reached,
): Promise<Shown | null> {
  if (own === null || page === null || output.isQuiet) return null;
  const { isInTerminal, isOutTerminal } = stage.console;
  const isForPerson = isInTerminal && isOutTerminal && !output.isJson;
  return await enterPage(stage, { page, isBrowserWanted: isForPerson && !settings.isBrowserOff });
}

/** Painted in a terminal, unless something else is wanted. */
function faceOf({ stage, output, settings }: Context): Face {
  const { console } = stage;
  const { terminal } = console;
  if (terminal === null || settings.isPlain || output.isJson || output.isQuiet) {
    return plainFace(console, output);
  }
  return new TerminalFace(console, terminal, { hasColor: output.style.hasColor });
}

/** So that the terminal is given back at once, and not when all work under way has ended. */
function aborted(signal: AbortSignal): Promise<"gone"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("gone");
    signal.addEventListener("abort", () => resolve("gone"), { once: true });
  });
}
