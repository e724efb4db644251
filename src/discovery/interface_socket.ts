/** One network interface of this machine: its socket, its timers, its search, and what was observed there. */

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

/** The delay after a failure. Each new try starts a burst, so it must be rare. */
const REOPEN_MS = 30_000;

/** The actions of one interface. */
export type InterfaceSocketEffect = AnnounceEffect | SubnetSearchEffect;

/** The inputs of an interface. */
export interface InterfaceSocketOptions {
  readonly network: NetInterface;
  readonly udp: Udp;
  /** A socket was opened: run it until it is closed. */
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

  /** Seconds until its next unsolicited beacon at the latest. */
  get beatSeconds(): number {
    return this.#announceTimer.beatSeconds;
  }

  /** When it needs a tick; null while it is not open. */
  get wakeAtMs(): number | null {
    const times = [this.#announceTimer.wakeAtMs, this.#subnetSearch.wakeAtMs, this.#prober.wakeAtMs].filter((
      at,
    ) => at !== null);
    return this.udpEndpoint === null || times.length === 0 ? null : Math.min(...times);
  }

  /** Opens the socket unless it is open or was tried recently. Returns whether it did. */
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

  /** Sends a hello to addresses where there may be no device. */
  sendProbes(
    bytes: Uint8Array,
    to: { readonly addresses: readonly string[]; readonly port: number; readonly nowMs: number },
  ): void {
    this.#prober.send(bytes, to);
  }

  /** Whether the address belongs to a device of its network. */
  reaches(address: string): boolean {
    return findNetwork(address, [this.network]) !== null;
  }

  /** Starts a new burst and search. If it is not open, the next `open` tries again. */
  restart(options: { readonly isAsked: boolean }, nowMs: number): void {
    this.#openFromMs = -Infinity;
    this.#startSearch(options, nowMs);
  }

  /** Our name, rooms or port changed. */
  announce(nowMs: number): void {
    this.#announceTimer.handle({ kind: "announce" }, nowMs);
  }

  /** More newcomers ask here than can be answered individually. */
  noteOverrun(
    facts: { readonly peersCount: number; readonly fraction: number },
    nowMs: number,
  ): void {
    this.#announceTimer.handle({ kind: "overrun", ...facts }, nowMs);
  }

  /** The due actions; none while it is not open. */
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

  /** Connects to the addresses' rendezvous port by TCP until done or closed. `onOpen`: a program listens there. */
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
        // A refusing gateway proves nothing about other devices.
        else if (!listGateways(this.network, gateways).includes(address)) {
          this.#refusingAddresses.add(address);
        }
      },
    });
    this.#probesCount--;
  }

  /** The observed facts. */
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

  /** Closes the interface for good. */
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
