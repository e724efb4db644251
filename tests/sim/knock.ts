import { NetworkError } from "../../src/errors.ts";
import type { Endpoint, Stream } from "../../src/ports/network.ts";
import { ANY_ADDRESS } from "./address.ts";
import type { Route, SimHost } from "./host.ts";
import type { Life, Opened } from "./life.ts";
import { connectStreams, type SimStream } from "./stream.ts";

/** Linux's tries to connect: after 1 s, doubled each time, given up after six more (tcp_syn_retries), that is 127 s. */
const RETRY_MS_MIN = 1_000;
const RETRIES_MAX = 6;
/** How long Linux asks who has an address (ARP: three times, a second apart) before the host counts as unreachable. */
const NEIGHBOUR_MS_MAX = 3_000;

/** What a try to connect needs. */
export interface KnockOptions {
  readonly host: SimHost;
  readonly life: Life;
  readonly to: Endpoint;
  readonly signal: AbortSignal;
  readonly resolve: (stream: Stream) => void;
  readonly reject: (reason: unknown) => void;
}

/** One try to connect, from the call until it stands, fails, is given up by its caller, or dies with its process. */
export class Knock implements Opened {
  readonly #options: KnockOptions;
  readonly #onAbort: () => void;
  #isOver = false;
  /** The near end, from the moment when the far side answered. */
  #near: SimStream | null = null;

  constructor(options: KnockOptions) {
    this.#options = options;
    this.#onAbort = () => {
      this.#end();
      this.#near?.reset();
      options.reject(options.signal.reason);
    };
  }

  start(): void {
    const { host, life, to, signal } = this.#options;
    const route = host.routeOf(ANY_ADDRESS, to.address);
    if (route === null || route.cast !== "one") return this.#fail("unreachable");
    life.opened.add(this);
    signal.addEventListener("abort", this.#onAbort);
    host.count(route, { connects: 1 });
    this.#knock(0);
    host.time.schedule(NEIGHBOUR_MS_MAX, () => {
      if (!this.#isOver && this.#near === null && !this.#hasNeighbour()) this.#fail("unreachable");
    });
  }

  orphan(): void {
    this.#end();
    this.#near?.reset();
  }

  vanish(): void {
    this.#end();
    this.#near?.vanish();
  }

  #knock(retries: number): void {
    if (this.#isOver || this.#near !== null) return;
    if (retries > RETRIES_MAX) return this.#fail("silent");
    const { host, to } = this.#options;
    const route = host.routeOf(ANY_ADDRESS, to.address);
    if (route === null) return this.#fail("unreachable");
    const there = host.hostBehind(route, to.address);
    if (there !== null) this.#sendTo(there, route);
    host.time.schedule(RETRY_MS_MIN * 2 ** retries, () => this.#knock(retries + 1));
  }

  #sendTo(there: SimHost, route: Route): void {
    const { host } = this.#options;
    const { segment } = route.via;
    if (!segment.carries(host, there)) return;
    host.time.schedule(segment.latencyMs(host.chance), () => {
      if (!this.#isOver && this.#near === null && segment.carries(host, there)) this.#arrive(there, route);
    });
  }

  #arrive(there: SimHost, route: Route): void {
    const { host, life, to } = this.#options;
    const listener = there.tcp.listenerAt(to);
    if (listener === null) {
      host.time.schedule(route.via.segment.latencyMs(host.chance), () => this.#fail("refused"));
      return;
    }
    if (!listener.hasRoom) return;
    const from = { address: route.source, port: host.tcp.nextPort() };
    const { near, far } = connectStreams(
      { host, life, local: from, remote: to },
      {
        accepting: { host: there, life: listener.life, local: to, remote: from },
        onAccepted: () => this.#succeed(near),
      },
    );
    this.#near = near;
    far.confirm();
    listener.push(far);
  }

  #hasNeighbour(): boolean {
    const { host, to } = this.#options;
    const route = host.routeOf(ANY_ADDRESS, to.address);
    if (route === null) return false;
    // Beyond a gateway nobody is asked who has the address.
    if (!route.via.segment.contains(to.address)) return true;
    const there = host.hostBehind(route, to.address);
    return there !== null && route.via.segment.isNeighbour(host, there);
  }

  #succeed(near: SimStream): void {
    if (this.#isOver) return;
    this.#end();
    this.#options.life.opened.add(near);
    this.#options.resolve(near);
  }

  #fail(reason: "refused" | "silent" | "unreachable"): void {
    if (this.#isOver) return;
    this.#end();
    const { to, reject } = this.#options;
    reject(new NetworkError(reason, `Cannot connect to ${to.address}:${to.port}`));
  }

  #end(): void {
    this.#isOver = true;
    this.#options.life.opened.delete(this);
    this.#options.signal.removeEventListener("abort", this.#onAbort);
  }
}
