/** page.json: the port of the page, where an open page finds its restarted node, and the browsers that have signed in. */

import * as v from "valibot";
import { decodeBase64Url } from "../../encoding/base64url.ts";
import { PORT_MAX, SESSION_PORT_MIN } from "../../encoding/network_address.ts";
import { parseJsonAs } from "../../encoding/parse_json_as.ts";
import { SECRET_BYTES } from "../shared/live_protocol.ts";

/** The only version that this earshot writes and reads. */
export const PAGE_STATE_VERSION = 1;
/** Browsers that stay signed in. With a further one, the one unused for longest has to sign in again. */
export const BROWSERS_MAX = 16;

/** Secrets and hashes, as base64url. */
const SECRET = v.pipe(v.string(), v.check((text) => decodeBase64Url(text, SECRET_BYTES) !== null));
const BROWSER = v.object({
  cookieHash: SECRET,
  key: SECRET,
  usedAtMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});
const PAGE_STATE = v.object({
  version: v.literal(PAGE_STATE_VERSION),
  port: v.pipe(v.number(), v.integer(), v.minValue(SESSION_PORT_MIN), v.maxValue(PORT_MAX)),
  browsers: v.pipe(v.array(BROWSER), v.maxLength(BROWSERS_MAX)),
});

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
  const state = parseJsonAs(PAGE_STATE, text);
  return state === null ? null : { port: state.port, browsers: state.browsers };
}
