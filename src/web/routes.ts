/**
 * What the control address answers (version 1):
 *
 *     POST /v1/command   a JSON command; {"reply": …} or {"error": {"kind": …, "message": …}}
 *     POST /v1/events    JSON lines, one event each, until the node stops or the reader goes away
 *
 * Everything is a POST: no link, image or form of a page can cause any of it.
 */

import { UsageError, WorldError } from "../errors.ts";
import type { CommandRunner } from "../node/vocabulary.ts";
import type { Crypto } from "../ports.ts";
import { readJson } from "./body.ts";
import { parseCommand } from "./command_parser.ts";
import { eventStream } from "./event_stream.ts";
import { refusal } from "./guard.ts";
import type { Answer } from "./http.ts";

/** Bytes of a request's body: a message of the greatest length fits, unless nearly all of it needs escapes. */
export const BODY_BYTES_MAX = 256 * 1024;

/** What an error comes from: the world, whoever asked, or that the node stops before it knows. */
export type ErrorKind = "world" | "usage" | "stopped";

/** What routes need. */
export interface RoutesOptions {
  readonly runner: CommandRunner;
  readonly token: string;
  readonly crypto: Crypto;
  /** The node leaves: ends event streams. */
  readonly leaving: AbortSignal;
  /** It has no more time: commands that are still under way are answered that it stopped. */
  readonly stopped: AbortSignal;
  /** Hears of faults of our own; whoever asked only hears that there was one. */
  onBug(error: unknown): void;
}

/** The answer to each request. */
export function controlRoutes(options: RoutesOptions): Answer {
  return async (request, port) => {
    const { token, crypto } = options;
    const refused = refusal(request, { port, token, crypto });
    if (refused !== null) return failure(refused.status, { kind: "world", message: refused.message });
    const { pathname } = new URL(request.url);
    if (pathname !== "/v1/command" && pathname !== "/v1/events") {
      return failure(404, { kind: "usage", message: "There is nothing at this path" });
    }
    if (request.method !== "POST") {
      return failure(405, { kind: "usage", message: "Only POST is answered here" }, { allow: "POST" });
    }
    if (request.headers.get("content-type") !== "application/json") {
      return failure(415, { kind: "usage", message: "The body must be of the type application/json" });
    }
    return pathname === "/v1/command" ? await answerCommand(request, options) : answerEvents(options);
  };
}

async function answerCommand(request: Request, options: RoutesOptions): Promise<Response> {
  const body = await readJson(request, BODY_BYTES_MAX);
  if ("problem" in body) {
    return body.problem === "too-long"
      ? failure(413, { kind: "usage", message: `The command is too long: ${BODY_BYTES_MAX} bytes fit` })
      : failure(400, { kind: "usage", message: "The body is not JSON" });
  }
  const command = parseCommand(body.value);
  if ("problem" in command) return failure(400, { kind: "usage", message: command.problem });
  try {
    const reply = await unlessStopped(options.runner.run(command), options.stopped);
    if (reply !== null) return answer(200, { reply });
    return failure(503, { kind: "stopped", message: "The node was stopped before this was done" });
  } catch (error) {
    if (error instanceof UsageError) return failure(400, { kind: "usage", message: error.message });
    if (error instanceof WorldError) return failure(500, { kind: "world", message: error.message });
    options.onBug(error);
    const message = "The running earshot met a fault of its own. What was kept before is safe";
    return failure(500, { kind: "world", message });
  }
}

function answerEvents({ runner, leaving }: RoutesOptions): Response {
  return new Response(eventStream(runner, leaving), { headers: headersOf("application/x-ndjson") });
}

/** The reply, or null once the node has no more time for it. */
async function unlessStopped<T>(reply: Promise<T>, stopped: AbortSignal): Promise<T | null> {
  const end = Promise.withResolvers<null>();
  const onStop = () => end.resolve(null);
  if (stopped.aborted) onStop();
  stopped.addEventListener("abort", onStop);
  try {
    return await Promise.race([reply, end.promise]);
  } finally {
    stopped.removeEventListener("abort", onStop);
  }
}

function failure(
  status: number,
  error: { readonly kind: ErrorKind; readonly message: string },
  headers: Readonly<Record<string, string>> = {},
): Response {
  return answer(status, { error }, headers);
}

function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headersOf("application/json"), ...headers },
  });
}

/** `no-transform` keeps the server from packing the bodies: that costs time, and would hold events back. */
function headersOf(type: string): Readonly<Record<string, string>> {
  return {
    "content-type": type,
    "cache-control": "no-store, no-transform",
    "x-content-type-options": "nosniff",
  };
}
