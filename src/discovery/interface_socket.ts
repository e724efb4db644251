/** One of this machine's interfaces: its socket, when it sends, how far its search is, and what was observed there. */

import { NetworkError, type NetworkReason } from "../errors.ts";
import type { Endpoint, NetInterface, Tcp, Udp } from "../ports/network.ts";
import type { Clock } from "../ports/time.ts";
import type { InterfaceStatus } from "./status_text.ts";
import { UdpEndpoint } from "./udp_endpoint.ts";
import { probeTcp } from "./tcp_probe.ts";
import { UnicastProber } from "./unicast_prober.ts";
import { SubnetSearch, type SubnetSearchEffect } from "./subnet_search.ts";
import { classifyInterface, findNetwork, listGateways } from "./destinations.ts";
import { type AnnounceEffect, AnnounceTimer } from "./announce_timer.ts";

/** After a failure; a new try means a new burst, so it must not come often. */
const REOPEN_MS = 30_000;

/** What the watch is to do by this interface. */
export type InterfaceSocketEffect = AnnounceEffect | SubnetSearchEffect;

/** What an outlet needs. */
export interface InterfaceSocketOptions {
  readonly network: NetInterface;
  readonly udp: Udp;
  /** A socket was opened: to be run until it is closed. */
  onOpen(udpEndpoint: UdpEndpoint): void;
}

/** One interface. Nothing is open before `open`. */
export class InterfaceSocket {
  readonly network: NetInterface;
  readonly #options: InterfaceSocketOptions;
  readonly #announceTimer = new AnnounceTimer();
  readonly #subnetSearch: SubnetSearch;
  readonly #prober: UnicastProber;
  readonly #refusingAddresses = new Set<string>();
  readonly #ending = new AbortController();
  #udpEndpoint: UdpEndpoint | null = null;
  #openProblem: NetworkReason | null = null;
  #openFromMs = -Infinity;
  #hellosCount = 0;
  #isEchoHeard = false;
  /** Since the last search began. */
  #isNeighbourHeard = false;
  #probesCount = 0;

  constructor(options: InterfaceSocketOptions) {
    this.network = options.network;
    this.#options = options;
    this.#subnetSearch = new SubnetSearch(options.network);
    this.#prober = new UnicastProber(options);
  }

  /** The open socket, or null. */
  get udpEndpoint(): UdpEndpoint | null {
    return this.#udpEndpoint?.isOpen ? this.#udpEndpoint : null;
  }

  /** Ports of its open sockets. */
  get ports(): readonly number[] {
    return this.udpEndpoint === null ? this.#prober.ports : [this.udpEndpoint.port, ...this.#prober.ports];
  }

  /** Seconds within which its next unasked beacon comes. */
  get beatSeconds(): number {
    return this.#announceTimer.beatSeconds;
  }

  /** When it wants a tick; null while it is not open. */
  get wakeAtMs(): number | null {
    const times = [this.#announceTimer.wakeAtMs, this.#subnetSearch.wakeAtMs, this.#prober.wakeAtMs].filter((
      at,
    ) => at !== null);
    return this.udpEndpoint === null || times.length === 0 ? null : Math.min(...times);
  }

  /** Opens the socket if it is not open and was not tried lately; says whether it did. */
  open(nowMs: number): boolean {
    if (this.udpEndpoint !== null || nowMs < this.#openFromMs) return false;
    this.#openFromMs = nowMs + REOPEN_MS;
    const { udp, network, onOpen } = this.#options;
    try {
      this.#udpEndpoint = new UdpEndpoint(udp.open({ address: network.address, port: 0 }, { shared: false }));
      this.#openProblem = null;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.#openProblem = error.reason;
      return false;
    }
    onOpen(this.#udpEndpoint);
    this.#startSearch({ isAsked: false }, nowMs);
    return true;
  }

  /** A hello to addresses where perhaps nobody is. */
  sendProbes(
    bytes: Uint8Array,
    to: { readonly addresses: readonly string[]; readonly port: number; readonly nowMs: number },
  ): void {
    this.#prober.send(bytes, to);
  }

  /** Whether the address is a device's of its network. */
  reaches(address: string): boolean {
    return findNetwork(address, [this.network]) !== null;
  }

  /** A fresh burst, and the search behind it; if it is not open, the next `open` tries it. */
  restart(options: { readonly isAsked: boolean }, nowMs: number): void {
    this.#openFromMs = -Infinity;
    this.#startSearch(options, nowMs);
  }

  /** Our name, rooms or port are new. */
  announce(nowMs: number): void {
    this.#announceTimer.handle({ kind: "announce" }, nowMs);
  }

  /** More newcomers ask here than can be answered one by one. */
  noteOverrun(
    facts: { readonly peersCount: number; readonly fraction: number },
    nowMs: number,
  ): void {
    this.#announceTimer.handle({ kind: "overrun", ...facts }, nowMs);
  }

  /** What is due. Nothing while it is not open. */
  tick(
    facts: { readonly peersCount: number; readonly fraction: number; readonly gateways: readonly string[] },
    nowMs: number,
  ): readonly InterfaceSocketEffect[] {
    if (this.udpEndpoint === null) return [];
    this.#prober.retire(nowMs);
    const sends = this.#announceTimer.handle({ kind: "tick", ...facts }, nowMs);
    this.#hellosCount += sends.filter((send) => send.what === "hello").length;
    const isSomebodyHeard = this.#isNeighbourHeard;
    return [
      ...sends,
      ...this.#subnetSearch.handle({ kind: "tick", isSomebodyHeard, gateways: facts.gateways }, nowMs),
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
    await probeTcp(addresses, {
      ...options,
      signal: this.#ending.signal,
      onResult: (address, result) => {
        if (result === "open") onOpen({ address, port });
        // That a gateway refuses says nothing about reaching the others.
        else if (!listGateways(this.network, gateways).includes(address)) {
          this.#refusingAddresses.add(address);
        }
      },
    });
    this.#probesCount--;
  }

  /** What was observed. */
  status(neighboursCount: number): InterfaceStatus {
    return {
      network: this.network,
      kind: classifyInterface(this.network),
      openProblem: this.udpEndpoint === null ? this.#openProblem ?? "closed" : null,
      hellosCount: this.#hellosCount,
      isEchoHeard: this.#isEchoHeard,
      neighboursCount,
      isSearching: this.udpEndpoint !== null &&
        (this.#probesCount > 0 || this.#subnetSearch.phase !== "done"),
      refusingCount: this.#refusingAddresses.size,
      problems: this.#udpEndpoint?.problems ?? [],
    };
  }

  /** The interface is gone, or the watch ends. */
  close(): void {
    this.#udpEndpoint?.close();
    this.#prober.close();
    this.#ending.abort();
  }

  #startSearch(options: { readonly isAsked: boolean }, nowMs: number): void {
    this.#isNeighbourHeard = false;
    this.#refusingAddresses.clear();
    this.#announceTimer.handle({ kind: "search" }, nowMs);
    this.#subnetSearch.handle({ kind: "start", ...options }, nowMs);
  }
}
