/** What a checkup has seen, before anything is concluded from it: types only. */

import type { Message } from "../../messages/message.ts";
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
  /** Why the wanted one is not open; null if it is. */
  readonly problem: NetworkReason | null;
  /** Who has the wanted one instead, as far as the system tells. */
  readonly holder: PortHolder | null;
}

/** A gateway that was knocked at. "absent": no device has that address now. "silent": there may be one, which answers nothing. */
export interface GatewayFacts {
  readonly address: string;
  readonly answer: "answers" | "silent" | "absent";
}

/** Somebody on another device who was asked whether it reaches us. */
export interface AskedFacts {
  /** An address and the start of an id: no name, because reports are pasted where others read. */
  readonly who: string;
  /** Null if it did not say; "no-session": it is heard, but we do not get through to it. */
  readonly answer: ReachabilityAnswer | "no-session" | null;
}

/** The folder of the home. */
export interface HomeFacts {
  readonly folder: string;
  /** Why nothing can be written there; null if it can. */
  readonly problem: DiskReason | null;
  readonly freeBytes: number | null;
  /** Permission bits. */
  readonly mode: number | null;
}

/** All of it. */
export interface CheckupFacts {
  readonly os: string;
  readonly program: string;
  /** Why no node could start; null if one runs. */
  readonly startProblem: Message | null;
  /** All that the system lists. */
  readonly networks: readonly NetInterface[];
  /** Null without a node. */
  readonly discovery: DiscoveryStatus | null;
  /** UDP. */
  readonly discoveryPort: PortFacts;
  /** TCP. */
  readonly rendezvousPort: PortFacts;
  /** Null where the user has named none. */
  readonly sessionPorts: PortRange | null;
  /** Null if no used interface can have one; "unknown" if the system does not tell its routes. */
  readonly gateways: readonly GatewayFacts[] | "unknown" | null;
  readonly asked: readonly AskedFacts[];
  readonly firewalls: readonly FirewallKind[];
  readonly isNetworkPublic: boolean | null;
  readonly home: HomeFacts;
  /** Troubles since the node's start. */
  readonly notices: readonly Message[];
}
