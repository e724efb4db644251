/**
 * Decides who may use the control address. It listens on loopback only. But a browser on this machine would carry requests
 * of any web page there (DNS rebinding, cross-site posts), and programs of other users can reach it too.
 */

import { type Message, message } from "../../messages/message.ts";
import type { Crypto } from "../../ports/crypto.ts";

/** Random bytes of a token. Guessing is hopeless, so wrong tokens are not counted. */
export const TOKEN_BYTES = 32;

/** Why a request is refused. */
export interface ControlRefusal {
  /** The HTTP status. */
  readonly status: 401 | 403;
  readonly details: Message;
}

/** What a request must match. */
export interface GuardOptions {
  readonly port: number;
  readonly token: string;
  readonly crypto: Crypto;
}

/** Why the request is refused, or null. Only the headers are checked. */
export function checkControlRequest(
  request: Request,
  { port, token, crypto }: GuardOptions,
): ControlRefusal | null {
  // Host contains the name that an attacker's DNS points at 127.0.0.1.
  if (request.headers.get("host") !== `127.0.0.1:${port}`) {
    return { status: 403, details: message("control.wrong-host") };
  }
  // Only browsers send these two, and our own page never uses this address.
  if (request.headers.has("origin") || request.headers.has("sec-fetch-site")) {
    return { status: 403, details: message("control.from-web-page") };
  }
  if (!isBearer(request.headers.get("authorization"), { token, crypto })) {
    return { status: 401, details: message("control.wrong-token") };
  }
  return null;
}

/** Compares keyed hashes, so that the time tells nothing about the token. */
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
