/**
 * The address where earshot is given: plain HTTP, one request a connection. It does not stand on the system's HTTP
 * server, which has no limit for connections and waits for slow ones without end; here strangers call.
 */

import { DiskError, NetworkError } from "../../errors.ts";
import type { NearNetworks } from "../../node/support/self_distribution.ts";
import type { Listener, Stream, Tcp } from "../../ports/network.ts";
import type { Clock } from "../../ports/time.ts";
import type { Gifts } from "./gift_types.ts";
import { type GiveResponse, headBytes, refuse, respond } from "./responses.ts";
import { HEAD_BYTES_MAX, parseHead } from "./http_request.ts";
import type { ProgramFileReader, ProgramFiles } from "../../ports/program_files.ts";

/** Where it is if that is free: easy to say, and not where browsers keep other things. */
const PORTS = [9980, 9981, 9982, 9983, 9984] as const;
/** All interfaces: a hotspot may be opened later. Each connection is looked at. */
const EVERYWHERE = "0.0.0.0";
/** Connections at once, in all and from one device: browsers open several. Further ones are closed. */
export const CONNECTIONS_MAX = 32;
/** Of one device. */
export const CONNECTIONS_OF_ONE_MAX = 6;
/** For the head of a request. */
export const HEAD_MS_MAX = 10_000;
/** For one who was refused to read why. */
const REFUSED_MS_MAX = 300;
/** For an answer, and more for each byte. */
export const ANSWER_MS_MIN = 30_000;
/** Slower than the slowest Wi-Fi is nobody who wants the file. */
export const ANSWER_BYTES_PER_MS_MIN = 16;
/** Read and written at once. */
const PIECE_BYTES = 64 * 1024;
/** Read and thrown away of what a refused one still sends: closing before would take the answer away from it. */
const LEFT_BYTES_MAX = 256 * 1024;

/** What the server needs. */
export interface GiveServerParts {
  readonly tcp: Tcp;
  readonly clock: Clock;
  readonly source: ProgramFiles;
  readonly gifts: Gifts;
  readonly near: NearNetworks;
  onBug(error: unknown): void;
}

/** Serves gifts from when it is made until it is disposed of. */
export class GiveServer implements AsyncDisposable {
  readonly port: number;
  readonly #parts: GiveServerParts;
  readonly #listener: Listener;
  readonly #streams = new Map<Stream, Promise<void>>();
  readonly #accepting: Promise<void>;
  #isClosed = false;

  /** @throws {NetworkError} if no port can be had. */
  constructor(parts: GiveServerParts) {
    this.#parts = parts;
    this.#listener = listen(parts.tcp);
    this.port = this.#listener.port;
    this.#accepting = this.#accept();
  }

  /** Cuts what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#listener.close();
    for (const stream of this.#streams.keys()) stream.close();
    await this.#accepting;
    await Promise.all(this.#streams.values());
  }

  async #accept(): Promise<void> {
    for (
      let stream = await this.#listener.accept();
      stream !== null;
      stream = await this.#listener.accept()
    ) {
      if (this.#isClosed || !this.#isWelcome(stream)) stream.close();
      else this.#own(stream);
    }
  }

  /** Whoever is near, and has not too many connections already. */
  #isWelcome({ remote, local }: Stream): boolean {
    const { near } = this.#parts;
    if (this.#streams.size >= CONNECTIONS_MAX || !near.addresses().includes(local.address)) return false;
    const ofOne = [...this.#streams.keys()].filter((other) => other.remote.address === remote.address);
    return ofOne.length < CONNECTIONS_OF_ONE_MAX && near.isNear(remote.address, local.address);
  }

  #own(stream: Stream): void {
    const served = this.#serve(stream).catch((error: unknown) => {
      // It went away, or we closed it because it was too slow.
      if (!(error instanceof NetworkError)) this.#parts.onBug(error);
    }).finally(() => {
      stream.close();
      this.#streams.delete(stream);
    });
    this.#streams.set(stream, served);
  }

  async #serve(stream: Stream): Promise<void> {
    const { clock, gifts } = this.#parts;
    using patience = clock.timer(() => stream.close());
    patience.wakeAt(clock.nowMs() + HEAD_MS_MAX);
    const head = await readHead(stream);
    if (head === null) return;
    const ownHost = `${stream.local.address}:${this.port}`;
    const answer = "status" in head ? refuse(head.status) : respond(head.request, { gifts, ownHost });
    patience.wakeAt(
      clock.nowMs() + ANSWER_MS_MIN + (answer.body === null ? 0 : answer.sizeBytes / ANSWER_BYTES_PER_MS_MIN),
    );
    await this.#answer(stream, answer);
    // Of others all that they sent was read.
    if (answer.status !== 431) return;
    patience.wakeAt(clock.nowMs() + REFUSED_MS_MAX);
    await readOut(stream);
  }

  async #answer(stream: Stream, answer: GiveResponse): Promise<void> {
    const { body } = answer;
    if (body === null || typeof body === "string") {
      await stream.write(joined(headBytes(answer), new TextEncoder().encode(body ?? "")));
      return;
    }
    const { source } = this.#parts;
    const { gift, range } = body;
    let reader: ProgramFileReader;
    try {
      reader = await source.open(gift.source);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return await this.#answer(stream, refuse(503));
    }
    try {
      const { sizeBytes, changedMs } = reader.version;
      // Of another file than the one whose sum is shown, nothing is given.
      if (sizeBytes !== gift.mark.sizeBytes || changedMs !== gift.mark.changedMs) {
        return await this.#answer(stream, refuse(503));
      }
      await stream.write(headBytes(answer));
      await this.#pass(stream, { reader, ...range });
    } finally {
      reader.close();
    }
  }

  /** If the file turns out shorter, the connection ends too early, which every browser takes for a failure. */
  async #pass(
    stream: Stream,
    { reader, from, to }: { readonly reader: ProgramFileReader; readonly from: number; readonly to: number },
  ): Promise<void> {
    const piece = new Uint8Array(PIECE_BYTES);
    for (let at = from; at < to;) {
      const count = await reader.read(piece.subarray(0, Math.min(PIECE_BYTES, to - at)), at).catch(noMore);
      if (count === 0) return;
      await stream.write(piece.subarray(0, count));
      at += count;
    }
  }
}

/** What cannot be read ends there. */
function noMore(error: unknown): number {
  if (error instanceof DiskError) return 0;
  throw error;
}

function listen(tcp: Tcp): Listener {
  for (const port of PORTS) {
    try {
      return tcp.listen({ address: EVERYWHERE, port });
    } catch (error) {
      // Windows keeps ranges of ports for itself, and says that they are forbidden.
      if (!(error instanceof NetworkError && ["taken", "forbidden"].includes(error.reason))) throw error;
    }
  }
  return tcp.listen({ address: EVERYWHERE, port: 0 });
}

/** Null if it ends before; what comes behind a head is not looked at. */
async function readHead(stream: Stream): Promise<Exclude<ReturnType<typeof parseHead>, "more"> | null> {
  const bytes = new Uint8Array(HEAD_BYTES_MAX);
  for (let length = 0;;) {
    const count = await stream.read(bytes.subarray(length));
    if (count === null) return null;
    length += count;
    const head = parseHead(bytes.subarray(0, length));
    if (head !== "more") return head;
  }
}

async function readOut(stream: Stream): Promise<void> {
  const piece = new Uint8Array(PIECE_BYTES);
  for (let left = LEFT_BYTES_MAX; left > 0;) {
    const count = await stream.read(piece);
    if (count === null) return;
    left -= count;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
