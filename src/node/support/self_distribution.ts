/** Giving earshot itself to people on the same network who have none: what a node needs for it, and to whom. */

import type { InterfaceStatus } from "../../discovery/status_text.ts";
import { classifyInterface, findNetwork } from "../../discovery/destinations.ts";
import type { GiveReply } from "../../api/give.ts";

/** The networks that a node uses, at any time anew: a hotspot may be opened later. */
export interface NearNetworks {
  /** Our own addresses on them. */
  addresses(): readonly string[];
  /** Whether that is a device on the network of our own address. */
  isNear(remote: string, ownAddress: string): boolean;
}

/** How a giver is to be. */
export interface GiveTurn {
  readonly isOn: boolean;
  /** Also what was found beside the executable: only where the user said so. */
  readonly withOthers: boolean;
}

/** Gives earshot, where it was told to. The owner turns it off in the end. */
export interface SelfDistribution {
  /** How it is. */
  state(near: NearNetworks): GiveReply;
  /** Begins or ends it; again is harmless. @throws {WorldError} with what to do. */
  turn(how: GiveTurn, near: NearNetworks): Promise<GiveReply>;
}

/** The real ones of those that a node uses; the loopback interface only where the user chose the interfaces and there is no other. */
export function makeNearNetworks(
  { used, isChosen }: { used(): readonly InterfaceStatus[]; isChosen(): boolean },
): NearNetworks {
  const networks = () => {
    const all = used().filter(({ openProblem }) => openProblem === null).map(({ network }) => network);
    const real = all.filter((network) => classifyInterface(network) === "real");
    return real.length > 0 || !isChosen()
      ? real
      : all.filter((network) => classifyInterface(network) === "loopback");
  };
  return {
    addresses: () => networks().map(({ address }) => address),
    isNear: (remote, ownAddress) => {
      const own = networks().filter(({ address }) => address === ownAddress);
      return findNetwork(remote, own) !== null;
    },
  };
}
