/** What discovery has seen, for the user. What cannot be proved is called probable. */

import { type Message, message } from "../messages/message.ts";
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

/** The situation in a sentence or two, then what else the user should know. */
export function describeNetwork(status: DiscoveryStatus): readonly Message[] {
  return [...describeSituation(status), ...describeRemarks(status)];
}

function describeSituation(
  { interfaces, neighboursCount, localsCount, port }: DiscoveryStatus,
): readonly Message[] {
  const here = localsCount > 0 ? [message("network.local", { count: localsCount })] : [];
  const outside = interfaces.filter((each) => each.kind !== "loopback");
  if (outside.length === 0) return [message("network.none"), ...here];
  if (neighboursCount > 0) {
    const names = listNames(outside.filter((each) => each.neighboursCount > 0));
    return [message("network.heard", { count: neighboursCount, interfaces: names }), ...here];
  }
  const searching = outside.filter((each) => each.isSearching);
  return [
    ...(searching.length > 0
      ? [message("network.searching", { interfaces: listNames(searching) })]
      : describeSilence(outside, port)),
    ...here,
  ];
}

function describeSilence(outside: readonly InterfaceStatus[], port: number): readonly Message[] {
  const asked = outside.filter(canSend);
  if (asked.length === 0) return [message("network.cannot-send", { interfaces: listNames(outside) })];
  const noAnswer = message("network.no-answer", { interfaces: listNames(asked) });
  const refusingCount = asked.reduce((sum, each) => sum + each.refusingCount, 0);
  return [
    noAnswer,
    refusingCount > 0
      ? message("network.not-running", { count: refusingCount })
      : message("network.isolated", { port }),
  ];
}

function describeRemarks(
  { interfaces, listenProblem, port, dropped, doubleAt }: DiscoveryStatus,
): readonly Message[] {
  const remarks: Message[] = [];
  if (listenProblem !== null) remarks.push(message("network.no-udp", { port, problem: listenProblem }));
  const deaf = interfaces.filter((each) =>
    each.kind === "real" && canSend(each) && each.hellosCount > 1 && !each.isEchoHeard &&
    each.neighboursCount === 0
  );
  if (deaf.length > 0 && listenProblem === null) {
    remarks.push(message("network.no-echo", { interfaces: listNames(deaf), port }));
  }
  if (dropped.otherVersion > 0) remarks.push(message("network.other-version"));
  if (doubleAt !== null) remarks.push(message("network.double", { address: doubleAt.address }));
  return remarks;
}

/** Directed broadcast is what must work everywhere; where there is none, nothing is known. */
function canSend({ network, openProblem, problems }: InterfaceStatus): boolean {
  const broadcast = findBroadcastAddress(network);
  return openProblem === null && !problems.some((problem) => problem.address === broadcast);
}

function listNames(interfaces: readonly InterfaceStatus[]): readonly string[] {
  return interfaces.map(({ network }) => `${network.name} (${network.address})`);
}
