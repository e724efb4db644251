/** Gives the program itself to devices on the same network: the contract with the node, and which devices may have it. */

import type { InterfaceStatus } from "../../discovery/status_text.ts";
import { classifyInterface, findNetwork } from "../../discovery/destinations.ts";
import type { GiveReply } from "../../api/give.ts";

/** The networks that a node uses. They are read at each call, because a hotspot may be opened later. */
export interface NearNetworks {
  /** Our own addresses on them. */
  addresses(): readonly string[];
  /** Whether the remote device is on the same network as that address of ours. */
  isNear(remote: string, ownAddress: string): boolean;
}

/** What to change about the distribution. */
export interface GiveTurn {
  readonly isOn: boolean;
  /** Also gives the files that were found beside the executable; only on the user's request. */
  readonly withOthers: boolean;
}

/** Gives the program while it is turned on. The owner turns it off in the end. */
export interface SelfDistribution {
  /** The present state. */
  state(near: NearNetworks): GiveReply;
  /** Turns it on or off; repeating a turn is harmless. @throws {WorldError} with advice. */
  turn(how: GiveTurn, near: NearNetworks): Promise<GiveReply>;
}

/** The real networks that a node uses. Loopback counts only where the user chose it as the only interface. */
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
