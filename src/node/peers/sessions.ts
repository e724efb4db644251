/** The open sessions of a node: at most one for each peer, whoever dialled. Records go to their owner, by peer or by room. */

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

/** Sessions with one peer that open within this time were dialled at once; it has to be well above the time of a message. */
const TWINS_MS = 2_000;
const SECRET_BYTES = 32;
const NOTHING = new Uint8Array(0);

/** What the node above its sessions is told. Calls about a connection come only while it is the one with its peer. */
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

/** What a dial is waiting for. */
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

  /** Draws the Noise key of this start. */
  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#staticKey = parts.crypto.dhKey(parts.chance.bytes(SECRET_BYTES));
    this.#memory = new SessionMemory({
      clock: parts.clock,
      sessions: () => this.#running.keys(),
      count: () => this.#running.size,
    });
  }

  /** Binds the listener, once, before the first session. */
  listen(listener: SessionListener): void {
    this.#listener = listener;
  }

  /** The node above; bound before the first session. */
  get listener(): SessionListener {
    if (this.#listener === undefined) throw new Error("No listener is bound to the sessions");
    return this.#listener;
  }

  /** Sessions that run, open or in their handshake. */
  get count(): number {
    return this.#running.size;
  }

  /** Those of them with that address. */
  countFrom(address: string): number {
    let count = 0;
    for (const connection of this.#running.keys()) if (connection.remote.address === address) count++;
    return count;
  }

  /** The open sessions by peer. */
  get connections(): ReadonlyMap<PeerId, Connection> {
    return this.#connections;
  }

  /** Why that session is over; undefined while it is not. */
  endOf(connection: Connection): ProtocolError | undefined {
    return this.#ends.get(connection);
  }

  /** A peer came through the door. */
  arrive({ stream, prologue, early }: Arrival): void {
    this.#start({ stream, prologue, early, isInitiator: false });
  }

  /**
   * Dials an address; with `expected` only that peer will do.
   * @throws {DialError} nobody there; {ProtocolError} "wrong-key", "self", "blocked", … ; rejects with the signal's reason.
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

  /** Says good-bye to all and waits for the ends, at most their last words' time each, all at once. */
  async close(): Promise<void> {
    this.#memory.close();
    for (const connection of this.#running.keys()) connection.close("leaving");
    await Promise.all(this.#running.values());
  }

  /** See ConnectionListener. Of two sessions with one peer one goes. */
  onOpen(connection: Connection): void {
    const { peer } = connection;
    if (peer === undefined) return;
    if (this.#parts.policy.isBlocked(peer)) return connection.close("blocked");
    if (this.#parts.policy.isPaused(peer)) return connection.close("leaving");
    const other = this.#connections.get(peer);
    if (other !== undefined) {
      const loser = loserOf(connection, other, this.#parts.me < peer);
      if (loser === connection) return connection.close("duplicate");
      // The slot is taken over first, so that the old connection's end is no news to anybody.
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
    // Dialled by both at once: the other session serves whoever waits for this one.
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

/** What a dial error means for trying again: some peers will not become others by waiting. */
export function isFinal(error: unknown): boolean {
  const codes: readonly ProtocolCode[] = ["wrong-key", "self", "blocked", "too-old"];
  if (error instanceof ProtocolError) return codes.includes(error.code);
  return error instanceof DialError && (error.problem === "other-version" || error.problem === "malformed");
}

/**
 * Which of two sessions with one peer ends. Another instance of the peer has restarted: the old session is dead. So is one
 * that was there for a while: whoever dials again has lost it. Dialled at once, by both or twice by one: the one that the
 * smaller key began stays, then that of the greater port, which both sides can tell alone.
 */
function loserOf(fresh: Connection, old: Connection, isOurKeySmaller: boolean): Connection {
  if (fresh.instance !== old.instance || fresh.openedAtMs - old.openedAtMs > TWINS_MS) return old;
  if (fresh.isInitiator !== old.isInitiator) return fresh.isInitiator === isOurKeySmaller ? old : fresh;
  return fresh.sessionPort >= old.sessionPort ? old : fresh;
}
