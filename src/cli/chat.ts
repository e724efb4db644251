/** earshot without a command: a node, or the one that runs already, and a conversation line by line. */

import { WorldError } from "../errors.ts";
import { homePaths } from "../store/paths.ts";
import { ChatSession } from "./chat_session.ts";
import { type Context, withNode } from "./context.ts";
import type { Reached } from "./reach.ts";
import { Interrupted } from "./stage.ts";
import { typedLines } from "./typed_lines.ts";

/** Chats until the user quits; the exit code: 1 if something that was piped in failed. @throws {WorldError} if no node can be had. */
export async function chat(context: Context): Promise<number> {
  const { stage, home } = context;
  const isNew = await stage.ports.disk.read(homePaths(home).identity) === null;
  try {
    return await withNode(
      context,
      { network: true, lasting: true, own: false },
      (reached) => talkOver(context, { reached, isNew }),
    );
  } catch (error) {
    if (error instanceof Interrupted) return 0;
    throw error;
  }
}

async function talkOver(
  context: Context,
  { reached, isNew }: { reached: Reached; isNew: boolean },
): Promise<number> {
  const { stage, output } = context;
  const leaving = new AbortController();
  const events = reached.runner.events(AbortSignal.any([stage.signal, leaving.signal]))
    [Symbol.asyncIterator]();
  try {
    const first = await events.next();
    if (first.done === true || first.value.event !== "ready") {
      throw new WorldError("The node stopped at once");
    }
    const session = new ChatSession(context, { reached, ready: first.value });
    await session.greet(isNew);
    const heard = (async () => {
      for (let next = await events.next(); next.done !== true; next = await events.next()) {
        await session.onEvent(next.value);
      }
      return "gone" as const;
    })();
    const gone = Promise.race([
      heard,
      ...reached.own === null ? [] : [reached.own.ended.then(() => "gone" as const)],
    ]);
    const end = await Promise.race([session.obey(typedLines(stage.console)), gone]);
    if (end === "never-began") await gone;
    if (end === "ended") await session.linger();
    if (end === "quit" || end === "ended") await session.markRead();
    else if (!stage.signal.aborted) await output.note("The node was stopped.");
    return session.hasFailed && end === "ended" ? 1 : 0;
  } finally {
    leaving.abort();
  }
}
