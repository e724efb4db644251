/** Which pictures are downloaded unasked: small ones of verified peers, a limited number at once. */

import type { PeerId, RoomId } from "../../room/id.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { PeerPolicy } from "../peers/peer_policy.ts";
import type { Transfer } from "./transfer.ts";
import { isPicture } from "./file_rows.ts";
import type { KnownOffer } from "./offer_index.ts";

/** The maximum size of a picture that is downloaded unasked. */
export const PICTURE_BYTES_MAX = 512 * 1024;
/** Unasked pictures of one room that may wait for a source; the user can get the others. */
export const PICTURES_WAITING_MAX = 64;

export interface AutoDownloadParts {
  readonly me: PeerId;
  readonly policy: PeerPolicy;
  readonly peerDirectory: PeerDirectory;
}

/** The automatic downloads of one node. */
export class AutoDownload {
  readonly #parts: AutoDownloadParts;
  readonly #waiting = new Map<RoomId, Set<Transfer>>();
  /** Taken, and not remembered as wanted yet. */
  readonly #beginning = new Set<Transfer>();

  constructor(parts: AutoDownloadParts) {
    this.#parts = parts;
  }

  /** Whether to download it unasked. If so, it counts against the limit from now on. */
  mayStart(known: KnownOffer, transfer: Transfer): boolean {
    const { me, policy, peerDirectory } = this.#parts;
    const { entry: { author, room }, offer } = known;
    if (author === me || !isPicture(known) || offer.sizeBytes > PICTURE_BYTES_MAX) return false;
    if (transfer.memo !== null || policy.isBlocked(author) || !peerDirectory.toRow(author).verified) {
      return false;
    }
    const isWaiting = (one: Transfer) =>
      this.#beginning.has(one) || one.memo?.state === "wanted" && one.problem === null;
    const waiting = new Set([...this.#waiting.get(room) ?? []].filter(isWaiting));
    this.#waiting.set(room, waiting);
    if (waiting.size >= PICTURES_WAITING_MAX) return false;
    waiting.add(transfer);
    this.#beginning.add(transfer);
    return true;
  }

  /** Begins to fetch what was taken: it counts as beginning until it is remembered as wanted, or could not be. */
  async begin(transfer: Transfer, want: () => Promise<void>): Promise<void> {
    try {
      await want();
    } finally {
      this.#beginning.delete(transfer);
    }
  }
}
