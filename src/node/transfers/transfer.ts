/** The content of an offer, and what has become of it on this node. */

import type { RoomId } from "../../room/id.ts";
import type { Offer } from "../../room/file_offer.ts";
import type { TransferRecord } from "../../store/transfers/transfer_store.ts";
import type { Download } from "./download.ts";
import type { Holding } from "./uploader.ts";

/** One content. */
export interface Transfer {
  /** Its name on disk: no other room's, and of no offer that says anything else. */
  readonly key: string;
  readonly room: RoomId;
  readonly offer: Offer;
  memo: TransferRecord | null;
  /** Why it could not be fetched. */
  problem: string | null;
  /** It is not any more where it was, or what it was. */
  isGone: boolean;
  download: Download | null;
  /** What had come when it was last stopped, as long as the node runs. */
  keptBytes: number;
  /** What has come of it, while it is fetched. */
  part: Holding | null;
}
