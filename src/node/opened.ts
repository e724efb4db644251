/** What of the contents here is open to be sent: looked at, whether it is as it was, and read. */

import { DiskError } from "../errors.ts";
import { Bits } from "../files/bits.ts";
import { decodeManifest, type Manifest, manifestHash } from "../files/manifest.ts";
import type { Clock, Crypto, Files } from "../ports.ts";
import type { RoomId } from "../room/id.ts";
import { isFolderOffer, type Offer } from "../room/offer.ts";
import { ContentReader } from "../store/content.ts";
import type { OfferMemo } from "../store/offer_shelf.ts";
import { contentPaths, stampsOf } from "../store/part.ts";
import type { Content } from "./contents.ts";
import { contentKey } from "./known_offers.ts";
import { isUnchanged } from "./offering.ts";
import type { Holding } from "./serving.ts";

/** What is here is looked at again before it is sent, if that was longer ago. */
const LOOK_MS = 60_000;

/** What it needs. */
export interface OpenedParts {
  readonly files: Files;
  readonly crypto: Crypto;
  readonly clock: Clock;
  /** Those of the room that have that manifest. */
  contentsOf(room: RoomId, manifest: string): readonly Content[];
  manifestOf(content: Content): Promise<Uint8Array | null>;
  /** It is not any more what it was. */
  onGone(content: Content): void;
}

/** What is open, by room and manifest: who is in one room gets nothing of another. */
export class Opened {
  readonly #parts: OpenedParts;
  readonly #open = new Map<string, { readonly holding: Promise<Holding | null>; readonly atMs: number }>();
  readonly #readers = new Map<string, ContentReader>();

  /** Opens nothing yet. */
  constructor(parts: OpenedParts) {
    this.#parts = parts;
  }

  /** What can be sent of it; null for nothing. */
  open(room: RoomId, manifest: string): Promise<Holding | null> {
    const contents = this.#parts.contentsOf(room, manifest);
    const here = contents.filter(({ memo, isGone }) => memo?.state === "here" && !isGone);
    if (here.length === 0) return Promise.resolve(contents.find(({ part }) => part !== null)?.part ?? null);
    const key = contentKey(room, manifest);
    const nowMs = this.#parts.clock.nowMs();
    const opened = this.#open.get(key);
    if (opened !== undefined && nowMs - opened.atMs < LOOK_MS) return opened.holding;
    const holding = this.#look(key, here);
    this.#open.set(key, { holding, atMs: nowMs });
    return holding;
  }

  /** It is not any more what it was. */
  async onBroken(room: RoomId, manifest: string): Promise<void> {
    for (const content of this.#parts.contentsOf(room, manifest)) {
      if (content.memo?.state === "here" && !content.isGone) this.#setGone(content);
    }
    await this.forget(room, manifest);
  }

  /** It is looked at anew when it is next asked for. */
  async forget(room: RoomId, manifest: string): Promise<void> {
    const key = contentKey(room, manifest);
    this.#open.delete(key);
    const reader = this.#readers.get(key);
    this.#readers.delete(key);
    await reader?.close();
  }

  /** Closes all. */
  async close(): Promise<void> {
    for (const reader of this.#readers.values()) await reader.close();
  }

  async #look(key: string, here: readonly Content[]): Promise<Holding | null> {
    for (const content of here) {
      try {
        const holding = await this.#holdingOf(key, content);
        if (holding !== null) return holding;
      } catch (error) {
        // A disk that was taken out, or rights that were changed: it is not here then.
        if (!(error instanceof DiskError)) throw error;
      }
      this.#setGone(content);
    }
    return null;
  }

  async #holdingOf(key: string, content: Content): Promise<Holding | null> {
    const { files, crypto, manifestOf } = this.#parts;
    const { offer, memo } = content;
    const manifestBytes = await manifestOf(content);
    if (memo === null || manifestBytes === null || manifestHash(manifestBytes, crypto) !== offer.manifest) {
      return null;
    }
    // Its hash is right, so it is one: what is offered was checked when it came, or was made here.
    const manifest = decodeManifest(manifestBytes);
    const paths = pathsOf(memo, manifest, offer);
    if (!isUnchanged(await stampsOf(files, paths), memo.stamps)) return null;
    const old = this.#readers.get(key);
    const reader = new ContentReader(
      files,
      paths.map((path, index) => ({ path, sizeBytes: manifest.files[index]?.sizeBytes ?? 0 })),
    );
    this.#readers.set(key, reader);
    await old?.close();
    const have = Bits.full(manifest.hashes.length);
    return { manifestBytes, manifest, have, read: (into, atByte) => reader.read(into, atByte) };
  }

  #setGone(content: Content): void {
    content.isGone = true;
    this.#parts.onGone(content);
  }
}

/** Where each file of a complete content is. */
function pathsOf(memo: OfferMemo, manifest: Manifest, offer: Offer): readonly string[] {
  const names = memo.names ?? manifest.files.map(({ path }) => path);
  return contentPaths(memo.place, names, isFolderOffer(offer));
}
