/** Who hosts: the first in rank that can be reached. A pure function of the members, so everybody agrees without a vote. */

import type { PeerId } from "./id.ts";
import type { Replica } from "./replica.ts";

/**
 * Members who are in the room now, the best host first: in the order in which they came, the creator before all.
 * In a direct conversation the two are ranked by key, so that both agree before either has written.
 */
export function ranks(replica: Replica): readonly PeerId[] {
  if (replica.info?.access === "direct") return replica.info.founders;
  return replica.members().filter((member) => member.isIn).map((member) => member.id);
}
