/** Offers and downloads files by command. */

import { type Message, message } from "../../messages/message.ts";
import { UsageError, WorldError } from "../../errors.ts";
import { PATHS_MAX } from "../../api/command_schema.ts";
import { describeCrowding, type FileRow } from "../../api/files.ts";
import { type CommandContext, toFormatContext, withNode } from "../node_access/command_context.ts";
import { formatFileReply, formatOfferReply, formatProgressLine } from "../format/files.ts";
import type { ConnectedNode } from "../node_access/connect_node.ts";
import { runUntilFound } from "../node_access/retry_until_found.ts";
import { sleep } from "../environment/abortable.ts";

/** Between two reads of the progress. */
const LOOK_MS = 250;
/** How long a node of this process stays, so that others learn of the offer. */
const LINGER_MS = 3_000;
/** Exit codes. */
const DONE = 0;
const NOT_YET = 3;
const LINE_START = "\r\x1b[K";

/** What to download, and where to. */
export interface DownloadRequest {
  readonly file: string;
  /** The conversation; null for any. */
  readonly to: string | null;
  /** The folder; null for the usual one. */
  readonly into: string | null;
  /** Null waits without a limit. */
  readonly timeoutMs: number | null;
}

/** Offers files; the exit code. @throws as the node does. */
export async function offerFiles(
  { to, paths }: { readonly to: string; readonly paths: readonly string[] },
  context: CommandContext,
): Promise<number> {
  const { environment, output } = context;
  const need = { network: true, lasting: false, own: false };
  await withNode(context, need, async (connected) => {
    const absolute = paths.map((path) => environment.absolutePath(path));
    // Several commands follow, so the node cannot see that the last ones do not fit.
    const { freeCount = Infinity } = paths.length > PATHS_MAX
      ? await runUntilFound(environment, connected, { do: "files", to })
      : {};
    if (paths.length > freeCount) {
      throw new UsageError(describeCrowding({ count: paths.length, freeCount }));
    }
    const files: FileRow[] = [];
    for (let at = 0; at < paths.length; at += PATHS_MAX) {
      const some = absolute.slice(at, at + PATHS_MAX);
      files.push(...(await runUntilFound(environment, connected, { do: "offer", to, paths: some })).files);
    }
    const offered = { files };
    await output.show(formatOfferReply(offered, toFormatContext(context)));
    if (connected.own === null) return;
    await sleep(environment.ports.clock, LINGER_MS, environment.signal);
    await output.note('Others can download it while earshot is running here: start it with "earshot".');
  });
  return DONE;
}

/** Downloads, and waits until the download is complete; the exit code. @throws as the node does, and {WorldError} if it failed. */
export async function getFile(request: DownloadRequest, context: CommandContext): Promise<number> {
  const need = { network: true, lasting: false, own: false };
  return await withNode(context, need, (connected) => getFrom(connected, request, context));
}

async function getFrom(
  connected: ConnectedNode,
  request: DownloadRequest,
  context: CommandContext,
): Promise<number> {
  const { environment, output } = context;
  const { clock } = environment.ports;
  const { file: wanted, to, into, timeoutMs } = request;
  const { file } = await runUntilFound(environment, connected, {
    do: "get",
    file: wanted,
    ...(to !== null && { to }),
    ...(into !== null && { into: environment.absolutePath(into) }),
  });
  const untilMs = timeoutMs === null ? Infinity : clock.nowMs() + timeoutMs;
  const bar = new Bar(context);
  try {
    for (let row = file;; row = await readProgress(connected, row)) {
      if (row.state === "here") {
        await bar.end();
        await output.show({
          rows: [row],
          lines: output.isQuiet
            ? [row.path ?? ""]
            : formatFileReply({ file: row }, toFormatContext(context)).lines,
        });
        return DONE;
      }
      if (row.state === "failed") {
        throw new WorldError(describeFailure(row));
      }
      if (row.state === "paused" || row.state === "offered") {
        throw new WorldError(message("get.stopped", { name: row.name }));
      }
      if (clock.nowMs() >= untilMs) {
        await bar.end();
        await output.show({ rows: [row], lines: [] });
        const goesOn = connected.own === null
          ? "earshot continues the download"
          : "Run the same command to continue";
        await output.note(`The download is not complete yet. Received pieces are kept. ${goesOn}.`);
        return NOT_YET;
      }
      await bar.paint(row);
      await sleep(clock, LOOK_MS, environment.signal);
      environment.signal.throwIfAborted();
    }
  } finally {
    await bar.end();
  }
}

function describeFailure({ name, problem, problemMessage }: FileRow): Message {
  if (problemMessage !== undefined && problemMessage !== null) return problemMessage;
  return problem === null ? message("get.failed", { name }) : message("text.any", { text: problem });
}

async function readProgress({ runner }: ConnectedNode, { id, name }: FileRow): Promise<FileRow> {
  const row = (await runner.run({ do: "files" })).files.find((file) => file.id === id);
  if (row === undefined) throw new WorldError(message("get.withdrawn", { name }));
  return row;
}

/** A progress bar: one line that is repainted, only in a terminal. */
class Bar {
  readonly #context: CommandContext;
  #isPainted = false;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  async paint(file: FileRow): Promise<void> {
    const { output, environment: { console } } = this.#context;
    const columns = console.terminal?.size().columns ?? 0;
    if (output.isJson || output.isQuiet || !console.isOutTerminal || columns === 0) return;
    this.#isPainted = true;
    await console.out(LINE_START + formatProgressLine(file, columns));
  }

  async end(): Promise<void> {
    if (!this.#isPainted) return;
    this.#isPainted = false;
    await this.#context.environment.console.out(LINE_START);
  }
}
