/**
 * The sync of one room with each session: which peers know how far we are, which peer relays to which, and what waits to be
 * sent. Entries on our disk go out; followers that have all of them are served through one shared stream.
 */

import { type Message, message } from "../../messages/message.ts";
import { describeDiskReason, DiskError } from "../../errors.ts";
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
 * Time between two relays of entries, per follower: about the cost of one write, so 1 ms in a room of fifty.
 */
const PASS_MS_A_FOLLOWER = 0.02;
/** Extra time per line relayed at once: when many lines come, more of them share a write. */
const PASS_MS_A_LINE = 0.001;
/** The maximum of both per follower: writes are large by then, and a line to a thousand followers is 0.1 s late. */
const PASS_MS_A_FOLLOWER_MAX = 0.1;

/** Joins and leaves are relayed with the next message, or after this time per follower: many members join a large room at once. */
const PASS_COMING_MS_A_FOLLOWER = 0.5;
const COMING_KINDS: ReadonlySet<string> = new Set(["join", "leave", "name"]);

/**
 * Below this many queued bytes a connection gets the next page of the past. Nothing is prepared for a peer that does not read: one
 * page is in its queue and one in its write, so a thousand peers that never read hold 40 MB.
 */
export const PAST_WATER_BYTES = 16 * 1024;

/** What we ask of a peer in one room, and what we tell it. */
export interface RelayCourse {
  /** We ask the peer to relay the room to us. */
  readonly follow: boolean;
  /** We know a host that ranks before the peer. */
  readonly leads: boolean;
}

export interface RoomSyncParts {
  readonly me: PeerId;
  readonly ports: Pick<Ports, "crypto" | "chance" | "clock">;
  readonly replica: Replica;
  /** Tells this room's stream from the others of this process. */
  readonly streamNumber: number;
  readonly log: LogWriter;
  readonly proof: JoinProof;
  /** A sentence for the user. */
  onTrouble(notice: Message): void;
  /** The peer told how far it is, and was let in; entries that it lacks are not sent yet. */
  onMet(peer: PeerId, vector: Vector): void;
  /** How far each member's disk has that peer's feed. */
  seenOf(peer: PeerId): Vector;
  /** The peer leads to a better host now, or no longer. */
  onLed(): void;
  /** The connection's peer has all entries, and gets new ones as they come. */
  onAttached(connection: Connection): void;
}

/** The sync of one room. */
export class RoomSync {
  readonly #parts: RoomSyncParts;
  readonly #peerSyncs = new Map<Connection, PeerSync>();
  readonly #relay: Relay;
  readonly #resyncLimiter: ResyncLimiter;
  readonly #proofs: ForkProofs;
  readonly #pages: HistoryPageCache;
  readonly #past: Past;
  /** Entries of others that are not relayed yet. */
  #passing: Entry[] = [];
  readonly #passTimer: Timer;
  /** When they are due; Infinity when there are none. */
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

  /** The state of sync with each connection. */
  get peerSyncs(): ReadonlyMap<Connection, PeerSync> {
    return this.#peerSyncs;
  }

  /** Connections whose peers have all entries, and get new ones as they come. */
  get attached(): ReadonlySet<Connection> {
    return this.#relay.followers;
  }

  /** Tells the peer how far we are and what we ask of it. Repeating it is harmless. */
  meet(connection: Connection, { follow, leads }: RelayCourse): void {
    const known = this.#peerSyncs.get(connection);
    if (known !== undefined && known.weFollow === follow && known.weLead === leads) return;
    const peerSync = this.#ensurePeerSync(connection);
    peerSync.weFollow = follow;
    peerSync.weLead = leads;
    // "Again" the first time, too: earlier entries may have gone to a LocalRoom that was dropped since.
    this.#sendMeet(connection, peerSync, { ask: true, again: known === undefined });
  }

  /** Asks these peers, or all, for the entries that we lack. */
  askAgain(connections: Iterable<Connection> = this.#peerSyncs.keys()): void {
    for (const connection of connections) {
      const peerSync = this.#peerSyncs.get(connection);
      if (peerSync !== undefined) this.#sendMeet(connection, peerSync, { ask: false, again: true });
    }
  }

  /** Asks all peers how far they are. */
  askWhoHolds(): void {
    for (const [connection, peerSync] of this.#peerSyncs) {
      this.#sendMeet(connection, peerSync, { ask: true, again: false });
    }
  }

  /** Whether our disk has all entries that the connection's peer had when it last told its vector. */
  hasAllOf(connection: Connection): boolean {
    const peerSync = this.#peerSyncs.get(connection);
    return peerSync !== undefined && peerSync.isMet &&
      includesVector(this.#parts.log.held, peerSync.peerVector);
  }

  /** The same, and the peer's disk had all of its own entries that we have. */
  isEvenWith(connection: Connection): boolean {
    if (connection.peer === undefined || !this.hasAllOf(connection)) return false;
    const ours = this.#parts.log.held.get(connection.peer) ?? 0;
    return (this.#peerSyncs.get(connection)?.peerVector.get(connection.peer) ?? 0) >= ours;
  }

  /** The peer tells how far it is. A peer without a part in the room gets the same answer as for a room that we do not have. */
  onMeet(connection: Connection, peer: PeerId, record: Meet): void {
    const { replica } = this.#parts;
    // While we join, only the peer that we asked may tell us of the room.
    const isAsked = replica.info === undefined && this.#peerSyncs.get(connection)?.weFollow === true;
    if (!isAsked && !replica.mayRead(peer, record.proof)) {
      return connection.send({ type: "refuse", room: replica.id });
    }
    // Otherwise the peer would get these entries twice: as entries that it lacks, and in the stream.
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
    this.#sendSeen(connection, peerSync);
    this.sendPending(connection);
    if (isLeadNew) this.#parts.onLed();
  }

  /** Relays checked entries of others to the peers that lack them, together with those that come in the same turn. */
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

  /** The peer's disk has more entries. */
  onHave(peerSync: PeerSync, peer: PeerId, vector: Vector): void {
    peerSync.onHave(vector, this.#filterNoted(peer));
  }

  /** Our disk has these new entries: our own are sent to the peers that lack them. */
  onHeld(entries: readonly Entry[]): void {
    const own = entries.filter(({ author }) => author === this.#parts.me);
    if (own.length > 0) this.#publish(own);
  }

  /** An author signed two branches, one of them with this line. */
  passProof(theirs: Entry): void {
    this.#proofs.pass(theirs);
  }

  /** Sends waiting entries as far as the connection takes them. A follower that has all of them is served by the stream from then on. */
  sendPending(connection: Connection): void {
    const peerSync = this.#peerSyncs.get(connection);
    if (peerSync === undefined) return;
    const { info } = this.#parts.replica;
    this.#sendDue(connection, peerSync);
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

  /** Sends one page; false if the disk cannot give it back, because most entries of a page are read again. */
  #sendPage(connection: Connection, peerSync: PeerSync): boolean {
    try {
      const page = peerSync.nextPage();
      if (page.length > 0) connection.sendEncoded(this.#pages.encode(page, { isFull: peerSync.isBusy }));
      return true;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#parts.onTrouble(message("log.cannot-serve", { reason: describeDiskReason(error) }));
      return false;
    }
  }

  /** The connection is closed, or its peer has no part in this room. */
  forget(connection: Connection): void {
    this.#relay.detach(connection);
    this.#peerSyncs.delete(connection);
    this.#resyncLimiter.forget(connection);
  }

  /** What to note of a member's vector: numbers beyond our own disk, and all of its own feed and ours. Vectors of others are noted in full until they join. */
  #filterNoted(peer: PeerId): (author: PeerId, number: number) => boolean {
    const { me, replica, log } = this.#parts;
    const ours = log.held;
    const isKnown = replica.lastNumber(peer) > 0 || replica.isIn(peer);
    return (author, number) =>
      !isKnown || author === me || author === peer || number > (ours.get(author) ?? 0);
  }

  /** An entry of ours is sent only when our disk has it: after a crash its number would be used again. */
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
    // Vectors of large rooms are long, and a peer may share many rooms or ask again and again.
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

  /** Tells how far others hold the peer's feed. */
  #sendSeen(connection: Connection, peerSync: PeerSync): void {
    const { replica: { id }, seenOf } = this.#parts;
    if (connection.peer === undefined) return;
    peerSync.isSeenDue = connection.queuedBytes >= LOW_WATER_BYTES;
    if (!peerSync.isSeenDue) connection.send({ type: "seen", room: id, members: seenOf(connection.peer) });
  }

  #sendDue(connection: Connection, peerSync: PeerSync): void {
    const { due } = peerSync;
    if (due !== null) this.#sendMeet(connection, peerSync, due);
    if (peerSync.isSeenDue) this.#sendSeen(connection, peerSync);
  }

  /** A request for a resync that came too soon. Newer facts count: what the peer asked since, and how far its disk is. */
  #onDeferredMeet(connection: Connection, meet: Meet): void {
    const peerSync = this.#peerSyncs.get(connection);
    if (connection.peer === undefined || peerSync === undefined) return;
    const vector = new Map(meet.vector);
    raiseVector(vector, peerSync.peerVector);
    const { theyFollow: follow, theyLead: leads } = peerSync;
    this.onMeet(connection, connection.peer, { ...meet, vector, follow, leads, ask: false });
  }

  /** Now the room's members are known: peers that are not admitted get no further entries. */
  #forgetUnadmitted(): void {
    for (const [connection, { proof }] of [...this.#peerSyncs]) {
      if (connection.peer === undefined || !this.#parts.replica.mayRead(connection.peer, proof)) {
        this.forget(connection);
      }
    }
  }
}
