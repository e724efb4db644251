/**
 * All UDP sockets of discovery, matched to this machine's interfaces as they come and go.
 *
 * A shared listener on the well-known port hears everybody's broadcasts. One socket bound to each interface's address sends by
 * that interface even without a default route, and hears the answers; so do its scouts while it is swept. (Of several sockets that share a port
 * only one hears unicast, so answers to the well-known port could end at another node of this machine.)
 */

import { NetworkError, type NetworkReason } from "../errors.ts";
import type { NetInterface } from "../ports/network.ts";
import type { Ports } from "../ports/node_ports.ts";
import { type DatagramSource, endpointKey } from "./datagram_handler.ts";
import { InterfaceSocket } from "./interface_socket.ts";
import { UdpEndpoint } from "./udp_endpoint.ts";
import { MULTICAST_GROUP, rankInterfaces } from "./destinations.ts";

/** How often the interfaces are listed: a new network is noticed within this time. */
const LOOK_MS = 2_000;
/** A look that comes so much too late, or a wall clock that jumps ahead so far, means that the machine slept. */
const SLEEP_MS = 10_000;
/** Between tries to open the well-known port, while another program has it. */
const RELISTEN_MS = 30_000;
/** Interfaces in use; on a machine with more, the lowest ranked are left alone. */
const OUTLETS_MAX = 32;
const ANY_ADDRESS = "0.0.0.0";

/** What the sockets need. */
export interface SocketSetOptions {
  readonly ports: Pick<Ports, "clock" | "udp" | "interfaces">;
  readonly discoveryPort: number;
  /** Only these interfaces. */
  readonly interfaceNames?: readonly string[];
  /** A socket was opened: to be run until it is closed. */
  onOpen(udpEndpoint: UdpEndpoint): void;
  /** Something to be waited for when all ends. */
  onTask(task: Promise<void>): void;
}

/** The sockets of one node. Nothing is open before the first `look`. */
export class SocketSet {
  readonly #options: SocketSetOptions;
  readonly #outlets = new Map<string, InterfaceSocket>();
  #listener: UdpEndpoint | null = null;
  #listenProblem: NetworkReason | null = null;
  #relistenAtMs = -Infinity;
  #lookAtMs: number;
  #wallLeadMs: number;
  #gateways: readonly string[] = [];
  /** Null when something was opened or closed since it was made. */
  #place: DatagramSource | null = null;

  constructor(options: SocketSetOptions) {
    const { clock } = options.ports;
    this.#options = options;
    this.#lookAtMs = clock.nowMs();
    this.#wallLeadMs = clock.wallMs() - clock.nowMs();
  }

  /** One for each interface in use, the most promising first. */
  get outlets(): readonly InterfaceSocket[] {
    return [...this.#outlets.values()];
  }

  /** The well-known port's socket, or null while it cannot be opened. */
  get listener(): UdpEndpoint | null {
    return this.#listener?.isOpen ? this.#listener : null;
  }

  /** Why the well-known port is not open, or null if it is. */
  get listenProblem(): NetworkReason | null {
    return this.listener === null ? this.#listenProblem ?? "closed" : null;
  }

  /** The networks in use, and our own endpoints there. */
  get place(): DatagramSource {
    this.#place ??= {
      networks: this.outlets.map((interfaceSocket) => interfaceSocket.network),
      own: this.#ownEndpoints(),
    };
    return this.#place;
  }

  /** The routing table's gateways, once it has been read. */
  get gateways(): readonly string[] {
    return this.#gateways;
  }

  /** When it wants a look, or a tick for one of its outlets. */
  get wakeAtMs(): number {
    const times = this.outlets.map((interfaceSocket) => interfaceSocket.wakeAtMs).filter((at) => at !== null);
    return Math.min(this.#lookAtMs, ...times);
  }

  /** The outlet of an interface in use. */
  outletOf(network: NetInterface): InterfaceSocket | undefined {
    return this.#outlets.get(networkKey(network));
  }

  /** Everything searches anew, and the interfaces are listed at the next look. */
  restart(options: { readonly isAsked: boolean }, nowMs: number): void {
    this.#lookAtMs = nowMs;
    this.#relistenAtMs = -Infinity;
    for (const interfaceSocket of this.outlets) interfaceSocket.restart(options, nowMs);
    this.#askGateways();
  }

  /** If it is time, lists the interfaces, and opens and closes what came and went; says whether any did. */
  look(nowMs: number): boolean {
    if (nowMs < this.#lookAtMs) return false;
    const { clock, interfaces } = this.#options.ports;
    const wallLeadMs = clock.wallMs() - nowMs;
    const hasSlept = nowMs - this.#lookAtMs > SLEEP_MS || wallLeadMs - this.#wallLeadMs > SLEEP_MS;
    if (hasSlept) this.restart({ isAsked: false }, nowMs);
    this.#lookAtMs = nowMs + LOOK_MS;
    this.#wallLeadMs = wallLeadMs;
    const isChanged = this.#match(this.#usable(interfaces.list()));
    if (isChanged) this.#askGateways();
    this.#listen(nowMs);
    for (const interfaceSocket of this.outlets) {
      if (interfaceSocket.open(nowMs)) this.#join(interfaceSocket.network);
    }
    return isChanged;
  }

  /** Closes all. */
  close(): void {
    this.#listener?.close();
    for (const interfaceSocket of this.outlets) interfaceSocket.close();
  }

  #usable(networks: readonly NetInterface[]): readonly NetInterface[] {
    const { interfaceNames } = this.#options;
    const wanted = networks.filter(({ name }) =>
      interfaceNames === undefined || interfaceNames.includes(name)
    );
    return rankInterfaces(wanted).slice(0, OUTLETS_MAX);
  }

  /** Makes the outlets those of the networks, in their order, and says whether any came or went. */
  #match(networks: readonly NetInterface[]): boolean {
    const before = new Map(this.#outlets);
    this.#outlets.clear();
    for (const network of networks) {
      const key = networkKey(network);
      this.#outlets.set(key, before.get(key) ?? this.#outletFor(network));
    }
    const gone = [...before].filter(([key]) => !this.#outlets.has(key));
    for (const [_key, interfaceSocket] of gone) interfaceSocket.close();
    this.#place = null;
    return gone.length > 0 || this.#outlets.size !== before.size;
  }

  #outletFor(network: NetInterface): InterfaceSocket {
    return new InterfaceSocket({
      network,
      udp: this.#options.ports.udp,
      onOpen: (udpEndpoint) => this.#onOpen(udpEndpoint),
    });
  }

  #onOpen(udpEndpoint: UdpEndpoint): void {
    this.#place = null;
    this.#options.onOpen(udpEndpoint);
  }

  /** Opens the well-known port if it is not open. Without it we still find others, and they answer. */
  #listen(nowMs: number): void {
    if (this.listener !== null || nowMs < this.#relistenAtMs) return;
    this.#relistenAtMs = nowMs + RELISTEN_MS;
    try {
      const at = { address: ANY_ADDRESS, port: this.#options.discoveryPort };
      this.#listener = new UdpEndpoint(this.#options.ports.udp.open(at, { shared: true }));
      this.#listenProblem = null;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.#listenProblem = error.reason;
      return;
    }
    this.#onOpen(this.#listener);
    for (const { network, udpEndpoint } of this.outlets) if (udpEndpoint !== null) this.#join(network);
  }

  #join({ address }: NetInterface): void {
    if (this.listener !== null) this.#options.onTask(this.listener.join(MULTICAST_GROUP, address));
  }

  /** Beside the burst: a system that starts a program to read its routing table takes longer than the first copies. */
  #askGateways(): void {
    const asked = this.#options.ports.interfaces.gateways();
    this.#options.onTask(asked.then((gateways) => void (this.#gateways = gateways)));
  }

  #ownEndpoints(): ReadonlySet<string> {
    const own = new Set<string>();
    for (const { network: { address }, ports } of this.outlets) {
      for (const port of ports) own.add(endpointKey({ address, port }));
      if (this.listener !== null) own.add(endpointKey({ address, port: this.listener.port }));
    }
    return own;
  }
}

function networkKey({ name, address, prefixLength }: NetInterface): string {
  return `${name} ${address}/${prefixLength}`;
}
