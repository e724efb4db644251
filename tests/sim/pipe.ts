import type { SimHost } from "./host.ts";

/** What travels in order in one direction of a connection. */
export type Piece =
  | { readonly kind: "accepted" } // the first, from the side that accepts: the connection stands
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "end" } // nothing follows
  | { readonly kind: "reset" }; // the connection is no more

/** One side of a connection as its pipes see it: the system's part, that goes on when the process has closed it. */
export interface PipeEnd {
  readonly host: SimHost;
  readonly address: string;
  /** Whether the machine forgot the connection: it lost power. */
  readonly isForgotten: boolean;
  /** Whether what arrives is swallowed without an answer: a firewall on the way has forgotten the connection. */
  readonly isDeaf: boolean;
  arrive(piece: Piece): void;
  /** The connection is no more. */
  breakDown(): void;
}

/** A piece of what is written arrives at once, or cut as a network may do it. */
const PIECE_BYTES_MAX = 16_384;
/** TCP's payload on Ethernet. */
const PACKET_BYTES_MAX = 1_460;
const CRUMB_BYTES_MAX = 16;

/** Linux's retransmission: after 0.2 s, doubled each time up to two minutes, 15 times (tcp_retries2), given up after 924.6 s. */
const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 120_000;
const RETRIES_MAX = 15;

/** One direction of a connection: in order, complete, and as patient as TCP while the network is interrupted. */
export class Pipe {
  readonly #from: PipeEnd;
  readonly #to: PipeEnd;
  #queue: { readonly piece: Piece; readonly atMs: number }[] = [];
  #isScheduled = false;
  #retries = 0;
  #isStopped = false;

  constructor(from: PipeEnd, to: PipeEnd) {
    this.#from = from;
    this.#to = to;
  }

  /** Sends bytes, cut at random. They are copied. */
  sendBytes(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length;) {
      const end = Math.min(bytes.length, start + this.#pieceBytes());
      this.send({ kind: "bytes", bytes: bytes.slice(start, end) });
      start = end;
    }
  }

  send(piece: Piece): void {
    if (this.#isStopped) return;
    const { time, chance } = this.#from.host;
    const route = this.#from.host.routeOf(this.#from.address, this.#to.address);
    const latencyMs = route?.via.segment.latencyMs(chance) ?? 0;
    const atMs = Math.max(time.nowMs + latencyMs, this.#queue.at(-1)?.atMs ?? 0);
    this.#queue.push({ piece, atMs });
    if (route !== null && piece.kind === "bytes") {
      this.#from.host.count(route, { streamBytes: piece.bytes.length });
    }
    this.#schedule(atMs);
  }

  /** Forgets the bytes that have not arrived. That the connection stood at all is still told. */
  clear(): void {
    this.#queue = this.#queue.filter(({ piece }) => piece.kind === "accepted");
  }

  /** Forgets what has not arrived, and sends nothing from now on. */
  stop(): void {
    this.#isStopped = true;
    this.#queue = [];
  }

  #schedule(atMs: number): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#from.host.time.scheduleAt(Math.max(atMs, this.#from.host.time.nowMs), () => {
      this.#isScheduled = false;
      this.#advance();
    });
  }

  /** Brings the first piece over, or finds out that it can't. */
  #advance(): void {
    if (this.#queue.length === 0) return;
    const reached = this.#reachedHost();
    if (reached === null || this.#to.isDeaf) return this.#retry();
    // Another machine has the address now, or the same one after a power cut: it knows of no such connection.
    if (reached !== this.#to.host || this.#to.isForgotten) return this.#from.breakDown();
    this.#retries = 0;
    const first = this.#queue.shift();
    if (first !== undefined) this.#to.arrive(first.piece);
    const next = this.#queue[0];
    if (next !== undefined) this.#schedule(next.atMs);
  }

  #retry(): void {
    if (this.#retries > RETRIES_MAX) return this.#from.breakDown();
    const delayMs = Math.min(RETRY_MS_MIN * 2 ** this.#retries++, RETRY_MS_MAX);
    this.#schedule(this.#from.host.time.nowMs + delayMs);
  }

  #reachedHost(): SimHost | null {
    const { host, address } = this.#from;
    const route = host.routeOf(address, this.#to.address);
    if (route === null) return null;
    const reached = host.hostBehind(route, this.#to.address);
    return reached !== null && route.via.segment.carries(host, reached) ? reached : null;
  }

  #pieceBytes(): number {
    const { chance } = this.#from.host;
    const most = chance.pick([CRUMB_BYTES_MAX, PACKET_BYTES_MAX, PIECE_BYTES_MAX, PIECE_BYTES_MAX]);
    return most === PIECE_BYTES_MAX ? most : 1 + chance.int(most);
  }
}
