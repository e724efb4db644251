/**
 * The owner of one room on this node: its replica, its log, and where it stands with each session.
 * An entry goes one way: written here or received → replica → log → on disk → to others, to screens, into receipts.
 * Nothing is passed on or acknowledged before the disk has it; what the disk refuses is taken back.
 */

import { DiskError } from "../errors.ts";
import { Relay } from "../host/relay.ts";
import { type Link, LOW_WATER_BYTES } from "../net/pump.ts";
import type { Chance, Clock, Crypto, Signer, Timer } from "../ports.ts";
import { type Body, type Entry, readEntry } from "../room/entry.ts";
import type { PeerId } from "../room/id.ts";
import type { ReceiptMarks } from "../room/receipt.ts";
import type { Replica } from "../room/replica.ts";
import { safeLine } from "../room/text.ts";
import { covers, type Vector } from "../room/vector.ts";
import type { Rec } from "../wire/record.ts";
import { Meeting } from "../wire/sync.ts";
import { Keeping, type LineLog } from "./keeping.ts";
import { Receipting } from "./receipting.ts";

/** After a disk that refused: how long until the others are asked again for what could not be kept. */
export const RETRY_MS = 5_000;
/** Between two times that a peer gets everything again on one link. */
export const AGAIN_MS_MIN = 1_000;
/** UTF-16 units that may wait for the disk before the session that brings more is braked. */
const PENDING_CHARS_MAX = 1024 * 1024;

type Meet = Extract<Rec, { type: "meet" }>;

/** What the owner of a keeper hears. */
export type RoomChange =
  /** Our disk has these new entries. */
  | { readonly kind: "held"; readonly entries: readonly Entry[] }
  /** Somebody's disk has more of our feed. */
  | { readonly kind: "receipts" }
  /** That peer does not take part in the room. */
  | { readonly kind: "refused"; readonly peer: PeerId }
  /** That link's peer has everything and is served as it comes. */
  | { readonly kind: "attached"; readonly link: Link }
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
  /** Tells this keeper's stream from others of this process. */
  readonly streamNumber: number;
  /** Opens the log, making it if there is none. Called when the first new line is to be kept. */
  openLog(): Promise<LineLog>;
  onChange(change: RoomChange): void;
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
  readonly #retryTimer: Timer;
  readonly #askedAgainAtMs = new WeakMap<Link, number>();
  /** Wishes for everything again that came too soon; the last of each link counts. */
  readonly #deferred = new Map<Link, Meet>();
  readonly #deferTimer: Timer;
  #isRetryArmed = false;

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
    this.#retryTimer = clock.timer(() => this.#meetAgain());
    this.#deferTimer = clock.timer(() => this.#onDeferred());
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
    await this.#keeping.keep([entry]);
    return entry;
  }

  /** Takes in the first entry of a room that we make. @throws {DiskError}. */
  async found(entry: Entry): Promise<void> {
    this.replica.accept(entry, { isTrusted: true });
    await this.#keeping.keep([entry]);
  }

  /** Says on a link how far we are, and whether its peer shall relay the room to us. Saying the same again is harmless. */
  meet(link: Link, options: { readonly follow: boolean }): void {
    const known = this.#meetings.get(link);
    if (known !== undefined && known.weFollow === options.follow) return;
    const meeting = this.#meetingOn(link);
    meeting.weFollow = options.follow;
    this.#sayMeet(link, meeting, { ask: true, again: known === undefined });
  }

  /** Whether the room was met on that link. */
  hasMet(link: Link): boolean {
    return this.#meetings.has(link);
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
    this.#deferred.delete(link);
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
    if (record.type === "entries") return this.#onEntries(link, record.lines);
    if (record.type === "meet") this.#onMeet(link, peer, record);
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
    this.#retryTimer[Symbol.dispose]();
    this.#deferTimer[Symbol.dispose]();
    await this.#keeping.close();
  }

  #meetingOn(link: Link): Meeting {
    const meeting = this.#meetings.get(link) ?? new Meeting();
    this.#meetings.set(link, meeting);
    return meeting;
  }

  #onMeet(link: Link, peer: PeerId, record: Meet): void {
    const { info, id } = this.replica;
    if (info?.access === "direct" && !info.founders.includes(peer)) {
      return link.send({ type: "refuse", room: id, reason: "not-a-member" });
    }
    const isFirst = !this.#meetings.has(link);
    const meeting = this.#meetingOn(link);
    meeting.onMeet(
      { ...record, again: record.again && this.#mayAskAgain(link, record) },
      (vector) => this.replica.beyond(vector).filter((entry) => this.#keeping.isHeld(entry)),
    );
    if (!meeting.isAttached) this.#relay.detach(link);
    this.#receipting.onVector(peer, record.vector);
    if (record.ask) this.#sayMeet(link, meeting, { ask: false, again: isFirst });
    const members = this.#receipting.about(peer).set(this.#parts.me, this.held.get(peer) ?? 0);
    link.send({ type: "seen", room: id, members });
    this.#pump(link, meeting);
  }

  /** Everything again costs us a look at the whole room, and the peer a few bytes: what comes too soon waits for its time. */
  #mayAskAgain(link: Link, record: Meet): boolean {
    const nowMs = this.#parts.clock.nowMs();
    const dueAtMs = (this.#askedAgainAtMs.get(link) ?? -Infinity) + AGAIN_MS_MIN;
    if (nowMs < dueAtMs) {
      this.#deferred.set(link, record);
      this.#deferTimer.wakeAt(dueAtMs);
      return false;
    }
    this.#askedAgainAtMs.set(link, nowMs);
    return true;
  }

  #onDeferred(): void {
    const deferred = [...this.#deferred];
    this.#deferred.clear();
    for (const [link, record] of deferred) {
      if (link.peer !== undefined && this.#meetings.has(link)) {
        this.#onMeet(link, link.peer, { ...record, ask: false });
      }
    }
  }

  #onHave(link: Link, peer: PeerId, vector: Vector): void {
    this.#meetings.get(link)?.onHave(vector);
    this.#receipting.onVector(peer, vector);
  }

  /** "Again" the first time, too: what was sent here before may have been for a keeper of this room that was dropped since. */
  #sayMeet(link: Link, meeting: Meeting, { ask, again }: { ask: boolean; again: boolean }): void {
    const { id } = this.replica;
    link.send({ type: "meet", room: id, follow: meeting.weFollow, ask, again, vector: this.held });
  }

  /** Sends what waits as far as the link takes it; a follower that has everything is served by the stream from then on. */
  #pump(link: Link, meeting: Meeting): void {
    while (meeting.isBusy && link.isOpen && link.queuedBytes < LOW_WATER_BYTES) {
      link.send({ type: "entries", room: this.replica.id, lines: meeting.nextPage() });
    }
    if (meeting.isBusy || !meeting.theyFollow || meeting.isAttached || !link.isOpen) return;
    meeting.attach();
    this.#relay.attach(link);
    this.#parts.onChange({ kind: "attached", link });
  }

  #onEntries(link: Link, lines: readonly string[]): Promise<void> | undefined {
    const meeting = this.#meetings.get(link);
    if (meeting === undefined) return undefined;
    const accepted: Entry[] = [];
    for (const line of lines) {
      const entry = this.#take(link, meeting, line);
      if (entry !== null) accepted.push(entry);
    }
    if (accepted.length === 0) return undefined;
    const kept = this.#keeping.keep(accepted).catch((error) => this.#onLost(error));
    return this.#keeping.pendingChars > PENDING_CHARS_MAX ? kept : undefined;
  }

  /** The entry if it is new and good. A line that no honest node passes on ends the link. */
  #take(link: Link, meeting: Meeting, line: string): Entry | null {
    const entry = readEntry(line, this.#parts.crypto);
    if ("problem" in entry) {
      if (entry.problem !== "other-version") link.close("bad-record");
      return null;
    }
    const wasForked = this.replica.forked.has(entry.author);
    const outcome = this.replica.accept(entry);
    switch (outcome) {
      case "accepted":
        meeting.onReceived(entry);
        return entry;
      case "duplicate":
        meeting.onReceived(entry);
        return null;
      case "gap":
        // Something before it was lost here (a disk that refused): ask for everything again, once for all gaps. The gap
        // behind a fork never closes.
        if (!this.replica.forked.has(entry.author)) this.#retryLater();
        return null;
      case "fork":
        if (!wasForked) this.#onFork(entry);
        return null;
      case "full":
        return null;
      case "refused":
        link.close("bad-record");
        return null;
    }
  }

  /** The author signed two branches, as we see now. This one proof is kept in the log; more would be a way to fill our disk. */
  #onFork(entry: Entry): void {
    this.#keeping.keepBeside(entry);
    const text = `${
      safeLine(entry.name)
    } has signed two different lines as number ${entry.number}: the one that came first is shown, both are kept`;
    this.#parts.onChange({ kind: "trouble", text });
  }

  #onHeld(entries: readonly Entry[]): void {
    this.#relay.publish(entries);
    for (const [link, meeting] of this.#meetings) {
      meeting.onHeld(entries);
      this.#pump(link, meeting);
    }
    this.#receipting.onHeld(entries);
    this.#parts.onChange({ kind: "held", entries });
  }

  /** The disk refused what others sent; it was taken back, and is asked for again. */
  #onLost(error: unknown): void {
    if (!(error instanceof DiskError)) return this.#parts.onBug(error);
    const why = error.reason === "full" ? "the disk is full" : error.message;
    const text =
      `Cannot keep what others say: ${why}. They still have it, and it is asked for again every few seconds`;
    this.#parts.onChange({ kind: "trouble", text });
    this.#retryLater();
  }

  /** Once for all that is missing: a timer that each gap set anew would never ring while an author goes on writing. */
  #retryLater(): void {
    if (this.#isRetryArmed) return;
    this.#isRetryArmed = true;
    this.#retryTimer.wakeAt(this.#parts.clock.nowMs() + RETRY_MS);
  }

  #meetAgain(): void {
    this.#isRetryArmed = false;
    for (const [link, meeting] of this.#meetings) this.#sayMeet(link, meeting, { ask: false, again: true });
  }
}
