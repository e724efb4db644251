/** What discovery has seen, in sentences. What cannot be proved is called likely. */

import type { NetworkReason } from "../errors.ts";
import type { Endpoint, NetInterface } from "../ports/network.ts";
import type { DropCounts } from "./datagram_handler.ts";
import type { SendProblem } from "./udp_endpoint.ts";
import { findBroadcastAddress, type InterfaceKind } from "./destinations.ts";

/** The observations on one interface since it came up. */
export interface InterfaceStatus {
  readonly network: NetInterface;
  readonly kind: InterfaceKind;
  /** Why its socket is not open, or null if it is. */
  readonly openProblem: NetworkReason | null;
  /** Hellos sent to all devices. */
  readonly hellosCount: number;
  /** Our own broadcast came back: the network stack and firewall of this device admit it. */
  readonly isEchoHeard: boolean;
  /** Peers on other devices heard through it now. */
  readonly neighboursCount: number;
  /** Whether the search still runs: waiting for broadcast answers, or asking addresses individually. */
  readonly isSearching: boolean;
  /** Devices, other than gateways, that refused the rendezvous port: proof that devices can be reached. */
  readonly refusingCount: number;
  /** Sends that failed. For limited broadcast and multicast that is normal. */
  readonly problems: readonly SendProblem[];
}

/** The observations of discovery. */
export interface DiscoveryStatus {
  /** The well-known port. */
  readonly port: number;
  /** Why the well-known port is not open, or null if it is. */
  readonly listenProblem: NetworkReason | null;
  /** Most promising first. */
  readonly interfaces: readonly InterfaceStatus[];
  /** Peers on other devices heard now, through any interface. */
  readonly neighboursCount: number;
  /** Peers on this device heard now. */
  readonly localsCount: number;
  readonly gateways: readonly string[];
  readonly dropped: DropCounts;
  /** Where another node seems to use our key, or null. */
  readonly doubleAt: Endpoint | null;
}

/** The situation in a sentence or two, then what else the user should know; each ends with a period. */
export function formatNetworkStatus(status: DiscoveryStatus): readonly string[] {
  return [...situation(status), ...remarks(status)];
}

function situation({ interfaces, neighboursCount, localsCount, port }: DiscoveryStatus): readonly string[] {
  const here = localsCount > 0 ? [`${people(localsCount)} on this very device.`] : [];
  const outside = interfaces.filter((each) => each.kind !== "loopback");
  if (outside.length === 0) {
    return ["This device is not connected to any network. Join a Wi-Fi network or start a hotspot.", ...here];
  }
  if (neighboursCount > 0) {
    return [
      `${people(neighboursCount)} on ${namesOf(outside.filter((each) => each.neighboursCount > 0))}.`,
      ...here,
    ];
  }
  const searching = outside.filter((each) => each.isSearching);
  return [
    ...(searching.length > 0 ? [`Looking for others on ${namesOf(searching)}.`] : nobody(outside, port)),
    ...here,
  ];
}

function nobody(outside: readonly InterfaceStatus[], port: number): readonly string[] {
  const asked = outside.filter(canSend);
  if (asked.length === 0) {
    return [
      `Nothing can be sent on ${namesOf(outside)}: a firewall or a VPN on this device likely forbids it.`,
    ];
  }
  const refusingCount = asked.reduce((sum, each) => sum + each.refusingCount, 0);
  if (refusingCount > 0) {
    return [
      `Nobody has answered on ${namesOf(asked)}.`,
      `${refusingCount === 1 ? "One device" : `${refusingCount} devices`} can be reached but ${
        refusingCount === 1 ? "does" : "do"
      } not listen on port ${port}: earshot likely does not run there.`,
    ];
  }
  return [
    `Nobody has answered on ${namesOf(asked)}.`,
    `If others run earshot on this network, the access point likely keeps devices apart (client isolation), or a firewall drops UDP and TCP port ${port}. Try a hotspot of one of your own devices.`,
  ];
}

function remarks({ interfaces, listenProblem, port, dropped, doubleAt }: DiscoveryStatus): readonly string[] {
  const remarks: string[] = [];
  if (listenProblem !== null) {
    remarks.push(
      `UDP port ${port} cannot be opened (${listenProblem}): this device finds others, but others find it only when it asks.`,
    );
  }
  const deaf = interfaces.filter((each) =>
    each.kind === "real" && canSend(each) && each.hellosCount > 1 && !each.isEchoHeard &&
    each.neighboursCount === 0
  );
  if (deaf.length > 0 && listenProblem === null) {
    remarks.push(
      `This device does not hear its own broadcast on ${
        namesOf(deaf)
      }: a firewall here likely drops UDP port ${port}.`,
    );
  }
  if (dropped.otherVersion > 0) {
    remarks.push("Somebody nearby runs another version of earshot; update both devices.");
  }
  if (doubleAt !== null) {
    remarks.push(
      `Another earshot with this device's identity is heard from ${doubleAt.address}: its folder was likely copied. Use a new one there.`,
    );
  }
  return remarks;
}

/** Directed broadcast is what must work everywhere; where there is none, nothing is known. */
function canSend({ network, openProblem, problems }: InterfaceStatus): boolean {
  const broadcast = findBroadcastAddress(network);
  return openProblem === null && !problems.some((problem) => problem.address === broadcast);
}

function people(count: number): string {
  return count === 1 ? "One other is heard" : `${count} others are heard`;
}

function namesOf(interfaces: readonly InterfaceStatus[]): string {
  return interfaces.map(({ network }) => `${network.name} (${network.address})`).join(", ");
}
