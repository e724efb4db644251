/** The running node of a home, behind its control address. */

import { message, parseMessage } from "../../messages/message.ts";
import { NetworkError, UsageError, WorldError } from "../../errors.ts";
import type { Command, NodeEvent, ReplyTo } from "../../api/commands.ts";
import type { NodeApi } from "../../api/node_api.ts";
import type { Http } from "../../ports/http.ts";
import type { PageEntries, PageEntry } from "../../web/shared/entry_links.ts";
import { CONTROL_ADDRESS, type NodeFile } from "../../web/control/node_file.ts";
import { readJsonLines } from "./json_lines.ts";

/** The node stopped, or something else is at its address. Whether the command was done before is not known. */
export class NodeGone extends WorldError {}

/** Runs commands there. */
export class ControlClient implements NodeApi, PageEntries {
  readonly #http: Http;
  readonly #file: NodeFile;
  /** Event streams that are being opened; commands wait for them, so that no event of theirs is missed. */
  readonly #opening = new Set<Promise<unknown>>();

  /** Connects at each call anew. */
  constructor(http: Http, file: NodeFile) {
    this.#http = http;
    this.#file = file;
  }

  /** @throws {WorldError}, {UsageError} as the node does, {NodeGone}. */
  async run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    return await this.runUnless(command, new AbortController().signal);
  }

  /** The same, given up when the signal aborts: the node then goes on alone. */
  async runUnless<C extends Command>(command: C, signal: AbortSignal): Promise<ReplyTo<C>> {
    await Promise.allSettled(this.#opening);
    // The node of this user's own home vouches for the shape: only it can read the token, and it alone holds the lock.
    return await this.#ask("command", { body: JSON.stringify(command), signal }) as ReplyTo<C>;
  }

  /** @throws {WorldError} if no page is served there, {NodeGone}. */
  async newEntry(options: { readonly isFile: boolean }): Promise<PageEntry> {
    const { signal } = new AbortController();
    // As above.
    return await this.#ask("page", { body: JSON.stringify(options), signal }) as PageEntry;
  }

  /** Events from this call on. @throws {NodeGone} if there is no node; when the node goes later, the events just end. */
  events(signal: AbortSignal): AsyncIterable<NodeEvent> {
    const opening = this.#post("events", { body: "{}", signal });
    this.#opening.add(opening);
    const onOpen = () => void this.#opening.delete(opening);
    opening.then(onOpen, onOpen);
    return this.#read(opening, signal);
  }

  async *#read(opening: Promise<Response>, signal: AbortSignal): AsyncGenerator<NodeEvent> {
    try {
      const response = await opening;
      if (!response.ok || response.body === null) throw this.#errorOf(response.status, undefined);
      // As above: our own node vouches for the shape.
      for await (const event of readJsonLines(response.body)) yield event as NodeEvent;
    } catch (error) {
      if (signal.aborted) return;
      // A node that was killed breaks the stream off.
      if (error instanceof TypeError) return;
      throw error;
    }
  }

  async #ask(
    what: "command" | "page",
    { body, signal }: { body: string; signal: AbortSignal },
  ): Promise<unknown> {
    const response = await this.#post(what, { body, signal });
    const answer = await readBody(response, signal);
    if ("reply" in answer) return answer.reply;
    throw this.#errorOf(response.status, answer.error);
  }

  async #post(
    what: "command" | "events" | "page",
    { body, signal }: { body: string; signal: AbortSignal },
  ): Promise<Response> {
    const { port, token } = this.#file;
    const request = new Request(`http://${CONTROL_ADDRESS}:${port}/v1/${what}`, {
      method: "POST",
      headers: { "authorization": `Bearer ${token}`, "content-type": "application/json" },
      body,
      signal,
    });
    try {
      return await this.#http.send(request);
    } catch (error) {
      if (error instanceof NetworkError) throw this.#gone(error);
      throw error;
    }
  }

  #errorOf(status: number, error: unknown): Error {
    const { kind, message: text }: Record<string, unknown> = typeof error === "object" ? { ...error } : {};
    const isOurs = typeof text === "string" && status !== 401 && status !== 403;
    if (!isOurs || kind === "stopped") return this.#gone(undefined);
    const details = parseMessage(error) ?? message("text.any", { text });
    return kind === "usage" ? new UsageError(details) : new WorldError(details);
  }

  #gone(cause: unknown): NodeGone {
    return new NodeGone(message("node.gone", { pid: this.#file.pid }), { cause });
  }
}

async function readBody(response: Response, signal: AbortSignal): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" ? { ...body } : {};
  } catch (error) {
    signal.throwIfAborted();
    // Cut off in the middle, or not an earshot at all: there is neither a reply nor an error in it.
    if (error instanceof SyntaxError || error instanceof TypeError) return {};
    throw error;
  }
}
