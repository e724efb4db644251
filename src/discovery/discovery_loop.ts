/**
 * The discovery loop, with one timer. Each interface's `AnnounceTimer` and `SubnetSearch` decide when the `Announcer`
 * sends; received datagrams go through the `DatagramHandler` into the peer table.
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

/**
 * In a crowd, changes are collected for this time before they are reported, because each report makes its receiver
 * examine all peers.
 */
const CROWD_CHANGE_DELAY_MS = 50;

/** The inputs of discovery. */
export interface DiscoveryOptions {
  readonly ports: Pick<Ports, "clock" | "chance" | "crypto" | "tcp" | "udp" | "interfaces">;
  readonly signer: Signer;
  readonly id: PeerId;
  /** Wall clock in ms at the node's start. */
  readonly instance: number;
  /** UDP port of beacons and TCP port of probes: `WELL_KNOWN_PORT` unless the user chose another. */
  readonly discoveryPort: number;
  /** Use only these interfaces. Loopback is used only if it is named. */
  readonly interfaceNames?: readonly string[];
  readonly profile: Profile;
  /** The last addresses of contacts and earlier peers, likeliest first. Every burst greets them by unicast. */
  knownEndpoints(): readonly Endpoint[];
  /** The table or the status changed: a hint to read them again. */
  onChange(): void;
  /** That peer was heard again, and nothing else changed. */
  onHeardAgain(peer: PeerId): void;
  /** A TCP port answers at the rendezvous port there, but no beacon was heard from it. */
  onEndpoint(endpoint: Endpoint): void;
}

/** Running discovery. */
export interface DiscoveryLoop extends AsyncDisposable {
  /** The peers heard. */
  readonly peers: PeerView;
  /** The well-known port, or null while it is not open. */
  readonly port: number | null;
  /** Resolves when discovery ends; rejects if a bug ended it. */
  readonly done: Promise<void>;
  /** Sets the content of beacons, and announces it if it changed. */
  announce(profile: Profile): void;
  /** Searches again, as if every interface had just come up. */
  rescan(): void;
  /** Keeps a peer in the table, however long it is silent. */
  pin(id: PeerId): void;
  /** Reverts `pin`. */
  unpin(id: PeerId): void;
  /** The observed facts; `formatNetworkStatus` describes them. */
  status(): DiscoveryStatus;
  /** Stops discovery and waits for all its tasks. May be called repeatedly. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts discovery. The signal or disposal ends it. Callbacks run later, never within a call. Network failures never
 * end it: see `status`.
 */
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
  /** When to report a change; null if there is none. */
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
    // Later, so that the caller has the result before the first callback.
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
    const { localNetworks: { networks }, interfaceSockets, listenProblem, gateways } = this.#socketSet;
    const isOther = (address: string) => networks.every((network) => network.address !== address);
    const neighboursCount = this.peers.count(isOther);
    return {
      port: this.#options.discoveryPort,
      listenProblem,
      interfaces: interfaceSockets.map((interfaceSocket) =>
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

  /** The timer calls this, so nothing else catches errors. */
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
      // Broadcasts of some peers may not reach us, so overdue peers are asked before they are forgotten.
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
    // A repeated beacon only moves a deadline back; the armed timer then finds nothing to do.
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

  /** Owns a background task until the end. A failure is a bug and ends discovery. */
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
