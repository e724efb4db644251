/**
 * Who may use the control address. It listens on loopback only, but a browser on this machine would carry any web
 * page's requests there (DNS rebinding, cross-site posts), and so would every other user's programs.
 */

import { type Message, message } from "../../messages/message.ts";
import type { Crypto } from "../../ports/crypto.ts";

/** Random bytes of a token: out of reach of guessing, so wrong ones need not be counted. */
export const TOKEN_BYTES = 32;

/** Why a request is refused. */
export interface ControlRefusal {
  /** The HTTP status. */
  readonly status: 401 | 403;
  readonly details: Message;
}

/** What an allowed request must fit. */
export interface GuardOptions {
  readonly port: number;
  readonly token: string;
  readonly crypto: Crypto;
}

/** Why the request is refused, or null. Looks at nothing but the headers. */
export function checkControlRequest(
  request: Request,
  { port, token, crypto }: GuardOptions,
): ControlRefusal | null {
  // A name that an attacker's DNS points at 127.0.0.1 stands in Host.
  if (request.headers.get("host") !== `127.0.0.1:${port}`) {
    return { status: 403, details: message("control.wrong-host") };
  }
  // Only browsers send these two, and no page of ours talks to this address.
  if (request.headers.has("origin") || request.headers.has("sec-fetch-site")) {
    return { status: 403, details: message("control.from-web-page") };
  }
  if (!isBearer(request.headers.get("authorization"), { token, crypto })) {
    return { status: 401, details: message("control.wrong-token") };
  }
  return null;
}

/** Compares keyed hashes: how long that takes says nothing about the token, whatever was sent. */
function isBearer(
  header: string | null,
  { token, crypto }: { readonly token: string; readonly crypto: Crypto },
): boolean {
  const bytes = new TextEncoder();
  const key = bytes.encode(token);
  const wanted = crypto.hmacSha256(key, bytes.encode(`Bearer ${token}`));
  const given = crypto.hmacSha256(key, bytes.encode(header ?? ""));
  return wanted.every((byte, index) => byte === given[index]);
}
