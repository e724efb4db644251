/**
 * Where one room stands with each session: who was told how far we are, who relays to whom, and what waits to be sent.
 * Records about that come in here; what our disk has goes out, to followers that have everything through one stream.
 */

import { DiskError } from "../errors.ts";
import { Relay } from "../host/relay.ts";
import { type Link, LOW_WATER_BYTES } from "../net/pump.ts";
import type { Chance, Clock, Crypto, Timer } from "../ports.ts";
import type { Entry } from "../room/entry.ts";
import type { PeerId } from "../room/id.ts";
import type { Replica } from "../room/replica.ts";
import { covers, raise, type Vector } from "../room/vector.ts";
import type { Rec } from "../wire/record.ts";
import { Meeting } from "../wire/sync.ts";
import { AgainLimit } from "./again_limit.ts";
import { ForkProofs } from "./fork_proofs.ts";
import { PageCache } from "./page_cache.ts";

type Meet = Extract<Rec, { type: "meet" }>;

/**
 * Between two times that something is passed on, for each follower: about what one write takes, so in a room of fifty 1 ms …
 */
const PASS_MS_A_FOLLOWER = 0.02;
/** … and so much more for each line that was passed on at once: where much comes at a time, more shall share a write … */
const PASS_MS_A_LINE = 0.001;
/** … but no more than this in all: writes are large by then, and a line to a thousand is a tenth of a second late. */
const PASS_MS_A_FOLLOWER_MAX = 0.1;

/** Who comes and goes is passed on with what is said next, or so much later for each follower: many come to a large room at once. */
const PASS_COMING_MS_A_FOLLOWER = 0.5;
const COMING_KINDS: ReadonlySet<string> = new Set(["join", "leave", "name"]);

/** What we ask of a peer, and tell it, in one room. */
export interface Course {
  /** The peer shall relay the room to us. */
  readonly follow: boolean;
  /** We lead to a host who stands before the peer. */
  readonly leads: boolean;
}

/** What meetings are made of. */
export interface MeetingsParts {
  readonly me: PeerId;
  readonly crypto: Crypto;
  readonly chance: Chance;
  readonly clock: Clock;
  readonly replica: Replica;
  /** Tells this room's stream from others of this process. */
  readonly streamNumber: number;
  /** How far our disk has each feed. */
  held(): Vector;
  /** Whether our disk has the entry. */
  isHeld(entry: Entry): boolean;
  /** With what we were let in, or shall be. */
  proof(): Uint8Array | null;
  /** A sentence for the user. */
  onTrouble(text: string): void;
  /** The peer has said how far it is, and was let in; nothing was sent yet of what it lacks. */
  onMet(link: Link, peer: PeerId, vector: Vector): void;
  /** The peer leads to a better host now, or no longer. */
  onLed(): void;
  /** The link's peer has everything and is served as it comes. */
  onAttached(link: Link): void;
}

/** The meetings of one room. */
export class Meetings {
  readonly #parts: MeetingsParts;
  readonly #byLink = new Map<Link, Meeting>();
  readonly #relay: Relay;
  readonly #againLimit: AgainLimit;
  readonly #proofs: ForkProofs;
  readonly #pages: PageCache;
  /** What others wrote and is not passed on yet. */
  #passing: Entry[] = [];
  readonly #passTimer: Timer;
  /** When that is due; nothing waits at Infinity. */
  #passAtMs = Infinity;
  #mayPassAtMs = -Infinity;

  /** Starts nothing. */
  constructor(parts: MeetingsParts) {
    const { me, chance, crypto, clock, replica, streamNumber } = parts;
    this.#parts = parts;
    this.#relay = new Relay(replica.id, { number: streamNumber, chance, crypto });
    this.#proofs = new ForkProofs({ me, replica, relay: this.#relay, meetings: this.#byLink });
    this.#pages = new PageCache(replica.id);
    this.#passTimer = clock.timer(() => this.#passNow());
    this.#againLimit = new AgainLimit(clock, (link, meet) => this.#onGranted(link, meet));
  }

  /** All of them. */
  get byLink(): ReadonlyMap<Link, Meeting> {
    return this.#byLink;
  }

  /** The one on that link. */
  get(link: Link): Meeting | undefined {
    return this.#byLink.get(link);
  }

  /** Links whose peers have everything and get what is new as it comes. */
  get attached(): ReadonlySet<Link> {
    return this.#relay.followers;
  }

  /** Says on a link how far we are, and our course. Saying the same again is harmless. */
  meet(link: Link, { follow, leads }: Course): void {
    const known = this.#byLink.get(link);
    if (known !== undefined && known.weFollow === follow && known.weLead === leads) return;
    const meeting = this.#on(link);
    meeting.weFollow = follow;
    meeting.weLead = leads;
    // "Again" the first time, too: what was sent here before may have been for a keeper of this room that was dropped since.
    this.#say(link, meeting, { ask: true, again: known === undefined });
  }

  /** Asks these peers, or everybody, for all that we lack. */
  askAgain(links: Iterable<Link> = this.#byLink.keys()): void {
    for (const link of links) {
      const meeting = this.#byLink.get(link);
      if (meeting !== undefined) this.#say(link, meeting, { ask: false, again: true });
    }
  }

  /** Asks everybody how far they are. */
  askWhoHolds(): void {
    for (const [link, meeting] of this.#byLink) this.#say(link, meeting, { ask: true, again: false });
  }

  /** Whether our disk has all that the peer on that link had when it last said how far it is. */
  hasAllOf(link: Link): boolean {
    const meeting = this.#byLink.get(link);
    return meeting !== undefined && meeting.isMet && covers(this.#parts.held(), meeting.theirs);
  }

  /** The same; and the peer's disk had all of its own that we have. */
  isEvenWith(link: Link): boolean {
    if (link.peer === undefined || !this.hasAllOf(link)) return false;
    const ours = this.#parts.held().get(link.peer) ?? 0;
    return (this.#byLink.get(link)?.theirs.get(link.peer) ?? 0) >= ours;
  }

  /** The peer says how far it is. Whoever has no part in the room is told what it would be told of a room that we never heard of. */
  onMeet(link: Link, peer: PeerId, record: Meet): void {
    const { replica } = this.#parts;
    // While we join, only whom we asked may tell us of it.
    const isAsked = replica.info === undefined && this.#byLink.get(link)?.weFollow === true;
    if (!isAsked && !replica.admits(peer, record.proof)) {
      return link.send({ type: "refuse", room: replica.id });
    }
    // Or it would come twice: as what this peer lacks, and in the stream that it is attached to.
    this.#passNow();
    const isFirst = !this.#byLink.has(link);
    const meeting = this.#on(link);
    meeting.proof = record.proof;
    const isLeadNew = meeting.theyLead !== record.leads;
    meeting.theyLead = record.leads;
    meeting.onMeet(
      { ...record, again: record.again && this.#againLimit.grants(link, record) },
      (vector) => replica.beyond(vector).filter((entry) => this.#mayTell(entry)),
      this.#isNoted(peer),
    );
    if (!meeting.isAttached) this.#relay.detach(link);
    if (record.ask) this.#say(link, meeting, { ask: false, again: isFirst });
    this.#parts.onMet(link, peer, record.vector);
    this.pump(link);
    if (isLeadNew) this.#parts.onLed();
  }

  /** These of others are checked: they go to everybody who lacks them, with all that comes in the same turn, or before the next one. */
  pass(entries: readonly Entry[]): void {
    const nowMs = this.#parts.clock.nowMs();
    const isTalk = entries.some(({ kind }) => !COMING_KINDS.has(kind));
    const quietMs = isTalk ? 0 : PASS_COMING_MS_A_FOLLOWER * this.#relay.followers.size;
    const atMs = Math.max(nowMs + quietMs, this.#mayPassAtMs);
    for (const entry of entries) this.#passing.push(entry);
    if (atMs >= this.#passAtMs) return;
    this.#passAtMs = atMs;
    if (atMs <= nowMs) queueMicrotask(() => this.#passNow());
    else this.#passTimer.wakeAt(atMs);
  }

  /** The peer's disk has got further. */
  onHave(meeting: Meeting, peer: PeerId, vector: Vector): void {
    meeting.onHave(vector, this.#isNoted(peer));
  }

  /** Our disk has these new entries: our own go to everybody who lacks them. */
  onHeld(entries: readonly Entry[]): void {
    const own = entries.filter(({ author }) => author === this.#parts.me);
    if (own.length > 0) this.#tell(own);
  }

  /** An author has signed two branches, one of them with this line. */
  passProof(theirs: Entry): void {
    this.#proofs.pass(theirs);
  }

  /** Sends what waits as far as the link takes it; a follower that has everything is served by the stream from then on. */
  pump(link: Link): void {
    const meeting = this.#byLink.get(link);
    if (meeting === undefined) return;
    const { info } = this.#parts.replica;
    while (meeting.isBusy && link.isOpen && link.queuedBytes < LOW_WATER_BYTES) {
      if (!this.#sendPage(link, meeting)) return link.close("failed");
    }
    if (meeting.isBusy || !link.isOpen || info === undefined) return;
    this.#proofs.tell(link, meeting);
    if (!meeting.theyFollow || meeting.isAttached) return;
    meeting.attach();
    this.#relay.attach(link);
    this.#parts.onAttached(link);
  }

  /** Whether our disk still has it: most of what is sent here was said long ago, and is read again. */
  #sendPage(link: Link, meeting: Meeting): boolean {
    try {
      link.sendEncoded(this.#pages.encoded(meeting.nextPage(), { isFull: meeting.isBusy }));
      return true;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#parts.onTrouble(
        `Cannot give others what was said before: ${error.message}. Stop earshot and start it again: then the log is read anew`,
      );
      return false;
    }
  }

  /** The link is gone, or has no part in this room. */
  forget(link: Link): void {
    this.#relay.detach(link);
    this.#byLink.delete(link);
    this.#againLimit.forget(link);
  }

  /** Of what a member says of its disk, all that ours lacks; what ours has only of its own feed and of ours. Of others nothing is understood yet. */
  #isNoted(peer: PeerId): (author: PeerId, number: number) => boolean {
    const { me, replica, held } = this.#parts;
    const ours = held();
    const isKnown = replica.lastNumber(peer) > 0 || replica.isIn(peer);
    return (author, number) =>
      !isKnown || author === me || author === peer || number > (ours.get(author) ?? 0);
  }

  /** Of ours nothing leaves that a crash could still make unsaid: its number would be given again. */
  #mayTell(entry: Entry): boolean {
    return entry.author !== this.#parts.me || this.#parts.isHeld(entry);
  }

  #passNow(): void {
    const entries = this.#passing.filter((entry) => entry.author !== this.#parts.me);
    this.#passing = [];
    this.#passAtMs = Infinity;
    if (entries.length === 0) return;
    const eachMs = Math.min(PASS_MS_A_FOLLOWER + PASS_MS_A_LINE * entries.length, PASS_MS_A_FOLLOWER_MAX);
    this.#mayPassAtMs = this.#parts.clock.nowMs() + eachMs * this.#relay.followers.size;
    this.#tell(entries);
  }

  #tell(entries: readonly Entry[]): void {
    if (entries.some(({ kind }) => kind === "room")) this.#partFromStrangers();
    this.#relay.publish(entries);
    for (const [link, meeting] of this.#byLink) {
      if (meeting.isAttached) continue;
      meeting.onNew(entries);
      this.pump(link);
    }
  }

  /** Stops the timer. */
  close(): void {
    this.#againLimit.close();
    this.#passTimer[Symbol.dispose]();
  }

  #on(link: Link): Meeting {
    const meeting = this.#byLink.get(link) ?? new Meeting();
    this.#byLink.set(link, meeting);
    return meeting;
  }

  #say(link: Link, meeting: Meeting, { ask, again }: { ask: boolean; again: boolean }): void {
    const { replica: { id }, held, proof } = this.#parts;
    const { weFollow: follow, weLead: leads } = meeting;
    link.send({ type: "meet", room: id, follow, leads, ask, again, vector: held(), proof: proof() });
  }

  /** A wish for everything again that came too soon. What the peer has said since counts: its course, and how far its disk is. */
  #onGranted(link: Link, meet: Meet): void {
    const meeting = this.#byLink.get(link);
    if (link.peer === undefined || meeting === undefined) return;
    const vector = new Map(meet.vector);
    raise(vector, meeting.theirs);
    const { theyFollow: follow, theyLead: leads } = meeting;
    this.onMeet(link, link.peer, { ...meet, vector, follow, leads, ask: false });
  }

  /** Now it is known whom the room lets in: whoever said before to be of it, and is not, gets nothing of what comes. */
  #partFromStrangers(): void {
    for (const [link, { proof }] of [...this.#byLink]) {
      if (link.peer === undefined || !this.#parts.replica.admits(link.peer, proof)) this.forget(link);
    }
  }
}
