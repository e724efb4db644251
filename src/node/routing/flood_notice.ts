/** The notice about a device that sends more than its share. */

import { hintAt } from "../../messages/command_names.ts";
import { message } from "../../messages/message.ts";
import type { Connection } from "../../net/connection.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { Notices } from "../support/notices.ts";
import { POINTS_PER_SECOND } from "../support/quotas.ts";

/** Characters of an id that can be typed to mean it. */
const ID_SHOWN_CHARS = 8;

/** Adds the notice, with the command that blocks the device. */
export function addFloodNotice(
  { peer }: Pick<Connection, "peer">,
  { peerDirectory, notices }: { readonly peerDirectory: PeerDirectory; readonly notices: Notices },
): void {
  if (peer === undefined) return;
  // By the id: a name may be anything, and this line is there to be typed.
  notices.add(message(
    "notice.flood",
    { peer: peerDirectory.labelOf(peer), perSecond: POINTS_PER_SECOND },
    hintAt("block", peer.slice(0, ID_SHOWN_CHARS)),
  ));
}
