/** Whether others can reach us: a connected peer is asked to knock at our rendezvous port, and knocks at ours are answered. */

import { dial, DialError, type DialProblem } from "../../client/dial.ts";
import type { Connection } from "../../net/connection.ts";
import type { Endpoint, Tcp } from "../../ports/network.ts";
import type { Clock } from "../../ports/time.ts";
import type { PeerId } from "../../room/id.ts";
import { HANDOFF_PORT_MIN } from "../../wire/handoff.ts";
import type { TryOutcome, WireRecord } from "../../wire/record.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { ConditionWaiters } from "../support/condition_waiters.ts";
import type { LocalNetwork } from "./local_network.ts";
import type { PeerDirectory } from "./peer_directory.ts";

/** A session's peer makes us knock at most once in this time; what it asks before is not answered. */
const ATTEMPT_GAP_MS = 5_000;
/** A knock takes no longer; then nobody has answered. */
const ATTEMPT_MS_MAX = 4_000;
/** For the answer: the knock, and the ways of two records. */
const ANSWER_MS_MAX = 6_000;
/** The latest wall time that a record can hold. */
const WALL_MS_MAX = 2 ** 48 - 1;

/** A session, as far as knocking goes. */
export type ReachabilityConnection = Pick<Connection, "peer" | "remote" | "isOpen" | "send">;

/** What a peer told of its knock. */
export interface ReachabilityAnswer {
  readonly outcome: TryOutcome;
  /** Our beacons reach it. */
  readonly hears: boolean;
  /** How far its clock is before ours, give or take the way of a record. */
  readonly leadMs: number;
}

export interface ReachabilityCheckParts {
  readonly tcp: Tcp;
  readonly clock: Clock;
  readonly waiters: ConditionWaiters;
  /** Ends what is under way when the node stops. */
  readonly signal: AbortSignal;
  readonly network: Pick<LocalNetwork, "discovery">;
  readonly peerDirectory: Pick<PeerDirectory, "profileOf">;
  readonly tasks: BackgroundTasks;
}

/** The knocks of one node, asked for and made. */
export class ReachabilityCheck {
  readonly #parts: ReachabilityCheckParts;
  readonly #triedAtMs = new WeakMap<ReachabilityConnection, number>();
  readonly #askedAtMs = new WeakMap<ReachabilityConnection, number>();
  readonly #answers = new WeakMap<ReachabilityConnection, ReachabilityAnswer>();

  constructor(parts: ReachabilityCheckParts) {
    this.#parts = parts;
  }

  /** Asks the peers of these connections to knock, and waits for what they tell; null for one that tells nothing, as earlier versions do. */
  async ask<L extends ReachabilityConnection>(
    connections: readonly L[],
  ): Promise<ReadonlyMap<L, ReachabilityAnswer | null>> {
    const nowMs = this.#parts.clock.nowMs();
    for (const connection of connections) {
      // Asked anew so soon, the peer would be silent; what it told a moment ago still counts.
      if (nowMs - (this.#askedAtMs.get(connection) ?? -Infinity) <= ATTEMPT_GAP_MS) continue;
      this.#askedAtMs.set(connection, nowMs);
      this.#answers.delete(connection);
      connection.send({ type: "try" });
    }
    await this.#parts.waiters.waitUntil(
      () => connections.every((connection) => this.#answers.has(connection) || !connection.isOpen),
      ANSWER_MS_MAX,
    );
    return new Map(connections.map((connection) => [connection, this.#answers.get(connection) ?? null]));
  }

  /** A peer told what came of its knock. What nobody asked for is passed over. */
  onTried(
    connection: ReachabilityConnection,
    { outcome, hears, wallMs }: Extract<WireRecord, { readonly type: "tried" }>,
  ): void {
    if (!this.#askedAtMs.has(connection)) return;
    this.#answers.set(connection, { outcome, hears, leadMs: wallMs - this.#parts.clock.wallMs() });
    this.#parts.waiters.recheck();
  }

  /** A peer wants to know: we knock where it is, and nowhere else, so that nobody can aim us at others. */
  onTry(connection: ReachabilityConnection): void {
    const { clock, peerDirectory, tasks } = this.#parts;
    const { peer, remote: { address } } = connection;
    const port = peer === undefined ? undefined : peerDirectory.profileOf(peer)?.rendezvousPort;
    const nowMs = clock.nowMs();
    if (peer === undefined || port === undefined || port < HANDOFF_PORT_MIN) return;
    if (nowMs - (this.#triedAtMs.get(connection) ?? -Infinity) < ATTEMPT_GAP_MS) return;
    this.#triedAtMs.set(connection, nowMs);
    tasks.track(this.#attempt({ address, port }, { connection, peer }));
  }

  async #attempt(
    at: Endpoint,
    { connection, peer }: { readonly connection: ReachabilityConnection; readonly peer: PeerId },
  ): Promise<void> {
    const { clock, signal, network } = this.#parts;
    const outcome = await this.#outcomeAt(at);
    if (signal.aborted || !connection.isOpen) return;
    const wallMs = Math.min(Math.max(Math.floor(clock.wallMs()), 0), WALL_MS_MAX);
    const hears = network.discovery.peers.get(peer)?.isHeard === true;
    connection.send({ type: "tried", outcome, hears, wallMs });
  }

  async #outcomeAt(endpoint: Endpoint): Promise<TryOutcome> {
    const { tcp, clock } = this.#parts;
    const late = new AbortController();
    const signal = AbortSignal.any([this.#parts.signal, late.signal]);
    using timer = clock.timer(() => late.abort());
    timer.wakeAt(clock.nowMs() + ATTEMPT_MS_MAX);
    try {
      // Through the whole handoff: a firewall may let the rendezvous port through and none of the fresh ones.
      const { stream } = await dial(endpoint, { tcp, clock, signal });
      stream.close();
      return "reached";
    } catch (error) {
      if (error instanceof DialError) return outcomeOf(error.problem);
      if (signal.aborted) return "silent";
      throw error;
    }
  }
}

function outcomeOf(problem: DialProblem): TryOutcome {
  switch (problem) {
    case "busy":
      return "reached"; // Its door has answered.
    case "refused":
    case "silent":
    case "unreachable":
      return problem;
    default:
      return "failed";
  }
}
