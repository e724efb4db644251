/**
 * All UDP sockets of discovery, kept in step with this machine's interfaces.
 * A shared listener on the well-known port receives all broadcasts. One socket bound to each interface's address
 * sends on that interface even without a default route, and receives the answers; so do its probe sockets during a
 * sweep. (Of several sockets that share a port only one receives unicast, so answers to the well-known port could
 * reach another node of this machine.)
 */

import { NetworkError, type NetworkReason } from "../errors.ts";
import type { NetInterface } from "../ports/network.ts";
import type { Ports } from "../ports/node_ports.ts";
import { type LocalNetworks, toEndpointKey } from "./datagram_handler.ts";
import { InterfaceSocket } from "./interface_socket.ts";
import { UdpEndpoint } from "./udp_endpoint.ts";
import { MULTICAST_GROUP, rankInterfaces } from "./destinations.ts";

/** How often the interfaces are listed: a new network is noticed within this time. */
const REFRESH_MS = 2_000;
/** A refresh that is this late, or a wall clock that jumps this far ahead, means that the machine slept. */
const SLEEP_MS = 10_000;
/** Between attempts to open the well-known port while another program occupies it. */
const RELISTEN_MS = 30_000;
/** Interfaces in use. On a machine with more, the lowest ranked stay unused. */
const INTERFACES_MAX = 32;
const ANY_ADDRESS = "0.0.0.0";

/** The inputs of the socket set. */
export interface SocketSetOptions {
  readonly ports: Pick<Ports, "clock" | "udp" | "interfaces">;
  readonly discoveryPort: number;
  /** Use only these interfaces. */
  readonly interfaceNames?: readonly string[];
  /** A socket was opened: run it until it is closed. */
  onOpen(udpEndpoint: UdpEndpoint): void;
  /** A task to await at the end. */
  onTask(task: Promise<void>): void;
}

/** The sockets of one node. Nothing is open before the first `refresh`. */
export class SocketSet {
  readonly #options: SocketSetOptions;
  readonly #interfaceSockets = new Map<string, InterfaceSocket>();
  #listener: UdpEndpoint | null = null;
  #listenProblem: NetworkReason | null = null;
  #relistenAtMs = -Infinity;
  #refreshAtMs: number;
  #wallLeadMs: number;
  #gateways: readonly string[] = [];
  /** Null if a socket was opened or closed since it was computed. */
  #localNetworks: LocalNetworks | null = null;

  constructor(options: SocketSetOptions) {
    const { clock } = options.ports;
    this.#options = options;
    this.#refreshAtMs = clock.nowMs();
    this.#wallLeadMs = clock.wallMs() - clock.nowMs();
  }

  /** The interfaces in use, most promising first. */
  get interfaceSockets(): readonly InterfaceSocket[] {
    return [...this.#interfaceSockets.values()];
  }

  /** The socket of the well-known port, or null while it is not open. */
  get listener(): UdpEndpoint | null {
    return this.#listener?.isOpen ? this.#listener : null;
  }

  /** Why the well-known port is not open, or null if it is. */
  get listenProblem(): NetworkReason | null {
    return this.listener === null ? this.#listenProblem ?? "closed" : null;
  }

  /** The networks in use, and our own endpoints there. */
  get localNetworks(): LocalNetworks {
    this.#localNetworks ??= {
      networks: this.interfaceSockets.map((interfaceSocket) => interfaceSocket.network),
      own: this.#ownEndpoints(),
    };
    return this.#localNetworks;
  }

  /** The gateways of the routing table, once it has been read. */
  get gateways(): readonly string[] {
    return this.#gateways;
  }

  /** When it needs a refresh, or one of its interfaces a tick. */
  get wakeAtMs(): number {
    const times = this.interfaceSockets.map((interfaceSocket) => interfaceSocket.wakeAtMs).filter((at) =>
      at !== null
    );
    return Math.min(this.#refreshAtMs, ...times);
  }

  /** The socket of an interface in use. */
  findInterfaceSocket(network: NetInterface): InterfaceSocket | undefined {
    return this.#interfaceSockets.get(toNetworkKey(network));
  }

  /** Starts all searches again, and lists the interfaces at the next refresh. */
  restart(options: { readonly isAsked: boolean }, nowMs: number): void {
    this.#refreshAtMs = nowMs;
    this.#relistenAtMs = -Infinity;
    for (const interfaceSocket of this.interfaceSockets) interfaceSocket.restart(options, nowMs);
    this.#readGateways();
  }

  /** If due, lists the interfaces, and opens and closes their sockets. Returns whether any came or went. */
  refresh(nowMs: number): boolean {
    if (nowMs < this.#refreshAtMs) return false;
    const { clock, interfaces } = this.#options.ports;
    const wallLeadMs = clock.wallMs() - nowMs;
    const hasSlept = nowMs - this.#refreshAtMs > SLEEP_MS || wallLeadMs - this.#wallLeadMs > SLEEP_MS;
    if (hasSlept) this.restart({ isAsked: false }, nowMs);
    this.#refreshAtMs = nowMs + REFRESH_MS;
    this.#wallLeadMs = wallLeadMs;
    const isChanged = this.#match(this.#selectUsable(interfaces.list()));
    if (isChanged) this.#readGateways();
    this.#listen(nowMs);
    for (const interfaceSocket of this.interfaceSockets) {
      if (interfaceSocket.open(nowMs)) this.#join(interfaceSocket.network);
    }
    return isChanged;
  }

  /** Closes all sockets. */
  close(): void {
    this.#listener?.close();
    for (const interfaceSocket of this.interfaceSockets) interfaceSocket.close();
  }

  #selectUsable(networks: readonly NetInterface[]): readonly NetInterface[] {
    const { interfaceNames } = this.#options;
    const wanted = networks.filter(({ name }) =>
      interfaceNames === undefined || interfaceNames.includes(name)
    );
    return rankInterfaces(wanted).slice(0, INTERFACES_MAX);
  }

  /** Matches the sockets to the networks, in their order. Returns whether any came or went. */
  #match(networks: readonly NetInterface[]): boolean {
    const before = new Map(this.#interfaceSockets);
    this.#interfaceSockets.clear();
    for (const network of networks) {
      const key = toNetworkKey(network);
      this.#interfaceSockets.set(key, before.get(key) ?? this.#createInterfaceSocket(network));
    }
    const gone = [...before].filter(([key]) => !this.#interfaceSockets.has(key));
    for (const [_key, interfaceSocket] of gone) interfaceSocket.close();
    this.#localNetworks = null;
    return gone.length > 0 || this.#interfaceSockets.size !== before.size;
  }

  #createInterfaceSocket(network: NetInterface): InterfaceSocket {
    return new InterfaceSocket({
      network,
      udp: this.#options.ports.udp,
      onOpen: (udpEndpoint) => this.#onOpen(udpEndpoint),
    });
  }

  #onOpen(udpEndpoint: UdpEndpoint): void {
    this.#localNetworks = null;
    this.#options.onOpen(udpEndpoint);
  }

  /** Opens the well-known port if it is not open. Without it this node still finds others, and they answer. */
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
    for (const { network, udpEndpoint } of this.interfaceSockets) {
      if (udpEndpoint !== null) this.#join(network);
    }
  }

  #join({ address }: NetInterface): void {
    if (this.listener !== null) this.#options.onTask(this.listener.join(MULTICAST_GROUP, address));
  }

  /**
   * In parallel with the burst: on a system where a program reads the routing table, that takes longer than the first
   * copies.
   */
  #readGateways(): void {
    const asked = this.#options.ports.interfaces.gateways();
    this.#options.onTask(asked.then((gateways) => void (this.#gateways = gateways ?? [])));
  }

  #ownEndpoints(): ReadonlySet<string> {
    const own = new Set<string>();
    for (const { network: { address }, ports } of this.interfaceSockets) {
      for (const port of ports) own.add(toEndpointKey({ address, port }));
      if (this.listener !== null) own.add(toEndpointKey({ address, port: this.listener.port }));
    }
    return own;
  }
}

function toNetworkKey({ name, address, prefixLength }: NetInterface): string {
  return `${name} ${address}/${prefixLength}`;
}
