/** The browsers that have signed in. Each has a cookie, which other servers may see, and a key, which they never see. */

import type { Chance, Crypto } from "../../ports/crypto.ts";
import type { Clock } from "../../ports/time.ts";
import { encodeBase64Url } from "../../encoding/base64url.ts";
import { SECRET_BYTES } from "../shared/live_protocol.ts";
import { type Browser, BROWSERS_MAX } from "./page_state.ts";

/** How long a browser keeps the cookie, in seconds: the most that browsers take (400 days). */
const COOKIE_AGE_S = 34_560_000;
/** Precision of the last visit. Writing the file at each visit would be wasteful. */
const USED_STEP_MS = 24 * 60 * 60 * 1000;

/** The parts that known browsers use. */
export interface KnownBrowsersParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly crypto: Crypto;
}

/** The browsers that have signed in at one port. */
export class KnownBrowsers {
  readonly #parts: KnownBrowsersParts;
  readonly #port: number;
  #all: readonly Browser[];

  /** `browsers`: those that had signed in before. */
  constructor(parts: KnownBrowsersParts, { port, browsers }: { port: number; browsers: readonly Browser[] }) {
    this.#parts = parts;
    this.#port = port;
    this.#all = browsers;
  }

  /** All browsers, for page.json. */
  get all(): readonly Browser[] {
    return this.#all;
  }

  /** Adds a browser: its key, and the header that sets its cookie. The one that is unused for longest makes room. */
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

  /** The browser with one of the cookies in the header; undefined for an unknown one. */
  find(cookieHeader: string | null): Browser | undefined {
    const prefix = `${this.#cookieName}=`;
    // Another server on this machine may have set a second cookie of that name before ours.
    const hashes = (cookieHeader ?? "").split(";").map((part) => part.trim())
      .filter((part) => part.startsWith(prefix))
      .map((part) => this.#hashOf(part.slice(prefix.length)));
    return this.#all.find(({ cookieHash }) => hashes.includes(cookieHash));
  }

  /** The browser has proved its key. Whether page.json should be written. */
  use({ cookieHash }: Browser): boolean {
    const nowMs = this.#nowMs();
    const known = this.#all.find((browser) => browser.cookieHash === cookieHash);
    if (known === undefined || Math.abs(nowMs - known.usedAtMs) < USED_STEP_MS) return false;
    this.#all = this.#all.map((browser) => browser === known ? { ...browser, usedAtMs: nowMs } : browser);
    return true;
  }

  /** Browsers send cookies to all ports of a host, so each node has its own name. */
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
