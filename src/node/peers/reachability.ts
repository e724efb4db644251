/** Checks whether others can reach us: asks connected peers to dial our rendezvous port, and dials theirs when they ask. */

import { SESSION_PORT_MIN } from "../../encoding/network_address.ts";
import { dial, DialError, type DialProblem } from "../../client/dial.ts";
import type { Connection } from "../../net/connection.ts";
import type { Endpoint, Tcp } from "../../ports/network.ts";
import type { Clock } from "../../ports/time.ts";
import type { PeerId } from "../../room/id.ts";
import type { TryOutcome, WireRecord } from "../../wire/record.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { ConditionWaiters } from "../support/condition_waiters.ts";
import type { LocalNetwork } from "./local_network.ts";
import type { PeerDirectory } from "./peer_directory.ts";

/** One peer makes us dial at most once in this time. Requests before that get no answer. */
const ATTEMPT_GAP_MS = 5_000;
/** The time of one attempt; after it the result is "silent". */
const ATTEMPT_MS_MAX = 4_000;
/** Time for an answer: the attempt, and the travel of two records. */
const ANSWER_MS_MAX = 6_000;
/** The latest wall time that a record can hold. */
const WALL_MS_MAX = 2 ** 48 - 1;

/** The part of a connection that the check needs. */
export type ReachabilityConnection = Pick<Connection, "peer" | "remote" | "isOpen" | "send">;

/** What a peer told of its attempt. */
export interface ReachabilityAnswer {
  readonly outcome: TryOutcome;
  /** Whether our beacons reach the peer. */
  readonly hears: boolean;
  /** How far the peer's clock is ahead of ours, up to the travel time of a record. */
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

/** The checks of one node, requested and made. */
export class ReachabilityCheck {
  readonly #parts: ReachabilityCheckParts;
  readonly #triedAtMs = new WeakMap<ReachabilityConnection, number>();
  readonly #askedAtMs = new WeakMap<ReachabilityConnection, number>();
  readonly #answers = new WeakMap<ReachabilityConnection, ReachabilityAnswer>();

  constructor(parts: ReachabilityCheckParts) {
    this.#parts = parts;
  }

  /** Asks the peers of these connections for an attempt, and waits for the results. Null for a peer that does not answer, as earlier versions. */
  async ask<L extends ReachabilityConnection>(
    connections: readonly L[],
  ): Promise<ReadonlyMap<L, ReachabilityAnswer | null>> {
    const nowMs = this.#parts.clock.nowMs();
    for (const connection of connections) {
      // Asked again this soon, the peer would not answer; its latest answer still counts.
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

  /** A peer told the result of its attempt. A result that we did not request is ignored. */
  onTried(
    connection: ReachabilityConnection,
    { outcome, hears, wallMs }: Extract<WireRecord, { readonly type: "tried" }>,
  ): void {
    if (!this.#askedAtMs.has(connection)) return;
    this.#answers.set(connection, { outcome, hears, leadMs: wallMs - this.#parts.clock.wallMs() });
    this.#parts.waiters.recheck();
  }

  /** A peer asks for an attempt. We dial only its own address, so that no peer can aim us at others. */
  onTry(connection: ReachabilityConnection): void {
    const { clock, peerDirectory, tasks } = this.#parts;
    const { peer, remote: { address } } = connection;
    const port = peer === undefined ? undefined : peerDirectory.profileOf(peer)?.rendezvousPort;
    const nowMs = clock.nowMs();
    if (peer === undefined || port === undefined || port < SESSION_PORT_MIN) return;
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
      // The whole handoff: a firewall may pass the rendezvous port and block the handed-off ports.
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
      return "reached"; // Its rendezvous server has answered.
    case "refused":
    case "silent":
    case "unreachable":
      return problem;
    default:
      return "failed";
  }
}
