/**
 * Decides who may use the page's address. It listens on loopback only. But a browser on this machine would carry requests of
 * any web page there: by a name that points at 127.0.0.1 (DNS rebinding), by posts and sockets from other origins, or in
 * frames. Only the method, the path and the headers are checked.
 */

import { type Message, message } from "../../messages/message.ts";
import { ENTER_PATH, FILE_PATH, LIVE_PATH, UPLOAD_PATH } from "../shared/live_protocol.ts";

/** Why a request is refused: 403 for where it comes from, 405 for how it asks. */
export interface PageRefusal {
  readonly status: 403 | 405;
  readonly details: Message;
  /** The allowed methods, with 405. */
  readonly allow?: string;
}

/** Why the request is refused, or null. */
export function checkPageRequest(request: Request, port: number): PageRefusal | null {
  const host = request.headers.get("host");
  // Host contains the name that an attacker's DNS points at 127.0.0.1.
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return { status: 403, details: message("control.wrong-host") };
  }
  const { pathname } = new URL(request.url);
  const isUpload = pathname.startsWith(UPLOAD_PATH);
  const allow = pathname === ENTER_PATH
    ? "POST"
    : isUpload
    ? "PUT, DELETE"
    : pathname === LIVE_PATH
    ? "GET"
    : "GET, HEAD";
  if (!allow.split(", ").includes(request.method)) {
    return { status: 405, details: message("page.only-method", { allow }), allow };
  }
  const isFromHere = pathname === ENTER_PATH || isUpload || request.headers.has("upgrade")
    ? isOfPage(request, host)
    : pathname === LIVE_PATH || pathname.startsWith(FILE_PATH)
    ? isAskedByPage(request)
    : isForPerson(request);
  return isFromHere ? null : { status: 403, details: message("control.from-web-page") };
}

/** For sockets and for requests that change something: browsers always send the origin with these, and no page can forge it. */
function isOfPage(request: Request, host: string): boolean {
  return request.headers.get("origin") === `http://${host}` && isAskedByPage(request);
}

/** Older browsers do not send the site of a request. Then the origin alone decides, where one is required. */
function isAskedByPage({ headers }: Request): boolean {
  return [null, "same-origin"].includes(headers.get("sec-fetch-site"));
}

/** A link from anywhere may open the page itself in its own tab. Only the page may load its files. */
function isForPerson({ headers }: Request): boolean {
  if ([null, "same-origin", "none"].includes(headers.get("sec-fetch-site"))) return true;
  return headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
}
