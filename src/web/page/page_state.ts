/** page.json: the port of the page, so that an open page finds a restarted node there, and the browsers that have entered. */

import { decodeBase64Url } from "../../encoding/base64url.ts";
import { isObject, parseObject } from "../shared/json_object.ts";
import { SECRET_BYTES } from "../shared/live_protocol.ts";

/** The one version that this earshot writes and understands. */
export const PAGE_STATE_VERSION = 1;
/** Browsers that stay entered; beyond it the one longest unused has to enter again. */
export const BROWSERS_MAX = 16;

/** One browser that has entered. */
export interface Browser {
  /** SHA-256 of its cookie, as base64url: other servers of this machine may see the cookie, so it is worth nothing alone. */
  readonly cookieHash: string;
  /** The key that it proves it has, as base64url. As secret as identity.json, which lies beside it. */
  readonly key: string;
  /** When it last came, wall milliseconds. */
  readonly usedAtMs: number;
}

/** What the file says. */
export interface PageState {
  readonly port: number;
  readonly browsers: readonly Browser[];
}

/** The file's text. */
export function formatPageState({ port, browsers }: PageState): string {
  const rows = browsers.map(({ cookieHash, key, usedAtMs }) => ({ cookieHash, key, usedAtMs }));
  return `${JSON.stringify({ version: PAGE_STATE_VERSION, port, browsers: rows })}\n`;
}

/** What the text says, or null if it is not a page.json of this version: then browsers enter again, which is all that is lost. */
export function parsePageState(text: string): PageState | null {
  const state = parseObject(text);
  if (state === null) return null;
  const { version, port, browsers } = state;
  if (version !== PAGE_STATE_VERSION || !isWhole(port, 65_535) || port < 1024) return null;
  if (!Array.isArray(browsers) || browsers.length > BROWSERS_MAX || !browsers.every(isBrowser)) return null;
  return { port, browsers };
}

function isBrowser(value: unknown): value is Browser {
  if (!isObject(value)) return false;
  const { cookieHash, key, usedAtMs } = value;
  return isSecret(cookieHash) && isSecret(key) && isWhole(usedAtMs, Number.MAX_SAFE_INTEGER);
}

function isSecret(value: unknown): boolean {
  return typeof value === "string" && decodeBase64Url(value, SECRET_BYTES) !== null;
}

function isWhole(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}
