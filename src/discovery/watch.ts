/**
 * The loop of discovery, with one timer: each interface's `Trickle` and `Search` say when `Voice` is to speak, what is heard
 * goes through `Hearing` into the table of peers.
 */

import { assertNever } from "../errors.ts";
import type { Datagram, Endpoint, Ports, Signer, Timer } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import type { Profile } from "./beacon.ts";
import { Hearing, type HearingEffect } from "./hearing.ts";
import type { Outlet, OutletEffect } from "./outlet.ts";
import type { DiscoveryStatus } from "./outlook.ts";
import { PeerTable, type PeerView } from "./peers.ts";
import { Sockets } from "./sockets.ts";
import { Voice } from "./voice.ts";

/** What discovery needs. */
export interface WatchOptions {
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
  known(): readonly Endpoint[];
  /** The table or the status changed; a hint. */
  onChange(): void;
  /** That peer was heard once more, and nothing else is new. */
  onAgain(peer: PeerId): void;
  /** Something listens on the rendezvous port there, but no beacon was heard from it. */
  onEndpoint(endpoint: Endpoint): void;
}

/** Running discovery. */
export interface Watch extends AsyncDisposable {
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
export function startWatch(options: WatchOptions, signal: AbortSignal): Watch {
  signal.throwIfAborted();
  const watch = new WatchLoop(options);
  watch.start(signal);
  return watch;
}

class WatchLoop implements Watch {
  readonly peers: PeerTable = new PeerTable();
  readonly done: Promise<void>;
  readonly #options: WatchOptions;
  readonly #hearing: Hearing;
  readonly #sockets: Sockets;
  readonly #voice: Voice;
  readonly #timer: Timer;
  readonly #tasks = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  #bug: { readonly error: unknown } | null = null;

  constructor(options: WatchOptions) {
    const { id, instance, ports: { clock, crypto } } = options;
    this.#options = options;
    this.#hearing = new Hearing({ id, instance, crypto, peers: this.peers });
    this.#sockets = new Sockets({
      ...options,
      onOpen: (post) => this.#own(post.run((datagram) => this.#onDatagram(datagram))),
      onTask: (task) => this.#own(task),
    });
    this.#voice = new Voice({ ...options, known: () => options.known(), sockets: this.#sockets });
    this.#timer = clock.timer(() => this.#tick());
    this.done = this.#ended.promise.then(() => this.#settle());
  }

  start(signal: AbortSignal): void {
    signal.addEventListener("abort", () => this.#close(), { once: true, signal: this.#ending.signal });
    // Not at once: whoever starts a watch holds it before the first callback comes.
    this.#rearm();
  }

  get port(): number | null {
    return this.#sockets.listener?.port ?? null;
  }

  announce(profile: Profile): void {
    if (!this.#voice.setProfile(profile)) return;
    const nowMs = this.#options.ports.clock.nowMs();
    for (const outlet of this.#sockets.outlets) outlet.announce(nowMs);
    this.#rearm();
  }

  rescan(): void {
    if (this.#ending.signal.aborted) return;
    this.#sockets.restart({ isAsked: true }, this.#options.ports.clock.nowMs());
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
    const { place: { networks }, outlets, listenProblem, gateways } = this.#sockets;
    const isOther = (address: string) => networks.every((network) => network.address !== address);
    const neighboursCount = this.peers.count(isOther);
    return {
      port: this.#options.discoveryPort,
      listenProblem,
      interfaces: outlets.map((outlet) =>
        outlet.status(this.peers.count((address) => isOther(address) && outlet.reaches(address)))
      ),
      neighboursCount,
      localsCount: this.peers.count(() => true) - neighboursCount,
      gateways,
      dropped: this.#hearing.dropped,
      doubleAt: this.#hearing.doubleAt,
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
      if (this.#sockets.look(nowMs)) this.#options.onChange();
      for (const outlet of this.#sockets.outlets) {
        const peersCount = this.peers.count((address) => outlet.reaches(address));
        const facts = { peersCount, fraction: chance.fraction(), gateways: this.#sockets.gateways };
        for (const effect of outlet.tick(facts, nowMs)) this.#perform(effect, { outlet, nowMs });
      }
      const { isChanged, overdue } = this.peers.sweep(nowMs);
      // Broadcast may not reach us from everybody, so who is overdue is asked before it is forgotten.
      for (const peer of overdue) this.#voice.ask(peer);
      if (isChanged) this.#options.onChange();
      this.#rearm();
    } catch (error) {
      this.#fail(error);
    }
  }

  #perform(
    effect: OutletEffect,
    { outlet, nowMs }: { readonly outlet: Outlet; readonly nowMs: number },
  ): void {
    switch (effect.kind) {
      case "send":
        return this.#voice.tellAll(effect, outlet);
      case "hello":
        return this.#voice.scout(effect.to, { outlet, nowMs });
      case "probe": {
        const { ports: { tcp, clock }, discoveryPort: port } = this.#options;
        const { gateways } = this.#sockets;
        const onOpen = (endpoint: Endpoint) => this.#options.onEndpoint(endpoint);
        return this.#own(outlet.probe(effect.to, { tcp, clock, port, gateways, onOpen }));
      }
      default:
        return assertNever(effect);
    }
  }

  #onDatagram(datagram: Datagram): void {
    const nowMs = this.#options.ports.clock.nowMs();
    const effects = this.#hearing.handle({ ...datagram, place: this.#sockets.place }, nowMs);
    for (const effect of effects) this.#performHeard(effect);
    if (effects.length > 0) this.#rearm();
  }

  #performHeard(effect: HearingEffect): void {
    switch (effect.kind) {
      case "changed":
        return this.#options.onChange();
      case "again":
        return this.#options.onAgain(effect.id);
      case "answer":
        return this.#voice.answer(effect.to, effect.by);
      case "echo":
        return this.#sockets.outletOf(effect.by)?.noteEcho();
      case "neighbour":
        for (const outlet of this.#sockets.outlets) {
          if (outlet.reaches(effect.address)) outlet.noteNeighbour();
        }
        return;
      default:
        return assertNever(effect);
    }
  }

  #rearm(): void {
    this.#timer.wakeAt(Math.min(this.#sockets.wakeAtMs, this.peers.wakeAtMs ?? Infinity));
  }

  /** Something of ours that runs beside: waited for at the end. If it fails, that is a bug, and everything ends. */
  #own(task: Promise<void>): void {
    const owned = task.catch((error) => this.#fail(error)).finally(() => this.#tasks.delete(owned));
    this.#tasks.add(owned);
  }

  #fail(error: unknown): void {
    this.#bug ??= { error };
    this.#close();
  }

  #close(): void {
    this.#timer[Symbol.dispose]();
    this.#sockets.close();
    this.#ending.abort();
    this.#ended.resolve();
  }

  async #settle(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    if (this.#bug !== null) throw this.#bug.error;
  }
}
