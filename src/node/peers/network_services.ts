/** A node's sockets: the door and discovery, opened together and closed together. */

import { type DiscoveryLoop, startDiscovery } from "../../discovery/discovery_loop.ts";
import { WELL_KNOWN_PORT } from "../../discovery/destinations.ts";
import { NetworkError, WorldError } from "../../errors.ts";
import {
  type Arrival,
  type RendezvousOptions,
  type RendezvousServer,
  startRendezvousServer,
} from "../../host/rendezvous_server.ts";
import type { PortRange } from "../../ports/network.ts";
import type { Signer } from "../../ports/crypto.ts";
import type { Endpoint } from "../../ports/network.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { PeerId } from "../../room/id.ts";
import { RENDEZVOUS_PORT } from "../support/address.ts";

export interface NetworkServicesOptions {
  readonly ports: Ports;
  readonly signer: Signer;
  readonly me: PeerId;
  readonly instance: number;
  readonly name: string;
  /** What our device is worth as a host. */
  readonly merit: number;
  /** Null for 9999 or the next free one; else exactly this. */
  readonly port: number | null;
  readonly discoveryPort: number | null;
  readonly interfaces: readonly string[] | null;
  readonly sessionPorts: PortRange | null;
  /** Peers that discovery must not forget. */
  readonly pinned: readonly PeerId[];
  sessionCount(): number;
  sessionsFromThereCount(address: string): number;
  onArrival(arrival: Arrival): void;
  /** Where contacts were last. */
  known(): readonly Endpoint[];
  onChange(): void;
  onAgain(peer: PeerId): void;
  onEndpoint(endpoint: Endpoint): void;
  /** A part died of a bug. */
  onBug(error: unknown): void;
}

/** Open sockets. */
export class NetworkServices implements AsyncDisposable {
  #rendezvous: RendezvousServer;
  readonly discovery: DiscoveryLoop;
  readonly #options: NetworkServicesOptions;
  readonly #runs: Promise<void>[] = [];

  /** Opens all. @throws {WorldError} if there is no rendezvous port to be had. */
  constructor(options: NetworkServicesOptions, signal: AbortSignal) {
    const { ports, signer, me, instance, name, port, interfaces, onBug } = options;
    this.#options = options;
    this.#rendezvous = this.#open({
      port: port ?? RENDEZVOUS_PORT,
      isExact: port !== null,
      advice: "Choose another one with --port",
    });
    this.discovery = startDiscovery({
      ports,
      signer,
      id: me,
      instance,
      discoveryPort: options.discoveryPort ?? WELL_KNOWN_PORT,
      ...(interfaces !== null && { interfaceNames: interfaces }),
      profile: { name, rendezvousPort: this.port, merit: options.merit, rooms: [] },
      knownEndpoints: () => options.known(),
      onChange: () => options.onChange(),
      onHeardAgain: (peer) => options.onAgain(peer),
      onEndpoint: (endpoint) => options.onEndpoint(endpoint),
    }, signal);
    this.discovery.done.catch(onBug);
    for (const peer of options.pinned) this.discovery.pin(peer);
  }

  /** The rendezvous port. */
  get port(): number {
    return this.#rendezvous.port;
  }

  /** Waits for others at exactly this port from now on, and no more at the old one. @throws {WorldError}; then all is as it was. */
  moveTo(port: number): void {
    if (port === this.port) return;
    const advice = `Others still reach you at port ${this.port}`;
    const rendezvous = this.#open({ port, isExact: true, advice });
    this.#rendezvous.close();
    this.#rendezvous = rendezvous;
  }

  /** Takes no new peer from now on, and waits until the sockets are closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#rendezvous.close();
    await this.discovery[Symbol.asyncDispose]();
    await Promise.all(this.#runs);
  }

  #open(
    { port, isExact, advice }: Pick<RendezvousOptions, "port" | "isExact"> & { readonly advice: string },
  ): RendezvousServer {
    const { ports: { tcp, clock, chance }, sessionPorts, onBug } = this.#options;
    const rendezvous = openRendezvous(advice, {
      tcp,
      clock,
      chance,
      port,
      isExact,
      ...(sessionPorts !== null && { sessionPorts }),
      sessionCount: () => this.#options.sessionCount(),
      addressSessionCount: (address) => this.#options.sessionsFromThereCount(address),
      onArrival: (arrival) => this.#options.onArrival(arrival),
    });
    this.#runs.push(rendezvous.run().catch(onBug));
    return rendezvous;
  }
}

function openRendezvous(advice: string, options: RendezvousOptions): RendezvousServer {
  try {
    return startRendezvousServer(options);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new WorldError(
      `Cannot listen on port ${options.port}: ${formatOpenProblem(error, options)}. ${advice}`,
      {
        cause: error,
      },
    );
  }
}

function formatOpenProblem(error: NetworkError, { isExact }: RendezvousOptions): string {
  if (error.reason === "forbidden") {
    return "this system does not allow it (ports below 1024 need special rights)";
  }
  if (error.reason !== "taken") return error.message;
  return isExact ? "another program has it" : "another program has it, and the ports behind it are taken too";
}
