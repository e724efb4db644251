/** Entries of other members on their way to our disk: checked line by line, then kept or requested again. */

import { type Message, message } from "../../messages/message.ts";
import { describeDiskReason, DiskError } from "../../errors.ts";
import type { Connection } from "../../net/connection.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import { type Entry, readEntry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import type { Replica } from "../../room/replica.ts";
import type { PeerSync } from "../../wire/peer_sync.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { LogWriter } from "./log_writer.ts";
import { computeRelayDiscount, countLinePoints, countNewEntryPoints } from "../support/quotas.ts";
import type { RoomSync } from "./room_sync.ts";
import { RoomNotices } from "./room_notices.ts";

/** After the disk refused entries: time until they are requested again. */
export const RETRY_MS = 5_000;
/** UTF-8 bytes that may wait for the disk. Beyond it the session that brings more is not read. */
const PENDING_BYTES_MAX = 1024 * 1024;

export interface EntryReceiverParts {
  readonly me: PeerId;
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly replica: Replica;
  readonly log: LogWriter;
  readonly sync: RoomSync;
  /** Entries of the log that wait for entries that were damaged before them. */
  readonly orphans: readonly Entry[];
  /** Whether this device keeps that entry of another author for now (see RequestPolicy and AuthorShares). */
  mayKeep(entry: Entry): boolean;
  /** A sentence for the user. */
  onTrouble(notice: Message): void;
  /** The connection's peer caused work beyond reading its records (see Quotas). */
  onWork(connection: Connection, points: number): void;
  readonly tasks: BackgroundTasks;
}

/** The receiver of one room's entries. */
export class EntryReceiver {
  readonly #parts: EntryReceiverParts;
  readonly #roomNotices: RoomNotices;
  readonly #retryTimer: Timer;
  /** Connections whose peers are asked when the timer fires; undefined while it is not set. */
  #retry: Set<Connection> | "all" | undefined;
  #orphans: readonly Entry[];

  constructor(parts: EntryReceiverParts) {
    this.#parts = parts;
    this.#roomNotices = new RoomNotices(parts);
    this.#orphans = parts.orphans;
    this.#retryTimer = parts.clock.timer(() => {
      const retry = this.#retry;
      this.#retry = undefined;
      parts.sync.askAgain(retry === "all" ? undefined : retry);
    });
  }

  /** Receives lines that came over a connection. A promise is a brake (see ConnectionListener). */
  receive(connection: Connection, peerSync: PeerSync, lines: readonly string[]): Promise<void> | undefined {
    const { log, sync } = this.#parts;
    const accepted = lines.flatMap((line) => {
      const entry = this.#receiveLine(connection, peerSync, line);
      return entry === null ? [] : [entry, ...this.#acceptOrphans()];
    });
    if (accepted.length === 0) return undefined;
    const discount = peerSync.weFollow ? computeRelayDiscount(this.#parts.replica) : 1;
    const points = accepted.reduce((sum, entry) => {
      // A host pays in full for its own entries. It relays the first ones of others and limits their devices itself: to charge it
      // for them would let one flood of joins slow down everything that it relays.
      return sum + countNewEntryPoints(entry) / (entry.author === connection.peer ? 1 : discount);
    }, 0);
    this.#parts.onWork(connection, points);
    sync.pass(accepted);
    const kept = log.keep(accepted, { mayWait: true }).catch((error) => this.#onDiskRefused(error));
    return log.pendingBytes > PENDING_BYTES_MAX ? kept : undefined;
  }

  /** Stops the timer. */
  close(): void {
    this.#retryTimer[Symbol.dispose]();
  }

  /** Accepts entries of our log whose gap has closed. At once, or we would use their numbers again. */
  #acceptOrphans(): Entry[] {
    if (this.#orphans.length === 0) return [];
    const adopted = this.#orphans.filter((entry) => this.#parts.replica.accept(entry) === "accepted");
    this.#orphans = this.#orphans.filter((entry) => !adopted.includes(entry));
    return adopted;
  }

  /** Returns the entry if it is new and valid. A line that no honest node passes on ends the connection. */
  #receiveLine(connection: Connection, peerSync: PeerSync, line: string): Entry | null {
    const entry = readEntry(line, this.#parts.crypto, { isOnItsWay: true });
    if ("problem" in entry) {
      if (entry.problem !== "other-version") connection.close("bad-record");
      return null;
    }
    const { me, replica, mayKeep } = this.#parts;
    if (peerSync.weFollow && entry.author === connection.peer) this.#chargeOwnLine(connection, line);
    const isNew = entry.number > replica.lastNumber(entry.author);
    if (entry.author !== me && isNew && !mayKeep(entry)) return null;
    const wasForked = this.#parts.replica.forks.has(entry.author);
    const outcome = this.#parts.replica.accept(entry);
    switch (outcome) {
      case "accepted":
        peerSync.onReceived(entry);
        return entry;
      case "duplicate":
        peerSync.onReceived(entry);
        return null;
      case "gap":
        // An entry before it was lost here (the disk refused it), and the sender has it. Other peers are not asked, because
        // the line may be forged. The gap behind a fork never closes.
        if (!wasForked) this.#retryLater(connection);
        return null;
      case "fork":
        if (!wasForked) this.#onFork(entry);
        return null;
      case "full":
      case "crowded":
        this.#roomNotices.reportLeftOut(entry, outcome);
        return null;
      case "refused":
        connection.close("bad-record");
        return null;
    }
  }

  /** A host relays the entries of others at a discount; its own lines cost as much as everybody's. */
  #chargeOwnLine(connection: Connection, line: string): void {
    const discount = computeRelayDiscount(this.#parts.replica);
    this.#parts.onWork(connection, countLinePoints(line) * (1 - 1 / discount));
  }

  /** The author signed two branches. One proof is kept in the log and passed on; more proofs could be used to fill disks. */
  #onFork(entry: Entry): void {
    const { log, sync } = this.#parts;
    log.keepBeside(entry, () => sync.passProof(entry));
    this.#roomNotices.reportFork(entry);
  }

  /** The disk refused entries of others. They were taken back, and are requested again. */
  #onDiskRefused(error: unknown): void {
    if (!(error instanceof DiskError)) return this.#parts.tasks.report(error);
    this.#parts.onTrouble(message("log.cannot-keep", { reason: describeDiskReason(error) }));
    this.#retryLater("all");
  }

  /** One timer for all gaps: if each gap set it again, it would never fire while an author goes on writing. */
  #retryLater(whom: Connection | "all"): void {
    if (this.#retry === undefined) this.#retryTimer.wakeAt(this.#parts.clock.nowMs() + RETRY_MS);
    if (whom === "all" || this.#retry === "all") this.#retry = "all";
    else this.#retry = (this.#retry ?? new Set()).add(whom);
  }
}
