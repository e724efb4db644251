/** A browser's end of HTTP and of WebSockets as bytes, so that a test can say what no browser says. */

/** How long to wait for an answer that never comes; a test that needs it has failed. */
const PATIENCE_MS = 10_000;

/** What came over a WebSocket. */
export type RawFrame = { readonly text: string } | { readonly closed: number };

/** Bytes of one connection, read piece by piece. */
class Wire {
  readonly #conn: Deno.Conn;
  #bytes = new Uint8Array(0);

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  /** So many bytes; null if the connection ends before. */
  async take(count: number): Promise<Uint8Array | null> {
    while (this.#bytes.length < count) if (!await this.#more()) return null;
    const taken = this.#bytes.slice(0, count);
    this.#bytes = this.#bytes.slice(count);
    return taken;
  }

  /** All up to the marker, and the marker; at the end of the connection what there is. */
  async takeUntil(marker: string): Promise<string> {
    const decoder = new TextDecoder();
    for (;;) {
      const at = decoder.decode(this.#bytes).indexOf(marker);
      if (at >= 0) return decoder.decode(await this.take(at + marker.length) ?? undefined);
      if (!await this.#more()) return decoder.decode(await this.take(this.#bytes.length) ?? undefined);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  close(): void {
    try {
      this.#conn.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #more(): Promise<boolean> {
    const piece = new Uint8Array(64 * 1024);
    const late = setTimeout(() => this.close(), PATIENCE_MS);
    try {
      const count = await this.#conn.read(piece);
      if (count === null) return false;
      const all = new Uint8Array(this.#bytes.length + count);
      all.set(this.#bytes);
      all.set(piece.subarray(0, count), this.#bytes.length);
      this.#bytes = all;
      return true;
    } catch (error) {
      // Cut off by the other side, or by our impatience.
      if (error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BadResource) {
        return false;
      }
      if (error instanceof Deno.errors.Interrupted) return false;
      throw error;
    } finally {
      clearTimeout(late);
    }
  }
}

/** An HTTP answer. */
export interface RawAnswer {
  /** 0 if the connection was closed without one. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Sends a request as it is written and reads the answer, on a connection of its own. Lines of headers are given whole. */
export async function rawRequest(
  port: number,
  { line, headers = [], body = "" }: {
    readonly line: string;
    readonly headers?: readonly string[];
    readonly body?: string;
  },
): Promise<RawAnswer> {
  const wire = new Wire(await Deno.connect({ hostname: "127.0.0.1", port }));
  try {
    const bytes = new TextEncoder().encode(body);
    const length = bytes.length > 0 ? [`Content-Length: ${bytes.length}`] : [];
    const head = [`${line} HTTP/1.1`, ...headers, ...length, "Connection: close", "", ""].join("\r\n");
    await wire.write(new TextEncoder().encode(head));
    await wire.write(bytes);
    const answer = await headOf(wire);
    return { ...answer, body: await wire.takeUntil("\u0000 never") };
  } finally {
    wire.close();
  }
}

async function headOf(wire: Wire): Promise<Omit<RawAnswer, "body">> {
  const [status = "", ...lines] = (await wire.takeUntil("\r\n\r\n")).split("\r\n");
  const headers = new Headers(
    lines.filter((line) => line.includes(":")).map((line): [string, string] => {
      const at = line.indexOf(":");
      return [line.slice(0, at), line.slice(at + 1).trim()];
    }),
  );
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(status)?.[1] ?? 0), headers };
}

/** A WebSocket from the browser's side. */
export class RawSocket implements Disposable {
  readonly #wire: Wire;
  /** The answer to the handshake: 101 where it was taken. */
  readonly answer: Omit<RawAnswer, "body">;

  private constructor(wire: Wire, answer: Omit<RawAnswer, "body">) {
    this.#wire = wire;
    this.answer = answer;
  }

  /** Asks for a WebSocket. */
  static async open(port: number, path: string, headers: readonly string[]): Promise<RawSocket> {
    const wire = new Wire(await Deno.connect({ hostname: "127.0.0.1", port }));
    const all = [
      `GET ${path} HTTP/1.1`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      // The example of RFC 6455.
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    ];
    await wire.write(new TextEncoder().encode([...all, "", ""].join("\r\n")));
    return new RawSocket(wire, await headOf(wire));
  }

  /** Sends a text frame. */
  async send(text: string): Promise<void> {
    await this.sendFrame(0x1, new TextEncoder().encode(text));
  }

  /** Sends a whole frame of that opcode; a length that is claimed need not be the true one. */
  async sendFrame(
    opcode: number,
    payload: Uint8Array,
    { isMasked = true, claimedLength = payload.length }: { isMasked?: boolean; claimedLength?: number } = {},
  ): Promise<void> {
    const head = new Uint8Array(isMasked ? 14 : 10);
    head[0] = 0x80 | opcode;
    head[1] = 127 | (isMasked ? 0x80 : 0);
    new DataView(head.buffer).setBigUint64(2, BigInt(claimedLength));
    // The mask is four zeros, so the payload is as it is.
    const frame = new Uint8Array(head.length + payload.length);
    frame.set(head);
    frame.set(payload, head.length);
    await this.#wire.write(frame);
  }

  /** Sends bytes as they are. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    await this.#wire.write(bytes);
  }

  /** The next text, or with what it was closed: 1005 without a code, 1006 if the connection just ended. Pings are answered. */
  async next(): Promise<RawFrame> {
    for (;;) {
      const head = await this.#wire.take(2);
      if (head === null) return { closed: 1006 };
      const opcode = (head[0] ?? 0) & 0xf;
      const payload = await this.#payload((head[1] ?? 0) & 0x7f);
      if (payload === null) return { closed: 1006 };
      if (opcode === 0x1) return { text: new TextDecoder().decode(payload) };
      if (opcode === 0x9) await this.sendFrame(0xa, payload);
      if (opcode !== 0x8) continue;
      return { closed: payload.length < 2 ? 1005 : new DataView(payload.buffer).getUint16(0) };
    }
  }

  /** What was said up to the close, and its code. */
  async rest(): Promise<{ readonly texts: readonly string[]; readonly closed: number }> {
    const texts: string[] = [];
    for (;;) {
      const frame = await this.next();
      if ("closed" in frame) return { texts, closed: frame.closed };
      texts.push(frame.text);
    }
  }

  [Symbol.dispose](): void {
    this.#wire.close();
  }

  async #payload(short: number): Promise<Uint8Array | null> {
    if (short < 126) return await this.#wire.take(short);
    const long = await this.#wire.take(short === 126 ? 2 : 8);
    if (long === null) return null;
    const view = new DataView(long.buffer);
    return await this.#wire.take(short === 126 ? view.getUint16(0) : Number(view.getBigUint64(0)));
  }
}
