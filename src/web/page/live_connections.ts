/** The open pages: their sockets, commands and events. */

import type { NodeApi } from "../../api/node_api.ts";
import type { Chance, Crypto } from "../../ports/crypto.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import { encodeBase64Url } from "../../encoding/base64url.ts";
import type { PeerId } from "../../room/id.ts";
import type { Http, LiveSocket } from "../../ports/http.ts";
import { type NodeMessage, SECRET_BYTES } from "../shared/live_protocol.ts";
import { type LiveInput, LiveSession } from "./live_session.ts";
import { toCommandOutcome } from "../shared/outcome.ts";
import type { Browser } from "./page_state.ts";

/** Open sockets at once, including those without a proved key. Further ones are refused. */
export const PAGES_MAX = 32;
/** Bytes that may wait for a page, besides the longest reply under way. A page with more is closed, and reads everything again when it reconnects. */
export const WAITING_BYTES_MAX = 8 * 1024 * 1024;
/** Most UTF-8 bytes of a UTF-16 unit. */
const BYTES_PER_UNIT_MAX = 3;
/** Random bytes that identify this run of the node. */
const INSTANCE_BYTES = 9;

/** The parts that pages use. */
export interface LiveConnectionsParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly crypto: Crypto;
  readonly http: Pick<Http, "upgrade">;
  readonly runner: NodeApi;
  readonly port: number;
  readonly me: PeerId;
  readonly version: string;
  /** A browser has proved its key. */
  onEntered(browser: Browser): void;
  onBug(error: unknown): void;
}

interface Page {
  readonly session: LiveSession;
  readonly browser: Browser;
  readonly timer: Timer;
  /** Aborts when the page has left. */
  readonly gone: AbortController;
  readonly socket: LiveSocket;
  /** Bytes that may wait at this moment. */
  waitingBytesMax: number;
}

/** The open pages of one node. */
export class LiveConnections {
  readonly #parts: LiveConnectionsParts;
  /** Identifies this run of the node. */
  readonly instance: string;
  readonly #pages = new Set<Page>();
  /** Loops that send events; each ends with its page. */
  readonly #tellers = new Set<Promise<void>>();
  #isClosed = false;

  constructor(parts: LiveConnectionsParts) {
    this.#parts = parts;
    this.instance = encodeBase64Url(parts.chance.bytes(INSTANCE_BYTES));
  }

  /** Whether the limit of pages is reached, or the node stops. */
  get isFull(): boolean {
    return this.#isClosed || this.#pages.size >= PAGES_MAX;
  }

  /** Upgrades the browser's request to a socket; null if the request is no handshake. */
  open(request: Request, browser: Browser): Response | null {
    const { http, clock } = this.#parts;
    const upgraded = http.upgrade(request, {
      onOpen: () => this.#handle(page, { kind: "opened" }),
      onText: (text) => this.#handle(page, { kind: "text", text }),
      onBytes: () => this.#handle(page, { kind: "bytes" }),
      onClose: () => this.#forget(page),
    });
    if (upgraded === null) return null;
    const page: Page = {
      session: this.#sessionOf(browser),
      browser,
      timer: clock.timer(() => this.#handle(page, { kind: "woken" })),
      gone: new AbortController(),
      socket: upgraded.socket,
      waitingBytesMax: WAITING_BYTES_MAX,
    };
    this.#pages.add(page);
    return upgraded.response;
  }

  /** Tells all pages that the node stops, and refuses further ones. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const page of this.#pages) {
      this.#handle(page, { kind: "leaving" });
      this.#forget(page);
    }
    await Promise.all(this.#tellers);
  }

  #sessionOf({ key }: Browser): LiveSession {
    const { chance, crypto, port, version, me } = this.#parts;
    const nonce = encodeBase64Url(chance.bytes(SECRET_BYTES));
    return new LiveSession({ crypto, port, nonce, key, version, me, instance: this.instance });
  }

  #handle(page: Page, input: LiveInput): void {
    const { clock, onEntered } = this.#parts;
    const nowMs = clock.nowMs();
    for (const effect of page.session.handle(input, nowMs)) {
      switch (effect.kind) {
        case "send":
          this.#send(page, effect.message);
          break;
        case "entered":
          onEntered(page.browser);
          this.#own(this.#tell(page));
          break;
        case "run":
          // Only the page waits for it, and a command may take a day. It ends with the node at the latest.
          this.#run(page, effect).catch(this.#parts.onBug);
          break;
        case "close":
          page.gone.abort();
          page.socket.close(effect.code);
          break;
      }
    }
    page.timer.wakeAt(page.gone.signal.aborted ? null : page.session.wakeAtMs);
  }

  async #run(
    page: Page,
    { id, command }: { readonly id: number; readonly command: Parameters<typeof toCommandOutcome>[0] },
  ): Promise<void> {
    const { runner, onBug } = this.#parts;
    const outcome = await toCommandOutcome(command, { runner, stopped: page.gone.signal, onBug });
    this.#handle(
      page,
      "reply" in outcome ? { kind: "reply", id, ...outcome } : { kind: "error", id, ...outcome },
    );
  }

  async #tell(page: Page): Promise<void> {
    for await (const event of this.#parts.runner.events(page.gone.signal)) {
      this.#handle(page, { kind: "event", event });
    }
  }

  /** A reply may be as long as a whole conversation, which is no sign of a slow page. A queue behind it is. */
  #send(page: Page, message: NodeMessage): void {
    const text = JSON.stringify(message);
    const waitingBytes = page.socket.bufferedBytes;
    if (waitingBytes === 0) page.waitingBytesMax = WAITING_BYTES_MAX;
    if (waitingBytes > page.waitingBytesMax) return this.#handle(page, { kind: "slow" });
    const withThis = text.length * BYTES_PER_UNIT_MAX + WAITING_BYTES_MAX;
    if ("reply" in message) page.waitingBytesMax = Math.max(page.waitingBytesMax, withThis);
    page.socket.send(text);
  }

  #own(teller: Promise<void>): void {
    const owned: Promise<void> = teller.catch(this.#parts.onBug).finally(() => this.#tellers.delete(owned));
    this.#tellers.add(owned);
  }

  #forget(page: Page): void {
    page.gone.abort();
    page.timer[Symbol.dispose]();
    this.#pages.delete(page);
  }
}
