/** What this node says, by which socket, to whom. */

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
 * Known addresses that a burst greets on one interface, the first ones. Where nobody is any more the system holds the hellos
 * back (see `Scouts`), and the four copies for all of these still leave the socket able to send.
 */
const KNOWN_MAX = 32;

/** What the voice needs. */
export interface AnnouncerOptions {
  readonly signer: Signer;
  /** Wall milliseconds at the node's start. */
  readonly instance: number;
  readonly discoveryPort: number;
  readonly socketSet: SocketSet;
  readonly profile: Profile;
  /** Where contacts and earlier peers were last. */
  knownEndpoints(): readonly Endpoint[];
}

/** The voice of one node. Sends that fail are noted by their socket. */
export class Announcer {
  readonly #options: AnnouncerOptions;
  #profile: Profile;
  #counter = 0;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#profile = options.profile;
  }

  /** From now on beacons say this; false if they do already. */
  setProfile(profile: Profile): boolean {
    if (JSON.stringify(profile) === JSON.stringify(this.#profile)) return false;
    this.#profile = profile;
    return true;
  }

  /** To everybody by one interface; a hello also to those who may not hear broadcast. */
  broadcast(
    { what, isFirst }: AnnounceEffect,
    { interfaceSocket, peersCount }: {
      readonly interfaceSocket: InterfaceSocket;
      readonly peersCount: number;
    },
  ): void {
    const { network } = interfaceSocket;
    // Who hears the limited broadcast mostly hears the directed one too: once for a burst of hellos in a crowd, and for no beat.
    const isSpared = what === "beat" || (isCrowd(peersCount) && !isFirst);
    const all = listBroadcastTargets(network).filter((address) => !isSpared || address !== LIMITED_BROADCAST);
    const gateways = listGateways(network, this.#options.socketSet.gateways);
    const asked = what === "hello" ? [...gateways, ...this.#knownAddressesOn(network)] : [];
    this.#send(what, interfaceSocket, [...all, ...asked]);
    if (isFirst) this.#openWindow(network);
  }

  /** A hello to each of the addresses, where perhaps nobody is. */
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

  /** An answer to exactly there. */
  answer({ to, by }: DelayedReply): void {
    this.#options.socketSet.findInterfaceSocket(by)?.udpEndpoint?.send(this.#encodeBeacon("answer"), to);
  }

  /** Asks a silent peer; the last time also at its well-known port, because its own socket may be another by now. */
  ask({ from, isLast }: OverduePeer): void {
    const { socketSet, discoveryPort } = this.#options;
    const network = findNetwork(from.address, socketSet.localNetworks.networks);
    const udpEndpoint = network === null ? undefined : socketSet.findInterfaceSocket(network)?.udpEndpoint;
    udpEndpoint?.send(this.#encodeBeacon("hello"), from);
    if (isLast) udpEndpoint?.send(this.#encodeBeacon("hello"), { ...from, port: discoveryPort });
  }

  /**
   * One copy of a burst leaves the well-known port itself: for three seconds Windows then lets others' datagrams to that
   * port in, without any firewall rule. A beat, because the answers have to go to the interface's own socket.
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
    // One number for all interfaces: what holds for the slowest of them holds for all.
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
