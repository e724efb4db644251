/** The network of a running node, which goes online after its parts are built. */

import { isLoopback } from "../../encoding/network_address.ts";
import { type Message, message } from "../../messages/message.ts";
import { describeNetwork } from "../../discovery/status_text.ts";
import { WorldError } from "../../errors.ts";
import type { Endpoint } from "../../ports/network.ts";
import { type Discovery, type LocalNetwork, OfflineDiscovery } from "./local_network.ts";
import { NetworkServices, type NetworkServicesOptions } from "./network_services.ts";

/** Offline until `goOnline`. */
export class NodeNetwork implements LocalNetwork {
  readonly #offline = new OfflineDiscovery();
  #services: NetworkServices | undefined;

  get isOnline(): boolean {
    return this.#services !== undefined;
  }

  get discovery(): Discovery {
    return this.#services?.discovery ?? this.#offline;
  }

  get port(): number | null {
    return this.#services?.port ?? null;
  }

  get discoveryPort(): number | null {
    return this.#services?.discovery.port ?? null;
  }

  /** On a network with other devices; without one, on this device alone. */
  get ownEndpoint(): Endpoint | null {
    if (this.#services === undefined) return null;
    const open = this.discovery.status().interfaces.filter(({ openProblem }) => openProblem === null);
    const networks = open.map(({ network }) => network);
    const best = networks.find(({ address }) => !isLoopback(address)) ?? networks[0];
    return best === undefined ? null : { address: best.address, port: this.#services.port };
  }

  get messages(): readonly Message[] {
    return this.#services === undefined ? [] : describeNetwork(this.discovery.status());
  }

  /** Opens the sockets. @throws {WorldError} if no rendezvous port can be opened. */
  goOnline(options: NetworkServicesOptions, signal: AbortSignal): void {
    this.#services = new NetworkServices(options, signal);
  }

  listen(port: number): void {
    if (this.#services === undefined) {
      throw new WorldError(message("listen.no-network"));
    }
    this.#services.moveTo(port);
  }

  /** Accepts no new peer from now on, and waits until the sockets are closed. */
  async close(): Promise<void> {
    await this.#services?.[Symbol.asyncDispose]();
  }
}
