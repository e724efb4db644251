/**
 * What the page in a browser and its node say to each other: types, limits and parsers, for both sides. Pure, and small:
 * the page carries this file, so it imports types only.
 *
 * Entering, once for each browser: the one-time link is `http://127.0.0.1:PORT/#enter=TOKEN`. The page takes the token out of
 * the address bar, sends `POST /enter` with `{"token": …}`, and gets `{"key": …}` and a cookie. Both are needed from then on:
 * every server on this machine gets to see the cookies of 127.0.0.1, whatever its port.
 *
 * Then, over the WebSocket `/live`, text frames of one JSON object each:
 *
 *     node → page   {"challenge": NONCE}
 *     page → node   {"proof": PROOF, "nonce": NONCE}        within AUTH_MS_MAX, else the node closes with 4401
 *     node → page   {"hello": {"version", "me", "instance", "proof"}}
 *
 *     page → node   {"id": 7, "command": {"do": "peers"}}
 *     node → page   {"id": 7, "reply": …}   or   {"id": 7, "error": {"kind": …, "message": …, "code": …, "values": …}}
 *     node → page   {"event": …}            a hint, whenever there is one
 *
 * The key itself never travels again. While earshot does not run, another user's program may listen at its port, and open
 * pages come back to it by themselves: with the key in the first message it would own the node from its next start on. So each
 * side proves that it has the key, by a keyed hash over both nonces (`proofText`), and the page says nothing before that.
 *
 * `GET /live` without an upgrade tells a page why its socket did not open: 401 this browser has not entered (or the node has
 * forgotten it), 503 too many pages are open, 426 all is well.
 */

import type { NodeEvent, Replies } from "../../api/commands.ts";
import type { MessageData } from "../../messages/catalogue.ts";
import type { PeerId } from "../../room/id.ts";
import { isObject, parseObject } from "./json_object.ts";

/** What stands before the token in the fragment of a one-time link. */
export const ENTER_FRAGMENT = "#enter=";
/** Where the token is exchanged, and where the socket is. */
export const ENTER_PATH = "/enter";
export const LIVE_PATH = "/live";
/** What stands before the id of a file, and of an upload (see file_routes.ts). */
export const FILE_PATH = "/file/";
export const UPLOAD_PATH = "/upload/";
/** Random bytes of tokens, keys and nonces; all travel as base64url. */
export const SECRET_BYTES = 32;
/** Time for a page to prove its key. */
export const AUTH_MS_MAX = 5_000;
/** Bytes of a frame to the node: a message of the greatest length fits, unless nearly all of it needs escapes. */
export const FRAME_BYTES_MAX = 256 * 1024;
/** Commands of one page that are under way; those beyond it are refused with an error of the kind "world". */
export const COMMANDS_MAX = 64;

/** Why the node closes a socket. */
export const CLOSE_CODES = {
  /** The node stops; it may come back at the same port. */
  leaving: 1001,
  /** The page read too slowly: it comes back and reads the state anew. */
  tooSlow: 4008,
  /** Not a message of this protocol: an older page in front of a newer node; it loads itself anew. */
  malformed: 4400,
  /** The key was not proved: only a new one-time link helps. */
  notEntered: 4401,
  /** More commands in a short time than any screen needs. */
  tooMany: 4429,
} as const;

/** What a page says to its node. What a command is is for the command parser. */
export type PageMessage =
  | { readonly proof: string; readonly nonce: string }
  | { readonly id: number; readonly command: unknown };

/** What a node says to its page. */
export type NodeMessage =
  | { readonly challenge: string }
  | { readonly hello: Hello }
  | { readonly id: number; readonly reply: Replies[keyof Replies] }
  | { readonly id: number; readonly error: CommandError }
  | { readonly event: NodeEvent };

/** The node knows the page. */
export interface Hello {
  /** The node's version; a page of another version loads itself anew. */
  readonly version: string;
  readonly me: PeerId;
  /** A random word of this start: another one means that the node was started anew. */
  readonly instance: string;
  /** That the node has the key, too. A page that finds it wrong talks to somebody else: it closes and shows nothing. */
  readonly proof: string;
}

/** Why a command was not done: what was asked cannot be, the world failed, or the node stops before it knows. */
export interface CommandError extends MessageData {
  readonly kind: "usage" | "world" | "stopped";
  /** The message in English, with commands for a shell. */
  readonly message: string;
}

/** What a proof is made over. */
export interface ProofParts {
  /** Whose proof it is: without that, one side's could be sent back as the other's. */
  readonly side: "page" | "node";
  /** The page's port: nobody at another one can pass proofs on. */
  readonly port: number;
  /** Of the challenge. */
  readonly nodeNonce: string;
  /** Beside the page's proof. */
  readonly pageNonce: string;
}

/** The text whose HMAC-SHA-256 under the key's 32 bytes, as base64url, is the proof. */
export function proofText({ side, port, nodeNonce, pageNonce }: ProofParts): string {
  return `earshot page 1\n${side}\n${port}\n${nodeNonce}\n${pageNonce}`;
}

/** What a page proves its key over, to get or to bring a file: base64url of the HMAC stands in the query as `proof`. `path`: as in the request, without its query. */
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

/** What a page said, or null for anything else. */
export function parsePageMessage(text: string): PageMessage | null {
  const message = parseObject(text);
  if (message === null) return null;
  const { proof, nonce, id, command } = message;
  if (hasOnly(message, "proof", "nonce") && isSecret(proof) && isSecret(nonce)) return { proof, nonce };
  if (hasOnly(message, "id", "command") && isId(id) && isObject(command)) return { id, command };
  return null;
}

/**
 * What the node said, or null for anything else: a later version may say more. Its replies and events are believed
 * as they are: a page shows what its own node says, and node and page come from one executable.
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
