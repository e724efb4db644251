import { NetworkError } from "../errors.ts";
import type { Endpoint, Listener, Stream, Tcp } from "../ports/network.ts";
import { checkEndpoint, describeEndpoint, toEndpoint, toNetworkError } from "./network_error.ts";
import { Pause } from "./pause.ts";

/** The pause after a failed accept: a lasting failure (no file handles left) would otherwise use a whole core. */
const ACCEPT_RETRY_MS = 100;

/** In Deno before 2.9, closing a connection leaves a write that waits for a slow reader pending for ever. */
const LEAVES_WRITES_HANGING = /^(?:1\.|2\.[0-8]\.)/.test(Deno.version.deno);

/** TCP of this machine. */
export function denoTcp(): Tcp {
  return { listen, connect };
}

function listen(at: Endpoint): Listener {
  checkEndpoint(at);
  try {
    return new DenoListener(Deno.listen({ hostname: at.address, port: at.port }));
  } catch (error) {
    throw toNetworkError(`listen at ${describeEndpoint(at)}`, error);
  }
}

async function connect(to: Endpoint, signal: AbortSignal): Promise<Stream> {
  checkEndpoint(to);
  signal.throwIfAborted();
  let conn: Deno.TcpConn;
  try {
    conn = await Deno.connect({ hostname: to.address, port: to.port, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw toNetworkError(`connect to ${describeEndpoint(to)}`, error);
  }
  // The system may have connected just before the abort. The caller has gone, so the connection is closed here.
  if (signal.aborted) conn.close();
  signal.throwIfAborted();
  return new DenoStream(conn);
}

class DenoListener implements Listener {
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  readonly #pause = new Pause();
  #isClosed = false;

  constructor(listener: Deno.TcpListener) {
    this.#listener = listener;
    this.port = toEndpoint(listener.addr).port;
  }

  async accept(): Promise<Stream | null> {
    while (!this.#isClosed) {
      try {
        const stream = new DenoStream(await this.#listener.accept());
        if (!this.#isClosed) return stream;
        stream.close();
      } catch {
        // It was closed here, one connection failed, or no file handles are left. Such failures end, but a listener that gives up would not return.
        if (!this.#isClosed) await this.#pause.wait(ACCEPT_RETRY_MS);
      }
    }
    return null;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pause.end();
    this.#listener.close();
  }
}

class DenoStream implements Stream {
  readonly remote: Endpoint;
  readonly local: Endpoint;
  readonly #conn: Deno.TcpConn;
  #isClosed = false;
  #abandonWrite: ((reason: NetworkError) => void) | null = null;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    this.remote = toEndpoint(conn.remoteAddr);
    this.local = toEndpoint(conn.localAddr);
    try {
      conn.setNoDelay(true);
    } catch {
      // macOS refuses the option on a connection that was already reset; the first read reports that.
    }
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.#conn.read(into).catch((error) => {
      throw this.#closedError("read from", error);
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    if (LEAVES_WRITES_HANGING) return this.#writeOrAbandon(bytes);
    return this.#writeAll(bytes);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn.close();
    this.#abandonWrite?.(this.#closedError("write to", undefined));
  }

  /**
   * A write may accept only a part (Deno.Writer); the rest is written again. Usually there is none, and one promise is enough: a host writes once per
   * member and message.
   */
  #writeAll(bytes: Uint8Array): Promise<void> {
    return this.#conn.write(bytes).then(
      (sentBytes) => sentBytes === bytes.length ? undefined : this.#writeRest(bytes, sentBytes),
      (error) => {
        throw this.#closedError("write to", error);
      },
    );
  }

  async #writeRest(bytes: Uint8Array, fromBytes: number): Promise<void> {
    try {
      let sentBytes = fromBytes;
      while (sentBytes < bytes.length) sentBytes += await this.#conn.write(bytes.subarray(sentBytes));
    } catch (error) {
      throw this.#closedError("write to", error);
    }
  }

  #writeOrAbandon(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#abandonWrite = reject;
      this.#writeAll(bytes).then(resolve, reject);
    });
  }

  /** All endings of a connection need the same reaction, so there is one reason; the cause has the details. */
  #closedError(doing: string, cause: unknown): NetworkError {
    return new NetworkError("closed", `Cannot ${doing} ${describeEndpoint(this.remote)}`, { cause });
  }
}
