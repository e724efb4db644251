/** HTTP and WebSockets without sockets: tests/contracts/http.ts says what they share with the real ones. */

import { NetworkError } from "../../src/errors.ts";
import type { Answer, Http, HttpServer, LiveSocket, SocketListener } from "../../src/web/http.ts";

/** Both ends of a WebSocket: the server's as `LiveSocket`, and what a browser does with its own. */
export class FakePageSocket implements LiveSocket {
  /** What came, and with what it was closed. */
  readonly frames: ({ readonly text: string } | { readonly closed: number })[] = [];
  /** Whether the browser reads; what it does not read waits. */
  isReading = true;
  readonly #listener: SocketListener;
  readonly #waiting: string[] = [];
  #isOver = false;
  /** The close that waits behind what was sent. */
  #closedWith: number | null = null;
  #wake: (() => void) | undefined;

  /** Not open before `begin`. */
  constructor(listener: SocketListener) {
    this.#listener = listener;
  }

  get bufferedBytes(): number {
    return this.#waiting.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
  }

  begin(): void {
    this.#listener.onOpen();
  }

  send(text: string): void {
    if (this.#isOver) return;
    this.#waiting.push(text);
    this.read();
  }

  close(code: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#closedWith = code;
    this.read();
    // As with a real one, the closing side hears of it later.
    queueMicrotask(() => this.#listener.onClose());
  }

  /** The browser reads what waits, if it reads. */
  read(): void {
    if (!this.isReading) return;
    for (const text of this.#waiting.splice(0)) this.#take({ text });
    if (this.#closedWith !== null) this.#take({ closed: this.#closedWith });
    this.#closedWith = null;
  }

  /** The browser sends a text. */
  say(text: string): void {
    if (!this.#isOver) this.#listener.onText(text);
  }

  /** The browser sends bytes. */
  sayBytes(): void {
    if (!this.#isOver) this.#listener.onBytes();
  }

  /** The browser closes. */
  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.onClose();
  }

  /** The next frame that came. */
  async next(): Promise<{ readonly text: string } | { readonly closed: number }> {
    for (;;) {
      const frame = this.frames.shift();
      if (frame !== undefined) return frame;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  #take(frame: { readonly text: string } | { readonly closed: number }): void {
    this.frames.push(frame);
    this.#wake?.();
  }
}

/** Servers and requests of one machine. */
export class FakeHttp implements Http {
  readonly #answers = new Map<number, Answer>();
  readonly #upgraded = new WeakMap<Response, FakePageSocket>();
  #nextPort = 40_001;

  serve(answer: Answer, wanted = 0): HttpServer {
    const port = wanted === 0 ? this.#nextPort++ : wanted;
    if (this.#answers.has(port)) throw new NetworkError("taken", "The port is in use");
    let underWay = 0;
    const idle: (() => void)[] = [];
    this.#answers.set(port, async (request) => {
      underWay++;
      try {
        return await answer(request, port);
      } finally {
        if (--underWay === 0) { for (const run of idle) run(); }
      }
    });
    return {
      port,
      close: async () => {
        this.#answers.delete(port);
        if (underWay > 0) await new Promise<void>((resolve) => idle.push(resolve));
      },
    };
  }

  /** Ports that are served. */
  get openCount(): number {
    return this.#answers.size;
  }

  /** Everything on that port is gone at once, as when its process is killed. */
  kill(): void {
    this.#answers.clear();
  }

  upgrade(request: Request, listener: SocketListener): { response: Response; socket: LiveSocket } | null {
    if (request.headers.get("upgrade") !== "websocket") return null;
    const socket = new FakePageSocket(listener);
    const response = new Response(null);
    this.#upgraded.set(response, socket);
    return { response, socket };
  }

  /** Asks for a WebSocket, as a browser does; the status where there is none. */
  async connect(port: number, path: string, headers: HeadersInit): Promise<FakePageSocket | number> {
    const all = new Headers(headers);
    all.set("upgrade", "websocket");
    const answer = this.#answers.get(port);
    if (answer === undefined) throw new NetworkError("refused", "refused");
    const response = await answer(new Request(`http://127.0.0.1:${port}${path}`, { headers: all }), port);
    const socket = this.#upgraded.get(response);
    socket?.begin();
    return socket ?? response.status;
  }

  async send(request: Request): Promise<Response> {
    request.signal.throwIfAborted();
    const { port, host } = new URL(request.url);
    const answer = this.#answers.get(Number(port));
    if (answer === undefined) throw new NetworkError("refused", "refused");
    const headers = new Headers(request.headers);
    headers.set("host", host);
    const gone = Promise.withResolvers<never>();
    const onAbort = () => gone.reject(request.signal.reason);
    request.signal.addEventListener("abort", onAbort);
    try {
      const asked = answer(new Request(request, { headers }), Number(port));
      const response = await Promise.race([asked, gone.promise]);
      // As in a real fetch, the signal ends a body that is still being read.
      const body = response.body?.pipeThrough(new TransformStream(), { signal: request.signal }) ?? null;
      return new Response(body, { status: response.status, headers: response.headers });
    } finally {
      request.signal.removeEventListener("abort", onAbort);
    }
  }
}
