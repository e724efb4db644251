/**
 * The owner of one room on this node: its replica, its log, and where it stands with each session.
 * An entry goes one way: written here or received → replica → log → on disk → to others, to screens, into receipts.
 * Nothing is passed on or acknowledged before the disk has it; what the disk refuses is taken back.
 */

import { Relay } from "../host/relay.ts";
import { type Link, LOW_WATER_BYTES } from "../net/pump.ts";
import type { Chance, Clock, Crypto, Signer } from "../ports.ts";
import type { Body, Entry } from "../room/entry.ts";
import { proofOf } from "../room/access.ts";
import { encodeBase64Url } from "../room/base64.ts";
import type { PeerId } from "../room/id.ts";
import type { ReceiptMarks } from "../room/receipt.ts";
import type { Replica } from "../room/replica.ts";
import { covers, raise, type Vector } from "../room/vector.ts";
import type { Rec } from "../wire/record.ts";
import { Meeting } from "../wire/sync.ts";
import { AgainLimit } from "./again_limit.ts";
import { ForkProofs } from "./fork_proofs.ts";
import { Intake } from "./intake.ts";
import { Keeping, type LineLog } from "./keeping.ts";
import { Receipting } from "./receipting.ts";

type Meet = Extract<Rec, { type: "meet" }>;

/** What the owner of a keeper hears. */
export type RoomChange =
  /** Our disk has these new entries. */
  | { readonly kind: "held"; readonly entries: readonly Entry[] }
  /** Somebody's disk has more of our feed. */
  | { readonly kind: "receipts" }
  /** A peer has said how far it is. */
  | { readonly kind: "met" }
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
  readonly #meetings = new Map<Link, Meeting>();
  readonly #receipting: Receipting;
  readonly #relay: Relay;
  readonly #intake: Intake;
  readonly #againLimit: AgainLimit;
  readonly #proofs: ForkProofs;
  /** Whether another member was met since the start of whose entries we lack none. */
  #isLevel = false;
  /** The last number that we gave. */
  #written = 0;
  /** With what we come into a room by invitation, until our join says it. */
  #proof: Uint8Array | null = null;

  /** Starts nothing. */
  constructor(parts: KeeperParts) {
    const { me, chance, crypto, clock, replica, streamNumber } = parts;
    this.#parts = parts;
    this.replica = replica;
    this.#keeping = new Keeping({
      replica,
      openLog: parts.openLog,
      onHeld: (entries) => this.#onHeld(entries),
      onBug: parts.onBug,
    });
    this.#receipting = new Receipting({
      me,
      clock,
      replica,
      holders: parts.holders,
      meetings: this.#meetings,
      held: () => this.held,
      onNews: () => parts.onChange({ kind: "receipts" }),
    });
    this.#relay = new Relay(replica.id, { number: streamNumber, chance, crypto });
    this.#proofs = new ForkProofs({ me, replica, relay: this.#relay, meetings: this.#meetings });
    this.#intake = new Intake({
      ...parts,
      keeping: this.#keeping,
      onTrouble: (text) => parts.onChange({ kind: "trouble", text }),
      askAgain: (links = this.#meetings.keys()) => this.#askAgain(links),
      passProof: (theirs) => this.#proofs.pass(theirs),
    });
    this.#againLimit = new AgainLimit(clock, (link, meet) => {
      const meeting = this.#meetings.get(link);
      if (link.peer === undefined || meeting === undefined) return;
      // What the peer has said since counts: whether it follows or leads, and how far its disk is.
      const vector = new Map(meet.vector);
      raise(vector, meeting.theirs);
      this.#onMeet(link, link.peer, {
        ...meet,
        vector,
        follow: meeting.theyFollow,
        leads: meeting.theyLead,
        ask: false,
      });
    });
  }

  /** How far our disk has each feed. */
  get held(): Vector {
    return this.#keeping.held;
  }

  /** Entries that are on our disk, in order. */
  get entries(): readonly Entry[] {
    if (this.#keeping.pendingChars === 0) return this.replica.entries;
    return this.replica.entries.filter((entry) => this.#keeping.isHeld(entry));
  }

  /** Whether we take part. */
  get isIn(): boolean {
    return this.replica.isIn(this.#parts.me);
  }

  /** Other members who are in the room now. */
  get others(): readonly PeerId[] {
    const { me } = this.#parts;
    return this.replica.members().filter((member) => member.isIn && member.id !== me).map((member) =>
      member.id
    );
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
    return this.#relay.followers;
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

  /** Says on a link how far we are, whether its peer shall relay the room to us, and whether we lead to a host before it. Saying the same again is harmless. */
  meet(link: Link, { follow, leads }: { readonly follow: boolean; readonly leads: boolean }): void {
    const known = this.#meetings.get(link);
    if (known !== undefined && known.weFollow === follow && known.weLead === leads) return;
    const meeting = this.#meetingOn(link);
    meeting.weFollow = follow;
    meeting.weLead = leads;
    this.#sayMeet(link, meeting, { ask: true, again: known === undefined });
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
    this.#askAgain(this.#meetings.keys());
  }

  /** Whether we asked the peer on that link to relay the room to us. */
  follows(link: Link): boolean {
    return this.#meetings.get(link)?.weFollow === true;
  }

  /** Whether the room was met on that link. */
  hasMet(link: Link): boolean {
    return this.#meetings.has(link);
  }

  /** Whether the peer on that link follows somebody who stands before us. */
  isLedBy(link: Link): boolean {
    return this.#meetings.get(link)?.theyLead === true;
  }

  /** Whether our disk has all that the peer on that link had when it last said how far it is. */
  hasAllOf(link: Link): boolean {
    const meeting = this.#meetings.get(link);
    return meeting !== undefined && meeting.isMet && covers(this.held, meeting.theirs);
  }

  /** The link is gone, or has no part in this room. */
  forget(link: Link): void {
    this.#relay.detach(link);
    this.#meetings.delete(link);
    this.#againLimit.forget(link);
  }

  /** The link has room for more. */
  onDrained(link: Link): void {
    const meeting = this.#meetings.get(link);
    if (meeting !== undefined) this.#pump(link, meeting);
  }

  /** A record about this room came. A promise is a brake (see LinkOwner). */
  onRecord(link: Link, record: Rec): Promise<void> | undefined {
    const { peer } = link;
    if (peer === undefined) return undefined;
    if (record.type === "meet") this.#onMeet(link, peer, record);
    if (!this.#meetings.has(link)) return undefined;
    if (record.type === "entries") return this.#onEntries(link, record.lines);
    if (record.type === "have") this.#onHave(link, peer, record.vector);
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
    this.#againLimit.close();
    await this.#keeping.close();
  }

  #askAgain(links: Iterable<Link>): void {
    for (const link of links) {
      const meeting = this.#meetings.get(link);
      if (meeting !== undefined) this.#sayMeet(link, meeting, { ask: false, again: true });
    }
  }

  #meetingOn(link: Link): Meeting {
    const meeting = this.#meetings.get(link) ?? new Meeting();
    this.#meetings.set(link, meeting);
    return meeting;
  }

  #onMeet(link: Link, peer: PeerId, record: Meet): void {
    const { id } = this.replica;
    // Whoever has no part in it is told what it would be told of a room that we never heard of.
    // While we join, only whom we asked may tell us of it.
    const isAsked = this.replica.info === undefined && this.#meetings.get(link)?.weFollow === true;
    if (!isAsked && !this.replica.admits(peer, record.proof)) {
      return link.send({ type: "refuse", room: id });
    }
    const isFirst = !this.#meetings.has(link);
    const meeting = this.#meetingOn(link);
    meeting.proof = record.proof;
    const isLeadNew = meeting.theyLead !== record.leads;
    meeting.theyLead = record.leads;
    meeting.onMeet(
      { ...record, again: record.again && this.#againLimit.grants(link, record) },
      (vector) => this.replica.beyond(vector).filter((entry) => this.#keeping.isHeld(entry)),
    );
    if (!meeting.isAttached) this.#relay.detach(link);
    this.#receipting.onMeet(peer, record.vector);
    if (record.ask) this.#sayMeet(link, meeting, { ask: false, again: isFirst });
    const members = this.#receipting.about(peer).set(this.#parts.me, this.held.get(peer) ?? 0);
    link.send({ type: "seen", room: id, members });
    this.#pump(link, meeting);
    this.#parts.onChange({ kind: "met" });
    if (isLeadNew) this.#parts.onChange({ kind: "led" });
    this.#lookIfLevel();
  }

  #onHave(link: Link, peer: PeerId, vector: Vector): void {
    this.#meetings.get(link)?.onHave(vector);
    this.#receipting.onVector(peer, vector);
  }

  /** "Again" the first time, too: what was sent here before may have been for a keeper of this room that was dropped since. */
  #sayMeet(link: Link, meeting: Meeting, { ask, again }: { ask: boolean; again: boolean }): void {
    const { id } = this.replica;
    const { weFollow: follow, weLead: leads } = meeting;
    link.send({
      type: "meet",
      room: id,
      follow,
      leads,
      ask,
      again,
      vector: this.held,
      proof: this.#ownProof(),
    });
  }

  /** What we were let in with, or shall be. */
  #ownProof(): Uint8Array | null {
    const first = this.replica.get(this.#parts.me, 1);
    return (first === undefined ? null : proofOf(first)) ?? this.#proof;
  }

  /** Now it is known whom the room lets in: whoever said before to be of it, and is not, gets nothing of what comes. */
  #partFromStrangers(): void {
    for (const [link, { proof }] of [...this.#meetings]) {
      if (link.peer === undefined || !this.replica.admits(link.peer, proof)) this.forget(link);
    }
  }

  /** Sends what waits as far as the link takes it; a follower that has everything is served by the stream from then on. */
  #pump(link: Link, meeting: Meeting): void {
    while (meeting.isBusy && link.isOpen && link.queuedBytes < LOW_WATER_BYTES) {
      link.send({ type: "entries", room: this.replica.id, lines: meeting.nextPage() });
    }
    if (meeting.isBusy || !link.isOpen || this.replica.info === undefined) return;
    this.#proofs.tell(link, meeting);
    if (!meeting.theyFollow || meeting.isAttached) return;
    meeting.attach();
    this.#relay.attach(link);
    this.#parts.onChange({ kind: "attached", link });
  }

  #onEntries(link: Link, lines: readonly string[]): Promise<void> | undefined {
    const meeting = this.#meetings.get(link);
    return meeting === undefined ? undefined : this.#intake.take(link, meeting, lines);
  }

  #onHeld(entries: readonly Entry[]): void {
    if (entries.some(({ kind }) => kind === "room")) this.#partFromStrangers();
    this.#relay.publish(entries);
    for (const [link, meeting] of this.#meetings) {
      meeting.onHeld(entries);
      this.#pump(link, meeting);
    }
    this.#receipting.onHeld(entries);
    if (entries.some(({ author, number }) => author === this.#parts.me && number > this.#written)) {
      this.#askWhoHoldsOurs();
    }
    this.#parts.onChange({ kind: "held", entries });
    this.#lookIfLevel();
  }

  #lookIfLevel(): void {
    if (this.#isLevel || ![...this.#meetings.keys()].some((link) => this.hasAllOf(link))) return;
    this.#isLevel = true;
    this.#parts.onChange({ kind: "level" });
  }

  /** Lines of our own came back from others: what was said of them while we had none of them was not believed. */
  #askWhoHoldsOurs(): void {
    for (const [link, meeting] of this.#meetings) this.#sayMeet(link, meeting, { ask: true, again: false });
  }
}
