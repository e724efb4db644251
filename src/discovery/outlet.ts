/** One of this machine's interfaces: its socket, when it sends, how far its search is, and what was observed there. */

import { NetworkError, type NetworkReason } from "../errors.ts";
import type { Clock, Endpoint, NetInterface, Tcp, Udp } from "../ports.ts";
import type { InterfaceStatus } from "./outlook.ts";
import { Post } from "./post.ts";
import { probe } from "./probe.ts";
import { Scouts } from "./scouts.ts";
import { Search, type SearchEffect } from "./search.ts";
import { gatewaysOn, kindOf, networkOf } from "./targets.ts";
import { Trickle, type TrickleEffect } from "./trickle.ts";

/** After a failure; a new try means a new burst, so it must not come often. */
const REOPEN_MS = 30_000;

/** What the watch is to do by this interface. */
export type OutletEffect = TrickleEffect | SearchEffect;

/** What an outlet needs. */
export interface OutletOptions {
  readonly network: NetInterface;
  readonly udp: Udp;
  /** A socket was opened: to be run until it is closed. */
  onOpen(post: Post): void;
}

/** One interface. Nothing is open before `open`. */
export class Outlet {
  readonly network: NetInterface;
  readonly #options: OutletOptions;
  readonly #trickle = new Trickle();
  readonly #search: Search;
  readonly #scouts: Scouts;
  readonly #refusing = new Set<string>();
  readonly #ending = new AbortController();
  #post: Post | null = null;
  #openProblem: NetworkReason | null = null;
  #openFromMs = -Infinity;
  #hellosCount = 0;
  #isEchoHeard = false;
  /** Since the last search began. */
  #isNeighbourHeard = false;
  #probesCount = 0;

  constructor(options: OutletOptions) {
    this.network = options.network;
    this.#options = options;
    this.#search = new Search(options.network);
    this.#scouts = new Scouts(options);
  }

  /** The open socket, or null. */
  get post(): Post | null {
    return this.#post?.isOpen ? this.#post : null;
  }

  /** Ports of its open sockets. */
  get ports(): readonly number[] {
    return this.post === null ? this.#scouts.ports : [this.post.port, ...this.#scouts.ports];
  }

  /** Seconds within which its next unasked beacon comes. */
  get beatSeconds(): number {
    return this.#trickle.beatSeconds;
  }

  /** When it wants a tick; null while it is not open. */
  get wakeAtMs(): number | null {
    const times = [this.#trickle.wakeAtMs, this.#search.wakeAtMs, this.#scouts.wakeAtMs].filter((at) =>
      at !== null
    );
    return this.post === null || times.length === 0 ? null : Math.min(...times);
  }

  /** Opens the socket if it is not open and was not tried lately; says whether it did. */
  open(nowMs: number): boolean {
    if (this.post !== null || nowMs < this.#openFromMs) return false;
    this.#openFromMs = nowMs + REOPEN_MS;
    const { udp, network, onOpen } = this.#options;
    try {
      this.#post = new Post(udp.open({ address: network.address, port: 0 }, { shared: false }));
      this.#openProblem = null;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.#openProblem = error.reason;
      return false;
    }
    onOpen(this.#post);
    this.#startSearch({ isAsked: false }, nowMs);
    return true;
  }

  /** A hello to addresses where perhaps nobody is. */
  scout(
    bytes: Uint8Array,
    to: { readonly addresses: readonly string[]; readonly port: number; readonly nowMs: number },
  ): void {
    this.#scouts.send(bytes, to);
  }

  /** Whether the address is a device's of its network. */
  reaches(address: string): boolean {
    return networkOf(address, [this.network]) !== null;
  }

  /** A fresh burst, and the search behind it; if it is not open, the next `open` tries it. */
  restart(options: { readonly isAsked: boolean }, nowMs: number): void {
    this.#openFromMs = -Infinity;
    this.#startSearch(options, nowMs);
  }

  /** Our name, rooms or port are new. */
  announce(nowMs: number): void {
    this.#trickle.handle({ kind: "announce" }, nowMs);
  }

  /** More newcomers ask here than can be answered one by one. */
  noteOverrun(
    facts: { readonly peersCount: number; readonly fraction: number },
    nowMs: number,
  ): void {
    this.#trickle.handle({ kind: "overrun", ...facts }, nowMs);
  }

  /** What is due. Nothing while it is not open. */
  tick(
    facts: { readonly peersCount: number; readonly fraction: number; readonly gateways: readonly string[] },
    nowMs: number,
  ): readonly OutletEffect[] {
    if (this.post === null) return [];
    this.#scouts.retire(nowMs);
    const sends = this.#trickle.handle({ kind: "tick", ...facts }, nowMs);
    this.#hellosCount += sends.filter((send) => send.what === "hello").length;
    const isSomebodyHeard = this.#isNeighbourHeard;
    return [
      ...sends,
      ...this.#search.handle({ kind: "tick", isSomebodyHeard, gateways: facts.gateways }, nowMs),
    ];
  }

  /** Our own broadcast came back. */
  noteEcho(): void {
    this.#isEchoHeard = true;
  }

  /** Another device was heard. */
  noteNeighbour(): void {
    this.#isNeighbourHeard = true;
  }

  /** Tries the addresses' rendezvous port by TCP until done or closed. `onOpen`: something listens there. */
  async probe(addresses: readonly string[], options: {
    readonly tcp: Tcp;
    readonly clock: Clock;
    readonly port: number;
    readonly gateways: readonly string[];
    onOpen(endpoint: Endpoint): void;
  }): Promise<void> {
    const { port, gateways, onOpen } = options;
    this.#probesCount++;
    await probe(addresses, {
      ...options,
      signal: this.#ending.signal,
      onResult: (address, result) => {
        if (result === "open") onOpen({ address, port });
        // That a gateway refuses says nothing about reaching the others.
        else if (!gatewaysOn(this.network, gateways).includes(address)) this.#refusing.add(address);
      },
    });
    this.#probesCount--;
  }

  /** What was observed. */
  status(neighboursCount: number): InterfaceStatus {
    return {
      network: this.network,
      kind: kindOf(this.network),
      openProblem: this.post === null ? this.#openProblem ?? "closed" : null,
      hellosCount: this.#hellosCount,
      isEchoHeard: this.#isEchoHeard,
      neighboursCount,
      isSearching: this.post !== null && (this.#probesCount > 0 || this.#search.phase !== "done"),
      refusingCount: this.#refusing.size,
      problems: this.#post?.problems ?? [],
    };
  }

  /** The interface is gone, or the watch ends. */
  close(): void {
    this.#post?.close();
    this.#scouts.close();
    this.#ending.abort();
  }

  #startSearch(options: { readonly isAsked: boolean }, nowMs: number): void {
    this.#isNeighbourHeard = false;
    this.#refusing.clear();
    this.#trickle.handle({ kind: "search" }, nowMs);
    this.#search.handle({ kind: "start", ...options }, nowMs);
  }
}
