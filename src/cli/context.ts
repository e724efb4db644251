/** What every command works with. */

import type { BugLog } from "./bug_log.ts";
import type { Settings } from "./settings.ts";
import { NodeGone } from "./control.ts";
import type { Output } from "./output.ts";
import type { Now } from "./screen.ts";
import type { Stage } from "./stage.ts";
import { type Need, type Reached, reachNode } from "./reach.ts";
import { unlessAborted } from "./waiting.ts";

/** One command's surroundings. */
export interface Context {
  readonly stage: Stage;
  readonly output: Output;
  readonly settings: Settings;
  /** Absolute. */
  readonly home: string;
  readonly bugs: BugLog;
}

/** Options that only count when a node starts. */
const START_OPTIONS = [
  ["name", "--name"],
  ["port", "--port"],
  ["discoveryPort", "--discovery-port"],
  ["interfaces", "--interface"],
  ["sessionPorts", "--session-ports"],
  ["logFile", "--log-file"],
] as const satisfies readonly (readonly [keyof Settings, string])[];

/** Works with a node, and lets it go. A node that is to last ends the work itself. @throws as the work does, {NodeGone} if the node of this process is stopped, and {Interrupted} when the user ends it. */
export async function withNode<T>(
  context: Context,
  need: Pick<Need, "network" | "lasting" | "own">,
  work: (reached: Reached) => Promise<T>,
): Promise<T> {
  const { stage, settings, home, output, bugs } = context;
  // The log owns the promise: it never rejects, and the next fault waits for it.
  const onBug = (error: unknown) => void bugs.note(error);
  await using reached = await reachNode(stage, { home, settings, onBug, ...need });
  const ignored = START_OPTIONS.filter(([key]) => settings[key] !== null).map(([, option]) => option);
  if (reached.file !== null && ignored.length > 0) {
    const what = `${ignored.join(", ")} ${ignored.length === 1 ? "counts" : "count"}`;
    await output.note(`earshot runs already (process ${reached.file.pid}): ${what} only when it starts.`);
  }
  if (reached.own !== null && need.network) await warnOfAbsent(context);
  const { own } = reached;
  const isStopped = own === null || need.lasting ? [] : [own.ended.then(() => {
    throw new NodeGone("earshot was stopped before this was done");
  })];
  return await unlessAborted(Promise.race([work(reached), ...isStopped]), stage.signal);
}

/** An interface that is not there may still come, such as a Wi-Fi stick, so it is no error to name one. */
async function warnOfAbsent({ stage, settings, output }: Context): Promise<void> {
  const present = [...new Set(stage.ports.interfaces.list().map(({ name }) => name))];
  for (const name of settings.interfaces ?? []) {
    if (present.includes(name)) continue;
    await output.warn(`There is no network interface "${name}" now. There are: ${present.join(", ")}`);
  }
}

/** For lines that are made now. */
export function now({ stage, output }: Context): Now {
  return { nowMs: stage.ports.clock.wallMs(), style: output.style, columns: output.columns };
}
