/** The facts of a checkup, before the diagnosis: types only. */

import type { DiscoveryStatus } from "../../discovery/status_text.ts";
import type { DiskReason, NetworkReason } from "../../errors.ts";
import type { NetInterface } from "../../ports/network.ts";
import type { FirewallKind, PortHolder } from "../../ports/system.ts";
import type { PortRange } from "../../ports/network.ts";
import type { ReachabilityAnswer } from "../peers/reachability.ts";

/** A port of ours. */
export interface PortFacts {
  readonly wanted: number;
  /** Null while none is open. */
  readonly open: number | null;
  /** Why the wanted port is not open; null if it is. */
  readonly problem: NetworkReason | null;
  /** The program that has the wanted port instead, as far as the system tells. */
  readonly holder: PortHolder | null;
}

/** A gateway that was probed. "absent": no device has that address now. "silent": a device there does not answer. */
export interface GatewayFacts {
  readonly address: string;
  readonly answer: "answers" | "silent" | "absent";
}

/** A peer on another device that was asked whether it reaches us. */
export interface AskedFacts {
  /** An address and the start of an id. No name, because users paste reports in public. */
  readonly who: string;
  /** Null without an answer; "no-session": the peer is heard, but we cannot connect to it. */
  readonly answer: ReachabilityAnswer | "no-session" | null;
}

/** The folder of the home. */
export interface HomeFacts {
  readonly folder: string;
  /** Why writing fails there; null if it works. */
  readonly problem: DiskReason | null;
  readonly freeBytes: number | null;
  /** Permission bits. */
  readonly mode: number | null;
}

/** All facts. */
export interface CheckupFacts {
  readonly os: string;
  readonly program: string;
  /** Why no node could start; null if one runs. */
  readonly startProblem: string | null;
  /** All interfaces that the system lists. */
  readonly networks: readonly NetInterface[];
  /** Null without a node. */
  readonly discovery: DiscoveryStatus | null;
  /** UDP. */
  readonly discoveryPort: PortFacts;
  /** TCP. */
  readonly rendezvousPort: PortFacts;
  /** Null if the user has set none. */
  readonly sessionPorts: PortRange | null;
  /** Null if no used interface can have one; "unknown" if the system does not tell its routes. */
  readonly gateways: readonly GatewayFacts[] | "unknown" | null;
  readonly asked: readonly AskedFacts[];
  readonly firewalls: readonly FirewallKind[];
  readonly isNetworkPublic: boolean | null;
  readonly home: HomeFacts;
  /** Notices since the node's start. */
  readonly notices: readonly string[];
}
