/** Opens complete contents for sending: checks that they are unchanged, and reads them. */

import { DiskError } from "../../errors.ts";
import { Bitfield } from "../../transfer/bitfield.ts";
import { decodeManifest, hashManifest, type Manifest } from "../../transfer/manifest.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Files } from "../../ports/storage.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import type { RoomId } from "../../room/id.ts";
import { isFolderOffer, type Offer } from "../../room/file_offer.ts";
import { ContentReader } from "../../store/transfers/content_files.ts";
import type { TransferRecord } from "../../store/transfers/transfer_store.ts";
import { listContentPaths, readStamps } from "../../store/transfers/partial_download.ts";
import type { Transfer } from "./transfer.ts";
import { toContentKey } from "./offer_index.ts";
import { isUnchanged } from "./create_offer.ts";
import type { Holding } from "./uploader.ts";

/** After this time a content is checked again before it is sent. */
const LOOK_MS = 60_000;
/** After this time without a read the files of a content are closed. */
const IDLE_MS = 10_000;
/** Contents that are held open at once. */
const READERS_MAX = 16;
/** Time between two looks at the place of one content, while lists of files are read again and again. */
const PLACE_LOOK_MS = 1_000;

interface Reading {
  readonly reader: ContentReader;
  lastMs: number;
}

export interface ContentReadersParts {
  readonly files: Files;
  readonly crypto: Crypto;
  readonly clock: Clock;
  /** The room's transfers with that manifest. */
  findByManifest(room: RoomId, manifest: string): readonly Transfer[];
  readManifest(transfer: Transfer): Promise<Uint8Array | null>;
  /** The content on disk has changed. */
  onGone(transfer: Transfer): void;
}

/** The open contents, by room and manifest: members of one room get nothing of another. */
export class ContentReaders {
  readonly #parts: ContentReadersParts;
  readonly #open = new Map<string, { readonly holding: Promise<Holding | null>; readonly atMs: number }>();
  /** Readers that may hold a file open; the one that was read last is last. */
  readonly #readings = new Set<Reading>();
  readonly #releases = new Set<Promise<void>>();
  readonly #timer: Timer;
  readonly #placesLookedAtMs = new WeakMap<Transfer, number>();
  #isClosed = false;

  constructor(parts: ContentReadersParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.#releaseIdle());
  }

  /** The content for sending; null if none of it is here. */
  open(room: RoomId, manifest: string): Promise<Holding | null> {
    if (this.#isClosed) return Promise.resolve(null);
    const contents = this.#parts.findByManifest(room, manifest);
    const here = contents.filter(({ memo, isGone }) => memo?.state === "here" && !isGone);
    if (here.length === 0) return Promise.resolve(contents.find(({ part }) => part !== null)?.part ?? null);
    const key = toContentKey(room, manifest);
    const nowMs = this.#parts.clock.nowMs();
    const opened = this.#open.get(key);
    if (opened !== undefined && nowMs - opened.atMs < LOOK_MS) return opened.holding;
    const holding = this.#look(here);
    if (this.#readings.size === 0) this.#timer.wakeAt(nowMs + IDLE_MS);
    this.#open.set(key, { holding, atMs: nowMs });
    return holding;
  }

  /** Looks whether a complete content is on disk, unchanged. It counts as gone otherwise. */
  async look(transfer: Transfer): Promise<void> {
    await this.#lookBy(transfer, async () => await this.#openHolding(transfer) !== null);
  }

  /** The same, but of a folder only whether it is there: for lists of many contents. Looks once a second at most. */
  async lookAtPlace(transfer: Transfer): Promise<void> {
    const nowMs = this.#parts.clock.nowMs();
    if (nowMs - (this.#placesLookedAtMs.get(transfer) ?? -Infinity) < PLACE_LOOK_MS) return;
    this.#placesLookedAtMs.set(transfer, nowMs);
    await this.#lookBy(transfer, async ({ place, stamps }) => {
      const { files } = this.#parts;
      if (!isFolderOffer(transfer.offer)) return isUnchanged(await readStamps(files, [place]), stamps);
      return (await files.stat(place, { follow: true }))?.kind === "folder";
    });
  }

  async #lookBy(transfer: Transfer, isThere: (memo: TransferRecord) => Promise<boolean>): Promise<void> {
    const { memo } = transfer;
    if (memo?.state !== "here" || transfer.isGone) return;
    try {
      if (await isThere(memo)) return;
    } catch (error) {
      // A removed disk or changed rights: the content is not here then.
      if (!(error instanceof DiskError)) throw error;
    }
    if (transfer.memo !== memo || transfer.isGone) return;
    this.#setGone(transfer);
    this.forget(transfer.room, transfer.offer.manifest);
  }

  /** The content on disk has changed. */
  onBroken(room: RoomId, manifest: string): void {
    for (const transfer of this.#parts.findByManifest(room, manifest)) {
      if (transfer.memo?.state === "here" && !transfer.isGone) this.#setGone(transfer);
    }
    this.forget(room, manifest);
  }

  /** The content is checked again at its next use. Running reads go on. */
  forget(room: RoomId, manifest: string): void {
    this.#open.delete(toContentKey(room, manifest));
  }

  /** Closes all files. No read may follow. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer[Symbol.dispose]();
    for (const reading of this.#readings) this.#release(reading);
    await Promise.all(this.#releases);
  }

  async #look(here: readonly Transfer[]): Promise<Holding | null> {
    for (const transfer of here) {
      try {
        const holding = await this.#openHolding(transfer);
        if (holding !== null) return holding;
      } catch (error) {
        // A removed disk or changed rights: the content is not here then.
        if (!(error instanceof DiskError)) throw error;
      }
      this.#setGone(transfer);
    }
    return null;
  }

  async #openHolding(transfer: Transfer): Promise<Holding | null> {
    const { files, crypto, readManifest } = this.#parts;
    const { offer, memo } = transfer;
    const manifestBytes = await readManifest(transfer);
    if (memo === null || manifestBytes === null || hashManifest(manifestBytes, crypto) !== offer.manifest) {
      return null;
    }
    // The hash is right, so the manifest is valid: it was checked when it came, or was created here.
    const manifest = decodeManifest(manifestBytes);
    const paths = toPaths(memo, manifest, offer);
    if (!isUnchanged(await readStamps(files, paths), memo.stamps)) return null;
    const reader = new ContentReader(
      files,
      paths.map((path, index) => ({ path, sizeBytes: manifest.files[index]?.sizeBytes ?? 0 })),
    );
    const reading: Reading = { reader, lastMs: 0 };
    const have = Bitfield.full(manifest.hashes.length);
    return { manifestBytes, manifest, have, read: (into, atByte) => this.#read(reading, into, atByte) };
  }

  #read(reading: Reading, into: Uint8Array, atByte: number): Promise<boolean> {
    reading.lastMs = this.#parts.clock.nowMs();
    if (this.#readings.size === 0) this.#timer.wakeAt(reading.lastMs + IDLE_MS);
    this.#readings.delete(reading);
    this.#readings.add(reading);
    const [longest] = this.#readings;
    if (longest !== undefined && this.#readings.size > READERS_MAX) this.#release(longest);
    return reading.reader.read(into, atByte);
  }

  #releaseIdle(): void {
    const nowMs = this.#parts.clock.nowMs();
    for (const reading of this.#readings) if (reading.lastMs + IDLE_MS <= nowMs) this.#release(reading);
    for (const [key, { atMs }] of this.#open) if (atMs + LOOK_MS <= nowMs) this.#open.delete(key);
    if (this.#readings.size > 0 || this.#open.size > 0) this.#timer.wakeAt(nowMs + IDLE_MS);
  }

  #release(reading: Reading): void {
    this.#readings.delete(reading);
    const work = reading.reader.release().finally(() => this.#releases.delete(work));
    this.#releases.add(work);
  }

  #setGone(transfer: Transfer): void {
    transfer.isGone = true;
    this.#parts.onGone(transfer);
  }
}

/** The path of each file of a complete content. */
function toPaths(memo: TransferRecord, manifest: Manifest, offer: Offer): readonly string[] {
  const names = memo.names ?? manifest.files.map(({ path }) => path);
  return listContentPaths(memo.place, names, isFolderOffer(offer));
}
