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
import { isCrowd, Replies, type Reply, spreadMs } from "./replies.ts";
import { Sockets } from "./sockets.ts";
import { Voice } from "./voice.ts";

/** In a crowd a change is told so late, with all others until then: whoever is told looks at everybody. */
const CROWD_TOLD_MS = 50;

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
  readonly #replies = new Replies();
  readonly #timer: Timer;
  /** When a change is to be told; null while there is none. */
  #tellAtMs: number | null = null;
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
        if (nowMs < (outlet.wakeAtMs ?? Infinity)) continue;
        const peersCount = this.peers.count((address) => outlet.reaches(address));
        const facts = { peersCount, fraction: chance.fraction(), gateways: this.#sockets.gateways };
        for (const effect of outlet.tick(facts, nowMs)) this.#perform(effect, { outlet, peersCount, nowMs });
      }
      for (const reply of this.#replies.take(nowMs)) this.#voice.answer(reply);
      const { isChanged, overdue } = this.peers.sweep(nowMs);
      // Broadcast may not reach us from everybody, so who is overdue is asked before it is forgotten.
      for (const peer of overdue) this.#voice.ask(peer);
      if (isChanged || nowMs >= (this.#tellAtMs ?? Infinity)) this.#tellChange();
      this.#rearm();
    } catch (error) {
      this.#fail(error);
    }
  }

  #perform(
    effect: OutletEffect,
    { outlet, peersCount, nowMs }: {
      readonly outlet: Outlet;
      readonly peersCount: number;
      readonly nowMs: number;
    },
  ): void {
    switch (effect.kind) {
      case "send":
        return this.#voice.tellAll(effect, { outlet, peersCount });
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
    for (const effect of effects) this.#performHeard(effect, nowMs);
    // That somebody is still there only makes a moment later; then the timer that is set finds nothing to do.
    if (effects.some(({ kind }) => kind !== "again" && kind !== "neighbour")) this.#rearm();
  }

  #performHeard(effect: HearingEffect, nowMs: number): void {
    switch (effect.kind) {
      case "changed":
        if (!isCrowd(this.peers.size)) return this.#tellChange();
        this.#tellAtMs ??= nowMs + CROWD_TOLD_MS;
        return;
      case "again":
        return this.#options.onAgain(effect.id);
      case "answer":
        return this.#answer(effect, nowMs);
      case "overrun": {
        const facts = { peersCount: this.peers.size, fraction: this.#options.ports.chance.fraction() };
        return this.#sockets.outletOf(effect.by)?.noteOverrun(facts, nowMs);
      }
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

  #tellChange(): void {
    this.#tellAtMs = null;
    this.#options.onChange();
  }

  #answer(reply: Reply, nowMs: number): void {
    const forMs = spreadMs(this.peers.size);
    if (forMs === 0) this.#voice.answer(reply);
    else this.#replies.add(reply, nowMs + forMs * this.#options.ports.chance.fraction());
  }

  #rearm(): void {
    const times = [this.#sockets.wakeAtMs, this.peers.wakeAtMs, this.#replies.wakeAtMs, this.#tellAtMs];
    this.#timer.wakeAt(Math.min(...times.map((atMs) => atMs ?? Infinity)));
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
