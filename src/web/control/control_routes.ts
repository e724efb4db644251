/**
 * The answers of the control address (version 1):
 *
 *     POST /v1/command   a JSON command; {"reply": …} or {"error": {"kind": …, "message": …, "code": …, "values": …}}
 *     POST /v1/events    JSON lines, one event each, until the node stops or the reader leaves
 *     POST /v1/page      {"isFile": …}; {"reply": …} with a one-time link to the page
 *
 * Everything is a POST with a token, so no link, image or form of a web page can cause it.
 */

import { isObject } from "../../encoding/json.ts";
import { assertNever } from "../../errors.ts";
import { type Message, message } from "../../messages/message.ts";
import type { Crypto } from "../../ports/crypto.ts";
import { readJson } from "../shared/body.ts";
import { parseCommand } from "./command_parser.ts";
import { eventStream } from "./event_stream.ts";
import { checkControlRequest } from "./control_guard.ts";
import type { RequestHandler } from "../../ports/http.ts";
import type { CommandError } from "../shared/live_protocol.ts";
import { type OutcomeOptions, toCommandError, toCommandOutcome } from "../shared/outcome.ts";
import type { PageEntries } from "../shared/entry_links.ts";

/** Bytes of a request's body. The longest message fits, unless nearly all of it needs escapes. */
export const BODY_BYTES_MAX = 256 * 1024;

const PATHS = ["/v1/command", "/v1/events", "/v1/page"] as const;

/** The HTTP status of each kind of error. */
const STATUS_OF_ERROR = { usage: 400, world: 500, stopped: 503 } as const;

/** The parts that routes use. */
export interface RoutesOptions extends OutcomeOptions {
  readonly token: string;
  readonly crypto: Crypto;
  /** Makes links to the page; null if no page is served. */
  readonly page: PageEntries | null;
  /** Aborts when the node stops; event streams end then. */
  readonly leaving: AbortSignal;
}

/** The answer to each request. */
export function controlRoutes(options: RoutesOptions): RequestHandler {
  return async (request, port) => {
    const { token, crypto } = options;
    const refused = checkControlRequest(request, { port, token, crypto });
    if (refused !== null) return failure(refused.status, "world", refused.details);
    const { pathname } = new URL(request.url);
    if (!isPath(pathname)) {
      return failure(404, "usage", message("control.no-path"));
    }
    if (request.method !== "POST") {
      return failure(405, "usage", message("control.only-post"), { allow: "POST" });
    }
    if (request.headers.get("content-type") !== "application/json") {
      return failure(415, "usage", message("control.not-json-type"));
    }
    switch (pathname) {
      case "/v1/command":
        return await answerCommand(request, options);
      case "/v1/events":
        return answerEvents(options);
      case "/v1/page":
        return await answerPage(request, options);
      default:
        return assertNever(pathname);
    }
  };
}

function isPath(pathname: string): pathname is typeof PATHS[number] {
  return PATHS.some((path) => path === pathname);
}

async function answerCommand(request: Request, options: RoutesOptions): Promise<Response> {
  const body = await readJson(request, BODY_BYTES_MAX);
  if ("problem" in body) {
    return body.problem === "too-long"
      ? failure(413, "usage", message("control.too-long", { max: BODY_BYTES_MAX }))
      : failure(400, "usage", message("control.not-json"));
  }
  const command = parseCommand(body.value);
  if ("problem" in command) {
    return failure(400, "usage", message("control.bad-command", { problem: command.problem }));
  }
  const outcome = await toCommandOutcome(command, options);
  return answer("reply" in outcome ? 200 : STATUS_OF_ERROR[outcome.error.kind], outcome);
}

async function answerPage(request: Request, { page }: RoutesOptions): Promise<Response> {
  const body = await readJson(request, BODY_BYTES_MAX);
  const isFile = "value" in body && isObject(body.value) ? body.value["isFile"] : undefined;
  if (typeof isFile !== "boolean") {
    return failure(400, "usage", message("control.is-file"));
  }
  if (page !== null) return answer(200, { reply: await page.newEntry({ isFile }) });
  return failure(500, "world", message("control.no-page"));
}

function answerEvents({ runner, leaving }: RoutesOptions): Response {
  return new Response(eventStream(runner, leaving), { headers: headersOf("application/x-ndjson") });
}

function failure(
  status: number,
  kind: CommandError["kind"],
  details: Message,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return answer(status, { error: toCommandError(kind, details) }, headers);
}

function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headersOf("application/json"), ...headers },
  });
}

/** `no-transform` keeps the server from compressing bodies, which would take time and delay events. */
function headersOf(type: string): Readonly<Record<string, string>> {
  return {
    "content-type": type,
    "cache-control": "no-store, no-transform",
    "x-content-type-options": "nosniff",
  };
}
