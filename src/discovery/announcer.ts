/** Sends this node's beacons: which kind, through which socket, to which addresses. */

import type { Signer } from "../ports/crypto.ts";
import type { Endpoint, NetInterface } from "../ports/network.ts";
import { type BeaconKind, encodeBeacon, type Profile } from "./beacon.ts";
import type { InterfaceSocket } from "./interface_socket.ts";
import type { OverduePeer } from "./peer_table.ts";
import { type DelayedReply, isCrowd } from "./delayed_replies.ts";
import type { SocketSet } from "./socket_set.ts";
import {
  findBroadcastAddress,
  findNetwork,
  LIMITED_BROADCAST,
  listBroadcastTargets,
  listGateways,
} from "./destinations.ts";
import type { AnnounceEffect } from "./announce_timer.ts";

/**
 * Known addresses greeted by a burst on one interface. The system holds back hellos to absent devices (see
 * `UnicastProber`); the four copies for all of these still leave the socket able to send.
 */
const KNOWN_MAX = 32;

/** The inputs of the announcer. */
export interface AnnouncerOptions {
  readonly signer: Signer;
  /** Wall clock in ms at the node's start. */
  readonly instance: number;
  readonly discoveryPort: number;
  readonly socketSet: SocketSet;
  readonly profile: Profile;
  /** The last addresses of contacts and earlier peers. */
  knownEndpoints(): readonly Endpoint[];
}

/** Sends the beacons of one node. Failed sends are recorded by their socket. */
export class Announcer {
  readonly #options: AnnouncerOptions;
  #profile: Profile;
  #counter = 0;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#profile = options.profile;
  }

  /** Sets the content of future beacons. Returns false if it is unchanged. */
  setProfile(profile: Profile): boolean {
    if (JSON.stringify(profile) === JSON.stringify(this.#profile)) return false;
    this.#profile = profile;
    return true;
  }

  /** Sends to all on one interface. A hello also goes to addresses that broadcast may not reach. */
  broadcast(
    { what, isFirst }: AnnounceEffect,
    { interfaceSocket, peersCount }: {
      readonly interfaceSocket: InterfaceSocket;
      readonly peersCount: number;
    },
  ): void {
    const { network } = interfaceSocket;
    // Devices that receive limited broadcast mostly receive directed broadcast too. So in a crowd only the first
    // hello uses both, and beats do not.
    const isSpared = what === "beat" || (isCrowd(peersCount) && !isFirst);
    const all = listBroadcastTargets(network).filter((address) => !isSpared || address !== LIMITED_BROADCAST);
    const gateways = listGateways(network, this.#options.socketSet.gateways);
    const asked = what === "hello" ? [...gateways, ...this.#knownAddressesOn(network)] : [];
    this.#send(what, interfaceSocket, [...all, ...asked]);
    if (isFirst) this.#openWindow(network);
  }

  /** Sends a hello to each address, where there may be no device. */
  greet(
    addresses: readonly string[],
    { interfaceSocket, nowMs }: { readonly interfaceSocket: InterfaceSocket; readonly nowMs: number },
  ): void {
    interfaceSocket.sendProbes(this.#encodeBeacon("hello"), {
      addresses,
      port: this.#options.discoveryPort,
      nowMs,
    });
  }

  /** Sends an answer to exactly that endpoint. */
  answer({ to, by }: DelayedReply): void {
    this.#options.socketSet.findInterfaceSocket(by)?.udpEndpoint?.send(this.#encodeBeacon("answer"), to);
  }

  /** Asks a silent peer. The last time also at its well-known port, because its own socket may have changed. */
  ask({ from, isLast }: OverduePeer): void {
    const { socketSet, discoveryPort } = this.#options;
    const network = findNetwork(from.address, socketSet.localNetworks.networks);
    const udpEndpoint = network === null ? undefined : socketSet.findInterfaceSocket(network)?.udpEndpoint;
    udpEndpoint?.send(this.#encodeBeacon("hello"), from);
    if (isLast) udpEndpoint?.send(this.#encodeBeacon("hello"), { ...from, port: discoveryPort });
  }

  /**
   * Sends one copy of a burst from the well-known port itself: for three seconds Windows then admits datagrams of
   * others to that port without a firewall rule. It is a beat, because answers must go to the interface's own socket.
   */
  #openWindow(network: NetInterface): void {
    const { socketSet, discoveryPort } = this.#options;
    const address = findBroadcastAddress(network);
    if (address !== null) {
      socketSet.listener?.send(this.#encodeBeacon("beat"), { address, port: discoveryPort });
    }
  }

  #send(kind: BeaconKind, interfaceSocket: InterfaceSocket, addresses: readonly string[]): void {
    const bytes = this.#encodeBeacon(kind);
    for (const address of new Set(addresses)) {
      interfaceSocket.udpEndpoint?.send(bytes, { address, port: this.#options.discoveryPort });
    }
  }

  #encodeBeacon(kind: BeaconKind): Uint8Array {
    const { signer, instance, socketSet } = this.#options;
    // One value for all interfaces: that of the slowest holds for all.
    const beatSeconds = Math.max(
      1,
      ...socketSet.interfaceSockets.map((interfaceSocket) => interfaceSocket.beatSeconds),
    );
    return encodeBeacon({ kind, instance, counter: ++this.#counter, beatSeconds, ...this.#profile }, signer);
  }

  #knownAddressesOn(network: NetInterface): readonly string[] {
    const { networks } = this.#options.socketSet.localNetworks;
    const addresses = this.#options.knownEndpoints().map(({ address }) => address);
    const here = addresses.filter((address) =>
      findNetwork(address, networks) === network && address !== network.address
    );
    return here.slice(0, KNOWN_MAX);
  }
}
