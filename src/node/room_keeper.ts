/**
 * The owner of one room on this node: its replica, its log, its receipts, and its meetings with sessions.
 * An entry goes one way: written here or received → replica → log → on disk → to screens, into receipts, and our own to others.
 * Nothing is acknowledged before the disk has it, and nothing of ours is told; what the disk refuses is taken back.
 * What others wrote is passed on as soon as it is checked: it is on its author's disk, so no crash of ours can unsay it.
 */

import type { Link } from "../net/pump.ts";
import type { Chance, Clock, Crypto, Signer } from "../ports.ts";
import type { Body, Entry } from "../room/entry.ts";
import { proofOf } from "../room/access.ts";
import { encodeBase64Url } from "../room/base64.ts";
import type { PeerId } from "../room/id.ts";
import type { ReceiptMarks } from "../room/receipt.ts";
import type { Replica } from "../room/replica.ts";
import type { Vector } from "../room/vector.ts";
import type { Rec } from "../wire/record.ts";
import { Intake } from "./intake.ts";
import { Keeping, type LineLog } from "./keeping.ts";
import { type Course, Meetings } from "./meetings.ts";
import { Receipting } from "./receipting.ts";

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
  /** That link's peer has everything and is served as it comes. */
  | { readonly kind: "attached"; readonly link: Link }
  /** For the first time since the start our disk has all that another member's has, our own lines among it. */
  | { readonly kind: "level" }
  /** A sentence for the user. */
  | { readonly kind: "trouble"; readonly text: string };

/** What a keeper works with. */
export interface KeeperParts {
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
  /** The peer on that link has caused so much work on top of its records (see Quotas). */
  charge(link: Link, points: number): void;
  /** A bug in something that nobody waits for. */
  onBug(error: unknown): void;
}

/** One room. */
export class RoomKeeper {
  readonly replica: Replica;
  readonly #parts: KeeperParts;
  readonly #keeping: Keeping;
  readonly #meetings: Meetings;
  readonly #receipting: Receipting;
  readonly #intake: Intake;
  /** Whether another member was met since the start of whose entries we lack none. */
  #isLevel = false;
  /** The last number that we gave. */
  #written = 0;
  /** With what we come, or came, into a room by invitation, as soon as somebody asks. */
  #proof: Uint8Array | null = null;

  /** Starts nothing. */
  constructor(parts: KeeperParts) {
    const { replica, onBug, onChange } = parts;
    this.#parts = parts;
    this.replica = replica;
    this.#keeping = new Keeping({
      clock: parts.clock,
      replica,
      openLog: parts.openLog,
      followerCount: () => this.attached.size,
      onHeld: (entries) => this.#onHeld(entries),
      onBug,
    });
    this.#meetings = new Meetings({
      ...parts,
      held: () => this.held,
      isHeld: (entry) => this.#keeping.isHeld(entry),
      proof: () => this.#ownProof(),
      onMet: (link, peer, vector) => this.#onMet(link, peer, vector),
      onTrouble: (text) => onChange({ kind: "trouble", text }),
      onLed: () => onChange({ kind: "led" }),
      onAttached: (link) => onChange({ kind: "attached", link }),
    });
    this.#receipting = new Receipting({
      ...parts,
      meetings: this.#meetings.byLink,
      held: () => this.held,
      onNews: () => onChange({ kind: "receipts" }),
    });
    this.#intake = new Intake({
      ...parts,
      keeping: this.#keeping,
      onTrouble: (text) => onChange({ kind: "trouble", text }),
      askAgain: (links) => this.#meetings.askAgain(links),
      pass: (entries) => this.#meetings.pass(entries),
      passProof: (theirs) => this.#meetings.passProof(theirs),
    });
  }

  /** How far our disk has each feed. */
  get held(): Vector {
    return this.#keeping.held;
  }

  /** Entries that are on our disk, in order. */
  get entries(): readonly Entry[] {
    if (this.#keeping.pendingBytes === 0) return this.replica.entries;
    return this.replica.entries.filter((entry) => this.#keeping.isHeld(entry));
  }

  /** How many entries on our disk beyond that vector are so. */
  countBeyond(vector: Vector, isSo: (entry: Entry) => boolean): number {
    return this.replica.countBeyond(vector, (entry) => isSo(entry) && this.#keeping.isHeld(entry));
  }

  /** Whether we take part. */
  get isIn(): boolean {
    return this.replica.isIn(this.#parts.me);
  }

  /** Other members who are in the room now. */
  get others(): readonly PeerId[] {
    const { me } = this.#parts;
    return this.replica.inside().filter((member) => member !== me);
  }

  /** Who holds how much of our own feed. */
  get holders(): ReadonlyMap<PeerId, number> {
    return this.#receipting.about(this.#parts.me);
  }

  /** Others hold more of our feed than we do: this home is older than they are, and must not number over them. */
  get isBehindItself(): boolean {
    return this.#receipting.isBehindItself;
  }

  /** Members whose disks lack something of ours, as far as we have heard. */
  get waiting(): readonly PeerId[] {
    return this.others.filter((member) => this.#receipting.lacks(member));
  }

  /** Links whose peers have everything and get what is new as it comes. */
  get attached(): ReadonlySet<Link> {
    return this.#meetings.attached;
  }

  /** How far our own entries have come. */
  get receipts(): ReceiptMarks {
    return this.#receipting.marks(this.others);
  }

  /** Writes an entry of ours; resolves when it is on disk. @throws {DiskError}: then it is as if it had not been written. */
  async write(what: { readonly kind: string; readonly name: string; readonly body: Body }): Promise<Entry> {
    const { clock, signer, me } = this.#parts;
    const entry = this.replica.write({ ...what, wallMs: clock.wallMs() }, signer, me);
    this.#written = entry.number;
    await this.#keeping.keep([entry]);
    return entry;
  }

  /** Takes in the first entry of a room that we make. @throws {DiskError}. */
  async found(entry: Entry): Promise<void> {
    this.replica.accept(entry, { isTrusted: true });
    await this.#keeping.keep([entry]);
  }

  /** Says on a link how far we are, and our course. Saying the same again is harmless. */
  meet(link: Link, course: Course): void {
    this.#meetings.meet(link, course);
  }

  /** From now on we come into this room by that invitation's proof. */
  comeWith(proof: Uint8Array): void {
    this.#proof = proof;
  }

  /** What our join says: the proof where one is needed. */
  get joinBody(): string {
    const proof = this.#ownProof();
    return proof === null ? "" : encodeBase64Url(proof);
  }

  /** Asks everybody for all that we lack: some of it was left out before, and is wanted now. */
  askAgain(): void {
    this.#meetings.askAgain();
  }

  /** Whether we asked the peer on that link to relay the room to us. */
  follows(link: Link): boolean {
    return this.#meetings.get(link)?.weFollow === true;
  }

  /** Whether the room was met on that link. */
  hasMet(link: Link): boolean {
    return this.#meetings.get(link) !== undefined;
  }

  /** Whether the peer on that link follows somebody who stands before us. */
  isLedBy(link: Link): boolean {
    return this.#meetings.get(link)?.theyLead === true;
  }

  /** Whether our disk has all that the peer on that link had when it last said how far it is. */
  hasAllOf(link: Link): boolean {
    return this.#meetings.hasAllOf(link);
  }

  /** The same; and the peer's disk had all of its own that we have. */
  isEvenWith(link: Link): boolean {
    return this.#meetings.isEvenWith(link);
  }

  /** The link is gone, or has no part in this room. */
  forget(link: Link): void {
    this.#meetings.forget(link);
  }

  /** The link has room for more. */
  onDrained(link: Link): void {
    this.#meetings.pump(link);
  }

  /** A record about this room came. A promise is a brake (see LinkOwner). */
  onRecord(link: Link, record: Rec): Promise<void> | undefined {
    const { peer } = link;
    if (peer === undefined) return undefined;
    if (record.type === "meet") this.#meetings.onMeet(link, peer, record);
    const meeting = this.#meetings.get(link);
    if (meeting === undefined) return undefined;
    if (record.type === "entries") return this.#intake.take(link, meeting, record.lines);
    if (record.type === "have") {
      this.#meetings.onHave(meeting, peer, record.vector);
      this.#receipting.onVector(peer, record.vector);
    }
    if (record.type === "seen") this.#receipting.onSeen(peer, record.members);
    if (record.type === "refuse") {
      this.forget(link);
      this.#parts.onChange({ kind: "refused", peer });
    }
    return undefined;
  }

  /** Sends the acknowledgements that are due. */
  flush(): void {
    this.#receipting.flush();
  }

  /** Stops the timers; resolves when all that was taken in is on disk or taken back. */
  async close(): Promise<void> {
    this.#receipting.close();
    this.#intake.close();
    this.#meetings.close();
    await this.#keeping.close();
  }

  #onMet(link: Link, peer: PeerId, vector: Vector): void {
    this.#receipting.onMeet(peer, vector);
    const members = this.#receipting.about(peer).set(this.#parts.me, this.held.get(peer) ?? 0);
    link.send({ type: "seen", room: this.replica.id, members });
    this.#parts.onChange({ kind: "met", peer });
    this.#lookIfLevel();
  }

  /** What we were let in with, or shall be. */
  #ownProof(): Uint8Array | null {
    const first = this.replica.get(this.#parts.me, 1);
    if (first?.kind === "join") this.#proof ??= proofOf(first);
    return this.#proof;
  }

  #onHeld(entries: readonly Entry[]): void {
    this.#meetings.onHeld(entries);
    this.#receipting.onHeld(entries);
    if (entries.some(({ author, number }) => author === this.#parts.me && number > this.#written)) {
      // They came back from others: what was said of them while we had none of them was not believed.
      this.#meetings.askWhoHolds();
    }
    this.#parts.onChange({ kind: "held", entries });
    this.#lookIfLevel();
  }

  #lookIfLevel(): void {
    if (this.#isLevel || ![...this.#meetings.byLink.keys()].some((link) => this.hasAllOf(link))) return;
    this.#isLevel = true;
    this.#parts.onChange({ kind: "level" });
  }
}
