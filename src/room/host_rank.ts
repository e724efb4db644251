/** Who hosts: the first in rank that can be reached. A pure function of the members and of what each says about itself, so everybody agrees without a vote. */

import type { PeerId } from "./id.ts";
import type { Replica } from "./replica.ts";

/** What is told of a device of which nothing is known: no cable, and no battery that would be spared. */
export const HOST_SCORE_UNKNOWN = 1;

/** The most that counts: a higher one would be a lie, or of a later version. */
const HOST_SCORE_MAX = 3;

/** What a device is worth as a host, 0 to 3. A cable counts most: what comes and goes by Wi-Fi takes the air twice. Then mains power: hosting costs battery. */
export function computeHostScore(
  device: { readonly isOnCable: boolean; readonly isOnMains: boolean },
): number {
  return (device.isOnCable ? 2 : 0) + (device.isOnMains ? 1 : 0);
}

/**
 * Members who are in the room now, the best host first: by the merit that each says to have, and equals in the order in
 * which they came, the creator before all. In a direct conversation the two are ranked by key, so that both agree before
 * either has written.
 */
export function rankHosts(replica: Replica, meritOf: (member: PeerId) => number): readonly PeerId[] {
  if (replica.info?.access === "direct") return replica.info.founders;
  // By place instead of sorted: a host of a thousand looks at this with each who comes.
  const byMerit: PeerId[][] = Array.from({ length: HOST_SCORE_MAX + 1 }, () => []);
  for (const id of replica.activeMembers()) {
    byMerit[HOST_SCORE_MAX - Math.min(meritOf(id), HOST_SCORE_MAX)]?.push(id);
  }
  return byMerit.flat();
}
