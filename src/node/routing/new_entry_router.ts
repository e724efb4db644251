/** What follows when our disk has new entries of a room. */

import type { Entry } from "../../room/entry.ts";
import { OFFER_KIND } from "../../room/file_offer.ts";
import type { PeerId } from "../../room/id.ts";
import type { RoomMoveFollower } from "../commands/follow_room_moves.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { LocalProfile } from "../peers/local_profile.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { FileService } from "../transfers/file_service.ts";
import type { EventPublisher } from "../views/event_publisher.ts";

export interface NewEntryRouterParts {
  readonly me: PeerId;
  readonly autoContacts: AutoContacts;
  readonly connectionManager: ConnectionManager;
  readonly localProfile: LocalProfile;
  readonly publisher: EventPublisher;
  readonly fileService: FileService;
  readonly moveFollower: RoomMoveFollower;
}

/** The router of one node's new entries. */
export class NewEntryRouter {
  readonly #parts: NewEntryRouterParts;

  constructor(parts: NewEntryRouterParts) {
    this.#parts = parts;
  }

  /** Our disk has these new entries. */
  onHeld(localRoom: LocalRoom, entries: readonly Entry[]): void {
    const { publisher, me, connectionManager, localProfile, moveFollower, fileService } = this.#parts;
    // First, so that the events can tell which files are offered.
    fileService.onEntries(localRoom, entries);
    publisher.onEntries(localRoom, entries);
    if (entries.some(({ kind }) => kind === "invite" || kind === "move")) moveFollower.noteMoves();
    const own = entries.filter(({ author }) => author === me);
    if (own.length > 0) this.#onOwn(localRoom, own);
    const isMembership = entries.some(({ kind }) => kind !== "text" && kind !== OFFER_KIND);
    if (isMembership) {
      publisher.onRoom(localRoom);
      localProfile.tell();
    }
    if (isMembership || own.length > 0) connectionManager.schedule();
  }

  /** A log was loaded while the node runs. */
  onLoaded(localRoom: LocalRoom): void {
    this.#parts.fileService.onRoomLoaded(localRoom);
  }

  #onOwn({ directPeer, sync }: LocalRoom, own: readonly Entry[]): void {
    if (directPeer === undefined) return;
    if (own.some(({ kind }) => kind === "text" || kind === OFFER_KIND)) {
      this.#parts.autoContacts.add(directPeer);
    } // Our first entry makes no contact, but the peer is no stranger any more: entries that were left out are wanted.
    else if (own.some(({ number }) => number === 1)) sync.askAgain();
  }
}
