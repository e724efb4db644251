/** Where events of sessions go: the listener above all sessions. Records have a router of their own. */

import { message } from "../../messages/message.ts";
import type { ProtocolCode, ProtocolError } from "../../errors.ts";
import type { Connection } from "../../net/connection.ts";
import type { PeerId } from "../../room/id.ts";
import type { WireRecord } from "../../wire/record.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { LocalNetwork } from "../peers/local_network.ts";
import type { LocalProfile } from "../peers/local_profile.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { SessionListener } from "../peers/sessions.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { Notices } from "../support/notices.ts";
import { LOOK_POINTS, OFFENCE_POINTS, type Quotas } from "../support/quotas.ts";
import type { FileService } from "../transfers/file_service.ts";
import type { PeerRouter } from "./peer_router.ts";
import type { RecordRouter } from "./record_router.ts";

/** Ends of sessions that no honest node causes. */
const OFFENCES: ReadonlySet<ProtocolCode> = new Set(["bad-frame", "bad-record", "too-much"]);

export interface SessionRouterParts {
  readonly rooms: Rooms;
  readonly quotas: Quotas;
  readonly localProfile: LocalProfile;
  readonly network: LocalNetwork;
  readonly fileService: FileService;
  readonly peerDirectory: PeerDirectory;
  readonly connectionManager: ConnectionManager;
  readonly autoContacts: AutoContacts;
  readonly recordRouter: RecordRouter;
  readonly peerRouter: PeerRouter;
  readonly notices: Notices;
  readonly tasks: BackgroundTasks;
}

/** The listener above the sessions of one node. */
export class SessionRouter implements SessionListener {
  readonly #parts: SessionRouterParts;

  constructor(parts: SessionRouterParts) {
    this.#parts = parts;
  }

  onOpen(connection: Connection): void {
    const { quotas, localProfile, network, fileService, peerRouter } = this.#parts;
    // A new session does not refill the share of a device that has spent it.
    quotas.charge(connection, LOOK_POINTS);
    connection.send(localProfile.current());
    if (connection.peer !== undefined) network.discovery.pin(connection.peer);
    fileService.onOpen(connection);
    peerRouter.onPeers();
  }

  onRecord(connection: Connection, record: WireRecord): Promise<void> | undefined {
    return this.#parts.recordRouter.onRecord(connection, record);
  }

  onDrained(connection: Connection): void {
    for (const localRoom of this.#parts.rooms.list()) localRoom.sync.sendPending(connection);
  }

  onBulkDrained(connection: Connection): void {
    this.#parts.fileService.onBulkDrained(connection);
  }

  onClosed(connection: Connection, error: ProtocolError): void {
    const { rooms, peerDirectory, connectionManager, autoContacts, notices, network, fileService, tasks } =
      this.#parts;
    const { peer } = connection;
    if (peer === undefined) return;
    for (const localRoom of rooms.list()) {
      localRoom.sync.forget(connection);
      // Each stranger would leave an empty direct conversation behind.
      if (localRoom.directPeer === peer) tasks.track(rooms.drop(localRoom.replica.id));
    }
    fileService.onClosed(connection);
    if (OFFENCES.has(error.code)) this.#parts.quotas.charge(connection, OFFENCE_POINTS);
    peerDirectory.setProfile(peer, undefined);
    autoContacts.noteSeen(peer);
    if (error.code === "leaving") peerDirectory.noteDeparture(peer);
    if (!autoContacts.has(peer)) network.discovery.unpin(peer);
    if (error.code === "wrong-key") {
      notices.add(message("notice.wrong-key"), error.code);
    }
    connectionManager.noteClosed(peer, connection.openedAtMs);
    this.#parts.peerRouter.onPeers();
  }

  onAbsent(peer: PeerId): void {
    this.#parts.peerDirectory.noteDeparture(peer);
    this.#parts.peerRouter.onDeparture();
  }
}
