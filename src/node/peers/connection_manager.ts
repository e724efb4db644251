/** Carries out what `selectHosts` decides: dials peers, follows hosts, and syncs each room with the connected members. */

import { type Message, message } from "../../messages/message.ts";
import type { PeerRow } from "../../api/commands.ts";
import { type AddressBook, isSameEndpoint } from "../../client/address_book.ts";
import { Backoff, BACKOFF_MS_MAX } from "../../client/backoff.ts";
import { ConnectLimiter } from "../../client/connect_limiter.ts";
import { DialError } from "../../client/dial.ts";
import { type Reachability, type RoomNeed, selectHosts } from "../../client/host_selection.ts";
import { type HostClaim, SplitBrainDetector } from "../../client/split_brain.ts";
import type { PeerView } from "../../discovery/peer_table.ts";
import { ProtocolError } from "../../errors.ts";
import type { Connection } from "../../net/connection.ts";
import type { Chance } from "../../ports/crypto.ts";
import type { Endpoint } from "../../ports/network.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import { HOST_SCORE_UNKNOWN, rankHosts } from "../../room/host_rank.ts";
import type { Replica } from "../../room/replica.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { Notices } from "../support/notices.ts";
import type { HostScore } from "./host_score.ts";
import type { LocalNetwork } from "./local_network.ts";
import type { PeerDirectory } from "./peer_directory.ts";
import type { PeerPolicy } from "./peer_policy.ts";
import { isFinal, type Sessions } from "./sessions.ts";

/** Addresses of one peer that one dial tries, the best first. */
const ENDPOINTS_TRIED_MAX = 3;
/** Dials at a time; the rest waits. A node with a thousand contacts must not look like a port scan. */
const DIALS_MAX = 16;
/** The longest pause before a heard peer is dialled again: it was there a moment ago. */
const HEARD_PAUSE_MS_MAX = 10_000;
/** After a session of at least this time, earlier failures no longer count. */
const LASTING_MS = 10_000;

export interface ConnectionManagerParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly sessions: Sessions;
  readonly book: AddressBook;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly network: LocalNetwork;
  readonly policy: PeerPolicy;
  readonly peerDirectory: PeerDirectory;
  readonly hostScore: HostScore;
  readonly notices: Notices;
  readonly tasks: BackgroundTasks;
}

/** Decides again after each change: call `schedule`. */
export class ConnectionManager {
  readonly #parts: ConnectionManagerParts;
  readonly #timer: Timer;
  readonly #backoff = new Backoff();
  readonly #splitBrain: SplitBrainDetector;
  readonly #connectLimiter = new ConnectLimiter();
  readonly #dials = new Map<PeerId, Promise<void>>();
  readonly #refused = new Map<PeerId, Set<RoomId>>();
  readonly #joining = new Map<RoomId, PeerId>();
  /** The instance of each direct peer when both sides last had all entries of the direct conversation. */
  readonly #evenInstances = new Map<PeerId, number>();
  readonly #abort = new AbortController();
  /** Peers that other parts want sessions with. */
  readonly #demands: (() => readonly PeerId[])[] = [];
  #hosts: ReadonlyMap<RoomId, PeerId | null> = new Map();
  #isScheduled = false;

  constructor(parts: ConnectionManagerParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.decide());
    this.#splitBrain = new SplitBrainDetector(() => parts.chance.fraction());
  }

  /** The host of the room: a peer, ourselves, or null. */
  hostOf(room: RoomId): PeerId | null {
    return this.#hosts.get(room) ?? null;
  }

  /** From now on also dials the peers that the function returns; it is called at each decision. */
  addDemand(listWanted: () => readonly PeerId[]): void {
    this.#demands.push(listWanted);
  }

  /** The user asks for that peer: ends a pause. */
  resume(peer: PeerId): void {
    if (this.#parts.policy.resume(peer)) this.schedule();
  }

  /** Something changed: decides at the end of this turn, once for all its changes. */
  schedule(): void {
    if (this.#isScheduled || this.#abort.signal.aborted) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.decide());
  }

  /** A peer was heard again: after a failed dial it may be dialled at once, because the network may work again. */
  noteHeardAgain(peer: PeerId): void {
    if (this.#backoff.failedAtMs(peer) !== null) this.schedule();
  }

  /** Decides now. */
  decide(): void {
    this.#isScheduled = false;
    if (this.#abort.signal.aborted) return;
    const { me, rooms, clock, policy } = this.#parts;
    const localRooms = rooms.list().filter(isActive);
    const { hosts, dial } = selectHosts(
      me,
      localRooms.map((localRoom) => this.#needOf(localRoom)),
      this.#reach(),
    );
    const changed = [...hosts.keys()].filter((room) => hosts.get(room) !== this.#hosts.get(room));
    this.#hosts = hosts;
    for (const localRoom of rooms.list()) {
      if (!this.#joining.has(localRoom.replica.id)) this.#meetAll(localRoom);
    }
    for (const [room, host] of this.#joining) this.#meetHost(room, host);
    const nowMs = clock.nowMs();
    this.#splitBrain.updateClaims(this.#findHostClaims(), nowMs);
    const wanted = [
      ...this.#joining.values(),
      ...this.#splitBrain.listDue(nowMs),
      ...this.#demands.flatMap((listWanted) => listWanted()),
    ];
    for (const peer of dial) this.#dial(peer);
    for (const peer of wanted) if (!policy.isAvoided(peer)) this.#dial(peer);
    this.#timer.wakeAt(findEarliest(this.#backoff.wakeAtMs(nowMs), this.#splitBrain.wakeAtMs(nowMs)));
    if (changed.length > 0) rooms.listener.onHosts(changed);
  }

  /** We join a room that this peer hosts, and need its entries first. */
  joinAt(room: RoomId, host: PeerId): void {
    const { rooms, sessions } = this.#parts;
    const connection = sessions.connections.get(host);
    // If we were in the room before, what the host told and refused then is out of date.
    if (connection !== undefined) rooms.get(room)?.sync.forget(connection);
    this.#refused.get(host)?.delete(room);
    this.#joining.set(room, host);
    this.schedule();
  }

  /** The join succeeded or failed. */
  endJoin(room: RoomId): void {
    this.#joining.delete(room);
    this.schedule();
  }

  /** Whether the peer refused the room in this session: it does not take part, or does not let us in. */
  hasRefused(peer: PeerId, room: RoomId): boolean {
    return this.#refused.get(peer)?.has(room) === true;
  }

  /** The peer refuses the room. */
  noteRefused(peer: PeerId, room: RoomId): void {
    const rooms = this.#refused.get(peer) ?? new Set();
    this.#refused.set(peer, rooms.add(room));
    this.schedule();
  }

  /** The peer takes part in the room: if it refused before, it has joined since. */
  noteMet(peer: PeerId, room: RoomId): void {
    if (this.#refused.get(peer)?.delete(room)) this.schedule();
  }

  /**
   * A session is over. The peer's refusals end with it. The end counts as a failed dial, so that no room waits for a host
   * that left. Short sessions count as failures in a row, or a peer that rejects us would be dialled without a pause.
   */
  noteClosed(peer: PeerId, openedAtMs: number): void {
    this.#refused.delete(peer);
    if (this.#parts.clock.nowMs() - openedAtMs >= LASTING_MS) this.#backoff.clear(peer);
    // Only peers that we would dial: otherwise every stranger that ever came would stay in the list.
    const isWanted = this.#parts.rooms.list().some(({ replica }) => replica.isIn(peer));
    if (isWanted && !this.#parts.sessions.connections.has(peer)) this.#noteFailure(peer);
    this.schedule();
  }

  /** Ends all dials. */
  async close(): Promise<void> {
    this.#timer[Symbol.dispose]();
    this.#abort.abort(new DOMException("The node stops", "AbortError"));
    await Promise.all(this.#dials.values());
  }

  #needOf(localRoom: LocalRoom): RoomNeed {
    const { replica } = localRoom;
    const isDirect = replica.info?.access === "direct";
    const waiting = isDirect
      ? localRoom.otherMembers.filter((peer) =>
        localRoom.receipts.lacks(peer) || this.#isRestarted(localRoom, peer)
      )
      : [];
    return { room: replica.id, isDirect, ranks: rankHosts(replica, this.#hostScoreOf), waiting };
  }

  /** Whether one of the two has restarted since both had all entries: a restored home may be older than the other knows. */
  #isRestarted(localRoom: LocalRoom, peer: PeerId): boolean {
    const connection = this.#parts.sessions.connections.get(peer);
    if (connection !== undefined && localRoom.sync.isEvenWith(connection)) {
      this.#evenInstances.set(peer, connection.instance);
    }
    const heard = this.#heard.get(peer);
    return heard?.isHeard === true && heard.instance !== this.#evenInstances.get(peer);
  }

  /**
   * Peers without a session that claim to host a room which has another host for us. Also peers that host a room of ours
   * without being a member we know: they joined at a member that left before we could hear of it.
   */
  #findHostClaims(): readonly HostClaim[] {
    const { me, rooms, sessions } = this.#parts;
    return this.#heard.list().filter(({ id, isHeard }) => isHeard && !sessions.connections.has(id)).flatMap((
      peer,
    ) =>
      peer.rooms.flatMap(({ id: room, memberCount }) => {
        const [host, localRoom] = [this.hostOf(room), rooms.get(room)];
        const isRival = host !== null && localRoom?.isIn === true &&
          (host !== me || !localRoom.replica.isIn(peer.id));
        return isRival ? [{ peer: peer.id, room, memberCount }] : [];
      })
    );
  }

  #reach(): Reachability {
    const { sessions, rooms, book, policy } = this.#parts;
    const heard = this.#heard;
    const isHeard = (peer: PeerId) => heard.get(peer)?.isHeard === true;
    return {
      isOpen: (peer) => sessions.connections.has(peer),
      // Wait only for the first dial: a failed peer is tried again on the side, or the room would have no host meanwhile.
      isHeard: (peer) => !policy.isAvoided(peer) && isHeard(peer) && this.#backoff.failedAtMs(peer) === null,
      isUnresponsive: (peer) => isHeard(peer) && this.#backoff.failedAtMs(peer) !== null,
      hasAddress: (peer) =>
        !policy.isAvoided(peer) && this.#mayDial(peer) && (isHeard(peer) || book.get(peer).length > 0),
      followsBetterHost: (peer, room) => {
        const connection = sessions.connections.get(peer);
        return connection !== undefined && rooms.get(room)?.sync.peerSyncs.get(connection)?.theyLead === true;
      },
      hasRefused: (peer, room) => this.hasRefused(peer, room),
    };
  }

  /** Whether the pause after a failure is over, or a beacon came since: the network may work again. */
  #mayDial(peer: PeerId): boolean {
    const failedAtMs = this.#backoff.failedAtMs(peer);
    const heardAtMs = this.#heard.get(peer)?.heardAtMs;
    const isNews = failedAtMs !== null && heardAtMs !== undefined && heardAtMs > failedAtMs;
    return isNews || this.#backoff.isReady(peer, this.#parts.clock.nowMs());
  }

  /** Compares vectors with every connected member, and asks the host alone to relay. After we left, no peer is asked. */
  #meetAll(localRoom: LocalRoom): void {
    const { replica } = localRoom;
    const { me } = this.#parts;
    const host = this.hostOf(replica.id);
    // Computed once, because it sorts the members.
    const isKept = isActive(localRoom);
    const before = host === null || host === me ? [] : rankHosts(replica, this.#hostScoreOf);
    const place = host === null ? -1 : before.indexOf(host);
    for (const [peer, connection] of this.#parts.sessions.connections) {
      if (this.#refused.get(peer)?.has(replica.id)) continue;
      const isShared = isKept && (replica.isIn(peer) || this.#claimsToHost(peer, replica));
      if (!isShared && !localRoom.sync.peerSyncs.has(connection)) continue;
      const leads = place !== -1 && before.indexOf(peer) > place;
      localRoom.sync.meet(connection, { follow: host === peer && localRoom.isIn, leads });
    }
  }

  #claimsToHost(peer: PeerId, { id, info }: Replica): boolean {
    return info?.access === "open" && this.#parts.peerDirectory.hostedBy(peer).some((room) => room.id === id);
  }

  #meetHost(room: RoomId, host: PeerId): void {
    const connection = this.#parts.sessions.connections.get(host);
    if (connection !== undefined) {
      this.#parts.rooms.get(room)?.sync.meet(connection, { follow: true, leads: false });
    }
  }

  #dial(peer: PeerId): void {
    const { sessions, tasks } = this.#parts;
    // Without the pause, a dial that fails at once (no network) would be repeated at once, without end.
    if (!this.#mayDial(peer)) return;
    if (sessions.connections.has(peer) || this.#dials.has(peer) || this.#dials.size >= DIALS_MAX) return;
    const run = this.#tryAll(peer).catch(tasks.report).finally(() => {
      this.#dials.delete(peer);
      this.schedule();
    });
    this.#dials.set(peer, run);
  }

  async #tryAll(peer: PeerId): Promise<void> {
    for (const endpoint of this.endpointsOf(peer)) {
      const { book, clock } = this.#parts;
      if (!book.isMet(endpoint) && !this.#connectLimiter.take(endpoint, clock.nowMs())) continue;
      if (await this.#try(peer, endpoint) !== null) return this.#connectLimiter.noteProven(endpoint);
      if (this.#abort.signal.aborted) return;
    }
    this.#noteFailure(peer);
  }

  #noteFailure(peer: PeerId): void {
    const { clock, chance } = this.#parts;
    const maxMs = this.#heard.get(peer)?.isHeard === true ? HEARD_PAUSE_MS_MAX : BACKOFF_MS_MAX;
    this.#backoff.noteFailure(peer, { nowMs: clock.nowMs(), fraction: chance.fraction(), maxMs });
  }

  /** Null if the peer is not there. */
  async #try(peer: PeerId, endpoint: Endpoint): Promise<Connection | null> {
    const { sessions, peerDirectory, notices } = this.#parts;
    try {
      return await sessions.dial(endpoint, { expected: peer, signal: this.#abort.signal });
    } catch (error) {
      if (error instanceof ProtocolError && isFinal(error)) {
        notices.add(describeRefusal(peerDirectory.toRow(peer), error));
      }
      if (error instanceof DialError && error.problem === "refused") sessions.listener.onAbsent(peer);
      if (error instanceof ProtocolError || error instanceof DialError || this.#abort.signal.aborted) {
        return null;
      }
      throw error;
    }
  }

  get #heard(): PeerView {
    return this.#parts.network.discovery.peers;
  }

  readonly #hostScoreOf = (peer: PeerId): number => {
    const { me, hostScore, peerDirectory } = this.#parts;
    return peer === me ? hostScore.current : peerDirectory.hostScoreOf(peer) ?? HOST_SCORE_UNKNOWN;
  };

  /** Where the peer may be, the most likely first: where it is heard, then where it was. */
  endpointsOf(peer: PeerId): readonly Endpoint[] {
    const heard = this.#heard.get(peer)?.endpoints ?? [];
    const hinted = this.#parts.book.get(peer).filter((hint) =>
      !heard.some((known) => isSameEndpoint(hint, known))
    );
    return [...heard, ...hinted].slice(0, ENDPOINTS_TRIED_MAX);
  }
}

function findEarliest(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.min(left, right);
}

/** Whether the room is still synced: we take part, a damaged log has lost our join, or our leave has not reached any member yet. */
export function isActive(localRoom: LocalRoom): boolean {
  return localRoom.replica.info !== undefined &&
    (localRoom.isIn || localRoom.receipts.isBehindItself || isLeavingUnsent(localRoom));
}

/** Whether each other member lacks some of our feed: then none of them has our last entry, the leave. */
function isLeavingUnsent({ otherMembers, receipts }: LocalRoom): boolean {
  return otherMembers.length > 0 && otherMembers.every((member) => receipts.lacks(member));
}

/** A dial that ended for good. The key of somebody else means that an address has a new user. */
function describeRefusal({ name, address }: PeerRow, { code }: ProtocolError): Message {
  return code === "wrong-key"
    ? message("notice.address-reused", { name, address: address ?? "" })
    : message("notice.unreached", { name, reason: message(`protocol.${code}`) });
}
