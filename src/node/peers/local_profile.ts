/** What this node says of itself: to each session its name, its port and the open rooms that it relays; to beacons a part of it. */

import { SPLIT_BRAIN_MS_MIN } from "../../client/split_brain.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import { LIST_MAX } from "../../wire/record.ts";
import type { PeerProfile } from "./peer_directory.ts";
import type { LocalName } from "../rooms/local_name.ts";
import type { HostScore } from "./host_score.ts";
import type { LocalNetwork } from "./local_network.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Sessions } from "./sessions.ts";
import type { ConnectionManager } from "./connection_manager.ts";

/** Between two times that everybody is told: a room whose members come and go must not become a storm … */
const TOLD_MS = 100;
/** … nor to tell a thousand of each that comes: for each session so much longer. */
const TOLD_MS_A_SESSION = 2;
/**
 * How long a room is named by who relayed it until now: the next host says so at once, but not everybody hears that at
 * once, and whoever looks for the room meanwhile shall find it; any member lets others in. Below the time after which two
 * hosts are taken for rivals.
 */
const HANDOVER_MS = SPLIT_BRAIN_MS_MIN - 500;
/** A beacon has 16 bits for the number of members. */
const MEMBERS_TOLD_MAX = 0xffff;

export interface LocalProfileParts {
  readonly me: PeerId;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly connectionManager: ConnectionManager;
  readonly sessions: Sessions;
  readonly hostScore: HostScore;
  readonly network: LocalNetwork;
  readonly name: LocalName;
}

/** The profile of one node. */
export class LocalProfile {
  readonly #parts: LocalProfileParts;
  readonly #timer: Timer;
  readonly #handoverTimer: Timer;
  #away: string | null = null;
  #toldAtMs = -Infinity;
  #told = "";
  #toldBeacon = "";
  /** The rooms that we relay, and for a moment those that we relayed. */
  readonly #namedUntilMs = new Map<RoomId, number>();

  constructor(parts: LocalProfileParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.#tellNow());
    this.#handoverTimer = parts.clock.timer(() => this.tell());
  }

  /** Why the user is away; null while the user is here. */
  get away(): string | null {
    return this.#away;
  }

  /** The user goes away, or comes back with null. */
  setAway(text: string | null): void {
    this.#away = text;
    this.tell();
  }

  /** What there is to say now. */
  current(): PeerProfile {
    const { me, rooms, connectionManager, name, network, hostScore } = this.#parts;
    const open = rooms.list().filter(({ isIn, replica: { info } }) => isIn && info?.access === "open");
    this.#noteHosted(
      open.map(({ replica: { id } }) => id).filter((id) => connectionManager.hostOf(id) === me),
    );
    const named = open.filter(({ replica: { id } }) => this.#namedUntilMs.has(id));
    const rows = named.slice(0, LIST_MAX).map(({ replica }) => ({
      id: replica.id,
      title: replica.info?.title ?? "",
      memberCount: Math.min(MEMBERS_TOLD_MAX, replica.activeMembers().length),
    }));
    return {
      type: "profile",
      name: name.current,
      away: this.#away ?? "",
      rendezvousPort: network.port ?? 0,
      merit: hostScore.current,
      rooms: rows,
    };
  }

  /** It may be another than before: tells everybody if it is, and what comes right behind it a little later. */
  tell(): void {
    const nowMs = this.#parts.clock.nowMs();
    const dueAtMs = this.#toldAtMs +
      Math.max(TOLD_MS, TOLD_MS_A_SESSION * this.#parts.sessions.connections.size);
    if (nowMs >= dueAtMs) this.#tellNow();
    else this.#timer.wakeAt(dueAtMs);
  }

  /** Stops the timer. */
  close(): void {
    this.#timer[Symbol.dispose]();
    this.#handoverTimer[Symbol.dispose]();
  }

  /** Rooms that are relayed by somebody else now are named a moment longer. */
  #noteHosted(hosted: readonly RoomId[]): void {
    const nowMs = this.#parts.clock.nowMs();
    for (const [id, untilMs] of this.#namedUntilMs) {
      if (untilMs === Infinity) this.#namedUntilMs.set(id, nowMs + HANDOVER_MS);
      else if (untilMs <= nowMs) this.#namedUntilMs.delete(id);
    }
    for (const id of hosted) this.#namedUntilMs.set(id, Infinity);
    const nextMs = Math.min(...this.#namedUntilMs.values());
    this.#handoverTimer.wakeAt(Number.isFinite(nextMs) ? nextMs : null);
  }

  #tellNow(): void {
    const { clock, sessions } = this.#parts;
    this.#toldAtMs = clock.nowMs();
    const profile = this.current();
    const text = JSON.stringify(profile);
    if (text === this.#told) return;
    this.#told = text;
    this.#tellBeacon(profile);
    for (const connection of sessions.connections.values()) connection.send(profile);
  }

  /** Beacons tell less, and a new one makes a burst. */
  #tellBeacon({ name, rendezvousPort, merit, rooms }: PeerProfile): void {
    const profile = { name, rendezvousPort, merit: merit, rooms };
    const text = JSON.stringify(profile);
    if (text === this.#toldBeacon) return;
    this.#toldBeacon = text;
    this.#parts.network.discovery.announce(profile);
  }
}
