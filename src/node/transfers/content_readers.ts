/** What of the contents here is open to be sent: looked at, whether it is as it was, and read. */

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

/** What is here is looked at again before it is sent, if that was longer ago. */
const LOOK_MS = 60_000;
/** The files of what nobody reads are let go after so long. */
const IDLE_MS = 10_000;
/** Contents that are held open at once. */
const READERS_MAX = 16;

interface Reading {
  readonly reader: ContentReader;
  lastMs: number;
}

export interface ContentReadersParts {
  readonly files: Files;
  readonly crypto: Crypto;
  readonly clock: Clock;
  /** Those of the room that have that manifest. */
  findByManifest(room: RoomId, manifest: string): readonly Transfer[];
  readManifest(transfer: Transfer): Promise<Uint8Array | null>;
  /** It is not any more what it was. */
  onGone(transfer: Transfer): void;
}

/** What is open, by room and manifest: who is in one room gets nothing of another. */
export class ContentReaders {
  readonly #parts: ContentReadersParts;
  readonly #open = new Map<string, { readonly holding: Promise<Holding | null>; readonly atMs: number }>();
  /** Those that may hold a file open; the one that was read last is the last. */
  readonly #readings = new Set<Reading>();
  readonly #releases = new Set<Promise<void>>();
  readonly #timer: Timer;
  #isClosed = false;

  constructor(parts: ContentReadersParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.#releaseIdle());
  }

  /** What can be sent of it; null for nothing. */
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

  /** It is not any more what it was. */
  onBroken(room: RoomId, manifest: string): void {
    for (const transfer of this.#parts.findByManifest(room, manifest)) {
      if (transfer.memo?.state === "here" && !transfer.isGone) this.#setGone(transfer);
    }
    this.forget(room, manifest);
  }

  /** It is looked at anew when it is next asked for. What is being sent of it goes on. */
  forget(room: RoomId, manifest: string): void {
    this.#open.delete(toContentKey(room, manifest));
  }

  /** Lets all go. Nothing may be read any more. */
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
        // A disk that was taken out, or rights that were changed: it is not here then.
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
    // Its hash is right, so it is one: what is offered was checked when it came, or was made here.
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

/** Where each file of a complete content is. */
function toPaths(memo: TransferRecord, manifest: Manifest, offer: Offer): readonly string[] {
  const names = memo.names ?? manifest.files.map(({ path }) => path);
  return listContentPaths(memo.place, names, isFolderOffer(offer));
}
