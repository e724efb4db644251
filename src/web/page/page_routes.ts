/**
 * The answers of the page's address:
 *
 *     GET /, GET /…   the page and its files, for everybody: they contain no secret
 *     POST /enter     {"token": …} of a one-time link; {"key": …, "isKept": …} and a cookie
 *     GET /file/…, PUT /upload/…   files (see file_routes.ts)
 *     GET /live       a WebSocket for a browser that has signed in (see live_protocol.ts)
 */

import * as v from "valibot";
import { formatForShell } from "../../messages/format_message.ts";
import { type Message, message } from "../../messages/message.ts";
import { readJson } from "../shared/body.ts";
import type { KnownBrowsers } from "./known_browsers.ts";
import type { FileRoutes } from "./file_routes.ts";
import type { EntryTokens } from "./entry_tokens.ts";
import type { RequestHandler } from "../../ports/http.ts";
import type { LiveConnections } from "./live_connections.ts";
import { ENTER_PATH, FILE_PATH, LIVE_PATH, UPLOAD_PATH } from "../shared/live_protocol.ts";
import type { PageFile, PageFiles } from "./page_file.ts";
import { checkPageRequest } from "./page_guard.ts";
import { pageHeaders } from "./page_headers.ts";

/** The body of a request that signs a browser in: the token of a one-time link. */
const ENTRY = v.strictObject({ token: v.string() });

/** Bytes of the body of POST /enter: a token in its JSON. */
export const ENTRY_BYTES_MAX = 1_024;

/** The parts that the page's routes use. */
export interface PageRoutesParts {
  readonly files: PageFiles;
  readonly tokens: EntryTokens;
  readonly browsers: KnownBrowsers;
  readonly pages: LiveConnections;
  readonly fileRoutes: FileRoutes;
  /** Stores the browsers that have signed in. Whether they are on disk now. */
  keep(): Promise<boolean>;
}

/** The answer to each request. */
export function pageRoutes(parts: PageRoutesParts): RequestHandler {
  let files: Promise<ReadonlyMap<string, PageFile>> | undefined;
  return async (request, port) => {
    const refused = checkPageRequest(request, port);
    if (refused !== null) {
      const { status, details, allow } = refused;
      return failure(status, details, allow === undefined ? {} : { allow });
    }
    const { pathname } = new URL(request.url);
    if (pathname === ENTER_PATH) return await enter(request, parts);
    if (pathname === LIVE_PATH) return live(request, parts);
    if (pathname.startsWith(FILE_PATH) || pathname.startsWith(UPLOAD_PATH)) {
      const answered = await parts.fileRoutes.answer(request);
      return answered instanceof Response ? answered : failure(answered.status, answered.details);
    }
    files ??= byPath(parts.files);
    const file = (await files).get(pathname);
    if (file === undefined) return failure(404, message("control.no-path"));
    return new Response(request.method === "HEAD" ? null : file.text, { headers: pageHeaders(file.type) });
  };
}

async function byPath(files: PageFiles): Promise<ReadonlyMap<string, PageFile>> {
  return new Map((await files()).map((file) => [file.path, file]));
}

async function enter(request: Request, { tokens, browsers, keep }: PageRoutesParts): Promise<Response> {
  if (request.headers.get("content-type") !== "application/json") {
    return failure(415, message("control.not-json-type"));
  }
  const body = await readJson(request, ENTRY_BYTES_MAX);
  if ("problem" in body) {
    return body.problem === "too-long"
      ? failure(413, message("page.body-too-long"))
      : failure(400, message("control.not-json"));
  }
  const token = v.is(ENTRY, body.value) ? body.value.token : null;
  if (token === null) return failure(400, message("page.no-token"));
  if (!tokens.use(token)) {
    return failure(
      403,
      message("page.link-used"),
    );
  }
  const { key, setCookie } = browsers.enter();
  return answer(200, { key, isKept: await keep() }, { "set-cookie": setCookie });
}

function live(request: Request, { browsers, pages }: PageRoutesParts): Response {
  const browser = browsers.find(request.headers.get("cookie"));
  if (browser === undefined) return failure(401, message("page.not-entered"));
  if (pages.isFull) return failure(503, message("page.too-many"));
  return pages.open(request, browser) ??
    failure(426, message("page.only-websocket"), { upgrade: "websocket", connection: "upgrade" });
}

function failure(status: number, details: Message, headers: Readonly<Record<string, string>> = {}): Response {
  return answer(status, { error: { message: formatForShell(details), ...details } }, headers);
}

function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...pageHeaders("application/json"), ...headers },
  });
}
