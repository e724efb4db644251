/** page.json: the port of the page, where an open page finds its restarted node, and the browsers that have signed in. */

import { decodeBase64Url } from "../../encoding/base64url.ts";
import { isObject, parseObject } from "../shared/json_object.ts";
import { SECRET_BYTES } from "../shared/live_protocol.ts";

/** The only version that this earshot writes and reads. */
export const PAGE_STATE_VERSION = 1;
/** Browsers that stay signed in. With a further one, the one unused for longest has to sign in again. */
export const BROWSERS_MAX = 16;

/** A browser that has signed in. */
export interface Browser {
  /** SHA-256 of its cookie, as base64url. Other servers on this machine may see the cookie, so it gives no access alone. */
  readonly cookieHash: string;
  /** The key that it proves, as base64url. As secret as identity.json in the same folder. */
  readonly key: string;
  /** Its last visit, in milliseconds since 1970. */
  readonly usedAtMs: number;
}

/** The content of the file. */
export interface PageState {
  readonly port: number;
  readonly browsers: readonly Browser[];
}

/** The file's text. */
export function formatPageState({ port, browsers }: PageState): string {
  const rows = browsers.map(({ cookieHash, key, usedAtMs }) => ({ cookieHash, key, usedAtMs }));
  return `${JSON.stringify({ version: PAGE_STATE_VERSION, port, browsers: rows })}\n`;
}

/** Reads the text; null if it is no page.json of this version. Then browsers have to sign in again, and nothing else is lost. */
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
