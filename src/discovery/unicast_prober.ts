/**
 * Extra sockets for hellos to addresses where there may be no device. The system holds such a datagram while it
 * resolves the address, and counts it against its socket: on Linux for three seconds. With 167 of them held, that
 * socket sends nothing, not even an answer to another peer. (Measured: without these sockets, newcomers during a
 * sweep were answered two seconds late.) So these hellos use sockets of their own, a few per socket, and the
 * interface's own socket stays free.
 */

import { NetworkError } from "../errors.ts";
import type { NetInterface, Udp } from "../ports/network.ts";
import { UdpEndpoint } from "./udp_endpoint.ts";
import { findBroadcastAddress } from "./destinations.ts";

/** Hellos per socket; well below the number that the system holds. */
const HELLOS_PER_SOCKET = 96;
/** How long a socket stays open after its last hello: up to three seconds until that is sent, and time for the answer. */
const PROBE_SOCKET_MS = 6_000;

interface ProbeSocket {
  readonly udpEndpoint: UdpEndpoint;
  sentCount: number;
  untilMs: number;
}

/** The probe sockets of one interface. */
export class UnicastProber {
  readonly #network: NetInterface;
  readonly #udp: Udp;
  readonly #onOpen: (udpEndpoint: UdpEndpoint) => void;
  #sockets: readonly ProbeSocket[] = [];

  /** `onOpen`: a socket to run until it is closed. */
  constructor(
    options: { readonly network: NetInterface; readonly udp: Udp; onOpen(udpEndpoint: UdpEndpoint): void },
  ) {
    this.#network = options.network;
    this.#udp = options.udp;
    this.#onOpen = (udpEndpoint) => options.onOpen(udpEndpoint);
  }

  /** Ports of the open sockets. */
  get ports(): readonly number[] {
    return this.#sockets.map(({ udpEndpoint }) => udpEndpoint.port);
  }

  /** When the next socket expires; null if none is open. */
  get wakeAtMs(): number | null {
    return this.#sockets.length === 0 ? null : Math.min(...this.#sockets.map(({ untilMs }) => untilMs));
  }

  /** Sends the hello to each address. */
  send(
    bytes: Uint8Array,
    { addresses, port, nowMs }: {
      readonly addresses: readonly string[];
      readonly port: number;
      readonly nowMs: number;
    },
  ): void {
    for (const address of addresses) {
      const probeSocket = this.#sockets.find((each) => each.sentCount < HELLOS_PER_SOCKET) ??
        this.#open(bytes, port);
      if (probeSocket === null) return;
      probeSocket.sentCount++;
      probeSocket.untilMs = nowMs + PROBE_SOCKET_MS;
      probeSocket.udpEndpoint.send(bytes, { address, port });
    }
  }

  /** Closes expired sockets. */
  retire(nowMs: number): void {
    for (const { udpEndpoint, untilMs } of this.#sockets) if (nowMs >= untilMs) udpEndpoint.close();
    this.#sockets = this.#sockets.filter(({ udpEndpoint }) => udpEndpoint.isOpen);
  }

  /** Closes all sockets. */
  close(): void {
    this.retire(Infinity);
  }

  #open(bytes: Uint8Array, port: number): ProbeSocket | null {
    let udpEndpoint: UdpEndpoint;
    try {
      udpEndpoint = new UdpEndpoint(
        this.#udp.open({ address: this.#network.address, port: 0 }, { shared: false }),
      );
    } catch (error) {
      // The interface is going away, or no sockets are left. Its own socket then reports a problem.
      if (error instanceof NetworkError) return null;
      throw error;
    }
    const probeSocket = { udpEndpoint, sentCount: 0, untilMs: Infinity };
    this.#sockets = [...this.#sockets, probeSocket];
    this.#onOpen(udpEndpoint);
    // A broadcast first: for three seconds Windows then admits the answers, which come from a different port than the
    // hellos went to.
    const broadcast = findBroadcastAddress(this.#network);
    if (broadcast !== null) udpEndpoint.send(bytes, { address: broadcast, port });
    return probeSocket;
  }
}
