/**
 * Who may use the page's address. It listens on loopback only, but a browser on this machine would carry the requests of
 * any web page there: by a name that points at 127.0.0.1 (DNS rebinding), by posts and sockets from other origins, in
 * frames. Looks at nothing but the method, the path and the headers.
 */

import { ENTER_PATH, FILE_PATH, LIVE_PATH, UPLOAD_PATH } from "../shared/live_protocol.ts";

/** Why a request is refused: 403 for where it comes from, 405 for how it asks. */
export interface PageRefusal {
  readonly status: 403 | 405;
  readonly message: string;
  /** The methods that would do, with 405. */
  readonly allow?: string;
}

/** Why the request is refused, or null. */
export function checkPageRequest(request: Request, port: number): PageRefusal | null {
  const host = request.headers.get("host");
  // A name that an attacker's DNS points at 127.0.0.1 stands in Host.
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return { status: 403, message: "This is not the host that the request names" };
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
    return { status: 405, message: `Only ${allow} is answered here`, allow };
  }
  const isFromHere = pathname === ENTER_PATH || isUpload || request.headers.has("upgrade")
    ? isOfPage(request, host)
    : pathname === LIVE_PATH || pathname.startsWith(FILE_PATH)
    ? isAskedByPage(request)
    : isForPerson(request);
  return isFromHere ? null : { status: 403, message: "Other web pages may not talk to this address" };
}

/** What changes something, and sockets: browsers always send the origin with these, and no page can forge it. */
function isOfPage(request: Request, host: string): boolean {
  return request.headers.get("origin") === `http://${host}` && isAskedByPage(request);
}

/** Older browsers do not tell the site of a request; then the origin alone, where one is wanted, has to do. */
function isAskedByPage({ headers }: Request): boolean {
  return [null, "same-origin"].includes(headers.get("sec-fetch-site"));
}

/** The page itself may also be opened by a link from anywhere, in a tab of its own; its files only by the page. */
function isForPerson({ headers }: Request): boolean {
  if ([null, "same-origin", "none"].includes(headers.get("sec-fetch-site"))) return true;
  return headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
}
