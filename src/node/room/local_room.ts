/**
 * One room on this node: its replica, its log, its receipts, and how far it is in sync with each session.
 * An entry goes one way: written here or received → replica → log → on disk → to screens and receipts, and our own to peers.
 * Nothing is acknowledged, and nothing of ours is sent, before the disk has it; what the disk refuses is taken back.
 * Entries of others are passed on as soon as they are checked: their authors' disks have them, so no crash of ours can
 * unsay them.
 */

import type { Message } from "../../messages/message.ts";
import type { Connection } from "../../net/connection.ts";
import type { Signer } from "../../ports/crypto.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { Body, Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import type { ReceiptMarks } from "../../room/receipts.ts";
import type { Replica } from "../../room/replica.ts";
import type { Vector } from "../../room/version_vector.ts";
import type { WireRecord } from "../../wire/record.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { Notices } from "../support/notices.ts";
import { EntryReceiver } from "./entry_receiver.ts";
import { JoinProof } from "./join_proof.ts";
import { type LineLog, LogWriter } from "./log_writer.ts";
import { ReceiptTracker } from "./receipt_tracker.ts";
import { RoomSync } from "./room_sync.ts";

/** What changed in one room. */
export type RoomChange =
  /** Our disk has these new entries. */
  | { readonly kind: "held"; readonly entries: readonly Entry[] }
  /** Another member's disk has more of our feed. */
  | { readonly kind: "receipts" }
  /** The peer told how far it is. */
  | { readonly kind: "met"; readonly peer: PeerId }
  /** A peer leads to a better host now, or no longer. */
  | { readonly kind: "led" }
  /** The peer does not take part in the room. */
  | { readonly kind: "refused"; readonly peer: PeerId }
  /** The connection's peer has all entries, and gets new ones as they come. */
  | { readonly kind: "attached"; readonly connection: Connection }
  /** For the first time since the start our disk has all that another member's has, our own entries among it. */
  | { readonly kind: "level" };

/** The part of the listener that a single room calls. */
export interface LocalRoomListener {
  onChange(localRoom: LocalRoom, change: RoomChange): void;
  /** The connection's peer caused work beyond reading its records (see Quotas). */
  onWork(connection: Connection, points: number): void;
}

export interface LocalRoomParts {
  readonly me: PeerId;
  readonly signer: Signer;
  readonly ports: Pick<Ports, "crypto" | "chance" | "clock">;
  /** Filled from the log. */
  readonly replica: Replica;
  /** How much of our feed each member held at the last stop. */
  readonly holders: Vector;
  /** Entries of the log that wait for entries that were damaged before them. */
  readonly orphans: readonly Entry[];
  /** Tells this room's stream from the others of this process. */
  readonly streamNumber: number;
  /** Whether this device keeps that entry of another author for now (see RequestPolicy and AuthorShares). */
  mayKeep(localRoom: LocalRoom, entry: Entry): boolean;
  /** Opens the log, and makes it if there is none. Called for the first new entry. */
  openLog(): Promise<LineLog>;
  readonly listener: LocalRoomListener;
  readonly notices: Pick<Notices, "add">;
  readonly tasks: BackgroundTasks;
}

/** One room. */
export class LocalRoom {
  readonly replica: Replica;
  readonly log: LogWriter;
  readonly sync: RoomSync;
  readonly receipts: ReceiptTracker;
  readonly proof: JoinProof;
  readonly #parts: LocalRoomParts;
  readonly #entryReceiver: EntryReceiver;
  /** Whether, since the start, our disk had all that another member's has. */
  #isLevel = false;
  /** The last number that we gave. */
  #written = 0;

  constructor(parts: LocalRoomParts) {
    const { me, ports, replica, listener, notices, tasks } = parts;
    const onTrouble = (notice: Message) => notices.add(notice);
    this.#parts = parts;
    this.replica = replica;
    this.proof = new JoinProof(me, replica);
    this.log = new LogWriter({
      clock: ports.clock,
      replica,
      openLog: parts.openLog,
      followerCount: () => this.sync.attached.size,
      onHeld: (entries) => this.#onHeld(entries),
      tasks,
    });
    this.sync = new RoomSync({
      me,
      ports,
      replica,
      streamNumber: parts.streamNumber,
      log: this.log,
      proof: this.proof,
      seenOf: (peer) => this.receipts.holdersOf(peer).set(me, this.log.held.get(peer) ?? 0),
      onTrouble,
      onMet: (peer, vector) => this.#onMet(peer, vector),
      onLed: () => listener.onChange(this, { kind: "led" }),
      onAttached: (connection) => listener.onChange(this, { kind: "attached", connection }),
    });
    this.receipts = new ReceiptTracker({
      me,
      clock: ports.clock,
      replica,
      holders: parts.holders,
      peerSyncs: this.sync.peerSyncs,
      held: () => this.log.held,
      onProgress: () => listener.onChange(this, { kind: "receipts" }),
    });
    this.#entryReceiver = new EntryReceiver({
      me,
      crypto: ports.crypto,
      clock: ports.clock,
      replica,
      log: this.log,
      sync: this.sync,
      orphans: parts.orphans,
      mayKeep: (entry) => parts.mayKeep(this, entry),
      onTrouble,
      onWork: (connection, points) => listener.onWork(connection, points),
      tasks,
    });
  }

  /** Entries that are on our disk, in order. */
  get entries(): readonly Entry[] {
    if (this.log.pendingBytes === 0) return this.replica.entries;
    return this.replica.entries.filter((entry) => this.log.isHeld(entry));
  }

  /** How many entries on our disk beyond that vector satisfy the condition. */
  countBeyond(vector: Vector, isCounted: (entry: Entry) => boolean): number {
    return this.replica.countBeyond(vector, (entry) => isCounted(entry) && this.log.isHeld(entry));
  }

  /** Whether we take part. */
  get isIn(): boolean {
    return this.replica.isIn(this.#parts.me);
  }

  /** The other peer of a direct conversation; undefined for a room. */
  get directPeer(): PeerId | undefined {
    const { info } = this.replica;
    return info?.access === "direct"
      ? info.founders.find((founder) => founder !== this.#parts.me)
      : undefined;
  }

  /** Other members who are in the room now. */
  get otherMembers(): readonly PeerId[] {
    const { me } = this.#parts;
    return this.replica.activeMembers().filter((member) => member !== me);
  }

  /** How far our own entries have come. */
  get receiptMarks(): ReceiptMarks {
    return this.receipts.findMarks(this.otherMembers);
  }

  /** Writes an entry of ours; resolves when it is on disk. @throws {DiskError}: then it is as if it had not been written. */
  async write(what: { readonly kind: string; readonly name: string; readonly body: Body }): Promise<Entry> {
    const { ports: { clock }, signer, me } = this.#parts;
    const entry = this.replica.write({ ...what, wallMs: clock.wallMs() }, signer, me);
    this.#written = entry.number;
    await this.log.keep([entry]);
    return entry;
  }

  /** Accepts the first entry of a room that we create. @throws {DiskError}. */
  async addFirstEntry(entry: Entry): Promise<void> {
    this.replica.accept(entry, { isTrusted: true });
    await this.log.keep([entry]);
  }

  /** A record about this room came. A promise is a brake (see ConnectionListener). */
  onRecord(connection: Connection, record: WireRecord): Promise<void> | undefined {
    const { peer } = connection;
    if (peer === undefined) return undefined;
    if (record.type === "meet") this.sync.onMeet(connection, peer, record);
    const peerSync = this.sync.peerSyncs.get(connection);
    if (peerSync === undefined) return undefined;
    if (record.type === "entries") return this.#entryReceiver.receive(connection, peerSync, record.lines);
    if (record.type === "have") {
      this.sync.onHave(peerSync, peer, record.vector);
      this.receipts.onVector(peer, record.vector);
    }
    if (record.type === "seen") this.receipts.onSeen(peer, record.members);
    if (record.type === "refuse") {
      this.sync.forget(connection);
      this.#parts.listener.onChange(this, { kind: "refused", peer });
    }
    return undefined;
  }

  /** Stops the timers; resolves when all that was accepted is on disk or taken back. */
  async close(): Promise<void> {
    this.receipts.close();
    this.#entryReceiver.close();
    this.sync.close();
    await this.log.close();
  }

  #onMet(peer: PeerId, vector: Vector): void {
    this.receipts.onMeet(peer, vector);
    this.#parts.listener.onChange(this, { kind: "met", peer });
    this.#checkIfLevel();
  }

  #onHeld(entries: readonly Entry[]): void {
    const { me, listener } = this.#parts;
    this.sync.onHeld(entries);
    this.receipts.onHeld(entries);
    if (entries.some(({ author, number }) => author === me && number > this.#written)) {
      // Our own entries came back from others. While we lacked them, we did not believe claims about them.
      this.sync.askWhoHolds();
    }
    listener.onChange(this, { kind: "held", entries });
    this.#checkIfLevel();
  }

  #checkIfLevel(): void {
    if (this.#isLevel) return;
    if (![...this.sync.peerSyncs.keys()].some((connection) => this.sync.hasAllOf(connection))) return;
    this.#isLevel = true;
    this.#parts.listener.onChange(this, { kind: "level" });
  }
}
