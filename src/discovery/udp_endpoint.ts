/**
 * A UDP socket in use: one reader, a bounded number of pending sends, and failures that are recorded instead of
 * thrown.
 */

import { NetworkError, type NetworkReason } from "../errors.ts";
import type { Datagram, Endpoint, UdpSocket } from "../ports/network.ts";

/** Sends that the system has not accepted yet. Further ones are dropped, as a network drops datagrams. */
const SENDS_WAITING_MAX = 256;
/** Addresses with a recorded failure; later ones are not recorded. */
const PROBLEMS_MAX = 16;

/** A send that the system refused. */
export interface SendProblem {
  readonly address: string;
  readonly reason: NetworkReason;
}

/** The socket. `run` reads until `close`. */
export class UdpEndpoint {
  readonly #socket: UdpSocket;
  readonly #sends = new Set<Promise<void>>();
  readonly #problems = new Map<string, NetworkReason>();
  #bug: { readonly error: unknown } | null = null;
  #isOpen = true;

  constructor(socket: UdpSocket) {
    this.#socket = socket;
  }

  /** The port that others see. */
  get port(): number {
    return this.#socket.port;
  }

  /** False once closed, by us or by the system. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Addresses where the last send failed. */
  get problems(): readonly SendProblem[] {
    return [...this.#problems].map(([address, reason]) => ({ address, reason }));
  }

  /** Sends one datagram, or drops it if too many are pending. */
  send(bytes: Uint8Array, to: Endpoint): void {
    if (!this.#isOpen || this.#sends.size >= SENDS_WAITING_MAX) return;
    const send = this.#send(bytes, to).finally(() => this.#sends.delete(send));
    this.#sends.add(send);
  }

  /** Joins a multicast group on the interface with that address. */
  async join(group: string, interfaceAddress: string): Promise<void> {
    try {
      await this.#socket.joinGroup(group, interfaceAddress);
    } catch (error) {
      // Broadcast and unicast still reach us; some interfaces have no multicast.
      if (!(error instanceof NetworkError)) throw error;
    }
  }

  /** Passes on received datagrams until closed, then waits for pending sends. */
  async run(onDatagram: (datagram: Datagram) => void): Promise<void> {
    try {
      for (
        let datagram = await this.#socket.receive();
        datagram !== null && this.#isOpen;
        datagram = await this.#socket.receive()
      ) {
        onDatagram(datagram);
      }
    } finally {
      this.close();
      await Promise.all(this.#sends);
    }
    if (this.#bug !== null) throw this.#bug.error;
  }

  /** Stops reading and sending. May be called repeatedly. */
  close(): void {
    this.#isOpen = false;
    this.#socket.close();
  }

  async #send(bytes: Uint8Array, to: Endpoint): Promise<void> {
    try {
      await this.#socket.send(bytes, to);
      this.#problems.delete(to.address);
    } catch (error) {
      if (!(error instanceof NetworkError)) {
        this.#bug ??= { error };
        this.close();
      } else if (error.reason !== "closed") {
        this.#note({ address: to.address, reason: error.reason });
      }
    }
  }

  #note({ address, reason }: SendProblem): void {
    if (this.#problems.has(address) || this.#problems.size < PROBLEMS_MAX) {
      this.#problems.set(address, reason);
    }
  }
}
