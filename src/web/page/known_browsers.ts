/** The browsers that have entered: known by a cookie, which others may see, and a key, which they do not. */

import type { Chance, Crypto } from "../../ports/crypto.ts";
import type { Clock } from "../../ports/time.ts";
import { encodeBase64Url } from "../../encoding/base64url.ts";
import { SECRET_BYTES } from "../shared/live_protocol.ts";
import { type Browser, BROWSERS_MAX } from "./page_state.ts";

/** How long a browser keeps the cookie, in seconds: the most that browsers take (400 days). */
const COOKIE_AGE_S = 34_560_000;
/** How exactly it is kept when a browser last came: to write the file at each visit would be for nothing. */
const USED_STEP_MS = 24 * 60 * 60 * 1000;

/** What browsers need. */
export interface KnownBrowsersParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly crypto: Crypto;
}

/** The browsers that have entered at one port. */
export class KnownBrowsers {
  readonly #parts: KnownBrowsersParts;
  readonly #port: number;
  #all: readonly Browser[];

  /** Those that had entered before. */
  constructor(parts: KnownBrowsersParts, { port, browsers }: { port: number; browsers: readonly Browser[] }) {
    this.#parts = parts;
    this.#port = port;
    this.#all = browsers;
  }

  /** All of them, for the file. */
  get all(): readonly Browser[] {
    return this.#all;
  }

  /** One more: its key, and the header that gives it its cookie. Who longest did not come makes room. */
  enter(): { readonly key: string; readonly setCookie: string } {
    const { chance } = this.#parts;
    const cookie = encodeBase64Url(chance.bytes(SECRET_BYTES));
    const key = encodeBase64Url(chance.bytes(SECRET_BYTES));
    const browser: Browser = { cookieHash: this.#hashOf(cookie), key, usedAtMs: this.#nowMs() };
    const others = this.#all.toSorted((left, right) => right.usedAtMs - left.usedAtMs);
    this.#all = [browser, ...others.slice(0, BROWSERS_MAX - 1)];
    const attributes = `HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_AGE_S}`;
    return { key, setCookie: `${this.#cookieName}=${cookie}; ${attributes}` };
  }

  /** The browser whose cookie is among those of the header; undefined for a stranger. */
  find(cookieHeader: string | null): Browser | undefined {
    const prefix = `${this.#cookieName}=`;
    // Another server of this machine may have given the browser a second cookie of that name; ours is then behind it.
    const hashes = (cookieHeader ?? "").split(";").map((part) => part.trim())
      .filter((part) => part.startsWith(prefix))
      .map((part) => this.#hashOf(part.slice(prefix.length)));
    return this.#all.find(({ cookieHash }) => hashes.includes(cookieHash));
  }

  /** It has proved its key. Whether that is worth keeping. */
  use({ cookieHash }: Browser): boolean {
    const nowMs = this.#nowMs();
    const known = this.#all.find((browser) => browser.cookieHash === cookieHash);
    if (known === undefined || Math.abs(nowMs - known.usedAtMs) < USED_STEP_MS) return false;
    this.#all = this.#all.map((browser) => browser === known ? { ...browser, usedAtMs: nowMs } : browser);
    return true;
  }

  /** Cookies belong to all ports of a host, so the name tells nodes apart. */
  get #cookieName(): string {
    return `earshot-${this.#port}`;
  }

  #hashOf(cookie: string): string {
    return encodeBase64Url(this.#parts.crypto.sha256(new TextEncoder().encode(cookie)));
  }

  #nowMs(): number {
    return Math.max(0, Math.floor(this.#parts.clock.wallMs()));
  }
}
