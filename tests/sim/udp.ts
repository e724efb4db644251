import { NetworkError } from "../../src/errors.ts";
import type { Datagram, Endpoint, Udp, UdpSocket } from "../../src/ports/network.ts";
import { ANY_ADDRESS, checkEndpoint, isGroup, portFor } from "./address.ts";
import type { Route, SimHost } from "./host.ts";
import { type Life, never, type Opened } from "./life.ts";
import type { Segment } from "./segment.ts";

/** The longest datagram that IPv4 can carry. */
const DATAGRAM_BYTES_MAX = 65_507;
/** The longest datagram that a socket passes on, as in src/deno/udp.ts; a longer one is dropped. */
const RECEIVED_BYTES_MAX = 2_048;
/** Datagrams that wait for their socket; more are dropped. Linux holds about so many small ones (212,992 bytes). */
const RECEIVE_QUEUE_MAX = 256;

/** The UDP of one host, shared by its processes. */
export class UdpStack {
  readonly #host: SimHost;
  /** By port, in the order in which they were opened: each datagram of a crowd asks who listens there. */
  readonly #sockets = new Map<number, readonly SimUdpSocket[]>();

  constructor(host: SimHost) {
    this.#host = host;
  }

  /** The port of one process. */
  portOf(life: Life): Udp {
    return { open: (at, { shared }) => this.#open(life, { at, isShared: shared }) };
  }

  /** Sends as one socket. @throws {NetworkError} "unreachable", "failed". */
  send(from: SimUdpSocket, bytes: Uint8Array, to: Endpoint): void {
    const route = this.#host.routeOf(from.address, to.address);
    if (route === null) throw new NetworkError("unreachable", `Cannot send to ${to.address}`);
    if (bytes.length > DATAGRAM_BYTES_MAX || to.port === 0) {
      throw new NetworkError("failed", `Cannot send to ${to.address}`);
    }
    this.#host.count(route, { datagrams: 1, datagramBytes: bytes.length });
    const datagram = { bytes: bytes.slice(), from: { address: route.source, port: from.port } };
    this.#carry({ datagram, to, route }, this.#receivers(route, to.address));
  }

  /** No longer hears anything. */
  remove(socket: SimUdpSocket): void {
    this.#sockets.set(socket.port, this.#openAt(socket.port).filter((other) => other !== socket));
  }

  /** The segment of the interface with that address. @throws {NetworkError} "unreachable". */
  segmentOf(interfaceAddress: string): Segment {
    const attachment = this.#host.attachments.find(({ address }) => address === interfaceAddress);
    if (attachment === undefined) {
      throw new NetworkError("unreachable", `Cannot join a group at ${interfaceAddress}`);
    }
    return attachment.segment;
  }

  #open(life: Life, { at, isShared }: { readonly at: Endpoint; readonly isShared: boolean }): UdpSocket {
    checkEndpoint(at);
    if (life.isOver) throw new NetworkError("failed", "The process is over");
    if (at.address !== ANY_ADDRESS && !this.#host.owns(at.address)) {
      throw new NetworkError("unreachable", `Cannot open a socket at ${at.address}`);
    }
    const isFree = (port: number) => this.#isFree({ address: at.address, port }, at.port !== 0 && isShared);
    const port = portFor(at.port, isFree, this.#host.chance.fraction());
    const socket = new SimUdpSocket({ stack: this, life, address: at.address, port, isShared });
    this.#sockets.set(port, [...this.#openAt(port), socket]);
    life.opened.add(socket);
    return socket;
  }

  #isFree(at: Endpoint, isShared: boolean): boolean {
    return this.#openAt(at.port).every((socket) =>
      !overlap(socket.address, at.address) || (socket.isShared && isShared)
    );
  }

  #openAt(port: number): readonly SimUdpSocket[] {
    return this.#sockets.get(port) ?? [];
  }

  /** Everybody else on the segment, and one's own machine: systems hand a broadcast to their own sockets too. */
  #receivers(route: Route, target: string): readonly SimHost[] {
    if (route.cast !== "one") return route.via.segment.hosts;
    const host = this.#host.hostBehind(route, target);
    return host === null ? [] : [host];
  }

  /** Those whom it reaches at the same moment are one event: a broadcast in a crowd of a thousand would be a thousand. */
  #carry(parcel: Parcel, hosts: readonly SimHost[]): void {
    const { time, chance } = this.#host;
    const isCast = parcel.route.cast !== "one";
    const groups = new Map<number, Arrival[]>();
    for (const host of hosts) {
      const { segment } = host === this.#host ? host.loopback : parcel.route.via;
      if (!segment.carries(this.#host, host)) continue;
      for (const delayMs of segment.arrivals(this.#host, host, { nowMs: time.nowMs, chance, isCast })) {
        const group = groups.get(delayMs);
        if (group === undefined) groups.set(delayMs, [{ host, segment }]);
        else group.push({ host, segment });
      }
    }
    for (const [delayMs, group] of groups) {
      time.schedule(delayMs, () => {
        for (const { host, segment } of group) {
          if (segment.carries(this.#host, host)) host.udp.#receive(parcel);
        }
      });
    }
  }

  #receive({ datagram, to, route }: Parcel): void {
    if (datagram.bytes.length > RECEIVED_BYTES_MAX) return;
    // All hear the same bytes: a copy for each of a thousand hearers is most of the garbage of a crowd. Nobody writes into them.
    for (const socket of this.#listeners(to, route)) socket.push(datagram);
  }

  /**
   * Measured on Linux: a broadcast reaches every socket of that port that is bound to no address; a datagram to one
   * address reaches one socket only, the one bound to it, else to none; of several, the one opened last.
   */
  #listeners(to: Endpoint, route: Route): readonly SimUdpSocket[] {
    const onPort = this.#openAt(to.port);
    const wildcards = onPort.filter(({ address }) => address === ANY_ADDRESS);
    switch (route.cast) {
      case "all":
        return wildcards;
      case "group":
        return wildcards.filter((socket) => socket.isMember(to.address, route.via.segment));
      case "one": {
        const exact = onPort.filter(({ address }) => address === to.address);
        return (exact.length > 0 ? exact : wildcards).slice(-1);
      }
    }
  }
}

/** A datagram under way. */
interface Parcel {
  readonly datagram: Datagram;
  readonly to: Endpoint;
  readonly route: Route;
}

/** Whom it reaches, by what. */
interface Arrival {
  readonly host: SimHost;
  readonly segment: Segment;
}

interface SocketOptions {
  readonly stack: UdpStack;
  readonly life: Life;
  readonly address: string;
  readonly port: number;
  readonly isShared: boolean;
}

/** One simulated UDP socket. */
class SimUdpSocket implements UdpSocket, Opened {
  readonly address: string;
  readonly port: number;
  readonly isShared: boolean;
  readonly #stack: UdpStack;
  readonly #life: Life;
  readonly #queue: Datagram[] = [];
  readonly #groups = new Map<string, Set<Segment>>();
  #waiting: ((datagram: Datagram | null) => void) | null = null;
  #isClosed = false;

  constructor({ stack, life, address, port, isShared }: SocketOptions) {
    this.#stack = stack;
    this.#life = life;
    this.address = address;
    this.port = port;
    this.isShared = isShared;
  }

  send(bytes: Uint8Array, to: Endpoint): Promise<void> {
    if (this.#life.isOver) return never();
    return new Promise((resolve) => resolve(this.#send(bytes, to)));
  }

  receive(): Promise<Datagram | null> {
    if (this.#life.isOver) return never();
    if (this.#waiting !== null) throw new Error("Two receives at a time on one socket");
    if (this.#isClosed) return Promise.resolve(null);
    const datagram = this.#queue.shift();
    if (datagram !== undefined) return Promise.resolve(datagram);
    return new Promise((resolve) => this.#waiting = resolve);
  }

  joinGroup(group: string, interfaceAddress: string): Promise<void> {
    if (this.#life.isOver) return never();
    return new Promise((resolve) => resolve(this.#joinGroup(group, interfaceAddress)));
  }

  close(): void {
    if (this.#life.isOver || this.#isClosed) return;
    this.#waiting?.(null);
    this.#life.opened.delete(this);
    this.vanish();
  }

  orphan(): void {
    this.vanish();
  }

  vanish(): void {
    this.#isClosed = true;
    this.#waiting = null;
    this.#stack.remove(this);
  }

  isMember(group: string, segment: Segment): boolean {
    return this.#groups.get(group)?.has(segment) === true;
  }

  push(datagram: Datagram): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) waiting(datagram);
    else if (this.#queue.length < RECEIVE_QUEUE_MAX) this.#queue.push(datagram);
  }

  #send(bytes: Uint8Array, to: Endpoint): void {
    checkEndpoint(to);
    if (this.#isClosed) throw new NetworkError("closed", `Cannot send to ${to.address}`);
    this.#stack.send(this, bytes, to);
  }

  #joinGroup(group: string, interfaceAddress: string): void {
    checkEndpoint({ address: group, port: this.port });
    checkEndpoint({ address: interfaceAddress, port: this.port });
    if (this.#isClosed) throw new NetworkError("closed", `Cannot join ${group}`);
    if (!isGroup(group)) throw new NetworkError("failed", `Cannot join ${group}`);
    const segments = this.#groups.get(group) ?? new Set();
    this.#groups.set(group, segments.add(this.#stack.segmentOf(interfaceAddress)));
  }
}

/** Whether a packet to one could be for the other too. */
function overlap(one: string, other: string): boolean {
  return one === other || one === ANY_ADDRESS || other === ANY_ADDRESS;
}
