import { NetworkError } from "../../src/errors.ts";
import type { Endpoint, Stream } from "../../src/ports/network.ts";
import type { SimHost } from "./host.ts";
import { type Life, never, type Opened } from "./life.ts";
import { type Piece, Pipe, type PipeEnd } from "./pipe.ts";

interface Reading {
  readonly into: Uint8Array;
  readonly resolve: (count: number | null) => void;
  readonly reject: (error: NetworkError) => void;
}

interface Writing {
  rest: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: NetworkError) => void;
}

/** Where one end of a connection is. */
export interface StreamPlace {
  readonly host: SimHost;
  readonly life: Life;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** Both ends of a new connection; `onAccepted` runs when the connecting side hears that it stands. */
export function connectStreams(
  connecting: StreamPlace,
  { accepting, onAccepted }: { readonly accepting: StreamPlace; readonly onAccepted: () => void },
): { readonly near: SimStream; readonly far: SimStream } {
  const near = new SimStream(connecting, onAccepted);
  const far = new SimStream(accepting, () => {});
  near.join(far);
  far.join(near);
  return { near, far };
}

/**
 * One end of a connection. What the process does (read, write, close) and what the system does without it (send the
 * rest, answer for a closed end) are both here.
 *
 * | end | what arrives there |
 * | --- | --- |
 * | open | bytes are kept until read; an end is null to the reader; a reset breaks it |
 * | closed by its process | bytes are answered by a reset |
 * | broken | the same; reads and writes fail |
 * | forgotten (power lost) | nothing; once the machine runs again, it resets who sends |
 * | deaf | nothing, and nobody is ever told: the other end is left half open |
 */
export class SimStream implements Stream, Opened, PipeEnd {
  readonly host: SimHost;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #life: Life;
  readonly #onAccepted: () => void;
  #peer: SimStream | null = null;
  #out: Pipe | null = null;
  #arrived: Uint8Array[] = [];
  /** Written here, and neither read nor lost at the other side. */
  #heldBytes = 0;
  #reading: Reading | null = null;
  #writing: Writing | null = null;
  #hasEnded = false;
  #isClosed = false;
  #isBroken = false;
  #isForgotten = false;
  #isDeaf = false;
  /** The process is slow: the read under way is not served before its pause is over. */
  #isPausing = false;
  #hasReset = false;

  constructor({ host, life, local, remote }: StreamPlace, onAccepted: () => void) {
    this.host = host;
    this.#life = life;
    this.local = local;
    this.remote = remote;
    this.#onAccepted = onAccepted;
  }

  /** For connectStreams: the other end. */
  join(peer: SimStream): void {
    this.#peer = peer;
    this.#out = new Pipe(this, peer);
  }

  get address(): string {
    return this.local.address;
  }

  get isForgotten(): boolean {
    return this.#isForgotten;
  }

  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  read(into: Uint8Array): Promise<number | null> {
    if (this.#life.isOver) return never();
    if (this.#reading !== null) throw new Error("Two reads at a time on one stream");
    if (this.#isClosed || this.#isBroken) return Promise.reject(this.#closedError("read from"));
    const { time, readPauseMs } = this.host;
    this.#isPausing = readPauseMs > 0;
    if (this.#isPausing) {
      time.schedule(readPauseMs, () => {
        this.#isPausing = false;
        this.#serveReading();
      });
    }
    return new Promise((resolve, reject) => {
      this.#reading = { into, resolve, reject };
      this.#serveReading();
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#life.isOver) return never();
    if (this.#writing !== null) throw new Error("Two writes at a time on one stream");
    if (this.#isClosed || this.#isBroken) return Promise.reject(this.#closedError("write to"));
    return new Promise((resolve, reject) => {
      this.#writing = { rest: bytes, resolve, reject };
      this.#goOnWriting();
    });
  }

  close(): void {
    if (this.#life.isOver || this.#isClosed) return;
    this.#life.opened.delete(this);
    this.#failCalls();
    this.#closeInSystem();
  }

  /** The connection is no more at this end, and the other one is never told: it stands half open until it gives up. */
  lose(): void {
    this.#isDeaf = true;
    this.breakDown();
    this.#out?.stop();
  }

  /** Closes it without a proper end, as the system does for what nobody accepted or waited for. */
  reset(): void {
    this.#isClosed = true;
    this.#replyReset();
  }

  orphan(): void {
    this.#reading = null;
    this.#writing = null;
    this.#closeInSystem();
  }

  vanish(): void {
    this.#reading = null;
    this.#writing = null;
    this.#isClosed = true;
    this.#isForgotten = true;
    this.#out?.stop();
  }

  /** The system tells the connecting side that its connection stands. */
  confirm(): void {
    this.#out?.send({ kind: "accepted" });
  }

  arrive(piece: Piece): void {
    switch (piece.kind) {
      case "accepted":
        return this.#isClosed ? undefined : this.#onAccepted();
      case "bytes":
        return this.#isClosed || this.#isBroken ? this.#replyReset() : this.#keep(piece.bytes);
      case "end":
        this.#hasEnded = true;
        return this.#serveReading();
      case "reset":
        return this.breakDown();
    }
  }

  /** What had arrived and was not read is lost, as on Windows; Linux would keep it. */
  breakDown(): void {
    this.#isBroken = true;
    this.#arrived = [];
    this.#out?.clear();
    this.#failCalls();
  }

  /** Unread bytes turn the end into a reset, and what has not gone out yet is lost (RFC 1122, 4.2.2.13; every system does). */
  #closeInSystem(): void {
    this.#isClosed = true;
    if (this.#isBroken) return;
    if (this.#arrived.length > 0) this.#replyReset();
    else this.#out?.send({ kind: "end" });
  }

  #replyReset(): void {
    if (this.#hasReset) return;
    this.#hasReset = true;
    this.#arrived = [];
    this.#out?.clear();
    this.#out?.send({ kind: "reset" });
  }

  #keep(bytes: Uint8Array): void {
    this.#arrived.push(bytes);
    this.#serveReading();
  }

  #serveReading(): void {
    const reading = this.#reading;
    if (reading === null || this.#isPausing) return;
    const isEnd = this.#arrived.length === 0 && this.#hasEnded;
    if (this.#arrived.length === 0 && reading.into.length > 0 && !isEnd) return;
    this.#reading = null;
    reading.resolve(isEnd && reading.into.length > 0 ? null : this.#takeArrived(reading.into));
  }

  #takeArrived(into: Uint8Array): number {
    let count = 0;
    while (count < into.length) {
      const first = this.#arrived[0];
      if (first === undefined) break;
      const taken = first.subarray(0, into.length - count);
      into.set(taken, count);
      count += taken.length;
      if (taken.length === first.length) this.#arrived.shift();
      else this.#arrived[0] = first.subarray(taken.length);
    }
    this.#peer?.makeRoom(count);
    return count;
  }

  /**
   * The other side has read. (At once: the acknowledgement's way back is not played.) A window that was full opens again when
   * half of it is free, as systems do it (RFC 9293, 3.8.6.2): else ever smaller pieces travel, each as long as a large one.
   */
  makeRoom(sizeBytes: number): void {
    this.#heldBytes -= sizeBytes;
    if (this.#heldBytes <= this.#windowBytes / 2) this.#goOnWriting();
  }

  /** How much the other side's system takes before it is read. */
  get #windowBytes(): number {
    return this.#peer?.host.windowBytes ?? 0;
  }

  #goOnWriting(): void {
    const writing = this.#writing;
    if (writing === null) return;
    const fitting = writing.rest.subarray(0, Math.max(0, this.#windowBytes - this.#heldBytes));
    writing.rest = writing.rest.subarray(fitting.length);
    this.#heldBytes += fitting.length;
    this.#out?.sendBytes(fitting);
    if (writing.rest.length > 0) return;
    this.#writing = null;
    writing.resolve();
  }

  #failCalls(): void {
    this.#reading?.reject(this.#closedError("read from"));
    this.#writing?.reject(this.#closedError("write to"));
    this.#reading = null;
    this.#writing = null;
  }

  #closedError(doing: string): NetworkError {
    return new NetworkError("closed", `Cannot ${doing} ${this.remote.address}:${this.remote.port}`);
  }
}
