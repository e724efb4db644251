/** The surroundings of a command. */

import { message } from "../../messages/message.ts";
import type { CrashLog } from "./crash_log.ts";
import type { GlobalOptions } from "../command_line/global_options.ts";
import { NodeGone } from "./control_client.ts";
import type { Output } from "../format/output.ts";
import type { FormatContext } from "../format/entries.ts";
import type { Environment } from "../environment/environment.ts";
import { type ConnectedNode, connectNode, type NodeNeed } from "./connect_node.ts";
import { unlessAborted } from "../environment/abortable.ts";

/** One command's surroundings. */
export interface CommandContext {
  readonly environment: Environment;
  readonly output: Output;
  readonly globalOptions: GlobalOptions;
  /** Absolute. */
  readonly home: string;
  readonly crashLog: CrashLog;
}

/** Options that only apply when a node starts. */
const START_OPTIONS = [
  ["name", "--name"],
  ["port", "--port"],
  ["discoveryPort", "--discovery-port"],
  ["interfaces", "--interface"],
  ["sessionPorts", "--session-ports"],
  ["logFile", "--log-file"],
] as const satisfies readonly (readonly [keyof GlobalOptions, string])[];

/** Runs `work` with a node, and releases the node. A lasting node ends the work itself. @throws as the work does, {NodeGone} if the node of this process is stopped, and {Interrupted} when the user ends it. */
export async function withNode<T>(
  context: CommandContext,
  need: Pick<NodeNeed, "network" | "lasting" | "own">,
  work: (connected: ConnectedNode) => Promise<T>,
): Promise<T> {
  const { environment, globalOptions, home, output, crashLog } = context;
  // The log owns the promise: it never rejects, and the next error waits for it.
  const onBug = (error: unknown) => void crashLog.note(error);
  await using connected = await connectNode(environment, { home, globalOptions, onBug, ...need });
  const ignored = START_OPTIONS.filter(([key]) => globalOptions[key] !== null).map(([, option]) => option);
  if (connected.file !== null && ignored.length > 0) {
    const what = `${ignored.join(", ")} ${ignored.length === 1 ? "applies" : "apply"}`;
    await output.note(
      `earshot is already running (process ${connected.file.pid}): ${what} only when it starts.`,
    );
  }
  if (connected.own !== null && need.network) await warnOfAbsentInterfaces(context);
  const { own } = connected;
  const isStopped = own === null || need.lasting ? [] : [own.ended.then(() => {
    throw new NodeGone(message("node.stopped"));
  })];
  return await unlessAborted(Promise.race([work(connected), ...isStopped]), environment.signal);
}

/** A missing interface, such as a Wi-Fi stick, may appear later, so it is not an error. */
async function warnOfAbsentInterfaces({ environment, globalOptions, output }: CommandContext): Promise<void> {
  const present = [...new Set(environment.ports.interfaces.list().map(({ name }) => name))];
  for (const name of globalOptions.interfaces ?? []) {
    if (present.includes(name)) continue;
    await output.warn(
      `There is no network interface "${name}" at the moment. There are: ${present.join(", ")}`,
    );
  }
}

/** The context of lines that are formatted now. */
export function toFormatContext({ environment, output }: CommandContext): FormatContext {
  return { nowMs: environment.ports.clock.wallMs(), style: output.style, columns: output.columns };
}
