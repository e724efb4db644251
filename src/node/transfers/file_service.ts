/** Files in conversations: the offers, the transfers, the records about both, and the events that screens get. */

import { message } from "../../messages/message.ts";
import { WorldError } from "../../errors.ts";
import type { FileRow } from "../../api/files.ts";
import type { Connection } from "../../net/connection.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { Timer } from "../../ports/time.ts";
import type { Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import { formatFileName } from "../../text/file_name.ts";
import type { WireRecord } from "../../wire/record.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { PeerPolicy } from "../peers/peer_policy.ts";
import type { RequestPolicy } from "../peers/request_policy.ts";
import type { Sessions } from "../peers/sessions.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { EventHub } from "../support/event_hub.ts";
import type { Notices } from "../support/notices.ts";
import { AutoDownload } from "./auto_download.ts";
import type { FileRows } from "./file_rows.ts";
import { type KnownOffer, OfferIndex } from "./offer_index.ts";
import { RequestTable, type Seeker } from "./request_table.ts";
import type { Transfer } from "./transfer.ts";
import { Transfers } from "./transfers.ts";
import { Uploader } from "./uploader.ts";

/** Screens hear of a transfer's progress at most this often. */
export const FILE_PUBLISH_MS = 250;
/** Time between two searches: peers that had nothing of a content are asked again. */
const SEEK_MS = 10_000;
/** Members that are dialled for a search alone. */
const WANTED_PEERS_MAX = 8;

export interface FileServiceParts {
  readonly me: PeerId;
  readonly ports: Ports;
  readonly hub: EventHub;
  readonly rooms: Rooms;
  readonly sessions: Sessions;
  readonly peerDirectory: PeerDirectory;
  readonly policy: PeerPolicy;
  readonly requestPolicy: RequestPolicy;
  readonly connectionManager: ConnectionManager;
  readonly fileRows: FileRows;
  readonly notices: Notices;
  readonly tasks: BackgroundTasks;
}

/** The files of one node. */
export class FileService {
  readonly offers = new OfferIndex();
  readonly transfers: Transfers;
  readonly #parts: FileServiceParts;
  readonly #requestTable = new RequestTable();
  readonly #uploader: Uploader;
  readonly #publishTimer: Timer;
  readonly #seekTimer: Timer;
  readonly #changed = new Set<Transfer>();
  readonly #seekers = new Map<Seeker, Transfer>();
  readonly #autoDownload: AutoDownload;

  constructor(parts: FileServiceParts) {
    const { ports, tasks } = parts;
    this.#parts = parts;
    this.#autoDownload = new AutoDownload(parts);
    this.#publishTimer = ports.clock.timer(() => this.#publishChanged());
    this.#seekTimer = ports.clock.timer(() => this.#seekAgain());
    this.transfers = new Transfers({
      ports,
      foldersOf: (room) => parts.rooms.files.folderOf(room),
      requestPart: (seeker, peer, part) => {
        const connection = parts.sessions.connections.get(peer);
        if (connection !== undefined) this.#requestTable.requestPart(connection, seeker, part);
      },
      onSeek: (transfer, seeker) => this.#onSeek(transfer, seeker),
      onSeekEnded: (seeker) => {
        this.#seekers.delete(seeker);
        this.#requestTable.drop(seeker);
      },
      onChange: (transfer, isNews) => this.#onChange(transfer, isNews),
      onBadPiece: (transfer, peer) => this.#onBadPiece(transfer, peer),
      tasks,
    });
    this.#uploader = new Uploader({
      clock: ports.clock,
      mayHave: (peer, room, manifest) => {
        const localRoom = parts.rooms.get(room);
        return localRoom?.replica.isIn(peer) === true && !parts.requestPolicy.isRequest(localRoom) &&
          this.offers.has(room, manifest);
      },
      open: (room, manifest) => this.transfers.open(room, manifest),
      onBroken: (room, manifest) => this.transfers.onBroken(room, manifest),
      tasks,
    });
    parts.connectionManager.addDemand(() => this.#listWantedPeers());
  }

  /** Finds the offers of all rooms, and resumes wanted downloads. */
  async load(): Promise<void> {
    for (const localRoom of this.#parts.rooms.list()) await this.#resumeRoom(localRoom);
  }

  /** The same for a room that was loaded while the node runs. */
  onRoomLoaded(localRoom: LocalRoom): void {
    this.#parts.tasks.track(this.#resumeRoom(localRoom));
  }

  #resumeRoom(localRoom: LocalRoom): Promise<void> {
    return this.#resumeOffers(this.offers.note(localRoom, localRoom.entries));
  }

  /** Members without a session that may have a searched content. */
  #listWantedPeers(): readonly PeerId[] {
    const { me, rooms, sessions, policy } = this.#parts;
    const wanted = new Set<PeerId>();
    for (const { room, offer } of this.#seekers.values()) {
      const localRoom = rooms.get(room);
      const authors = this.offers.findByContent(room, offer.manifest).map(({ entry }) => entry.author);
      for (const peer of [...authors, ...localRoom?.otherMembers ?? []]) {
        if (wanted.size >= WANTED_PEERS_MAX) break;
        if (peer !== me && !sessions.connections.has(peer) && !policy.isBlocked(peer)) wanted.add(peer);
      }
    }
    return [...wanted];
  }

  /** These entries are new on our disk. */
  onEntries(localRoom: LocalRoom, entries: readonly Entry[]): void {
    const fresh = this.offers.note(localRoom, entries);
    if (fresh.length > 0) this.#parts.tasks.track(this.#announceOffers(fresh));
  }

  /** A session is open. */
  onOpen(connection: Connection): void {
    for (const [seeker, transfer] of this.#seekers) this.#seek(connection, seeker, transfer);
  }

  /** A session is over. */
  onClosed(connection: Connection): void {
    this.#uploader.forget(connection);
    this.#requestTable.forget(connection);
    this.#parts.connectionManager.schedule();
  }

  /** See ConnectionListener. */
  onBulkDrained(connection: Connection): void {
    this.#uploader.onBulkDrained(connection);
  }

  /** A record about files came. */
  onRecord(
    connection: Connection,
    record: Extract<WireRecord, { type: "seek" | "holding" | "want" | "piece" | "drop" }>,
  ): void {
    switch (record.type) {
      case "seek":
        return this.#uploader.onSeek(connection, record);
      case "want":
        return this.#uploader.onWant(connection, record);
      case "drop":
        return this.#uploader.onDrop(connection, record.wish);
      case "holding":
        return this.#requestTable.onHolding(connection, record);
      case "piece":
        return this.#requestTable.onPiece(connection, record);
    }
  }

  /** Stops all transfers; received pieces are kept. */
  async close(): Promise<void> {
    this.#publishTimer[Symbol.dispose]();
    this.#seekTimer[Symbol.dispose]();
    // First the uploader, because it reads files that the transfers hold open.
    await this.#uploader.close();
    await this.transfers.close();
  }

  /** The offers of that room, or of all rooms, that the user may see: none of blocked peers and of requests. */
  listOffers(only: LocalRoom | undefined): readonly KnownOffer[] {
    return this.offers.list().filter((known) =>
      (only === undefined || known.localRoom === only) && this.#isListed(known)
    );
  }

  #isListed({ localRoom, entry }: KnownOffer): boolean {
    return !this.#parts.policy.isBlocked(entry.author) && !this.#parts.requestPolicy.isRequest(localRoom);
  }

  /** The content of the offer. */
  transferOf({ entry, offer }: KnownOffer): Transfer {
    return this.transfers.get(entry.room, offer);
  }

  /** The offer as screens see it. */
  toRow(known: KnownOffer): FileRow {
    return this.#parts.fileRows.toRow(known, this.transferOf(known));
  }

  /** The content with that manifest changed: peers that follow it are told soon. */
  tellFollowers(manifest: string): void {
    this.#uploader.onChange(manifest);
  }

  async #resumeOffers(fresh: readonly KnownOffer[]): Promise<void> {
    const [first] = fresh;
    if (first !== undefined) {
      await this.transfers.resumeStored(
        first.entry.room,
        fresh.map(({ offer }) => offer),
      );
    }
  }

  /** Publishes the offers at once. Automatic downloads start one after the other, so that the limit holds. */
  async #announceOffers(fresh: readonly KnownOffer[]): Promise<void> {
    await this.#resumeOffers(fresh);
    for (const known of fresh) this.#changed.add(this.transferOf(known));
    this.#publishChanged();
    for (const known of fresh) {
      const transfer = this.transferOf(known);
      if (!this.#autoDownload.mayStart(known, transfer)) continue;
      try {
        await this.#autoDownload.begin(transfer, () => this.transfers.start(transfer, null));
      } catch (error) {
        if (!(error instanceof WorldError)) throw error;
        this.#parts.notices.add(error.details);
      }
    }
  }

  #onSeek(transfer: Transfer, seeker: Seeker): void {
    this.#seekers.set(seeker, transfer);
    for (const connection of this.#parts.sessions.connections.values()) {
      this.#seek(connection, seeker, transfer);
    }
    this.#seekTimer.wakeAt(this.#parts.ports.clock.nowMs() + SEEK_MS);
    this.#parts.connectionManager.schedule();
  }

  #seek(connection: Connection, seeker: Seeker, { room, download }: Transfer): void {
    const isMember = connection.peer !== undefined &&
      this.#parts.rooms.get(room)?.replica.isIn(connection.peer);
    if (isMember && connection.peer !== undefined && download?.mayAsk(connection.peer)) {
      this.#requestTable.seek(connection, seeker);
    }
  }

  #seekAgain(): void {
    if (this.#seekers.size === 0) return;
    for (const connection of this.#parts.sessions.connections.values()) this.onOpen(connection);
    this.#parts.connectionManager.schedule();
    this.#seekTimer.wakeAt(this.#parts.ports.clock.nowMs() + SEEK_MS);
  }

  #onChange(transfer: Transfer, isNews: boolean): void {
    this.#uploader.onChange(transfer.offer.manifest);
    if (this.#changed.size === 0) {
      this.#publishTimer.wakeAt(this.#parts.ports.clock.nowMs() + FILE_PUBLISH_MS);
    }
    this.#changed.add(transfer);
    if (isNews) this.#publishChanged();
  }

  #publishChanged(): void {
    const { hub } = this.#parts;
    const changed = [...this.#changed];
    this.#changed.clear();
    if (!hub.hasListeners) return;
    for (const transfer of changed) {
      for (const known of this.offers.findByContent(transfer.room, transfer.offer.manifest)) {
        const isMeant = this.transfers.get(transfer.room, known.offer) === transfer && this.#isListed(known);
        if (isMeant) hub.publish({ event: "file", file: this.toRow(known) });
      }
    }
  }

  #onBadPiece({ offer }: Transfer, peer: PeerId): void {
    const { peerDirectory, notices } = this.#parts;
    notices.add(
      message("get.bad-data", { peer: peerDirectory.labelOf(peer), name: formatFileName(offer.name) }),
    );
  }
}
