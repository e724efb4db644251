/**
 * The rendezvous port. It receives HELLO, answers with a fresh port and a one-time ticket (or BUSY), and closes.
 * The session then runs on the fresh port, so a flood here never affects conversations.
 */

import { PORT_MAX } from "../encoding/network_address.ts";
import type { PortRange } from "../ports/network.ts";
import { NetworkError } from "../errors.ts";
import { HANDOFF_MS_MAX, readLine } from "../net/read_line.ts";
import type { Chance } from "../ports/crypto.ts";
import type { Listener, Stream, Tcp } from "../ports/network.ts";
import type { Clock } from "../ports/time.ts";
import {
  encodeBusy,
  encodePort,
  encodePrologue,
  parseHello,
  parseTicket,
  type Ticket,
  TICKET_BYTES,
  toTicket,
} from "../wire/handoff.ts";
import { AdmissionControl, PENDING_PER_ADDRESS_MAX } from "./admission.ts";

/** Ports tried from the wanted one on if it is taken: enough for all nodes that one machine runs. */
const PORTS_TRIED = 32;
const ANY_ADDRESS = "0.0.0.0";
/** Time after which a caller may ask again while no port can be opened. */
const BUSY_NO_PORT_MS = 2_000;
/** Concurrent connections whose HELLO is read only to answer BUSY. Further ones are closed without an answer. */
const BUSY_ANSWERS_MAX = 64;

/** Where all places for handoffs are taken, the oldest one that is silent for so long goes. Over the slowest Wi-Fi one takes less. */
export const SILENT_MS = 500;

/** A handoff under way. */
interface Handoff {
  readonly address: string;
  readonly sinceMs: number;
  /** What is closed to end it. */
  readonly parts: ReadonlySet<{ close(): void }>;
  isOver: boolean;
}

/** A stream after its ticket, ready for the handshake. */
export interface Arrival {
  readonly stream: Stream;
  /** The bytes of the whole handoff. */
  readonly prologue: Uint8Array;
  /** Bytes that came with the ticket. */
  readonly early: Uint8Array;
}

/** The inputs of the server. */
export interface RendezvousOptions {
  readonly tcp: Tcp;
  readonly clock: Clock;
  readonly chance: Chance;
  /** The port to listen on … */
  readonly port: number;
  /** … without alternatives, if the user named the port. */
  readonly isExact: boolean;
  readonly sessionPorts?: PortRange;
  /** Open sessions now, in total … */
  sessionCount(): number;
  /** … and with that address. */
  addressSessionCount(address: string): number;
  /** A peer has shown its ticket. The receiver owns the stream; the server does not wait for the session. */
  onArrival(arrival: Arrival): void;
}

/** Opens the rendezvous port. @throws {NetworkError} "taken", "forbidden". */
export function startRendezvousServer(options: RendezvousOptions): RendezvousServer {
  return new RendezvousServer(listenFrom(options), options);
}

/** The open rendezvous port. `run` serves it until `close`. */
export class RendezvousServer {
  readonly #listener: Listener;
  readonly #options: RendezvousOptions;
  readonly #admission = new AdmissionControl();
  readonly #handoffs = new Set<Promise<void>>();
  readonly #open = new Set<{ close(): void }>();
  /** Handoffs under way, the oldest first. */
  readonly #pending = new Set<Handoff>();
  #busyAnswerCount = 0;
  #fault: { readonly error: unknown } | null = null;

  /** Created by `startRendezvousServer`. */
  constructor(listener: Listener, options: RendezvousOptions) {
    this.#listener = listener;
    this.#options = options;
  }

  /** The port that beacons announce. */
  get port(): number {
    return this.#listener.port;
  }

  /** Serves until closed, then waits for pending handoffs, which end immediately. A bug closes it and is thrown. */
  async run(): Promise<void> {
    for (
      let stream = await this.#listener.accept();
      stream !== null;
      stream = await this.#listener.accept()
    ) {
      const visit = this.#serve(stream).catch((error) => this.#onFault(error))
        .finally(() => this.#handoffs.delete(visit));
      this.#handoffs.add(visit);
    }
    await Promise.all(this.#handoffs);
    if (this.#fault !== null) throw this.#fault.error;
  }

  /** Stops serving immediately. */
  close(): void {
    this.#listener.close();
    for (const part of this.#open) part.close();
  }

  async #serve(stream: Stream): Promise<void> {
    const { address } = stream.remote;
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    if (this.#admission.isPendingFull) this.#dropSilent(nowMs, [...this.#pending]);
    // Behind one address may be many devices.
    const itsOwn = [...this.#pending].filter((one) => one.address === address);
    if (itsOwn.length >= PENDING_PER_ADDRESS_MAX) this.#dropSilent(nowMs, itsOwn);
    const admission = this.#admission.admit(address, {
      nowMs,
      sessionCount: this.#options.sessionCount(),
      addressSessionCount: this.#options.addressSessionCount(address),
    });
    if (admission.kind === "busy") return await this.#answerBusy(stream, admission.waitMs);
    const parts = new Set<{ close(): void }>();
    const handoff: Handoff = { address, sinceMs: nowMs, parts, isOver: false };
    this.#pending.add(handoff);
    try {
      await this.#handOff(stream, parts);
    } finally {
      this.#finish(handoff);
    }
  }

  /**
   * Ends the handoff that has been silent longest, of those from the address that has most: honest ones take less than that, and
   * a few addresses that say nothing do not keep everybody else out.
   */
  #dropSilent(nowMs: number, pending: readonly Handoff[]): void {
    const silent = pending.filter(({ sinceMs }) => nowMs - sinceMs >= SILENT_MS);
    const counts = new Map<string, number>();
    for (const { address } of this.#pending) counts.set(address, (counts.get(address) ?? 0) + 1);
    const most = Math.max(...silent.map(({ address }) => counts.get(address) ?? 0));
    const dropped = silent.find(({ address }) => counts.get(address) === most);
    if (dropped === undefined) return;
    this.#finish(dropped);
    for (const part of dropped.parts) part.close();
  }

  #finish(handoff: Handoff): void {
    this.#pending.delete(handoff);
    if (!handoff.isOver) this.#admission.release(handoff.address);
    handoff.isOver = true;
  }

  /** Reads HELLO first: closing with unread input would reset the connection and lose the answer. */
  async #answerBusy(stream: Stream, waitMs: number): Promise<void> {
    if (this.#busyAnswerCount >= BUSY_ANSWERS_MAX) return stream.close();
    using _open = this.#track(stream);
    this.#busyAnswerCount++;
    const read = await readLine(stream, this.#options.clock);
    this.#busyAnswerCount--;
    if (read.kind === "line") await this.#answer(stream, encodeBusy(waitMs));
    else stream.close();
  }

  async #handOff(stream: Stream, parts: Set<{ close(): void }>): Promise<void> {
    using _open = this.#track(stream);
    parts.add(stream);
    const read = await readLine(stream, this.#options.clock);
    const hello = read.kind === "line" ? parseHello(read.line) : { kind: "not-earshot" as const };
    if (hello.kind === "not-earshot") return stream.close();
    const fresh = this.#listenFresh(stream.local.address);
    if (fresh === null) return await this.#answer(stream, encodeBusy(BUSY_NO_PORT_MS));
    using _fresh = this.#track(fresh);
    parts.add(fresh);
    const ticket = toTicket(this.#options.chance.bytes(TICKET_BYTES));
    // Another version gets the same answer. Its first line on the fresh port decides, and our line tells it our
    // version.
    await this.#answer(stream, encodePort(fresh.port, ticket));
    await this.#acceptTicket(fresh, ticket, parts);
  }

  /** Waits on the fresh port for one connection that shows the ticket. */
  async #acceptTicket(fresh: Listener, ticket: Ticket, parts: Set<{ close(): void }>): Promise<void> {
    const { clock, onArrival } = this.#options;
    const { port } = fresh;
    using deadline = clock.timer(() => fresh.close());
    deadline.wakeAt(clock.nowMs() + HANDOFF_MS_MAX);
    const stream = await fresh.accept();
    fresh.close();
    if (stream === null) return;
    const tracked = this.#track(stream);
    parts.add(stream);
    const read = await readLine(stream, clock);
    tracked[Symbol.dispose]();
    if (read.kind !== "line") return stream.close();
    const shown = parseTicket(read.line);
    if (shown.kind !== "ticket" || !isSameTicket(shown.ticket, ticket)) return stream.close();
    onArrival({ stream, prologue: encodePrologue(port, ticket), early: read.rest });
  }

  async #answer(stream: Stream, line: Uint8Array): Promise<void> {
    try {
      await stream.write(line);
    } catch (error) {
      // The peer has gone, so nobody needs the answer.
      if (!(error instanceof NetworkError)) throw error;
    } finally {
      stream.close();
    }
  }

  /** A free port for one session, or null if none is available. */
  #listenFresh(address: string): Listener | null {
    const { tcp, chance, sessionPorts } = this.#options;
    if (sessionPorts === undefined) return tryListen(tcp, { address, port: 0 });
    const count = sessionPorts.to - sessionPorts.from + 1;
    const first = Math.floor(chance.fraction() * count);
    for (let step = 0; step < count; step++) {
      const listener = tryListen(tcp, { address, port: sessionPorts.from + (first + step) % count });
      if (listener !== null) return listener;
    }
    return null;
  }

  #onFault(error: unknown): void {
    this.#fault ??= { error };
    this.close();
  }

  #track(part: { close(): void }): Disposable {
    this.#open.add(part);
    return { [Symbol.dispose]: () => void this.#open.delete(part) };
  }
}

function listenFrom({ tcp, port, isExact }: RendezvousOptions): Listener {
  const last = isExact || port === 0 ? port : Math.min(PORT_MAX, port + PORTS_TRIED - 1);
  for (let tried = port; tried < last; tried++) {
    try {
      return tcp.listen({ address: ANY_ADDRESS, port: tried });
    } catch (error) {
      if (!(error instanceof NetworkError && error.reason === "taken")) throw error;
    }
  }
  return tcp.listen({ address: ANY_ADDRESS, port: last });
}

/** Null if the system refuses: the port is taken, the address has disappeared, or too many files are open. */
function tryListen(tcp: Tcp, at: { address: string; port: number }): Listener | null {
  try {
    return tcp.listen(at);
  } catch (error) {
    if (error instanceof NetworkError) return null;
    throw error;
  }
}

/** Compares in constant time, so that the duration does not reveal how much was right. */
function isSameTicket(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let at = 0; at < left.length; at++) difference |= left.charCodeAt(at) ^ right.charCodeAt(at);
  return difference === 0;
}
