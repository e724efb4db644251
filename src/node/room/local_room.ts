/**
 * The owner of one room on this node: its replica, its log, its receipts, and its meetings with sessions.
 * An entry goes one way: written here or received → replica → log → on disk → to screens, into receipts, and our own to others.
 * Nothing is acknowledged before the disk has it, and nothing of ours is told; what the disk refuses is taken back.
 * What others wrote is passed on as soon as it is checked: it is on its author's disk, so no crash of ours can unsay it.
 */

import type { Connection } from "../../net/connection.ts";
import type { Chance, Crypto, Signer } from "../../ports/crypto.ts";
import type { Clock } from "../../ports/time.ts";
import type { Body, Entry } from "../../room/entry.ts";
import { readProof } from "../../room/access.ts";
import { encodeBase64Url } from "../../encoding/base64url.ts";
import type { PeerId } from "../../room/id.ts";
import type { ReceiptMarks } from "../../room/receipts.ts";
import type { Replica } from "../../room/replica.ts";
import type { Vector } from "../../room/version_vector.ts";
import type { WireRecord } from "../../wire/record.ts";
import { EntryReceiver } from "./entry_receiver.ts";
import { type LineLog, LogWriter } from "./log_writer.ts";
import { type RelayCourse, RoomSync } from "./room_sync.ts";
import { ReceiptTracker } from "./receipt_tracker.ts";

/** What the owner of a keeper hears. */
export type RoomChange =
  /** Our disk has these new entries. */
  | { readonly kind: "held"; readonly entries: readonly Entry[] }
  /** Somebody's disk has more of our feed. */
  | { readonly kind: "receipts" }
  /** That peer has said how far it is. */
  | { readonly kind: "met"; readonly peer: PeerId }
  /** A peer leads to a better host now, or no longer. */
  | { readonly kind: "led" }
  /** That peer does not take part in the room. */
  | { readonly kind: "refused"; readonly peer: PeerId }
  /** That connection's peer has everything and is served as it comes. */
  | { readonly kind: "attached"; readonly connection: Connection }
  /** For the first time since the start our disk has all that another member's has, our own lines among it. */
  | { readonly kind: "level" }
  /** A sentence for the user. */
  | { readonly kind: "trouble"; readonly text: string };

export interface LocalRoomParts {
  readonly me: PeerId;
  readonly signer: Signer;
  readonly crypto: Crypto;
  readonly chance: Chance;
  readonly clock: Clock;
  /** Already filled from the log. */
  readonly replica: Replica;
  /** Who held how much of our feed at the last stop. */
  readonly holders: Vector;
  /** Entries of the log that wait for what was damaged before them. */
  readonly orphans: readonly Entry[];
  /** Tells this keeper's stream from others of this process. */
  readonly streamNumber: number;
  /** Entries of one feed that are taken in for now: of a stranger who begins a conversation only a few. */
  feedMax(): number;
  /** Opens the log, making it if there is none. Called when the first new line is to be kept. */
  openLog(): Promise<LineLog>;
  onChange(change: RoomChange): void;
  /** The peer on that connection has caused so much work on top of its records (see Quotas). */
  charge(connection: Connection, points: number): void;
  /** A bug in something that nobody waits for. */
  onBug(error: unknown): void;
}

/** One room. */
export class LocalRoom {
  readonly replica: Replica;
  readonly #parts: LocalRoomParts;
  readonly #logWriter: LogWriter;
  readonly #roomSync: RoomSync;
  readonly #receiptTracker: ReceiptTracker;
  readonly #entryReceiver: EntryReceiver;
  /** Whether another member was met since the start of whose entries we lack none. */
  #isLevel = false;
  /** The last number that we gave. */
  #written = 0;
  /** With what we come, or came, into a room by invitation, as soon as somebody asks. */
  #proof: Uint8Array | null = null;

  constructor(parts: LocalRoomParts) {
    const { replica, onBug, onChange } = parts;
    this.#parts = parts;
    this.replica = replica;
    this.#logWriter = new LogWriter({
      clock: parts.clock,
      replica,
      openLog: parts.openLog,
      followerCount: () => this.attached.size,
      onHeld: (entries) => this.#onHeld(entries),
      onBug,
    });
    this.#roomSync = new RoomSync({
      ...parts,
      held: () => this.held,
      isHeld: (entry) => this.#logWriter.isHeld(entry),
      proof: () => this.#ownProof(),
      onMet: (peer, vector) => this.#onMet(peer, vector),
      seenOf: (peer) => this.#receiptTracker.holdersOf(peer).set(this.#parts.me, this.held.get(peer) ?? 0),
      onTrouble: (text) => onChange({ kind: "trouble", text }),
      onLed: () => onChange({ kind: "led" }),
      onAttached: (connection) => onChange({ kind: "attached", connection }),
    });
    this.#receiptTracker = new ReceiptTracker({
      ...parts,
      peerSyncs: this.#roomSync.peerSyncs,
      held: () => this.held,
      onProgress: () => onChange({ kind: "receipts" }),
    });
    this.#entryReceiver = new EntryReceiver({
      ...parts,
      logWriter: this.#logWriter,
      onTrouble: (text) => onChange({ kind: "trouble", text }),
      askAgain: (connections) => this.#roomSync.askAgain(connections),
      pass: (entries) => this.#roomSync.pass(entries),
      passProof: (theirs) => this.#roomSync.passProof(theirs),
    });
  }

  /** How far our disk has each feed. */
  get held(): Vector {
    return this.#logWriter.held;
  }

  /** Entries that are on our disk, in order. */
  get entries(): readonly Entry[] {
    if (this.#logWriter.pendingBytes === 0) return this.replica.entries;
    return this.replica.entries.filter((entry) => this.#logWriter.isHeld(entry));
  }

  /** How many entries on our disk beyond that vector are so. */
  countBeyond(vector: Vector, isSo: (entry: Entry) => boolean): number {
    return this.replica.countBeyond(vector, (entry) => isSo(entry) && this.#logWriter.isHeld(entry));
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

  /** Who holds how much of our own feed. */
  get holders(): ReadonlyMap<PeerId, number> {
    return this.#receiptTracker.holdersOf(this.#parts.me);
  }

  /** Others hold more of our feed than we do: this home is older than they are, and must not number over them. */
  get isBehindItself(): boolean {
    return this.#receiptTracker.isBehindItself;
  }

  /** Members whose disks lack something of ours, as far as we have heard. */
  get laggingMembers(): readonly PeerId[] {
    return this.otherMembers.filter((member) => this.#receiptTracker.lacks(member));
  }

  /** Links whose peers have everything and get what is new as it comes. */
  get attached(): ReadonlySet<Connection> {
    return this.#roomSync.attached;
  }

  /** How far our own entries have come. */
  get receipts(): ReceiptMarks {
    return this.#receiptTracker.findMarks(this.otherMembers);
  }

  /** Writes an entry of ours; resolves when it is on disk. @throws {DiskError}: then it is as if it had not been written. */
  async write(what: { readonly kind: string; readonly name: string; readonly body: Body }): Promise<Entry> {
    const { clock, signer, me } = this.#parts;
    const entry = this.replica.write({ ...what, wallMs: clock.wallMs() }, signer, me);
    this.#written = entry.number;
    await this.#logWriter.keep([entry]);
    return entry;
  }

  /** Takes in the first entry of a room that we make. @throws {DiskError}. */
  async addFirstEntry(entry: Entry): Promise<void> {
    this.replica.accept(entry, { isTrusted: true });
    await this.#logWriter.keep([entry]);
  }

  /** Says on a connection how far we are, and our course. Saying the same again is harmless. */
  meet(connection: Connection, course: RelayCourse): void {
    this.#roomSync.meet(connection, course);
  }

  /** From now on we come into this room by that invitation's proof. */
  setProof(proof: Uint8Array): void {
    this.#proof = proof;
  }

  /** What our join says: the proof where one is needed. */
  get joinBody(): string {
    const proof = this.#ownProof();
    return proof === null ? "" : encodeBase64Url(proof);
  }

  /** Asks everybody for all that we lack: some of it was left out before, and is wanted now. */
  askAgain(): void {
    this.#roomSync.askAgain();
  }

  /** Whether we asked the peer on that connection to relay the room to us. */
  follows(connection: Connection): boolean {
    return this.#roomSync.get(connection)?.weFollow === true;
  }

  /** Whether the room was met on that connection. */
  hasMet(connection: Connection): boolean {
    return this.#roomSync.get(connection) !== undefined;
  }

  /** Whether the peer on that connection follows somebody who stands before us. */
  isLedBy(connection: Connection): boolean {
    return this.#roomSync.get(connection)?.theyLead === true;
  }

  /** Whether our disk has all that the peer on that connection had when it last said how far it is. */
  hasAllOf(connection: Connection): boolean {
    return this.#roomSync.hasAllOf(connection);
  }

  /** The same; and the peer's disk had all of its own that we have. */
  isEvenWith(connection: Connection): boolean {
    return this.#roomSync.isEvenWith(connection);
  }

  /** The connection is closed, or its peer has no part in this room. */
  forget(connection: Connection): void {
    this.#roomSync.forget(connection);
  }

  /** The connection can take more. */
  onDrained(connection: Connection): void {
    this.#roomSync.sendPending(connection);
  }

  /** A record about this room came. A promise is a brake (see ConnectionListener). */
  onRecord(connection: Connection, record: WireRecord): Promise<void> | undefined {
    const { peer } = connection;
    if (peer === undefined) return undefined;
    if (record.type === "meet") this.#roomSync.onMeet(connection, peer, record);
    const peerSync = this.#roomSync.get(connection);
    if (peerSync === undefined) return undefined;
    if (record.type === "entries") return this.#entryReceiver.receive(connection, peerSync, record.lines);
    if (record.type === "have") {
      this.#roomSync.onHave(peerSync, peer, record.vector);
      this.#receiptTracker.onVector(peer, record.vector);
    }
    if (record.type === "seen") this.#receiptTracker.onSeen(peer, record.members);
    if (record.type === "refuse") {
      this.forget(connection);
      this.#parts.onChange({ kind: "refused", peer });
    }
    return undefined;
  }

  /** Sends the acknowledgements that are due. */
  flush(): void {
    this.#receiptTracker.flush();
  }

  /** Stops the timers; resolves when all that was taken in is on disk or taken back. */
  async close(): Promise<void> {
    this.#receiptTracker.close();
    this.#entryReceiver.close();
    this.#roomSync.close();
    await this.#logWriter.close();
  }

  #onMet(peer: PeerId, vector: Vector): void {
    this.#receiptTracker.onMeet(peer, vector);
    this.#parts.onChange({ kind: "met", peer });
    this.#lookIfLevel();
  }

  /** What we were let in with, or shall be. */
  #ownProof(): Uint8Array | null {
    const first = this.replica.get(this.#parts.me, 1);
    if (first?.kind === "join") this.#proof ??= readProof(first);
    return this.#proof;
  }

  #onHeld(entries: readonly Entry[]): void {
    this.#roomSync.onHeld(entries);
    this.#receiptTracker.onHeld(entries);
    if (entries.some(({ author, number }) => author === this.#parts.me && number > this.#written)) {
      // They came back from others: what was said of them while we had none of them was not believed.
      this.#roomSync.askWhoHolds();
    }
    this.#parts.onChange({ kind: "held", entries });
    this.#lookIfLevel();
  }

  #lookIfLevel(): void {
    if (
      this.#isLevel || ![...this.#roomSync.peerSyncs.keys()].some((connection) => this.hasAllOf(connection))
    ) {
      return;
    }
    this.#isLevel = true;
    this.#parts.onChange({ kind: "level" });
  }
}
