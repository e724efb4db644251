/** What this node tells of itself: in each session its name, its port and the open rooms that it hosts; in beacons a part of that. */

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

/** Time between two updates to all sessions, so that a room whose members come and go does not cause a storm. */
const TOLD_MS = 100;
/** Additional time for each session: a thousand sessions must not each hear of every join at once. */
const TOLD_MS_A_SESSION = 2;
/**
 * How long a former host still names its room. The next host tells so at once, but not all peers hear it at once; a peer
 * that looks for the room meanwhile still finds it, because any member lets others in. Shorter than the time after which
 * two hosts count as a split brain.
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
  /** The rooms that we host, and for a while those that we hosted. */
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

  /** The profile as of now. */
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

  /** Sends the profile if it changed; changes that follow at once are sent a little later. */
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

  /** Rooms with another host by now are named a while longer. */
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

  /** Beacons carry a part of the profile. Each new one causes a burst, so it is sent only if that part changed. */
  #tellBeacon({ name, rendezvousPort, merit, rooms }: PeerProfile): void {
    const profile = { name, rendezvousPort, merit: merit, rooms };
    const text = JSON.stringify(profile);
    if (text === this.#toldBeacon) return;
    this.#toldBeacon = text;
    this.#parts.network.discovery.announce(profile);
  }
}
