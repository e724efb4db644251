/**
 * The protocol between the page in a browser and its node: types, limits and parsers for both sides. Pure and small:
 * the page contains this file, so it imports types only.
 *
 * Entering, once for each browser: the one-time link is `http://127.0.0.1:PORT/#enter=TOKEN`. The page takes the token out of
 * the address bar, sends `POST /enter` with `{"token": …}`, and gets `{"key": …}` and a cookie. Both are needed from then on:
 * browsers send the cookies of 127.0.0.1 to every server on this machine, at any port.
 *
 * Then, over the WebSocket `/live`, text frames of one JSON object each:
 *
 *     node → page   {"challenge": NONCE}
 *     page → node   {"proof": PROOF, "nonce": NONCE}        within AUTH_MS_MAX, else the node closes with 4401
 *     node → page   {"hello": {"version", "me", "instance", "proof"}}
 *
 *     page → node   {"id": 7, "command": {"do": "peers"}}
 *     node → page   {"id": 7, "reply": …}   or   {"id": 7, "error": {"kind": …, "message": …, "code": …, "values": …}}
 *     node → page   {"event": …}            a hint, at any time
 *
 * The key itself is never sent again. While earshot does not run, another user's program may listen at its port, and open
 * pages reconnect to it by themselves. With the key in the first message, that program could use the node from its next start
 * on. So each side proves its key by a keyed hash over both nonces (`proofText`), and the page sends nothing before that.
 *
 * `GET /live` without an upgrade tells a page why its socket did not open: 401 this browser has not signed in (or the node has
 * forgotten it), 503 too many pages are open, 426 all is well.
 */

import type { NodeEvent, Replies } from "../../api/commands.ts";
import type { MessageData } from "../../messages/catalogue.ts";
import type { PeerId } from "../../room/id.ts";
import { isObject, parseObject } from "../../encoding/json.ts";

/** The fragment of a one-time link, before its token. */
export const ENTER_FRAGMENT = "#enter=";
/** The path that exchanges a token for a key, and the path of the socket. */
export const ENTER_PATH = "/enter";
export const LIVE_PATH = "/live";
/** The paths of files and of uploads, before their ids (see file_routes.ts). */
export const FILE_PATH = "/file/";
export const UPLOAD_PATH = "/upload/";
/** Random bytes of tokens, keys and nonces. All are sent as base64url. */
export const SECRET_BYTES = 32;
/** Time for a page to prove its key. */
export const AUTH_MS_MAX = 5_000;
/** Bytes of a frame to the node. The longest message fits, unless nearly all of it needs escapes. */
export const FRAME_BYTES_MAX = 256 * 1024;
/** Commands of one page under way at once. Further ones fail with an error of the kind "world". */
export const COMMANDS_MAX = 64;

/** Why the node closes a socket. */
export const CLOSE_CODES = {
  /** The node stops; it may come back at the same port. */
  leaving: 1001,
  /** The page reads too slowly. It reconnects and reads everything again. */
  tooSlow: 4008,
  /** Not a message of this protocol, such as that of an older page. The page reloads itself. */
  malformed: 4400,
  /** The key was not proved. The browser needs a new one-time link. */
  notEntered: 4401,
  /** More commands in a short time than any screen needs. */
  tooMany: 4429,
} as const;

/** A message of a page. The command parser checks the command. */
export type PageMessage =
  | { readonly proof: string; readonly nonce: string }
  | { readonly id: number; readonly command: unknown };

/** A message of the node. */
export type NodeMessage =
  | { readonly challenge: string }
  | { readonly hello: Hello }
  | { readonly id: number; readonly reply: Replies[keyof Replies] }
  | { readonly id: number; readonly error: CommandError }
  | { readonly event: NodeEvent };

/** The greeting of the node, once the key is proved. */
export interface Hello {
  /** The node's version. A page of another version reloads itself. */
  readonly version: string;
  readonly me: PeerId;
  /** Random, for each run of the node: another value means that the node was restarted. */
  readonly instance: string;
  /** Proves that the node has the key too. If it is wrong, another program answers: the page closes the socket and shows nothing. */
  readonly proof: string;
}

/** Why a command was not done: what was asked cannot be, the world failed, or the node stops before it knows. */
export interface CommandError extends MessageData {
  readonly kind: "usage" | "world" | "stopped";
  /** The message in English, with commands for a shell. */
  readonly message: string;
}

/** The values that a proof covers. */
export interface ProofParts {
  /** The side that proves. Without it, a proof could be sent back as the other side's. */
  readonly side: "page" | "node";
  /** The page's port, so that a server at another port cannot forward proofs. */
  readonly port: number;
  /** The nonce of the challenge. */
  readonly nodeNonce: string;
  /** The nonce beside the page's proof. */
  readonly pageNonce: string;
}

/** The text whose HMAC-SHA-256 under the key's 32 bytes, as base64url, is the proof. */
export function proofText({ side, port, nodeNonce, pageNonce }: ProofParts): string {
  return `earshot page 1\n${side}\n${port}\n${nodeNonce}\n${pageNonce}`;
}

/** The text whose HMAC lets a page read or write a file. The query contains it as `proof`, in base64url. `path`: as in the request, without its query. */
export function fileProofText({ method, port, instance, path }: {
  readonly method: string;
  readonly port: number;
  readonly instance: string;
  readonly path: string;
}): string {
  return `earshot file 1\n${method}\n${port}\n${instance}\n${path}`;
}

/** The one-time link. */
export function entryLink(port: number, token: string): string {
  return `http://127.0.0.1:${port}/${ENTER_FRAGMENT}${token}`;
}

/** Parses a message of a page; null for anything else. */
export function parsePageMessage(text: string): PageMessage | null {
  const message = parseObject(text);
  if (message === null) return null;
  const { proof, nonce, id, command } = message;
  if (hasOnly(message, "proof", "nonce") && isSecret(proof) && isSecret(nonce)) return { proof, nonce };
  if (hasOnly(message, "id", "command") && isId(id) && isObject(command)) return { id, command };
  return null;
}

/**
 * Parses a message of the node; null for anything else, because a later version may send more. Replies and events are not
 * checked further: node and page come from one executable.
 */
export function parseNodeMessage(text: string): NodeMessage | null {
  const message = parseObject(text);
  if (message === null) return null;
  const { challenge, hello, id, reply, error, event } = message;
  if (isSecret(challenge)) return { challenge };
  if (isObject(hello)) return isHello(hello) ? { hello } : null;
  if (isObject(event)) return { event: event as NodeEvent };
  if (!isId(id)) return null;
  if (isObject(reply)) return { id, reply: reply as Replies[keyof Replies] };
  return isObject(error) && isCommandError(error) ? { id, error } : null;
}

function hasOnly(message: Record<string, unknown>, ...keys: readonly string[]): boolean {
  return Object.keys(message).length === keys.length && keys.every((key) => Object.hasOwn(message, key));
}

function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** 32 bytes as base64url. */
function isSecret(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{43}$/.test(value);
}

function isHello(value: object): value is Hello {
  const { version, me, instance, proof }: Record<string, unknown> = { ...value };
  return typeof version === "string" && typeof me === "string" && typeof instance === "string" &&
    isSecret(proof);
}

function isCommandError(value: object): value is CommandError {
  const { kind, message, code, values }: Record<string, unknown> = { ...value };
  return typeof code === "string" && typeof values === "object" &&
    (kind === "usage" || kind === "world" || kind === "stopped") && typeof message === "string";
}
