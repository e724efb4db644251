/** Commands about files: offer, list, get, pause and cancel. */

import { message } from "../../messages/message.ts";
import { basename, dirname, isAbsolute } from "@std/path";
import type { Command, Replies } from "../../api/commands.ts";
import type { FileRow } from "../../api/files.ts";
import { UsageError, WorldError } from "../../errors.ts";
import { describeCrowding } from "../../api/files.ts";
import type { Ports } from "../../ports/node_ports.ts";
import { encodeOffer, OFFER_KIND } from "../../room/file_offer.ts";
import type { PeerId } from "../../room/id.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import { formatFileName } from "../../text/file_name.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import type { EventHub } from "../support/event_hub.ts";
import type { Notices } from "../support/notices.ts";
import { type CreatedOffer, createOffer, findOffered } from "../transfers/create_offer.ts";
import { FILE_PUBLISH_MS, type FileService } from "../transfers/file_service.ts";
import type { KnownOffer } from "../transfers/offer_index.ts";
import { findUploaded } from "../transfers/page_uploads.ts";
import type { Transfer } from "../transfers/transfer.ts";
import { type ConversationDirectory, requireIn } from "../views/conversation_directory.ts";

type FileCommand = Extract<Command, { do: "get" | "pause" | "cancel" }>;

export interface FileCommandsParts {
  readonly me: PeerId;
  readonly ports: Ports;
  /** The folder that pages upload to. */
  readonly uploads: string;
  readonly signal: AbortSignal;
  readonly hub: EventHub;
  readonly notices: Notices;
  readonly conversations: ConversationDirectory;
  readonly entryAuthor: EntryAuthor;
  readonly fileService: FileService;
}

/** The file commands of one node. */
export class FileCommands {
  readonly #parts: FileCommandsParts;

  constructor(parts: FileCommandsParts) {
    this.#parts = parts;
  }

  /** Offers files and folders. @throws {UsageError}, {WorldError}; offers before the failure stay. */
  async offer({ to, paths, upload }: Extract<Command, { do: "offer" }>): Promise<Replies["offer"]> {
    const { conversations, ports, uploads } = this.#parts;
    const localRoom = conversations.find(to);
    requireIn(localRoom, message("doing.offer"));
    const places = upload === undefined ? paths ?? [] : [await findUploaded(ports.files, uploads, upload)];
    if (places.length === 0) throw new UsageError(message("offer.nothing-named"));
    const relative = places.find((path) => !isAbsolute(path));
    if (relative !== undefined) {
      throw new UsageError(message("path.not-absolute", { path: formatFileName(relative) }));
    }
    for (const place of places) await findOffered(place, ports.files);
    this.#requireFree(localRoom, places.length);
    const files: FileRow[] = [];
    for (const place of places) files.push(await this.#offerOne(localRoom, place));
    return { files };
  }

  /** The offers. @throws {UsageError}. */
  async list({ to }: Extract<Command, { do: "files" }>): Promise<Replies["files"]> {
    const { conversations, fileService } = this.#parts;
    const offers = this.#listOffers(to);
    for (const known of offers) await fileService.transfers.lookAtPlace(fileService.transferOf(known));
    const files = offers.map((known) => fileService.toRow(known));
    return to === undefined ? { files } : { files, freeCount: this.#countFree(conversations.find(to)) };
  }

  /** Downloads a file or folder. @throws {UsageError}, {WorldError}. */
  async get(command: Extract<Command, { do: "get" }>): Promise<Replies["get"]> {
    const { fileService } = this.#parts;
    const { known, transfer } = this.#find(command);
    const { into = null } = command;
    if (into !== null) await this.#requireFolder(into);
    await fileService.transfers.look(transfer);
    const isHere = transfer.memo?.state === "here" && !transfer.isGone;
    if (!isHere) await fileService.transfers.start(transfer, into);
    return { file: fileService.toRow(known) };
  }

  /** Pauses a download. @throws {UsageError}, {WorldError}. */
  async pause(command: FileCommand): Promise<Replies["pause"]> {
    const { fileService } = this.#parts;
    const { known, transfer } = this.#find(command);
    if (transfer.memo?.state !== "wanted") {
      throw new UsageError(message("get.not-downloading", { name: formatOfferName(known) }));
    }
    await fileService.transfers.pause(transfer);
    return { file: fileService.toRow(known) };
  }

  /** Cancels a download and removes the received pieces, or ends an offer of ours. @throws {UsageError}, {WorldError}. */
  async cancel(command: FileCommand): Promise<Replies["cancel"]> {
    const { me, uploads, ports: { files }, fileService } = this.#parts;
    const { known, transfer } = this.#find(command);
    await fileService.transfers.look(transfer);
    const { memo, isGone } = transfer;
    if (memo === null) throw new UsageError(message("get.not-requested", { name: formatOfferName(known) }));
    const isMine = known.entry.author === me;
    const mayForget = memo.state !== "here" || isMine || isGone;
    const isForgotten = mayForget && await fileService.transfers.forget(transfer);
    if (!isForgotten) {
      throw new UsageError(
        message("get.have-it", { name: formatOfferName(known), path: transfer.memo?.place ?? memo.place }),
      );
    }
    // An upload of a page is ours to remove; a file that the user named is not.
    const isUploaded = memo.state === "here" && dirname(dirname(memo.place)) === uploads;
    if (isUploaded) {
      await formatDiskError(message("doing.remove-file"), () => files.removeAll(dirname(memo.place)));
    }
    return { file: fileService.toRow(known) };
  }

  async #offerOne(localRoom: LocalRoom, place: string): Promise<FileRow> {
    const { ports, hub, signal, entryAuthor, me, notices, fileService } = this.#parts;
    let toldAtMs = -Infinity;
    const offered: CreatedOffer = await createOffer(place, {
      ...ports,
      signal,
      onRead: (readBytes, sizeBytes) => {
        const nowMs = ports.clock.nowMs();
        if (nowMs - toldAtMs < FILE_PUBLISH_MS && readBytes < sizeBytes) return;
        toldAtMs = nowMs;
        const name = formatFileName(basename(place));
        hub.publish({ event: "reading", roomId: localRoom.replica.id, name, readBytes, sizeBytes });
      },
    });
    const { offer, manifestBytes, stamps, skippedCount } = offered;
    const transfer = fileService.transfers.get(localRoom.replica.id, offer);
    const body = encodeOffer(offer);
    const number = await entryAuthor.write(localRoom, {
      kind: OFFER_KIND,
      body,
      doing: message("doing.offer"),
    });
    await fileService.transfers.addComplete(transfer, { place, stamps, names: null }, manifestBytes);
    fileService.tellFollowers(offer.manifest);
    if (skippedCount > 0) {
      notices.add(message("offer.skipped", { count: skippedCount, name: formatFileName(offer.name) }));
    }
    const entry = localRoom.replica.get(me, number);
    const known = entry === null || entry === undefined ? undefined : fileService.offers.get(entry.hash);
    if (known === undefined) throw new WorldError(message("offer.lost"));
    return fileService.toRow(known);
  }

  #countFree(localRoom: LocalRoom): number {
    const { me, fileService } = this.#parts;
    return fileService.offers.countFree(localRoom.replica.id, me);
  }

  /** @throws {UsageError} if an older offer would be dropped. */
  #requireFree(localRoom: LocalRoom, count: number): void {
    const freeCount = this.#countFree(localRoom);
    if (count > freeCount) throw new UsageError(describeCrowding({ count, freeCount }));
  }

  async #requireFolder(into: string): Promise<void> {
    const { ports: { files } } = this.#parts;
    if (!isAbsolute(into)) throw new UsageError(message("path.not-absolute", { path: formatFileName(into) }));
    const fact = await formatDiskError(message("doing.look-there"), () => files.stat(into, { follow: true }));
    if (fact?.kind !== "folder") {
      throw new UsageError(message("path.no-folder", { path: formatFileName(into) }));
    }
  }

  #find({ file, to }: FileCommand): { readonly known: KnownOffer; readonly transfer: Transfer } {
    const { fileService } = this.#parts;
    const known = fileService.offers.find(file, this.#listOffers(to));
    return { known, transfer: fileService.transferOf(known) };
  }

  #listOffers(to: string | undefined): readonly KnownOffer[] {
    const { conversations, fileService } = this.#parts;
    return fileService.listOffers(to === undefined ? undefined : conversations.find(to));
  }
}

function formatOfferName({ offer }: KnownOffer): string {
  return formatFileName(offer.name);
}
