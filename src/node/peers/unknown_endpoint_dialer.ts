/** Dials endpoints where a probe found a listener but no beacon was heard: perhaps a node whose datagrams do not get through. */

import { Backoff } from "../../client/backoff.ts";
import { DialError } from "../../client/dial.ts";
import { ProtocolError } from "../../errors.ts";
import type { Chance } from "../../ports/crypto.ts";
import type { Endpoint } from "../../ports/network.ts";
import type { Clock } from "../../ports/time.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { Sessions } from "./sessions.ts";

/** Dials at a time. Further endpoints wait for the next probe. */
const DIALS_AT_ONCE_MAX = 8;

export interface UnknownEndpointDialerParts {
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly signal: AbortSignal;
  readonly tasks: BackgroundTasks;
}

/** The dialer of one node. */
export class UnknownEndpointDialer {
  readonly #parts: UnknownEndpointDialerParts;
  readonly #backoff = new Backoff();
  #dialCount = 0;

  constructor(parts: UnknownEndpointDialerParts) {
    this.#parts = parts;
  }

  /** Dials the endpoint, unless that failed a moment ago or its address has a session already. */
  dial(endpoint: Endpoint): void {
    const { sessions, clock, tasks } = this.#parts;
    const key = `${endpoint.address} ${endpoint.port}`;
    const isConnected = [...sessions.connections.values()].some((connection) =>
      connection.remote.address === endpoint.address
    );
    if (
      isConnected || this.#dialCount >= DIALS_AT_ONCE_MAX || !this.#backoff.isReady(key, clock.nowMs())
    ) {
      return;
    }
    this.#dialCount++;
    tasks.track(this.#tryDial(endpoint, key).finally(() => this.#dialCount--));
  }

  async #tryDial(endpoint: Endpoint, key: string): Promise<void> {
    const { sessions, clock, chance, signal } = this.#parts;
    try {
      await sessions.dial(endpoint, { signal });
      this.#backoff.clear(key);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof DialError || error instanceof ProtocolError)) throw error;
      this.#backoff.noteFailure(key, { nowMs: clock.nowMs(), fraction: chance.fraction() });
    }
  }
}
