/** The open sessions of a node: at most one for each peer, whichever side dialled. A listener above gets their events. */

import { dial, DialError } from "../../client/dial.ts";
import { type ProtocolCode, ProtocolError } from "../../errors.ts";
import type { Arrival } from "../../host/rendezvous_server.ts";
import { Connection, type ConnectionListener } from "../../net/connection.ts";
import type { Chance, Crypto, DhKey, Signer } from "../../ports/crypto.ts";
import type { Endpoint, Stream, Tcp } from "../../ports/network.ts";
import type { Clock } from "../../ports/time.ts";
import type { PeerId } from "../../room/id.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { PeerPolicy } from "./peer_policy.ts";
import type { WireRecord } from "../../wire/record.ts";
import { Session } from "../../wire/session.ts";
import { SessionMemory } from "./session_memory.ts";

/** Two sessions with one peer that open within this time were dialled at once. Well above the time that a message takes. */
const TWINS_MS = 2_000;
const SECRET_BYTES = 32;
const NOTHING = new Uint8Array(0);

/** The events of all sessions. Calls about a connection come only while it is the session with its peer. */
export interface SessionListener extends ConnectionListener {
  /** Nothing listens where the peer was heard. */
  onAbsent(peer: PeerId): void;
}

export interface SessionsParts {
  readonly tcp: Tcp;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly crypto: Crypto;
  readonly signer: Signer;
  readonly me: PeerId;
  readonly instance: number;
  readonly policy: Pick<PeerPolicy, "isBlocked" | "isPaused">;
  readonly tasks: BackgroundTasks;
}

/** The promise of a dial. */
interface Dialling {
  resolve(connection: Connection): void;
  reject(error: unknown): void;
}

/** All sessions of one node. */
export class Sessions implements ConnectionListener {
  readonly #parts: SessionsParts;
  readonly #staticKey: DhKey;
  readonly #connections = new Map<PeerId, Connection>();
  readonly #running = new Map<Connection, Promise<void>>();
  readonly #dialling = new Map<Connection, Dialling>();
  readonly #memory: SessionMemory;
  readonly #ends = new WeakMap<Connection, ProtocolError>();
  #listener: SessionListener | undefined;

  /** Generates the Noise key of this start. */
  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#staticKey = parts.crypto.dhKey(parts.chance.bytes(SECRET_BYTES));
    this.#memory = new SessionMemory({
      clock: parts.clock,
      sessions: () => this.#running.keys(),
      count: () => this.#running.size,
    });
  }

  /** The listener above. It is bound once, before the first session. */
  set listener(listener: SessionListener) {
    this.#listener = listener;
  }

  get listener(): SessionListener {
    if (this.#listener === undefined) throw new Error("No listener is bound to the sessions");
    return this.#listener;
  }

  /** The number of sessions that run, open or in their handshake. */
  get count(): number {
    return this.#running.size;
  }

  /** The number of those with that address. */
  countFrom(address: string): number {
    let count = 0;
    for (const connection of this.#running.keys()) if (connection.remote.address === address) count++;
    return count;
  }

  /** The open sessions by peer. */
  get connections(): ReadonlyMap<PeerId, Connection> {
    return this.#connections;
  }

  /** Why the session ended; undefined while it runs. */
  endOf(connection: Connection): ProtocolError | undefined {
    return this.#ends.get(connection);
  }

  /** Starts the session of a peer that the rendezvous server let in. */
  arrive({ stream, prologue, early }: Arrival): void {
    this.#start({ stream, prologue, early, isInitiator: false });
  }

  /**
   * Dials an address. With `expected`, any other peer there is an error.
   * @throws {DialError} without an answer; {ProtocolError} "wrong-key", "self", "blocked", … ; rejects with the signal's reason.
   */
  async dial(
    endpoint: Endpoint,
    options: { readonly expected?: PeerId; readonly signal: AbortSignal },
  ): Promise<Connection> {
    const { tcp, clock } = this.#parts;
    const { stream, prologue } = await dial(endpoint, { tcp, clock, signal: options.signal });
    const { expected, signal } = options;
    const connection = this.#start({
      stream,
      prologue,
      early: NOTHING,
      isInitiator: true,
      ...(expected && { expected }),
    });
    const onAbort = () => connection.close("leaving");
    signal.addEventListener("abort", onAbort);
    try {
      return await new Promise((resolve, reject) => this.#dialling.set(connection, { resolve, reject }));
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Closes all sessions and waits for their ends, in parallel. */
  async close(): Promise<void> {
    this.#memory.close();
    for (const connection of this.#running.keys()) connection.close("leaving");
    await Promise.all(this.#running.values());
  }

  /** See ConnectionListener. Of two sessions with one peer, one is closed. */
  onOpen(connection: Connection): void {
    const { peer } = connection;
    if (peer === undefined) return;
    if (this.#parts.policy.isBlocked(peer)) return connection.close("blocked");
    if (this.#parts.policy.isPaused(peer)) return connection.close("leaving");
    const other = this.#connections.get(peer);
    if (other !== undefined) {
      const loser = loserOf(connection, other, this.#parts.me < peer);
      if (loser === connection) return connection.close("duplicate");
      // The new connection takes the place first, so that the end of the old one is reported once.
      this.#connections.set(peer, connection);
      this.listener.onClosed(other, new ProtocolError("duplicate"), { byPeer: false });
      other.close("duplicate");
    }
    this.#connections.set(peer, connection);
    this.listener.onOpen(connection);
    this.#dialling.get(connection)?.resolve(connection);
    this.#dialling.delete(connection);
  }

  /** See ConnectionListener. */
  onRecord(connection: Connection, record: WireRecord): Promise<void> | undefined {
    return this.#isCurrent(connection) ? this.listener.onRecord(connection, record) : undefined;
  }

  /** See ConnectionListener. */
  onDrained(connection: Connection): void {
    if (this.#isCurrent(connection)) this.listener.onDrained(connection);
  }

  /** See ConnectionListener. */
  onBulkDrained(connection: Connection): void {
    if (this.#isCurrent(connection)) this.listener.onBulkDrained(connection);
  }

  /** See ConnectionListener. */
  onClosed(connection: Connection, error: ProtocolError, how: { readonly byPeer: boolean }): void {
    const { peer } = connection;
    this.#ends.set(connection, error);
    const dialling = this.#dialling.get(connection);
    this.#dialling.delete(connection);
    // Both sides dialled at once: the other session serves the dial that waits for this one.
    const twin = peer === undefined ? undefined : this.#connections.get(peer);
    if (error.code === "duplicate" && twin !== undefined && twin !== connection) dialling?.resolve(twin);
    else dialling?.reject(error);
    if (peer === undefined || !this.#isCurrent(connection)) return;
    this.#connections.delete(peer);
    this.listener.onClosed(connection, error, how);
  }

  #isCurrent(connection: Connection): boolean {
    return connection.peer !== undefined && this.#connections.get(connection.peer) === connection;
  }

  #start(options: {
    readonly stream: Stream;
    readonly prologue: Uint8Array;
    readonly early: Uint8Array;
    readonly isInitiator: boolean;
    readonly expected?: PeerId;
  }): Connection {
    const { clock, crypto, chance, signer, instance, tasks } = this.#parts;
    const { stream, prologue, isInitiator, expected } = options;
    const session = new Session({
      role: isInitiator ? "initiator" : "responder",
      crypto,
      signer,
      staticKey: this.#staticKey,
      ephemeral: chance.bytes(SECRET_BYTES),
      prologue,
      instance,
      ...(expected && { expected }),
    }, clock.nowMs());
    const connection = new Connection({ stream, session, clock, owner: this, isInitiator });
    const run = connection.run(options.early).catch(tasks.report).finally(() =>
      this.#running.delete(connection)
    );
    this.#running.set(connection, run);
    this.#memory.onStart();
    return connection;
  }
}

/** Whether another attempt makes no sense: waiting does not change the peer at that address. */
export function isFinal(error: unknown): boolean {
  const codes: readonly ProtocolCode[] = ["wrong-key", "self", "blocked", "too-old"];
  if (error instanceof ProtocolError) return codes.includes(error.code);
  return error instanceof DialError && (error.problem === "other-version" || error.problem === "malformed");
}

/**
 * Which of two sessions with one peer ends. After a restart of the peer the old session is dead. So is one that was open for
 * a while: a peer that dials again has lost it. Of two that were dialled at once, the one that the smaller key began stays;
 * if one side dialled both, the one with the greater port stays. Both sides can tell that alone.
 */
function loserOf(fresh: Connection, old: Connection, isOurKeySmaller: boolean): Connection {
  if (fresh.instance !== old.instance || fresh.openedAtMs - old.openedAtMs > TWINS_MS) return old;
  if (fresh.isInitiator !== old.isInitiator) return fresh.isInitiator === isOurKeySmaller ? old : fresh;
  return fresh.sessionPort >= old.sessionPort ? old : fresh;
}
