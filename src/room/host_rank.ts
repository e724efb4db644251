/**
 * Ranks the members as hosts; the first reachable one hosts. A pure function of the members and their announced
 * scores, so all members agree without a vote.
 */

import type { PeerId } from "./id.ts";
import type { Replica } from "./replica.ts";

/** The score of a device of which nothing is known: no cable, and mains power. */
export const HOST_SCORE_UNKNOWN = 1;

/** The highest score that counts. A higher one is false, or of a later version. */
const HOST_SCORE_MAX = 3;

/**
 * The host score of a device, 0 to 3. A cable counts 2, because Wi-Fi traffic uses the air twice. Mains power counts
 * 1, because hosting drains a battery.
 */
export function computeHostScore(
  device: { readonly isOnCable: boolean; readonly isOnMains: boolean },
): number {
  return (device.isOnCable ? 2 : 0) + (device.isOnMains ? 1 : 0);
}

/**
 * The current members, best host first: by announced score, then by order of arrival with the creator first.
 * A direct conversation ranks its two peers by key, so that both agree before either has written.
 */
export function rankHosts(replica: Replica, meritOf: (member: PeerId) => number): readonly PeerId[] {
  if (replica.info?.access === "direct") return replica.info.founders;
  // Buckets instead of a sort: a host of a thousand members computes this at every join.
  const byMerit: PeerId[][] = Array.from({ length: HOST_SCORE_MAX + 1 }, () => []);
  for (const id of replica.activeMembers()) {
    byMerit[HOST_SCORE_MAX - Math.min(meritOf(id), HOST_SCORE_MAX)]?.push(id);
  }
  return byMerit.flat();
}
