/** Which pictures come by themselves: small ones of people whom the user has verified, and only so many at once. */

import type { PeerId, RoomId } from "../../room/id.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { PeerPolicy } from "../peers/peer_policy.ts";
import type { Transfer } from "./transfer.ts";
import { isPicture } from "./file_rows.ts";
import type { KnownOffer } from "./offer_index.ts";

/** Pictures of verified people come by themselves up to this size. */
export const PICTURE_BYTES_MAX = 512 * 1024;
/** So many of a room may wait for somebody who has them; more come when the user asks for them. */
export const PICTURES_WAITING_MAX = 64;

export interface AutoDownloadParts {
  readonly me: PeerId;
  readonly policy: PeerPolicy;
  readonly peerDirectory: PeerDirectory;
}

/** The welcome of one node. */
export class AutoDownload {
  readonly #parts: AutoDownloadParts;
  readonly #waiting = new Map<RoomId, Set<Transfer>>();
  /** Taken, and not remembered as wanted yet. */
  readonly #beginning = new Set<Transfer>();

  constructor(parts: AutoDownloadParts) {
    this.#parts = parts;
  }

  /** Whether it is to be fetched now, unasked; it counts from now on. */
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
