/**
 * Downloads one content: first its manifest, then the missing pieces, from all peers that have them; then moves it to its place.
 * Ends when that is done, when it failed, or by the signal; received pieces are kept on disk for the next time.
 */

import { message } from "../../messages/message.ts";
import { describeDiskReason, DiskError, WorldError } from "../../errors.ts";
import { Bitfield } from "../../transfer/bitfield.ts";
import { computePieceBytes, hashManifest, type Manifest } from "../../transfer/manifest.ts";
import { PieceScheduler, type PieceSchedulerInput } from "../../transfer/piece_scheduler.ts";
import type { Ports } from "../../ports/node_ports.ts";
import { formatFileName } from "../../text/file_name.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import { isFolderOffer, type Offer } from "../../room/file_offer.ts";
import { bytesEqual } from "../../encoding/bytes_equal.ts";
import type { TransferStore } from "../../store/transfers/transfer_store.ts";
import { type CompletedDownload, PartialDownload } from "../../store/transfers/partial_download.ts";

import { MANIFEST_PIECE } from "../../wire/file_record.ts";
import type { WireRecord } from "../../wire/record.ts";
import type { Holding } from "./uploader.ts";
import { verifyManifest } from "./verify_manifest.ts";
import type { DiskSpace, SpaceClaim } from "./disk_space.ts";
import type { TurnTaker } from "./download_scheduler.ts";
import type { Seeker } from "./request_table.ts";

/** Buffers kept for reuse. */
const SPARE_MAX = 8;

/** Where a content is written. */
export interface DownloadDestination {
  /** The folder of the finished file or folder. */
  readonly target: string;
  /** See PartialDownloadOptions. */
  readonly partTag: string;
  /** See SpaceNeed. */
  readonly disk: string;
}

export interface DownloadParts {
  readonly ports: Pick<Ports, "disk" | "files" | "crypto" | "clock" | "chance">;
  readonly room: RoomId;
  readonly offer: Offer;
  readonly destination: DownloadDestination;
  readonly diskSpace: DiskSpace;
  readonly transferStore: TransferStore;
  readonly signal: AbortSignal;
  /** Requests a part of the peer. */
  requestPart(
    peer: PeerId,
    part: { readonly piece: number; readonly offset: number; readonly length: number },
  ): void;
  /** From now on others can get the received pieces from us. */
  onHolding(holding: Holding): void;
  /** The download changed: pieces came, sources came or went. */
  onChange(): void;
  /** A peer sent bytes that are not of the content. */
  onBadPiece(peer: PeerId): void;
}

interface IncomingPiece {
  readonly peer: PeerId;
  readonly bytes: Uint8Array;
  gotBytes: number;
}

/** What is being received: the manifest as one piece, then the content. */
interface PullPhase {
  readonly pieceScheduler: PieceScheduler;
  readonly isManifest: boolean;
  readonly sizeOf: (piece: number) => number;
  /** Checks the piece, and keeps it if it is right. @throws {DiskError}. */
  readonly take: (piece: number, bytes: Uint8Array) => Promise<boolean>;
  readonly done: PromiseWithResolvers<void>;
}

/** One download. */
export class Download implements Seeker, TurnTaker {
  readonly room: RoomId;
  readonly manifest: string;
  readonly #parts: DownloadParts;
  readonly #held = new Map<PeerId, "none" | "all" | Uint8Array>();
  readonly #untrusted = new Set<PeerId>();
  readonly #incoming = new Map<number, IncomingPiece>();
  readonly #writes = new Set<Promise<void>>();
  /** Buffers of finished pieces: large ones are expensive to allocate. */
  #spare: Uint8Array[] = [];
  #phase: PullPhase | null = null;
  #wake: (nowMs: number | null) => void = () => {};
  #isChecking = false;
  #gotBytes = 0;
  #isMyTurn = false;
  /** The wait for the turn to check pieces from before the last stop. */
  #turn: PromiseWithResolvers<void> | null = null;
  #lastDoneMs = -Infinity;

  constructor(parts: DownloadParts) {
    this.#parts = parts;
    this.room = parts.room;
    this.manifest = parts.offer.manifest;
  }

  /** Bytes received and checked. */
  get gotBytes(): number {
    return this.#gotBytes;
  }

  /** Whether pieces from before the last stop are being checked. */
  get isChecking(): boolean {
    return this.#isChecking;
  }

  /** See TurnTaker. */
  get wantsTurn(): boolean {
    return this.#turn !== null || this.#isChecking ||
      [...this.#held.values()].some((held) => held !== "none");
  }

  /** See TurnTaker. */
  get lastDoneMs(): number {
    return this.#isChecking ? Infinity : this.#lastDoneMs;
  }

  /** See TurnTaker. */
  onTurn(isMine: boolean): void {
    this.#isMyTurn = isMine;
    if (isMine) this.#turn?.resolve();
    else this.#incoming.clear();
    for (const peer of this.#held.keys()) this.#tellScheduler(peer);
  }

  /** Peers that send now. */
  get sources(): readonly PeerId[] {
    // The scheduler knows its sources only by these ids.
    return (this.#phase?.pieceScheduler.active ?? []) as readonly PeerId[];
  }

  /** Bytes received in a second. */
  get bytesPerSecond(): number {
    return this.#phase?.isManifest === false ? this.#phase.pieceScheduler.bytesPerSecond : 0;
  }

  /** Whether to ask the peer: it has not answered yet, or told that it had nothing. */
  mayAsk(peer: PeerId): boolean {
    const held = this.#held.get(peer);
    return !this.#untrusted.has(peer) && (held === undefined || held === "none");
  }

  /** Downloads the content. @throws {WorldError} if it cannot be kept or does not match the offer; rejects with the signal's reason. */
  async run(): Promise<CompletedDownload> {
    const { ports: { clock }, signal } = this.#parts;
    using timer = clock.timer(() => this.#handle({ kind: "tick" }));
    this.#wake = (atMs) => timer.wakeAt(atMs);
    const onAbort = () => {
      this.#phase?.done.reject(signal.reason);
      this.#turn?.reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort);
    try {
      return await this.#explainDiskErrors(() => this.#fetch());
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#phase = null;
      this.#wake = () => {};
    }
  }

  /** See Seeker. */
  onHolding(peer: PeerId, held: "none" | "all" | Uint8Array): void {
    if (this.#untrusted.has(peer)) return;
    this.#held.set(peer, held);
    this.#tellScheduler(peer);
    this.#parts.onChange();
  }

  /** See Seeker. */
  onBytes(peer: PeerId, { piece: onWire, offset, bytes }: Extract<WireRecord, { type: "piece" }>): void {
    const phase = this.#phase;
    if (phase === null || phase.isManifest !== (onWire === MANIFEST_PIECE)) return;
    const piece = phase.isManifest ? 0 : onWire;
    const coming = this.#incoming.get(piece);
    // The piece was given to another source meanwhile: parts that are still on their way are of no use.
    if (coming === undefined || coming.peer !== peer || coming.gotBytes !== offset) return;
    coming.bytes.set(bytes, offset);
    coming.gotBytes += bytes.length;
    this.#lastDoneMs = this.#parts.ports.clock.nowMs();
    if (coming.gotBytes === coming.bytes.length) {
      this.#incoming.delete(piece);
      this.#track(this.#checkPiece(phase, piece, coming));
    }
    this.#handle({ kind: "came", source: peer, piece, bytes: bytes.length });
  }

  /** See Seeker. */
  onGone(peer: PeerId): void {
    this.#held.delete(peer);
    this.#handle({ kind: "gone", source: peer });
    this.#parts.onChange();
  }

  async #fetch(): Promise<CompletedDownload> {
    const { ports, offer, destination: { target, partTag, disk }, signal, transferStore } = this.#parts;
    const manifestBytes = await this.#fetchManifest();
    const manifest = verifyManifest(manifestBytes, offer);
    await transferStore.saveManifest(this.manifest, manifestBytes);
    signal.throwIfAborted();
    await this.#waitForTurn();
    this.#isChecking = true;
    const partialDownload = await PartialDownload.open({
      ...ports,
      manifest,
      partTag,
      target,
      name: offer.name,
      isFolder: isFolderOffer(offer),
      onChecked: () => this.#parts.onChange(),
      signal,
    });
    this.#isChecking = false;
    this.#parts.onChange();
    try {
      for (let piece = 0; piece < partialDownload.have.count; piece++) {
        if (partialDownload.have.has(piece)) this.#gotBytes += computePieceBytes(manifest, piece);
      }
      using claim = this.#parts.diskSpace.claim({
        name: offer.name,
        target,
        disk,
        sizeBytes: manifest.sizeBytes,
        gotBytes: () => this.#gotBytes,
      });
      await claim.requireAll();
      this.#parts.onHolding({
        manifestBytes,
        manifest,
        have: partialDownload.have,
        read: (into, at) => partialDownload.read(into, at),
      });
      await this.#pullContent(manifest, partialDownload, claim);
      return await partialDownload.moveIntoPlace();
    } finally {
      await Promise.allSettled(this.#writes);
      await partialDownload.close();
    }
  }

  async #waitForTurn(): Promise<void> {
    this.#parts.signal.throwIfAborted();
    if (this.#isMyTurn) return;
    this.#turn = Promise.withResolvers();
    this.#parts.onChange();
    try {
      await this.#turn.promise;
    } finally {
      this.#turn = null;
    }
  }

  async #fetchManifest(): Promise<Uint8Array> {
    const { ports: { crypto }, offer, transferStore } = this.#parts;
    const isRight = (bytes: Uint8Array) => hashManifest(bytes, crypto) === this.manifest;
    const kept = await transferStore.loadManifest(this.manifest);
    if (kept !== null && isRight(kept)) return kept;
    let came = new Uint8Array(0);
    await this.#pull({
      have: new Bitfield(1),
      isManifest: true,
      sizeOf: () => offer.manifestBytes,
      take: (_piece, bytes) => {
        came = bytes.slice();
        return Promise.resolve(isRight(bytes));
      },
    });
    return came;
  }

  async #pullContent(manifest: Manifest, partialDownload: PartialDownload, claim: SpaceClaim): Promise<void> {
    const { ports: { crypto }, onChange } = this.#parts;
    await this.#pull({
      have: partialDownload.have,
      isManifest: false,
      sizeOf: (piece) => computePieceBytes(manifest, piece),
      take: async (piece, bytes) => {
        const hash = manifest.hashes[piece];
        if (hash === undefined || !bytesEqual(crypto.sha256(bytes), hash)) return false;
        await partialDownload.write(piece, bytes);
        this.#gotBytes += bytes.length;
        onChange();
        await claim.requireMore();
        return true;
      },
    });
  }

  async #pull(
    { have, isManifest, sizeOf, take }: Omit<PullPhase, "pieceScheduler" | "done"> & {
      readonly have: Bitfield;
    },
  ): Promise<void> {
    const { ports: { chance }, signal } = this.#parts;
    signal.throwIfAborted();
    if (have.isFull) return;
    const startAt = Math.floor(chance.fraction() * have.count);
    const pieceScheduler = new PieceScheduler({ have, startAt, sizeOf });
    const phase: PullPhase = { pieceScheduler, isManifest, sizeOf, take, done: Promise.withResolvers() };
    this.#phase = phase;
    for (const peer of this.#held.keys()) this.#tellScheduler(peer);
    try {
      await phase.done.promise;
    } finally {
      this.#phase = null;
      this.#incoming.clear();
      this.#spare = [];
    }
  }

  /** Tells the scheduler what a peer has of the present phase. Each peer with any piece has the manifest. */
  #tellScheduler(peer: PeerId): void {
    const phase = this.#phase;
    const held = this.#held.get(peer);
    if (phase === null || held === undefined) return;
    const { count } = phase.pieceScheduler.have;
    const bits = held === "none" || !this.#isMyTurn
      ? null
      : held === "all" || phase.isManifest
      ? "all" as const
      : Bitfield.parse(held, count);
    // A bitfield of another length is of another content.
    this.#handle({ kind: "holding", source: peer, held: bits });
  }

  async #checkPiece(phase: PullPhase, piece: number, { peer, bytes }: IncomingPiece): Promise<void> {
    try {
      const isGood = await phase.take(piece, bytes);
      if (phase !== this.#phase) return;
      if (isGood) phase.pieceScheduler.have.add(piece);
      else {
        this.#untrusted.add(peer);
        this.#held.delete(peer);
        for (const [number, coming] of this.#incoming) {
          if (coming.peer === peer) this.#incoming.delete(number);
        }
        this.#parts.onBadPiece(peer);
      }
      if (this.#spare.length < SPARE_MAX) this.#spare.push(bytes);
      this.#handle({ kind: "checked", source: peer, piece, isGood });
      if (phase.pieceScheduler.have.isFull) phase.done.resolve();
    } catch (error) {
      phase.done.reject(error);
    }
  }

  #handle(input: PieceSchedulerInput): void {
    const phase = this.#phase;
    if (phase === null) return;
    const { ports: { clock }, requestPart } = this.#parts;
    for (const { source, piece, offset, length } of phase.pieceScheduler.handle(input, clock.nowMs())) {
      // The scheduler knows its sources only by these ids.
      const peer = source as PeerId;
      if (offset === 0) {
        this.#incoming.set(piece, { peer, bytes: this.#takeBuffer(phase.sizeOf(piece)), gotBytes: 0 });
      }
      requestPart(peer, { piece: phase.isManifest ? MANIFEST_PIECE : piece, offset, length });
    }
    this.#wake(phase.pieceScheduler.wakeAtMs);
  }

  #takeBuffer(sizeBytes: number): Uint8Array {
    const spare = this.#spare.at(-1);
    if (spare === undefined || spare.length !== sizeBytes) return new Uint8Array(sizeBytes);
    this.#spare.pop();
    return spare;
  }

  #track(write: Promise<void>): void {
    const tracked = write.finally(() => this.#writes.delete(tracked));
    this.#writes.add(tracked);
  }

  async #explainDiskErrors<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      const name = formatFileName(this.#parts.offer.name);
      throw new WorldError(message("get.disk-failed", { name, reason: describeDiskReason(error) }), {
        cause: error,
      });
    }
  }
}
