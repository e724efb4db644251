/**
 * The address that gives earshot to others: plain HTTP, one request a connection. It does not use the runtime's HTTP
 * server, which limits neither connections nor slow clients: any device on the network may connect here.
 */

import { DiskError, NetworkError } from "../../errors.ts";
import type { NearNetworks } from "../../node/support/self_distribution.ts";
import type { Listener, Stream, Tcp } from "../../ports/network.ts";
import type { Clock } from "../../ports/time.ts";
import type { ServedFiles } from "./served_files.ts";
import { type GiveResponse, headBytes, refuse, respond } from "./responses.ts";
import { HEAD_BYTES_MAX, parseHead } from "./http_request.ts";
import type { ProgramFileReader, ProgramFiles } from "../../ports/program_files.ts";

/** The preferred port: easy to say aloud, and unusual for other web servers. */
const PORTS = [9980, 9981, 9982, 9983, 9984] as const;
/** All interfaces, because a hotspot may be opened later. Each connection is checked. */
const EVERYWHERE = "0.0.0.0";
/** Connections at once. Browsers open several. Further ones are closed. */
export const CONNECTIONS_MAX = 32;
/** Connections at once from one device. */
export const CONNECTIONS_OF_ONE_MAX = 6;
/** Time for the head of a request. */
export const HEAD_MS_MAX = 10_000;
/** Time for a refused client to read the reason. */
const REFUSED_MS_MAX = 300;
/** Time for an answer, and more for each byte. */
export const ANSWER_MS_MIN = 30_000;
/** Minimum rate. A slower client is treated as stalled. */
export const ANSWER_BYTES_PER_MS_MIN = 16;
/** Bytes that are read and written at once. */
const PIECE_BYTES = 64 * 1024;
/** Bytes of a refused request that are read and dropped. Closing earlier would discard the answer. */
const LEFT_BYTES_MAX = 256 * 1024;

/** The parts that the server uses. */
export interface GiveServerParts {
  readonly tcp: Tcp;
  readonly clock: Clock;
  readonly source: ProgramFiles;
  readonly given: ServedFiles;
  readonly near: NearNetworks;
  onBug(error: unknown): void;
}

/** Serves the given files from its construction until it is disposed of. */
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

  /** Cuts all connections. */
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

  /** Whether the device is on this network and has connections left. */
  #isWelcome({ remote, local }: Stream): boolean {
    const { near } = this.#parts;
    if (this.#streams.size >= CONNECTIONS_MAX || !near.addresses().includes(local.address)) return false;
    const ofOne = [...this.#streams.keys()].filter((other) => other.remote.address === remote.address);
    return ofOne.length < CONNECTIONS_OF_ONE_MAX && near.isNear(remote.address, local.address);
  }

  #own(stream: Stream): void {
    const served = this.#serve(stream).catch((error: unknown) => {
      // The client left, or we closed the connection because it was too slow.
      if (!(error instanceof NetworkError)) this.#parts.onBug(error);
    }).finally(() => {
      stream.close();
      this.#streams.delete(stream);
    });
    this.#streams.set(stream, served);
  }

  async #serve(stream: Stream): Promise<void> {
    const { clock, given } = this.#parts;
    using patience = clock.timer(() => stream.close());
    patience.wakeAt(clock.nowMs() + HEAD_MS_MAX);
    const head = await readHead(stream);
    if (head === null) return;
    const ownHost = `${stream.local.address}:${this.port}`;
    const answer = "status" in head ? refuse(head.status) : respond(head.request, { given, ownHost });
    patience.wakeAt(
      clock.nowMs() + ANSWER_MS_MIN + (answer.body === null ? 0 : answer.sizeBytes / ANSWER_BYTES_PER_MS_MIN),
    );
    await this.#answer(stream, answer);
    // All that the others sent has been read.
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
    const { file, range } = body;
    let reader: ProgramFileReader;
    try {
      reader = await source.open(file.source);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return await this.#answer(stream, refuse(503));
    }
    try {
      const { sizeBytes, changedMs } = reader.version;
      // The file has changed since its SHA-256 was computed: nothing of it is sent.
      if (sizeBytes !== file.mark.sizeBytes || changedMs !== file.mark.changedMs) {
        return await this.#answer(stream, refuse(503));
      }
      await stream.write(headBytes(answer));
      await this.#pass(stream, { reader, ...range });
    } finally {
      reader.close();
    }
  }

  /** If the file is shorter than announced, the connection ends early, which every browser reports as a failure. */
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

/** A file that cannot be read ends the answer. */
function noMore(error: unknown): number {
  if (error instanceof DiskError) return 0;
  throw error;
}

function listen(tcp: Tcp): Listener {
  for (const port of PORTS) {
    try {
      return tcp.listen({ address: EVERYWHERE, port });
    } catch (error) {
      // Windows reserves ranges of ports, and reports them as forbidden.
      if (!(error instanceof NetworkError && ["taken", "forbidden"].includes(error.reason))) throw error;
    }
  }
  return tcp.listen({ address: EVERYWHERE, port: 0 });
}

/** Null if the connection ends before. Bytes behind the head are ignored. */
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
