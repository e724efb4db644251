/** A node's sockets: the rendezvous server and discovery, opened and closed together. */

import { type Message, message } from "../../messages/message.ts";
import { type DiscoveryLoop, startDiscovery } from "../../discovery/discovery_loop.ts";
import { WELL_KNOWN_PORT } from "../../discovery/destinations.ts";
import { NetworkError, WorldError } from "../../errors.ts";
import {
  type RendezvousOptions,
  type RendezvousServer,
  startRendezvousServer,
} from "../../host/rendezvous_server.ts";
import type { PortRange } from "../../ports/network.ts";
import type { Signer } from "../../ports/crypto.ts";
import type { Endpoint } from "../../ports/network.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { PeerId } from "../../room/id.ts";
import type { Profile } from "../../discovery/beacon.ts";
import type { Contact } from "../../store/contacts/contact_record.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import { RENDEZVOUS_PORT } from "../support/address.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { ConnectionManager } from "./connection_manager.ts";
import type { Sessions } from "./sessions.ts";
import type { UnknownEndpointDialer } from "./unknown_endpoint_dialer.ts";

/** The ports and interfaces that the user wants; null for the usual ones. */
export interface WantedPorts {
  readonly rendezvous: number | null;
  readonly discovery: number | null;
  readonly sessions: PortRange | null;
  readonly interfaces: readonly string[] | null;
}

export interface NetworkServicesOptions {
  readonly ports: Ports;
  readonly signer: Signer;
  readonly me: PeerId;
  readonly instance: number;
  readonly wanted: WantedPorts;
  /** What the first beacons say. */
  readonly profile: Pick<Profile, "name" | "merit">;
  /** Contacts are never forgotten by discovery, and their last addresses are probed. */
  readonly contacts: ContactsFile;
  readonly sessions: Sessions;
  readonly connectionManager: ConnectionManager;
  readonly unknownDialer: UnknownEndpointDialer;
  /** The peers that are heard may have changed. */
  onPeers(): void;
  readonly tasks: BackgroundTasks;
}

/** The open sockets of one node. */
export class NetworkServices implements AsyncDisposable {
  #rendezvous: RendezvousServer;
  readonly discovery: DiscoveryLoop;
  readonly #options: NetworkServicesOptions;
  readonly #runs: Promise<void>[] = [];

  /** Opens all. @throws {WorldError} if no rendezvous port can be opened. */
  constructor(options: NetworkServicesOptions, signal: AbortSignal) {
    const { ports, signer, me, instance, wanted, profile, contacts, tasks } = options;
    this.#options = options;
    this.#rendezvous = this.#open({
      port: wanted.rendezvous ?? RENDEZVOUS_PORT,
      isExact: wanted.rendezvous !== null,
      describe: (reason) => message("listen.failed", { port: wanted.rendezvous ?? RENDEZVOUS_PORT, reason }),
    });
    this.discovery = startDiscovery({
      ports,
      signer,
      id: me,
      instance,
      discoveryPort: wanted.discovery ?? WELL_KNOWN_PORT,
      ...(wanted.interfaces !== null && { interfaceNames: wanted.interfaces }),
      profile: { ...profile, rendezvousPort: this.port, rooms: [] },
      knownEndpoints: () =>
        [...contacts.contacts.all, ...contacts.contacts.plannedAddresses].flatMap(toEndpoints),
      onChange: () => options.onPeers(),
      onHeardAgain: (peer) => options.connectionManager.noteHeardAgain(peer),
      onEndpoint: (endpoint) => options.unknownDialer.dial(endpoint),
    }, signal);
    this.discovery.done.catch(tasks.report);
    for (const { id } of contacts.contacts.all) this.discovery.pin(id);
  }

  /** The rendezvous port. */
  get port(): number {
    return this.#rendezvous.port;
  }

  /** Moves the rendezvous server to exactly that port. @throws {WorldError}; then the old port stays open. */
  moveTo(port: number): void {
    if (port === this.port) return;
    const current = this.port;
    const describe = (reason: Message) => message("listen.failed-later", { port, reason, current });
    const rendezvous = this.#open({ port, isExact: true, describe });
    this.#rendezvous.close();
    this.#rendezvous = rendezvous;
  }

  /** Accepts no new peer from now on, and waits until the sockets are closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#rendezvous.close();
    await this.discovery[Symbol.asyncDispose]();
    await Promise.all(this.#runs);
  }

  #open(
    { port, isExact, describe }: Pick<RendezvousOptions, "port" | "isExact"> & {
      readonly describe: (reason: Message) => Message;
    },
  ): RendezvousServer {
    const { ports: { tcp, clock, chance }, wanted: { sessions: sessionPorts }, sessions, tasks } =
      this.#options;
    const rendezvous = openRendezvous(describe, {
      tcp,
      clock,
      chance,
      port,
      isExact,
      ...(sessionPorts !== null && { sessionPorts }),
      sessionCount: () => sessions.count,
      addressSessionCount: (address) => sessions.countFrom(address),
      onArrival: (arrival) => sessions.arrive(arrival),
    });
    this.#runs.push(rendezvous.run().catch(tasks.report));
    return rendezvous;
  }
}

function toEndpoints({ address, port }: Pick<Contact, "address" | "port">): readonly Endpoint[] {
  return address === null || port === null ? [] : [{ address, port }];
}

function openRendezvous(
  describe: (reason: Message) => Message,
  options: RendezvousOptions,
): RendezvousServer {
  try {
    return startRendezvousServer(options);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new WorldError(describe(describeOpenProblem(error, options)), {
      cause: error,
    });
  }
}

function describeOpenProblem(error: NetworkError, { isExact }: RendezvousOptions): Message {
  if (error.reason === "forbidden") return message("listen.forbidden");
  if (error.reason !== "taken") return message("text.any", { text: error.message });
  return message(isExact ? "listen.taken" : "listen.all-taken");
}
