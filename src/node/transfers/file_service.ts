/** Files in conversations: what screens ask for, what they are told, and where records about files go. */

import { basename, dirname, isAbsolute } from "@std/path";
import { UsageError, WorldError } from "../../errors.ts";
import type { Connection } from "../../net/connection.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { Timer } from "../../ports/time.ts";
import type { Entry } from "../../room/entry.ts";
import { formatFileName } from "../../text/file_name.ts";
import type { PeerId } from "../../room/id.ts";
import { encodeOffer, OFFER_KIND } from "../../room/file_offer.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import type { WireRecord } from "../../wire/record.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import type { Transfer } from "./transfer.ts";
import { Transfers } from "./transfers.ts";
import { type ConversationDirectory, requireIn } from "../views/conversation_directory.ts";
import type { EventHub } from "../support/event_hub.ts";
import type { FileRow } from "../../api/files.ts";
import { toFileRow } from "./file_rows.ts";
import { type KnownOffer, OfferIndex } from "./offer_index.ts";
import { type CreatedOffer, createOffer, findOffered } from "./create_offer.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { AuthorLabels } from "../rooms/author_labels.ts";
import type { Rooms } from "../rooms/rooms.ts";
import { Uploader } from "./uploader.ts";
import type { Sessions } from "../peers/sessions.ts";
import { findUploaded } from "./page_uploads.ts";
import type { Command, Replies } from "../../api/commands.ts";
import { AutoDownload } from "./auto_download.ts";
import { RequestTable, type Seeker } from "./request_table.ts";
import { BackgroundTasks } from "../support/background_tasks.ts";

/** Screens hear of what comes at most so often. */
const PUBLISH_MS = 250;
/** Those who had nothing of what we look for are asked again after so long. */
const SEEK_MS = 10_000;
/** Members whom a search for files has us reach, who would not be reached else. */
const WANTED_PEERS_MAX = 8;

type FileCommand = Extract<Command, { do: "get" | "pause" | "cancel" }>;

export interface FileServiceParts {
  readonly me: PeerId;
  readonly ports: Ports;
  readonly hub: EventHub;
  readonly rooms: Rooms;
  readonly sessions: Sessions;
  readonly peerDirectory: PeerDirectory;
  readonly conversations: ConversationDirectory;
  readonly authorLabels: AuthorLabels;
  readonly entryAuthor: EntryAuthor;
  /** Where pages upload to. */
  readonly uploads: string;
  readonly signal: AbortSignal;
  isBlocked(peer: PeerId): boolean;
  isRequest(localRoom: LocalRoom): boolean;
  /** Whom we look for may have changed. */
  onWanted(): void;
  onNotice(text: string): void;
  onBug(error: unknown): void;
}

/** The files of one node. */
export class FileService {
  readonly #parts: FileServiceParts;
  readonly #offers = new OfferIndex();
  readonly #requestTable = new RequestTable();
  readonly #transfers: Transfers;
  readonly #uploader: Uploader;
  readonly #publishTimer: Timer;
  readonly #seekTimer: Timer;
  readonly #changed = new Set<Transfer>();
  readonly #seekers = new Map<Seeker, Transfer>();
  readonly #tasks: BackgroundTasks;
  readonly #autoDownload: AutoDownload;

  constructor(parts: FileServiceParts) {
    const { ports, rooms, sessions, peerDirectory, onBug } = parts;
    this.#parts = parts;
    this.#tasks = new BackgroundTasks(onBug);
    this.#autoDownload = new AutoDownload({
      ...parts,
      isVerified: (peer) => peerDirectory.toRow(peer).verified,
    });
    this.#publishTimer = ports.clock.timer(() => this.#publishChanged());
    this.#seekTimer = ports.clock.timer(() => this.#seekAgain());
    this.#transfers = new Transfers({
      ports,
      foldersOf: (room) => rooms.folderOf(room),
      requestPart: (seeker, peer, part) => {
        const connection = sessions.connections.get(peer);
        if (connection !== undefined) this.#requestTable.requestPart(connection, seeker, part);
      },
      onSeek: (transfer, seeker) => this.#onSeek(transfer, seeker),
      onSeekEnded: (seeker) => {
        this.#seekers.delete(seeker);
        this.#requestTable.drop(seeker);
      },
      onChange: (transfer, isNews) => this.#onChange(transfer, isNews),
      onBadPiece: (transfer, peer) => this.#onBadPiece(transfer, peer),
      onBug,
    });
    this.#uploader = new Uploader({
      clock: ports.clock,
      mayHave: (peer, room, manifest) => {
        const localRoom = rooms.get(room);
        return localRoom?.replica.isIn(peer) === true && !parts.isRequest(localRoom) &&
          this.#offers.has(room, manifest);
      },
      open: (room, manifest) => this.#transfers.open(room, manifest),
      onBroken: (room, manifest) => this.#transfers.onBroken(room, manifest),
      onBug,
    });
  }

  /** Finds the offers of all rooms, and goes on with what was wanted. */
  async load(): Promise<void> {
    for (const localRoom of this.#parts.rooms.list()) await this.#resumeRoom(localRoom);
  }

  /** The same for a room whose log was read behind the start. */
  onRoomLoaded(localRoom: LocalRoom): void {
    this.#tasks.track(this.#resumeRoom(localRoom));
  }

  #resumeRoom(localRoom: LocalRoom): Promise<void> {
    return this.#resumeOffers(this.#offers.note(localRoom, localRoom.entries));
  }

  /** Members who may have what we look for, and with whom there is no session. */
  get wantedPeers(): readonly PeerId[] {
    const { me, rooms, sessions, isBlocked } = this.#parts;
    const wanted = new Set<PeerId>();
    for (const { room, offer } of this.#seekers.values()) {
      const localRoom = rooms.get(room);
      const authors = this.#offers.findByContent(room, offer.manifest).map(({ entry }) => entry.author);
      for (const peer of [...authors, ...localRoom?.otherMembers ?? []]) {
        if (wanted.size >= WANTED_PEERS_MAX) break;
        if (peer !== me && !sessions.connections.has(peer) && !isBlocked(peer)) wanted.add(peer);
      }
    }
    return [...wanted];
  }

  /** These entries are new on our disk. */
  onEntries(localRoom: LocalRoom, entries: readonly Entry[]): void {
    const fresh = this.#offers.note(localRoom, entries);
    if (fresh.length > 0) this.#tasks.track(this.#announceOffers(fresh));
  }

  /** A peer has proved who it is. */
  onOpen(connection: Connection): void {
    for (const [seeker, transfer] of this.#seekers) this.#seek(connection, seeker, transfer);
  }

  /** A session is over. */
  onClosed(connection: Connection): void {
    this.#uploader.forget(connection);
    this.#requestTable.forget(connection);
    this.#parts.onWanted();
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

  /** Offers files and folders. @throws {UsageError}, {WorldError}; what was offered before the failure stays offered. */
  async offer({ to, paths, upload }: Extract<Command, { do: "offer" }>): Promise<Replies["offer"]> {
    const { conversations, ports, uploads } = this.#parts;
    const localRoom = conversations.find(to);
    requireIn(localRoom, "offer that");
    const places = upload === undefined ? paths ?? [] : [await findUploaded(ports.files, uploads, upload)];
    if (places.length === 0) throw new UsageError("Nothing is named that could be offered");
    const relative = places.find((path) => !isAbsolute(path));
    if (relative !== undefined) throw new UsageError(`"${formatFileName(relative)}" is not an absolute path`);
    for (const place of places) await findOffered(place, ports.files);
    const files: FileRow[] = [];
    for (const place of places) files.push(await this.#offerOne(localRoom, place));
    return { files };
  }

  /** What is on offer. @throws {UsageError}. */
  list({ to }: Extract<Command, { do: "files" }>): Replies["files"] {
    return { files: this.#listOffers(to).map((known) => this.#toRow(known)) };
  }

  /** Fetches a file. @throws {UsageError}, {WorldError}. */
  async get(command: Extract<Command, { do: "get" }>): Promise<Replies["get"]> {
    const { known, transfer } = this.#find(command);
    const { into = null } = command;
    if (into !== null) await this.#requireFolder(into);
    const isHere = transfer.memo?.state === "here" && !transfer.isGone;
    if (!isHere) await this.#transfers.start(transfer, into);
    return { file: this.#toRow(known) };
  }

  /** Stops fetching for now. @throws {UsageError}, {WorldError}. */
  async pause(command: FileCommand): Promise<Replies["pause"]> {
    const { known, transfer } = this.#find(command);
    if (transfer.memo?.state !== "wanted") {
      throw new UsageError(`"${formatOfferName(known)}" is not being fetched`);
    }
    await this.#transfers.pause(transfer);
    return { file: this.#toRow(known) };
  }

  /** Stops fetching and removes what has come; stops offering. @throws {UsageError}, {WorldError}. */
  async cancel(command: FileCommand): Promise<Replies["cancel"]> {
    const { me, uploads, ports: { files } } = this.#parts;
    const { known, transfer } = this.#find(command);
    const { memo } = transfer;
    if (memo === null) throw new UsageError(`"${formatOfferName(known)}" was not asked for`);
    const isMine = known.entry.author === me;
    const isForgotten = (memo.state !== "here" || isMine) && await this.#transfers.forget(transfer);
    if (!isForgotten) {
      throw new UsageError(
        `"${formatOfferName(known)}" is here already, at "${transfer.memo?.place ?? memo.place}"`,
      );
    }
    // What a page uploaded is ours to remove; what the user named is not.
    const isUploaded = memo.state === "here" && dirname(dirname(memo.place)) === uploads;
    if (isUploaded) await formatDiskError("remove that", () => files.removeAll(dirname(memo.place)));
    return { file: this.#toRow(known) };
  }

  /** Stops all; what has come is kept. */
  async close(): Promise<void> {
    this.#publishTimer[Symbol.dispose]();
    this.#seekTimer[Symbol.dispose]();
    // Serving reads what contents hold open.
    await this.#uploader.close();
    await this.#transfers.close();
    await this.#tasks.settled();
  }

  async #offerOne(localRoom: LocalRoom, place: string): Promise<FileRow> {
    const { ports, hub, signal, entryAuthor, me, onNotice } = this.#parts;
    let toldAtMs = -Infinity;
    const offered: CreatedOffer = await createOffer(place, {
      ...ports,
      signal,
      onRead: (readBytes, sizeBytes) => {
        const nowMs = ports.clock.nowMs();
        if (nowMs - toldAtMs < PUBLISH_MS && readBytes < sizeBytes) return;
        toldAtMs = nowMs;
        const name = formatFileName(basename(place));
        hub.publish({ event: "reading", roomId: localRoom.replica.id, name, readBytes, sizeBytes });
      },
    });
    const { offer, manifestBytes, stamps, skippedCount } = offered;
    const transfer = this.#transfers.get(localRoom.replica.id, offer);
    const body = encodeOffer(offer);
    const number = await entryAuthor.write(localRoom, { kind: OFFER_KIND, body, doing: "offer that" });
    await this.#transfers.addComplete(transfer, { place, stamps, names: null }, manifestBytes);
    this.#uploader.onChange(offer.manifest);
    if (skippedCount > 0) {
      onNotice(
        `${skippedCount} ${skippedCount === 1 ? "thing" : "things"} in "${formatFileName(offer.name)}" ` +
          "cannot be offered (links, or names that other systems do not take), and were left out",
      );
    }
    const entry = localRoom.replica.get(me, number);
    const known = entry === null || entry === undefined ? undefined : this.#offers.get(entry.hash);
    if (known === undefined) throw new WorldError("The offer was written, and cannot be found");
    return this.#toRow(known);
  }

  async #requireFolder(into: string): Promise<void> {
    const { ports: { files } } = this.#parts;
    if (!isAbsolute(into)) throw new UsageError(`"${formatFileName(into)}" is not an absolute path`);
    const fact = await formatDiskError("look there", () => files.stat(into, { follow: true }));
    if (fact?.kind !== "folder") throw new UsageError(`There is no folder "${formatFileName(into)}"`);
  }

  #find({ file, to }: FileCommand): { readonly known: KnownOffer; readonly transfer: Transfer } {
    const known = this.#offers.find(file, this.#listOffers(to));
    return { known, transfer: this.#transfers.get(known.entry.room, known.offer) };
  }

  /** Not of those whom the user has blocked or not answered. */
  #listOffers(to: string | undefined): readonly KnownOffer[] {
    const only = to === undefined ? undefined : this.#parts.conversations.find(to);
    return this.#offers.list().filter((known) =>
      (only === undefined || known.localRoom === only) && this.#isListed(known)
    );
  }

  #isListed({ localRoom, entry }: KnownOffer): boolean {
    return !this.#parts.isBlocked(entry.author) && !this.#parts.isRequest(localRoom);
  }

  #toRow(known: KnownOffer): FileRow {
    return toFileRow(known, this.#transfers.get(known.entry.room, known.offer), this.#parts);
  }

  async #resumeOffers(fresh: readonly KnownOffer[]): Promise<void> {
    const [first] = fresh;
    if (first !== undefined) {
      await this.#transfers.resumeStored(
        first.entry.room,
        fresh.map(({ offer }) => offer),
      );
    }
  }

  /** One after the other, so that they are counted; and told at once. */
  async #announceOffers(fresh: readonly KnownOffer[]): Promise<void> {
    await this.#resumeOffers(fresh);
    for (const known of fresh) this.#changed.add(this.#transfers.get(known.entry.room, known.offer));
    this.#publishChanged();
    for (const known of fresh) {
      const transfer = this.#transfers.get(known.entry.room, known.offer);
      if (!this.#autoDownload.mayStart(known, transfer)) continue;
      try {
        await this.#autoDownload.begin(transfer, () => this.#transfers.start(transfer, null));
      } catch (error) {
        if (!(error instanceof WorldError)) throw error;
        this.#parts.onNotice(error.message);
      }
    }
  }

  #onSeek(transfer: Transfer, seeker: Seeker): void {
    this.#seekers.set(seeker, transfer);
    for (const connection of this.#parts.sessions.connections.values()) {
      this.#seek(connection, seeker, transfer);
    }
    this.#seekTimer.wakeAt(this.#parts.ports.clock.nowMs() + SEEK_MS);
    this.#parts.onWanted();
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
    this.#parts.onWanted();
    this.#seekTimer.wakeAt(this.#parts.ports.clock.nowMs() + SEEK_MS);
  }

  #onChange(transfer: Transfer, isNews: boolean): void {
    this.#uploader.onChange(transfer.offer.manifest);
    if (this.#changed.size === 0) this.#publishTimer.wakeAt(this.#parts.ports.clock.nowMs() + PUBLISH_MS);
    this.#changed.add(transfer);
    if (isNews) this.#publishChanged();
  }

  #publishChanged(): void {
    const { hub } = this.#parts;
    const changed = [...this.#changed];
    this.#changed.clear();
    if (!hub.hasListeners) return;
    for (const transfer of changed) {
      for (const known of this.#offers.findByContent(transfer.room, transfer.offer.manifest)) {
        const isMeant = this.#transfers.get(transfer.room, known.offer) === transfer && this.#isListed(known);
        if (isMeant) hub.publish({ event: "file", file: this.#toRow(known) });
      }
    }
  }

  #onBadPiece({ offer }: Transfer, peer: PeerId): void {
    const { peerDirectory, onNotice } = this.#parts;
    onNotice(
      `What ${peerDirectory.labelOf(peer)} sent of "${formatFileName(offer.name)}" is not what was ` +
        "offered: damaged or changed. It was thrown away, and that device is not asked for this again",
    );
  }
}

function formatOfferName({ offer }: KnownOffer): string {
  return formatFileName(offer.name);
}
