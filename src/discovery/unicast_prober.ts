/**
 * Sockets for hellos to addresses where perhaps nobody is. The system keeps such a datagram while it asks who has the address,
 * and counts it against its socket: on Linux for three seconds, and with 167 of them nothing more leaves that socket, not even
 * an answer to somebody else. (Measured: without scouts, whoever came during a sweep was answered two seconds late.) So these
 * hellos leave by sockets of their own, a few by each, and the interface's own socket is always free.
 */

import { NetworkError } from "../errors.ts";
import type { NetInterface, Udp } from "../ports/network.ts";
import { UdpEndpoint } from "./udp_endpoint.ts";
import { findBroadcastAddress } from "./destinations.ts";

/** Hellos that leave by one scout; well below what the system holds back. */
const HELLOS_PER_SOCKET = 96;
/** How long a scout waits behind its last hello: three seconds until that leaves at the latest, and then for the answer. */
const PROBE_SOCKET_MS = 6_000;

interface ProbeSocket {
  readonly udpEndpoint: UdpEndpoint;
  sentCount: number;
  untilMs: number;
}

/** The scouts of one interface. */
export class UnicastProber {
  readonly #network: NetInterface;
  readonly #udp: Udp;
  readonly #onOpen: (udpEndpoint: UdpEndpoint) => void;
  #sockets: readonly ProbeSocket[] = [];

  /** `onOpen`: a socket to be run until it is closed. */
  constructor(
    options: { readonly network: NetInterface; readonly udp: Udp; onOpen(udpEndpoint: UdpEndpoint): void },
  ) {
    this.#network = options.network;
    this.#udp = options.udp;
    this.#onOpen = (udpEndpoint) => options.onOpen(udpEndpoint);
  }

  /** Ports of the open ones. */
  get ports(): readonly number[] {
    return this.#sockets.map(({ udpEndpoint }) => udpEndpoint.port);
  }

  /** When the next one has waited long enough; null if none is open. */
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
      const scout = this.#sockets.find((each) => each.sentCount < HELLOS_PER_SOCKET) ??
        this.#open(bytes, port);
      if (scout === null) return;
      scout.sentCount++;
      scout.untilMs = nowMs + PROBE_SOCKET_MS;
      scout.udpEndpoint.send(bytes, { address, port });
    }
  }

  /** Closes those that have waited long enough. */
  retire(nowMs: number): void {
    for (const { udpEndpoint, untilMs } of this.#sockets) if (nowMs >= untilMs) udpEndpoint.close();
    this.#sockets = this.#sockets.filter(({ udpEndpoint }) => udpEndpoint.isOpen);
  }

  /** Closes all. */
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
      // The interface is going away, or there are no more sockets; its own socket has a problem to show then.
      if (error instanceof NetworkError) return null;
      throw error;
    }
    const scout = { udpEndpoint, sentCount: 0, untilMs: Infinity };
    this.#sockets = [...this.#sockets, scout];
    this.#onOpen(udpEndpoint);
    // A broadcast first: for three seconds Windows then lets in the answers, which come from another port than they went to.
    const broadcast = findBroadcastAddress(this.#network);
    if (broadcast !== null) udpEndpoint.send(bytes, { address: broadcast, port });
    return scout;
  }
}
