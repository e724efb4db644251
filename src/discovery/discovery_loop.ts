/**
 * The loop of discovery, with one timer: each interface's `Trickle` and `Search` say when `Voice` is to speak, what is heard
 * goes through `Hearing` into the table of peers.
 */

import { assertNever } from "../errors.ts";
import type { Signer } from "../ports/crypto.ts";
import type { Datagram, Endpoint } from "../ports/network.ts";
import type { Ports } from "../ports/node_ports.ts";
import type { Timer } from "../ports/time.ts";
import type { PeerId } from "../room/id.ts";
import type { Profile } from "./beacon.ts";
import { type DatagramEffect, DatagramHandler } from "./datagram_handler.ts";
import type { InterfaceSocket, InterfaceSocketEffect } from "./interface_socket.ts";
import type { DiscoveryStatus } from "./status_text.ts";
import { PeerTable, type PeerView } from "./peer_table.ts";
import { computeSpreadMs, DelayedReplies, type DelayedReply, isCrowd } from "./delayed_replies.ts";
import { SocketSet } from "./socket_set.ts";
import { Announcer } from "./announcer.ts";

/** In a crowd a change is told so late, with all others until then: whoever is told looks at everybody. */
const CROWD_CHANGE_DELAY_MS = 50;

/** What discovery needs. */
export interface DiscoveryOptions {
  readonly ports: Pick<Ports, "clock" | "chance" | "crypto" | "tcp" | "udp" | "interfaces">;
  readonly signer: Signer;
  readonly id: PeerId;
  /** Wall milliseconds at the node's start. */
  readonly instance: number;
  /** UDP for beacons, TCP for probes: `WELL_KNOWN_PORT` unless the user wants another. */
  readonly discoveryPort: number;
  /** Only these interfaces; loopback, too, only if it is named. */
  readonly interfaceNames?: readonly string[];
  readonly profile: Profile;
  /** Where contacts and earlier peers were last, the likeliest first: greeted by unicast in every burst. */
  knownEndpoints(): readonly Endpoint[];
  /** The table or the status changed; a hint. */
  onChange(): void;
  /** That peer was heard once more, and nothing else is new. */
  onHeardAgain(peer: PeerId): void;
  /** Something listens on the rendezvous port there, but no beacon was heard from it. */
  onEndpoint(endpoint: Endpoint): void;
}

/** Running discovery. */
export interface DiscoveryLoop extends AsyncDisposable {
  /** Who is heard. */
  readonly peers: PeerView;
  /** The well-known port, or null while it is not open. */
  readonly port: number | null;
  /** Ends with the watch; rejects if a bug ended it. */
  readonly done: Promise<void>;
  /** From now on beacons say this; tells everybody if it is new. */
  announce(profile: Profile): void;
  /** Looks for others anew, as if every interface had just come up. */
  rescan(): void;
  /** Keeps a peer in the table, however silent it is and whatever else is heard. */
  pin(id: PeerId): void;
  /** Ends what `pin` began. */
  unpin(id: PeerId): void;
  /** What was observed; `outlook` makes sentences of it. */
  status(): DiscoveryStatus;
  /** Ends it, and waits until nothing of it is left. Again is harmless. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts discovery; it ends by the signal or by disposal. Callbacks come later, never from within a call. Never fails because of a network: see `status`. */
export function startDiscovery(options: DiscoveryOptions, signal: AbortSignal): DiscoveryLoop {
  signal.throwIfAborted();
  const watch = new RunningDiscovery(options);
  watch.start(signal);
  return watch;
}

class RunningDiscovery implements DiscoveryLoop {
  readonly peers: PeerTable = new PeerTable();
  readonly done: Promise<void>;
  readonly #options: DiscoveryOptions;
  readonly #datagramHandler: DatagramHandler;
  readonly #socketSet: SocketSet;
  readonly #announcer: Announcer;
  readonly #replies = new DelayedReplies();
  readonly #timer: Timer;
  /** When a change is to be told; null while there is none. */
  #changeDueMs: number | null = null;
  readonly #tasks = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  #bug: { readonly error: unknown } | null = null;

  constructor(options: DiscoveryOptions) {
    const { id, instance, ports: { clock, crypto } } = options;
    this.#options = options;
    this.#datagramHandler = new DatagramHandler({ id, instance, crypto, peers: this.peers });
    this.#socketSet = new SocketSet({
      ...options,
      onOpen: (udpEndpoint) => this.#runTask(udpEndpoint.run((datagram) => this.#onDatagram(datagram))),
      onTask: (task) => this.#runTask(task),
    });
    this.#announcer = new Announcer({
      ...options,
      knownEndpoints: () => options.knownEndpoints(),
      socketSet: this.#socketSet,
    });
    this.#timer = clock.timer(() => this.#tick());
    this.done = this.#ended.promise.then(() => this.#finish());
  }

  start(signal: AbortSignal): void {
    signal.addEventListener("abort", () => this.#close(), { once: true, signal: this.#ending.signal });
    // Not at once: whoever starts a watch holds it before the first callback comes.
    this.#rearm();
  }

  get port(): number | null {
    return this.#socketSet.listener?.port ?? null;
  }

  announce(profile: Profile): void {
    if (!this.#announcer.setProfile(profile)) return;
    const nowMs = this.#options.ports.clock.nowMs();
    for (const interfaceSocket of this.#socketSet.interfaceSockets) interfaceSocket.announce(nowMs);
    this.#rearm();
  }

  rescan(): void {
    if (this.#ending.signal.aborted) return;
    this.#socketSet.restart({ isAsked: true }, this.#options.ports.clock.nowMs());
    this.#rearm();
  }

  pin(id: PeerId): void {
    this.peers.pin(id);
  }

  unpin(id: PeerId): void {
    this.peers.unpin(id);
    this.#rearm();
  }

  status(): DiscoveryStatus {
    const { localNetworks: { networks }, interfaceSockets: outlets, listenProblem, gateways } =
      this.#socketSet;
    const isOther = (address: string) => networks.every((network) => network.address !== address);
    const neighboursCount = this.peers.count(isOther);
    return {
      port: this.#options.discoveryPort,
      listenProblem,
      interfaces: outlets.map((interfaceSocket) =>
        interfaceSocket.status(
          this.peers.count((address) => isOther(address) && interfaceSocket.reaches(address)),
        )
      ),
      neighboursCount,
      localsCount: this.peers.count(() => true) - neighboursCount,
      gateways,
      dropped: this.#datagramHandler.dropped,
      doubleAt: this.#datagramHandler.doubleAt,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await this.done;
  }

  /** Called by the timer, where nobody would catch a bug. */
  #tick(): void {
    const { clock, chance } = this.#options.ports;
    const nowMs = clock.nowMs();
    try {
      if (this.#socketSet.refresh(nowMs)) this.#options.onChange();
      for (const interfaceSocket of this.#socketSet.interfaceSockets) {
        if (nowMs < (interfaceSocket.wakeAtMs ?? Infinity)) continue;
        const peersCount = this.peers.count((address) => interfaceSocket.reaches(address));
        const facts = { peersCount, fraction: chance.fraction(), gateways: this.#socketSet.gateways };
        for (const effect of interfaceSocket.tick(facts, nowMs)) {
          this.#perform(effect, { interfaceSocket, peersCount, nowMs });
        }
      }
      for (const reply of this.#replies.take(nowMs)) this.#announcer.answer(reply);
      const { isChanged, overdue } = this.peers.sweep(nowMs);
      // Broadcast may not reach us from everybody, so who is overdue is asked before it is forgotten.
      for (const peer of overdue) this.#announcer.ask(peer);
      if (isChanged || nowMs >= (this.#changeDueMs ?? Infinity)) this.#reportChange();
      this.#rearm();
    } catch (error) {
      this.#fail(error);
    }
  }

  #perform(
    effect: InterfaceSocketEffect,
    { interfaceSocket, peersCount, nowMs }: {
      readonly interfaceSocket: InterfaceSocket;
      readonly peersCount: number;
      readonly nowMs: number;
    },
  ): void {
    switch (effect.kind) {
      case "send":
        return this.#announcer.broadcast(effect, { interfaceSocket, peersCount });
      case "hello":
        return this.#announcer.greet(effect.to, { interfaceSocket, nowMs });
      case "probe": {
        const { ports: { tcp, clock }, discoveryPort: port } = this.#options;
        const { gateways } = this.#socketSet;
        const onOpen = (endpoint: Endpoint) => this.#options.onEndpoint(endpoint);
        return this.#runTask(interfaceSocket.probe(effect.to, { tcp, clock, port, gateways, onOpen }));
      }
      default:
        return assertNever(effect);
    }
  }

  #onDatagram(datagram: Datagram): void {
    const nowMs = this.#options.ports.clock.nowMs();
    const effects = this.#datagramHandler.handle(
      { ...datagram, place: this.#socketSet.localNetworks },
      nowMs,
    );
    for (const effect of effects) this.#performHeard(effect, nowMs);
    // That somebody is still there only makes a moment later; then the timer that is set finds nothing to do.
    if (effects.some(({ kind }) => kind !== "again" && kind !== "neighbour")) this.#rearm();
  }

  #performHeard(effect: DatagramEffect, nowMs: number): void {
    switch (effect.kind) {
      case "changed":
        if (!isCrowd(this.peers.size)) return this.#reportChange();
        this.#changeDueMs ??= nowMs + CROWD_CHANGE_DELAY_MS;
        return;
      case "again":
        return this.#options.onHeardAgain(effect.id);
      case "answer":
        return this.#answer(effect, nowMs);
      case "overrun": {
        const facts = { peersCount: this.peers.size, fraction: this.#options.ports.chance.fraction() };
        return this.#socketSet.findInterfaceSocket(effect.by)?.noteOverrun(facts, nowMs);
      }
      case "echo":
        return this.#socketSet.findInterfaceSocket(effect.by)?.noteEcho();
      case "neighbour":
        for (const interfaceSocket of this.#socketSet.interfaceSockets) {
          if (interfaceSocket.reaches(effect.address)) interfaceSocket.noteNeighbour();
        }
        return;
      default:
        return assertNever(effect);
    }
  }

  #reportChange(): void {
    this.#changeDueMs = null;
    this.#options.onChange();
  }

  #answer(reply: DelayedReply, nowMs: number): void {
    const forMs = computeSpreadMs(this.peers.size);
    if (forMs === 0) this.#announcer.answer(reply);
    else this.#replies.add(reply, nowMs + forMs * this.#options.ports.chance.fraction());
  }

  #rearm(): void {
    const times = [this.#socketSet.wakeAtMs, this.peers.wakeAtMs, this.#replies.wakeAtMs, this.#changeDueMs];
    this.#timer.wakeAt(Math.min(...times.map((atMs) => atMs ?? Infinity)));
  }

  /** Something of ours that runs beside: waited for at the end. If it fails, that is a bug, and everything ends. */
  #runTask(task: Promise<void>): void {
    const owned = task.catch((error) => this.#fail(error)).finally(() => this.#tasks.delete(owned));
    this.#tasks.add(owned);
  }

  #fail(error: unknown): void {
    this.#bug ??= { error };
    this.#close();
  }

  #close(): void {
    this.#timer[Symbol.dispose]();
    this.#socketSet.close();
    this.#ending.abort();
    this.#ended.resolve();
  }

  async #finish(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    if (this.#bug !== null) throw this.#bug.error;
  }
}
