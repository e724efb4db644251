/**
 * Where one room stands with each session: who was told how far we are, who relays to whom, and what waits to be sent.
 * Records about that come in here; what our disk has goes out, to followers that have everything through one stream.
 */

import { DiskError } from "../../errors.ts";
import { Relay } from "../../host/relay.ts";
import type { Connection } from "../../net/connection.ts";
import { LOW_WATER_BYTES } from "../../net/connection_limits.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { Timer } from "../../ports/time.ts";
import type { Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import type { Replica } from "../../room/replica.ts";
import { includesVector, raiseVector, type Vector } from "../../room/version_vector.ts";
import type { WireRecord } from "../../wire/record.ts";
import { type Past, PeerSync } from "../../wire/peer_sync.ts";
import type { JoinProof } from "./join_proof.ts";
import type { LogWriter } from "./log_writer.ts";
import { ResyncLimiter } from "./resync_limiter.ts";
import { ForkProofs } from "./fork_proofs.ts";
import { HistoryPageCache } from "./history_page_cache.ts";

type Meet = Extract<WireRecord, { type: "meet" }>;

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

/**
 * Below this many queued bytes a link gets the next page of the past. What a peer does not read is not prepared for it: a page
 * is in its queue and another in its write, and a thousand peers that never read hold 40 MB.
 */
export const PAST_WATER_BYTES = 16 * 1024;

/** What we ask of a peer, and tell it, in one room. */
export interface RelayCourse {
  /** The peer shall relay the room to us. */
  readonly follow: boolean;
  /** We lead to a host who stands before the peer. */
  readonly leads: boolean;
}

export interface RoomSyncParts {
  readonly me: PeerId;
  readonly ports: Pick<Ports, "crypto" | "chance" | "clock">;
  readonly replica: Replica;
  /** Tells this room's stream from others of this process. */
  readonly streamNumber: number;
  readonly log: LogWriter;
  readonly proof: JoinProof;
  /** A sentence for the user. */
  onTrouble(text: string): void;
  /** The peer has said how far it is, and was let in; nothing was sent yet of what it lacks. */
  onMet(peer: PeerId, vector: Vector): void;
  /** How far each member's disk has that peer's feed. */
  seenOf(peer: PeerId): Vector;
  /** The peer leads to a better host now, or no longer. */
  onLed(): void;
  /** The connection's peer has everything and is served as it comes. */
  onAttached(connection: Connection): void;
}

/** The meetings of one room. */
export class RoomSync {
  readonly #parts: RoomSyncParts;
  readonly #peerSyncs = new Map<Connection, PeerSync>();
  readonly #relay: Relay;
  readonly #resyncLimiter: ResyncLimiter;
  readonly #proofs: ForkProofs;
  readonly #pages: HistoryPageCache;
  readonly #past: Past;
  /** What others wrote and is not passed on yet. */
  #passing: Entry[] = [];
  readonly #passTimer: Timer;
  /** When that is due; nothing waits at Infinity. */
  #passAtMs = Infinity;
  #mayPassAtMs = -Infinity;

  constructor(parts: RoomSyncParts) {
    const { me, ports: { chance, crypto, clock }, replica, streamNumber } = parts;
    this.#parts = parts;
    this.#relay = new Relay(replica.id, { number: streamNumber, chance, crypto });
    this.#proofs = new ForkProofs({ me, replica, relay: this.#relay, peerSyncs: this.#peerSyncs });
    this.#pages = new HistoryPageCache(replica.id);
    this.#past = {
      authors: () => replica.authors(),
      has: (author) => replica.lastNumber(author) > 0,
      get: (author, number) => {
        const entry = replica.get(author, number);
        return entry !== undefined && this.#mayTell(entry) ? entry : undefined;
      },
    };
    this.#passTimer = clock.timer(() => this.#passNow());
    this.#resyncLimiter = new ResyncLimiter(
      clock,
      (connection, meet) => this.#onDeferredMeet(connection, meet),
    );
  }

  /** All of them. */
  get peerSyncs(): ReadonlyMap<Connection, PeerSync> {
    return this.#peerSyncs;
  }

  /** Connections whose peers have all entries, and get new ones as they come. */
  get attached(): ReadonlySet<Connection> {
    return this.#relay.followers;
  }

  /** Says on a connection how far we are, and our course. Saying the same again is harmless. */
  meet(connection: Connection, { follow, leads }: RelayCourse): void {
    const known = this.#peerSyncs.get(connection);
    if (known !== undefined && known.weFollow === follow && known.weLead === leads) return;
    const peerSync = this.#ensurePeerSync(connection);
    peerSync.weFollow = follow;
    peerSync.weLead = leads;
    // "Again" the first time, too: what was sent here before may have been for a keeper of this room that was dropped since.
    this.#sendMeet(connection, peerSync, { ask: true, again: known === undefined });
  }

  /** Asks these peers, or everybody, for all that we lack. */
  askAgain(connections: Iterable<Connection> = this.#peerSyncs.keys()): void {
    for (const connection of connections) {
      const peerSync = this.#peerSyncs.get(connection);
      if (peerSync !== undefined) this.#sendMeet(connection, peerSync, { ask: false, again: true });
    }
  }

  /** Asks everybody how far they are. */
  askWhoHolds(): void {
    for (const [connection, peerSync] of this.#peerSyncs) {
      this.#sendMeet(connection, peerSync, { ask: true, again: false });
    }
  }

  /** Whether our disk has all that the peer on that connection had when it last said how far it is. */
  hasAllOf(connection: Connection): boolean {
    const peerSync = this.#peerSyncs.get(connection);
    return peerSync !== undefined && peerSync.isMet &&
      includesVector(this.#parts.log.held, peerSync.peerVector);
  }

  /** The same; and the peer's disk had all of its own that we have. */
  isEvenWith(connection: Connection): boolean {
    if (connection.peer === undefined || !this.hasAllOf(connection)) return false;
    const ours = this.#parts.log.held.get(connection.peer) ?? 0;
    return (this.#peerSyncs.get(connection)?.peerVector.get(connection.peer) ?? 0) >= ours;
  }

  /** The peer says how far it is. Whoever has no part in the room is told what it would be told of a room that we never heard of. */
  onMeet(connection: Connection, peer: PeerId, record: Meet): void {
    const { replica } = this.#parts;
    // While we join, only whom we asked may tell us of it.
    const isAsked = replica.info === undefined && this.#peerSyncs.get(connection)?.weFollow === true;
    if (!isAsked && !replica.mayRead(peer, record.proof)) {
      return connection.send({ type: "refuse", room: replica.id });
    }
    // Or it would come twice: as what this peer lacks, and in the stream that it is attached to.
    this.#passNow();
    const isFirst = !this.#peerSyncs.has(connection);
    const peerSync = this.#ensurePeerSync(connection);
    peerSync.proof = record.proof;
    const isLeadNew = peerSync.theyLead !== record.leads;
    peerSync.theyLead = record.leads;
    peerSync.onMeet(
      { ...record, again: record.again && this.#resyncLimiter.mayResync(connection, record) },
      this.#past,
      this.#filterNoted(peer),
    );
    if (!peerSync.isAttached) this.#relay.detach(connection);
    if (record.ask) this.#sendMeet(connection, peerSync, { ask: false, again: isFirst });
    this.#parts.onMet(peer, record.vector);
    this.#saySeen(connection, peerSync);
    this.sendPending(connection);
    if (isLeadNew) this.#parts.onLed();
  }

  /** These of others are checked: they go to everybody who lacks them, with all that comes in the same turn, or before the next one. */
  pass(entries: readonly Entry[]): void {
    const nowMs = this.#parts.ports.clock.nowMs();
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
  onHave(peerSync: PeerSync, peer: PeerId, vector: Vector): void {
    peerSync.onHave(vector, this.#filterNoted(peer));
  }

  /** Our disk has these new entries: our own go to everybody who lacks them. */
  onHeld(entries: readonly Entry[]): void {
    const own = entries.filter(({ author }) => author === this.#parts.me);
    if (own.length > 0) this.#publish(own);
  }

  /** An author has signed two branches, one of them with this line. */
  passProof(theirs: Entry): void {
    this.#proofs.pass(theirs);
  }

  /** Sends what waits as far as the connection takes it; a follower that has everything is served by the stream from then on. */
  sendPending(connection: Connection): void {
    const peerSync = this.#peerSyncs.get(connection);
    if (peerSync === undefined) return;
    const { info } = this.#parts.replica;
    this.#sayDue(connection, peerSync);
    while (peerSync.isBusy && connection.isOpen && connection.queuedBytes < PAST_WATER_BYTES) {
      if (!this.#sendPage(connection, peerSync)) return connection.close("failed");
    }
    if (peerSync.isBusy || !connection.isOpen || info === undefined) return;
    this.#proofs.tell(connection, peerSync);
    if (!peerSync.theyFollow || peerSync.isAttached) return;
    peerSync.attach();
    this.#relay.attach(connection);
    this.#parts.onAttached(connection);
  }

  /** Whether our disk still has it: most of what is sent here was said long ago, and is read again. */
  #sendPage(connection: Connection, peerSync: PeerSync): boolean {
    try {
      const page = peerSync.nextPage();
      if (page.length > 0) connection.sendEncoded(this.#pages.encode(page, { isFull: peerSync.isBusy }));
      return true;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#parts.onTrouble(
        `Cannot give others what was said before: ${error.message}. Stop earshot and start it again: then the log is read anew`,
      );
      return false;
    }
  }

  /** The connection is closed, or its peer has no part in this room. */
  forget(connection: Connection): void {
    this.#relay.detach(connection);
    this.#peerSyncs.delete(connection);
    this.#resyncLimiter.forget(connection);
  }

  /** Of what a member says of its disk, all that ours lacks; what ours has only of its own feed and of ours. Of others nothing is understood yet. */
  #filterNoted(peer: PeerId): (author: PeerId, number: number) => boolean {
    const { me, replica, log } = this.#parts;
    const ours = log.held;
    const isKnown = replica.lastNumber(peer) > 0 || replica.isIn(peer);
    return (author, number) =>
      !isKnown || author === me || author === peer || number > (ours.get(author) ?? 0);
  }

  /** Of ours nothing leaves that a crash could still make unsaid: its number would be given again. */
  #mayTell(entry: Entry): boolean {
    return entry.author !== this.#parts.me || this.#parts.log.isHeld(entry);
  }

  #passNow(): void {
    const entries = this.#passing.filter((entry) => entry.author !== this.#parts.me);
    this.#passing = [];
    this.#passAtMs = Infinity;
    if (entries.length === 0) return;
    const eachMs = Math.min(PASS_MS_A_FOLLOWER + PASS_MS_A_LINE * entries.length, PASS_MS_A_FOLLOWER_MAX);
    this.#mayPassAtMs = this.#parts.ports.clock.nowMs() + eachMs * this.#relay.followers.size;
    this.#publish(entries);
  }

  #publish(entries: readonly Entry[]): void {
    if (entries.some(({ kind }) => kind === "room")) this.#forgetUnadmitted();
    this.#relay.publish(entries);
    for (const [connection, peerSync] of this.#peerSyncs) {
      if (peerSync.isAttached) continue;
      peerSync.onNew(entries);
      this.sendPending(connection);
    }
  }

  /** Stops the timer. */
  close(): void {
    this.#resyncLimiter.close();
    this.#passTimer[Symbol.dispose]();
  }

  #ensurePeerSync(connection: Connection): PeerSync {
    const peerSync = this.#peerSyncs.get(connection) ?? new PeerSync();
    this.#peerSyncs.set(connection, peerSync);
    return peerSync;
  }

  #sendMeet(
    connection: Connection,
    peerSync: PeerSync,
    { ask, again }: { ask: boolean; again: boolean },
  ): void {
    // Many rooms, or a peer that asks and asks: vectors of large rooms are long.
    if (connection.queuedBytes >= LOW_WATER_BYTES) {
      peerSync.due = { ask: ask || peerSync.due?.ask === true, again: again || peerSync.due?.again === true };
      return;
    }
    peerSync.due = null;
    const { replica: { id }, log, proof } = this.#parts;
    const { weFollow: follow, weLead: leads } = peerSync;
    connection.send({
      type: "meet",
      room: id,
      follow,
      leads,
      ask,
      again,
      vector: log.held,
      proof: proof.bytes,
    });
  }

  /** How far others hold the peer's feed. */
  #saySeen(connection: Connection, peerSync: PeerSync): void {
    const { replica: { id }, seenOf } = this.#parts;
    if (connection.peer === undefined) return;
    peerSync.isSeenDue = connection.queuedBytes >= LOW_WATER_BYTES;
    if (!peerSync.isSeenDue) connection.send({ type: "seen", room: id, members: seenOf(connection.peer) });
  }

  #sayDue(connection: Connection, peerSync: PeerSync): void {
    const { due } = peerSync;
    if (due !== null) this.#sendMeet(connection, peerSync, due);
    if (peerSync.isSeenDue) this.#saySeen(connection, peerSync);
  }

  /** A wish for everything again that came too soon. What the peer has said since counts: its course, and how far its disk is. */
  #onDeferredMeet(connection: Connection, meet: Meet): void {
    const peerSync = this.#peerSyncs.get(connection);
    if (connection.peer === undefined || peerSync === undefined) return;
    const vector = new Map(meet.vector);
    raiseVector(vector, peerSync.peerVector);
    const { theyFollow: follow, theyLead: leads } = peerSync;
    this.onMeet(connection, connection.peer, { ...meet, vector, follow, leads, ask: false });
  }

  /** Now it is known whom the room lets in: whoever said before to be of it, and is not, gets nothing of what comes. */
  #forgetUnadmitted(): void {
    for (const [connection, { proof }] of [...this.#peerSyncs]) {
      if (connection.peer === undefined || !this.#parts.replica.mayRead(connection.peer, proof)) {
        this.forget(connection);
      }
    }
  }
}
