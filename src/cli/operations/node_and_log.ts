/** Commands that run until they are stopped: a node in the foreground, the page, and a log that is followed. */

import { waitForAbort } from "../environment/abortable.ts";
import type { LogRow, NodeEvent } from "../../api/commands.ts";
import { OutputClosedError } from "../../ports/terminal.ts";
import { type CommandContext, withNode } from "../node_access/command_context.ts";
import type { Output } from "../format/output.ts";
import { openPage } from "../node_access/open_page.ts";
import { formatDay, formatEntry, formatEvent } from "../format/entries.ts";
import { DisplayedEntries, ROWS_MIN } from "../format/displayed_entries.ts";
import { runUntilFound } from "../node_access/retry_until_found.ts";
import { Interrupted } from "../environment/environment.ts";

/** Runs a node until it is stopped; the exit code. @throws {WorldError} if it cannot start. */
export async function runNode(context: CommandContext): Promise<number> {
  const { output } = context;
  return await runUntilEnded(() =>
    withNode(context, { network: true, lasting: true, own: true }, async ({ runner, own, page }) => {
      let isHeard = true;
      // Events that are not printed cost time for every line.
      const quiet = new AbortController();
      const signal = AbortSignal.any([context.environment.signal, quiet.signal]);
      await forEachEvent(runner.events(signal), own?.ended, async (event) => {
        if (!isHeard) return;
        try {
          await output.show({ rows: [event], lines: formatEvent(event, output) });
          if (event.event === "ready" && page !== null && !output.isQuiet) {
            await output.show(await openPage(context.environment, { page, isBrowserWanted: false }));
          }
        } catch (error) {
          // A node does not run to print: it stays when the reader of its lines is gone.
          if (!(error instanceof OutputClosedError)) throw error;
          isHeard = false;
        }
        if (output.isQuiet && event.event === "ready") quiet.abort();
      });
      if (quiet.signal.aborted) await Promise.race([own?.ended, waitForAbort(context.environment.signal)]);
    })
  );
}

/** Opens the page of the running node, or starts one that stays. Returns the exit code. @throws {WorldError}. */
export async function showPage(context: CommandContext): Promise<number> {
  const { environment, globalOptions, output } = context;
  return await runUntilEnded(() =>
    withNode(context, { network: true, lasting: true, own: false }, async ({ page, own }) => {
      await output.show(await openPage(environment, { page, isBrowserWanted: !globalOptions.isBrowserOff }));
      if (own === null) return;
      await output.note('earshot is running. Stop it with Ctrl-C or "earshot stop".');
      await own.ended;
    })
  );
}

/** Shows a conversation and its new messages; the exit code. */
export async function followLog(
  { to, last }: { readonly to: string; readonly last: number | null },
  context: CommandContext,
): Promise<number> {
  const { environment, output } = context;
  return await runUntilEnded(() =>
    withNode(context, { network: true, lasting: true, own: false }, async (connected) => {
      // Listens before it reads, so that nothing is missed between the two.
      const events = connected.runner.events(environment.signal)[Symbol.asyncIterator]();
      const first = events.next();
      const read = async (count: number | null) =>
        await runUntilFound(environment, connected, {
          do: "log",
          to,
          ...(count !== null && { last: Math.max(count, ROWS_MIN) }),
          markRead: !output.isJson,
        });
      const log = await read(last);
      const follower = new Follower(output);
      await follower.start(log.rows, last ?? log.rows.length);
      await forEachEvent(prependEvent(first, events), connected.own?.ended, async (event) => {
        const row = event.event === "entry" && event.row.roomId === log.room.id ? event.row : null;
        // A node only tells that a stranger wrote, without the text.
        const isRequest = event.event === "request" && event.roomId === log.room.id;
        if (row === null && !isRequest) return;
        if (row === null || !await follower.take(row)) await follower.catchUp((await read(ROWS_MIN)).rows);
      });
    })
  );
}

/** Prints the rows of a log in the order in which they come. */
class Follower {
  readonly #output: Output;
  #shown = new DisplayedEntries([]);
  #day = "";

  constructor(output: Output) {
    this.#output = output;
  }

  /** Prints the last `count` rows; the others count as known. */
  async start(rows: readonly LogRow[], count: number): Promise<void> {
    this.#shown = new DisplayedEntries(rows);
    if (count > 0) await this.#print(rows.slice(-count));
  }

  /** Prints a new row; false if rows before it are missing. */
  async take(row: LogRow): Promise<boolean> {
    if (this.#shown.has(row)) return true;
    if (!this.#shown.isNext(row)) return false;
    this.#shown.add(row);
    await this.#print([{ ...row, state: null }]);
    return true;
  }

  /** Prints the new rows of the log. */
  async catchUp(rows: readonly LogRow[]): Promise<void> {
    const news = rows.filter((row) => !this.#shown.has(row));
    for (const row of news) this.#shown.add(row);
    await this.#print(news);
  }

  async #print(rows: readonly LogRow[]): Promise<void> {
    const { style, columns } = this.#output;
    const lines = rows.flatMap((row) => {
      const isSameDay = this.#day === formatDay(row);
      this.#day = formatDay(row);
      return [...isSameDay ? [] : [style.dim(this.#day)], ...formatEntry(row, { style, columns })];
    });
    await this.#output.show({ rows, lines });
  }
}

/** Handles the events in order until they end, or until the node in this process does. */
async function forEachEvent(
  events: AsyncIterable<NodeEvent>,
  ended: Promise<void> | undefined,
  handle: (event: NodeEvent) => Promise<void>,
): Promise<void> {
  const handled = (async () => {
    for await (const event of events) await handle(event);
  })();
  await (ended === undefined ? handled : Promise.race([handled, ended]));
}

/** Runs work that ends by an interrupt, which counts as success; the exit code. */
export async function runUntilEnded(run: () => Promise<void>): Promise<number> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
  return 0;
}

async function* prependEvent(
  first: Promise<IteratorResult<NodeEvent>>,
  rest: AsyncIterator<NodeEvent>,
): AsyncGenerator<NodeEvent> {
  for (let next = await first; next.done !== true; next = await rest.next()) yield next.value;
}
