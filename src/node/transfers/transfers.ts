/** The transfers of this node, one for each room and offer: which contents are here, which are being downloaded, and where. */

import { message } from "../../messages/message.ts";
import { DiskError, WorldError } from "../../errors.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import { encodeBase64Url } from "../../encoding/base64url.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import type { Offer } from "../../room/file_offer.ts";
import { type TransferRecord, TransferStore } from "../../store/transfers/transfer_store.ts";
import { newPartTag, removePartialDownload } from "../../store/transfers/partial_download.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import type { Transfer } from "./transfer.ts";
import { Download } from "./download.ts";
import { toContentKey, toOfferKey } from "./offer_index.ts";
import { ContentReaders } from "./content_readers.ts";
import type { Holding } from "./uploader.ts";
import { DiskSpace } from "./disk_space.ts";
import { DownloadScheduler } from "./download_scheduler.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { Seeker } from "./request_table.ts";

/** Downloads that receive at once; the others wait for their turns. */
export const DOWNLOADS_MAX = 4;
/** Contents that are searched at once: fewer than peers let us follow (REQUESTS_WAITING_MAX). */
const SEEKING_MAX = 32;
/** After this time without a source a download is set aside, if others wait. */
const SEEKING_MS = 30_000;

/** From this number of new offers on, the room's folder is listed once instead of one look for each. */
const LIST_FOLDER_MIN = 8;

export interface TransfersParts {
  readonly ports: Pick<Ports, "disk" | "files" | "crypto" | "chance" | "system"> & { readonly clock: Clock };
  /** The folders of the room's offers and files; undefined before its first entry is on disk. */
  foldersOf(room: RoomId): { readonly offers: string; readonly files: string } | undefined;
  requestPart(seeker: Seeker, peer: PeerId, part: {
    readonly piece: number;
    readonly offset: number;
    readonly length: number;
  }): void;
  /** A download begins, and needs sources. */
  onSeek(transfer: Transfer, seeker: Seeker): void;
  /** The download is over. */
  onSeekEnded(seeker: Seeker): void;
  /** The transfer changed; `isNews`: by more than its progress. */
  onChange(transfer: Transfer, isNews: boolean): void;
  /** A peer sent bytes that are not of the content. */
  onBadPiece(transfer: Transfer, peer: PeerId): void;
  readonly tasks: BackgroundTasks;
}

interface Run {
  readonly sinceMs: number;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** All transfers of one node. */
export class Transfers {
  readonly #parts: TransfersParts;
  readonly #byOffer = new Map<string, Transfer>();
  readonly #byManifest = new Map<string, readonly Transfer[]>();
  readonly #runs = new Map<Transfer, Run>();
  readonly #waiting: Transfer[] = [];
  /** Downloads that are stopped for others, and wait again. */
  readonly #setAsideRuns = new Set<Transfer>();
  readonly #scheduler: DownloadScheduler;
  readonly #asideTimer: Timer;
  readonly #contentReaders: ContentReaders;
  readonly #diskSpace: DiskSpace;
  #isClosed = false;

  constructor(parts: TransfersParts) {
    this.#parts = parts;
    this.#diskSpace = new DiskSpace(parts.ports.system);
    this.#scheduler = new DownloadScheduler(parts.ports.clock, DOWNLOADS_MAX);
    this.#asideTimer = parts.ports.clock.timer(() => this.#setAside());
    this.#contentReaders = new ContentReaders({
      ...parts.ports,
      findByManifest: (room, manifest) => this.#findByManifest(room, manifest),
      readManifest: async ({ room, offer }) =>
        await this.#openStore(room)?.loadManifest(offer.manifest) ?? null,
      onGone: (transfer) => parts.onChange(transfer, true),
    });
  }

  /** The transfer of an offer, created at its first use. */
  get(room: RoomId, offer: Offer): Transfer {
    // Keyed by all fields of the offer: a changed copy of another's offer has a transfer of its own.
    const words = toOfferKey(room, offer);
    const known = this.#byOffer.get(words);
    if (known !== undefined) return known;
    const transfer: Transfer = {
      key: encodeBase64Url(this.#parts.ports.crypto.sha256(new TextEncoder().encode(words))),
      room,
      offer,
      memo: null,
      problem: null,
      isGone: false,
      download: null,
      keptBytes: 0,
      part: null,
    };
    this.#byOffer.set(words, transfer);
    const manifestKey = toContentKey(room, offer.manifest);
    this.#byManifest.set(manifestKey, [...this.#byManifest.get(manifestKey) ?? [], transfer]);
    return transfer;
  }

  /** The running downloads. */
  get fetching(): readonly Transfer[] {
    return [...this.#runs.keys()];
  }

  /** Loads the stored states of the room's offers, and resumes wanted downloads. */
  async resumeStored(room: RoomId, offers: readonly Offer[]): Promise<void> {
    const transferStore = this.#openStore(room);
    const contents = new Set(
      offers.map((offer) => this.get(room, offer)).filter(({ memo }) => memo === null),
    );
    if (transferStore === null || contents.size === 0) return;
    // Most offers have no stored state: one listing of the folder instead of a look for each.
    const kept = contents.size < LIST_FOLDER_MIN
      ? null
      : await transferStore.listKeys().catch(treatAsMissing);
    for (const transfer of contents) {
      if (kept !== null && !kept.has(transfer.key)) continue;
      // If the disk fails, the offer counts as not requested: the user can get it again.
      transfer.memo ??= await transferStore.loadRecord(transfer.key).catch(treatAsMissing);
      if (transfer.memo?.state === "wanted") this.#begin(transfer);
    }
  }

  /** Starts or resumes the download. `into`: another folder than the room's own. @throws {WorldError}. */
  async start(transfer: Transfer, into: string | null): Promise<void> {
    const { ports: { files, chance } } = this.#parts;
    if (await this.#stop(transfer)) return;
    const before = transfer.memo?.state === "here" ? null : transfer.memo;
    const place = into ?? before?.place ?? this.#foldersOf(transfer.room).files;
    const partTag = before?.place === place ? before.partTag : newPartTag(chance);
    if (before !== null && before.place !== place) {
      await formatDiskError(
        message("doing.start-over"),
        () => removePartialDownload(files, findPart(transfer, before)),
      );
    }
    await this.#saveMemo(transfer, { state: "wanted", place, stamps: [], names: null, partTag });
    this.#begin(transfer);
  }

  /** Stops the download; received pieces are kept. @throws {WorldError}. */
  async pause(transfer: Transfer): Promise<void> {
    await this.#stop(transfer);
    if (transfer.memo?.state !== "wanted") return;
    await this.#saveMemo(transfer, { ...transfer.memo, state: "paused" });
  }

  /** Stops the download and removes received pieces, or stops offering the content. False if it was completed just now: then it stays. @throws {WorldError}. */
  async forget(transfer: Transfer): Promise<boolean> {
    const { ports: { files } } = this.#parts;
    const { manifest } = transfer.offer;
    if (await this.#stop(transfer)) return false;
    const { memo } = transfer;
    await formatDiskError(message("doing.remove-file"), async () => {
      if (memo !== null && memo.state !== "here") {
        await removePartialDownload(files, findPart(transfer, memo));
      }
      const transferStore = this.#openStore(transfer.room);
      await transferStore?.removeRecord(transfer.key);
      if (!this.#isManifestShared(transfer)) await transferStore?.removeManifest(manifest);
    });
    transfer.memo = null;
    transfer.keptBytes = 0;
    transfer.isGone = false;
    this.#contentReaders.forget(transfer.room, manifest);
    this.#parts.onChange(transfer, true);
    return true;
  }

  /** The whole content is here, as it was just read. @throws {WorldError}. */
  async addComplete(
    transfer: Transfer,
    memo: Omit<TransferRecord, "state" | "partTag">,
    manifestBytes: Uint8Array,
  ): Promise<void> {
    await this.#stop(transfer);
    await formatDiskError(message("doing.remember-offer"), async () => {
      await this.#openStore(transfer.room)?.saveManifest(transfer.offer.manifest, manifestBytes);
    });
    await this.#saveMemo(transfer, { ...memo, state: "here", partTag: null });
  }

  /** The content with that manifest as it is offered in that room, for sending; null if none of it is here. */
  open(room: RoomId, manifest: string): Promise<Holding | null> {
    return this.#contentReaders.open(room, manifest);
  }

  /** Looks whether a complete content is on disk, unchanged. It counts as gone otherwise. */
  look(transfer: Transfer): Promise<void> {
    return this.#contentReaders.look(transfer);
  }

  /** The same, but of a folder only whether it is there: for lists of many contents. */
  lookAtPlace(transfer: Transfer): Promise<void> {
    return this.#contentReaders.lookAtPlace(transfer);
  }

  /** The content on disk has changed. */
  onBroken(room: RoomId, manifest: string): void {
    this.#contentReaders.onBroken(room, manifest);
  }

  /** Stops all downloads; received pieces are kept. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.#setAsideRuns.clear();
    this.#scheduler.close();
    this.#asideTimer[Symbol.dispose]();
    for (const { abort } of this.#runs.values()) {
      abort.abort(new DOMException("The node stops", "AbortError"));
    }
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended));
    await this.#contentReaders.close();
  }

  #findByManifest(room: RoomId, manifest: string): readonly Transfer[] {
    return this.#byManifest.get(toContentKey(room, manifest)) ?? [];
  }

  /** Whether another offer in that room needs the same manifest. */
  #isManifestShared(transfer: Transfer): boolean {
    return this.#findByManifest(transfer.room, transfer.offer.manifest).some((one) =>
      one !== transfer && one.memo !== null
    );
  }

  #foldersOf(room: RoomId): { readonly offers: string; readonly files: string } {
    const folders = this.#parts.foldersOf(room);
    if (folders === undefined) {
      throw new WorldError(message("get.no-folder"));
    }
    return folders;
  }

  #openStore(room: RoomId): TransferStore | null {
    const folders = this.#parts.foldersOf(room);
    return folders === undefined ? null : new TransferStore(this.#parts.ports.disk, folders.offers);
  }

  async #saveMemo(transfer: Transfer, memo: TransferRecord): Promise<void> {
    const transferStore = this.#openStore(transfer.room);
    await formatDiskError(
      message("doing.remember"),
      async () => await transferStore?.saveRecord(transfer.key, memo),
    );
    transfer.memo = memo;
    transfer.problem = null;
    transfer.isGone = false;
    this.#contentReaders.forget(transfer.room, transfer.offer.manifest);
    this.#parts.onChange(transfer, true);
  }

  /** Stops the download. Returns whether it completed meanwhile: moving it to its place is not interrupted. */
  async #stop(transfer: Transfer): Promise<boolean> {
    const index = this.#waiting.indexOf(transfer);
    if (index !== -1) this.#waiting.splice(index, 1);
    this.#setAsideRuns.delete(transfer);
    const run = this.#runs.get(transfer);
    run?.abort.abort(new DOMException("The user stops it", "AbortError"));
    await run?.ended;
    return run !== undefined && transfer.memo?.state === "here";
  }

  #begin(transfer: Transfer): void {
    if (this.#isClosed || this.#runs.has(transfer) || this.#waiting.includes(transfer)) return;
    if (this.#runs.size >= SEEKING_MAX) {
      this.#waiting.push(transfer);
      this.#asideTimer.wakeAt(this.#parts.ports.clock.nowMs() + SEEKING_MS);
      return;
    }
    const abort = new AbortController();
    const ended = this.#run(transfer, abort.signal).catch(this.#parts.tasks.report).finally(() => {
      this.#runs.delete(transfer);
      if (this.#setAsideRuns.delete(transfer)) this.#waiting.push(transfer);
      const next = this.#waiting.shift();
      if (next !== undefined) this.#begin(next);
    });
    this.#runs.set(transfer, { abort, ended, sinceMs: this.#parts.ports.clock.nowMs() });
  }

  /** Makes room for waiting downloads; those with received pieces stay rather than those without. */
  #setAside(): void {
    if (this.#waiting.length === 0) return;
    const nowMs = this.#parts.ports.clock.nowMs();
    const idle = [...this.#runs].filter(([{ download }, { sinceMs }]) =>
      download?.wantsTurn === false && nowMs - sinceMs >= SEEKING_MS
    ).toSorted(([left], [right]) => (left.download?.gotBytes ?? 0) - (right.download?.gotBytes ?? 0));
    for (const [transfer, { abort }] of idle.slice(0, this.#waiting.length)) {
      this.#setAsideRuns.add(transfer);
      abort.abort(new DOMException("Others wait", "AbortError"));
    }
    this.#asideTimer.wakeAt(nowMs + SEEKING_MS);
  }

  async #run(transfer: Transfer, signal: AbortSignal): Promise<void> {
    const { ports, requestPart, onSeek, onSeekEnded, onChange, onBadPiece } = this.#parts;
    const { room, offer, memo } = transfer;
    const transferStore = this.#openStore(room);
    if (memo === null || transferStore === null) return;
    const download: Download = new Download({
      ports,
      room,
      offer,
      // All rooms are in one home, and so on one disk.
      destination: {
        ...findPart(transfer, memo),
        disk: memo.place === this.#foldersOf(room).files ? "" : memo.place,
      },
      diskSpace: this.#diskSpace,
      transferStore,
      signal,
      requestPart: (peer, part) => requestPart(download, peer, part),
      onHolding: (holding) => transfer.part = holding,
      onChange: () => {
        this.#scheduler.share();
        onChange(transfer, false);
      },
      onBadPiece: (peer) => onBadPiece(transfer, peer),
    });
    transfer.download = download;
    this.#scheduler.add(download);
    onSeek(transfer, download);
    let isTold = false;
    try {
      const { path, names, stamps } = await download.run();
      await this.#saveMemo(transfer, { state: "here", place: path, stamps, names, partTag: null });
      await formatDiskError(
        message("doing.tidy-up"),
        () => removePartialDownload(ports.files, findPart(transfer, memo)),
      );
      isTold = true;
    } catch (error) {
      if (error instanceof WorldError) transfer.problem = error.details;
      else if (!signal.aborted) throw error;
    } finally {
      this.#scheduler.remove(download);
      transfer.keptBytes = download.gotBytes;
      transfer.download = null;
      transfer.part = null;
      onSeekEnded(download);
      // That the content is here was published when it was saved.
      if (!isTold) onChange(transfer, true);
    }
  }
}

/** Where the received pieces are. Earlier versions named the folder after the content alone. */
function findPart(
  { key }: Transfer,
  { place, partTag }: TransferRecord,
): { readonly target: string; readonly partTag: string } {
  return { target: place, partTag: partTag ?? key };
}

function treatAsMissing(error: unknown): null {
  if (!(error instanceof DiskError)) throw error;
  return null;
}
