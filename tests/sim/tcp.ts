import { NetworkError } from "../../src/errors.ts";
import type { Endpoint, Listener, Stream, Tcp } from "../../src/ports/network.ts";
import { ANY_ADDRESS, checkEndpoint, DYNAMIC_PORT_COUNT, DYNAMIC_PORT_MIN, portFor } from "./address.ts";
import type { SimHost } from "./host.ts";
import { Knock } from "./knock.ts";
import { type Life, never, type Opened } from "./life.ts";
import type { SimStream } from "./stream.ts";

/** Connections that wait to be accepted; who comes then gets no answer and tries again. Deno's listeners hold so many. */
const BACKLOG_MAX = 128;

/** The TCP of one host, shared by its processes. */
export class TcpStack {
  readonly #host: SimHost;
  readonly #listeners = new Set<SimListener>();
  #connectCount = 0;

  constructor(host: SimHost) {
    this.#host = host;
  }

  /** The port of one process. */
  portOf(life: Life): Tcp {
    return {
      listen: (at) => this.#listen(life, at),
      connect: (to, signal) => this.#connect(life, { to, signal }),
    };
  }

  /** Who listens there: on that address, else on any. */
  listenerAt(at: Endpoint): SimListener | null {
    const onPort = [...this.#listeners].filter(({ port }) => port === at.port);
    return onPort.find(({ address }) => address === at.address) ??
      onPort.find(({ address }) => address === ANY_ADDRESS) ?? null;
  }

  /** The port of the near end of a new connection. */
  nextPort(): number {
    return DYNAMIC_PORT_MIN + this.#connectCount++ % DYNAMIC_PORT_COUNT;
  }

  /** Takes no more connections. */
  remove(listener: SimListener): void {
    this.#listeners.delete(listener);
  }

  #listen(life: Life, at: Endpoint): Listener {
    checkEndpoint(at);
    if (life.isOver) throw new NetworkError("failed", "The process is over");
    if (at.address !== ANY_ADDRESS && !this.#host.owns(at.address)) {
      throw new NetworkError("unreachable", `Cannot listen at ${at.address}`);
    }
    const port = portFor(at.port, (port) => this.#isFree({ ...at, port }), this.#host.chance.fraction());
    const listener = new SimListener({ stack: this, life, address: at.address, port });
    this.#listeners.add(listener);
    life.opened.add(listener);
    return listener;
  }

  #isFree(at: Endpoint): boolean {
    return [...this.#listeners].every(({ address, port }) =>
      port !== at.port || (address !== at.address && address !== ANY_ADDRESS && at.address !== ANY_ADDRESS)
    );
  }

  #connect(
    life: Life,
    { to, signal }: { readonly to: Endpoint; readonly signal: AbortSignal },
  ): Promise<Stream> {
    if (life.isOver) return never();
    return new Promise((resolve, reject) => {
      checkEndpoint(to);
      signal.throwIfAborted();
      new Knock({ host: this.#host, life, to, signal, resolve, reject }).start();
    });
  }
}

interface ListenerOptions {
  readonly stack: TcpStack;
  readonly life: Life;
  readonly address: string;
  readonly port: number;
}

/** One simulated listener. */
export class SimListener implements Listener, Opened {
  readonly address: string;
  readonly port: number;
  readonly life: Life;
  readonly #stack: TcpStack;
  #waiting: ((stream: Stream | null) => void) | null = null;
  #backlog: SimStream[] = [];
  #isClosed = false;

  constructor({ stack, life, address, port }: ListenerOptions) {
    this.#stack = stack;
    this.life = life;
    this.address = address;
    this.port = port;
  }

  accept(): Promise<Stream | null> {
    if (this.life.isOver) return never();
    if (this.#waiting !== null) throw new Error("Two accepts at a time on one listener");
    if (this.#isClosed) return Promise.resolve(null);
    const stream = this.#backlog.shift();
    if (stream !== undefined) return Promise.resolve(this.#handOver(stream));
    return new Promise((resolve) => this.#waiting = resolve);
  }

  close(): void {
    if (this.life.isOver || this.#isClosed) return;
    this.life.opened.delete(this);
    this.#waiting?.(null);
    this.orphan();
  }

  orphan(): void {
    for (const stream of this.#backlog) stream.reset();
    this.#end();
  }

  vanish(): void {
    for (const stream of this.#backlog) stream.vanish();
    this.#end();
  }

  /** Whether one more may wait here. */
  get hasRoom(): boolean {
    return this.#backlog.length < BACKLOG_MAX;
  }

  /** Somebody connected. */
  push(stream: SimStream): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) waiting(this.#handOver(stream));
    else this.#backlog.push(stream);
  }

  #handOver(stream: SimStream): SimStream {
    this.life.opened.add(stream);
    return stream;
  }

  #end(): void {
    this.#isClosed = true;
    this.#backlog = [];
    this.#waiting = null;
    this.#stack.remove(this);
  }
}
