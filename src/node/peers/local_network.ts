/** This node's place on the network, or the absence of one: a node that only reads its home has no sockets. */

import type { Message } from "../../messages/message.ts";
import type { DiscoveryLoop } from "../../discovery/discovery_loop.ts";
import { PeerTable } from "../../discovery/peer_table.ts";
import type { Endpoint } from "../../ports/network.ts";

/** Discovery as the parts of a node use it. */
export type Discovery = Pick<DiscoveryLoop, "peers" | "announce" | "rescan" | "pin" | "unpin" | "status">;

/** The network as the parts of a node use it. */
export interface LocalNetwork {
  readonly isOnline: boolean;
  /** Hears no peer and does nothing while the node is offline. */
  readonly discovery: Discovery;
  /** The rendezvous port; null while the node is offline. */
  readonly port: number | null;
  /** The port for beacons; null while it is not open. */
  readonly discoveryPort: number | null;
  /** Where other devices can reach this node; null while it is offline. */
  readonly ownEndpoint: Endpoint | null;
  /** What discovery makes of the network, in sentences; "" while the node is offline. */
  readonly messages: readonly Message[];
  /** Opens that rendezvous port instead of the present one. @throws {WorldError}; then the present one stays open. */
  listen(port: number): void;
}

/** Discovery of a node without a network. */
export class OfflineDiscovery implements Discovery {
  readonly peers: PeerTable = new PeerTable();

  announce(): void {}
  rescan(): void {}
  pin(): void {}
  unpin(): void {}

  status(): ReturnType<Discovery["status"]> {
    return {
      port: 0,
      listenProblem: null,
      interfaces: [],
      neighboursCount: 0,
      localsCount: 0,
      gateways: [],
      dropped: { foreign: 0, limited: 0, garbage: 0, forged: 0, otherVersion: 0 },
      doubleAt: null,
    };
  }
}
