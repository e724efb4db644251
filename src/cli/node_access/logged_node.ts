/** A node whose doings are written into a log. */

import type { Message } from "../../messages/message.ts";
import type { Node } from "../../node/node.ts";
import type { Command, NodeEvent, ReplyTo } from "../../api/commands.ts";
import type { Clock } from "../../ports/time.ts";
import type { PeerId } from "../../room/id.ts";
import type { DebugLogFile } from "./log_file.ts";
import { toBugLine, toCommandLine, toEventLine, toFailureLine } from "./log_line.ts";

/** A node that logs its commands and events. Disposing ends the log; the node continues. */
export class LoggedNode implements Node {
  readonly ended: Promise<void>;
  readonly #node: Node;
  readonly #log: DebugLogFile;
  readonly #clock: Clock;
  readonly #end = new AbortController();
  readonly #listening: Promise<void>;

  /** Listens from now on; owns the log. */
  constructor(node: Node, { log, clock }: { readonly log: DebugLogFile; readonly clock: Clock }) {
    this.#node = node;
    this.#log = log;
    this.#clock = clock;
    this.ended = node.ended;
    node.ended.catch((error) => log.note(toBugLine(error)));
    this.#listening = this.#listen();
  }

  get id(): PeerId {
    return this.#node.id;
  }

  get name(): string {
    return this.#node.name;
  }

  get port(): number | null {
    return this.#node.port;
  }

  get discoveryPort(): number | null {
    return this.#node.discoveryPort;
  }

  async run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    const startMs = this.#clock.nowMs();
    try {
      const reply = await this.#node.run(command);
      this.#log.note(toCommandLine(command, this.#clock.nowMs() - startMs));
      return reply;
    } catch (error) {
      this.#log.note(toFailureLine(command, error));
      throw error;
    }
  }

  events(signal: AbortSignal): AsyncIterable<NodeEvent> {
    return this.#node.events(signal);
  }

  notice(notice: Message): void {
    this.#node.notice(notice);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using log = this.#log;
    this.#end.abort();
    await this.#listening;
    log.note({ level: "info", text: "stopping" });
  }

  async #listen(): Promise<void> {
    for await (const event of this.#node.events(this.#end.signal)) {
      const line = toEventLine(event);
      if (line !== null) this.#log.note(line);
    }
  }
}
