/** The content of an offer, and its state on this node. */

import type { Message } from "../../messages/message.ts";
import type { RoomId } from "../../room/id.ts";
import type { Offer } from "../../room/file_offer.ts";
import type { TransferRecord } from "../../store/transfers/transfer_store.ts";
import type { Download } from "./download.ts";
import type { Holding } from "./uploader.ts";

/** One transfer. */
export interface Transfer {
  /** Its name on disk, unique for the room and all fields of the offer. */
  readonly key: string;
  readonly room: RoomId;
  readonly offer: Offer;
  memo: TransferRecord | null;
  /** Why the download failed. */
  problem: Message | null;
  /** Whether the content on disk was moved or changed. */
  isGone: boolean;
  download: Download | null;
  /** Bytes received when it was last stopped, in this run of the node. */
  keptBytes: number;
  /** The received pieces, during the download. */
  part: Holding | null;
}
