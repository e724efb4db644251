/** The open sessions of a node: at most one for each peer, whoever dialled. Records go to their owner, by peer or by room. */

import { dial, DialError } from "../client/dial.ts";
import { type ProtocolCode, ProtocolError } from "../errors.ts";
import type { Arrival } from "../host/door.ts";
import { Link, type LinkOwner } from "../net/pump.ts";
import type { Chance, Clock, Crypto, DhKey, Endpoint, Signer, Stream, Tcp } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import type { Rec } from "../wire/record.ts";
import { Session } from "../wire/session.ts";

/** Sessions with one peer that open within this time were dialled at once; it has to be well above the time of a message. */
const TWINS_MS = 2_000;
const SECRET_BYTES = 32;
const NOTHING = new Uint8Array(0);

/** What sessions need. */
export interface SessionsParts {
  readonly tcp: Tcp;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly crypto: Crypto;
  readonly signer: Signer;
  readonly me: PeerId;
  readonly instance: number;
  /** Whether the user wants nothing to do with that peer. */
  isBlocked(peer: PeerId): boolean;
  /** Whether the user has ended the session with that peer, and wants none for now. */
  isPaused(peer: PeerId): boolean;
  onOpen(link: Link, peer: PeerId): void;
  onRecord(link: Link, record: Rec): Promise<void> | undefined;
  onDrained(link: Link): void;
  onBulkDrained(link: Link): void;
  /** A session that had been open is over. */
  onClosed(link: Link, peer: PeerId, error: ProtocolError): void;
  /** A session died of a bug of ours. */
  onBug(error: unknown): void;
}

/** What a dial is waiting for. */
interface Dialling {
  resolve(link: Link): void;
  reject(error: unknown): void;
}

/** All sessions of one node. */
export class Sessions implements LinkOwner {
  readonly #parts: SessionsParts;
  readonly #staticKey: DhKey;
  readonly #links = new Map<PeerId, Link>();
  readonly #running = new Map<Link, Promise<void>>();
  readonly #dialling = new Map<Link, Dialling>();
  readonly #ends = new WeakMap<Link, ProtocolError>();

  /** Draws the Noise key of this start. */
  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#staticKey = parts.crypto.dhKey(parts.chance.bytes(SECRET_BYTES));
  }

  /** Sessions that run, open or in their handshake. */
  get count(): number {
    return this.#running.size;
  }

  /** Those of them with that address. */
  countFrom(address: string): number {
    let count = 0;
    for (const link of this.#running.keys()) if (link.remote.address === address) count++;
    return count;
  }

  /** The open sessions by peer. */
  get links(): ReadonlyMap<PeerId, Link> {
    return this.#links;
  }

  /** Why that session is over; undefined while it is not. */
  endOf(link: Link): ProtocolError | undefined {
    return this.#ends.get(link);
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
  ): Promise<Link> {
    const { tcp, clock } = this.#parts;
    const { stream, prologue } = await dial(endpoint, { tcp, clock, signal: options.signal });
    const { expected, signal } = options;
    const link = this.#start({
      stream,
      prologue,
      early: NOTHING,
      isInitiator: true,
      ...(expected && { expected }),
    });
    const onAbort = () => link.close("leaving");
    signal.addEventListener("abort", onAbort);
    try {
      return await new Promise((resolve, reject) => this.#dialling.set(link, { resolve, reject }));
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Says good-bye to all and waits for the ends, at most their last words' time each, all at once. */
  async close(): Promise<void> {
    for (const link of this.#running.keys()) link.close("leaving");
    await Promise.all(this.#running.values());
  }

  /** See LinkOwner. Of two sessions with one peer one goes. */
  onOpen(link: Link): void {
    const { peer } = link;
    if (peer === undefined) return;
    if (this.#parts.isBlocked(peer)) return link.close("blocked");
    if (this.#parts.isPaused(peer)) return link.close("leaving");
    const other = this.#links.get(peer);
    if (other !== undefined) {
      const loser = loserOf(link, other, this.#parts.me < peer);
      if (loser === link) return link.close("duplicate");
      // The slot is taken over first, so that the old link's end is no news to anybody.
      this.#links.set(peer, link);
      this.#parts.onClosed(other, peer, new ProtocolError("duplicate"));
      other.close("duplicate");
    }
    this.#links.set(peer, link);
    this.#parts.onOpen(link, peer);
    this.#dialling.get(link)?.resolve(link);
    this.#dialling.delete(link);
  }

  /** See LinkOwner. */
  onRecord(link: Link, record: Rec): Promise<void> | undefined {
    return this.#isCurrent(link) ? this.#parts.onRecord(link, record) : undefined;
  }

  /** See LinkOwner. */
  onDrained(link: Link): void {
    if (this.#isCurrent(link)) this.#parts.onDrained(link);
  }

  /** See LinkOwner. */
  onBulkDrained(link: Link): void {
    if (this.#isCurrent(link)) this.#parts.onBulkDrained(link);
  }

  /** See LinkOwner. */
  onClosed(link: Link, error: ProtocolError): void {
    const { peer } = link;
    this.#ends.set(link, error);
    const dialling = this.#dialling.get(link);
    this.#dialling.delete(link);
    // Dialled by both at once: the other session serves whoever waits for this one.
    const twin = peer === undefined ? undefined : this.#links.get(peer);
    if (error.code === "duplicate" && twin !== undefined && twin !== link) dialling?.resolve(twin);
    else dialling?.reject(error);
    if (peer === undefined || !this.#isCurrent(link)) return;
    this.#links.delete(peer);
    this.#parts.onClosed(link, peer, error);
  }

  #isCurrent(link: Link): boolean {
    return link.peer !== undefined && this.#links.get(link.peer) === link;
  }

  #start(options: {
    readonly stream: Stream;
    readonly prologue: Uint8Array;
    readonly early: Uint8Array;
    readonly isInitiator: boolean;
    readonly expected?: PeerId;
  }): Link {
    const { clock, crypto, chance, signer, instance } = this.#parts;
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
    const link = new Link({ stream, session, clock, owner: this, isInitiator });
    const run = link.run(options.early).catch(this.#parts.onBug).finally(() => this.#running.delete(link));
    this.#running.set(link, run);
    return link;
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
function loserOf(fresh: Link, old: Link, isOurKeySmaller: boolean): Link {
  if (fresh.instance !== old.instance || fresh.openedAtMs - old.openedAtMs > TWINS_MS) return old;
  if (fresh.isInitiator !== old.isInitiator) return fresh.isInitiator === isOurKeySmaller ? old : fresh;
  return fresh.sessionPort >= old.sessionPort ? old : fresh;
}
